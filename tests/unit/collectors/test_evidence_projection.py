"""Evidence is what checks read, masked; never what a server or a file lets slip."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plimsoll.collectors.evidence import MOST_CHARACTERS, evidence
from plimsoll.facts.dns_answer import DnsAnswer, DnsProbe
from plimsoll.facts.exchange import Exchange, HttpProbe
from plimsoll.facts.handshake import Handshake, TlsProbe
from plimsoll.facts.repository import FileRecord, Repository, RepositoryProbe
from plimsoll.facts.tool_output import ToolOutput, ToolProbe
from plimsoll.findings import NotExercised, Observed, Origin

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SECRET = "ghp_canary0123456789abcdefghijABCDEFGHIJ"
PROBE = HttpProbe("https://api.example.test/")
ORIGIN = Origin("http", PROBE.url)


def exchange(body: bytes = b"", *headers: tuple[str, str]) -> Exchange:
    """Return a response."""
    return Exchange(
        url=PROBE.url,
        status=200,
        http_version="HTTP/2",
        headers=headers,
        body=body,
        truncated=False,
        elapsed_ms=12.345,
        at=NOW,
    )


def documents(probe, value, origin: Origin = ORIGIN) -> list[dict]:
    """Return the evidence of an observation, parsed."""
    seen = Observed(value, origin, NOW)
    return [json.loads(found.content) for found in evidence(probe, seen)]


def test_response_is_kept_as_checks_read_it() -> None:
    """Status, version, time, known headers and the body are there, with their origin."""
    kept = exchange(b"hello", ("content-type", "text/plain"), ("x-frame-options", "DENY"))
    (document,) = documents(PROBE, (kept,))
    assert document["origin"] == {
        "source": "http",
        "where": PROBE.url,
        "simulated": False,
    }
    (shown,) = document["observed"]
    assert (shown["status"], shown["http_version"], shown["elapsed_ms"]) == (200, "HTTP/2", 12.3)
    assert shown["headers"] == [["content-type", "text/plain"], ["x-frame-options", "DENY"]]
    assert shown["body"] == "hello"


@pytest.mark.parametrize(
    "name", ["set-cookie", "authorization", "x-api-key", "www-authenticate", "x-anything"]
)
def test_unknown_header_is_not_kept(name) -> None:
    """Only headers that checks read are kept; cookies are none of them."""
    seen = Observed((exchange(b"", (name, "innocent-looking")),), ORIGIN, NOW)
    (found,) = evidence(PROBE, seen)
    assert b"innocent-looking" not in found.content


@pytest.mark.parametrize(
    ("probe", "value"),
    [
        (PROBE, (exchange(SECRET.encode(), ("location", f"/?token={SECRET}")),)),
        (HttpProbe(PROBE.url, headers=(("x-trace", SECRET),)), (exchange(),)),
        (
            TlsProbe("a.test"),
            Handshake("a.test", 443, False, SECRET, None, "", ((SECRET, SECRET),), NOW),
        ),
        (
            DnsProbe("a.test", "TXT"),
            (DnsAnswer("a.test", "TXT", "ns", True, "NOERROR", (SECRET,), 60, NOW),),
        ),
        (
            RepositoryProbe(("*",)),
            Repository(
                ".",
                None,
                None,
                False,
                (SECRET,),
                (FileRecord("a", 1, "", f"k={SECRET}"),),
                NOW,
            ),
        ),
        (ToolProbe("shellcheck", "a"), ToolOutput("shellcheck", "a", "1", 0, SECRET, NOW)),
    ],
)
def test_secret_is_masked_wherever_it_stands(probe, value) -> None:
    """No kind of sighting lets a recognizable secret through."""
    for found in evidence(probe, Observed(value, ORIGIN.at(f"/{SECRET}"), NOW)):
        assert SECRET not in found.content.decode() + found.name + found.origin.where


@settings(max_examples=15, deadline=None)
@given(st.integers(MOST_CHARACTERS - 60, MOST_CHARACTERS + 10))
def test_secret_at_the_cap_is_masked(position) -> None:
    """A secret that the cap cuts in two does not leave its first half behind."""
    body = b"x" * (position - 1) + b" " + SECRET.encode()
    (document,) = documents(PROBE, (exchange(body),))
    (shown,) = document["observed"]
    assert "ghp_canary" not in shown["body"]
    assert len(shown["body"]) <= MOST_CHARACTERS


def test_digest_is_of_the_masked_body() -> None:
    """Two bodies that differ only in a secret have the same digest: it proves nothing of it."""
    bodies = (f"token {SECRET}".encode(), f"token {SECRET[:-1]}K".encode())
    digests = {
        documents(PROBE, (exchange(body),))[0]["observed"][0]["masked_body_sha256"]
        for body in bodies
    }
    assert len(digests) == 1


def test_sample_keeps_the_first_body_and_every_digest() -> None:
    """A burst is shown whole, but its bodies once."""
    (document,) = documents(PROBE, (exchange(b"a"), exchange(b"b")))
    assert ["body" in shown for shown in document["observed"]] == [True, False]
    assert len({shown["masked_body_sha256"] for shown in document["observed"]}) == 2


def test_repository_is_one_document_for_each_file() -> None:
    """The listing shows what is absent; each file shows its mode, its size and its text."""
    files = (
        FileRecord("a.sh", 5, "d" * 64, "true\n", "", "100755"),
        FileRecord("b", 1, "", None, "not UTF-8 text: byte 0"),
    )
    value = Repository(".", "c0ffee", False, True, ("a.sh", "b", "c"), files, NOW)
    origin = Origin("repository", "app", simulated=True)
    listing, script, other = documents(RepositoryProbe(("*",)), value, origin)
    assert listing["observed"]["paths"] == ["a.sh", "b", "c"]
    assert listing["observed"]["files"] == []
    assert script["observed"]["commit"] == "c0ffee"
    assert script["observed"]["file"] == {
        "path": "a.sh",
        "mode": "100755",
        "size": 5,
        "problem": "",
        "text": "true\n",
    }
    assert script["origin"] == {"source": "repository", "where": "a.sh", "simulated": True}
    assert other["observed"]["file"]["text"] is None


def test_what_was_not_seen_is_evidence_too() -> None:
    """The reason is kept, with its kind, and without a time of observation."""
    (found,) = evidence(PROBE, NotExercised("not asked for", ORIGIN))
    assert json.loads(found.content)["not_observed"] == {
        "state": "NotExercised",
        "reason": "not asked for",
    }
    assert found.observed_at is None


@given(st.binary(max_size=60), st.lists(st.tuples(st.text(max_size=5), st.text(max_size=5))))
def test_any_response_is_kept_the_same_twice(body, headers) -> None:
    """Whatever a server sends becomes JSON, and the same JSON every time."""
    seen = Observed((exchange(body, *headers),), ORIGIN, NOW)
    (once,), (again,) = evidence(PROBE, seen), evidence(PROBE, seen)
    assert once == again
    assert list(json.loads(once.content)) == sorted(json.loads(once.content))
