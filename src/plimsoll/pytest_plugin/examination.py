"""One control being judged on one subject: what it has seen, stated, and therefore concludes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar, cast

from plimsoll.findings import (
    Expect,
    NotExercised,
    NotObserved,
    NotTested,
    Observed,
    Origin,
    VantageVerdict,
    Verdict,
)
from plimsoll.findings.result import combine
from plimsoll.pytest_plugin.reading import Question, watched

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from plimsoll.environment.model import Environment
    from plimsoll.facts.probe import Probe
    from plimsoll.findings import Deviation, Sighting

    Sightings = Mapping[Probe, Sighting[Any]]
    Memory = dict[str, "Made"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What an examination came to."""

    verdict: Verdict
    reason: str
    deviations: tuple[Deviation, ...]
    vantage: tuple[VantageVerdict, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """Something worked out once for all checks of a run, and what it was worked out of."""

    value: object
    evidence: tuple[str, ...]
    reads: frozenset[Question]


class Examination:
    """Collects what one check sees and states, vantage point by vantage point.

    `required` are the vantage points that must have judged; where the environment names none,
    every vantage point that the check consulted. `memory` is what the checks of a run share,
    `reads` everything that was asked of what the run saw.
    """

    def __init__(
        self,
        control: str,
        subject: object,
        environment: Environment,
        sightings: Sightings,
        required: tuple[str, ...] = (),
    ) -> None:
        self.control = control
        self.subject = subject
        self.environment = environment
        self.expect = Expect()
        self.evidence: list[str] = []
        self.exercises: set[str] = set()
        self.reads: set[Question] = set()
        self.memory: Memory = {}
        self._sightings = sightings
        self._required = required
        self._seen: dict[str, bool] = {}
        self._missed: dict[str, tuple[bool, NotObserved]] = {}

    def sighting(self, probe: Probe) -> Sighting[Any]:
        """Return what the run saw of a probe, and remember that this check relied on it."""
        sighting = watched(probe, self._sightings, self._read)
        if sighting is None:
            return NotObserved("was not planned to be looked at", Origin("", str(probe)))
        self.relied_on(str(probe))
        exercise = getattr(probe, "exercise", "")
        if exercise:
            self.exercises.add(exercise)
        return sighting

    def observed(self, probe: Probe) -> Observed[Any]:
        """Return what was seen of a probe; raise NotObserved where it was not."""
        sighting = self.sighting(probe)
        if isinstance(sighting, NotObserved):
            self.missed(sighting.origin, sighting)
            raise sighting
        self.saw(sighting.origin)
        return sighting

    def attempt(self, look: Callable[[], T]) -> T | NotObserved:
        """Return what a look gives; remember what it could not see, and return that instead."""
        try:
            return look()
        except NotObserved as unseen:
            self.missed(unseen.origin, unseen)
            return unseen

    def once(self, what: str, make: Callable[[], T]) -> T:
        """Return what is made of evidence that is the same for all checks of a run, made once.

        Whatever was relied on in making it is relied on here too. What raises is not kept.
        """
        if what not in self.memory:
            evidence, self.evidence = self.evidence, []
            reads, self.reads = self.reads, set()
            try:
                value = make()
                self.memory[what] = Made(value, tuple(self.evidence), frozenset(self.reads))
            finally:
                self.evidence = list(dict.fromkeys((*evidence, *self.evidence)))
                self.reads |= reads
        made = self.memory[what]
        self.reads |= made.reads
        for one in made.evidence:
            self.relied_on(one)
        return cast("T", made.value)

    def _read(self, question: Question) -> None:
        self.reads.add(question)

    def relied_on(self, evidence: str) -> None:
        """Remember that a piece of evidence was used, by the name evidence goes by."""
        if evidence not in self.evidence:
            self.evidence.append(evidence)

    def saw(self, origin: Origin) -> None:
        """Remember that a vantage point was looked from."""
        self._seen[origin.source] = origin.simulated

    def missed(self, origin: Origin, reason: NotObserved) -> None:
        """Remember that a vantage point could not be looked from, and why."""
        self._missed[origin.source] = (origin.simulated, reason)

    @property
    def was_not_exercised(self) -> bool:
        """Whether something was not looked at because its exercise was not asked for."""
        return any(isinstance(missed, NotExercised) for _, missed in self._missed.values())

    def conclude(self) -> Conclusion:
        """Return the verdict of every vantage point and what they add up to."""
        vantage = tuple(self._vantage())
        required = self._required or tuple(seen.source for seen in vantage)
        verdict, reason = combine(vantage, required)
        missed = [why for _, why in self._missed.values()]
        if verdict is Verdict.ERROR and missed and all(isinstance(w, NotTested) for w in missed):
            verdict = Verdict.NOT_TESTED
        shown = (*vantage, *self._uncollected(vantage))
        return Conclusion(verdict, reason, tuple(self.expect.deviations), shown)

    def _uncollected(self, vantage: tuple[VantageVerdict, ...]) -> list[VantageVerdict]:
        known = {seen.source for seen in vantage}
        return [
            VantageVerdict(source, Verdict.NOT_TESTED, simulated=False, reason="is not collected")
            for source in self._required
            if source not in known
        ]

    def _vantage(self) -> list[VantageVerdict]:
        failed = {deviation.source for deviation in self.expect.deviations}
        judged = self.expect.judged
        verdicts = []
        for source in sorted({*self._seen, *self._missed, *judged}):
            simulated, missed = self._missed.get(source, (self._seen.get(source, False), None))
            if source in failed:
                unknown = None if missed is None else str(missed)
                verdicts.append(VantageVerdict(source, Verdict.FAIL, simulated, unknown))
            elif missed is not None:
                verdicts.append(VantageVerdict(source, Verdict.ERROR, simulated, str(missed)))
            elif judged[source] and source in self._seen:
                verdicts.append(VantageVerdict(source, Verdict.PASS, simulated))
            else:
                looked_at = "was looked at, but nothing was judged"
                reason = looked_at if source in self._seen else "was judged without a look at it"
                verdicts.append(VantageVerdict(source, Verdict.ERROR, simulated, reason))
        return verdicts
