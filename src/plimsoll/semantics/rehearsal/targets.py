"""What the exporter of a rehearsal serves: the series of an imaginary system, target by target."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from plimsoll.semantics.alerting.emitted import Emitted
    from plimsoll.semantics.alerting.scenario import Scenario

UP = "up"
"""The series that Prometheus writes itself, for every target."""
KEPT_LINES = 20_000
_DEFAULTS = {"job": "rehearsal", "instance": "imaginary:80"}
_ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})


@dataclass(frozen=True, slots=True)
class Target:
    """A target: the job it belongs to, the labels it is given, its path, and its series.

    `up` is how it tells whether it can be scraped; None where nothing asks for that.
    """

    job: str
    labels: Mapping[str, str]
    path: str
    series: tuple[Emitted, ...]
    up: Emitted | None = None

    def answers(self, scenario: Scenario, now: float) -> bool:
        """Whether it can be scraped while the fault of a scenario lasts."""
        return self.up is None or level(self.up, scenario, now) > 0


def level(one: Emitted, scenario: Scenario, now: float) -> float:
    """Return a gauge's value while a fault lasts, or what a counter gains in a second.

    `now` is a unix time, which series that follow the clock tell.
    """
    struck = not one.is_spared and one.place.is_struck(scenario)
    told = one.role.level(scenario.during if struck else scenario.before, one.labels)
    return told + now if one.role.follows_clock else told


def counts(one: Emitted) -> bool:
    """Whether a series adds up what it tells."""
    return one.role.kind != "gauge"


def targets(series: Iterable[Emitted]) -> tuple[Target, ...]:
    """Return the targets that expose these series: one for each job and instance.

    A target has the labels of its `up`, or else those that all its series share.
    """
    found: defaultdict[tuple[str, str], list[Emitted]] = defaultdict(list)
    for one in series:
        job, instance = (one.labels.get(name) or default for name, default in _DEFAULTS.items())
        found[job, instance].append(one)
    return tuple(
        _target(number, job, instance, group)
        for number, ((job, instance), group) in enumerate(sorted(found.items()))
    )


def exposition(values: Iterable[tuple[Emitted, float]]) -> str:
    """Return what a target answers: each series with its value, in the text format 0.0.4.

    Of samples with equal labels the first counts, as Prometheus refuses a second one.
    """
    lines: dict[str, float] = {}
    for one, value in values:
        lines.setdefault(_line(one), value)
    return "".join(f"{line} {value!r}\n" for line, value in lines.items())


@lru_cache(maxsize=KEPT_LINES)
def _line(one: Emitted) -> str:
    """Return the line of a series without its value; job and instance are the target's."""
    pairs = [
        f'{label}="{value.translate(_ESCAPES)}"'
        for label, value in sorted(one.labels.items())
        if label not in _DEFAULTS
    ]
    return f"{one.name}{{{','.join(pairs)}}}"


def _target(number: int, job: str, instance: str, group: list[Emitted]) -> Target:
    up = next((one for one in group if one.name == UP), None)
    served = tuple(one for one in group if one.name != UP)
    labels = dict(up.labels) if up else dict(_shared(served))
    labels = {name: value for name, value in labels.items() if name not in _DEFAULTS}
    return Target(job, labels | {"instance": instance}, f"/target/{number}", served, up)


def _shared(series: tuple[Emitted, ...]) -> Iterator[tuple[str, str]]:
    first, *others = series
    for name, value in first.labels.items():
        if all(one.labels.get(name) == value for one in others):
            yield name, value
