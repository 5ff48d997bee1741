"""The shape of `fixtures/<system>/monitoring/*.yaml`: what the mocked monitoring systems know.

Targets and rules are laid out as the repository's files configure them, all of them well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, TypeVar

from pydantic import Field

from plimsoll.environment.loader import parse, read, validated
from plimsoll.environment.value import Count, File, Positive, Section, Text

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = "monitoring"

S = TypeVar("S", bound=Section)


class MeasuredPlan(Section):
    """What a declared expression answers over its window."""

    expression: Text
    share: Annotated[float, Field(ge=0, le=1)]
    minutes: Count


class PrometheusPlan(Section):
    """A Prometheus: the files it is configured by, and what it measured."""

    format: Annotated[Literal["plimsoll/mocked-prometheus/1"], Field(alias="schema")]
    config: File
    """The configuration in the repository, whose static targets it scrapes."""
    rules: Annotated[tuple[File, ...], Field(min_length=1)]
    """The rule files in the repository."""
    rules_folder: Text
    """Where it finds the rule files."""
    interval_seconds: Positive
    """How often rules are evaluated."""
    alertmanagers: Annotated[tuple[Text, ...], Field(min_length=1)]
    retention: Text
    measured: tuple[MeasuredPlan, ...] = ()


class MatcherPlan(Section):
    """A matcher of a silence."""

    name: Text
    value: Text
    is_regex: bool = False
    is_equal: bool = True


class SilencePlan(Section):
    """A silence that began and ends so many hours from now; in the past it has ended."""

    matchers: Annotated[tuple[MatcherPlan, ...], Field(min_length=1)]
    began_hours_ago: Count
    lasts_hours: Positive
    comment: Text


class AlertmanagerPlan(Section):
    """An Alertmanager: its silences."""

    format: Annotated[Literal["plimsoll/mocked-alertmanager/1"], Field(alias="schema")]
    silences: tuple[SilencePlan, ...] = ()


class DatasourcePlan(Section):
    """A datasource."""

    uid: Text
    name: Text
    type: Text
    url: Text


class DashboardPlan(Section):
    """A dashboard in a folder."""

    uid: Text
    title: Text
    folder: Text


class GrafanaPlan(Section):
    """A Grafana: its datasources and dashboards."""

    format: Annotated[Literal["plimsoll/mocked-grafana/1"], Field(alias="schema")]
    datasources: Annotated[tuple[DatasourcePlan, ...], Field(min_length=1)]
    dashboards: Annotated[tuple[DashboardPlan, ...], Field(min_length=1)]


def load_plan(folder: Path, system: str, kind: type[S]) -> S | None:
    """Return what is planned for a system; None where its file is not there.

    Raises ConfigurationError naming file, line and key.
    """
    path = folder / FOLDER / f"{system}.yaml"
    return validated(kind, parse(read(path), path)) if path.is_file() else None
