"""Statements about what was observed, collected so that a check fails once, with all deviations.

Every statement names the origin it was judged at. A check that states nothing has judged nothing,
and a vantage point about which nothing was stated was not judged: `Expect` counts both.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Protocol

from plimsoll.findings.deviation import Deviation, NonCompliant

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from plimsoll.findings.observation import Origin

ABSENT = "absent"


class Problem(Protocol):
    """Something wrong that was found elsewhere, which knows its place and what belongs there."""

    @property
    def where(self) -> str:
        """The place, as `path:line`."""

    @property
    def what(self) -> str:
        """What is wrong."""

    @property
    def expected(self) -> str:
        """What belongs there."""


class Expect:
    """The statements of one check on one subject, and the deviations they found."""

    def __init__(self) -> None:
        self.deviations: list[Deviation] = []
        self.judged: Counter[str] = Counter()

    def that(
        self, holds: bool, what: str, *, observed: object, expected: object, at: Origin
    ) -> bool:
        """State that something holds; otherwise record one deviation. Return whether it holds."""
        if not isinstance(holds, bool):
            message = f"{what}: a statement is true or false, not {holds!r}"
            raise TypeError(message)
        self.judged[at.source] += 1
        if not holds:
            self.deviations.append(
                Deviation(what, _shown(observed), _shown(expected), at.where, at.source)
            )
        return holds

    def equal(self, expected: object, observed: object, what: str, *, at: Origin) -> bool:
        """State that the observed value is exactly the expected one."""
        holds = observed is not None and observed == expected
        return self.that(holds, what, observed=observed, expected=expected, at=at)

    def one_of(
        self, allowed: Collection[object], observed: object, what: str, *, at: Origin
    ) -> bool:
        """State that the observed value is among the allowed ones."""
        expected = "one of " + ", ".join(sorted(map(str, allowed)))
        return self.that(observed in allowed, what, observed=observed, expected=expected, at=at)

    def at_least(
        self, bound: float, observed: float | None, what: str, *, at: Origin, unit: str = ""
    ) -> bool:
        """State that a number is present and no smaller than the bound."""
        holds = observed is not None and observed >= bound
        return self._bounded(holds, f"≥ {_number(bound)}", observed, what, unit, at)

    def at_most(
        self, bound: float, observed: float | None, what: str, *, at: Origin, unit: str = ""
    ) -> bool:
        """State that a number is present and no greater than the bound."""
        holds = observed is not None and observed <= bound
        return self._bounded(holds, f"≤ {_number(bound)}", observed, what, unit, at)

    def none(
        self, offenders: Iterable[tuple[str, str]], what: str, *, expected: str, at: Origin
    ) -> bool:
        """State that nothing offends; an offender is (what was seen, where), each a deviation."""
        found = list(offenders)
        self.judged[at.source] += 1
        for observed, where in found:
            place = where or at.where
            self.deviations.append(Deviation(what, _shown(observed), expected, place, at.source))
        return not found

    def no_problems(self, problems: Iterable[Problem], what: str, *, at: Origin) -> bool:
        """State that nothing is wrong. Each problem is a deviation at its own place."""
        found = list(problems)
        self.judged[at.source] += 1
        for problem in found:
            self.deviations.append(
                Deviation(what, problem.what, problem.expected, problem.where, at.source)
            )
        return not found

    def missing(self, what: str, *, expected: str, at: Origin) -> bool:
        """Record that something required is not there, although the place was looked at."""
        return self.that(False, what, observed=ABSENT, expected=expected, at=at)

    def conclude(self) -> None:
        """Raise `NonCompliant` with every deviation, if there is one."""
        if self.deviations:
            raise NonCompliant(tuple(self.deviations))

    def _bounded(
        self, holds: bool, bound: str, observed: float | None, what: str, unit: str, at: Origin
    ) -> bool:
        suffix = f" {unit}" if unit else ""
        shown = ABSENT if observed is None else f"{_number(observed)}{suffix}"
        return self.that(holds, what, observed=shown, expected=f"{bound}{suffix}", at=at)


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else f"{value:.6g}"


def _shown(value: object) -> str:
    return ABSENT if value is None else str(value)
