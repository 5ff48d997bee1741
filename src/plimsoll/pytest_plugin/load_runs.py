"""With which options a load test is really run: its own, and what its callers set above them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.environment.automation_inventory import LoadTestSubject
from plimsoll.facts.document import DocumentError, parse_json, parse_yaml_document
from plimsoll.findings import NotObserved
from plimsoll.pytest_plugin.narrowing import narrowed
from plimsoll.pytest_plugin.probes import WORKFLOWS
from plimsoll.semantics.load_coverage import settings_read
from plimsoll.semantics.load_invocation import (
    hidden_invocation,
    script_invocations,
    workflow_invocations,
)
from plimsoll.semantics.load_options import effective_options
from plimsoll.semantics.shell.script import ShellError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from plimsoll.environment.repository_model import LoadTest
    from plimsoll.facts.load_test import K6Options
    from plimsoll.findings import Observed
    from plimsoll.pytest_plugin.repository_view import RepositoryView
    from plimsoll.semantics.load_invocation import Invocation


def load_runs(
    subject: object, repository: RepositoryView, script: Observed[K6Options]
) -> tuple[tuple[str, Callable[[K6Options], K6Options]], ...]:
    """Return each call of the load test: its place, and what it makes of the script's options.

    A script that nobody calls is run as it is. What a call makes of the options raises ScriptError.

    Raises NotObserved where a caller cannot be read, or hands the script what was not declared.
    """
    declared = narrowed(subject, "a load test", LoadTestSubject).load_test
    calls = tuple(_calls(declared, repository))
    for call in calls:
        _require_known(declared, repository, call)
    below = _configuration(declared, repository)
    if not calls:
        return ((script.origin.where, lambda options: options),)
    return tuple((call.where, _applied(call, below)) for call in calls)


def _applied(
    call: Invocation, below: Mapping[str, object] | None
) -> Callable[[K6Options], K6Options]:
    return lambda options: effective_options(
        options, call.variables, call.arguments, below, call.where
    )


def _configuration(declared: LoadTest, repository: RepositoryView) -> Mapping[str, object] | None:
    """Return what the declared configuration file holds; None where none is declared.

    Raises NonCompliant for a file that is not there, NotObserved for one that cannot be read.
    """
    if declared.config is None:
        return None
    try:
        document = parse_json(repository.text(declared.config), declared.config)
    except DocumentError as error:
        raise NotObserved(str(error), repository.origin_of(declared.config)) from None
    return document.data if isinstance(document.data, dict) else {}


def _calls(declared: LoadTest, repository: RepositoryView) -> Iterator[Invocation]:
    within: tuple[Invocation, ...] = ()
    if repository.has(declared.runner):
        text = repository.text(declared.runner)
        try:
            within = script_invocations(text, declared.runner)
            hidden = hidden_invocation(text)
        except ShellError as error:
            raise NotObserved(str(error), repository.origin_of(declared.runner)) from None
        if hidden:
            reason = f"with which options the runner calls k6 cannot be told: {hidden}"
            raise NotObserved(reason, repository.origin_of(declared.runner))
    yield from within
    for path in repository.matching(WORKFLOWS):
        try:
            workflow = parse_yaml_document(repository.text(path), path)
        except DocumentError as error:
            raise NotObserved(str(error), repository.origin_of(path)) from None
        yield from workflow_invocations(workflow, declared.runner, within)


def _require_known(declared: LoadTest, repository: RepositoryView, call: Invocation) -> None:
    """Refuse to judge options that depend on what the caller hands over and nobody declared."""
    if call.undecided:
        raise NotObserved(call.undecided, repository.origin.at(call.where))
    read = settings_read(repository.text(declared.script))
    for name, value in call.handed.items():
        is_open = "$" in value or "`" in value
        told = declared.settings.get(name)
        if name in read and told != value and (told is None or not is_open):
            reason = f"{name}={value} is handed to the script, and not declared among its settings"
            raise NotObserved(reason, repository.origin.at(call.where))
