"""Source code is read for what the program does when it is told to end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.semantics.javascript import JavaScriptError
from plimsoll.semantics.signal_handling import signal_handling

EXITS = "() => { process.exit(1); }"


def handled(source: str, path: str = "a.mjs") -> set[str]:
    """Return the events that a source handles."""
    return set(signal_handling(source, path).handled)


@pytest.mark.parametrize(
    "source",
    [
        'process.on("SIGTERM", end);',
        "process.once('SIGTERM', () => end());",
        'for (const name of ["SIGTERM", "SIGINT"]) process.on(name, () => end(name));',
        'const names = ["SIGTERM"]; for (const name of names) { process.on(name, end); }',
        '["SIGTERM", "SIGINT"].forEach((name) => process.once(name, end));',
        "class A { listen() { process.addListener('SIGTERM', () => this.end()); } }",
        "process.on(`SIGTERM`, end);",
        "process.on('SIGTERM', () => { console.log('bye'); ending = true; });",
        "process.on('SIGTERM', () => { throw new Error('ended'); });",
    ],
)
def test_a_handler_is_found_however_it_is_registered(source: str) -> None:
    """A listener of the process that does something handles the event."""
    assert "SIGTERM" in handled(source)


@pytest.mark.parametrize(
    "source",
    [
        '// process.on("SIGTERM", end);',
        'log("process.on(SIGTERM)");',
        'process.on("SIGTERM", () => {});',
        'process.on("SIGTERM", () => { /* later */ });',
        'process.on("SIGTERM");',
        'process.off("SIGTERM", end);',
        'emitter.on("SIGTERM", end);',
        "process.on(name, end);",
        'function idle() {} process.on("SIGTERM", idle);',
        'process.on("SIGTERM", () => { console.log("bye"); });',
        'process.on("SIGTERM", () => console.log("bye"));',
        'process.on("SIGTERM", function () { return; });',
        'process.on("SIGTERM", () => null);',
        'process.on("SIGTERM", undefined);',
        "process.on(`SIG${name}`, end);",
    ],
)
def test_what_handles_nothing_is_no_handler(source: str) -> None:
    """Words, other emitters and empty functions do nothing on a signal."""
    assert "SIGTERM" not in handled(source)


@pytest.mark.parametrize(
    ("source", "expected_ms"),
    [
        (f"setTimeout({EXITS}, 30000);", 30_000),
        (f"setTimeout({EXITS}, 30_000).unref();", 30_000),
        (f"const LIMIT = 30 * 1000; setTimeout({EXITS}, LIMIT);", 30_000),
        ("setTimeout(process.exit, 5000, 1);", 5_000),
        ("function die() { process.exit(1); } setTimeout(die, 10_000);", 10_000),
        (f"class A {{ #limit = 9000; f() {{ setTimeout({EXITS}, this.#limit); }} }}", 9_000),
        (f"setTimeout({EXITS}, 1000); setTimeout({EXITS}, 2000);", 2_000),
        (f"setTimeout({EXITS}, limit);", None),
        (f"let limit = 1; limit = 60000; setTimeout({EXITS}, limit);", None),
        (f"setTimeout({EXITS}, 1000); setTimeout({EXITS}, limit);", None),
    ],
)
def test_the_time_until_the_forced_end_is_worked_out(
    source: str, expected_ms: float | None
) -> None:
    """Constants and fields of one file are followed; anything else is not known."""
    found = signal_handling(source, "a.mjs")
    assert found.timeout_ms == expected_ms
    assert found.timeout_line == 1


@pytest.mark.parametrize(
    "source", ["setTimeout(() => log('late'), 1000);", "// setTimeout(process.exit, 1)", ""]
)
def test_a_timer_that_ends_nothing_forces_nothing(source: str) -> None:
    """Only a timer whose function ends the process counts."""
    assert signal_handling(source, "a.mjs").timeout_line is None


def test_typescript_is_read_as_such() -> None:
    """Types do not get in the way."""
    source = f"class A {{ private limit: number = 30000; f(): void {{ setTimeout({EXITS}, this.limit); }} }}"
    assert signal_handling(source, "a.ts").timeout_ms == 30_000


def test_a_text_that_is_no_code_is_an_error() -> None:
    """Nothing is said about what cannot be parsed, and the line is named."""
    with pytest.raises(JavaScriptError) as error:
        signal_handling("ok();\nprocess.on(", "a.mjs")
    assert error.value.line >= 1


@given(
    source=st.text(max_size=60)
    | st.lists(
        st.sampled_from(
            ["process.on(", '"SIGTERM"', ", ", "() => {", "}", ")", ";", "setTimeout(", "a", "["]
        ),
        max_size=12,
    ).map("".join),
    path=st.sampled_from(["a.js", "a.ts", "a.tsx", "a"]),
)
def test_any_text_is_read_or_refused(source: str, path: str) -> None:
    """Reading is total: an answer, or a JavaScriptError."""
    try:
        found = signal_handling(source, path)
    except JavaScriptError:
        return
    assert found.timeout_ms is None or found.timeout_line is not None
