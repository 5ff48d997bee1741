"""Credentials reach the application from where secrets are kept, and from nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.semantics.credentials import recognizable
from plimsoll.semantics.digitalocean.running import running_spec
from plimsoll.semantics.setting import exposed_secrets, handed_over

if TYPE_CHECKING:
    from plimsoll.environment.cloud_inventory import AppSubject
    from plimsoll.environment.model import Environment
    from plimsoll.environment.repository_inventory import FileSubject, SettingSubject
    from plimsoll.facts.app_platform import App
    from plimsoll.findings import Expect, Observed
    from plimsoll.pytest_plugin.repository_view import RepositoryView


@pytest.mark.control("DLV-05")
def test_secrets_are_kept_out_of_the_file(
    secret_file: FileSubject, repository: RepositoryView, expect: Expect
) -> None:
    """Read every variable, command option and other value of the file; judge name and shape.

    A value that a name or its shape makes a secret must be a reference. A default, as in
    ${NAME:-value}, is judged as what it is: written in clear. An encrypted or missing value must be
    marked as a secret, or the platform shows it to everyone. What is recognizable as a secret by
    its shape alone must stand nowhere in the file, comments included.
    """
    origin = repository.origin_of(secret_file.id)
    text, documents = repository.text(secret_file.id), repository.documents(secret_file.id)
    is_filled = any(document.data for document in documents)
    expect.that(is_filled, "content", observed=None, expected="settings to judge", at=origin)
    expect.none(
        [(f"a {kind}", f"{secret_file.id}:{line}") for kind, line in recognizable(text)],
        "text of the file",
        expected="no secret",
        at=origin,
    )
    for name, problem, where in exposed_secrets(secret_file.kind, documents):
        expect.none([(problem, where)], f"{name} setting", expected="a reference", at=origin)


@pytest.mark.control("DLV-05")
def test_required_setting_is_handed_over(
    required_setting: SettingSubject, repository: RepositoryView, expect: Expect
) -> None:
    """Look for the setting in each declared file; at least one must hand it to a program.

    A comment hands over nothing, nor does an empty value or a placeholder.
    """
    named = [file.path for file in required_setting.files]
    present = [file for file in required_setting.files if repository.has(file.path)]
    handing = [
        file.path
        for file in present
        if required_setting.id in handed_over(file.kind, repository.documents(file.path))
    ]
    expect.that(
        bool(handing),
        f"{required_setting.id} setting",
        observed=None,
        expected="handed over by at least one file",
        at=repository.origin.at(", ".join(named)),
    )


@pytest.mark.control("DLV-05")
def test_secrets_are_kept_out_of_the_app(
    secret_app: AppSubject, app: Observed[App], expect: Expect, environment: Environment
) -> None:
    """Read every variable and every other value of what the app was told to run, and of what runs.

    The platform shows a variable that is not typed as a secret to everyone who may look at the app,
    so none of these may hold what a name or its shape makes a secret. Where a specification is
    among the declared files, the app must have every required setting.
    """
    declared = environment.repository.secrets if environment.repository else None
    found, at = app.value, app.origin
    specs = [spec for spec in (found.spec, found.active_spec) if spec is not None]
    told: dict[str, tuple[str, str]] = {}
    for name, problem, where in exposed_secrets("app-spec", specs):
        told.setdefault(name, (problem, where))
    expect.none([], "settings", expected="no secret in clear", at=at)
    for name, (problem, where) in told.items():
        expect.none([(problem, where)], f"{name} setting", expected="a secret", at=at)
    in_spec = declared is not None and any(file.kind == "app-spec" for file in declared.files)
    running = running_spec(app)
    given = handed_over("app-spec", [running])
    for setting in declared.required if declared is not None and in_spec else ():
        expect.that(
            setting in given,
            f"{setting} setting",
            observed=None,
            expected="handed over by the app",
            at=at.at(running.where()),
        )
