from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.semantics.credentials import recognizable
from plimsoll.semantics.setting import exposed_secrets, handed_over

if TYPE_CHECKING:
    from plimsoll.environment.repository_inventory import FileSubject, SettingSubject
    from plimsoll.findings import Expect
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
