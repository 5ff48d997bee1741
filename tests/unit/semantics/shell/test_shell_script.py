"""Shell scripts as the shell parses them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.semantics.shell.options import option_in_force
from plimsoll.semantics.shell.script import ShellError, environment_variables, parse_script

SCRIPT = """\
#!/usr/bin/env bash
# curl http://comment
cat <<'END'
curl http://here-document
END
API=${API_URL:-http://localhost}
check() {
  sudo timeout 5m /usr/bin/curl -fsS "$API/health" 'a b' # trailing curl
}
echo "curl in a message" && check
for name in a b; do echo "$name $TOKEN"; done
"""


def test_commands_are_what_would_run() -> None:
    """Comments, here-documents and messages are no commands; quotes are taken off."""
    script = parse_script(SCRIPT)
    found = [(c.name, c.line, c.function) for c in script.commands]
    assert found == [
        ("cat", 3, ""),
        ("sudo", 8, "check"),
        ("echo", 10, ""),
        ("check", 10, ""),
        ("echo", 11, ""),
    ]
    curl = script.commands[1]
    assert curl.words[1:] == ("-fsS", "$API/health", "a b")
    assert curl.runs("curl", "-fsS")
    assert not curl.runs("curl", "-s")


def test_variables_from_outside_are_told() -> None:
    """What a script sets itself, loops over or defaults from the environment is told apart."""
    assert environment_variables(parse_script(SCRIPT)) == ("API_URL", "TOKEN")


@pytest.mark.parametrize(
    ("text", "errexit", "pipefail"),
    [
        ("target", False, False),
        ("set -euo pipefail\ntarget", True, True),
        ("#!/bin/sh -e\ntarget", True, False),
        ("set -e\nset +e\ntarget", False, False),
        ("set -o errexit\ntarget", True, False),
        ("# set -e\necho 'set -e'\ntarget", False, False),
        ("target\nset -e", False, False),
        ("f() { target; }\nset -e\nf", True, False),
        ("f() { target; }\nf\nset -e\nf", False, False),
        ("f() { set -e; }\ntarget", False, False),
        ("f() { set -e; }\nf\ntarget", True, False),
        ("f() { set +e; }\nset -e\nf\ntarget", False, False),
        ("(set -eo pipefail)\ntarget", False, False),
        ("(set -eo pipefail; target)", True, True),
        ("set -eo pipefail\nx=$(target)", False, True),
        ("x=$(set -e; target)", True, False),
        ("shopt -s inherit_errexit\nset -e\nx=$(target)", True, False),
        ("if a; then set -e; fi\ntarget", False, False),
        ("if a; then set -e; target; fi", True, False),
        ("if a; then set -e; else target; fi", False, False),
        ("a && set -e\ntarget", False, False),
        ('set -- "$@" -e -o pipefail\ntarget', False, False),
        ("set -e -- +e\ntarget", True, False),
        ("set -e\nset -$old\ntarget", False, False),
    ],
)
def test_options_are_in_force_from_where_they_are_set(
    text: str,
    errexit: bool,
    pipefail: bool,
) -> None:
    """A function sees what all its callers see."""
    script = parse_script(text)
    target = next(c.node for c in script.commands if c.name == "target")
    assert option_in_force(script, "errexit", target) is errexit
    assert option_in_force(script, "pipefail", target) is pipefail


@pytest.mark.parametrize("text", ["if true; then", "foo() {", "echo 'open", "case x in"])
def test_a_script_that_cannot_be_parsed_is_an_error(text: str) -> None:
    """Nothing is said about half a script."""
    with pytest.raises(ShellError):
        parse_script(text)


@given(st.text() | st.text(alphabet="if then fi$(){}'\"<|&;#\n echo=x"))
def test_any_text_is_parsed_or_the_declared_error(text: str) -> None:
    """Every command stands on a line of the text."""
    try:
        script = parse_script(text)
    except ShellError:
        return
    environment_variables(script)
    assert all(1 <= c.line <= text.count("\n") + 1 for c in script.commands)


def test_nothing_is_read_behind_an_exit_at_the_top_level():
    """The shell has left by then; an exit on some condition, or in a function, ends nothing."""
    before = "f() { exit 1; }\n[ -e x ] || exit 2\nexit 3 &\nkept\n"
    script = parse_script(f"{before}exit 0 # done\nlost\ng() {{ h; }}\n")
    assert [command.name for command in script.commands] == ["exit", "exit", "exit", "kept", "exit"]
    assert set(script.functions) == {"f"}


@pytest.mark.parametrize("character", ["\U0010ffff", "\U0001f680", "\u2713", "\ud800"])
def test_characters_beyond_latin_are_parts_of_words(character):
    """Wherever they stand, and however far beyond: the grammar's own tables end much earlier."""
    texts = (f"echo {character}", f"{character}=1", f"${{x:{character}}}", f"<<{character}\n", "x")
    for text in texts * 50:
        try:
            parse_script(text)
        except ShellError:
            continue
    (command,) = parse_script(f"echo done {character} now").commands
    assert command.arguments[::2] == ("done", "now")
