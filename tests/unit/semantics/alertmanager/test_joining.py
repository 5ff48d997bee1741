"""An alert that joins a group waits for the group's interval."""

from __future__ import annotations

import pytest

from plimsoll.environment.alerting_model import Route
from plimsoll.facts.document import parse_yaml_document
from plimsoll.semantics.alertmanager.delivery import gaps, uncertain_gaps, ways
from plimsoll.semantics.alertmanager.joining import joins
from plimsoll.semantics.alertmanager.labels import LabelSet
from plimsoll.semantics.alertmanager.matchers import Syntax

A, B = {"alertname": "A"}, {"alertname": "B"}
EACH = LabelSet(A, present=frozenset({"instance"}))
ALONE = LabelSet(A)
OPEN = LabelSet(A, is_open=True)
EXPANDED = LabelSet(A, frozenset({"region"}), expanded=frozenset({"region"}))


@pytest.mark.parametrize(
    ("labels", "group_by", "others", "expected"),
    [
        (EACH, ("alertname",), (), True),
        (EACH, ("alertname", "instance"), (), False),
        (EACH, ("...",), (LabelSet(B),), False),
        (ALONE, ("alertname",), (), False),
        (ALONE, ("alertname",), (LabelSet(B), ALONE), False),
        (ALONE, (), (LabelSet(B),), True),
        (ALONE, (), (ALONE,), False),
        (ALONE, ("region",), (LabelSet(B),), True),
        (ALONE, ("region",), (LabelSet(B | {"region": "x"}),), False),
        (ALONE, ("region",), (LabelSet(B, present=frozenset({"region"})),), False),
        (ALONE, ("region",), (LabelSet(B, unsure=frozenset({"region"})),), None),
        (OPEN, ("alertname",), (), None),
        (EXPANDED, ("alertname",), (), False),
        (LabelSet(A, unsure=frozenset({"pod"})), ("alertname",), (), None),
    ],
)
def test_an_alert_joins_where_another_can_be_in_its_group(
    labels: LabelSet, group_by: tuple[str, ...], others: tuple[LabelSet, ...], expected: bool | None
) -> None:
    """Of its own rule, or of another; what no file tells leaves it open."""
    assert joins(labels, group_by, others) is expected


@pytest.mark.parametrize(
    ("labels", "timing", "late", "maybe"),
    [
        (EACH, "group_interval: 3h", 1, 0),
        (EACH, "group_interval: 1m", 0, 0),
        (OPEN, "group_interval: 3h", 0, 1),
        (ALONE, "group_interval: 3h", 0, 0),
        (OPEN, "group_wait: 2m", 1, 0),
    ],
)
def test_what_joins_a_group_late_is_told_late(
    labels: LabelSet, timing: str, late: int, maybe: int
) -> None:
    """Certain where another of its rule is certain, and else not known."""
    text = (
        f"route: {{receiver: a, group_by: [alertname], group_wait: 10s, {timing}}}\n"
        if "group_wait" not in timing
        else f"route: {{receiver: a, group_by: [alertname], {timing}}}\n"
    )
    text += "receivers: [{name: a, slack_configs: [{channel: '#a'}]}]"
    found = ways(parse_yaml_document(text, "a.yml"), labels, Syntax.FALLBACK)
    declared = Route.model_validate(
        {
            "name": "r",
            "severity": "critical",
            "channels": [{"kind": "slack"}],
            "within_seconds": 60,
        }
    )
    assert len(list(gaps("A", found, declared))) == late
    assert len(list(uncertain_gaps("A", found, declared))) == maybe
