"""A rule file as teams have them, of more than a hundred rules: what can be proven, and what not.

What each rule does stands in tests/rules/hundred_outcomes.yaml. What was worked out about the rules
that can be tried is given to the real promtool, which must come to the same.
"""

import os
import re
import shutil
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from math import sqrt
from pathlib import Path

import pytest
import yaml

from plimsoll.collectors.rule_tools import _exit, _status
from plimsoll.environment.alerting_model import RequiredAlert
from plimsoll.facts.document import parse_yaml_document
from plimsoll.semantics.alerting.certificate import certificates, sentinel
from plimsoll.semantics.alerting.reaction import Setting
from plimsoll.semantics.alerting.rule_set import watches_of
from plimsoll.semantics.alerting.survey import CONDITIONS, GONE, SEARCHED, paced, survey

RULES = Path(__file__).parents[1] / "rules"
EXPECTED = yaml.safe_load((RULES / "hundred_outcomes.yaml").read_text())
SETTING = Setting(scrape_seconds=60, evaluation_seconds=60)
SERVICES = ("Api", "Web", "Checkout", "Search", "Mail")
SECONDS = 120.0
UNKNOWN = re.compile(r"(\w+): nothing says what \1 tells: declare it under alerts\.signals")


@cache
def watches():
    """Return the alerting rules of the file, each with the recording rules it stands on."""
    text = (RULES / "hundred.yml").read_text()
    return watches_of((parse_yaml_document(text, "hundred.yml"),))


@cache
def surveyed():
    """Return what each rule fires on, and what is remarked about it."""
    fires, remarks = defaultdict(list), {}
    for line in survey(watches(), SETTING):
        fires[line.rule] += [] if line.fires_on == "nothing" else [line.fires_on]
        remarks[line.rule] = UNKNOWN.sub(r"\1 is not known", line.remarks)
    return dict(fires), remarks


def _named(expected):
    """Return what is expected of each rule; one of every service stands there once."""
    each = expected["of each service"]
    many = {f"{one}{name}": told for one in SERVICES for name, told in each.items()}
    return {**many, **expected["of others"]}


def test_exactly_these_rules_are_proven_to_fire():
    """Each rule fires on what it is written for, and on nothing that it is not expected to."""
    fires, _ = surveyed()
    assert {name: on for name, on in fires.items() if on} == _named(EXPECTED["fires"])


def test_of_all_other_rules_it_is_said_why_they_are_not():
    """A rule that is not proven has a reason: no rule is passed over."""
    fires, remarks = surveyed()
    told = {name: remarks[name] for name, on in fires.items() if not on}
    assert told == _named(EXPECTED["not proven"])
    assert len(fires) == len(watches()) > 80


def _demand(watch, condition):
    low, high = SEARCHED.get(condition, (None, None))
    return RequiredAlert(
        name=condition,
        condition=condition,
        above=sqrt(low * high) if low else None,
        within_seconds=int(watch.for_seconds) + 900,
        severity=watch.severity,
    )


def _claimed(watch):
    """Return what is claimed of a rule: on the first thing it fires on, else on all it reads."""
    fires, remarks = surveyed()
    told = [one for one in fires[watch.name] if one != GONE][:1] or CONDITIONS
    demands = [_demand(watch, condition) for condition in told]
    beyond_us = "farther than is tried" in remarks[watch.name]
    return [] if beyond_us else list(certificates([watch], demands, paced(watch, SETTING)))


def test_promtool_confirms_what_was_worked_out_about_every_rule_that_can_be_tried():
    """Both engines agree on every moment of every trial; a test that must fail does fail."""
    promtool = shutil.which("promtool")
    if promtool is None:
        reason = "promtool is not installed: apt-get install prometheus"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    made = [one for watch in watches() for one in _claimed(watch)]
    with ThreadPoolExecutor(max_workers=2) as pool:
        statuses = list(pool.map(lambda one: _status(promtool, one, SECONDS), made))
    assert [one.watch.name for one, status in zip(made, statuses, strict=True) if status] == []
    assert _exit(promtool, {"test.yml": sentinel(SETTING)}, SECONDS) != 0
    assert not any(one.is_open for one in made)
    proven = {name for name, on in surveyed()[0].items() if set(on) - {GONE}}
    assert proven <= {one.watch.name for one in made}
    assert any(claim.fires for one in made for claim in one.claims)
