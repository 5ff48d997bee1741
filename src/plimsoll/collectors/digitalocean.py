"""Observe a DigitalOcean account: what its API tells of what it holds, and nothing it keeps secret.

The lists of the account come first, each once; they are the preflight as well, for there is one for
every scope. Details follow, of the things that those lists hold. Where the very first answer is
that the token is not accepted, or no connection is possible, nothing further is asked. Every answer
that is not a success makes its read not observed: nothing is ever taken for empty.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from plimsoll.collectors.digitalocean_pages import (
    entries,
    hidden_scopes,
    next_page,
    require_all,
    whole,
)
from plimsoll.collectors.digitalocean_reads import READS, Read
from plimsoll.collectors.failure import sight
from plimsoll.collectors.lanes import in_lanes
from plimsoll.collectors.origins import origin_of
from plimsoll.collectors.rate_limit import Clock, RateLimit
from plimsoll.collectors.transport import open_client
from plimsoll.facts.cloud_reading import DigitalOceanProbe, Reading
from plimsoll.findings import NotObserved, Origin
from plimsoll.semantics.digitalocean.answer import UntoldError
from plimsoll.semantics.digitalocean.projection import projected

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from plimsoll.collectors.context import Context, Sightings
    from plimsoll.collectors.digitalocean_session import Session
    from plimsoll.findings import Sighting

THREADS = 8
MOST_PAGES = 100
CLOCK = Clock()


def collect(
    probes: Iterable[DigitalOceanProbe],
    context: Context,
    sightings: Sightings,
    clock: Clock = CLOCK,
) -> Iterator[tuple[DigitalOceanProbe, Sighting[Reading]]]:
    """Yield every probe with what the API told, or why it told nothing; each is read once."""
    by_token: dict[str, list[DigitalOceanProbe]] = {}
    for probe in dict.fromkeys(probes):
        by_token.setdefault(probe.credential, []).append(probe)
    for name, asked in by_token.items():
        token = context.credentials.get(name, "").strip()
        refusal = _refusal(name, token)
        if refusal:
            yield from ((one, NotObserved(refusal, origin_of(one, context))) for one in asked)
        else:
            yield from _look(asked, token, context, sightings, clock)


def _refusal(name: str, token: str) -> str:
    """Return why nothing can be asked with a token; empty where it looks like one."""
    if not token:
        return f"{name} is not set; put a token that can only read into it"
    is_header = token.isascii() and token.isprintable() and " " not in token
    return "" if is_header else f"{name} holds something that is no token"


def _look(
    asked: Sequence[DigitalOceanProbe],
    token: str,
    context: Context,
    sightings: Sightings,
    clock: Clock,
) -> Iterator[tuple[DigitalOceanProbe, Sighting[Reading]]]:
    from plimsoll.collectors.digitalocean_client import (  # noqa: PLC0415 (slow to load)
        ENDPOINT,
        AccountClient,
    )
    from plimsoll.collectors.digitalocean_session import Session  # noqa: PLC0415 (the same)

    limits, awaited = context.limits, sightings.awaited
    lists, details = _order(asked)
    with open_client(context, [ENDPOINT]) as http:
        rate = RateLimit(clock, awaited, limits.overall_seconds)
        session = Session(AccountClient(http, token, limits), rate, awaited, limits)
        account = _Account(session, context)
        # The first alone: one request tells whether the token is accepted.
        for group in (lists[:1], lists[1:], details):
            for probe, seen in in_lanes(
                group,
                account.see,
                awaited,
                host=lambda _: ENDPOINT,
                threads=min(THREADS, limits.concurrency),
                per_host=min(THREADS, limits.per_host),
            ):
                account.remember(probe, seen)
                if probe in asked:
                    yield probe, seen


def _order(
    asked: Sequence[DigitalOceanProbe],
) -> tuple[list[DigitalOceanProbe], list[DigitalOceanProbe]]:
    """Return the lists, those included that details need, and the details."""
    details = [probe for probe in asked if READS[probe.read].is_detail]
    needed = [
        DigitalOceanProbe(parent, "", probe.credential)
        for probe in details
        if (parent := READS[probe.read].parent)
    ]
    lists = [probe for probe in asked if not READS[probe.read].is_detail]
    return list(dict.fromkeys([*lists, *needed])), details


class _Account:
    """One account: its lists, as they were seen, and what is read of what they hold."""

    def __init__(self, session: Session, context: Context) -> None:
        self._session = session
        self._context = context
        self._lists: dict[str, Sighting[Reading]] = {}

    def remember(self, probe: DigitalOceanProbe, seen: Sighting[Reading]) -> None:
        """Keep a list, in which details find what they belong to."""
        self._lists[probe.read] = seen

    def see(self, probe: DigitalOceanProbe) -> Sighting[Reading]:
        """Read once, all pages of it."""
        read = READS[probe.read]
        unresolved = origin_of(probe, self._context)
        try:
            identity = self._identity(read, probe.of, unresolved) if read.is_detail else ""
        except NotObserved as unseen:
            return type(unseen)(unseen.reason, unresolved)
        origin = unresolved.at("GET " + read.path.format(identity))
        return sight(lambda: self._reading(read, identity, origin), origin)

    def _identity(self, read: Read, of: str, origin: Origin) -> str:
        """Return the id of the thing that a detail is asked of. Raises NotObserved."""
        if not read.parent:
            return of
        listing, parent = self._lists.get(read.parent), READS[read.parent]
        if isinstance(listing, NotObserved):
            raise listing
        if listing is None:
            raise NotObserved("the run ended before the API was asked", origin)
        held: list[Any] = json.loads(listing.value.body)[parent.key]
        found = [one for one in held if isinstance(one, dict) and of in parent.names(one)]
        if not found:
            raise NotObserved(f"the account holds no {parent.noun} {of}", origin)
        if len(found) > 1:
            reason = f"the account holds {len(found)} {parent.noun}s {of}: give its id"
            raise NotObserved(reason, origin)
        identity = found[0].get("id")
        if not isinstance(identity, str) or not identity:
            raise NotObserved(f"the API tells no id of the {parent.noun} {of}", origin)
        return identity

    def _reading(self, read: Read, identity: str, origin: Origin) -> Reading:
        try:
            found, pages = self._found(read, identity, origin)
        except UntoldError as untold:
            raise NotObserved(str(untold), origin) from None
        kept = {read.key: projected(read.shape, found)}
        body = json.dumps(kept, sort_keys=True, separators=(",", ":"), allow_nan=False)
        return Reading(origin.where, body, pages, hidden_scopes(read, found))

    def _found(self, read: Read, identity: str, origin: Origin) -> tuple[object, int]:
        """Return what stands under the answer's key, all pages in one, and how many there were."""
        found: list[Any] = []
        page = 1
        for count in range(1, MOST_PAGES + 1):
            content = self._session.content(read, identity, page if read.is_paged else None, origin)
            if not read.is_list:
                return whole(content, read.key), count
            found += entries(content, read.key)
            following = next_page(content, page)
            if following and not read.is_paged:
                raise UntoldError("the answer has further pages, which cannot be asked for")
            if following is None:
                require_all(found, content)
                return found, count
            page = following
        raise UntoldError(f"there are more than {MOST_PAGES} pages")
