"""`plimsoll prove`: what the rules do, for an environment and for a file alone."""

from __future__ import annotations

import json

import pytest

from plimsoll.cli import main

GOOD = """\
groups:
  - name: one
    rules:
      - alert: DatabaseDown
        expr: pg_up == 0
        for: 1m
        labels: {severity: critical}
      - alert: Errors
        expr: |
          sum(rate(http_requests_total{status=~"5.."}[5m])) / sum(rate(http_requests_total[5m])) > %s
        for: 1m
        labels: {severity: critical}
"""
ENVIRONMENT = """\
schema: plimsoll/environment/1
system: Shop
repository:
  rule_files: [rules.yml]
alerts:
  required:
    - {name: database, condition: database-down, within_seconds: 300, severity: critical}
    - {name: errors, condition: error-ratio, above: 0.01, within_seconds: 900, severity: critical}
"""


@pytest.fixture
def shop(tmp_path):
    """A repository with rules, and the environment that requires two alerts of them."""
    (tmp_path / "shop.yaml").write_text(ENVIRONMENT)
    (tmp_path / "rules.yml").write_text(GOOD % "0.01")
    return tmp_path


@pytest.fixture
def prove(shop, capsys):
    """Run the command on the shop; return its status and what it printed and complained."""

    def run(*arguments, env=None):
        status = main(["prove", str(env or shop / "shop.yaml"), *map(str, arguments)])
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


def test_the_table_tells_what_fires_when_and_from_where_on(prove, shop):
    """A row for each required alert, and status 0 where all are proven."""
    status, out, _ = prove("--repository", shop)
    assert status == 0
    rows = {line.split()[0]: line for line in out.splitlines() if line}
    assert "DatabaseDown" in rows["database"]
    assert rows["errors"].endswith("proven")
    assert "0.0096 to 0.0104" in rows["errors"]


def test_what_is_not_proven_is_explained_by_its_values(prove, shop):
    """The part that answered nothing, and status 1."""
    (shop / "rules.yml").write_text(GOOD % "1")
    status, out, _ = prove("--repository", shop, "--alert", "errors")
    assert status == 1
    assert "0.02 > 1 is false" in out
    assert "database" not in out


def test_what_cannot_be_told_is_neither(prove, shop):
    """A rule that no engine here evaluates leaves its alert undecided."""
    rules = GOOD % "0.01"
    (shop / "rules.yml").write_text(rules.replace("pg_up == 0", "limitk(1, pg_up) == 0"))
    status, out, _ = prove("--repository", shop, "--alert", "database")
    assert status == 2
    assert "not known" in out


def test_trials_are_written_for_promtool(prove, shop):
    """Rules and their test, a folder a rule."""
    status, out, _ = prove("--repository", shop, "--alert", "database", "--write", shop / "trials")
    assert status == 0
    assert "promtool test rules" in out
    test = json.loads((shop / "trials" / "DatabaseDown" / "test.yml").read_text())
    assert test["rule_files"] == ["rules.yml"]
    assert test["tests"]
    assert json.loads((shop / "trials" / "DatabaseDown" / "rules.yml").read_text())["groups"]


def test_a_file_alone_is_found_out_about(prove, shop):
    """What each rule fires on, without an environment."""
    status, out, _ = prove("--rules", env=shop / "rules.yml")
    assert status == 0
    assert "database-down" in out
    assert "error-ratio" in out


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ([], "--repository"),
        (["--repository", "/nowhere/at/all"], "no such folder"),
        (["--mock"], "--repository"),
        (["--repository", ".", "--alert", "nothing"], "no required alert nothing"),
    ],
)
def test_wrong_usage_is_refused_in_words(prove, shop, monkeypatch, arguments, complaint):
    """Status 4, and no traceback."""
    monkeypatch.chdir(shop)
    status, out, err = prove(*arguments)
    assert (status, out) == (4, "")
    assert complaint in err


@pytest.mark.parametrize("text", ["groups: [", "groups: [{name: a, rules: [{alert: b}]}]", ""])
def test_a_file_that_holds_no_rules_is_refused_with_its_place(prove, shop, text):
    """Status 3, and where it is wrong."""
    (shop / "rules.yml").write_text(text)
    status, _, err = prove("--repository", shop)
    assert status == 3
    assert "rules.yml" in err


def test_an_environment_without_alerts_has_nothing_to_prove(prove, shop):
    """It is told so."""
    (shop / "shop.yaml").write_text(ENVIRONMENT.partition("alerts:")[0])
    status, _, err = prove("--repository", shop)
    assert status == 3
    assert "no alerts are declared" in err
