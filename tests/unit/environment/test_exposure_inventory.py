"""What is declared of expositions names what there is, and gives files that ask for series."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from plimsoll.environment.exposure_inventory import (
    asking_dashboards,
    asking_files,
    asking_rule_files,
    shown_targets,
)
from plimsoll.environment.inventory import Undeclared
from plimsoll.environment.model import Environment

HEAD = {"schema": "plimsoll/environment/1", "system": "Shop"}
SCRAPE = {"config": "prometheus.yml", "compose": "compose.yml", "services": ["api"]}
DASHBOARDS = {"paths": ["a.json"], "signals": ["p95"]}
PLACES = {
    "regions": [
        {"id": "fra1", "title": "F", "role": "primary", "base_url": "https://fra1.example"},
        {"id": "nyc1", "title": "N", "role": "secondary", "base_url": "https://nyc1.example"},
    ],
    "endpoints": [
        {"name": "metrics", "kind": "metrics", "path": "/metrics"},
        {"name": "other", "kind": "metrics", "path": "/other"},
        {"name": "home", "kind": "page", "url": "https://example/"},
    ],
}


def environment(**repository: object) -> Environment:
    """Build an environment with this repository section."""
    return Environment.model_validate(HEAD | PLACES | {"repository": repository})


def test_files_ask_where_it_is_declared_what_is_scraped() -> None:
    """Rule files and dashboards, each with its kind."""
    found = asking_files(
        environment(scrape=SCRAPE, rule_files=["rules.yml"], dashboards=DASHBOARDS)
    )
    assert not isinstance(found, Undeclared)
    assert [(one.id, one.kind) for one in found] == [
        ("rules.yml", "rules"),
        ("a.json", "dashboard"),
    ]


def test_without_scraping_nothing_is_asked() -> None:
    """And without files, nobody asks."""
    unscraped = environment(rule_files=["rules.yml"], dashboards=DASHBOARDS)
    for find in (asking_files, asking_rule_files, asking_dashboards):
        for declared in (unscraped, environment(scrape=SCRAPE)):
            assert isinstance(find(declared), Undeclared)
    alone = asking_files(environment(scrape=SCRAPE, dashboards=DASHBOARDS))
    assert not isinstance(alone, Undeclared)
    assert [one.id for one in alone] == ["a.json"]


def test_an_endpoint_is_shown_in_every_region() -> None:
    """By its name; another endpoint of metrics is another exposition."""
    found = shown_targets(environment(), "metrics")
    assert [one.url for one in found] == [
        "https://fra1.example/metrics",
        "https://nyc1.example/metrics",
    ]
    assert shown_targets(environment(), "home") == ()
    assert shown_targets(Environment.model_validate(HEAD), "metrics") == ()


def test_instruments_are_shared_of_what_is_shown() -> None:
    """Of a service without exposition nobody can tell what another has of it."""
    shared = {"of": "api", "services": ["page"], "families": ["http_*"]}
    with pytest.raises(ValidationError, match="no exposition is declared"):
        environment(scrape=SCRAPE | {"shared_instruments": [shared]})
    sound = SCRAPE | {"shared_instruments": [shared], "expositions": {"api": "metrics"}}
    assert environment(scrape=sound).repository is not None


def test_instruments_of_one_service_are_declared_once() -> None:
    """Two lists of them would hide each other."""
    shared = {"of": "api", "services": ["page"], "families": ["http_*"]}
    twice = SCRAPE | {"shared_instruments": [shared, shared], "expositions": {"api": "metrics"}}
    with pytest.raises(ValidationError, match="declared twice"):
        environment(scrape=twice)
