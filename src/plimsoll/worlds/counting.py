"""Metrics of a mocked host that count: what it answers adds to the lines that it exports."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

_VALUE = re.compile(r"(?m)^(?P<series>[^#\s{]+(?:\{[^\n]*\})?) (?P<value>\d+)$")


@dataclass(slots=True)
class CountedAnswer:
    """Answers of a status at a path, and how the lines begin that rise by one for each of them.

    Without a path, answers wherever nothing is served. Only each `every`-th of them counts.
    """

    path: str | None
    status: int
    lines: list[str]
    every: int = 1


@dataclass(slots=True)
class Counting:
    """What a host counts, and the path at which it shows that.

    `forgets` makes every scrape the end of what was counted before it.
    """

    shown_at: str
    answers: list[CountedAnswer]
    forgets: bool = False


@dataclass(slots=True)
class Tally:
    """The answers of one host so far, by the beginning of the lines they add to."""

    risen: Counter[str] = field(default_factory=Counter)
    _met: Counter[int] = field(default_factory=Counter)

    def note(self, counting: Counting, path: str, status: int, served: frozenset[str]) -> None:
        """Count an answer; `served` are the paths at which there is something."""
        where = path if path in served else None
        for number, counted in enumerate(counting.answers):
            if (counted.path, counted.status) == (where, status):
                self._met[number] += 1
                if self._met[number] % counted.every == 0:
                    self.risen.update(counted.lines)

    def shown(self, body: str) -> str:
        """Return the metrics with what was counted added to their lines."""
        return _VALUE.sub(self._added, body) if self.risen else body

    def _added(self, line: re.Match[str]) -> str:
        series = line["series"]
        more = sum(count for start, count in self.risen.items() if series.startswith(start))
        return f"{series} {int(line['value']) + more}"
