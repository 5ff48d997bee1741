"""An App Platform app as the platform holds it: what it was told to run, and what it runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 (a field's type, as facts state it)

from plimsoll.facts.document import Document  # noqa: TC001 (a field's type, as facts state it)


@dataclass(frozen=True, slots=True)
class LiveDomain:
    """A domain of an app as it is served: its phase, its type in the specification.

    `phase` is `ACTIVE` once it serves; `certificate_expires_at` is None while it has none.
    """

    name: str
    type: str | None
    phase: str | None
    minimum_tls_version: str | None
    certificate_expires_at: datetime | None
    where: str


@dataclass(frozen=True, slots=True)
class App:
    """One app. `spec` is what was asked for last, `active_spec` what runs, None if nothing does.

    The two differ while a deployment is under way, and after one that failed. `ingress` is the host
    under which the platform itself serves the app; `pinned` the deployment that a rollback under
    way holds on to.
    """

    id: str
    name: str
    region: str | None
    spec: Document
    active_spec: Document | None
    active_id: str | None
    active_phase: str | None
    unfinished_phase: str | None
    ingress: str | None
    domains: tuple[LiveDomain, ...]
    pinned: str | None
    where: str
