"""Build commands are read for how they install."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.semantics.install_command import installs
from plimsoll.semantics.shell.script import ShellError


@pytest.mark.parametrize(
    "command",
    [
        "pnpm install --frozen-lockfile",
        "corepack enable && pnpm i --frozen-lockfile && pnpm build",
        "CI=true pnpm --filter web install --frozen-lockfile=true",
        "npm ci",
        "npm clean-install --omit=dev",
        "yarn install --immutable",
        "yarn --frozen-lockfile",
        "bun install --frozen-lockfile",
        "if pnpm install --frozen-lockfile; then pnpm build; fi",
        "corepack pnpm install --frozen-lockfile",
        "npx --yes pnpm@10.18.3 install --frozen-lockfile",
        "npm install --global pnpm@10.18.3 && pnpm install --frozen-lockfile",
        "npm ic",
    ],
)
def test_a_frozen_install_is_known(command: str) -> None:
    """The option that freezes the lock file is an argument of the install."""
    (found,) = installs(command)
    assert found.is_frozen
    assert found.is_certain


@pytest.mark.parametrize(
    "command",
    [
        "pnpm install",
        "pnpm install --no-frozen-lockfile",
        "pnpm install --frozen-lockfile=false",
        "pnpm install --frozen-lockfile --no-frozen-lockfile",
        "pnpm add left-pad",
        "npm install",
        "npm install --frozen-lockfile",
        "yarn",
        "pnpm install # --frozen-lockfile",
        "pnpm install && echo --frozen-lockfile",
        "npx pnpm install",
        "pnpm update --frozen-lockfile",
        "npm up",
        "npm in",
        "npm install --global pnpm",
        "npm install -g pnpm@10",
        "npm install -g pnpm@10.18.3 left-pad",
    ],
)
def test_any_other_install_is_not_frozen(command: str) -> None:
    """Comments, messages and other programs' options freeze nothing."""
    assert [one.is_frozen for one in installs(command)] == [False]


@pytest.mark.parametrize(
    "command", ["", "pnpm build", "echo pnpm install", "# npm ci", "npm run ci", "corepack", "npx"]
)
def test_where_nothing_is_installed_nothing_is_found(command: str) -> None:
    """Scripts and messages are no installs."""
    assert installs(command) == ()


@pytest.mark.parametrize(
    "command",
    [
        "pnpm build || pnpm install --frozen-lockfile",
        "if test -d x; then npm ci; fi",
        "while read x; do npm ci; done",
        "pnpm install --frozen-lockfile || true",
        "npm ci || echo failed && npm run build",
    ],
)
def test_an_install_that_runs_only_sometimes_is_not_certain(command: str) -> None:
    """A build that may leave it out has not installed by the lock file."""
    assert not any(one.is_certain for one in installs(command))


@given(st.text(max_size=60))
def test_any_command_is_read_or_refused(command: str) -> None:
    """Reading is total: an answer, or a ShellError."""
    try:
        found = installs(command)
    except ShellError:
        return
    assert all(one.text for one in found)
