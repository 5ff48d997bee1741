"""What checks see of the alerts: the rules of the declared files, tried in imaginary systems."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from plimsoll.environment.inventory import Undeclared
from plimsoll.environment.repository_inventory import FileSubject, rule_files
from plimsoll.facts.tool_output import ToolOutput, ToolProbe
from plimsoll.findings import NotObserved, Observed
from plimsoll.pytest_plugin.narrowing import narrowed
from plimsoll.pytest_plugin.options import settings_of

if TYPE_CHECKING:
    from plimsoll.environment.alerting_inventory import RequiredAlertSubject
    from plimsoll.environment.model import Environment
    from plimsoll.facts.document import Document
    from plimsoll.facts.exposure import Exposure
    from plimsoll.findings import Origin
    from plimsoll.pytest_plugin.examination import Examination
    from plimsoll.pytest_plugin.options import Settings
    from plimsoll.pytest_plugin.repository_view import RepositoryView
    from plimsoll.semantics.alerting.accounts import Proof
    from plimsoll.semantics.alerting.reaction import Setting
    from plimsoll.semantics.alerting.trial_record import TrialRecord
    from plimsoll.semantics.alerting.watches import Watch


class RuleBench:
    """The rules of the declared files, and the server that evaluates them."""

    def __init__(
        self, examination: Examination, repository: RepositoryView, settings: Settings
    ) -> None:
        self._examination = examination
        self._settings = settings
        self._environment = examination.environment
        self._repository = repository

    @property
    def origin(self) -> Origin:
        """The declared rule files as a place."""
        return self._repository.origin_of(", ".join(self._paths))

    def command(self, subject: RequiredAlertSubject) -> str:
        """Return the commands that repeat the trials of a required alert without Plimsoll."""
        asked = self._settings
        folder = f"--repository {asked.repository}" if asked.repository else "--mock"
        prove = f"plimsoll prove {asked.env} {folder} --alert {subject.id} --write trials"
        return f"{prove} && promtool test rules trials/*/test.yml"

    @property
    def watches(self) -> tuple[Watch, ...]:
        """Every alerting rule with what it stands on.

        Raises NotObserved where a file cannot be read as rules: what it holds is then not known.
        """
        return self._examination.once("alerting rules", self._watches)

    def of_file(self, path: str) -> tuple[Watch, ...]:
        """Return the alerting rules that stand in one file."""
        return tuple(one for one in self.watches if one.where.rpartition(":")[0] == path)

    def setting(self, exposure: Exposure | None = None) -> Setting:
        """Return how the rules are tried: on what is exposed, or on the logic alone."""
        what = "rules on the logic" if exposure is None else "rules on what is exposed"
        return self._examination.once(what, lambda: self._setting(exposure))

    def _setting(self, exposure: Exposure | None) -> Setting:
        from plimsoll.semantics.alerting.rule_set import setting_of  # noqa: PLC0415 (slow)

        alerts, scrape = self._environment.alerts, self._scrape
        if alerts is None:
            message = "rules are tried where alerts are declared"
            raise TypeError(message)
        config = self._repository.document(scrape[0]) if scrape else None
        compose = self._repository.document(scrape[1]) if scrape else None
        return setting_of(alerts, config, compose, exposure)

    def prove(self, subject: RequiredAlertSubject, exposure: Exposure | None = None) -> Proof:
        """Try the rules in everything that a required alert asks for.

        Where promtool was at hand, what was worked out of the logic must be as it says. Raises
        NotObserved where the two disagree: then nobody knows.
        """
        from plimsoll.semantics.alerting import trial_record  # noqa: PLC0415 (slow)
        from plimsoll.semantics.alerting.proof import prove  # noqa: PLC0415 (slow)

        setting = self.setting(exposure)
        record = self._examination.once("what promtool confirmed", self._record)
        if record is None:
            return prove(subject.required, self.watches, setting)
        confirmed = trial_record.confirmed(record) if exposure is None else frozenset()
        proof = prove(subject.required, self.watches, setting, confirmed)
        against = trial_record.disagreement(record, proof.covering)
        if against:
            raise NotObserved(against, self.origin)
        return proof

    def _record(self) -> TrialRecord | None:
        """Return what promtool confirmed; None where it did not look."""
        from plimsoll.semantics.alerting import trial_record  # noqa: PLC0415 (slow)

        planned = certificate_plan(self._environment, self._examination.subject)
        told = self._examination.sighting(planned)
        return None if isinstance(told, NotObserved) else trial_record.read(told.value.output)

    @property
    def _scrape(self) -> tuple[str, str] | None:
        declared = self._environment.repository
        if declared is None or declared.scrape is None:
            return None
        return declared.scrape.config, declared.scrape.compose

    @property
    def _paths(self) -> tuple[str, ...]:
        declared = rule_files(self._environment)
        return () if isinstance(declared, Undeclared) else tuple(one.id for one in declared)

    def _watches(self) -> tuple[Watch, ...]:
        from plimsoll.semantics.alerting.rule_set import watches_of  # noqa: PLC0415 (slow)

        return watches_of(tuple(self._sound(path) for path in self._paths))

    def _sound(self, path: str) -> Document:
        from plimsoll.semantics.rule_file import problems  # noqa: PLC0415 (slow)

        document = self._repository.document(path)
        refused = problems(document)
        if refused:
            reason = f"Prometheus does not load this file: {refused[0].what}"
            raise NotObserved(reason, self._repository.origin_of(path).at(refused[0].where))
        return document


@pytest.fixture
def rules(
    examination: Examination, repository: RepositoryView, request: pytest.FixtureRequest
) -> RuleBench:
    """Return the rules of the declared files, ready to be tried."""
    return RuleBench(examination, repository, settings_of(request.config))


@pytest.fixture
def acceptance(examination: Examination, repository: RepositoryView) -> Observed[ToolOutput]:
    """Return what the program that reads the subject's file says of it; its absence deviates."""
    file = narrowed(examination.subject, "a file of the alerting", FileSubject)
    repository.text(file.id)
    return examination.observed(acceptance_plan(examination.environment, file))


def certificate_plan(environment: Environment, subject: object) -> ToolProbe:  # noqa: ARG001 (every plan has it)
    """Return the trial of all rules by promtool: one for the whole run."""
    declared = rule_files(environment)
    paths = [] if isinstance(declared, Undeclared) else [one.id for one in declared]
    scrape = environment.repository.scrape if environment.repository else None
    alerts = environment.alerts.model_dump_json() if environment.alerts else "{}"
    return ToolProbe(
        "promtool-trials",
        paths[0] if paths else "",
        (
            ("alerts", alerts),
            ("compose", scrape.compose if scrape else ""),
            ("config", scrape.config if scrape else ""),
            ("rules", json.dumps(paths)),
        ),
    )


def acceptance_plan(environment: Environment, subject: object) -> ToolProbe:  # noqa: ARG001 (every plan has it)
    """Return the question to the program that reads the file in production."""
    file = narrowed(subject, "a file of the alerting", FileSubject)
    return ToolProbe(f"accepts-{file.kind}", file.id)
