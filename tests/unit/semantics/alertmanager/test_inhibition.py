"""Who mutes whom is told by the definition, and what is not known is never taken for silence."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plimsoll.facts.document import parse_yaml_document
from plimsoll.semantics.alertmanager.inhibition import (
    InhibitionError,
    InhibitRule,
    inhibit_rules,
    may_mute,
    mutes,
)
from plimsoll.semantics.alertmanager.labels import LabelSet, Unknown
from plimsoll.semantics.alertmanager.matchers import Matcher
from plimsoll.semantics.alertmanager.mute_graph import (
    Muting,
    mute_graph,
    rings,
    silent_together,
    unset_equal_labels,
)

DOWN, ALL = (Matcher("alertname", "=", "Down"),), (Matcher("alertname", "=~", ".*"),)


def rule(*equal: str, sources: tuple[Matcher, ...] = DOWN) -> InhibitRule:
    """Return the rule by which Down mutes everything."""
    return InhibitRule(sources, ALL, equal, "a.yml:1")


def alert(name: str, **labels: str) -> LabelSet:
    """Return the shape of an alert with these labels and no others."""
    return LabelSet({"alertname": name, **labels})


def test_rules_are_read_from_a_configuration() -> None:
    """Read both syntaxes, with the line of each rule."""
    text = (
        "inhibit_rules:\n"
        "  - {source_match: {a: b}, target_match_re: {c: 'd.*'}, equal: [e, e]}\n"
        "  - {source_matchers: [a=b], target_matchers: ['c!=d']}\n"
    )
    first, second = inhibit_rules(parse_yaml_document(text, "a.yml"))
    assert first == InhibitRule(
        (Matcher("a", "=", "b"),), (Matcher("c", "=~", "d.*"),), ("e",), "a.yml:2"
    )
    assert (second.equal, second.where) == ((), "a.yml:3")


@pytest.mark.parametrize(
    "text",
    [
        "inhibit_rules: [{sources: [{matchers: [a=b]}]}]",
        "inhibit_rules: [{source_matchers: ['a']}]",
        "inhibit_rules: [{source_match: {a: 1.5}}]",
    ],
)
def test_a_rule_that_is_not_read_is_said_so(text: str) -> None:
    """Read rules that tell nothing."""
    with pytest.raises(InhibitionError, match=r"a\.yml:1"):
        inhibit_rules(parse_yaml_document(text, "a.yml"))


@pytest.mark.parametrize(
    ("source", "target", "is_muted"),
    [
        ({"alertname": "Down", "s": "x"}, {"alertname": "Slow", "s": "x"}, True),
        ({"alertname": "Down", "s": "x"}, {"alertname": "Slow", "s": "y"}, False),
        ({"alertname": "Down"}, {"alertname": "Slow"}, True),
        ({"alertname": "Down"}, {"alertname": "Slow", "s": "x"}, False),
        ({"alertname": "Down", "s": "x"}, {"alertname": "Down", "s": "x", "i": "2"}, False),
        ({"alertname": "Slow", "s": "x"}, {"alertname": "Down", "s": "x"}, False),
    ],
)
def test_an_alert_mutes_another(
    source: dict[str, str], target: dict[str, str], is_muted: bool
) -> None:
    """Compare by the definition: missing is equal to missing, and nothing mutes itself."""
    assert mutes(rule("s"), source, target) is is_muted
    closed = LabelSet(source), LabelSet(target)
    assert (may_mute(rule("s"), *closed) == ()) is is_muted


def test_what_depends_on_labels_is_assumed() -> None:
    """Ask about labels that are not known: what must be so is told."""
    anything = LabelSet({"alertname": "Slow"}, is_open=True)
    by_team = InhibitRule((Matcher("team", "=", "a"),), ALL, ("s",), "a.yml:1")
    assert may_mute(by_team, anything, alert("Other", s="x")) == ('team="a" of the muting alert',)
    assert may_mute(rule("s"), alert("Down"), anything) == ("one carries no s, as the other",)
    assert may_mute(rule("s"), alert("Down", s="x"), anything) == ()
    given_s = LabelSet({"alertname": "Slow"}, present=frozenset({"s"}))
    assert may_mute(rule("s"), alert("Down"), given_s) is None


def test_the_ones_on_both_sides_do_not_count() -> None:
    """Let sources be targets: certain where both are known to be, assumed where one may be."""
    either = (Matcher("t", "=", "1"),)
    both = InhibitRule(either, either, (), "a.yml:1")
    assert may_mute(both, alert("A", t="1"), alert("B", t="1")) is None
    wide = InhibitRule(either, (), (), "a.yml:1")
    unsure = LabelSet({"alertname": "B"}, unsure=frozenset({"t"}))
    assert may_mute(wide, alert("A", t="1"), unsure) == (
        "one of the two is not on both sides of the rule",
    )


def test_the_graph_tells_every_pair_once() -> None:
    """Draw the graph of three alerts, of which one has two shapes."""
    alerts = {
        "Down": (alert("Down", s="x"), alert("Down")),
        "Slow": (alert("Slow", s="x"),),
        "Odd": (alert("Odd"),),
    }
    graph = mute_graph([rule("s")], alerts)
    assert {(one.source, one.target, one.is_blind) for one in graph} == {
        ("Down", "Slow", False),
        ("Down", "Odd", True),
    }


def test_pairs_and_rings_are_found() -> None:
    """Look for alerts that mute each other."""
    pairs = [("A", "B"), ("B", "A"), ("C", "C"), ("D", "E"), ("E", "F"), ("F", "D"), ("F", "A")]
    graph = [Muting(source, target, "a.yml:1") for source, target in pairs]
    assert silent_together(graph) == (("A", "B"), ("C", "C"))
    assert rings(graph) == (("D", "E", "F"),)


def test_a_label_that_nobody_carries_is_found() -> None:
    """Compare by labels that alerts have, may have, and never have."""
    alerts = {"Down": (alert("Down", s="x"),), "Slow": (alert("Slow"),)}
    assert unset_equal_labels(rule("s", "cluster"), alerts) == ("cluster",)
    open_ones = {**alerts, "Wide": (LabelSet({"alertname": "Wide"}, is_open=True),)}
    assert unset_equal_labels(rule("cluster"), open_ones) == ()
    assert unset_equal_labels(rule("s"), {}) == ()


NAMES, VALUES = ("a", "b"), ("", "x", "y")
MATCHER = st.builds(
    Matcher,
    st.sampled_from(NAMES),
    st.sampled_from(["=", "!=", "=~", "!~"]),
    st.sampled_from(["", "x", "y", ".+", ".*", "x|y"]),
)
SIDE = st.lists(MATCHER, max_size=2).map(tuple)
RULE = st.builds(
    InhibitRule, SIDE, SIDE, st.lists(st.sampled_from(NAMES), unique=True).map(tuple), st.just("w")
)
SHAPE = st.builds(
    lambda known, present, unsure: LabelSet(
        known, present - known.keys(), unsure - known.keys() - present
    ),
    st.dictionaries(st.sampled_from(NAMES), st.sampled_from(VALUES)),
    st.frozensets(st.sampled_from(NAMES)),
    st.frozensets(st.sampled_from(NAMES)),
)


def members(shape: LabelSet) -> list[dict[str, str]]:
    """Every alert over two labels and a few values that a shape stands for."""
    told = [shape.of(name) for name in NAMES]
    allowed = [
        [one] if isinstance(one, str) else [v for v in (*VALUES, "z") if v or one is Unknown.ANY]
        for one in told
    ]
    return [dict(zip(NAMES, values, strict=True)) for values in product(*allowed)]


@settings(max_examples=150, deadline=None)
@given(RULE, SHAPE, SHAPE)
def test_never_is_never(made: InhibitRule, source: LabelSet, target: LabelSet) -> None:
    """Try every alert of two shapes: where one mutes another, it was told that it may."""
    pairs = list(product(members(source), members(target)))
    muted = [mutes(made, one, other) for one, other in pairs]
    told = may_mute(made, source, target)
    if any(muted):
        assert told is not None
    if told == () and not made.equal:
        assert all(muted)


@settings(max_examples=80, deadline=None)
@given(RULE, st.dictionaries(st.sampled_from(NAMES), st.sampled_from(VALUES)))
def test_nothing_mutes_itself(made: InhibitRule, labels: dict[str, str]) -> None:
    """Take an alert for its own source: it is never muted by that."""
    assert not mutes(made, labels, labels)


@settings(max_examples=80, deadline=None)
@given(RULE, *(st.fixed_dictionaries(dict.fromkeys(NAMES, st.sampled_from(VALUES))) for _ in "ab"))
def test_what_is_known_is_decided(
    made: InhibitRule, one: dict[str, str], other: dict[str, str]
) -> None:
    """Ask about alerts whose labels are all known: the definition decides."""
    expected = () if mutes(made, one, other) else None
    assert may_mute(made, LabelSet(one), LabelSet(other)) == expected
