"""Loads the plugin, so that plain pytest works in a checkout; there is no logic here."""

pytest_plugins = ("plimsoll.pytest_plugin",)
