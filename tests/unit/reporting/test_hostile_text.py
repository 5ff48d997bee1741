"""No format is harmed by text that was observed somewhere, whatever the text is."""

import re
from collections import Counter
from html.parser import HTMLParser
from types import ModuleType
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from prometheus_client.parser import text_string_to_metric_families

from plimsoll.reporting.formats import FORMATS, render
from plimsoll.reporting.terminal import summary_lines

FRAGMENTS = (
    *("<script>alert(1)</script>", "</script>", "</style>", "</title>", "<!--", "-->", "]]>"),
    *('<meta http-equiv="refresh" content="0;url=http://a.invalid">', "<base href=//a.invalid>"),
    *(
        '" onload="x',
        "' onclick='x",
        "javascript:alert(1)",
        "<svg/onload=x>",
        "{{ run }}",
        "{% raw %}",
    ),
    *("\x00", "\x1b[2J", "\u202e", "\u2066", "\ud800", "\udfff", "\ufeff", "\uffff", "\U000e0041"),
    *(
        "\n# heading",
        "\n\n---\n",
        "\n> quote",
        "\n- item",
        "\n1. item",
        "\n```\n",
        "\n    code",
        "\n===",
    ),
    *("[a](http://a.invalid)", "![a](http://a.invalid)", "<http://a.invalid>", "http://a.invalid"),
    *(
        "`",
        "``",
        "*a*",
        "_a_",
        "|",
        "\\",
        "&lt;",
        "&#35;",
        "~~a~~",
        "[^1]",
        "[a]: http://a.invalid",
    ),
    *("\r\n", "\t", " ", "https://a.invalid/", "../../etc/passwd", "evidence/../x", "é", "≤", "🚢"),
)
HOSTILE = st.one_of(
    st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=4).map("".join),
    st.text(st.characters(exclude_categories=()), min_size=1, max_size=40),
)
EXAMPLES = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
SAFE_ADDRESS = re.compile(
    r"#[a-z0-9_-]+|evidence/[A-Za-z0-9._/-]+|engineer\.html(#[A-Za-z0-9._~%-]+)?"
    r"|https?://[^\s\"'<>]+"
)
INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class Skeleton(HTMLParser):
    """The elements of a page without its text: what data must never be able to change."""

    def __init__(self, page: str) -> None:
        """Parse a page."""
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.attributes: set[str] = set()
        self.addresses: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Count an element; a link may come and go with the address that it would have."""
        if tag != "a":
            self.tags[tag] += 1
        for name, value in attrs:
            self.attributes.add(name)
            if name in ("href", "src", "content") and tag != "meta":
                self.addresses.append(value or "")


@given(text=HOSTILE)
@EXAMPLES
def test_html_has_the_elements_of_the_template_and_no_others(
    documents: ModuleType, text: str
) -> None:
    """Data makes no element, no attribute, and no address but web and bundle ones."""
    made = documents.failing(1)
    page = Skeleton(render(documents.with_text(made, text), "html"))
    harmless = Skeleton(render(documents.with_text(made, "x"), "html"))
    assert page.tags == harmless.tags
    assert page.tags["script"] == 0
    assert page.tags["meta"] == 5
    assert page.attributes <= harmless.attributes
    assert all(SAFE_ADDRESS.fullmatch(address) for address in page.addresses)


@given(text=HOSTILE)
@EXAMPLES
def test_every_format_is_visible_and_can_be_encoded(documents: ModuleType, text: str) -> None:
    """No control, bidirectional or surrogate character reaches a file or a terminal."""
    poisoned = documents.with_text(documents.failing(1), text)
    for format_name in FORMATS:
        rendered = render(poisoned, format_name)
        assert rendered.encode()
        assert not INVISIBLE.search(rendered)
    assert not any(INVISIBLE.search(line) or "\n" in line for line in summary_lines(poisoned))


@given(text=HOSTILE)
@EXAMPLES
def test_junit_parses_with_the_cases_of_the_document(documents: ModuleType, text: str) -> None:
    """The XML is well formed, and text adds no case."""
    poisoned = documents.with_text(documents.failing(1), text)
    root = ET.fromstring(render(poisoned, "junit"))
    assert len(root.findall(".//testcase")) == len(poisoned["results"])


@given(text=HOSTILE)
@EXAMPLES
def test_markdown_has_no_structure_from_data(documents: ModuleType, text: str) -> None:
    """Text makes no heading, link, image, HTML, quote, block of code, row or list item."""
    made = documents.failing(1)
    tokens = Counter(_markdown_tokens(render(documents.with_text(made, text), "markdown")))
    harmless = Counter(_markdown_tokens(render(documents.with_text(made, "x"), "markdown")))
    inline = {"text", "softbreak", "hardbreak", "code_inline", "text_special"}
    for kind in tokens.keys() - inline:
        assert tokens[kind] == harmless[kind], kind
    assert not tokens.keys() & {
        "link_open",
        "image",
        "html_inline",
        "html_block",
        "fence",
        "code_block",
    }


def _markdown_tokens(text: str) -> list[str]:
    kinds = []
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text):
        kinds.append(token.type)
        kinds += [child.type for child in token.children or ()]
    return kinds


@given(text=HOSTILE)
@EXAMPLES
def test_metrics_parse(documents: ModuleType, text: str) -> None:
    """Every line is a sample, a type or a help, and no series occurs twice."""
    poisoned = documents.with_text(documents.failing(1), text)
    families = list(text_string_to_metric_families(render(poisoned, "metrics")))
    series = [
        (sample.name, tuple(sorted(sample.labels.items())))
        for family in families
        for sample in family.samples
    ]
    assert len(series) == len(set(series))
    assert all(name.startswith("plimsoll_") for name, _ in series)


@pytest.mark.parametrize("format_name", [name for name in FORMATS if name != "json"])
def test_an_endless_body_is_shortened(documents: ModuleType, format_name: str) -> None:
    """Ten megabytes observed cost a report no more than some kilobytes."""
    made = documents.failing(1)
    plain = len(render(made, format_name))
    red = next(each for each in made["results"] if each["deviations"])
    red["summary"] = red["deviations"][0]["observed"] = "<p>\x00" * 2_500_000
    assert len(render(made, format_name)) < plain + 200_000
