"""One read of a cloud provider's API, and what of its answer is kept."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class DigitalOceanProbe:
    """A read of DigitalOcean's API by its name, such as `apps` or `app-deployments`.

    `of` is the name (or the id) of the declared thing that a detail is read for, such as an app;
    its id on the platform is found in the list that holds it. `credential` names the environment
    variable that holds the token.
    """

    read: str
    of: str = ""
    credential: str = ""

    def __str__(self) -> str:
        """Return what evidence calls it."""
        return f"DigitalOcean {self.read}" + (f" of {self.of}" if self.of else "")


@dataclass(frozen=True, slots=True)
class Reading:
    """What the API said: an allow-list of fields, all pages in one.

    `path` is what was asked, such as ``GET /v2/apps``; `body` is JSON. `hidden` names the scopes
    for want of which fields are missing, as far as that can be told.
    """

    path: str
    body: str
    pages: int
    hidden: tuple[str, ...] = ()
