"""The requests that a k6 script makes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from plimsoll.semantics.javascript import JavaScriptError
from plimsoll.semantics.script_requests import requests

SCRIPT = """\
import http, { get as fetchPage } from 'k6/http';
const BASE = `${__ENV.API}/v1`;
function send(method, path) { return http.request(method, BASE + path); }
function login() { send('POST', '/auth/login'); }
function forgotten() { http.get('/never'); }
export default function () {
  login();
  fetchPage(`${BASE}/bookings/${id}`);
  // http.get('/comment')
  const text = "http.get('/text')";
  http.batch([['GET', '/a'], { method: 'GET', url: '/b' }]);
}
"""


def test_requests_are_found_where_they_are_made() -> None:
    """Helpers, templates and batches are followed; comments and texts are not requests."""
    found = [(r.method, r.url, r.function, r.line) for r in requests(SCRIPT)]
    assert found == [
        ("POST", "{__ENV.API}/v1/auth/login", "login", 4),
        ("GET", "{__ENV.API}/v1/bookings/{id}", "default", 8),
        ("BATCH", "/a", "default", 11),
        ("BATCH", "/b", "default", 11),
    ]


def test_only_what_the_scenarios_reach_is_requested() -> None:
    """A function that nothing calls exercises nothing."""
    assert [r.url for r in requests(SCRIPT, ["login"])] == ["{__ENV.API}/v1/auth/login"]
    assert requests(SCRIPT, ["absent"]) == ()


@given(st.text(alphabet="http.get('/a')`${}=>;\n functionexport()"))
def test_any_text_gives_requests_or_the_declared_error(text: str) -> None:
    """Every request found stands on a line of the text."""
    try:
        found = requests(text)
    except JavaScriptError:
        return
    assert all(1 <= request.line <= text.count("\n") + 1 for request in found)


def test_what_is_assigned_twice_or_computed_is_not_guessed() -> None:
    """Only a name with one value stands for it; everything else stays an expression."""
    script = """\
import * as http from 'k6/http';
let base = '/one';
base = '/two';
const path = '/a', path2 = path + '/b';
const run = () => {
  http.get(base);
  http.del(path2);
  http.asyncRequest('PUT', ('/c' + id()));
  http.get();
  http.setResponseCallback(path);
  other.get(path);
  get(path);
};
http.head('/module');
export { run };
"""
    found = [(r.method, r.url, r.function) for r in requests(script, ["run"])]
    assert found == [
        ("GET", "{base}", "run"),
        ("DELETE", "/a/b", "run"),
        ("PUT", "/c{id()}", "run"),
        ("HEAD", "/module", "<module>"),
    ]
