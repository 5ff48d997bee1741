"""A certificate that an account holds for its load balancers and CDN endpoints."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 (a field's type, as facts state it)


@dataclass(frozen=True, slots=True)
class CertificateRecord:
    """One certificate. `state` is `verified` once it can be used; `names` are those it is for."""

    id: str
    name: str
    state: str | None
    not_after: datetime | None
    names: tuple[str, ...]
    where: str
