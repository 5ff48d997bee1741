"""Observe a checkout: every file's path, its mode in git, and the contents that were asked for."""

from __future__ import annotations

import re
from fnmatch import translate
from functools import partial
from typing import TYPE_CHECKING

from plimsoll.collectors.checkout import Checkout, UnreadableError, open_checkout
from plimsoll.collectors.failure import sight
from plimsoll.collectors.origins import origin_of
from plimsoll.facts.repository import FileRecord, Repository, RepositoryProbe, shapes_of
from plimsoll.findings import NotObserved, Observed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from plimsoll.collectors.context import Context, Sightings
    from plimsoll.findings import Origin, Sighting


def collect(
    probes: Iterable[RepositoryProbe], context: Context, sightings: Sightings
) -> Iterator[tuple[RepositoryProbe, Sighting[Repository]]]:
    """Yield every probe with what was read for it; each file is read once for all of them."""
    checkout: Sighting[Checkout] | None = None
    known: dict[str, FileRecord] = {}
    for probe in probes:
        origin = origin_of(probe, context)
        checkout = checkout or sight(partial(_open, context, origin), origin)
        if isinstance(checkout, NotObserved):
            yield probe, checkout
            continue
        asked = wants(probe.patterns)
        for path in filter(asked, checkout.value.paths):
            if not sightings.awaited():
                return
            if path not in known:
                known[path] = checkout.value.read(path, context.limits.file_bytes)
        files = [known[path] for path in checkout.value.paths if asked(path)]
        repository = _repository(checkout.value, files, checkout)
        yield probe, Observed(repository, origin, checkout.at)


def wants(patterns: Iterable[str]) -> Callable[[str], bool]:
    """Return what tells whether a path is asked for, the way `Repository.matching` reads patterns.

    A path that is named exactly is asked for too, whatever a shell would make of its brackets.
    """
    exact = frozenset(patterns)
    shapes = {shape for pattern in exact for shape in shapes_of(pattern)}
    matches = re.compile("|".join(map(translate, sorted(shapes))) or "(?!)").match
    return lambda path: path in exact or matches(path) is not None


def _open(context: Context, origin: Origin) -> Checkout:
    if context.repository is None:
        reason = "no repository was given: name its folder with --repository"
        raise NotObserved(reason, origin)
    try:
        return open_checkout(context.repository, context.limits.tool_seconds)
    except UnreadableError as error:
        raise NotObserved(str(error), origin) from None


def _repository(
    checkout: Checkout, files: Iterable[FileRecord], seen: Observed[Checkout]
) -> Repository:
    return Repository(
        root=str(checkout.root),
        commit=checkout.commit,
        dirty=checkout.dirty,
        modes_known=checkout.modes_known,
        paths=checkout.paths,
        files=(*files, *checkout.problems),
        at=seen.at,
    )
