"""What is tried beyond the first place: the condition where no rule that told of it looks.

A fault that strikes everything, or the first instance, is told by a rule that watches the first
instance alone. What is deployed tells which targets expose the same: those that such rules pass
by are struck alone, and so are the last instance and the last region.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from plimsoll.semantics.alerting.conditions import MEASURES, SINGLE, case, facts_of
from plimsoll.semantics.alerting.demands import Duty, Trial, clear_magnitude, extreme_magnitude
from plimsoll.semantics.alerting.gaze import Gaze, gaze, is_pinned
from plimsoll.semantics.alerting.labels import MULTIPLE
from plimsoll.semantics.alerting.places import PLACE_LABELS, region_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from plimsoll.environment.alerting_model import RequiredAlert
    from plimsoll.semantics.alerting.gaze import Targets
    from plimsoll.semantics.alerting.reaction import Setting
    from plimsoll.semantics.alerting.scenario import Target
    from plimsoll.semantics.alerting.watches import Watch

KIND = "elsewhere"
MOST_NAMED = 3


def elsewhere(
    required: RequiredAlert, told_by: Sequence[Watch], setting: Setting
) -> tuple[Trial, ...]:
    """Return what is tried at other targets, after rules have told of it where it was tried first.

    Where one of them passes nothing by, nothing is.
    """
    pins = pinning(required)
    is_everywhere = required.condition in SINGLE or required.condition == "region-down"
    if not told_by or not (is_everywhere or all(is_pinned(one, pins) for one in told_by)):
        return ()
    facts = facts_of(required.condition)
    gazes = [gaze(one, setting, facts, pins) for one in told_by]
    able = frozenset().union(*(one.able for one in gazes))
    struck = dict.fromkeys(_passed_by(required, gazes))
    struck |= dict.fromkeys(_last(required, able))
    return tuple(_trial(required, one, able) for one in struck)


def alone(required: RequiredAlert, watch: Watch, setting: Setting) -> tuple[Trial, ...]:
    """Return the trial in which one of the instances that a rule looks at is struck alone."""
    seen = gaze(watch, setting, facts_of(required.condition), pinning(required))
    struck = sorted(seen.looked, key=_by_region)[-1:]
    return tuple(_trial(required, frozenset({one}), seen.able) for one in struck)


def pinning(required: RequiredAlert) -> frozenset[str]:
    """Return the labels by which a rule must not pick out some of what the condition is about.

    What befalls single instances befalls those of every job.
    """
    return PLACE_LABELS | MULTIPLE if required.condition in SINGLE else PLACE_LABELS


def _passed_by(required: RequiredAlert, gazes: Sequence[Gaze]) -> Iterator[Targets]:
    """Yield the targets that every rule passes by: those together that the same selectors do."""
    if any(one.able <= one.looked for one in gazes):
        return
    looked = frozenset().union(*(one.looked for one in gazes))
    able = frozenset().union(*(one.able for one in gazes))
    left = able - looked
    if not looked:  # Where each selector sees a part, only what none sees is surely not told.
        left -= frozenset().union(*(one.seen for one in gazes))
    if required.condition == "region-down":
        kept = {region_of(dict(one)) for one in able - left} | {""}
        left = frozenset(one for one in left if region_of(dict(one)) not in kept)
    alike: dict[tuple[bool, ...], set[Target]] = {}
    for target in sorted(left):
        key = tuple(target in passed for one in gazes for passed in one.passed)
        alike.setdefault(key, set()).add(target)
    for together in alike.values():
        # Several that are struck at once may be told by a rule that does not tell a single one.
        single = required.condition in SINGLE
        yield frozenset({max(together, key=_by_region)} if single else together)


def _last(required: RequiredAlert, able: Targets) -> Iterator[Targets]:
    """Yield the last of several instances, or the targets of the last of several regions."""
    if required.condition in SINGLE and len(able) > 1:
        yield frozenset({max(able, key=_by_region)})
    regions = {region for one in able if (region := region_of(dict(one)))}
    if required.condition == "region-down" and len(regions) > 1:
        yield frozenset(one for one in able if region_of(dict(one)) == max(regions))


def _by_region(target: Target) -> tuple[str, Target]:
    return region_of(dict(target)), target


def _trial(required: RequiredAlert, struck: Targets, able: Targets) -> Trial:
    magnitude = _magnitude(required)
    plain = case(required.condition, magnitude)
    scenario = replace(
        plain,
        name=f"{plain.name}, {_named(struck, able)} alone",
        only=struck,
        one_instance=False,
        one_region=False,
    )
    return Trial(KIND, scenario, Duty.FIRE, magnitude)


def _magnitude(required: RequiredAlert) -> float | None:
    """Return how much of it is tried: where others may be counted with it, all that there is."""
    measure = MEASURES.get(required.condition)
    if measure is None:
        return None
    of_one = clear_magnitude(required, measure)
    return of_one if required.condition in SINGLE else extreme_magnitude(required, measure)


def _named(struck: Targets, able: Targets) -> str:
    """Name the regions where they are whole, or else the instances."""
    regions = sorted({region_of(dict(one)) for one in struck})
    whole = {one for one in able if region_of(dict(one)) in regions}
    if all(regions) and whole == struck != able:
        return f"in {_listed(regions)}"
    return f"at {_listed(sorted({dict(one).get('instance', '?') for one in struck}))}"


def _listed(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
