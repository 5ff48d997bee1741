"""What alerts and dashboards ask for is exported by something that is scraped, and labeled so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.findings import NotObserved, NotTested
from plimsoll.semantics.dashboards.reading import DashboardError, parse_dashboard
from plimsoll.semantics.exposure.judgment import label_findings, metric_findings
from plimsoll.semantics.exposure.questions import questions_of_alerts, questions_of_dashboard
from plimsoll.semantics.rule_file import alert_rules

if TYPE_CHECKING:
    from plimsoll.environment.exposure_inventory import AskingFile
    from plimsoll.findings import Expect, Origin
    from plimsoll.pytest_plugin.repository_view import RepositoryView
    from plimsoll.semantics.exposure.deployment import Deployment
    from plimsoll.semantics.exposure.judgment import Findings
    from plimsoll.semantics.exposure.questions import Question


@pytest.mark.control("MET-07a")
def test_every_metric_of_an_alert_is_exported(
    asking_rule_file: AskingFile,
    repository: RepositoryView,
    scraped_world: Deployment,
    expect: Expect,
) -> None:
    """Look for a scraped target behind every metric that the alerts of the file read.

    A target exposes what was read of it, what its well-known image exports, and what declared
    scripts write for it; one that does not answer with metrics exposes nothing. Recording rules are
    followed to what they read. A metric that a target may expose of which that was not seen is not
    known; one that belongs to a well-known exporter is exported by nobody where none is scraped.
    """
    origin = repository.origin_of(asking_rule_file.id)
    questions = _questions(asking_rule_file, repository)
    found = metric_findings(questions, scraped_world)
    dead = f"{len(found.dead)} of {len(questions)}: {', '.join(found.dead)}"
    expect.that(
        not found.dead, "alerts that can never fire", observed=dead, expected="none", at=origin
    )
    _state(found, expect, origin)


@pytest.mark.control("MET-07b")
def test_every_panel_shows_metrics_that_are_exported(
    asking_dashboard: AskingFile,
    repository: RepositoryView,
    scraped_world: Deployment,
    expect: Expect,
) -> None:
    """Look for a scraped target behind every metric that the panels of the dashboard query.

    What a target exposes is told as for alerts.
    """
    questions = _questions(asking_dashboard, repository)
    found = metric_findings(questions, scraped_world)
    _state(found, expect, repository.origin_of(asking_dashboard.id))


@pytest.mark.control("MET-07c")
def test_every_label_that_is_relied_on_is_attached(
    asking_file: AskingFile,
    repository: RepositoryView,
    scraped_world: Deployment,
    expect: Expect,
) -> None:
    """Look for every label that the file's expressions and templates ask for.

    The labels of a series are those that its target exposes it with, and those that static_configs
    and relabel_configs attach, evaluated as Prometheus does; the series it writes of each scrape,
    such as up, have the target's alone. Selectors, by, on and group_left must name labels that some
    series has, a selector of attached labels a value that some target gives, and annotations labels
    that the answer of the expression keeps.
    """
    found = label_findings(_questions(asking_file, repository), scraped_world)
    _state(found, expect, repository.origin_of(asking_file.id))


def _questions(file: AskingFile, repository: RepositoryView) -> tuple[Question, ...]:
    """Return what the file asks Prometheus; where it asks nothing, nothing can be judged."""
    document, origin = repository.document(file.id), repository.origin_of(file.id)
    if file.kind == "rules":
        questions = questions_of_alerts(alert_rules(document))
    else:
        try:
            dashboard = parse_dashboard(repository.text(file.id))
        except DashboardError as error:
            raise NotObserved(str(error), origin) from None
        questions = questions_of_dashboard(dashboard, document)
    if not questions:
        raise NotObserved("asks for nothing, so there is nothing to judge", origin)
    return questions


def _state(found: Findings, expect: Expect, origin: Origin) -> None:
    for title, problems in found.judged.items():
        expect.no_problems(problems, title, at=origin)
    if found.doubt:
        raise (NotTested if found.untested else NotObserved)(found.doubt, origin)
