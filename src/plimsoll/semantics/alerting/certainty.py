"""What a rule does for certain, where nothing is known of some metrics that it reads.

Of such a metric no series is made. What fires then may fire only for that: `absent` of it does, and
`unless` lets everything through. It is certain where something that reads known metrics only is
enough to make the rule fire.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from plimsoll.semantics.alerting.reaction import Reaction, reaction, synthesis_of
from plimsoll.semantics.alerting.synthesis import SIDE_CONDITION
from plimsoll.semantics.promql.alternatives import alternatives

if TYPE_CHECKING:
    from plimsoll.semantics.alerting.reaction import Setting
    from plimsoll.semantics.alerting.scenario import Scenario
    from plimsoll.semantics.alerting.watches import Watch


def certain_reaction(watch: Watch, scenario: Scenario, until: float, setting: Setting) -> Reaction:
    """Return what a rule does whatever the metrics do of which nothing is known.

    Silence is left as it was seen: `why_open` says whether it may be broken. Raises ValueError
    where `until` is no moment.
    """
    seen = reaction(watch, scenario, until, setting)
    reason = why_open(watch, setting) if seen.firings else ""
    if not reason:
        return seen
    known = _known_part(watch, setting)
    certain = Reaction() if known is None else reaction(known, scenario, until, setting)
    return certain if certain.firings else Reaction(unknown=reason)


def why_open(watch: Watch, setting: Setting) -> str:
    """Return of which metrics that a rule reads nothing is known, and why; empty where all are.

    Raises PromqlError where the rule cannot be read.
    """
    found: dict[str, list[str]] = {}
    for metric, reason in synthesis_of(watch, setting).unknown.items():
        found.setdefault(reason, []).append(metric)
    return "; ".join(f"{', '.join(names)}: {reason}" for reason, names in found.items())


def in_quiet(watch: Watch, scenario: Scenario, until: float, setting: Setting) -> Reaction:
    """Return what a rule does for certain where nothing is wrong; unknown where that is open.

    Its silence counts where everything that it reads is known. A side condition is held as the rule
    wants it: that it fires then shows nothing. Raises ValueError where `until` is no moment.
    """
    seen = certain_reaction(watch, scenario, until, setting)
    if seen.unknown:
        return seen
    if not seen.firings:
        return Reaction(unknown=why_open(watch, setting))
    held = held_metrics(watch, setting)
    reason = f"nothing says what {', '.join(held)} tells: declare it under alerts.signals"
    return Reaction(unknown=reason) if held else seen


def held_metrics(watch: Watch, setting: Setting) -> tuple[str, ...]:
    """Return the metrics of which is known only what the rule would like them to be."""
    roles = synthesis_of(watch, setting).roles
    return tuple(sorted(metric for metric, role in roles.items() if role.name == SIDE_CONDITION))


@lru_cache(maxsize=512)
def _known_part(watch: Watch, setting: Setting) -> Watch | None:
    """Return the rule with those alternatives only that read known metrics; None without any."""
    parts = (replace(watch, expression=one) for one in alternatives(watch.expression))
    known = [one.expression for one in parts if not synthesis_of(one, setting).unknown]
    return replace(watch, expression=" or ".join(known)) if known else None
