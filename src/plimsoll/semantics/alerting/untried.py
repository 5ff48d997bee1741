"""Why a rule is not tried: its server evaluates it in a way, or with something, not tried here.

Neither our engine nor promtool's unit tests know these: what either would say of the rule says
nothing of the server.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from plimsoll.semantics.promql import PromqlError
from plimsoll.semantics.promql.called import called
from plimsoll.semantics.promql.dates import DATES
from plimsoll.semantics.promql.selection import selectors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plimsoll.semantics.alerting.reaction import Setting
    from plimsoll.semantics.alerting.watches import Recorded, Watch
    from plimsoll.semantics.promql import Selector

STATE_METRICS = frozenset(("ALERTS", "ALERTS_FOR_STATE"))
"""What Prometheus itself writes of alerts that are pending or firing."""


@lru_cache(maxsize=2_000)
def why_untried(watch: Watch, setting: Setting) -> str:
    """Return why what a rule does in the trials says nothing of its server; empty if it does.

    Sources: `limit`, `query_offset` and `interval` of a rule group and `rule_query_offset`, in
    Prometheus' documentation of recording rules and of its configuration.
    """
    return next(_reasons(watch, setting), "")


def reads_state(watch: Watch) -> bool:
    """Tell whether a rule reads which alerts are pending or firing."""
    return any(one.metric in STATE_METRICS for one in _selectors(watch))


def _reasons(watch: Watch, setting: Setting) -> Iterator[str]:
    evaluated: tuple[Watch | Recorded, ...] = (watch, *watch.recordings)
    limit = max(one.limit for one in evaluated)
    if limit:
        yield f"its group is limited to {limit} (limit), which is not tried"
    late = max(_offset(one.offset_seconds, setting) for one in evaluated)
    if late:
        yield f"it is evaluated {late:g} s late (query_offset), which is not tried"
    pace = watch.interval_seconds or setting.evaluation_seconds
    for one in watch.recordings:
        seconds = one.interval_seconds or setting.evaluation_seconds
        if seconds > pace:
            yield f"{one.name} is recorded every {seconds:g} s, more seldom than it is read"
    ahead = min((one.offset_seconds for one in _selectors(watch)), default=0.0)
    if ahead < 0:
        yield f"it looks {-ahead:g} s ahead (offset), where a server has no samples yet"
    asked = sorted(name for one in watch.expressions for name in called(one) if name in DATES)
    if asked:
        yield f"it asks the calendar ({asked[0]}), of which one moment only is tried"
    if reads_state(watch):
        yield "it reads the state of other alerts (ALERTS), which are not tried with it"


def _offset(own: float | None, setting: Setting) -> float:
    return setting.offset_seconds if own is None else own


def _selectors(watch: Watch) -> Iterator[Selector]:
    for expression in watch.expressions:
        try:
            yield from selectors(expression)
        except PromqlError:
            continue
