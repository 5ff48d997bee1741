"""Which load test a runner runs, and what only k6 can know."""

from __future__ import annotations

import pytest

from plimsoll.facts.load_test import RUN_TIME_VALUE, K6Options
from plimsoll.semantics.k6 import ScriptError
from plimsoll.semantics.load_profile import load_profile
from plimsoll.semantics.load_test_runner import load_test_runner
from plimsoll.semantics.shell.script import parse_script


@pytest.mark.parametrize(
    ("text", "scripts"),
    [
        ('k6 run --out json=x.json "$root/load/test.js"', ["$root/load/test.js"]),
        ('TEST=load/test.js\nk6 run "$TEST"', ["load/test.js"]),
        ("docker run grafana/k6 run /load/test.ts", ["/load/test.ts"]),
        ('k6 run "$1"', []),
        ("echo k6 run test.js", []),
    ],
)
def test_the_script_that_is_run_is_told(text: str, scripts: list[str]) -> None:
    """A constant stands for its value; what is computed is not guessed."""
    assert [one.text for one in load_test_runner(parse_script(text)).scripts] == scripts


@pytest.mark.parametrize(("users", "is_undecided"), [(RUN_TIME_VALUE, True), ("many", False)])
def test_a_value_only_k6_knows_is_no_refusal(users: str, is_undecided: bool) -> None:
    """What stands for a run-time value cannot be called wrong; any other text can."""
    options = K6Options({"vus": users, "duration": "1m"}, ("default",))
    with pytest.raises(ScriptError) as caught:
        load_profile(options)
    assert caught.value.is_undecided is is_undecided
