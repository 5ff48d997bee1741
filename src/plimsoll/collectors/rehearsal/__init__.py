"""Observe how alerts arrive: the repository's own rules and routes, in real servers, sped up.

A real Prometheus evaluates the rules on the metrics of an imaginary system, a real Alertmanager
routes what fires, and sinks on loopback stand for everybody who would be told. It takes a minute
and runs programs, and so only where it was asked for by name. Nothing leaves this machine.
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Final

from plimsoll.collectors.failure import sight
from plimsoll.collectors.origins import origin_of
from plimsoll.collectors.rehearsal.house import House, Repertoire
from plimsoll.collectors.rehearsal.performance import Performance, Schedule
from plimsoll.collectors.rehearsal.servers import ServerFailedError, find_programs
from plimsoll.environment.alerting_model import Alerts
from plimsoll.facts.document import DocumentError, parse_yaml_document
from plimsoll.facts.rehearsal import Rehearsal, RehearsalProbe, Staging
from plimsoll.findings import NotExercised, NotObserved, ToolMissing
from plimsoll.semantics.alerting.synthesis import Synthesis
from plimsoll.semantics.alerting.watches import watches
from plimsoll.semantics.rehearsal.redirection import (
    gathers_each_alert_apart,
    longest_gathering_seconds,
    template_patterns,
)
from plimsoll.semantics.rehearsal.scaled_rules import scaled_rules
from plimsoll.semantics.rehearsal.staging import Staged, staged
from plimsoll.semantics.rehearsal.targets import targets
from plimsoll.semantics.rehearsal.time_scale import TimeScale
from plimsoll.semantics.rule_file import alert_rules, recording_rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from plimsoll.collectors.context import Context, Sightings
    from plimsoll.environment.alerting_model import RequiredAlert, Route
    from plimsoll.facts.document import Document
    from plimsoll.facts.repository import Repository
    from plimsoll.findings import Origin, Sighting
    from plimsoll.semantics.alerting.watches import Watch

_SCALE: Final = TimeScale()
_CLOSING_SECONDS: Final = 10.0
"""Before the deadline of the whole run: to stop, and to say what was seen."""


def collect(
    probes: Iterable[RehearsalProbe], context: Context, sightings: Sightings
) -> Iterator[tuple[RehearsalProbe, Sighting[Rehearsal]]]:
    """Yield every probe with how its alerts arrived, or why that was not seen."""
    until = time.monotonic() + context.limits.overall_seconds - _CLOSING_SECONDS
    for probe in probes:
        origin = origin_of(probe, context)

        def look(probe: RehearsalProbe = probe, origin: Origin = origin) -> Rehearsal:
            return _look(probe, context, sightings, origin, until)

        yield probe, sight(look, origin)


def _look(
    probe: RehearsalProbe, context: Context, sightings: Sightings, origin: Origin, until: float
) -> Rehearsal:
    if probe.exercise not in context.exercises:
        name = probe.exercise
        reason = f"the exercise {name!r} was not asked for: --exercise {name} runs it"
        raise NotExercised(reason, origin)
    programs = find_programs(context.programs)
    if isinstance(programs, str):
        raise ToolMissing(programs, origin)
    try:
        play = _written(probe, _Library(sightings, origin))
        with (
            tempfile.TemporaryDirectory(prefix="plimsoll-rehearsal-") as folder,
            House(play.repertoire, programs, Path(folder)) as house,
        ):
            house.open()
            schedule = Schedule(
                until, sightings.awaited, play.gathering_seconds, play.gathers_each_alert_apart
            )
            stagings = _played(Performance(house, _SCALE, schedule), play)
            return _account(house, play.repertoire, stagings)
    except (ServerFailedError, DocumentError, ValueError) as error:
        raise NotObserved(str(error), origin) from None


@dataclass(frozen=True, slots=True)
class _Play:
    """What is going to be played: the files and series, the faults, and whom they must reach."""

    repertoire: Repertoire
    faults: tuple[Staged, ...]
    routes: tuple[Route, ...]
    gathering_seconds: float
    gathers_each_alert_apart: bool


def _written(probe: RehearsalProbe, library: _Library) -> _Play:
    alerts = Alerts.model_validate_json(probe.alerts)
    documents = [library.document(path) for path in probe.rule_files]
    rules = _watches(documents)
    world = Synthesis.of(
        tuple(dict.fromkeys(text for rule in rules for text in rule.expressions)),
        signals=alerts.signals,
        bounds=tuple(
            sorted(
                {one.above for one in alerts.required if one.above and "latency" in one.condition}
            )
        ),
        recorded=frozenset().union(*(rule.recorded for rule in rules)),
        regions=probe.regions,
    )
    alertmanager = library.document(probe.alertmanager)
    repertoire = Repertoire(
        rules=[scaled_rules(document, _SCALE) for document in documents],
        alertmanager=alertmanager,
        prometheus=library.document(probe.prometheus) if probe.prometheus else None,
        templates=library.matching(template_patterns(alertmanager)),
        targets=targets(world.emitted),
        scale=_SCALE,
    )
    return _Play(
        repertoire,
        tuple(
            _staged(one, alerts, rules, world)
            for one in alerts.required
            if "delivered" in one.levels
        ),
        alerts.routes or (),
        _SCALE.seconds(longest_gathering_seconds(alertmanager)),
        gathers_each_alert_apart(alertmanager),
    )


def _staged(
    required: RequiredAlert, alerts: Alerts, rules: Sequence[Watch], world: Synthesis
) -> Staged:
    routes = [one for one in alerts.routes or () if one.severity == required.severity]
    return staged(required, alerts.required, rules, world, routes)


def _played(performance: Performance, play: _Play) -> tuple[Staging, ...]:
    """Return what came of every fault; once a server has ended, the others tell of that."""
    seen: list[Staging] = []
    ended = "was not staged"
    try:
        seen.extend(performance.play(play.faults, play.routes))
    except ServerFailedError as error:
        ended = str(error)
    names = {one.required for one in seen}
    left = [one for one in play.faults if one.required.name not in names]
    return (*seen, *(Staging(one.required.name, one.scenario.name, ended) for one in left))


def _account(house: House, repertoire: Repertoire, stagings: tuple[Staging, ...]) -> Rehearsal:
    prometheus, alertmanager = house.versions
    loaded = house.groups
    asked = tuple(name for rules in repertoire.rules for name in rules.group_names)
    return Rehearsal(
        prometheus=prometheus,
        alertmanager=alertmanager,
        factor=repertoire.scale.factor,
        groups=loaded,
        missing_groups=tuple(name for name in asked if name not in loaded),
        alertmanagers=house.alertmanagers,
        left_out=tuple(str(one) for rules in repertoire.rules for one in rules.left_out),
        stagings=stagings,
    )


def _watches(documents: Iterable[Document]) -> tuple[Watch, ...]:
    read = tuple(documents)
    recordings = [rule for document in read for rule in recording_rules(document)]
    return watches([rule for document in read for rule in alert_rules(document)], recordings)


class _Library:
    """The files of the repository that a rehearsal needs."""

    def __init__(self, sightings: Sightings, origin: Origin) -> None:
        self._sightings = sightings
        self._origin = origin

    def document(self, path: str) -> Document:
        """Return a file as the one YAML document it is. Raises NotObserved, DocumentError."""
        record = self._repository.file(path)
        if record is None or record.text is None:
            problem = record.problem if record else "it is not in the repository"
            reason = f"{path} cannot be rehearsed: {problem}"
            raise NotObserved(reason, self._origin)
        return parse_yaml_document(record.text, path)

    def matching(self, patterns: Iterable[str]) -> dict[str, str]:
        """Return the texts of the files whose names match, by their paths.

        Raises NotObserved where nothing has a name that is asked for.
        """
        found: dict[str, str] = {}
        for pattern in patterns:
            records = [
                record
                for record in self._repository.files
                if record.text is not None and fnmatchcase(record.path.rpartition("/")[2], pattern)
            ]
            if not records:
                reason = f"the repository has no template {pattern}, which messages are made with"
                raise NotObserved(reason, self._origin)
            found |= {record.path: record.text or "" for record in records}
        return found

    @property
    def _repository(self) -> Repository:
        seen = self._sightings.repository()
        if isinstance(seen, NotObserved):
            reason = f"the repository was not observed: {seen.reason}"
            raise NotObserved(reason, self._origin)
        return seen.value
