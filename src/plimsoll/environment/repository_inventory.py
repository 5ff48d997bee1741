"""The declared files of the deployed system's repository, as the subjects of checks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from plimsoll.environment.inventory import Subjects, Undeclared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from plimsoll.environment.model import Environment
    from plimsoll.environment.repository_model import (
        Compose,
        HealthSource,
        RepositoryFiles,
        RequiredFile,
        Scrape,
    )

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FileSubject:
    """A file of the repository, as a subject; `kind` where one is declared."""

    id: str
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class NamedSubject:
    """A subject that is only a name: a signal, a scraped service, a scenario."""

    id: str


def in_repository(
    environment: Environment, section: str, pick: Callable[[RepositoryFiles], T | None]
) -> T | Undeclared:
    """Return what a section of `repository` declares, or that it declares nothing."""
    picked = pick(environment.repository) if environment.repository else None
    return Undeclared(f"no repository.{section} is declared") if picked is None else picked


def required_files(environment: Environment) -> Subjects[FileSubject]:
    """Return the files that must exist and be valid."""
    declared = in_repository(environment, "files", lambda repository: repository.files)
    return declared if isinstance(declared, Undeclared) else _typed(declared)


def executables(environment: Environment) -> Subjects[FileSubject]:
    """Return the scripts that must be executable in version control."""
    return _files(environment, "executables", lambda repository: repository.executables)


def rule_files(environment: Environment) -> Subjects[FileSubject]:
    """Return the files of alerting rules."""
    return _files(environment, "rule_files", lambda repository: repository.rule_files)


def image_files(environment: Environment) -> Subjects[FileSubject]:
    """Return the files and patterns that name container images."""
    return _files(environment, "images", lambda repository: repository.images)


def documents(environment: Environment) -> Subjects[FileSubject]:
    """Return the files and patterns that must hold no defaults and no placeholders."""
    return _files(environment, "documents", lambda repository: repository.documents)


def scaling_monitor(environment: Environment) -> Subjects[FileSubject]:
    """Return the script that watches scaling."""
    return _file(environment, "scaling_monitor", lambda repository: repository.scaling_monitor)


def prometheus_config(environment: Environment) -> Subjects[FileSubject]:
    """Return the Prometheus configuration."""
    declared = in_repository(environment, "scrape", lambda repository: repository.scrape)
    return declared if isinstance(declared, Undeclared) else (FileSubject(declared.config),)


@dataclass(frozen=True, slots=True)
class ScrapedService:
    """A service to be scraped, as a subject; `exporter` serves its metrics where it has one."""

    id: str
    scrape: Scrape

    @property
    def exporter(self) -> str | None:
        """The service that exports its metrics; None where it does so itself."""
        return self.scrape.exporters.get(self.id)


def scraped_services(environment: Environment) -> Subjects[ScrapedService]:
    """Return the services Prometheus must scrape."""
    declared = in_repository(environment, "scrape", lambda repository: repository.scrape)
    if isinstance(declared, Undeclared):
        return declared
    return tuple(ScrapedService(service, declared) for service in declared.services)


@dataclass(frozen=True, slots=True)
class DashboardSubject:
    """A dashboard file, as a subject."""

    id: str
    compose: str


def provisioned_dashboards(environment: Environment) -> Subjects[DashboardSubject]:
    """Return the dashboards that the Grafana of a Compose file must load."""
    declared = in_repository(environment, "dashboards", lambda repository: repository.dashboards)
    if isinstance(declared, Undeclared):
        return declared
    compose = declared.compose
    if compose is None:
        return Undeclared("no repository.dashboards.compose is declared")
    return tuple(DashboardSubject(path, compose) for path in declared.paths)


def dashboard_signals(environment: Environment) -> Subjects[NamedSubject]:
    """Return the signals that need a panel."""
    declared = in_repository(environment, "dashboards", lambda repository: repository.dashboards)
    if isinstance(declared, Undeclared):
        return declared
    return tuple(NamedSubject(signal) for signal in declared.signals)


def secret_files(environment: Environment) -> Subjects[FileSubject]:
    """Return the files that hand settings to programs."""
    declared = in_repository(environment, "secrets", lambda repository: repository.secrets)
    return declared if isinstance(declared, Undeclared) else _typed(declared.files)


@dataclass(frozen=True, slots=True)
class SettingSubject:
    """A setting that programs need, as a subject, and the files that may hand it over."""

    id: str
    files: tuple[RequiredFile, ...]


def required_settings(environment: Environment) -> Subjects[SettingSubject]:
    """Return the settings that at least one of the files with secrets must hand over."""
    declared = in_repository(environment, "secrets", lambda repository: repository.secrets)
    if isinstance(declared, Undeclared):
        return declared
    required = tuple(SettingSubject(name, declared.files) for name in declared.required)
    return required or Undeclared("no repository.secrets.required is declared")


@dataclass(frozen=True, slots=True)
class ComposeSubject:
    """A Compose file, as a subject."""

    id: str
    compose: Compose


def compose_files(environment: Environment) -> Subjects[ComposeSubject]:
    """Return the Compose files."""
    declared = in_repository(environment, "compose", lambda repository: repository.compose)
    if isinstance(declared, Undeclared):
        return declared
    return tuple(ComposeSubject(compose.path, compose) for compose in declared)


def monitoring_stacks(environment: Environment) -> Subjects[ComposeSubject]:
    """Return the Compose files that must hold the monitoring services."""
    found = compose_files(environment)
    if isinstance(found, Undeclared):
        return found
    stacks = tuple(subject for subject in found if subject.compose.monitoring)
    return stacks or Undeclared("no Compose file declares monitoring services")


def private_stacks(environment: Environment) -> Subjects[ComposeSubject]:
    """Return the Compose files whose databases other hosts must not reach."""
    found = compose_files(environment)
    if isinstance(found, Undeclared):
        return found
    private = tuple(subject for subject in found if subject.compose.private_databases)
    return private or Undeclared("no Compose file declares private_databases")


@dataclass(frozen=True, slots=True)
class HealthSourceSubject:
    """Source code of a health service, as a subject."""

    id: str
    source: HealthSource


def health_sources(environment: Environment) -> Subjects[HealthSourceSubject]:
    """Return the source files of health services."""
    declared = in_repository(
        environment, "health_sources", lambda repository: repository.health_sources
    )
    if isinstance(declared, Undeclared):
        return declared
    return tuple(HealthSourceSubject(source.path, source) for source in declared)


def _files(
    environment: Environment,
    section: str,
    pick: Callable[[RepositoryFiles], tuple[str, ...] | None],
) -> Subjects[FileSubject]:
    declared = in_repository(environment, section, pick)
    if isinstance(declared, Undeclared):
        return declared
    return tuple(FileSubject(path) for path in declared)


def _file(
    environment: Environment, section: str, pick: Callable[[RepositoryFiles], str | None]
) -> Subjects[FileSubject]:
    declared = in_repository(environment, section, pick)
    return declared if isinstance(declared, Undeclared) else (FileSubject(declared),)


def _typed(declared: Iterable[RequiredFile]) -> tuple[FileSubject, ...]:
    return tuple(FileSubject(required.path, required.kind) for required in declared)
