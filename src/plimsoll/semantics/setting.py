"""Which settings a file hands to programs, and which secrets it gives away in doing so.

Read are App Platform specifications, Compose files and Kubernetes manifests; of any other kind of
file only what each key says by itself. No value of a secret is ever returned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.facts.container import Variable
from plimsoll.facts.document import spell
from plimsoll.semantics import app_spec, compose, kubernetes
from plimsoll.semantics.credentials import (
    Exposure,
    exposed_variables,
    exposure,
    is_placeholder,
    names_a_secret,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from plimsoll.facts.document import Document, Part

UNTYPED = "not marked as a secret"


def exposed_secrets(kind: str, documents: Iterable[Document]) -> tuple[tuple[str, str, str], ...]:
    """Return each secret that a file gives away: (`owner/name`, what is wrong with it, where).

    A secret is given away by a value in clear, a default password or a placeholder, and by an
    encrypted or missing value that the platform is not told to keep as a secret.
    """
    found: dict[str, tuple[str, str, str]] = {}
    for document in documents:
        stated = tuple(_READERS.get(kind, _nothing)(document))
        everything = (*stated, *_texts(document.part()))
        for one in exposed_variables(everything):
            spelled = f"{one.owner or kind}/{one.name}"
            found.setdefault(one.where, (spelled, one.exposure.value, one.where))
        for variable in stated:
            if _is_untyped(kind, variable):
                spelled = f"{variable.owner or kind}/{variable.name}"
                found.setdefault(variable.where, (spelled, UNTYPED, variable.where))
    return tuple(found.values())


def handed_over(kind: str, documents: Iterable[Document]) -> frozenset[str]:
    """Return the names of the settings that a file hands over; an empty value hands over nothing.

    In a Compose file a variable counts wherever the file takes it from the environment.
    """
    names: set[str] = set()
    for document in documents:
        stated = _READERS.get(kind, _nothing)(document)
        names.update(variable.name for variable in stated if _is_given(variable))
        if kind == "compose":
            names.update(use.name for use, _ in compose.variable_uses(document))
            names.update(part["environment"].text or "" for part in document.part("secrets"))
    return frozenset(names - {""})


def _of_compose(document: Document) -> Iterator[Variable]:
    for service in compose.services(document):
        yield from service.variables
        yield from compose.command_variables(service)


def _of_kubernetes(document: Document) -> Iterator[Variable]:
    for container in kubernetes.containers(document):
        yield from container.variables
    root = document.part()
    if root["kind"].value == "Secret":
        owner = root["metadata"]["name"].text or ""
        for section in ("data", "stringData"):
            for item in root[section]:
                yield Variable(owner, str(item.key), item.text, item.where, is_secret=True)


def _nothing(_document: Document) -> Iterable[Variable]:
    return ()


_READERS: dict[str, Callable[[Document], Iterable[Variable]]] = {
    "app-spec": app_spec.variables,
    "compose": _of_compose,
    "kubernetes": _of_kubernetes,
}


def _texts(part: Part) -> Iterator[Variable]:
    """Yield every text of a document as if it were a variable, named by its key."""
    if part.text is not None:
        name = part.key if isinstance(part.key, str) else ""
        yield Variable(spell(part.keys[:-1]), name, part.text, part.where)
    for inner in part:
        yield from _texts(inner)


def _is_untyped(kind: str, variable: Variable) -> bool:
    if variable.is_secret or not names_a_secret(variable.name):
        return False
    if kind == "kubernetes":
        return variable.value is None
    encrypted = variable.value is None or variable.value.startswith("EV[")
    return kind == "app-spec" and encrypted


def _is_given(variable: Variable) -> bool:
    if variable.value is None:
        return True
    is_empty = not variable.value.strip()
    unfilled = exposure(variable.name, variable.value) is Exposure.PLACEHOLDER
    return not (is_empty or unfilled or is_placeholder(variable.value))
