"""What a rule does for certain, where nothing is known of a metric that it reads."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plimsoll.environment.alerting_model import RequiredAlert
from plimsoll.facts.exposure import ExposedMetric, Exposure, ScrapedTarget
from plimsoll.semantics.alerting.accounts import Outcome
from plimsoll.semantics.alerting.certainty import certain_reaction, why_open
from plimsoll.semantics.alerting.conditions import case
from plimsoll.semantics.alerting.proof import always_firing, prove
from plimsoll.semantics.alerting.reaction import Deployment, Setting, reaction
from plimsoll.semantics.alerting.telling import shortened, undecided
from plimsoll.semantics.alerting.trial_record import key_of
from plimsoll.semantics.alerting.watches import Recorded, Watch

SETTING = Setting(scrape_seconds=30, evaluation_seconds=30)
_PG_UP = ExposedMetric("pg_up", "gauge", ({},), "exporter:1")
_SEEN = ScrapedTarget("pg", {"job": "pg", "instance": "pg:1"}, (_PG_UP,), "p.yml")
PARTLY_SEEN = Setting(
    scrape_seconds=30,
    evaluation_seconds=30,
    deployment=Deployment("", Exposure((_SEEN,), partial=frozenset({"odd_thing"}))),
)
BROKEN = case("database-down", None)
DOWN = RequiredAlert(
    name="down", condition="database-down", within_seconds=300, severity="critical"
)


def rule(expression: str, recordings: tuple[Recorded, ...] = ()) -> Watch:
    """Return a rule on its own."""
    labels = (("severity", "critical"),)
    return Watch("A", expression, labels, 0.0, 0.0, recordings=recordings, where="r.yml:1")


@pytest.mark.parametrize(
    ("expression", "fires"),
    [
        ("pg_up == 0", True),
        ("pg_up == 0 or absent(odd_thing)", True),
        ("absent(odd_thing) or odd_thing > 1 or pg_up == 0", True),
        ("absent(odd_thing)", False),
        ("pg_up == 0 unless on () odd_thing", False),
        ("pg_up == 0 or on () odd_thing", False),
        ("count(pg_up == 0) - (count(odd_thing) or vector(0)) > 0", False),
    ],
)
def test_what_fires_for_want_of_a_metric_only_is_not_certain(
    expression: str, *, fires: bool
) -> None:
    """Something that reads known metrics must be enough."""
    assert reaction(rule(expression), BROKEN, 300.0, SETTING).firings
    seen = certain_reaction(rule(expression), BROKEN, 300.0, SETTING)
    assert bool(seen.firings) is fires
    assert fires or "odd_thing: " in seen.unknown


def test_a_recording_leads_to_what_is_not_known() -> None:
    """What is recorded of it is as little known."""
    recorded = (Recorded("a:b", "count(odd_thing) or vector(0)"),)
    seen = certain_reaction(rule("a:b == 0", recorded), BROKEN, 300.0, SETTING)
    assert "odd_thing: " in seen.unknown


def test_silence_is_left_as_it_was_seen_and_said_to_be_open() -> None:
    """Whoever asks decides whether the metric could break it."""
    seen = certain_reaction(rule("odd_thing > 1"), BROKEN, 300.0, SETTING)
    assert (seen.firings, seen.unknown) == ((), "")
    assert why_open(rule("odd_thing > 1"), SETTING).startswith("odd_thing: ")
    assert why_open(rule("pg_up == 0"), SETTING) == ""


@pytest.mark.parametrize("expression", ["odd_thing > 1", "absent(odd_thing)"])
def test_a_rule_on_what_is_not_known_is_not_known_to_be_quiet(expression: str) -> None:
    """Neither its silence nor that it fires shows anything."""
    ((_, _, seen),) = always_firing([rule(expression)], SETTING)
    assert seen.firings == ()
    assert "odd_thing: " in seen.unknown


def test_what_fires_for_certain_is_told_before_what_is_not_known() -> None:
    """One scenario in which it fires is enough."""
    ((_, _, seen),) = always_firing([rule("absent(odd_thing) or pg_up >= 0")], SETTING)
    assert seen.firings


def test_another_engine_confirms_nothing_of_what_neither_was_told() -> None:
    """It was given the same series, and none of the metric."""
    watch = rule("pg_up == 0 and rate(pg_up[3d]) == 0 or odd_thing > 1")
    confirmed = frozenset({(key_of(watch), one.scenario.name) for one in _trials(watch)})
    assert Outcome.FIRES not in {
        one.outcome for one in prove(DOWN, [watch], SETTING, confirmed).accounts
    }


def _trials(watch: Watch):
    return [account.trial for account in prove(DOWN, [watch], SETTING).accounts]


_ATOMS = ["pg_up == 0", "odd_thing > 1", "absent(odd_thing)", "up == 0", "absent(pg_up)"]
_EXPRESSIONS = st.recursive(
    st.sampled_from(_ATOMS),
    lambda inner: st.tuples(
        inner,
        st.sampled_from(["or", "and", "unless", "and on ()", "unless on ()", "or on ()"]),
        inner,
    ).map(lambda three: f"({three[0]}) {three[1]} ({three[2]})"),
    max_leaves=5,
)


@settings(max_examples=60, deadline=None)
@given(_EXPRESSIONS, st.sampled_from(["pg_up", "up", "missing", "vector(0)", "vector(2)"]))
def test_what_is_certain_stays_whatever_the_metric_is(expression: str, really: str) -> None:
    """Whichever metric it turns out to be, the rule fires."""
    seen = certain_reaction(rule(expression), BROKEN, 300.0, PARTLY_SEEN)
    told = rule(expression.replace("odd_thing", really))
    truth = reaction(told, BROKEN, 300.0, PARTLY_SEEN)
    assert truth.first <= seen.first


def test_a_reason_is_told_once_after_the_rules_it_is_of() -> None:
    """Of many rules and of many reasons the first are told, and how many there are more."""
    rules = [replace(rule("pg_up"), name=f"R{n}", where=f"r.yml:{n}") for n in range(4)]
    told = undecided([*((one, "x: unseen") for one in rules), (rules[0], "y: odd")])
    assert told == ("R0 (r.yml:0), R1 (r.yml:1), and 2 more: x: unseen", "R0 (r.yml:0): y: odd")
    assert shortened(told) == "; ".join(told)
    assert shortened(["a", "b", "c"]) == "a; b; and 1 more"


@given(st.lists(st.sampled_from(["odd_thing", "stranger", "pg_up"]), min_size=1, max_size=6))
def test_every_metric_of_which_nothing_is_known_is_named(metrics: list[str]) -> None:
    """However many there are, and those only."""
    told = why_open(rule(" or ".join(f"{one} > 1" for one in metrics)), SETTING)
    assert {one for one in ("odd_thing", "stranger", "pg_up") if one in told} == {*metrics} - {
        "pg_up"
    }


@pytest.mark.parametrize(
    "expression", ["up == 1 and app_queue_depth > 1000", "queue_stuck == 1 and queue_length > 100"]
)
def test_a_side_condition_held_as_the_rule_wants_it_shows_no_noise(expression: str) -> None:
    """Whether it holds on a healthy system is not known."""
    ((_, _, seen),) = always_firing([rule(expression)], SETTING)
    assert seen.firings == ()
    assert "declare it under alerts.signals" in seen.unknown
