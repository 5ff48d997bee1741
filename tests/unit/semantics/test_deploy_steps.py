"""A deploy script is followed for what it does before and after it deploys."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.semantics.deploy_steps import DeploySteps, deploy_steps
from plimsoll.semantics.shell.script import ShellError, parse_script

DEPLOY = 'doctl apps update "$ID" --spec app.yaml'


def steps(*lines: str) -> DeploySteps:
    """Return the steps of a script of these lines."""
    return deploy_steps(parse_script("\n".join(lines) + "\n"))


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("authentication", "doctl account get >/dev/null || exit 1"),
        ("authentication", "if ! doctl --context prod account get; then exit 1; fi"),
        ("specification", "doctl apps spec validate app.yaml"),
        ("specification", "doctl apps propose --spec app.yaml"),
        ("package_manager", "command -v pnpm >/dev/null || exit 1"),
        ("package_manager", 'version="$(pnpm --version)"'),
        ("package_manager", "which npm"),
        ("backup", "doctl apps spec get $ID > backup.yaml"),
        ("backup", "doctl apps spec get $ID | tee backup.yaml"),
    ],
)
def test_a_step_before_the_deployment_is_seen(name: str, command: str) -> None:
    """Commands on the way to the deployment count, in whatever way they are asked."""
    assert steps(command, DEPLOY).before == {name: 1}
    assert name not in steps(DEPLOY, command).before


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("health", 'curl --fail "$HEALTH_URL"'),
        ("health", "URL=https://shop.test/api/health; curl -fsS $URL | jq -e .ok"),
        ("instances", "doctl apps list-instances $ID"),
        ("domains", "doctl apps get $ID -o json | jq '.[0].domains[]'"),
        ("performance", "curl -o /dev/null -w '%{time_total}' https://shop.test/"),
        ("error_logs", "doctl apps logs $ID --type run | grep error"),
        ("error_logs", 'errors="$(doctl apps logs $ID | grep -c error || true)"'),
    ],
)
def test_a_step_after_the_deployment_is_seen(name: str, command: str) -> None:
    """Commands that follow the deployment count."""
    assert name in steps(DEPLOY, command).after
    assert name not in steps(command, DEPLOY).after


@pytest.mark.parametrize(
    "line",
    [
        "# doctl account get",
        "echo doctl account get",
        "check() { doctl account get; }",
        "doctl account get || true",
        "doctl account get || echo not logged in",
        'if [ -n "$CHECK" ]; then doctl account get; fi',
        "[ -z $SKIP ] || doctl account get",
        "for i in $LIST; do doctl account get; done",
        "cat <<END\ndoctl account get\nEND",
    ],
)
def test_what_need_not_run_or_does_not_matter_is_no_step(line: str) -> None:
    """Comments, messages, branches, uncalled functions and ignored failures do not count."""
    assert steps(line, DEPLOY).before == {}


def test_functions_are_followed_where_they_are_called() -> None:
    """The order is that in which the script runs, not that of its text."""
    found = steps(
        "after() { doctl apps logs $ID; }",
        "login() { doctl account get; }",
        f"deploy() {{ {DEPLOY}; }}",
        "main() { login; deploy; after; }",
        "main",
    )
    assert found == DeploySteps({"authentication": 2}, 3, {"error_logs": 1})


def test_what_follows_the_end_of_a_function_is_not_run() -> None:
    """A return leaves out the rest."""
    found = steps("f() { return 0; doctl account get; }", "f", DEPLOY)
    assert found.before == {}


def test_steps_stand_around_every_deployment() -> None:
    """Before the first and after the last; one of them may be in a branch."""
    branch = f'if [ -n "$ID" ]; then {DEPLOY}; else doctl apps create --spec a.yaml; fi'
    found = steps("doctl account get", branch, "doctl apps logs $ID")
    assert found == DeploySteps({"authentication": 1}, 2, {"error_logs": 3})


def test_without_a_deployment_there_is_neither() -> None:
    """A script that never deploys does nothing before or after."""
    assert steps("doctl account get") == DeploySteps({}, None, {})


def test_a_timed_request_is_no_look_at_health() -> None:
    """Measuring how long the health check takes is performance."""
    found = steps(DEPLOY, "curl -w '%{time_total}' https://shop.test/health")
    assert set(found.after) == {"performance"}


def test_functions_that_call_each_other_come_to_an_end() -> None:
    """A circle is entered once."""
    assert steps("a() { b; }", "b() { a; doctl account get; }", "a", DEPLOY).before != {}


words = [
    "doctl ",
    "apps ",
    "update ",
    "account get",
    "\n",
    "f() { ",
    "}\n",
    "f\n",
    "|| ",
    "&& ",
    "$(",
]


@given(st.text(max_size=40) | st.lists(st.sampled_from(words), max_size=14).map("".join))
def test_any_text_is_followed_or_refused(text: str) -> None:
    """Following is total; without a deployment no step is seen."""
    try:
        found = deploy_steps(parse_script(text))
    except ShellError:
        return
    assert found.deploys is not None or (found.before, found.after) == ({}, {})


@pytest.mark.parametrize(
    ("end", "is_seen"),
    [("exit 0", False), ("return 0", True), ("test -n $x || exit 1", True)],
)
def test_nothing_runs_after_a_function_that_ends_the_script(end: str, is_seen: bool) -> None:
    """Let a function end the script, leave itself, or end the script only sometimes."""
    found = steps("main() {", DEPLOY, end, "}", "main", "doctl apps list-instances $ID")
    assert ("instances" in found.after) is is_seen
