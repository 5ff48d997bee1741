"""What a load test is really run with: script, configuration, variables and flags in k6's order."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plimsoll.facts.document import parse_yaml_document
from plimsoll.facts.load_test import K6Options
from plimsoll.semantics.k6 import ScriptError
from plimsoll.semantics.load_invocation import (
    Invocation,
    script_invocations,
    workflow_invocations,
)
from plimsoll.semantics.load_options import EXECUTION, effective_options, flags, overlay
from plimsoll.semantics.load_profile import load_profile

STAGES = [{"duration": "10m", "target": 100}]
SCRIPT = {"scenarios": {"a": {"executor": "constant-vus", "vus": 100, "duration": "30m"}},
          "thresholds": {"http_req_failed": ["rate<0.01"]}}  # fmt: skip
RUNNER = "tools/run.sh"


def effective(
    script: dict[str, object],
    arguments: str = "",
    *,
    variables: dict[str, str] | None = None,
    configuration: dict[str, object] | None = None,
) -> dict[str, object]:
    """The options of a script that is called like this."""
    own = K6Options(script, ("default",))
    return dict(
        effective_options(own, variables or {}, arguments.split(), configuration, "x:1").values
    )


@pytest.mark.parametrize(
    ("arguments", "read"),
    [
        ("-u 5 -d 1m", [("vus", "5"), ("duration", "1m")]),
        ("-u5 --duration=1m", [("vus", "5"), ("duration", "1m")]),
        ("-u=5", [("vus", "5")]),
        ("--no-thresholds a.js", [("no_thresholds", "true")]),
        ("--no-thresholds=false", [("no_thresholds", "false")]),
        ("--out json=x.json a.js -e A=b=c", [("env", "A=b=c")]),
        ("-s 1m:5 -s 2m:0", [("stages", "1m:5"), ("stages", "2m:0")]),
        ("--vus", [("vus", "")]),
    ],
)
def test_flags_are_read_in_every_form(arguments: str, read: list[tuple[str, str]]) -> None:
    """Short, long, joined and apart."""
    assert list(flags(arguments.split())) == read


@pytest.mark.parametrize(
    ("arguments", "variables", "peak", "minutes"),
    [
        ("", {}, 100, 30),
        ("-u 5", {}, 100, 30),
        ("-u 5 -d 1m", {}, 5, 1),
        ("-d 60000", {}, 1, 1),
        ("", {"K6_VUS": "7", "K6_DURATION": "2m"}, 7, 2),
        ("-u 9", {"K6_DURATION": "2m", "K6_VUS": "7"}, 9, 2),
        ("-d 1m", {"K6_STAGES": "5m:10"}, 1, 1),
        ("", {"K6_STAGES": "5m:10, 1m:0"}, 10, 6),
        ("-s 5m:10 -s 1m:0 -u 4", {}, 10, 6),
        ("-i 50 -u 5", {}, 0, 0),
    ],
)
def test_the_stronger_tier_takes_the_place_of_the_weaker_one(
    arguments: str, variables: dict[str, str], peak: int, minutes: int
) -> None:
    """Whoever says how long it runs wipes the scenarios; users alone wipe nothing."""
    values = effective(SCRIPT, arguments, variables=variables)
    profile = load_profile(K6Options(values, ("default",)))
    assert (profile.peak_users, profile.total_seconds) == (peak, minutes * 60)
    assert values["thresholds"] == SCRIPT["thresholds"]


@pytest.mark.parametrize(
    ("arguments", "kept"),
    [("", "0:1/2"), ("--execution-segment 0:1", "0:1"), ("--execution-segment=", "0:1/2")],
)
def test_a_segment_of_the_script_stays_unless_the_call_takes_all(arguments, kept) -> None:
    """The whole, on the command line, is stronger than a part in the script."""
    script = SCRIPT | {"executionSegment": "0:1/2"}
    assert effective(script, arguments)["executionSegment"] == kept


def test_a_configuration_file_is_weaker_than_the_script() -> None:
    """It says what the script leaves open, and nothing else."""
    file = {"stages": STAGES, "vus": 3, "thresholds": {"checks": ["rate>0.9"]}}
    assert effective(SCRIPT, configuration=file) == SCRIPT | {"vus": 3}
    bare = effective({}, configuration=file)
    assert (bare["stages"], bare["thresholds"]) == (STAGES, file["thresholds"])
    assert effective({"duration": "1m"}, configuration=file).get("stages") is None
    assert effective({}, "-d 1m", configuration=file).get("stages") is None


@pytest.mark.parametrize(
    ("arguments", "variables"),
    [("--no-thresholds", {}), ("", {"K6_NO_THRESHOLDS": "True"}), ("", {"K6_NO_THRESHOLDS": "1"})],
)
def test_thresholds_that_are_switched_off_are_none(arguments, variables) -> None:
    """By flag or by variable."""
    assert "thresholds" not in effective(SCRIPT, arguments, variables=variables)
    assert "thresholds" in effective(SCRIPT, "--no-thresholds=false", variables=variables)


@pytest.mark.parametrize(
    ("arguments", "undecided"),
    [
        ("--vus $USERS", True),
        ("-d `cat time`", True),
        ("--execution-segment 0:1/10", True),
        ("--stage 5m", False),
        ("--no-thresholds=perhaps", False),
    ],
)
def test_what_cannot_be_told_is_undecided_and_what_k6_refuses_is_not(arguments, undecided) -> None:
    """A value from elsewhere may be the declared one; a malformed one never is."""
    with pytest.raises(ScriptError) as refusal:
        effective(SCRIPT, arguments)
    assert refusal.value.is_undecided is undecided
    assert refusal.value.where == "x:1"


def test_a_configuration_that_was_not_read_matters_where_the_script_leaves_something_open() -> None:
    """A script that says how long it runs and what it must hold leaves nothing to the file."""
    assert effective(SCRIPT, "-c k6.json")["thresholds"]
    for script in ({}, {"thresholds": {"checks": ["rate>0.9"]}}, {"stages": STAGES}):
        with pytest.raises(ScriptError, match=r"load_test\.config") as refusal:
            effective(script, variables={"K6_CONFIG": "k6.json"})
        assert refusal.value.is_undecided
    assert effective({}, "-c k6.json", configuration={"duration": "5m"})["duration"] == "5m"


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.sampled_from([*EXECUTION, "vus", "thresholds"]), st.just("x") | st.none()),
    st.dictionaries(st.sampled_from([*EXECUTION, "vus", "thresholds"]), st.just("y") | st.none()),
)
def test_a_tier_that_says_how_it_runs_leaves_nothing_of_the_weaker_one(lower, higher) -> None:
    """And one that says nothing changes nothing."""
    merged = overlay(lower, higher)
    if any(higher.get(key) for key in EXECUTION):
        assert all(merged.get(key) in (None, "y") for key in EXECUTION)
    else:
        assert all(merged.get(key) == lower.get(key) for key in EXECUTION)
    assert overlay(lower, {}) == lower


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="-uvdise =:10m$`") | st.text())
def test_any_call_gives_options_or_the_declared_error(arguments: str) -> None:
    """Whatever words follow k6 run."""
    try:
        effective(SCRIPT, arguments, variables={"K6_STAGES": arguments})
    except ScriptError:
        return


def test_a_runner_is_read_with_its_variables() -> None:
    """Exported, in front of the command, or filled into a flag; another program is no call."""
    text = (
        "#!/bin/sh\nUSERS=50\nexport K6_DURATION=5m\n"
        'K6_STAGES=1m:1 k6 run --vus "$USERS" -e BASE_URL="$1" a.js\necho k6 run b.js\n'
        "docker run -v .:/s grafana/k6 run --no-thresholds /s/a.js\n"
    )
    first, second = script_invocations(text, RUNNER)
    assert first.where == f"{RUNNER}:4"
    assert first.variables == {"K6_DURATION": "5m", "K6_STAGES": "1m:1"}
    assert first.arguments[:2] == ("--vus", "50")
    assert first.handed == {"BASE_URL": "$1"}
    assert "--no-thresholds" in second.arguments


WORKFLOW = """\
env: {K6_VUS: 3}
jobs:
  load:
    env: {K6_DURATION: 1m, HEADLESS: true, NOTHING: }
    steps:
      - uses: actions/checkout@v5
      - run: tools/run.sh staging
        env: {USERS: 10}
      - run: K6_NO_THRESHOLDS=true bash ./tools/run.sh
      - run: k6 run --iterations 5 a.js
      - uses: grafana/run-k6-action@v1
        with: {path: a.js, flags: --vus 4 --no-thresholds}
      - run: "if then ("
      - run: echo done
"""


def test_a_workflow_calls_the_runner_k6_or_its_action() -> None:
    """Each step with the environment around it; what the runner sets itself is stronger."""
    document = parse_yaml_document(WORKFLOW, "w.yml")
    within = (Invocation("tools/run.sh:9", ("--out", "x"), {"K6_DURATION": "9m"}),)
    calls = list(workflow_invocations(document, RUNNER, within))
    assert [call.where for call in calls] == ["w.yml:7", "w.yml:9", "w.yml:10", "w.yml:11"]
    runner, quiet, direct, action = calls
    assert (runner.arguments, runner.variables["K6_DURATION"]) == (("--out", "x"), "9m")
    assert (runner.variables["K6_VUS"], runner.handed) == ("3", {"USERS": "10", "HEADLESS": "true"})
    assert quiet.variables["K6_NO_THRESHOLDS"] == "true"
    assert direct.arguments[:2] == ("--iterations", "5")
    assert direct.variables["K6_DURATION"] == "1m"
    assert action.arguments == ("--vus", "4", "--no-thresholds")


@pytest.mark.parametrize(
    "text", ["", "a: 1", "jobs: 5", "jobs: {a: {steps: [1, {run: 3}]}}", "- x"]
)
def test_a_file_that_is_no_workflow_calls_nothing(text: str) -> None:
    """Any shape of YAML is read."""
    document = parse_yaml_document(text or "{}", "w.yml")
    assert list(workflow_invocations(document, RUNNER, ())) == []
