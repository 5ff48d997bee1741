"""The auditor's report says what the document says, and nothing in it can act."""

import base64
import hashlib
import re
from types import ModuleType
from typing import Any

import pytest

from plimsoll.reporting.html import render_html

FIELDS = ("requirement", "remedy", "why", "title")


def text_of(page: str) -> str:
    """Return the words of a page, without its elements."""
    body = page.split("</head>")[1]
    words = re.sub(r"<[^>]+>", " ", body).replace("&#39;", "'").replace("&#34;", '"')
    return re.sub(r"\s+", " ", words.replace("&amp;", "&"))


def test_policy_comes_first_and_names_the_one_style_sheet(documents: ModuleType) -> None:
    """Right after the character set a policy forbids all but the style sheet with its hash."""
    page = render_html(documents.compliant())
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style.group(1).encode()).digest()).decode()
    policy = (
        '<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" '
        f"content=\"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'\">"
    )
    assert policy in page
    assert page.count("<style") == 1


@pytest.mark.parametrize("forbidden", ["<script", " style=", "<iframe", "<img", "@import", "url("])
def test_page_is_self_contained_and_cannot_act(documents: ModuleType, forbidden: str) -> None:
    """Nothing is loaded and nothing runs."""
    assert forbidden not in render_html(documents.failing())


def test_tally_is_that_of_the_document(documents: ModuleType) -> None:
    """Every verdict stands on the cover with its count, zero included."""
    made = documents.compliant()
    page = render_html(made)
    tally = dict(re.findall(r'<li class="t-(\w+)[^"]*"><b>([\d,]+)</b>', page))
    counts = {k: v for k, v in made["counts"].items() if k not in ("planned", "recorded")}
    assert {verdict: int(number) for verdict, number in tally.items()} == counts


def test_every_result_is_in_the_report(documents: ModuleType) -> None:
    """Results that passed and results that did not are all there, each with its evidence."""
    made = documents.failing()
    page = render_html(made)
    words = text_of(page)
    for result in made["results"]:
        for said in result["deviations"] or [result]:
            assert said.get("observed", result["summary"]) in words
        for file in result["evidence"]:
            assert file["sha256"] in words
    assert page.count('<div class="subject">') == sum(
        made["counts"][verdict] for verdict in ("fail", "error", "not_tested", "manual", "waived")
    )


def test_findings_have_what_an_auditor_asks_for(documents: ModuleType) -> None:
    """A failing control brings requirement, observed and expected, place, remedy and references."""
    made = documents.failing()
    page = render_html(made)
    article = page.split('<article class="finding f-fail"')[1].split("</article>")[0]
    words = text_of("</head>" + article)
    for part in ("20", "≤ 10", ".do/app.yaml:46", "Remedy", "Procedure", "cp-2.2", "critical"):
        assert part in words
    assert "What was asked for and what can be had differ." in text_of(page)


@pytest.mark.parametrize(
    "part",
    [
        "plimsoll check app-oint --mock",
        "github:app-oint/platform",
        "runner-17",
        "pytest-testinfra 10.2.2",
        "3f1c9a7e5b2d4c6f8a90b1c2d3e4f5a6b7c8d9e0",
        "api.digitalocean.com:443",
        "common practice",
        "supporting evidence, not a conclusion",
        "W-2026-013",
        "maximum-above-limit",
        "k6 Availability",
        "Areas in which nothing was judged: CDN.",
        "Controls that support no framework: SCL-02 .",
        "Controls for which no fault is listed: CFG-03 , CFG-04 , CFG-05 .",
    ],
)
def test_report_tells_how_it_was_made_and_what_it_leaves_out(
    documents: ModuleType, part: str
) -> None:
    """Identity, tools, exceptions, coverage and proof are in the report."""
    assert part in text_of(render_html(documents.failing()))


def test_every_inner_link_has_its_target_and_every_id_is_unique(documents: ModuleType) -> None:
    """No link leads nowhere, whatever the ids of the controls are."""
    for made in (documents.failing(), documents.with_text(documents.failing(2), "<é>")):
        page = render_html(made)
        ids = re.findall(r' id="([^"]+)"', page)
        assert len(ids) == len(set(ids))
        assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)


def test_controls_with_like_ids_have_places_of_their_own(documents: ModuleType) -> None:
    """Ids that differ only in what an anchor cannot hold do not share one."""
    ids = ["A", "a", "a.2", "§", "¶", "x" * 50, "x" * 60]
    controls = [documents.control(each, "area", each, "high", "fail") for each in ids]
    results = [documents.result(each, "subject", "fail") for each in ids]
    page = render_html(documents.document(results, controls))
    places = re.findall(r'<article class="finding f-fail" id="([^"]+)"', page)
    assert len(set(places)) == len(ids)


def test_simulated_run_says_so_on_the_page_and_on_paper(documents: ModuleType) -> None:
    """The banner, the printed header and the watermark come and go with the decision."""
    made = documents.compliant()
    page = render_html(made)
    assert '<aside class="banner" aria-label="Simulated run">' in page
    assert '@top-center{content:"SIMULATED' in page
    assert '<body class="simulated">' in page
    made["decision"]["simulated"] = False
    live = render_html(made)
    assert '<aside class="banner"' not in live
    assert '{content:"SIMULATED - not' not in live
    assert "<body>" in live


def test_an_interrupted_run_says_so_on_top(documents: ModuleType) -> None:
    """What was not judged cannot be taken for fine."""
    made = documents.compliant()
    made["run"]["interrupted"] = True
    assert "Interrupted run." in text_of(render_html(made))


@pytest.mark.parametrize(
    "path",
    [
        "javascript:alert(1)",
        "/etc/passwd",
        "evidence/../../x",
        "evidence/",
        "evidence/a b",
        "https://a.invalid/x",
    ],
)
def test_only_paths_below_evidence_are_linked(documents: ModuleType, path: str) -> None:
    """Any other path is shown as text."""
    made = documents.compliant()
    made["results"][0]["evidence"][0]["path"] = path
    page = render_html(made)
    assert f'href="{path}"' not in page
    assert path in page


@pytest.mark.parametrize("ticket", ["javascript:alert(1)", "data:text/html,x", "OPS-1", "http://"])
def test_only_web_addresses_are_linked(documents: ModuleType, ticket: str) -> None:
    """A waiver's ticket is a link only when it is one to the web."""
    made = documents.failing()
    made["waivers"][0]["ticket"] = ticket
    page = render_html(made)
    assert f'href="{ticket}"' not in page
    assert ticket in page


def test_an_empty_run_is_rendered_and_claims_nothing(documents: ModuleType) -> None:
    """Without results there is no green anywhere but in the glossary."""
    page = render_html(documents.document([], []))
    assert "No control was planned, so nothing is known." in page
    assert page.count('class="v v-pass"') == 2


def test_printed_footer_cannot_leave_its_string(documents: ModuleType) -> None:
    """A run's id is escaped for CSS as well."""
    made: dict[str, Any] = documents.compliant()
    made["run"]["id"] = '"}</style><script>'
    page = render_html(made)
    assert page.count("</style>") == 1
    assert r"\22 \7D \3C \2F style\3E " in page


def test_each_reason_of_the_unknown_is_told_once_above_the_findings(documents: ModuleType) -> None:
    """With the number of results that it hides."""
    findings = render_html(documents.failing()).partition('id="findings-h"')[2]
    above = findings.partition("<article")[0]
    assert "Not known, and why:" in above
    assert above.count("the token lacks the scope app:read") == 1
