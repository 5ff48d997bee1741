"""Apps, from the list of all apps.

`spec` and `active_deployment.spec` are both there, and are not the same after a deployment failed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from plimsoll.facts.app_platform import App, LiveDomain
from plimsoll.facts.document import Document
from plimsoll.semantics.digitalocean.answer import UntoldError, items, moment, text

if TYPE_CHECKING:
    from plimsoll.facts.document import Part

_UNFINISHED = ("in_progress_deployment", "pending_deployment")


def apps(answer: Document) -> tuple[App, ...]:
    """Return every app. Raises UntoldError where one lacks its id, name or specification.

    So it is where a domain has no name, or a pinned deployment no id.
    """
    return tuple(_app(part) for part in items(answer, "apps"))


def _app(part: Part) -> App:
    active = part["active_deployment"]
    unfinished = next((part[key] for key in _UNFINISHED if part[key]["id"].exists), None)
    name = text(part["spec"]["name"])
    return App(
        id=text(part["id"]),
        name=name,
        region=part["spec"]["region"].text,
        spec=_spec(part["spec"]),
        active_spec=_spec(active["spec"]) if active["spec"].exists else None,
        active_id=active["id"].text,
        active_phase=active["phase"].text,
        unfinished_phase=unfinished["phase"].text if unfinished else None,
        ingress=_host(part["default_ingress"]),
        domains=_domains(part),
        pinned=_pinned(part["pinned_deployment"]),
        where=part.where,
    )


def _pinned(part: Part) -> str | None:
    """Return the id of the pinned deployment; None where the platform leaves that out."""
    return text(part["id"]) if part.exists and part.value is not None else None


def _spec(part: Part) -> Document:
    if not isinstance(part.value, dict):
        message = f"{part.where} is no specification"
        raise UntoldError(message)
    return Document(part.where, part.value, is_spelled=True)


def _host(part: Part) -> str | None:
    told = part.text
    return (urlsplit(told).hostname or told) if told else None


def _domains(part: Part) -> tuple[LiveDomain, ...]:
    asked = {text(item["domain"]).lower(): item for item in part["spec"]["domains"]}
    served = {
        (item["spec"]["domain"].text or text(item["domain"])).lower(): item
        for item in part["domains"]
    }
    names = dict.fromkeys([*asked, *served])
    return tuple(_domain(name, asked.get(name), served.get(name), part) for name in names)


def _domain(name: str, asked: Part | None, served: Part | None, app: Part) -> LiveDomain:
    stated = asked or (served["spec"] if served else app["nothing"])
    live = served or app["nothing"]
    expires = live["certificate_expires_at"]
    return LiveDomain(
        name=name,
        type=stated["type"].text,
        phase=live["phase"].text,
        minimum_tls_version=stated["minimum_tls_version"].text,
        certificate_expires_at=moment(expires) if expires.text else None,
        where=(served or asked or app).where,
    )
