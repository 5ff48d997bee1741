"""The `repository` section of an environment file: what the deployed system's files must be."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from plimsoll.environment.exposure_model import Expositions
from plimsoll.environment.value import (
    DashboardSignal,
    File,
    Percent,
    Positive,
    Section,
    Slug,
    Text,
    Variable,
)

FileKind = Literal[
    "app-spec",
    "compose",
    "kubernetes",
    "prometheus",
    "alertmanager",
    "prometheus-rules",
    "grafana-dashboard",
    "json",
    "yaml",
    "text",
]


class RequiredFile(Section):
    """A file that must be there and be valid for its kind."""

    path: File
    kind: FileKind

    @property
    def listed_as(self) -> str:
        """Its path."""
        return self.path


class Compose(Section):
    """A Compose file, and which of its services must be there."""

    path: File
    monitoring: Annotated[tuple[Slug, ...], Field(min_length=1)] | None = None
    """Services that watch the others and must be wired to each other."""
    private_databases: bool = False
    """Whether other hosts must not reach the databases: no port of theirs may be published."""

    @property
    def listed_as(self) -> str:
        """Its path."""
        return self.path


class Scrape(Expositions):
    """What Prometheus must scrape, and how it is configured."""

    config: File
    compose: File
    services: Annotated[tuple[Slug, ...], Field(min_length=1)]
    exporters: dict[Slug, Slug] = Field(default_factory=dict)
    """For services that serve no metrics themselves: the service that exports theirs."""

    @model_validator(mode="after")
    def _exporters_of_services(self) -> Self:
        unknown = sorted(self.exporters.keys() - set(self.services))
        if unknown:
            message = f"an exporter of {', '.join(unknown)}, which is not among the services"
            raise ValueError(message)
        return self


class Dashboards(Section):
    """Grafana dashboards and the signals they must have panels for."""

    paths: Annotated[tuple[File, ...], Field(min_length=1)]
    signals: Annotated[tuple[DashboardSignal, ...], Field(min_length=1)]
    business_metrics: tuple[Text, ...] = ()
    """The metrics that the signal `business` means."""
    compose: File | None = None
    """The Compose file whose Grafana must load the dashboards, where that is to be shown."""


class Rollback(Section):
    """The rollback automation."""

    script: File
    consults: Annotated[
        tuple[Literal["health", "error_rate", "response_time"], ...], Field(min_length=1)
    ]
    platforms: Annotated[
        tuple[Literal["compose", "kubernetes", "digitalocean"], ...], Field(min_length=1)
    ]
    notifies: bool = False
    validates_after_deploy: bool = False


class HealthSource(Section):
    """Source code of a health service, and the metrics it must really collect."""

    path: File
    collects: Annotated[tuple[Text, ...], Field(min_length=1)]

    @property
    def listed_as(self) -> str:
        """Its path."""
        return self.path


class Secrets(Section):
    """Files that hand settings to programs, and the settings that must be there."""

    files: Annotated[tuple[RequiredFile, ...], Field(min_length=1)]
    required: tuple[Variable, ...] = ()
    """Settings that must be declared in at least one of the files."""


class LoadTest(Section):
    """The load test: how many users, how long, with which objectives."""

    script: File
    runner: File
    users: Positive
    minutes: Positive
    """The whole test, with its ramps."""
    hold_minutes: Positive | None = None
    """How long the peak must be held, where the environment asks for it."""
    p95_ms: Positive
    p99_ms: Positive
    error_percent: Percent
    scenarios: Annotated[tuple[Slug, ...], Field(min_length=1)]
    settings: dict[Variable, str] = Field(default_factory=dict)
    """Environment variables the script is evaluated with."""
    config: File | None = None
    """The file that `k6 run --config` is told, which is weaker than the script's own options."""
    k6_at_least: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")] | None = None


class RepositoryFiles(Section):
    """What the deployed system's repository must hold."""

    files: Annotated[tuple[RequiredFile, ...], Field(min_length=1)] | None = None
    executables: Annotated[tuple[File, ...], Field(min_length=1)] | None = None
    app_spec: File | None = None
    hpa: File | None = None
    compose: Annotated[tuple[Compose, ...], Field(min_length=1)] | None = None
    scrape: Scrape | None = None
    rule_files: Annotated[tuple[File, ...], Field(min_length=1)] | None = None
    dashboards: Dashboards | None = None
    rollback: Rollback | None = None
    scaling_monitor: File | None = None
    load_test: LoadTest | None = None
    health_sources: Annotated[tuple[HealthSource, ...], Field(min_length=1)] | None = None
    secrets: Secrets | None = None
    images: Annotated[tuple[File, ...], Field(min_length=1)] | None = None
    """Files, or shell patterns, that name container images to be pinned."""
    documents: Annotated[tuple[File, ...], Field(min_length=1)] | None = None
    """Files, or shell patterns, that must not hold default passwords or placeholders."""
