"""Whether an alert may join a group that Alertmanager has told of before.

Source: `dispatch/dispatch.go`. A group that was told of is told of again only when its interval is
over: whatever joins it waits for that, however short the time is that new groups are gathered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.semantics.alertmanager.labels import LabelSet, Unknown
from plimsoll.semantics.alertmanager.routing import ALL_LABELS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


def joins(labels: LabelSet, group_by: Collection[str], others: Iterable[LabelSet]) -> bool | None:
    """Tell whether an alert may find itself in the group of another; None where it is not known.

    That is another one of its own rule, told apart by a label that the group does not look at, or
    one of the rules that raise `others`.
    """
    if ALL_LABELS in group_by:
        return False
    told = [_varies(labels, group_by)]
    told += [_meet(labels, other, group_by) for other in others if _is_other(labels, other)]
    return True if True in told else None if None in told else False


def _is_other(labels: LabelSet, other: LabelSet) -> bool:
    return labels.of("alertname") != other.of("alertname")


def _varies(labels: LabelSet, group_by: Collection[str]) -> bool | None:
    """Tell whether alerts of one shape differ in a label by which they are not grouped."""
    apart = labels.expanded | set(group_by)
    if labels.present - apart:
        return True
    return None if labels.is_open or labels.unsure - apart else False


def _meet(one: LabelSet, other: LabelSet, group_by: Collection[str]) -> bool | None:
    """Tell whether alerts of two shapes can be in one group."""
    told = [_same(one.of(label), other.of(label)) for label in group_by]
    return False if False in told else None if None in told else True


def _same(one: str | Unknown, other: str | Unknown) -> bool | None:
    if isinstance(one, str) and isinstance(other, str):
        return one == other
    if Unknown.ANY in (one, other):
        return None
    return "" not in (one, other)
