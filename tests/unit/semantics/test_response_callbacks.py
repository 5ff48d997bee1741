"""Which answers a load test counts as failures is believed only where its text says so."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plimsoll.semantics.javascript import JavaScriptError
from plimsoll.semantics.response_callbacks import redefined_failures

HTTP = "import http from 'k6/http';\n"


def found(files: dict[str, str] | str) -> list[str]:
    """The places that leave failures uncounted, of `load/a.js` and what it imports."""
    files = {"load/a.js": HTTP + files} if isinstance(files, str) else files
    return list(redefined_failures("load/a.js", files.get))


@pytest.mark.parametrize(
    "text",
    [
        "http.get('https://a/');",
        "// http.setResponseCallback(null)",
        "console.log('setResponseCallback');",
        "import { setResponseCallback } from 'k6/http';",
        "http.setResponseCallback(http.expectedStatuses(200, 404));",
        "http.setResponseCallback(http.expectedStatuses({ min: 200, max: 399 }, 409));",
        "const own = http.expectedStatuses(200); http.setResponseCallback(own);",
        "http.get('/', { responseCallback: http.expectedStatuses(401) });",
        "http.get('/', { 'responseCallback': http.expectedStatuses(401) });",
        "const responseCallback = http.expectedStatuses(401); http.get('/', { responseCallback });",
        "params.responseCallback = expectedStatuses(302);",
    ],
)
def test_what_counts_the_failures_of_a_server_changes_nothing(text: str) -> None:
    """The default, statuses of clients, and what only looks like a callback."""
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "http.setResponseCallback(null);",
        "http.setResponseCallback();",
        "http['setResponseCallback'](null);",
        "http.setResponseCallback(http.expectedStatuses({ min: 200, max: 599 }));",
        "http.setResponseCallback(http.expectedStatuses(200, 503));",
        "http.setResponseCallback(http.expectedStatuses({ min: 0, max: 399 }));",
        "http.setResponseCallback(http.expectedStatuses(...__ENV.EXPECTED.split(',')));",
        "http.setResponseCallback(http.expectedStatuses(FAILED));",
        "http.setResponseCallback(callback());",
        "let own = http.expectedStatuses(200); own = null; http.setResponseCallback(own);",
        "import { setResponseCallback as answer } from 'k6/http'; answer(null);",
        "import { setResponseCallback } from 'k6/http'; setResponseCallback(null);",
        "const { setResponseCallback: answer } = http;",
        "const answer = http.setResponseCallback;",
        "http.get('/', { responseCallback: null });",
        "http.get('/', { 'responseCallback': null });",
        "function send(responseCallback) { http.get('/', { responseCallback }); }",
        "params.responseCallback = null;",
        "params['responseCallback'] = null;",
    ],
)
def test_what_may_leave_failures_uncounted_is_told(text: str) -> None:
    """No callback, 5xx or no answer expected, and what the text does not show."""
    assert found(text) == ["load/a.js:2"]


def test_what_is_imported_from_the_repository_is_read_too() -> None:
    """By any form of import, each file once; modules of k6 and of other places are not at hand."""
    files = {
        "load/a.js": "import './b.js';\nimport x from 'https://e.org/x.js';\nimport d from './d.json';",
        "load/b.js": "export { c } from '../lib/c.js';\nimport './a.js';\nrequire('./absent.js');",
        "lib/c.js": "const e = require('../load/e.js');\n",
        "load/e.js": "\n\nhttp.setResponseCallback(null);",
        "load/d.json": "not JavaScript",
    }
    assert found(files) == ["load/e.js:3"]


PIECES = ("http.", "setResponseCallback", "responseCallback", "(", ")", "{", "}", ":", "=", "null",
          "expectedStatuses", "200", "'", "[", "]", " ", ";", "import ", "require", "'./b.js'")  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Half calls and nonsense raise nothing but the declared error."""
    try:
        assert all(where.startswith("load/a.js:") for where in found(text))
    except JavaScriptError:
        return
