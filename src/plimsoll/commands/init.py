"""`plimsoll init`: writes a first environment file from what an account holds."""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from plimsoll import resources
from plimsoll.collectors.context import Context
from plimsoll.collectors.engine import observe
from plimsoll.environment.loader import load
from plimsoll.environment.problem import ConfigurationError
from plimsoll.facts.cloud_reading import DigitalOceanProbe
from plimsoll.findings import NotObserved
from plimsoll.semantics.digitalocean.answer import UntoldError, read_answer
from plimsoll.semantics.digitalocean.draft import READS, Found, draft

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable, Iterator

REFUSED_STATUS = 4
UNKNOWN_STATUS = 2


def run(options: Namespace) -> int:
    """Look at the account once, and write the file; a file that is there is never written over."""
    path = Path(options.out)
    refusal = _refusal(path)
    if refusal:
        sys.stderr.write(f"plimsoll: {refusal}; name another with --out\n")
        return REFUSED_STATUS
    with _context(options) as (context, token):
        found = _look(context, token)
    if not found.answers:
        reasons = "\n".join(_once(found.unread.values()))
        sys.stderr.write(f"plimsoll: the account could not be read:\n{reasons}\n")
        return UNKNOWN_STATUS
    try:
        path.write_text(draft(found, options.system, token), encoding="utf-8")
    except OSError as error:
        sys.stderr.write(f"plimsoll: {path} cannot be written: {error.strerror}\n")
        return REFUSED_STATUS
    for read, why in sorted(found.unread.items()):
        sys.stderr.write(f"plimsoll: {read} could not be read: {why}\n")
    sys.stdout.write(
        f"{path}: written. Decide what its comments leave open, then: plimsoll validate {path}\n"
    )
    return 0


def _refusal(path: Path) -> str:
    """Return why a file cannot be written there, told before an account is asked anything."""
    if path.exists():
        return f"{path} is already there"
    return "" if path.parent.is_dir() else f"there is no folder {path.parent}"


@contextmanager
def _context(options: Namespace) -> Iterator[tuple[Context, str]]:
    if options.mock is None:
        token = options.token
        value = os.environ.get(token, "").strip()
        yield Context(credentials={token: value} if value else {}), token
        return
    from plimsoll.worlds import world as worlds  # noqa: PLC0415 (only where a world is built)

    environment = load(options.mock).model
    if environment.digitalocean is None:
        message = f"{options.mock}: declares no DigitalOcean account to draft a file from"
        raise ConfigurationError((message,))
    world = worlds.build(environment, resources.fixtures())
    with (
        tempfile.TemporaryDirectory(prefix="plimsoll-world-") as scratch,
        worlds.start(world, Path(scratch)) as running,
    ):
        context = Context(network=running.network, credentials=running.credentials)
        yield context, environment.digitalocean.token


def _once(reasons: Iterable[str]) -> list[str]:
    """Tell each reason once, with the first place where it was met and how many others."""
    places: dict[str, list[str]] = {}
    for reason in reasons:
        place, _, why = reason.partition(": ")
        places.setdefault(why, []).append(place)
    return [
        f"{met[0]}{f' and {len(met) - 1} more' if len(met) > 1 else ''}: {why}"
        for why, met in places.items()
    ]


def _look(context: Context, token: str) -> Found:
    probes = {read: DigitalOceanProbe(read, credential=token) for read in READS}
    seen = observe(probes.values(), context)
    answers, unread = {}, {}
    for read, probe in probes.items():
        sighting = seen[probe]
        try:
            if isinstance(sighting, NotObserved):
                raise sighting
            answers[read] = read_answer(sighting.value)
        except (NotObserved, UntoldError) as unknown:
            unread[read] = str(unknown)
    return Found(answers, unread)
