"""What a drill saw and judged of the sound world, for runs in which it would be the same again.

A fault of the repository's files changes nothing of what is served, one of the account nothing of
the site. Whether that is so is not believed of a fault, but seen: the parts of a world that answer
must be equal before and after it. What servers of the monitoring answer follows the files, and is
looked at each time. A check whose every reading is as it was keeps its result.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from plimsoll.facts.bucket import BucketProbe
from plimsoll.facts.cloud_reading import DigitalOceanProbe
from plimsoll.facts.counted_traffic import ContractProbe
from plimsoll.facts.dns_answer import DnsProbe
from plimsoll.facts.exchange import HttpProbe
from plimsoll.facts.handshake import TlsProbe
from plimsoll.pytest_plugin.reading import reads_alike

if TYPE_CHECKING:
    from collections.abc import Mapping

    from plimsoll.facts.probe import Probe
    from plimsoll.findings import Result, Sighting
    from plimsoll.pytest_plugin.assessment import Assessment
    from plimsoll.pytest_plugin.reading import Question
    from plimsoll.worlds.world import World

    Sightings = Mapping[Probe, Sighting[Any]]

SURROUNDINGS = ("environment", "certificates", "names", "credentials", "withheld", "programs")
"""The parts of a world that anything it serves may depend on."""
ANSWERS: dict[type[Probe], str] = {
    BucketProbe: "object_store",
    ContractProbe: "site",
    DigitalOceanProbe: "account",
    DnsProbe: "names",
    TlsProbe: "site",
}
"""The part of a world that answers such a probe, whatever stands in its repository."""


@dataclass(frozen=True, slots=True)
class _Run:
    """A run of the sound world: what was seen, and each result with what it was made of."""

    sightings: Sightings
    judged: Mapping[str, tuple[Result, frozenset[Question]]]


_kept: dict[str, _Run] = {}


def keep(env: str, assessment: Assessment, results: Mapping[str, Result]) -> None:
    """Keep what came of the sound world of an environment, for runs forked from this one."""
    judged = {
        node: (result, frozenset(assessment.examinations[node].reads))
        for node, result in results.items()
        if node in assessment.examinations
    }
    _kept[env] = _Run(assessment.sightings, judged)


def forget() -> None:
    """Let every run look and judge for itself again."""
    _kept.clear()


def judged_before(assessment: Assessment) -> dict[str, Result]:
    """Return the results of the sound run, by node id, whose every reading is the same now."""
    sound = _kept.get(assessment.settings.env or "")
    if sound is None:
        return {}
    asked = {question for _, reads in sound.judged.values() for question in reads}
    alike = {one for one in asked if reads_alike(one, sound.sightings, assessment.sightings)}
    return {node: result for node, (result, reads) in sound.judged.items() if reads <= alike}


class Untouched:
    """Remembers a world as it was, to tell what of it still answers as it did."""

    def __init__(self, env: str | None, world: World) -> None:
        sound = _kept.get(env or "")
        self._known = sound.sightings if sound else {}
        self._before = deepcopy(_served(world)) if sound else {}

    def recalled(self, world: World) -> Sightings:
        """Return what need not be looked at again: all that is answered by what is unchanged."""
        now = _served(world)
        same = {name for name, before in self._before.items() if now[name] == before}
        if not same.issuperset(SURROUNDINGS):
            return {}
        return {
            probe: seen for probe, seen in self._known.items() if _answering(probe, world) in same
        }


def _answering(probe: Probe, world: World) -> str | None:
    """Return the part of a world that answers a probe; None for whatever follows the files.

    Servers of the monitoring are asked over HTTP, too, and are no part of the site.
    """
    if isinstance(probe, HttpProbe):
        hosts = {urlsplit(origin).hostname for origin in world.site.origins}
        return "site" if urlsplit(probe.url).hostname in hosts else None
    return ANSWERS.get(type(probe))


def _served(world: World) -> dict[str, object]:
    return {name: getattr(world, name) for name in (*SURROUNDINGS, "site", *ANSWERS.values())}
