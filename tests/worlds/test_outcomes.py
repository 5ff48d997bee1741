"""What a run comes to when something is wrong with it, or with what it was asked."""

import sys
import textwrap

import pytest

BROKEN = "schema: plimsoll/environment/1\nsystem: [unclosed\n"
TRACEBACK = "Traceback (most recent call last)"


def test_a_broken_environment_file_is_status_3_with_file_and_line(run, tmp_path):
    """The message says where."""
    path = tmp_path / "broken.yaml"
    path.write_text(BROKEN)
    done = run.check(env=path)
    assert done.status == 3
    assert f"{path}:3" in done.err or f"{path}:2" in done.err
    assert TRACEBACK not in done.err


def test_an_unknown_environment_is_status_4_with_those_that_are_known(run):
    """The nearest name is suggested."""
    done = run.check(env="app-ont")
    assert (done.status, "did you mean app-oint?" in done.err) == (4, True)


def test_a_live_run_of_a_file_that_does_not_allow_it_is_status_4(run):
    """Nothing is contacted that was not meant to be."""
    done = run.plimsoll("check", "app-oint", "--out", run.out)
    assert (done.status, "live: true" in done.err, done.folder) == (4, True, None)


def test_a_missing_repository_is_status_4(run):
    """A path that is not there is a mistake of the caller."""
    done = run.check("--repository", "/nowhere/at/all")
    assert (done.status, "/nowhere/at/all: there is no such folder" in done.err) == (4, True)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--control", "XXX-99"], "there is no such control"),
        (["--area", "nothing"], "there is no such area"),
        (["--fault", "SCL-01/nothing"], "no fault SCL-01/nothing"),
        (["--withhold", "sonar"], "sonar"),
        (["--exercise", "sprint"], "there is no such exercise; known: alerting, burst"),
        (["--checks", "/nowhere"], "there is no such folder"),
        (["--fail-on", "sometimes"], "invalid choice"),
        (["--fault", "SCL-01/maximum-above-limit", "--repository", "."], "excludes --repository"),
    ],
)
def test_wrong_usage_is_status_4_or_3_and_says_what_is_right(run, arguments, expected):
    """No traceback reaches a person."""
    done = run.check(*arguments)
    assert done.status in {3, 4}
    assert expected in done.err
    assert TRACEBACK not in done.err + done.out


def test_a_selection_of_nothing_is_never_ready(run, tmp_path):
    """An environment that asks for nothing has shown nothing."""
    path = tmp_path / "empty.yaml"
    path.write_text("schema: plimsoll/environment/1\nsystem: Empty\nlive: true\n")
    done = run.plimsoll("check", path, "--out", run.out, "--no-engineer-log")
    assert done.status == 2
    assert "nothing was shown to be compliant" in done.out


def test_require_live_makes_a_mocked_run_undecidable(run):
    """However compliant the rehearsal."""
    done = run.check("--require-live", "--area", "scaling")
    assert (done.status, "live evidence is required" in done.out) == (2, True)


def test_selecting_an_area_observes_only_what_it_needs(run):
    """Checks of files open no connection."""
    done = run.check("--area", "scaling")
    assert done.status == 0
    assert "observed repository" in done.err
    assert "observed http" not in done.err


def test_a_failing_control_is_status_1_and_names_what_and_where(run):
    """The terminal alone is enough to start mending."""
    done = run.check("--fault", "SCL-01/maximum-above-limit", "--area", "scaling")
    assert done.status == 1
    assert "SCL-01" in done.out
    assert ".do/app.yaml:" in done.out
    assert "BLOCKED" in done.out


def test_a_failure_below_the_blocking_severity_does_not_block(run):
    """The threshold is the caller's to raise."""
    done = run.check("--fault", "SCL-01/maximum-above-limit", "--fail-on", "critical")
    assert (done.status, done.controls_with("fail")) == (0, {"SCL-01", "DLV-02"})


def test_one_unreachable_host_costs_its_own_subjects_only(run, tmp_path):
    """A live file whose one host is down: its subjects are errors, the rest is judged."""
    path = tmp_path / "down.yaml"
    path.write_text(
        "schema: plimsoll/environment/1\nsystem: Down\nlive: true\nendpoints:\n"
        "  - {name: a, kind: liveness, url: 'http://127.0.0.1:9/a'}\n"
    )
    done = run.plimsoll("check", path, "--out", run.out, "--no-engineer-log")
    assert done.status == 2
    assert "refused" in done.out
    assert done.verdicts("HLT-01") == ["error"]


@pytest.fixture
def own_check(tmp_path):
    """Write a folder with one control and a check with the given body."""

    def write(body, name="test_own"):
        area = tmp_path / "own" / "commerce"
        area.mkdir(parents=True)
        (area / "controls.yaml").write_text(
            "- {id: SHP-01, title: T, severity: high, requirement: R., why: W., remedy: M.,"
            " frameworks: {}, seeds: [own]}\n"
        )
        (area / f"{name}.py").write_text(
            "import os, pytest\nfrom plimsoll.findings import NotObserved, Origin\n"
            "HERE = Origin('http', 'x')\n\n@pytest.mark.control('SHP-01')\n"
            "def test_own(region, exchange, expect):\n    '''A check of our own.'''\n"
            + textwrap.indent(body, "    ")
            + "\n"
        )
        return area.parent

    return write


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        ("expect.equal(200, exchange.value.status, 's', at=exchange.origin)", "pass"),
        ("expect.equal(1, exchange.value.status, 's', at=exchange.origin)", "fail"),
        ("assert exchange.value.status == 1, 'must be one'", "fail"),
        ("pass", "error"),
        ("for nothing in []:\n    expect.equal(1, 1, 's', at=exchange.origin)", "error"),
        ("raise RuntimeError('bug')", "error"),
        ("raise NotObserved('could not look', HERE)", "error"),
        (
            "expect.equal(200, exchange.value.status, 's', at=exchange.origin)\n"
            "raise NotObserved('half way', HERE)",
            "error",
        ),
        ("pytest.skip('not today')", "not_tested"),
        (
            "expect.equal(1, exchange.value.status, 's', at=exchange.origin)\n"
            "pytest.skip('after all')",
            "fail",
        ),
        ("pytest.xfail('known')", "error"),
    ],
)
def test_what_the_body_of_a_check_does_decides_its_verdict(run, own_check, body, verdict):
    """Only a statement about what was seen can pass; a check that states nothing cannot."""
    done = run.check("--checks", own_check(body), "--control", "SHP-01")
    assert set(done.verdicts()) == {verdict}, done.out + done.err
    assert done.status == {"pass": 0, "fail": 1}.get(verdict, 2)


def test_own_checks_are_known_to_every_command(run, own_check):
    """What a run judges can be listed and validated beforehand."""
    folder = own_check("pass")
    listed = run.plimsoll("controls", "app-oint", "--checks", folder)
    assert listed.status == 0
    assert "SHP-01" in listed.out
    assert run.plimsoll("validate", "app-oint", "--checks", folder).status == 0


def test_a_check_that_cannot_be_loaded_is_never_ready(run, own_check):
    """A syntax error is told with its file, and decides nothing."""
    done = run.check("--checks", own_check("def (:"))
    assert done.status == 2
    assert "test_own.py" in done.err


def test_a_check_without_catalogue_entry_is_refused(run, own_check):
    """What is judged must be described."""
    folder = own_check("pass")
    (folder / "commerce" / "controls.yaml").write_text("[]\n")
    done = run.check("--checks", folder)
    assert done.status == 4
    assert "SHP-01" in done.err


def test_a_crashed_worker_leaves_an_error_not_a_gap(run, own_check):
    """Planned minus recorded is an error under xdist too."""
    folder = own_check(
        "if exchange.value.url.startswith('https://nyc1'):\n    os._exit(1)\n"
        "expect.equal(200, exchange.value.status, 's', at=exchange.origin)"
    )
    done = run.pytest(
        "--env",
        "app-oint",
        "--mock",
        "--checks",
        folder,
        folder,
        "-n",
        "2",
        "--max-worker-restart",
        "0",
    )
    assert done.status not in {0, 5}
    assert sorted(done.verdicts("SHP-01")) == ["error", "pass"]
    assert done.document["decision"]["status"] == "undecidable"


def test_an_interrupted_run_is_never_ready(run, own_check):
    """What was not reached is an error, and the record says that the run was interrupted."""
    done = run.check("--checks", own_check("raise KeyboardInterrupt"))
    assert done.status == 2
    assert done.document["run"]["interrupted"] is True
    assert "error" in done.verdicts()


def test_stopping_at_the_first_failure_leaves_errors_not_gaps(run):
    """Plain pytest with -x: what was planned and not run is accounted for."""
    done = run.pytest(
        "--env",
        "app-oint",
        "--mock",
        "-x",
        "--fault",
        "SCL-01/maximum-above-limit",
        "checks/scaling",
    )
    counts = done.document["counts"]
    assert counts["planned"] > counts["recorded"]
    assert counts["error"] == counts["planned"] - counts["recorded"]


def test_plain_pytest_and_the_command_line_agree(run):
    """The same run, judged the same."""
    by_pytest = run.pytest("--env", "app-oint", "--mock", "checks/scaling", "checks/dns")
    by_command = run.check("--area", "scaling", "--area", "dns")
    keys = ("control", "subject", "verdict")
    assert by_pytest.status == by_command.status == 0
    assert [[one[key] for key in keys] for one in by_pytest.document["results"]] == [
        [one[key] for key in keys] for one in by_command.document["results"]
    ]


def test_two_workers_and_one_process_agree(run):
    """One snapshot for all workers: the same verdicts, and nothing requested twice."""
    alone = run.pytest("--env", "app-oint", "--mock", "checks")
    shared = run.pytest("--env", "app-oint", "--mock", "checks", "-n", "2")
    assert alone.status == shared.status
    assert sorted(map(str, alone.verdicts())) == sorted(map(str, shared.verdicts()))


def test_plain_pytest_asks_for_an_environment_only_where_a_control_is_collected(run, tmp_path):
    """The plugin is inert in anybody else's project."""
    done = run.pytest("checks")
    assert (done.status, "--env" in done.out + done.err) == (4, True)
    other = tmp_path / "test_other.py"
    other.write_text("def test_other():\n    assert True\n")
    assert run.pytest(other, "-c", "/dev/null", "--rootdir", tmp_path).status == 0


def test_the_unknown_is_status_10_under_plain_pytest(run):
    """Nothing failed, and yet something required is not known."""
    done = run.pytest("--env", "app-oint", "--mock", "checks/dns", "--withhold", "dns")
    assert done.status == 10


def test_the_version_is_told_without_importing_anything_heavy():
    """Asking for the version loads neither pytest nor pydantic."""
    import subprocess

    code = (
        "import sys\nfrom plimsoll.cli import main\nmain(['--version'])\n"
        "print(sorted({'pytest', 'pydantic', 'httpx', 'rich', 'argparse'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
