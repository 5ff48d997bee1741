"""Where a Prometheus or Alertmanager listens for requests, by its options.

Both listen below `--web.route-prefix`, or else below the path of `--web.external-url`. TLS and
credentials are asked for by a web configuration alone.

Source: the command line documentation of both, and Prometheus' documentation of `alerting`.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from plimsoll.facts.document import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plimsoll.facts.container import Container
    from plimsoll.facts.document import Part

_PREFIX = "--web.route-prefix"
_URL = "--web.external-url"
_WEB_CONFIG = "--web.config.file"
_VARIABLE = re.compile(r"\$(?:\{[^{}]*\}|\w+)")
_ALERTS_PATH = "/api/v2/alerts"
_DROPPING = frozenset(("drop", "keep", "dropequal", "keepequal"))
_MAPPING = frozenset(("labelmap",))
_DECIDING = frozenset(("__alerts_path__", "__scheme__"))


def web_prefix(service: Container) -> str | None:
    """Return the path below which a service listens, `/` where none is set; None if unknown.

    An image that is built here may set options of its own, and so may a variable of the shell.
    """
    if service.build_context or any(word.startswith("$") for word in service.words()):
        return None
    flags = service.flags()
    path = flags.get(_PREFIX) or _path_of(flags.get(_URL, ""))
    return None if "$" in path else rooted(path)


def rooted(path: str) -> str:
    """Return a path as both programs take it: with a slash in front and none at the end."""
    return posixpath.normpath("/" + path.strip("/"))


def path_below(prefix: str, path: str) -> str:
    """Return a path without the prefix; empty where it is not below that."""
    start = prefix.rstrip("/") + "/"
    return path[len(start) - 1 :] if path.startswith(start) else ""


def sending_problems(alertmanager: Part, service: Container, where: str) -> Iterator[Problem]:
    """Yield why alerts that are sent as an entry of `alertmanagers` says are not taken."""
    prefix = web_prefix(service)
    if prefix is None or _is_relabeled(alertmanager):
        return
    stated, scheme = alertmanager["path_prefix"], alertmanager["scheme"]
    sent = rooted(stated.text or "")
    if sent != prefix:
        what = f"alerts are sent to {_below(sent)}, {service.name} takes them at {_below(prefix)}"
        place = stated.where if stated.exists else where
        yield Problem(place, what, f"the path_prefix {prefix}")
    if scheme.text == "https" and _WEB_CONFIG not in service.flags():
        what = f"alerts are sent with TLS, which {service.name} does not speak"
        yield scheme.problem(what, f"the scheme http, or {_WEB_CONFIG} of {service.name}")


def sending_doubts(alertmanager: Part, service: Container) -> Iterator[str]:
    """Yield why no file tells whether a service takes what an entry of `alertmanagers` sends."""
    if web_prefix(service) is None:
        yield f"no file tells below which path {service.name} listens"
    if _is_relabeled(alertmanager):
        yield f"relabeling decides how {service.name} is asked"
    if _WEB_CONFIG in service.flags():
        yield f"what the web configuration of {service.name} asks for is not read"


def dropping_doubts(alerting: Part) -> Iterator[str]:
    """Yield the rules of relabeling by which alerts may be dropped before they are sent."""
    for owner in (alerting, *alerting["alertmanagers"]):
        for rule in owner["alert_relabel_configs"]:
            if str(rule["action"].value).lower() in _DROPPING:
                yield f"{rule.where} may drop alerts before they are sent"


def _path_of(url: str) -> str:
    """Return the path of an address, in which a variable in place of the host is no path."""
    text = _VARIABLE.sub("$", url)
    if "${" in text:
        return "$"
    try:
        return urlsplit(text).path
    except ValueError:
        return "$"


def _below(prefix: str) -> str:
    return posixpath.join(prefix, _ALERTS_PATH.lstrip("/"))


def _is_relabeled(alertmanager: Part) -> bool:
    return any(
        rule["target_label"].value in _DECIDING or rule["action"].value in _MAPPING
        for rule in alertmanager["relabel_configs"]
    )
