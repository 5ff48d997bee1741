"""What became of an alert that did not arrive, in words for whoever must mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from plimsoll.facts.rehearsal import Rehearsal, Staging

_MOST_TOLD = 4


def what_came_instead(staging: Staging, severity: str) -> str:
    """Return how far an alert came: not raised, raised but held, or sent somewhere else."""
    parts = [f"{one.alert} ({one.severity or 'no severity'}) is {one.by}" for one in staging.held]
    elsewhere = [one for one in staging.delivered if one.severity == severity]
    parts += _listed(f"{one.alert} arrived on {one.kind} from {one.receiver}" for one in elsewhere)
    told = {(one.alert, one.severity) for one in staging.delivered}
    told |= {(one.alert, one.severity) for one in staging.held}
    parts += _listed(
        f"{one.alert} ({one.severity or 'no severity'}) fires, and nobody is told"
        for one in staging.fired
        if (one.alert, one.severity) not in told
    )
    others = {(one.alert, one.severity) for one in staging.delivered if one.severity != severity}
    parts += _listed(f"{name} has severity {level or 'none'}" for name, level in sorted(others))
    waited = f"{staging.waited_seconds:g} s of the rehearsal"
    return "; ".join(dict.fromkeys(parts)) or f"no alert fires within {waited}"


def log(rehearsal: Rehearsal) -> Iterator[str]:
    """Yield a line for each message that arrived or was held back, for people."""
    yield (
        f"Prometheus {rehearsal.prometheus}, Alertmanager {rehearsal.alertmanager}, "
        f"{len(rehearsal.groups)} groups of rules, {rehearsal.factor:g} times faster"
    )
    for staging in rehearsal.stagings:
        unknown = f" (not known: {staging.unknown})" if staging.unknown else ""
        yield f"{staging.required}: {staging.story}{unknown}"
        for fired in staging.fired:
            yield (
                f"  {fired.after_seconds:6.2f} s  fires      {fired.alert} ({fired.severity}),"
                f" about {fired.real_seconds:.0f} s at real speed"
            )
        for one in staging.delivered:
            ended = one.ended_after_seconds
            end = "" if ended is None else f", its end {ended:.2f} s after the fault's"
            to = f" {', '.join(one.to)}" if one.to else ""
            stand_in = " (a webhook stands in)" if one.is_stand_in else ""
            yield (
                f"  {one.after_seconds:6.2f} s  arrives    {one.alert} ({one.severity}) on"
                f" {one.kind}{to}{stand_in} from {one.receiver}{end}"
            )
        for held in staging.held:
            yield f"            held back  {held.alert} ({held.severity}): {held.by}"


def _listed(lines: Iterable[str]) -> list[str]:
    found = list(dict.fromkeys(lines))
    more = len(found) - _MOST_TOLD
    return found[:_MOST_TOLD] + ([f"and {more} more"] if more > 0 else [])
