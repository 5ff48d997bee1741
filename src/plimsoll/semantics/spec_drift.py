"""Where an App Platform specification that runs differs from the one that was reviewed.

What the platform fills in, leaves out or encrypts is no difference: defaults, false and empty
fields, numbers written as text, the order of what has a name, the values of secrets. Sources: the
public API document, the types of its official Go client, and the reference of specifications.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from plimsoll.facts.document import Document
from plimsoll.semantics.digitalocean.kept_spec import kept_spec

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from plimsoll.facts.document import Part

_NAMED_BY: Final = ("name", "key", "domain", "rule")
_UNSET: Final = (None, "", False, 0, "UNSPECIFIED", "UNSET")
_UNSORTED: Final = frozenset(("features", "allow_origins"))
_COMPONENT: Final = ("services", "workers", "jobs")
_DEFAULTS: Final = {
    **{f"{kind}.*.instance_count": "1" for kind in _COMPONENT},
    **{f"{kind}.*.instance_size_slug": "apps-s-1vcpu-0.5gb" for kind in _COMPONENT},
    **{f"{kind}.*.autoscaling.metrics.cpu.percent": "80" for kind in _COMPONENT},
    **{f"{kind}.*.termination.grace_period_seconds": "120" for kind in _COMPONENT},
    **{f"{kind}.*.source_dir": "/" for kind in (*_COMPONENT, "static_sites", "functions")},
    **{f"{kind}.*.image.tag": "latest" for kind in _COMPONENT},
    "services.*.http_port": "8080",
    "services.*.protocol": "HTTP",
    "services.*.termination.drain_seconds": "15",
    "services.*.health_check.period_seconds": "10",
    "services.*.health_check.timeout_seconds": "1",
    "services.*.health_check.success_threshold": "1",
    "services.*.health_check.failure_threshold": "9",
    "*.*.liveness_health_check.initial_delay_seconds": "5",
    "*.*.liveness_health_check.period_seconds": "10",
    "*.*.liveness_health_check.timeout_seconds": "1",
    "*.*.liveness_health_check.success_threshold": "1",
    "*.*.liveness_health_check.failure_threshold": "18",
    "jobs.*.kind": "POST_DEPLOY",
    "static_sites.*.index_document": "index.html",
    "static_sites.*.error_document": "404.html",
    "databases.*.num_nodes": "1",
    "egress.type": "AUTOASSIGN",
    "envs.*.scope": "RUN_AND_BUILD_TIME",
    "*.*.envs.*.scope": "RUN_AND_BUILD_TIME",
    "envs.*.type": "GENERAL",
    "*.*.envs.*.type": "GENERAL",
}
_BY_LENGTH: Final = {
    length: tuple(
        (tuple(path.split(".")), value)
        for path, value in _DEFAULTS.items()
        if path.count(".") + 1 == length
    )
    for length in range(1, 7)
}
"""A field that is absent has the value that the platform gives it; any other means nothing."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One place that differs: its keys, what runs, what was reviewed (None: absent), and where."""

    what: str
    observed: str | None
    expected: str | None
    where: str


@dataclass(frozen=True, slots=True)
class _Node:
    """A value, or what is below it by name; `where` is its place in its document."""

    where: str
    value: str = ""
    below: dict[str, _Node] = field(default_factory=dict)


def differences(
    reviewed: Document, live: Document, may_differ: Sequence[str] = ()
) -> tuple[Difference, ...]:
    """Return every place in which `live` differs from `reviewed`, in the order of the keys.

    `may_differ` names places that are not compared, such as `name` or `services.*.envs`. Of a
    secret variable only its type and scope are compared. The values of other variables are compared
    and never returned; what is not kept of the API's answers is not compared at all.
    """
    excepted = tuple(tuple(place.split(".")) for place in may_differ)
    asked, found = _tree(reviewed), _tree(live)
    for one, other in ((asked, found), (found, asked)):
        if "ingress" not in other.below and _is_generated(one):
            del one.below["ingress"]
    return tuple(_compare(asked, found, (), excepted))


def _compare(
    reviewed: _Node, live: _Node, path: tuple[str, ...], excepted: Sequence[tuple[str, ...]]
) -> Iterator[Difference]:
    if any(_covers(place, path) for place in excepted):
        return
    if not reviewed.below and not live.below:
        yield from _compare_values(reviewed, live, path)
        return
    is_secret = _is_secret(reviewed, path) or _is_secret(live, path)
    for key in dict.fromkeys((*reviewed.below, *live.below)):
        inner = (*path, key)
        asked = reviewed.below.get(key) or _filled_in(live.below.get(key), inner, reviewed)
        found = live.below.get(key) or _filled_in(reviewed.below.get(key), inner, live)
        if is_secret and key == "value":
            continue
        if asked is not None and found is not None:
            yield from _compare(asked, found, inner, excepted)
        elif not any(_covers(place, inner) for place in excepted):
            yield _one_sided(asked, found, inner, live.where)


def _compare_values(reviewed: _Node, live: _Node, path: tuple[str, ...]) -> Iterator[Difference]:
    if reviewed.value == live.value:
        return
    seen, wanted = live.value, reviewed.value
    if _is_setting(path):
        seen, wanted = "another value", "the value that was reviewed"
    yield Difference(_spell(path), seen, wanted, live.where)


def _filled_in(other: _Node | None, path: tuple[str, ...], parent: _Node) -> _Node | None:
    """Return the platform's default for an absent value, None where it has none."""
    default = _default(path)
    is_value = other is not None and not other.below
    return _Node(parent.where, default) if is_value and default else None


def _one_sided(
    asked: _Node | None, found: _Node | None, path: tuple[str, ...], where: str
) -> Difference:
    place = found.where if found else where
    return Difference(_spell(path), _shown(found, path), _shown(asked, path), place)


def _shown(node: _Node | None, path: tuple[str, ...]) -> str | None:
    if node is None:
        return None
    if node.below:
        return "present"
    return "a value" if _is_setting(path) else node.value


def _is_setting(path: tuple[str, ...]) -> bool:
    return path[-1:] == ("value",) and path[-3:-2] == ("envs",)


def _spell(path: tuple[str, ...]) -> str:
    return ".".join(path).replace(".[", "[")


def _covers(place: tuple[str, ...], path: tuple[str, ...]) -> bool:
    heads = path[: len(place)]
    return len(heads) == len(place) and all(map(fnmatchcase, heads, place))


def _is_secret(node: _Node, path: tuple[str, ...]) -> bool:
    stated = node.below.get("type")
    return "envs" in path[-2:-1] and stated is not None and stated.value == "SECRET"


@lru_cache(maxsize=8192)
def _default(path: tuple[str, ...]) -> str:
    found = (
        value
        for shape, value in _BY_LENGTH.get(len(path), ())
        if all(map(fnmatchcase, path, shape))
    )
    return next(found, "")


def _tree(document: Document) -> _Node:
    kept = Document(
        document.path, kept_spec(document.data), document.place, is_spelled=document.is_spelled
    )
    return _node(kept.part(), ()) or _Node(document.where())


def _is_generated(root: _Node) -> bool:
    """Tell whether the only rule leads everything to the only component: what is filled in."""
    if "ingress" not in root.below:
        return False
    rules = root.below["ingress"].below.get("rules", _Node("")).below
    routed = [name for kind in ("services", "static_sites") for name in _names(root, kind)]
    if len(rules) != 1 or len(routed) != 1:
        return False
    leaves = dict(_leaves(next(iter(rules.values())), ()))
    return leaves == {("match", "path", "prefix"): "/", ("component", "name"): routed[0]}


def _names(root: _Node, kind: str) -> Iterable[str]:
    return root.below.get(kind, _Node("")).below


def _leaves(node: _Node, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if not node.below:
        yield path, node.value
    for key, inner in node.below.items():
        yield from _leaves(inner, (*path, key))


def _node(part: Part, path: tuple[str, ...]) -> _Node | None:
    """Return a part without what stands for nothing; None where nothing is left of it."""
    if isinstance(part.value, dict | list):
        below = {
            key: node
            for key, inner in _named(part)
            if (node := _node(inner, (*path, key))) is not None
        }
        return _Node(part.where, "", below) if below else None
    value = _scalar(part.value)
    default = _default(path)
    if value == default or (not default and part.value in _UNSET):
        return None
    return _Node(part.where, value)


def _named(part: Part) -> Iterator[tuple[str, Part]]:
    """Yield what is below a part: of a list by name where items have one, else by position."""
    if isinstance(part.value, dict):
        yield from ((str(inner.key), inner) for inner in part)
        return
    items = list(part)
    if part.key in _UNSORTED:
        items.sort(key=lambda item: _scalar(item.value))
    seen: Counter[str] = Counter()
    for position, item in enumerate(items):
        names = (item[key].text for key in _NAMED_BY)
        name = next(filter(None, names), f"[{position}]")
        seen[name] += 1
        yield (name if seen[name] == 1 else f"{name}[{seen[name]}]"), item


def _scalar(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
