"""The declared automation of the system, as subjects: rolling back, testing under load."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from plimsoll.environment.inventory import Subjects, Undeclared
from plimsoll.environment.repository_inventory import in_repository

if TYPE_CHECKING:
    from plimsoll.environment.model import Environment
    from plimsoll.environment.repository_model import LoadTest, Rollback


@dataclass(frozen=True, slots=True)
class RollbackSubject:
    """The rollback script, as a subject, and what it must do."""

    id: str
    rollback: Rollback


def rollback_script(environment: Environment) -> Subjects[RollbackSubject]:
    """Return the rollback script."""
    declared = in_repository(environment, "rollback", lambda repository: repository.rollback)
    if isinstance(declared, Undeclared):
        return declared
    return (RollbackSubject(declared.script, declared),)


@dataclass(frozen=True, slots=True)
class LoadTestSubject:
    """The load test's script or its runner, as a subject, and what the test must do."""

    id: str
    load_test: LoadTest


def load_tests(environment: Environment) -> Subjects[LoadTestSubject]:
    """Return the load test's script."""
    declared = in_repository(environment, "load_test", lambda repository: repository.load_test)
    if isinstance(declared, Undeclared):
        return declared
    return (LoadTestSubject(declared.script, declared),)


def load_test_runners(environment: Environment) -> Subjects[LoadTestSubject]:
    """Return the load test's runner script."""
    declared = in_repository(environment, "load_test", lambda repository: repository.load_test)
    if isinstance(declared, Undeclared):
        return declared
    return (LoadTestSubject(declared.runner, declared),)


@dataclass(frozen=True, slots=True)
class ProgramSubject:
    """A program that must be at hand, as a subject, and its least version."""

    id: str
    least_version: str


def k6_requirements(environment: Environment) -> Subjects[ProgramSubject]:
    """Return the requirement of a k6 program, where a version is declared."""
    declared = in_repository(environment, "load_test", lambda repository: repository.load_test)
    if isinstance(declared, Undeclared):
        return declared
    if declared.k6_at_least is None:
        return Undeclared("no repository.load_test.k6_at_least is declared")
    return (ProgramSubject("k6", declared.k6_at_least),)
