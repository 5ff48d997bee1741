"""What the README tells a person to do works as it says."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from plimsoll.cli import main

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
CONSOLE = re.compile(r"^ *```console\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
ENVIRONMENT = re.compile(r"^( *)```yaml\n *# (\S+\.yaml)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`(plimsoll [a-z]+ [^`]+)`")


def commands():
    """Every command line that the README shows, comments left out."""
    shown = [
        line.removeprefix("$ ").partition("  #")[0].strip()
        for block in CONSOLE.findall(README)
        for line in block.splitlines()
        if line.startswith("$ ")
    ]
    return [*shown, *INLINE.findall(README)]


COMMANDS = [shlex.split(line) for line in commands()]


def of(*beginning):
    """The command lines of the README that begin so, without what they begin with."""
    size = len(beginning)
    plain = [[word.removeprefix(".venv/bin/") for word in line] for line in COMMANDS]
    return [line[size:] for line in plain if tuple(line[:size]) == beginning]


@pytest.fixture
def shop(tmp_path, monkeypatch):
    """Write the README's own environment file where a person would stand."""
    ((indent, name, body),) = ENVIRONMENT.findall(README)
    lines = [line.removeprefix(indent) for line in body.splitlines()]
    (tmp_path / name).write_text("\n".join(lines) + "\n")
    monkeypatch.chdir(tmp_path)
    return name


def test_the_readme_shows_every_subcommand():
    """What is not shown there, nobody finds."""
    assert {line[0] for line in of("plimsoll")} >= {"check", "validate", "controls", "drill"}
    assert of("make") == [["check"], ["test"]]


@pytest.mark.parametrize("target", [line[0] for line in of("make")])
def test_every_make_target_of_the_readme_exists(target):
    """Make knows how to make it, without making it."""
    makefile = (ROOT / "Makefile").read_text()
    assert re.search(rf"^{target}:", makefile, re.MULTILINE)
    assert re.search(rf"^\.PHONY:.*\b{target}\b", makefile, re.MULTILINE)


def test_the_readme_s_environment_file_is_valid(shop, capsys):
    """It can be copied as it stands."""
    (line,) = of("plimsoll", "validate")
    assert line == [shop]
    assert main(["validate", *line]) == 0
    assert "valid (My Shop)" in capsys.readouterr().out


def test_the_readme_s_environment_file_turns_controls_on(shop, capsys):
    """The command shows which, and that the others do not apply."""
    (line,) = of("plimsoll", "controls")
    assert line == [shop]
    assert main(["controls", *line]) == 0
    rows = capsys.readouterr().out.splitlines()
    applies = {row.split()[0] for row in rows if "not applicable" not in row}
    assert applies == {"HLT-05", "SEC-01", "SEC-02", "SEC-03"}
    assert len(rows) > len(applies)


@pytest.mark.parametrize("arguments", of("plimsoll", "check"), ids=" ".join)
def test_every_check_of_the_readme_is_understood(shop, tmp_path, arguments, capsys):
    """A mocked one runs; a live one gets as far as it may without a network: to its options."""
    checkout = tmp_path / "app-oint"
    checkout.mkdir()
    given = [str(checkout) if word.startswith("~") else word for word in arguments]
    narrow = ["--control", "DLV-02", "--no-reports"]
    assert given[0] in {shop, "app-oint"}
    if "--mock" in given:
        assert main(["check", *given, "--area", "scaling", "--out", str(tmp_path)]) == 1
        assert ".do/app.yaml" in capsys.readouterr().out
    else:
        assert main(["check", *given, *narrow]) in {2, 4}
        assert "unrecognized" not in capsys.readouterr().err


def test_the_plain_pytest_of_the_readme_collects_the_checks(shop):
    """The same run through plain pytest, as far as collecting: the shop is nobody's to ask."""
    (arguments,) = of("pytest")
    assert arguments == ["--env", shop]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *("-c", "pyproject.toml", "-p", "no:cacheprovider"),
         "--env", Path(shop).resolve(), "--collect-only", "-q"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "[shop.example.com]" in done.stdout


def test_the_drill_of_the_readme_runs(capsys):
    """Broken in one place only, for it takes a while to break everything."""
    (arguments,) = of("plimsoll", "drill")
    assert main(["drill", *arguments, "--control", "REG-01"]) == 0
    assert "runs came out as they should" in capsys.readouterr().out


def test_every_option_the_readme_names_exists():
    """Options in code spans and command lines are options of the command line."""
    named = set(re.findall(r"--[a-z][a-z-]+", README))
    source = (ROOT / "src/plimsoll/cli.py").read_text() + (
        ROOT / "src/plimsoll/pytest_plugin/options.py"
    ).read_text()
    assert {option for option in named if f'"{option}"' not in source} == set()


def test_every_exit_status_the_readme_tells_is_one_that_is_given():
    """The numbers in bold are those of the code."""
    from plimsoll import cli
    from plimsoll.findings.decision import EXIT_STATUS
    from plimsoll.pytest_plugin import run

    told = set(map(int, re.findall(r"\*\*(\d)\*\*", README)))
    given = {*EXIT_STATUS.values(), cli.CONFIGURATION_STATUS, cli.USAGE_STATUS}
    assert told == given
    assert f"{run.NOT_OBSERVED_STATUS} where nothing failed" in README
    assert f"{run.INCOMPLETE_STATUS} where a planned check" in README
