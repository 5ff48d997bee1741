"""What is looked at for a region: its endpoint, and the apps that serve it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.environment.region_inventory import RegionSubject
from plimsoll.facts.cloud_reading import DigitalOceanProbe
from plimsoll.facts.exchange import HttpProbe
from plimsoll.pytest_plugin import account
from plimsoll.pytest_plugin.narrowing import narrowed

if TYPE_CHECKING:
    from plimsoll.environment.cloud_model import App
    from plimsoll.environment.model import Environment


def region_answer(_environment: Environment, subject: object) -> HttpProbe | None:
    """Return a GET of what tells the region's health, where it has such an endpoint."""
    endpoint = _region(subject).endpoint
    return HttpProbe(endpoint.url) if endpoint else None


def region_apps(environment: Environment, subject: object) -> DigitalOceanProbe | None:
    """Return the list of apps, where one serves the region."""
    if not _region(subject).apps:
        return None
    return account.probe(environment, account.SOURCES["apps"], subject)


def region_health(environment: Environment, subject: object) -> tuple[DigitalOceanProbe, ...]:
    """Return the health of every app that serves the region."""
    return tuple(app_health(environment, app) for app in _region(subject).apps)


def app_health(environment: Environment, app: App) -> DigitalOceanProbe:
    """Return the health of one app, wherever it serves."""
    token = environment.digitalocean.token if environment.digitalocean else ""
    return DigitalOceanProbe(account.SOURCES["app_health"].read, account.key(app), token)


def _region(subject: object) -> RegionSubject:
    return narrowed(subject, "a region", RegionSubject)
