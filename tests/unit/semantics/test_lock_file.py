"""A lock file belongs to a manifest, or it does not."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.facts.document import parse_json
from plimsoll.semantics.lock_file import problems

MANIFEST = parse_json(
    json.dumps({"dependencies": {"astro": "5.1.0"}, "devDependencies": {"vite": "^6.0.0"}}),
    "package.json",
)
PNPM = """lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      astro: {specifier: 5.1.0, version: 5.1.0}
    devDependencies:
      vite: {specifier: ^6.0.0, version: 6.0.1}
"""
NPM = {
    "lockfileVersion": 3,
    "packages": {"": {"dependencies": {"astro": "5.1.0"}, "devDependencies": {"vite": "^6.0.0"}}},
}


def found(text: str, path: str) -> list[str]:
    """Return what is wrong with a lock file of the manifest."""
    return [problem.what for problem in problems(text, path, MANIFEST)]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (PNPM, "pnpm-lock.yaml"),
        (json.dumps(NPM), "web/package-lock.json"),
        ("# yarn lockfile v1\n", "yarn.lock"),
        ("__metadata:\n  version: 8\n", "yarn.lock"),
        ('{"lockfileVersion": 1,}', "bun.lock"),
    ],
)
def test_the_lock_file_of_the_manifest_is_right(text: str, path: str) -> None:
    """It asks for what the manifest asks for."""
    assert found(text, path) == []


@pytest.mark.parametrize(
    ("text", "path", "what"),
    [
        ("", "pnpm-lock.yaml", "it is empty"),
        ("importers: {}", "pnpm-lock.yaml", "no lockfileVersion"),
        ("{", "pnpm-lock.yaml", "it cannot be parsed"),
        ("{", "package-lock.json", "it cannot be parsed"),
        ("{}", "package-lock.json", "no lockfileVersion"),
        ("", "yarn.lock", "no header of a lock file"),
        ("text", "bun.lock", "no header of a lock file"),
        (
            PNPM.replace("specifier: 5.1.0", "specifier: 5.0.0"),
            "pnpm-lock.yaml",
            "astro is locked for 5.0.0",
        ),
        (PNPM.replace("astro:", "astra:"), "pnpm-lock.yaml", "astro is not in it"),
    ],
)
def test_any_other_is_a_problem(text: str, path: str, what: str) -> None:
    """Its format, or what it was made for, is not that of the manifest."""
    assert what in found(text, path)


def test_what_nobody_asks_for_is_a_problem() -> None:
    """A frozen install refuses a lock file that holds more than the manifest."""
    more = PNPM + "      left: {specifier: 1.0.0, version: 1.0.0}\n"
    assert found(more, "pnpm-lock.yaml") == ["left is in it"]


@given(
    text=st.text(max_size=40) | st.sampled_from(["[]", "1", "a: &a [*a]", "- - ."]),
    name=st.sampled_from(["pnpm-lock.yaml", "package-lock.json", "yarn.lock", "bun.lock", "x"]),
)
def test_any_text_is_judged(text: str, name: str) -> None:
    """Judging is total, and no arbitrary text is the lock file of a manifest that asks for things."""
    assert found(text, name) != []


def test_what_pnpm_adds_by_itself_is_no_difference() -> None:
    """Peers are installed beside what was asked for, and an override stands in its place."""
    manifest = parse_json(
        json.dumps({"dependencies": {"astro": "5.1.0"}, "peerDependencies": {"react": "^19.0.0"}}),
        "package.json",
    )
    lock = """lockfileVersion: '9.0'
overrides: {astro: 5.1.9}
importers:
  .:
    dependencies:
      astro: {specifier: 5.1.9, version: 5.1.9}
      react: {specifier: ^19.0.0, version: 19.0.0}
"""
    assert problems(lock, "pnpm-lock.yaml", manifest) == ()
    (other,) = problems(lock.replace("5.1.9", "5.1.8", 1), "pnpm-lock.yaml", manifest)
    assert other.what == "astro is locked for 5.1.9"
    (foreign,) = problems(lock.replace("react", "vue"), "pnpm-lock.yaml", manifest)
    assert foreign.what == "vue is in it"
