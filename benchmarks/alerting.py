"""Rules that are proven: by our own engine, and beside it by promtool.

A proof that proves nothing is fast: every required alert must be proven, every claim confirmed, and
of the large file as many rules must fire as can.
"""

from __future__ import annotations

import json
import shutil
import time
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from plimsoll import resources
from plimsoll.collectors import rule_tools
from plimsoll.environment.loader import load
from plimsoll.facts.document import parse_yaml_document
from plimsoll.semantics.alerting.proof import Outcome, always_firing, prove
from plimsoll.semantics.alerting.reaction import Setting, reaction, synthesis_of
from plimsoll.semantics.alerting.rule_set import setting_of, watches_of
from plimsoll.semantics.alerting.survey import survey
from plimsoll.semantics.alerting.trial_record import read

if TYPE_CHECKING:
    from pathlib import Path

    from plimsoll.environment.alerting_model import Alerts
    from plimsoll.facts.document import Document
    from plimsoll.semantics.alerting.watches import Watch

PROMTOOL_SECONDS = 300.0
SERVICES = {"api": "Api", "web": "Web", "checkout": "Checkout", "search": "Search", "mail": "Mail"}
_SHARE_FIRING = 0.6
"""At least so many of the rules of the large file fire on something: see tests/tools."""
_MINUTES = Setting(scrape_seconds=60, evaluation_seconds=60)


def prove_fixture() -> tuple[int, float]:
    """Return the number of the fixture's rules, and the seconds that proving them takes.

    Raises:
        ValueError: some required alert was not proven, or a rule fires in health.

    """
    fixture = _fixture()
    rules, setting = _tried(fixture)
    _forget()
    started = time.perf_counter()
    proofs = [prove(one, rules, setting) for one in fixture.alerts.required]
    quiet = not list(always_firing(rules, setting))
    seconds = time.perf_counter() - started
    outcomes = {account.outcome for proof in proofs for account in proof.accounts}
    if not quiet or not proofs or not outcomes <= {Outcome.FIRES, Outcome.SILENT}:
        raise ValueError("the rules of the fixture were not proven")
    return len(rules), seconds


def confirm_fixture() -> float | None:
    """Return the seconds that promtool takes for the same rules; None where there is no promtool.

    Raises:
        ValueError: promtool does not confirm everything, or passes a test that must fail.

    """
    program = shutil.which("promtool")
    if program is None:
        return None
    fixture = _fixture()
    settings = {
        "alerts": fixture.alerts.model_dump_json(),
        "rules": json.dumps(fixture.rules),
        "config": fixture.config,
        "compose": fixture.compose,
    }
    files = {path: (fixture.folder / path).read_text() for path in fixture.paths}
    started = time.perf_counter()
    record = read(rule_tools.trials(program, files, settings, PROMTOOL_SECONDS))
    seconds = time.perf_counter() - started
    if any(record.statuses.values()) or not record.statuses or not record.sentinel_status:
        raise ValueError("promtool did not confirm the rules of the fixture")
    return seconds


def survey_many(path: Path, at_least: int) -> tuple[int, float]:
    """Return how many rules were surveyed, and the seconds that it took.

    The rules of a file are repeated under other names, about other services.

    Raises:
        ValueError: fewer of them fire on something than do.

    """
    text = path.read_text()
    once = len(watches_of((_copy(text, 0),)))
    copies = ceil(at_least / once)
    rules = watches_of(tuple(_copy(text, number) for number in range(copies)))
    _forget()
    started = time.perf_counter()
    lines = list(survey(rules, _MINUTES))
    seconds = time.perf_counter() - started
    firing = {one.rule for one in lines if one.after != "–"}
    if len(firing) < once * copies * _SHARE_FIRING:
        raise ValueError("not all rules of the large file were tried")
    return len(rules), seconds


@dataclass(frozen=True, slots=True)
class _Fixture:
    """The files of the mocked App-Oint by which its rules are proven."""

    folder: Path
    alerts: Alerts
    rules: tuple[str, ...]
    config: str
    compose: str

    @property
    def paths(self) -> tuple[str, ...]:
        return (*self.rules, self.config, self.compose)

    def document(self, path: str) -> Document:
        return parse_yaml_document((self.folder / path).read_text(), path)


def _fixture() -> _Fixture:
    environment = load(str(resources.environments() / "app-oint.yaml")).model
    repository, alerts = environment.repository, environment.alerts
    scrape = repository.scrape if repository else None
    if not (repository and repository.rule_files and scrape and scrape.compose and alerts):
        raise ValueError("the mocked App-Oint declares no rules that could be proven")
    folder = resources.fixtures() / str(environment.fixtures) / "repository"
    return _Fixture(folder, alerts, repository.rule_files, scrape.config, scrape.compose)


def _tried(fixture: _Fixture) -> tuple[tuple[Watch, ...], Setting]:
    rules = watches_of(tuple(fixture.document(path) for path in fixture.rules))
    config, compose = fixture.document(fixture.config), fixture.document(fixture.compose)
    return rules, setting_of(fixture.alerts, config, compose)


def _copy(text: str, number: int) -> Document:
    """Return a rule file about other services, whose alerts and records have other names."""
    made = text
    for service in SERVICES:
        made = made.replace(f'"{service}"', f'"{service}{number}"')
    made = made.replace("- alert: ", f"- alert: Copy{number}")
    for family in ("service:", "instance:"):
        made = made.replace(family, f"copy{number}:{family}")
    return parse_yaml_document(made, f"copy-{number}.yml")


def _forget() -> None:
    """Forget what was worked out before, so that it is worked out while it is measured."""
    reaction.cache_clear()
    synthesis_of.cache_clear()
