"""Whoever reads a report learns, once, which scopes a token lacked and what follows."""

from types import ModuleType

import pytest

from plimsoll.reporting.html import render_html
from plimsoll.reporting.markdown import render_markdown
from plimsoll.reporting.terminal import summary_lines

SENTENCE = "DigitalOcean: the token lacks database:read, tag:read: what they show is not observed"


@pytest.fixture
def lacking(documents: ModuleType):
    """A results document of a run whose token lacked two scopes."""
    document = documents.failing()
    document["run"]["missing_scopes"] = ["database:read", "tag:read"]
    return document


def test_terminal_says_it_once(lacking) -> None:
    """One line, above the table."""
    assert summary_lines(lacking, 120).count(SENTENCE) == 1


def test_markdown_says_it_in_its_header(lacking) -> None:
    """Before anything that was not observed for want of them."""
    header, _, rest = render_markdown(lacking).partition("## Executive Summary")
    assert "database:read, tag:read" in header.replace("\\", "")
    assert "DigitalOcean: the token lacks" not in rest


def test_html_says_it_with_the_scope(lacking) -> None:
    """Where it says what was looked at, it says what the token could not see."""
    page = render_html(lacking)
    assert "<dt>Token</dt><dd>lacks <code>database:read</code>, <code>tag:read</code>:" in page


@pytest.mark.parametrize("scopes", [[], None])
def test_nothing_is_said_where_nothing_lacks(documents: ModuleType, scopes) -> None:
    """A complete token is no news, and an older record says nothing of scopes."""
    document = documents.failing()
    if scopes is not None:
        document["run"]["missing_scopes"] = scopes
    whole = "\n".join([*summary_lines(document), render_markdown(document), render_html(document)])
    assert "DigitalOcean: the token lacks" not in whole
    assert "<dt>Token</dt>" not in whole
