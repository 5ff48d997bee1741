"""Every alert says how bad it is, what happened, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.semantics.credentials import is_placeholder
from plimsoll.semantics.rule_file import alert_rules

if TYPE_CHECKING:
    from plimsoll.environment.repository_inventory import FileSubject
    from plimsoll.facts.alert_rule import AlertRule
    from plimsoll.findings import Expect
    from plimsoll.pytest_plugin.repository_view import RepositoryView

RUNBOOK_ANNOTATIONS = ("runbook_url", "runbook")


@pytest.mark.control("ALR-06")
def test_every_alert_tells_its_severity_and_what_to_do(
    rule_file: FileSubject, repository: RepositoryView, expect: Expect
) -> None:
    """Read every alert of the rule file: a severity label, a summary, a description, a runbook.

    Each must be there and filled in. The runbook is an annotation `runbook_url` or `runbook` that
    holds an address, or the path of a file of the repository. A file without alerts deviates.
    """
    origin = repository.origin_of(rule_file.id)
    alerts = alert_rules(repository.document(rule_file.id))
    expect.at_least(1, len(alerts), "alerts", at=origin)
    for alert in alerts:
        runbook = _runbook(alert)
        stated = {
            "severity": alert.labels.get("severity"),
            "summary": alert.annotations.get("summary"),
            "description": alert.annotations.get("description"),
            "runbook": runbook,
        }
        for name, text in stated.items():
            is_filled = bool(text and text.strip()) and not is_placeholder(text or "")
            is_found = name != "runbook" or _leads_somewhere(runbook or "", repository)
            expect.that(
                is_filled and is_found,
                f"{name} of alert {alert.name}",
                observed=text or None,
                expected="a link" if name == "runbook" else "a text",
                at=origin.at(alert.where),
            )


def _runbook(alert: AlertRule) -> str | None:
    return next(
        (text for name in RUNBOOK_ANNOTATIONS if (text := alert.annotations.get(name))), None
    )


def _leads_somewhere(link: str, repository: RepositoryView) -> bool:
    return link.startswith(("https://", "http://")) or repository.has(link.removeprefix("./"))
