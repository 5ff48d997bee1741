"""Whatever is broken in a sound dashboard is noticed; what shows the same is accepted.

The dashboard is tests/rules/dashboard.yml, what is done to it stands in
tests/rules/dashboard_mutants.yaml, and docs/mutations.md tells what is not noticed.
"""

import json
import re
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import get_args

import pytest
import yaml

from plimsoll.environment.value import DashboardSignal
from plimsoll.semantics import file_kinds
from plimsoll.semantics.dashboards.reading import DashboardError, parse_dashboard
from plimsoll.semantics.dashboards.showing import showing, wanted
from plimsoll.semantics.dashboards.surroundings import surroundings_of

ROOT = Path(__file__).parents[4]
GOOD = yaml.safe_load((ROOT / "tests" / "rules" / "dashboard.yml").read_text())
CORPUS = yaml.safe_load((ROOT / "tests" / "rules" / "dashboard_mutants.yaml").read_text())
LEAST_SCORE = 0.95
BUSINESS = ("app_bookings_created_total",)
AROUND = surroundings_of(
    alerts=None, config=None, compose=None, rules=(), rules_known=True, business=BUSINESS
)


def changed(change):
    """Return the good dashboard with one change of the corpus. It must change something."""
    made = deepcopy(GOOD)
    _set(made["templating"]["list"][0], change.get("variable", {}))
    for panel in [one for one in made["panels"] if one["id"] == change.get("panel")]:
        _change_panel(made, panel, change)
    _set(made, change.get("whole", {}))
    if change.get("collapse"):
        first, second = (
            made["panels"].index(one) for one in made["panels"] if one["type"] == "row"
        )
        made["panels"][first] |= {"collapsed": True, "panels": made["panels"][first + 1 : second]}
        del made["panels"][first + 1 : second]
    if change.get("wrap"):
        made = {"dashboard": made, "overwrite": True}
    assert made != GOOD, change["what"]
    return made


def _change_panel(made, panel, change):
    query = panel["targets"][change.get("target", 0)]
    if change.get("drop"):
        made["panels"].remove(panel)
    if "unit" in change:
        panel["fieldConfig"] = {"defaults": {"unit": change["unit"]}}
    for one in [query] if "expr" in change else panel["targets"] if "each" in change else []:
        before, after = change.get("expr") or change["each"]
        assert before in one["expr"], change["what"]
        one["expr"] = one["expr"].replace(before, after, 1)
    query.update(change.get("query", {}))
    _set(panel, change.get("set", {}))


def _set(place, fields):
    for field, value in fields.items():
        if value is None:
            del place[field]
        else:
            place[field] = value


def wrong(made):
    """Return what is wrong: why Grafana refuses it, what is not shown, what has a wrong unit."""
    text = json.dumps(made)
    found = [str(one) for one in file_kinds.problems("grafana-dashboard", text, "good.json")]
    try:
        dashboard = parse_dashboard(text)
    except DashboardError as error:
        return [str(error)]
    found += [str(one) for one in dashboard.refusals]
    for signal in get_args(DashboardSignal):
        for what, metric in wanted(signal, BUSINESS):
            seen = showing(dashboard, signal, AROUND, metric)
            found += [] if seen.sights else [f"{what} is not shown"]
            found += [f"{what}: {one.misfit.observed}" for one in seen.sights if one.misfit]
    return found


@cache
def survivors():
    """Return what is broken in the corpus and not noticed."""
    return tuple(one["what"] for one in CORPUS["mutants"] if not wrong(changed(one)))


def test_the_good_dashboard_shows_everything():
    """Nothing is wrong with what everything else is made from."""
    assert wrong(GOOD) == []


@pytest.mark.parametrize("change", CORPUS["equivalents"], ids=lambda one: one["what"])
def test_a_dashboard_that_shows_the_same_is_accepted(change):
    """What shows the same in other words is sound as well."""
    assert wrong(changed(change)) == []


def test_nearly_every_broken_dashboard_is_noticed():
    """Of what is broken, at least 95 % is refused, shows less, or shows it in a wrong unit."""
    assert len(CORPUS["mutants"]) >= 20
    assert 1 - len(survivors()) / len(CORPUS["mutants"]) >= LEAST_SCORE


def test_the_documentation_names_which_dashboards_are_not_noticed():
    """docs/mutations.md tells the numbers of dashboards, and exactly what survives."""
    text = (ROOT / "docs" / "mutations.md").read_text()
    section = re.search(r"## Dashboards\n(.*?)(\n## |\Z)", text, re.DOTALL)[1]
    assert tuple(re.findall(r"^- (.+?):", section, re.MULTILINE)) == survivors()
    all_of_them = len(CORPUS["mutants"])
    told = f"{all_of_them} changes, {all_of_them - len(survivors())} noticed"
    assert told in " ".join(section.split())
