"""The smaller commands: what they print, and the status they end with."""

import json
from argparse import Namespace
from itertools import pairwise
from types import SimpleNamespace

import pytest

from plimsoll import resources
from plimsoll.catalogue import load_catalogue
from plimsoll.cli import main
from plimsoll.commands.check import conclusion, pytest_arguments
from plimsoll.environment.problem import ConfigurationError

CATALOGUE = load_catalogue([resources.checks()])
PAGE = """\
schema: plimsoll/environment/1
system: Shop
endpoints: [{name: home, kind: page, url: "https://shop.example.com/"}]
tls: {minimum_version: "1.2", days_to_expiry: 21}
"""
WAIVER = """\
schema: plimsoll/waivers/1
waivers:
  - {id: W-1, control: CONTROL, subject: home, deviations: [x], reason: accepted until it has been mended,
     requested_by: A, approved_by: B, ticket: "https://t.example/1", expires_at: 2099-01-01T00:00:00Z}
"""


@pytest.fixture
def shop(tmp_path):
    """Write an environment file, and waivers of a control beside it."""

    def write(text=PAGE, waived=None):
        path = tmp_path / "shop.yaml"
        path.write_text(text)
        if waived:
            (tmp_path / "shop.waivers.yaml").write_text(WAIVER.replace("CONTROL", waived))
        return str(path)

    return write


def test_the_catalogue_as_a_table_has_a_row_for_each_control(capsys):
    """Id, severity and the sentence."""
    assert main(["controls"]) == 0
    rows = capsys.readouterr().out.splitlines()
    assert [row.split()[:2] for row in rows] == [
        [one.id, str(one.severity)] for one in CATALOGUE.values()
    ]
    assert all(row.endswith(one.title) for row, one in zip(rows, CATALOGUE.values(), strict=True))


def test_the_catalogue_as_json_holds_everything(capsys):
    """For programs: every field of every control."""
    assert main(["controls", "--format", "json"]) == 0
    entries = json.loads(capsys.readouterr().out)
    assert [entry["id"] for entry in entries] == list(CATALOGUE)
    assert all(entry["requirement"] == CATALOGUE[entry["id"]].requirement for entry in entries)
    assert "subjects" not in entries[0]


def test_the_catalogue_as_markdown_is_a_page(capsys):
    """A heading for each area and each control, with what an auditor asks for."""
    assert main(["controls", "--format", "markdown"]) == 0
    page = capsys.readouterr().out
    assert page.startswith("# The control catalogue\n")
    for one in CATALOGUE.values():
        assert f"### {one.id} {one.title}\n\n{one.requirement}\n" in page
        assert f"- Remedy: {one.remedy}\n" in page
    assert page.count("\n## ") == len({one.area for one in CATALOGUE.values()})


@pytest.mark.parametrize("form", ["table", "markdown", "json"])
def test_with_an_environment_the_catalogue_says_what_applies(shop, capsys, form):
    """One host for TLS; nothing at all to scale."""
    assert main(["controls", shop(), "--format", form]) == 0
    out = capsys.readouterr().out
    if form == "json":
        subjects = {entry["id"]: entry["subjects"] for entry in json.loads(out)}
        assert (subjects["SEC-03"], subjects["SCL-01"]) == (1, 0)
    else:
        assert "1 subject" in out
        assert "not applicable" in out


def test_coverage_of_an_environment_that_cannot_be_used_is_not_shown(shop, capsys):
    """Not as a catalogue of which nothing applies."""
    path = shop(PAGE + "vantage_points: {ZZZ-09: [http]}\n")
    assert main(["controls", path]) == 3
    printed = capsys.readouterr()
    assert f"{path}:5: vantage_points: there is no control ZZZ-09" in printed.err
    assert printed.out == ""


def test_a_valid_environment_is_said_to_be(shop, capsys):
    """With the number of its waivers."""
    assert main(["validate", shop(waived="SEC-03")]) == 0
    assert capsys.readouterr().out.endswith("shop.yaml: valid (Shop, 1 waiver)\n")


@pytest.mark.parametrize(
    "command", [["validate"], ["controls"], ["check", "--mock", "--no-reports"]]
)
@pytest.mark.parametrize(
    ("text", "waived", "said"),
    [
        (PAGE + "tlss: {}\n", None, "shop.yaml:5: tlss: is not a key"),
        (PAGE + "conflicts: {ZZZ-09: {asked: a, reality: b}}\n", None, "no control ZZZ-09"),
        (PAGE, "ZZZ-09", "waiver W-1: there is no control ZZZ-09"),
        (PAGE, "not an id", "shop.waivers.yaml:3"),
    ],
)
def test_an_invalid_file_is_status_3_with_every_command(shop, capsys, command, text, waived, said):
    """The same sentence, whoever reads the file."""
    first, *options = command
    assert main([first, shop(text, waived), *options]) == 3
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(("status", "code"), [("ready", 0), ("blocked", 1), ("undecidable", 2)])
def test_the_status_is_that_of_the_decision_whatever_pytest_says(status, code):
    """Never an exit code of the test runner."""
    finished = SimpleNamespace(document={"decision": {"status": status}})
    assert {conclusion(finished, number) for number in range(6)} == {code}


@pytest.mark.parametrize("finished", [None, SimpleNamespace(document=None)])
def test_a_run_without_a_record_is_never_ready(finished):
    """Wrong usage is told apart; everything else is undecidable, a green pytest included."""
    assert conclusion(finished, pytest.ExitCode.USAGE_ERROR) == 4
    others = set(map(int, pytest.ExitCode)) - {int(pytest.ExitCode.USAGE_ERROR)}
    assert {conclusion(finished, number) for number in others} == {2}


def options(**changes):
    """The options of a check, as the command line gives them."""
    lists = {name: [] for name in ("area", "control", "checks", "fault", "withhold", "exercise")}
    switches = dict.fromkeys(("mock", "require_live", "no_reports", "no_engineer_log"), False)
    usual = {"env": "app-oint", "repository": None, "out": None, "fail_on": None}
    return Namespace(**usual | lists | switches | changes)


def test_a_check_of_ours_takes_no_configuration_of_the_folder_it_is_started_in():
    """Its own ini file, its own root, no plugin that happens to be installed."""
    arguments = list(pytest_arguments(options()))
    assert arguments[arguments.index("-c") + 1].endswith("check.ini")
    assert arguments[arguments.index("--rootdir") + 1] == str(resources.home())
    assert "--disable-plugin-autoload" in arguments
    assert arguments[-1] == str(resources.checks())


def test_every_option_reaches_the_run(tmp_path):
    """Nothing that was asked for is dropped on the way."""
    given = list(
        pytest_arguments(
            options(mock=True, require_live=True, no_reports=True, no_engineer_log=True,
                    area=["a", "b"], control=["C"], fault=["F"], withhold=["W"], exercise=["E"],
                    checks=[str(tmp_path)], repository="R", out="O", fail_on="low")
        )
    )  # fmt: skip
    switches = ("--mock", "--require-live", "--no-reports", "--no-engineer-log")
    assert set(switches) <= set(given)
    pairs = list(pairwise(given))
    for pair in [("--area", "a"), ("--area", "b"), ("--control", "C"), ("--fault", "F"),
                 ("--withhold", "W"), ("--exercise", "E"), ("--checks", str(tmp_path)),
                 ("--repository", "R"), ("--out", "O"), ("--fail-on", "low")]:  # fmt: skip
        assert pair in pairs
    assert given[-1] == str(tmp_path.absolute())
    assert "pytest_html.plugin" not in given


def test_a_folder_of_checks_that_is_not_there_is_told():
    """Rather than checking less than was asked for."""
    with pytest.raises(ConfigurationError, match="there is no such folder"):
        list(pytest_arguments(options(checks=["/nowhere/at/all"])))


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    """One small recorded run."""
    out = tmp_path_factory.mktemp("bundle")
    given = ["check", "app-oint", "--mock", "--area", "dns", "--no-engineer-log", "--out", str(out)]
    assert main(given) == 0
    return out / "app-oint" / "latest"


@pytest.mark.parametrize(
    ("form", "file"),
    [("html", "report.html"), ("markdown", "report.md"), ("junit", "junit.xml"),
     ("metrics", "metrics.prom")],
)  # fmt: skip
@pytest.mark.parametrize("whole", [True, False])
def test_a_report_rendered_again_is_the_same(bundle, capsys, form, file, whole):
    """From the folder or from its record: every format is a function of the record alone."""
    capsys.readouterr()
    source = bundle if whole else bundle / "results.json"
    assert main(["report", str(source), "--format", form]) == 0
    assert capsys.readouterr().out == (bundle / file).read_text()


@pytest.mark.parametrize(
    ("content", "form", "said"),
    [
        (None, "html", "cannot be read"),
        ("not json", "html", "results.json"),
        ("{}", "html", "results.json"),
        ("{}", "papyrus", "there is no format papyrus; known: "),
    ],
)
def test_what_cannot_be_rendered_is_told_in_one_sentence(tmp_path, capsys, content, form, said):
    """No traceback, and status 4."""
    if content is not None:
        (tmp_path / "results.json").write_text(content)
    assert main(["report", str(tmp_path), "--format", form]) == 4
    printed = capsys.readouterr()
    assert said in printed.err
    assert "Traceback" not in printed.err
    assert printed.out == ""


@pytest.mark.parametrize("given", [[], ["sail"], ["check"], ["check", "a", "--fail-on", "never"]])
def test_wrong_usage_is_status_4(given, capsys):
    """The contract's number, not the one of the library that reads the command line."""
    with pytest.raises(SystemExit) as stopped:
        main(given)
    assert stopped.value.code == 4
    assert "usage: plimsoll" in capsys.readouterr().err
