"""The files whose metrics and labels a Prometheus must really have, as the subjects of checks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from plimsoll.environment.inventory import Subjects, Target, Undeclared, targets
from plimsoll.environment.repository_inventory import in_repository

if TYPE_CHECKING:
    from plimsoll.environment.model import Environment
    from plimsoll.environment.repository_model import RepositoryFiles, Scrape


@dataclass(frozen=True, slots=True)
class AskingFile:
    """A file that asks Prometheus for series, as a subject, with what is scraped."""

    id: str
    kind: Literal["rules", "dashboard"]
    scrape: Scrape


def asking_rule_files(environment: Environment) -> Subjects[AskingFile]:
    """Return the files of alerting rules, where it is declared what is scraped."""
    scrape = _scrape(environment)
    if isinstance(scrape, Undeclared):
        return scrape
    paths = in_repository(environment, "rule_files", lambda repository: repository.rule_files)
    if isinstance(paths, Undeclared):
        return paths
    return tuple(AskingFile(path, "rules", scrape) for path in paths)


def asking_dashboards(environment: Environment) -> Subjects[AskingFile]:
    """Return the dashboards, where it is declared what is scraped."""
    scrape = _scrape(environment)
    if isinstance(scrape, Undeclared):
        return scrape
    declared = in_repository(environment, "dashboards", lambda repository: repository.dashboards)
    if isinstance(declared, Undeclared):
        return declared
    return tuple(AskingFile(path, "dashboard", scrape) for path in declared.paths)


def asking_files(environment: Environment) -> Subjects[AskingFile]:
    """Return the files of alerting rules and the dashboards, as far as there are any, each once."""
    rules, dashboards = asking_rule_files(environment), asking_dashboards(environment)
    found = [files for files in (rules, dashboards) if not isinstance(files, Undeclared)]
    if not found:
        return rules
    named: dict[str, AskingFile] = {}
    for files in found:
        for file in files:
            named.setdefault(file.id, file)
    return tuple(named.values())


def shown_targets(environment: Environment, endpoint: str) -> tuple[Target, ...]:
    """Return the endpoint of metrics with this name in every region."""
    found = targets(environment, ["metrics"])
    if isinstance(found, Undeclared):
        return ()
    mine = {one.name for one in environment.endpoints or () if one.name == endpoint}
    return tuple(one for one in found if one.id.rpartition("/")[2] in mine)


def _scrape(environment: Environment) -> Scrape | Undeclared:
    def declared(repository: RepositoryFiles) -> Scrape | None:
        return repository.scrape

    return in_repository(environment, "scrape", declared)
