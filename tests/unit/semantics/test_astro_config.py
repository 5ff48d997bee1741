"""An Astro configuration is read as code."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.facts.script import Answer
from plimsoll.semantics.astro_config import cleans_before_build
from plimsoll.semantics.javascript import JavaScriptError


@pytest.mark.parametrize(
    ("source", "answer"),
    [
        ("export default defineConfig({ build: { clean: true } });", Answer.YES),
        ("export default { 'build': { \"clean\": true } };", Answer.YES),
        ("const build = { clean: true }; export default { build };", Answer.YES),
        ("const clean = true; const c = { build: { clean } }; export default c;", Answer.YES),
        ("export default { build: { clean: false } };", Answer.NO),
        ("export default { build: { clean: true, clean: false } };", Answer.NO),
        ("export default { build: {} };", Answer.NO),
        ("export default {};", Answer.NO),
        ("export default { // build: { clean: true }\n};", Answer.NO),
        ("export default { note: 'build: { clean: true }' };", Answer.NO),
        ("export default { vite: { build: { clean: true } } };", Answer.NO),
        ("const config = { build: { clean: true } };", Answer.NO),
        ("export default { ...shared };", Answer.UNKNOWN),
        ("export default { build: { ...shared } };", Answer.UNKNOWN),
        ("export default { build: { clean: isProduction } };", Answer.UNKNOWN),
        ("export default { build: { clean: 1 } };", Answer.UNKNOWN),
        ("export default imported;", Answer.UNKNOWN),
        ("let build = { clean: true }; build = {}; export default { build };", Answer.UNKNOWN),
        ("export default () => ({});", Answer.UNKNOWN),
        ("export default merge({ build: { clean: true } }, other);", Answer.UNKNOWN),
        ("export default { build: { clean: true }, ...other };", Answer.UNKNOWN),
        ("export default { build: { clean: true, ...other } };", Answer.UNKNOWN),
        ("export default { ...other, build: { ...other, clean: true } };", Answer.YES),
        ("export default defineConfig({ build: { clean: true } } /* always */);", Answer.YES),
    ],
)
def test_only_what_is_exported_counts(source: str, answer: Answer) -> None:
    """Comments, texts and other objects say nothing; what is computed is not known."""
    assert cleans_before_build(source)[0] is answer


def test_the_line_of_the_setting_is_told() -> None:
    """A finding points at it."""
    assert cleans_before_build("export default {\n  build: {\n    clean: false } };")[1] == 3


def test_a_text_that_is_no_code_is_an_error() -> None:
    """Nothing is said about what cannot be parsed."""
    with pytest.raises(JavaScriptError):
        cleans_before_build("export default {")


parts = [
    "export default ",
    "{",
    "}",
    "build",
    ":",
    "clean",
    "true",
    "f(",
    ")",
    ",",
    "...",
    "a",
    ";",
]


@given(st.text(max_size=40) | st.lists(st.sampled_from(parts), max_size=14).map("".join))
def test_any_text_is_read_or_refused(source: str) -> None:
    """Reading is total: an answer, or a JavaScriptError."""
    try:
        answer, _ = cleans_before_build(source)
    except JavaScriptError:
        return
    assert answer is not Answer.YES or "true" in source
