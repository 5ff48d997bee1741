"""The hardening report has the shape of the one it replaces, and only derived lines."""

import re
from types import ModuleType

import pytest

from plimsoll.reporting.markdown import render_markdown
from plimsoll.reporting.markdown_text import code, prose
from plimsoll.reporting.wording import WORDINGS

SECTIONS = (
    *("Executive Summary", "Detailed Test Results", "Implementation Status", "Next Steps"),
    "Conclusion",
)


@pytest.mark.parametrize("kind", ["compliant", "failing"])
def test_report_has_every_section_in_order(documents: ModuleType, kind: str) -> None:
    """Whoever knows the earlier report finds the same headings."""
    headings = re.findall(r"^## (.+)$", render_markdown(getattr(documents, kind)()), re.MULTILINE)
    assert [heading for heading in headings if heading in SECTIONS] == list(SECTIONS)


def test_numbers_are_those_of_the_document(documents: ModuleType) -> None:
    """Every verdict is counted in the header, zero included."""
    made = documents.failing()
    text = render_markdown(made)
    assert f"**Total Tests:** {len(made['results'])}  " in text
    for verdict, wording in WORDINGS.items():
        assert f"**{wording.label}:** {made['counts'][verdict]}  " in text
        assert text.count(f"**Status:** {wording.word.upper()}  ") == made["counts"][verdict]


def test_success_rate_is_exact(documents: ModuleType) -> None:
    """The rate is of those judged and says of how many."""
    made = documents.failing()
    judged = made["counts"]["pass"] + made["counts"]["fail"]
    rate = f"{100 * made['counts']['pass'] / judged:.1f}%"
    passed = made["counts"]["pass"]
    assert f"**Success Rate:** {rate} ({passed} of the {judged} judged)" in render_markdown(made)


def test_an_area_with_nothing_judged_is_never_shown_as_passed(documents: ModuleType) -> None:
    """The area to which nothing applies says that nothing was judged."""
    line = next(each for each in render_markdown(documents.failing()).splitlines() if "CDN" in each)
    assert "✅" not in line
    assert "nothing judged" in line


def test_a_simulated_run_says_so_before_any_number(documents: ModuleType) -> None:
    """The banner stands on top, and goes when the run is live."""
    made = documents.compliant()
    text = render_markdown(made)
    assert text.index("SIMULATED RUN") < text.index("**Generated:**")
    made["decision"]["simulated"] = False
    assert "SIMULATED" not in render_markdown(made)


def test_decision_is_labeled_simulated(documents: ModuleType) -> None:
    """Neither header nor conclusion says ready without saying simulated."""
    text = render_markdown(documents.compliant())
    assert "**Decision:** READY (simulated)" in text
    assert "The environment is **ready (simulated)**" in text


def test_results_are_headed_by_their_earlier_names(documents: ModuleType) -> None:
    """A result known to an earlier report is found under the name it had there."""
    made = documents.compliant()
    made["results"][0]["names"] = ["Load Test Runner", "k6 Availability"]
    assert "### ✅ Load Test Runner / k6 Availability (" in render_markdown(made)


def test_deviations_tell_what_was_seen_what_was_asked_and_where(documents: ModuleType) -> None:
    """A failing result has the file and line to open."""
    line = "- maximum instances: observed `20`, expected `≤ 10`, at `.do/app.yaml:46`"
    assert line in render_markdown(documents.failing())


def test_next_steps_are_remedies_and_reasons(documents: ModuleType) -> None:
    """A failure brings its remedy, and what was not seen brings why."""
    steps = render_markdown(documents.failing()).split("## Next Steps")[1]
    assert "Set the declared value in" in steps
    assert "403 Forbidden: the token lacks the scope app:read" in steps
    assert "Waiver W-2026-014" in steps
    assert "W-2026-012 for" not in steps


@pytest.mark.parametrize(
    ("status", "simulated", "words"),
    [
        ("ready", True, "Run the same checks live"),
        ("ready", False, "Proceed"),
        ("blocked", False, "Do not deploy until"),
        ("undecidable", False, "Do not deploy on this evidence"),
    ],
)
def test_recommendation_follows_the_decision(
    documents: ModuleType, status: str, simulated: bool, words: str
) -> None:
    """Only a live run that is ready recommends to proceed."""
    made = documents.compliant()
    made["decision"] |= {"status": status, "simulated": simulated}
    conclusion = render_markdown(made).split("## Conclusion")[1]
    assert words in conclusion
    assert ("Proceed" in conclusion) == (words == "Proceed")


def test_an_empty_run_claims_nothing(documents: ModuleType) -> None:
    """Of no results no rate is computed, and nothing is recommended."""
    text = render_markdown(documents.document([], []))
    assert "**Success Rate:** n/a" in text
    assert "✅" not in text
    assert "Proceed" not in text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("not_tested", "not_tested"),
        ("# heading", r"\# heading"),
        ("1. item", r"1\. item"),
        ("- item", r"\- item"),
        ("a <b> c", "a &lt;b> c"),
        ("see https://a.invalid", "see https&#58;//a.invalid"),
        ("two\nlines", "two lines"),
    ],
)
def test_prose_is_escaped_only_where_it_must(text: str, written: str) -> None:
    """Ordinary words stay readable in the source of the report."""
    assert prose(text) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [("a", "`a`"), ("a`b", "``a`b``"), ("`", "`` ` ``"), ("", "(nothing)")],
)
def test_code_spans_hold_any_value(text: str, written: str) -> None:
    """A value with backticks is fenced by more of them."""
    assert code(text) == written


def test_a_conflict_stands_beside_each_verdict_it_explains(documents: ModuleType) -> None:
    """The reader of one result need not look for it at the end."""
    details = render_markdown(documents.failing()).partition("## Conflicts")[0]
    assert "**Conflict:** asked for: Scaling at 75 % memory on App Platform. In reality:" in details


def test_the_summary_tells_each_reason_of_the_unknown_once(documents: ModuleType) -> None:
    """With the number of results that it hides."""
    summary = render_markdown(documents.failing()).partition("## Detailed Test Results")[0]
    assert summary.count("digitalocean: the token lacks the scope app:read") == 1
