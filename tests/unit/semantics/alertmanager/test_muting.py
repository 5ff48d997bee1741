"""What silences an alert that should be heard is told; what is declared to be meant is not."""

from __future__ import annotations

from plimsoll.facts.document import parse_yaml_document
from plimsoll.semantics.alertmanager.inhibition import inhibit_rules
from plimsoll.semantics.alertmanager.labels import LabelSet
from plimsoll.semantics.alertmanager.muting import muting_problems, uncertain_mutings

ALERTS = {
    name: (LabelSet({"alertname": name, **labels}),)
    for name, labels in {
        "Down": {"severity": "critical", "service": "a"},
        "Slow": {"severity": "warning", "service": "a"},
        "Late": {"severity": "warning"},
    }.items()
}


def judged(
    rules: str, allowed: dict[str, tuple[str, ...]] | None = None, *always_firing: str
) -> list[str]:
    """Return what is wrong with rules of inhibition."""
    made = inhibit_rules(parse_yaml_document(f"inhibit_rules: [{rules}]", "a.yml"))
    return [one.what for one in muting_problems(made, ALERTS, allowed or {}, always_firing)]


BY_NAME = "{source_match: {alertname: Down}, target_match: {alertname: Slow}"
BY_SEVERITY = "{source_match: {severity: critical}, target_match: {severity: warning}"


def test_a_declared_pair_about_the_same_thing_is_meant() -> None:
    """Mute a warning by the critical alert about the same service."""
    assert judged(f"{BY_NAME}, equal: [service]}}", {"Slow": ("Down",)}) == []
    assert judged("") == []


def test_a_pair_that_is_not_declared_is_told() -> None:
    """Mute by severity."""
    assert judged(f"{BY_SEVERITY}}}", {"Slow": ("Down",)}) == [
        "Late is muted by Down",
        "Slow is muted by Down whatever each is about",
    ]


def test_two_that_mute_each_other_are_told() -> None:
    """Declare both directions: that is still a silence nobody can mean."""
    both = f"{BY_NAME}, equal: [service]}}, {{source_match: {{alertname: Slow}}, target_match: {{alertname: Down}}, equal: [service]}}"
    found = judged(both, {"Slow": ("Down",), "Down": ("Slow",)})
    assert found == ["Down and Slow mute each other: nobody is told of either"]


def test_a_ring_is_told() -> None:
    """Let three alerts mute each other in a ring."""
    pairs = [("Down", "Slow"), ("Slow", "Late"), ("Late", "Down")]
    rules = ", ".join(
        f"{{source_match: {{alertname: {one}}}, target_match: {{alertname: {other}}}}}"
        for one, other in pairs
    )
    assert "Down, Late, Slow mute each other in a ring" in judged(rules)


def test_a_source_that_always_fires_is_told() -> None:
    """Declare that the source fires as long as all is well."""
    found = judged(f"{BY_NAME}, equal: [service]}}", {"Slow": ("Down",)}, "Down")
    assert found == ["Slow is muted by Down, which always fires"]


def test_a_label_that_nobody_carries_is_told() -> None:
    """Compare by a label that is missing in both."""
    assert judged(f"{BY_NAME}, equal: [cluster]}}", {"Slow": ("Down",)}) == [
        "Slow is muted by Down whatever each is about",
        "equal names cluster, which no alert of the rule carries",
    ]


def test_what_depends_on_unknown_labels_is_uncertain() -> None:
    """Mute by a label that some alert may carry."""
    wide = {**ALERTS, "Wide": (LabelSet({"alertname": "Wide"}, is_open=True),)}
    text = "inhibit_rules: [{source_match: {team: a}, target_match: {alertname: Slow}}]"
    rules = inhibit_rules(parse_yaml_document(text, "a.yml"))
    assert muting_problems(rules, wide, {}) == ()
    (one,) = uncertain_mutings(rules, wide, {})
    assert (one.source, one.target, one.assumed) == (
        "Wide",
        "Slow",
        ('team="a" of the muting alert',),
    )
    assert uncertain_mutings(rules, wide, {"Slow": ("Wide",)}) == ()
