"""The auditor's report in a real browser: accessible, whole on paper, and harmless."""

import html
import json
import re
import subprocess
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from plimsoll.reporting.html import render_html

POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
OUTCOME = re.compile(r'<pre id="outcome">(.*?)</pre>', re.DOTALL)
ATTACKS = (
    "<script>document.title='owned'</script>"
    "<img src=x onerror=\"document.title='owned'\">"
    '<meta http-equiv="refresh" content="0;url=data:text/html,owned">'
    "</title></style></table></details><h1>owned</h1><base href='http://owned.invalid/'>"
    '" onmouseover="document.title=\'owned\'" \x00\x1b[31m\u202e\ud800'
)


def with_script(page: str, script: str) -> str:
    """Copy a page without its policy, with a script that may write into `outcome`."""
    body = f'<pre id="outcome"></pre><script>{script}</script></body>'
    return POLICY.sub("", page).replace("</body>", body)


def answered(dom: str) -> Any:
    """Read what the script has written."""
    found = OUTCOME.search(dom)
    assert found is not None
    return json.loads(html.unescape(found.group(1)))


def violations(browser: Any, axe: str, page: str) -> list[str]:
    """Run every rule of axe-core over a page and name those it breaks."""
    ask = """
    document.querySelectorAll("details").forEach(each => each.open = true);
    axe.run(document, {exclude: [["#outcome"]]}).then(found => {
        document.getElementById("outcome").textContent = JSON.stringify(found.violations.map(
            rule => rule.id + ": " + rule.nodes.slice(0, 3).map(node => node.html).join(" | ")));
    });
    """
    return list(answered(browser.dom(with_script(page, axe + ";" + ask))))


@pytest.mark.parametrize("kind", ["compliant", "failing"])
def test_axe_finds_nothing(browser: Any, axe: str, documents: ModuleType, kind: str) -> None:
    """No rule of axe-core is broken, with every folded part open."""
    page = render_html(getattr(documents, kind)())
    assert violations(browser, axe, page) == []


def test_axe_would_find_something(browser: Any, axe: str, documents: ModuleType) -> None:
    """The test above can fail: without its language the page breaks a rule."""
    page = render_html(documents.compliant()).replace('<html lang="en">', "<html>")
    assert any(found.startswith("html-has-lang") for found in violations(browser, axe, page))


@pytest.mark.parametrize("width", [320, 400, 768, 1280])
@pytest.mark.parametrize("word", ["", "W" * 300])
def test_page_never_scrolls_sideways(
    browser: Any, documents: ModuleType, width: int, word: str
) -> None:
    """From phone to desk the page is as wide as the window, however long a word in it."""
    made = documents.failing()
    page = POLICY.sub("", render_html(documents.with_text(made, word) if word else made))
    page = html.escape(page.replace("<details", "<details open"))
    wrapper = (
        f'<!DOCTYPE html><pre id="outcome"></pre><iframe width="{width}" height="800" '
        f'srcdoc="{page}">'
        "</iframe><script>onload = () => { const root = document.querySelector('iframe')"
        ".contentDocument.documentElement; document.getElementById('outcome').textContent ="
        " JSON.stringify([root.clientWidth, root.scrollWidth]); };</script>"
    )
    inside, needed = answered(browser.dom(wrapper))
    assert needed <= inside


def test_policy_admits_the_style_sheet_and_nothing_complains(
    browser: Any, documents: ModuleType
) -> None:
    """The hash in the policy is that of the style sheet as the browser reads it."""
    page = render_html(documents.failing())
    assert "Content Security Policy" not in browser.log(page)
    assert "Content Security Policy" in browser.log(page.replace("--ink", "--ink2"))


def test_hostile_text_stays_text(browser: Any, documents: ModuleType) -> None:
    """Nothing that was observed runs, redirects, or becomes an element, even without the policy."""
    page = POLICY.sub("", render_html(documents.with_text(documents.failing(2), ATTACKS)))
    dom = browser.dom(page)
    assert "<title>owned" not in dom
    assert "<h1>owned" not in dom
    assert dom.count("<meta") == page.count("<meta ")
    assert 'id="again"' in dom


def test_paper_has_everything_and_says_simulated_on_every_page(
    browser: Any, pdftotext: str, documents: ModuleType
) -> None:
    """Folded parts are printed, and every page of a simulated run is labeled and numbered."""
    pdf = browser.pdf(render_html(documents.failing()))
    text = printed(pdftotext, pdf, "-layout")
    pages = text.rstrip("\f").split("\f")
    assert len(pages) > 1
    for number, page in enumerate(pages, start=1):
        assert "SIMULATED" in page
        assert f"Page {number} of {len(pages)}" in page
    words = " ".join(printed(pdftotext, pdf, "-raw").split())
    assert "prometheus meets the requirement." in words


def printed(pdftotext: str, pdf: Path, order: str) -> str:
    """Return the text of a document, in the order of its lines or of its cells."""
    command = [pdftotext, order, str(pdf), "-"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
