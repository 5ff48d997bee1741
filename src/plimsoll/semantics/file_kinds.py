"""Validate the text of a file as the kind of file it is declared to be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from plimsoll.facts.document import (
    Document,
    DocumentError,
    Part,
    Problem,
    duplicate_problems,
    parse_json,
    parse_yaml,
    parse_yaml_document,
)
from plimsoll.semantics import (
    app_spec,
    compose,
    kubernetes,
    prometheus_config,
    rule_file,
)
from plimsoll.semantics.alertmanager import config as alertmanager

_PANELS = ("panels", "rows")


def problems(kind: str, text: str, path: str) -> tuple[Problem, ...]:
    """Return everything that is wrong with a file of a kind, repeated keys included.

    Raises ValueError for a kind that is not one of ``KINDS``: what cannot be judged has not passed.
    The kind ``text`` asks for nothing but that the file is there.
    """
    if kind not in KINDS:
        message = f"unknown kind of file {kind!r}; known are {', '.join(sorted(KINDS))}"
        raise ValueError(message)
    try:
        return tuple(KINDS[kind](text, path))
    except DocumentError as error:
        place = f"{error.path}:{error.line}"
        return (Problem(place, error.problem, f"a file of the kind {kind}"),)


def _single(judge: Callable[[Document], tuple[Problem, ...]]) -> _Judge:
    def judged(text: str, path: str) -> Iterator[Problem]:
        document = parse_yaml_document(text, path)
        yield from duplicate_problems(document)
        yield from judge(document)

    return judged


def _stream(text: str, path: str) -> Iterator[Problem]:
    for document in parse_yaml(text, path):
        yield from duplicate_problems(document)


def _kubernetes(text: str, path: str) -> Iterator[Problem]:
    documents = parse_yaml(text, path)
    if all(document.data is None for document in documents):
        yield Problem(f"{path}:1", "holds no object", "a Kubernetes object")
    for document in documents:
        yield from duplicate_problems(document)
        yield from kubernetes.problems(document)


def _json(text: str, path: str) -> Iterator[Problem]:
    yield from duplicate_problems(parse_json(text, path))


def _dashboard(text: str, path: str) -> Iterator[Problem]:
    document = parse_json(text, path)
    yield from duplicate_problems(document)
    yield from _dashboard_problems(document.part())


def _dashboard_problems(root: Part) -> Iterator[Problem]:
    """Source: what Grafana's file provisioning refuses, and a dashboard without a panel."""
    if not isinstance(root.value, dict):
        yield root.problem("is not a dashboard", "a JSON object")
    elif isinstance(root["dashboard"].value, dict) and not root["title"].exists:
        what = "is wrapped as for the HTTP API, which file provisioning refuses"
        yield root["dashboard"].problem(what, "the dashboard itself")
    elif root["spec"].exists and root["apiVersion"].exists:
        yield from _model_problems(root["spec"], ("elements",))
    else:
        yield from _model_problems(root, _PANELS)


def _model_problems(model: Part, fields: tuple[str, ...]) -> Iterator[Problem]:
    if not (model["title"].text or "").strip():
        yield model["title"].problem("the dashboard has no title", "a title")
    if not any(True for field in fields for _ in model[field]):
        yield model[fields[0]].problem("the dashboard has no panels", "a panel at least")


def _anything(_text: str, _path: str) -> Iterator[Problem]:
    yield from ()


_Judge = Callable[[str, str], Iterator[Problem]]

KINDS: Mapping[str, _Judge] = MappingProxyType(
    {
        "app-spec": _single(app_spec.problems),
        "compose": _single(compose.problems),
        "kubernetes": _kubernetes,
        "prometheus": _single(prometheus_config.problems),
        "alertmanager": _single(alertmanager.problems),
        "prometheus-rules": _single(rule_file.problems),
        "grafana-dashboard": _dashboard,
        "json": _json,
        "yaml": _stream,
        "text": _anything,
    }
)
