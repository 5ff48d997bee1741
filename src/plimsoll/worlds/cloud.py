"""The mocked DigitalOcean account: what its API answers, and how well; what faults change."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from plimsoll.worlds.cloud_reads import READS

if TYPE_CHECKING:
    from plimsoll.worlds.cloud_reads import Read

_COMPONENTS = ("services", "workers", "jobs", "static_sites", "functions")


class Misbehavior(StrEnum):
    """What an API may do instead of answering well."""

    DOWN = "down"
    """Nothing listens: every connection is refused, whatever the path."""
    RESET = "reset"
    """The connection is reset."""
    SILENT = "silent"
    """The connection is closed without a response."""
    TRUNCATED = "truncated"
    """Half of the announced body, then the connection ends."""
    SLOW = "slow"
    """The right answer, after `delay_ms`."""
    NOT_JSON = "not-json"
    """Status 200 with a page of HTML, as a proxy in between sends it."""
    NOT_AN_OBJECT = "not-an-object"
    """Status 200 with JSON that is a list."""
    SERVER_ERROR = "server-error"
    """Status 500 and a body of the API's own form."""
    UNAVAILABLE = "unavailable"
    """Status 503 with a page of HTML."""
    TOO_MANY_REQUESTS = "too-many-requests"
    """Status 429, with `retry-after` where `retry_after_seconds` is set."""
    ENDLESS_PAGES = "endless-pages"
    """Every page says that the first comes next."""
    FOREIGN_PAGE = "foreign-page"
    """The next page is said to be at another host, which must never be given the token."""


@dataclass(slots=True)
class Trouble:
    """One way in which the API misbehaves.

    It holds for paths that start with `path_prefix`, for the first `times` requests of that kind,
    or for all of them where it is None.
    """

    kind: Misbehavior
    path_prefix: str = "/v2/"
    times: int | None = None
    retry_after_seconds: int | None = None
    delay_ms: int = 0


@dataclass(slots=True)
class Cloud:
    """An account. Its records have the form in which the API sends them, and may be changed.

    `scopes` are those of the token: what they do not cover is refused, or left out of answers as
    the API does. `canaries` holds the secrets that the API tells, by place, once it is served.
    """

    records: dict[str, list[dict[str, Any]]]
    belongings: dict[str, dict[str, Any]]
    """The entries of each read of details, by the id of what they belong to."""
    scopes: set[str]
    token: str = field(repr=False)
    trouble: list[Trouble] = field(default_factory=list)
    canaries: dict[str, str] = field(default_factory=dict, repr=False)

    def all(self, read: str) -> list[dict[str, Any]]:
        """Return everything that a read lists. Raises LookupError where there is no such list."""
        _known(read, is_detail=False)
        return self.records.setdefault(read, [])

    def one(self, read: str, name: str) -> dict[str, Any]:
        """Return the one record of this id or name. Raises LookupError for none and for several."""
        found = [one for one in self.all(read) if name in READS[read].names_of(one)]
        if len(found) != 1:
            there = ", ".join(READS[read].names_of(one)[-1] for one in self.all(read)) or "none"
            message = f"{len(found)} of {read} are called {name}; there are: {there}"
            raise LookupError(message)
        return found[0]

    def details(self, read: str, parent: str) -> Any:  # noqa: ANN401 (a list, or for two one object)
        """Return what belongs to one thing, by its id or name: a list, for some reads one object.

        Raises LookupError where there is no such read or no such thing.
        """
        known = _known(read, is_detail=True)
        owner = self._identity(known, parent)
        return self.belongings.setdefault(read, {}).setdefault(owner, {} if known.whole else [])

    def set_details(self, read: str, parent: str, value: object) -> None:
        """Replace what belongs to one thing. Raises LookupError as `details` does."""
        known = _known(read, is_detail=True)
        self.belongings.setdefault(read, {})[self._identity(known, parent)] = value

    def specs(self, app: str) -> list[dict[str, Any]]:
        """Return the specification an app was told last, and the one that runs."""
        record = self.one("apps", app)
        running = record.get("active_deployment", {}).get("spec")
        return [record["spec"]] if running is None else [record["spec"], running]

    def services(self, app: str, component: str) -> list[dict[str, Any]]:
        """Return a component of an app from both specifications. Raises LookupError for none."""
        found = [
            one
            for spec in self.specs(app)
            for kind in _COMPONENTS
            for one in spec.get(kind, [])
            if one.get("name") == component
        ]
        if not found:
            message = f"{app} has no component {component}"
            raise LookupError(message)
        return found

    def is_down(self) -> bool:
        """Whether nothing listens where the API should."""
        return any(trouble.kind is Misbehavior.DOWN for trouble in self.trouble)

    def _identity(self, read: Read, parent: str) -> str:
        return READS[read.parent].identity_of(self.one(read.parent, parent))


def _known(read: str, *, is_detail: bool) -> Read:
    there = [name for name, one in READS.items() if bool(one.parent) is is_detail]
    if read not in there:
        message = f"no read {read}; there are {', '.join(there)}"
        raise LookupError(message)
    return READS[read]
