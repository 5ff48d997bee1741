"""What of each answer is kept: an allow-list of what checks read, without what it would disclose.

Addresses lose user, password and query; what a server says of an error loses the queries of the
addresses that it quotes. Annotations, comments, headers, passwords and what is discovered about
targets are never kept.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from plimsoll.semantics.digitalocean.projection import LOST, each, fields, leaf, projected
from plimsoll.semantics.withholding import withheld

if TYPE_CHECKING:
    from plimsoll.semantics.digitalocean.projection import Shape

MOST_CHARACTERS: Final = 500
"""Of a sentence about an error."""

_USER: Final = re.compile(r"//[^/\s@\"']*@")
_QUERY: Final = re.compile(r"\?[^\s\"'>)]*")
_NUMBER: Final = re.compile(r"[+-]?(?:\d{1,40}(?:\.\d{1,40})?(?:e[+-]?\d{1,3})?|Inf)|NaN")


def address(name: str, value: object) -> object:
    """Keep the scheme, host, port and path of an address."""
    if not isinstance(value, str):
        return LOST
    return withheld(name, _bare(value))


def sentence(name: str, value: object) -> object:
    """Keep what is said of an error, shortened, without the queries of the addresses in it."""
    if not isinstance(value, str):
        return LOST
    return withheld(name, _bare(value[:MOST_CHARACTERS]))


def sample(_name: str, value: object) -> object:
    """Keep a sample, ``[seconds, "number"]``, as Prometheus writes it."""
    match value:
        case [int() | float() as at, str() as number] if _NUMBER.fullmatch(number):
            return [leaf("at", at), number]
    return LOST


def _bare(text: str) -> str:
    return _QUERY.sub("?…", _USER.sub("//", text))


_LABELS: Final = each(leaf)
_RULE: Final = fields("name type health lastEvaluation", lastError=sentence)
_LINKS: Final[Shape] = [fields("", url=address)]

KEPT: Final[dict[tuple[str, str], Shape]] = {
    ("prometheus", "targets"): fields(
        "", activeTargets=[fields("health", lastError=sentence, labels=_LABELS)]
    ),
    ("prometheus", "rules"): fields("", groups=[fields("name file interval", rules=[_RULE])]),
    ("prometheus", "alertmanagers"): fields(
        "", activeAlertmanagers=_LINKS, droppedAlertmanagers=_LINKS
    ),
    ("prometheus", "runtime"): fields("reloadConfigSuccess"),
    ("prometheus", "query"): fields(
        "resultType", result=[fields("", metric=_LABELS, value=sample)]
    ),
    ("alertmanager", "silences"): [
        fields(
            "id startsAt endsAt",
            status=fields("state"),
            matchers=[fields("name value isRegex isEqual")],
        )
    ],
    ("grafana", "datasources"): [fields("uid name type", url=address)],
    ("grafana", "dashboards"): [fields("uid title type")],
}
"""Read of a system → the shape of what is kept of its answer."""


def kept(system: str, read: str, told: object) -> object:
    """Return what is kept of what an answer tells; None where it has not the form it must have."""
    found = projected(KEPT[system, read], told)
    return None if found is LOST else found
