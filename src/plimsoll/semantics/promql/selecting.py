"""The vectors that selectors answer: which series, and at which times they are looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import promql_parser as parser

from plimsoll.semantics.promql.columns import Column, Vector, Window, Windows, merged, without_name
from plimsoll.semantics.promql.errors import UnsupportedError
from plimsoll.semantics.promql.selection import selected
from plimsoll.semantics.promql.windows import Bounds, instant, latest, ranged, sample_times, window

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import timedelta

    from plimsoll.semantics.promql.scope import Scope
    from plimsoll.semantics.promql.store import Stored


def instant_vector(scope: Scope, node: parser.VectorSelector) -> Vector:
    """Answer an instant selector.

    Raises:
        UnsupportedError: it looks at what is not known here.

    """
    return Vector(tuple(_latest(scope, node, instant)))


def sample_time_vector(scope: Scope, node: parser.VectorSelector) -> Vector:
    """Answer `timestamp` of an instant selector: when its samples were taken, in seconds.

    Raises:
        UnsupportedError: it looks at what is not known here.

    """
    columns = _latest(scope, node, sample_times)
    return merged(Column(without_name(column.labels), column.values) for column in columns)


def range_vector(scope: Scope, node: parser.MatrixSelector) -> Windows:
    """Answer a range selector.

    Raises:
        UnsupportedError: it looks at what is not known here.

    """
    selector = node.vector_selector
    starts, ends = spans(scope, selector.at, selector.offset, node.range)
    left_open = scope.dialect.left_open
    windows: list[Window] = []
    known: dict[tuple[int, int], Bounds] = {}
    for stored in _stored(scope, selector):
        late = _late(scope, stored, selector)
        key = id(stored.number_times), late
        if key not in known:
            known[key] = ranged(stored.number_times, starts, ends, left_open=left_open, late=late)
        windows.append(window(stored, known[key]))
    return Windows(windows, starts, ends)


def spans(
    scope: Scope,
    at: parser.AtModifier | None,
    offset: timedelta | None,
    length: timedelta | None,
) -> tuple[Sequence[int], Sequence[int]]:
    """Return from when to when a range looks at each moment, in milliseconds.

    Raises:
        UnsupportedError: it looks at the start or the end of a query, which a rule has not.

    """
    shift, back = milliseconds(offset), milliseconds(length)
    if at is None:
        ends = [moment - shift for moment in scope.moments]
    elif at.type == parser.AtModifierType.At and at.at is not None:
        ends = [round(at.at.timestamp() * 1000) - shift] * len(scope.moments)
    else:
        raise UnsupportedError("start() and end() mean nothing to a rule")
    return [end - back for end in ends], ends


def milliseconds(span: timedelta | None) -> int:
    """Return the length of a time; nothing is nought."""
    return 0 if span is None else round(span.total_seconds() * 1000)


def _latest(
    scope: Scope,
    node: parser.VectorSelector,
    read: Callable[[Stored, Sequence[int | None]], Column],
) -> Iterator[Column]:
    _, ends = spans(scope, node.at, node.offset, None)
    for stored in _stored(scope, node):
        late = _late(scope, stored, node)
        indices = latest(stored, ends, left_open=scope.dialect.left_open, late=late)
        if any(index is not None for index in indices):
            yield read(stored, indices)


def _stored(scope: Scope, node: parser.VectorSelector) -> Iterator[Stored]:
    selector = selected(node)
    for stored in scope.store.select(selector.metric, selector.matchers, scope.dialect):
        scope.budget.spend(len(scope.moments) + len(stored.times))
        yield stored


def _late(scope: Scope, stored: Stored, node: parser.VectorSelector) -> int:
    """Return how old a sample must be to be seen.

    What a rule records is there once the rule has run: for a reader that stands before it in the
    order of rules that is the next moment.
    """
    offset = milliseconds(node.offset)
    if stored.recorded and (offset < 0 or node.at is not None):
        raise UnsupportedError("a recorded series is read at a moment that may be yet to come")
    if not stored.written_late:
        return 0
    if scope.within_subquery:
        raise UnsupportedError("a subquery reads what a later rule records")
    return 1 if offset == 0 else 0
