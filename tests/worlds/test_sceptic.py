"""Ways to be told `ready` without knowing, each found open once."""

import textwrap

import pytest

from plimsoll.collectors.context import Limits

TRACEBACK = "Traceback (most recent call last)"
CONTROL = """\
- id: OWN-01
  title: A check of one's own
  severity: high
  requirement: It is judged.
  why: It was asked for.
  remedy: Judge it.
  frameworks: {}
  seeds: [none]
"""
MARK = 'import pytest\n\n@pytest.mark.control("OWN-01")\n'
UNJUDGED = {
    "a module that skips itself": 'import pytest\npytest.importorskip("no_such_module")\n',
    "a control without a check": "",
    "a check that pytest does not call as a function": (
        "import unittest\n"
        + MARK
        + "class TestOwn(unittest.TestCase):\n    def test_it(self): ...\n"
    ),
    "a statement about what nobody looked at": (
        "from plimsoll.findings import Origin\n" + MARK + "def test_it(expect):\n"
        '    expect.equal(1, 1, "it", at=Origin("made-up", "nowhere"))\n'
    ),
}
SKIPS_AFTERWARDS = MARK + textwrap.dedent("""\
    def test_it(dns_record, dns_answers, late, expect):
        expect.equal(1, 2, "it", at=dns_answers.origin)

    @pytest.fixture
    def late():
        yield
        pytest.skip("too late")
""")


def own_checks(folder, text):
    """A folder with one control of its own and this module of checks."""
    area = folder / "own"
    area.mkdir()
    (area / "controls.yaml").write_text(CONTROL)
    (area / "test_own_control.py").write_text(text)
    return folder


@pytest.mark.parametrize("text", UNJUDGED.values(), ids=UNJUDGED)
def test_a_check_that_judges_nothing_keeps_the_gate_closed(run, tmp_path, text):
    """However the other checks came out; and no traceback reaches a person."""
    checks = own_checks(tmp_path, text)
    done = run.check("--area", "dns", "--area", "own", "--checks", checks)
    assert done.status == 2, done.out
    assert TRACEBACK not in done.out + done.err


def test_a_failure_outlives_what_is_torn_down_after_it(run, tmp_path):
    """A fixture that skips at its end takes nothing back."""
    checks = own_checks(tmp_path, SKIPS_AFTERWARDS)
    done = run.check("--area", "own", "--checks", checks)
    assert (done.status, set(done.verdicts("OWN-01"))) == (1, {"fail"})


def test_options_in_the_surroundings_leave_no_check_out(run):
    """A forgotten variable of pytest's narrows no gate."""
    done = run.check("--area", "dns", PYTEST_ADDOPTS="-k nothing", PYTEST_PLUGINS="no_such_plugin")
    assert (done.status, done.verdicts("DNS-01")) == (0, ["pass", "pass"])


def test_another_failing_test_fails_plain_pytest(run, tmp_path):
    """That every check passed does not speak for it."""
    (tmp_path / "test_other_than_checks.py").write_text("def test_it():\n    assert False\n")
    done = run.pytest("checks/dns", tmp_path, "--env", "app-oint", "--mock")
    assert done.status == 1
    assert set(done.verdicts()) == {"pass", "not_applicable"}


def test_a_module_that_cannot_be_loaded_decides_nothing_where_pytest_goes_on(run, tmp_path):
    """What it would have judged is not known."""
    checks = own_checks(tmp_path, "def (\n")
    given = ("--env", "app-oint", "--mock", "--checks", checks)
    done = run.pytest("checks/dns", checks, *given, "--continue-on-collection-errors")
    assert done.status not in {0, 5}
    assert done.document["decision"]["status"] == "undecidable"


@pytest.mark.parametrize(
    "body", ['{"status":"down","status":"up"}', '{"status":"down"', '\ufeff{"status":"down",}']
)
def test_a_region_whose_words_cannot_be_read_is_not_healthy(rehearse, body):
    """A document that says two things, or breaks off, says nothing that could be trusted."""

    def garble(world):
        world.endpoints("readiness")[0].body = body

    done = rehearse(garble, "--area", "regions")
    assert sorted(done.verdicts("REG-01")) == ["error", "pass"]


def test_the_rest_of_an_error_page_is_not_known_to_be_clean(rehearse):
    """What lies behind the cap was never searched."""
    done = rehearse(lambda world: None, "--control", "SEC-05", limits=Limits(body_bytes=4))
    assert set(done.verdicts("SEC-05")) == {"error"}


@pytest.mark.parametrize("text", ["---\n", "{}\n"])
def test_a_file_without_settings_keeps_no_secret(rehearse, text):
    """Where nothing stands, nothing is shown to be a reference."""
    done = rehearse(lambda world: world.files.write(".do/app.yaml", text), "--control", "DLV-05")
    failed = [one for one in done.document["results"] if one["subject"] == ".do/app.yaml"]
    assert [one["verdict"] for one in failed] == ["fail"]


@pytest.mark.parametrize(
    ("control", "script"),
    [
        ("RBK-01", "scripts/auto-rollback.sh"),
        ("CFG-04", "scripts/auto-scaling-monitor.sh"),
        ("LOD-03", "testing/load-tests/run-load-test.sh"),
    ],
)
def test_what_stands_behind_an_exit_is_not_done(rehearse, control, script):
    """A script that leaves at once does none of what it goes on to say."""

    def leave(world):
        text = world.files.text(script)
        world.files.write(script, text.replace("\n", "\nexit 0\n", 1))

    done = rehearse(leave, "--control", control)
    assert done.verdicts(control) == ["fail"]
