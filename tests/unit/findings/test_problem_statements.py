"""What was found wrong elsewhere becomes deviations, each at its own place."""

from __future__ import annotations

from plimsoll.facts.document import Problem
from plimsoll.findings import Expect, Origin

ORIGIN = Origin("repository", "prometheus.yml")


def test_each_problem_is_a_deviation_at_its_own_place() -> None:
    """What is wrong and what belongs there are kept; the name is the statement's."""
    expect = Expect()
    problem = Problem("prometheus.yml:7", "no rule files are loaded", "a rule file")
    assert not expect.no_problems([problem], "rule files", at=ORIGIN)
    (deviation,) = expect.deviations
    assert (deviation.what, deviation.observed) == ("rule files", "no rule files are loaded")
    assert (deviation.expected, deviation.where) == ("a rule file", "prometheus.yml:7")
    assert deviation.source == "repository"


def test_no_problems_is_a_statement_too() -> None:
    """A check that found nothing wrong has judged its vantage point."""
    expect = Expect()
    assert expect.no_problems(iter(()), "rule files", at=ORIGIN)
    assert expect.judged["repository"] == 1
    assert expect.deviations == []
