"""Whatever is broken in rules that were proven is noticed; what only looks different is accepted.

The rules are tests/rules/good.yml, what is done to them stands in tests/rules/mutants.yaml, and
docs/mutations.md tells the score and names what is not noticed.
"""

import re
from copy import deepcopy
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
import yaml

from plimsoll.environment.alerting_model import RequiredAlert
from plimsoll.facts.document import parse_yaml_document
from plimsoll.semantics.alerting.accounts import Outcome
from plimsoll.semantics.alerting.proof import always_firing, prove
from plimsoll.semantics.alerting.reaction import Setting
from plimsoll.semantics.alerting.rule_set import watches_of
from plimsoll.semantics.promql.dialect import PROMETHEUS_3

ROOT = Path(__file__).parents[4]
GOOD = yaml.safe_load((ROOT / "tests" / "rules" / "good.yml").read_text())
CORPUS = yaml.safe_load((ROOT / "tests" / "rules" / "mutants.yaml").read_text())
SETTING = Setting(scrape_seconds=30, evaluation_seconds=30, bounds=(2.0,))
LEAST_SCORE = 0.95
SOUND = {Outcome.FIRES, Outcome.SILENT}


def _required(condition, severity, holds, within, above=None):
    return RequiredAlert(
        name=condition,
        condition=condition,
        above=above,
        holds_seconds=holds,
        within_seconds=within,
        severity=severity,
    )


REQUIRED = (
    _required("error-ratio", "critical", 180, 420, 0.01),
    _required("unavailable-ratio", "critical", 180, 420, 0.01),
    _required("latency-p95", "warning", 300, 540, 2),
    _required("traffic-drop", "warning", 0, 480, 0.5),
    _required("health", "critical", 60, 300),
    _required("down", "critical", 120, 300),
    _required("region-down", "page", 120, 300),
    _required("cpu", "warning", 300, 540, 0.8),
    _required("memory", "critical", 120, 300, 0.9),
    _required("disk", "warning", 300, 480, 0.85),
    _required("database-down", "critical", 60, 300),
    _required("database-errors", "critical", 120, 300),
    _required("backup-age", "warning", 0, 600, 93600),
)


def changed(change):
    """Return the good rules with one change of the corpus. It must change something."""
    made = deepcopy(GOOD)
    for group in made["groups"]:
        for rule in list(group["rules"]):
            if change["rule"] in (rule.get("alert"), rule.get("record")):
                if change.get("drop"):
                    group["rules"].remove(rule)
                if "expr" in change:
                    before, after = change["expr"]
                    assert before in rule["expr"], change["what"]
                    rule["expr"] = rule["expr"].replace(before, after, 1)
                rule.update(change.get("set", {}))
                for field in [name for name, value in rule.items() if value is None]:
                    del rule[field]
    assert made != GOOD, change["what"]
    return made


def wrong(rules, setting=SETTING):
    """Return what is wrong with rules: each trial that did not end well, each alert in health."""
    watches = watches_of((parse_yaml_document(yaml.safe_dump(rules), "rules.yml"),))
    tried = [
        f"{demand.name}, {account.trial.kind}: {account.outcome.value}"
        for demand in REQUIRED
        for account in prove(demand, watches, setting).accounts
        if account.outcome not in SOUND
    ]
    quiet = [
        f"{watch.name}: {scenario.name}" for watch, scenario, _ in always_firing(watches, setting)
    ]
    return tried + quiet


@cache
def survivors():
    """Return what is broken in the corpus and not noticed."""
    return tuple(one["what"] for one in CORPUS["mutants"] if not wrong(changed(one)))


def test_the_good_rules_are_proven():
    """Nothing is wrong with the rules that everything else is made from."""
    assert wrong(GOOD) == []


@pytest.mark.parametrize("change", CORPUS["equivalents"], ids=lambda one: one["what"])
def test_what_only_looks_different_is_accepted(change):
    """Rules that do the same in other words are proven as well."""
    assert wrong(changed(change)) == []


def test_nearly_all_that_is_broken_is_noticed():
    """Of what is broken, at least 95 % turns some trial to a bad end."""
    assert len(CORPUS["mutants"]) >= 40
    assert 1 - len(survivors()) / len(CORPUS["mutants"]) >= LEAST_SCORE


def test_the_documentation_names_what_is_not_noticed():
    """docs/mutations.md tells the numbers of rules, and exactly what survives."""
    text = (ROOT / "docs" / "mutations.md").read_text()
    section = re.search(r"## Rules\n(.*?)(\n## |\Z)", text, re.DOTALL)[1]
    assert tuple(re.findall(r"^- (.+?):", section, re.MULTILINE)) == survivors()
    all_of_them = len(CORPUS["mutants"])
    told = f"{all_of_them} changes, {all_of_them - len(survivors())} noticed"
    assert told in " ".join(section.split())


def test_a_window_of_one_scrape_is_noticed_where_windows_are_open():
    """What survives for Prometheus 2 alone is noticed for Prometheus 3."""
    change = next(one for one in CORPUS["mutants"] if one["what"] == "window of exactly one scrape")
    assert wrong(changed(change), replace(SETTING, dialect=PROMETHEUS_3))
