"""`plimsoll prove`: tries the alerting rules, and shows what fires, when, and from where on.

Given an environment, it tries what the environment requires; given a rule file alone, it finds out
what each of its rules does. Nothing but files is read, and nothing is asked over a network.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from plimsoll import resources
from plimsoll.cli import UNDECIDABLE_STATUS, USAGE_STATUS
from plimsoll.environment.inventory import Undeclared
from plimsoll.environment.loader import load
from plimsoll.environment.problem import ConfigurationError
from plimsoll.environment.repository_inventory import rule_files
from plimsoll.facts.document import DocumentError, parse_yaml_document
from plimsoll.semantics.alerting.accounts import Outcome
from plimsoll.semantics.alerting.certificate import RULES_FILE, certificates
from plimsoll.semantics.alerting.proof import prove
from plimsoll.semantics.alerting.reaction import Setting
from plimsoll.semantics.alerting.rule_set import setting_of, watches_of
from plimsoll.semantics.alerting.survey import survey
from plimsoll.semantics.alerting.telling import doubts, problems, row
from plimsoll.semantics.rule_file import problems as rule_problems

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable, Iterator, Sequence

    from plimsoll.environment.alerting_model import RequiredAlert
    from plimsoll.environment.model import Environment
    from plimsoll.facts.document import Document
    from plimsoll.semantics.alerting.watches import Watch

FAILED_STATUS = 1


class UsageError(ValueError):
    """What was asked for on the command line cannot be done."""


def run(options: Namespace) -> int:
    """Print what the rules do; return 0 proven, 1 not so, 2 where some of it cannot be told."""
    try:
        return _survey(options) if options.rules else _proven(options)
    except UsageError as error:
        sys.stderr.write(f"plimsoll: {error}\n")
        return USAGE_STATUS


def _proven(options: Namespace) -> int:
    environment = load(options.env).model
    folder = _folder(environment, options)
    documents, setting = _read(environment, folder)
    rules = watches_of(documents)
    if environment.alerts is None:
        raise ConfigurationError((f"{options.env}: no alerts are declared",))
    required = _wanted(environment.alerts.required, options.alert)
    status = _prove(required, rules, setting)
    if options.write:
        _write(Path(options.write), rules, required, setting)
    return status


def _prove(required: Sequence[RequiredAlert], rules: Sequence[Watch], setting: Setting) -> int:
    table, told, status = [], [], 0
    for demand in required:
        proof = prove(demand, rules, setting)
        table.append((demand.name, demand.severity, *row(proof, rules, setting)))
        wrong = [str(problem) for problem in problems(proof, setting, "")]
        unknown = [f"not known: {why}" for why in doubts(proof)]
        told += [f"{demand.name}: {line}" for line in (*wrong, *unknown)]
        outcomes = {account.outcome for account in proof.accounts}
        if outcomes & {Outcome.MISSED, Outcome.LATE, Outcome.RESOLVES, Outcome.NOISY}:
            status = FAILED_STATUS
        elif Outcome.UNKNOWN in outcomes and status == 0:
            status = UNDECIDABLE_STATUS
    heads = ("alert", "severity", "rules that fire", "after", "beyond", "in all trials")
    _print_table(heads, table)
    sys.stdout.writelines(f"\n{line}\n" for line in told)
    return status


def _survey(options: Namespace) -> int:
    rules = watches_of(tuple(_rules(Path(options.env))))
    lines = list(survey(rules, Setting()))
    heads = ("rule", "severity", "fires on", "from", "after", "remarks")
    _print_table(heads, [(*line,) for line in lines])
    return 0 if rules else UNDECIDABLE_STATUS


def _print_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    every = [tuple(heads), *(tuple(one) for one in rows)]
    widths = [max(len(row[column]) for row in every) for column in range(len(heads))]
    for one in every:
        cells = (text.ljust(width) for text, width in zip(one, widths, strict=True))
        sys.stdout.write("  ".join(cells).rstrip() + "\n")


def _wanted(declared: Sequence[RequiredAlert], names: Sequence[str]) -> tuple[RequiredAlert, ...]:
    known = {one.name: one for one in declared}
    unknown = [name for name in names if name not in known]
    if unknown:
        there = ", ".join(sorted(known))
        message = f"no required alert {', '.join(unknown)}; declared: {there}"
        raise UsageError(message)
    return tuple(known[name] for name in names) or tuple(declared)


def _folder(environment: Environment, options: Namespace) -> Path:
    if options.repository:
        folder = Path(options.repository)
        if not folder.is_dir():
            message = f"--repository {folder}: there is no such folder"
            raise UsageError(message)
        return folder
    if options.mock and environment.fixtures:
        return resources.fixtures() / environment.fixtures / "repository"
    message = "name the folder of the rules with --repository, or give --mock"
    raise UsageError(message)


def _read(environment: Environment, folder: Path) -> tuple[tuple[Document, ...], Setting]:
    declared = rule_files(environment)
    if isinstance(declared, Undeclared) or environment.alerts is None:
        reason = declared.reason if isinstance(declared, Undeclared) else "no alerts are declared"
        raise ConfigurationError((reason,))
    scrape = environment.repository.scrape if environment.repository else None
    config = _document(folder / scrape.config, scrape.config) if scrape else None
    compose = _document(folder / scrape.compose, scrape.compose) if scrape else None
    documents = tuple(doc for one in declared for doc in _rules(folder / one.id, one.id))
    return documents, setting_of(environment.alerts, config, compose)


def _rules(path: Path, name: str = "") -> Iterator[Document]:
    document = _document(path, name or str(path))
    refused = rule_problems(document)
    if refused:
        raise ConfigurationError(tuple(map(str, refused)))
    yield document


def _document(path: Path, name: str) -> Document:
    try:
        return parse_yaml_document(path.read_text(encoding="utf-8"), name)
    except OSError as error:
        raise ConfigurationError((f"{path}: {error.strerror}",)) from None
    except (DocumentError, UnicodeDecodeError) as error:
        raise ConfigurationError((str(error),)) from None


def _write(
    folder: Path, rules: Sequence[Watch], required: Sequence[RequiredAlert], setting: Setting
) -> None:
    """Write the trials as files of promtool, a folder a rule, and say how to run them."""
    for number, one in enumerate(certificates(rules, required, setting)):
        home = folder / (one.watch.name + (f"-{number}" if one.is_open else ""))
        home.mkdir(parents=True, exist_ok=True)
        (home / RULES_FILE).write_text(one.rules)
        (home / "test.yml").write_text(one.test)
    sys.stdout.write(f"\nwritten to {folder}: promtool test rules {folder}/*/test.yml\n")
