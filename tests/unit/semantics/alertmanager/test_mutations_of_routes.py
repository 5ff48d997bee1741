"""Whatever is broken in a sound Alertmanager configuration is noticed; what is the same, accepted.

The configuration is tests/rules/alertmanager.yml with the rules of the fixture, what is done to it
stands in tests/rules/route_mutants.yaml, and docs/mutations.md tells what is not noticed.
"""

import re
from copy import deepcopy
from functools import cache
from pathlib import Path

import pytest
import yaml

from plimsoll.environment.alerting_model import Route
from plimsoll.facts.document import parse_yaml_document
from plimsoll.semantics.alertmanager.channels import channels_of
from plimsoll.semantics.alertmanager.config import problems
from plimsoll.semantics.alertmanager.config import receivers as names_of
from plimsoll.semantics.alertmanager.delivery import gaps, sent_alerts, ways
from plimsoll.semantics.alertmanager.inhibition import inhibit_rules
from plimsoll.semantics.alertmanager.matchers import Syntax
from plimsoll.semantics.alertmanager.muting import muting_problems, uncertain_mutings
from plimsoll.semantics.alertmanager.raised_alerts import by_name, raised_alerts

ROOT = Path(__file__).parents[4]
REPOSITORY = ROOT / "fixtures" / "app-oint" / "repository"
GOOD = yaml.safe_load((ROOT / "tests" / "rules" / "alertmanager.yml").read_text())
CORPUS = yaml.safe_load((ROOT / "tests" / "rules" / "route_mutants.yaml").read_text())
LEAST_SCORE = 0.95
SYNTAX = Syntax.FALLBACK
MAY_MUTE = {
    "HighCpuUsage": ("CriticalCpuUsage",),
    "HighMemoryUsage": ("CriticalMemoryUsage",),
    "LatencyObjectiveAtRisk": ("HighLatency",),
}
ALWAYS_FIRING = ("RegionDown",)
SLACK, PAGER = {"kind": "slack", "to": "#alerts"}, {"kind": "pagerduty"}
ROUTES = tuple(
    Route.model_validate(one)
    for one in (
        {
            "name": "critical",
            "severity": "critical",
            "channels": [SLACK, {"kind": "email", "to": "oncall@appoint.com"}, PAGER],
            "within_seconds": 60,
        },
        {"name": "warning", "severity": "warning", "channels": [SLACK]},
        {
            "name": "summary",
            "labels": {"alertname": "DailySummary", "severity": "info"},
            "channels": [{"kind": "email"}],
        },
    )
)


def _document(path):
    return parse_yaml_document((REPOSITORY / path).read_text(), path)


@cache
def alerts():
    """Return every alert of the fixture's rules, with what is known of its labels."""
    rules = _document("monitoring/alerting-rules.yml")
    return raised_alerts([rules], _document("prometheus.yml"))


def changed(change):
    """Return the good configuration with one change of the corpus. It must change something."""
    made = deepcopy(GOOD)
    place = made
    for step in change["at"]:
        place = place[step]
    if "drop" in change:
        del place[change["drop"]]
    if "add" in change:
        place.append(change["add"])
    if "order" in change:
        place[:] = [place[number] for number in change["order"]]
    _set(place, change.get("set", {}))
    for number, fields in change.get("set_items", {}).items():
        _set(place[number], fields)
    assert made != GOOD, change["what"]
    return made


def _set(place, fields):
    for field, value in fields.items():
        if value is None:
            del place[field]
        else:
            place[field] = value


def wrong(config):
    """Return what is wrong: why it is refused, who is not reached, and who is muted."""
    document = parse_yaml_document(yaml.safe_dump(config), "alertmanager.yml")
    found = [str(one) for one in problems(document, SYNTAX)]
    if found:
        return found
    for name in names_of(document):
        found += [str(one) for channel in channels_of(document, name) for one in channel.problems]
    for route in ROUTES:
        for name, shape in sent_alerts(route, alerts()):
            found += [what for what, _ in gaps(name, ways(document, shape, SYNTAX), route)]
    rules, raised = inhibit_rules(document, SYNTAX), by_name(alerts())
    found += [one.what for one in muting_problems(rules, raised, MAY_MUTE, ALWAYS_FIRING)]
    found += [one.target for one in uncertain_mutings(rules, raised, MAY_MUTE)]
    return found


@cache
def survivors():
    """Return what is broken in the corpus and not noticed."""
    return tuple(one["what"] for one in CORPUS["mutants"] if not wrong(changed(one)))


def test_the_good_configuration_delivers_everything():
    """Nothing is wrong with what everything else is made from."""
    assert wrong(GOOD) == []


@pytest.mark.parametrize("change", CORPUS["equivalents"], ids=lambda one: one["what"])
def test_a_configuration_that_does_the_same_is_accepted(change):
    """What delivers the same in other words is sound as well."""
    assert wrong(changed(change)) == []


def test_nearly_every_broken_configuration_is_noticed():
    """Of what is broken, at least 95 % is refused, misses a channel or mutes too much."""
    assert len(CORPUS["mutants"]) >= 25
    assert 1 - len(survivors()) / len(CORPUS["mutants"]) >= LEAST_SCORE


def test_the_documentation_names_which_configurations_are_not_noticed():
    """docs/mutations.md tells the numbers of configurations, and exactly what survives."""
    text = (ROOT / "docs" / "mutations.md").read_text()
    section = re.search(r"## Routes\n(.*?)(\n## |\Z)", text, re.DOTALL)[1]
    assert tuple(re.findall(r"^- (.+?):", section, re.MULTILINE)) == survivors()
    all_of_them = len(CORPUS["mutants"])
    told = f"{all_of_them} changes, {all_of_them - len(survivors())} noticed"
    assert told in " ".join(section.split())
