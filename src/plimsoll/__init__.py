"""Plimsoll tells whether a production environment is fit to carry production traffic."""

__version__ = "0.1.0"
