"""A snapshot comes back from JSON exactly as it was, or not at all."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plimsoll.collectors.codec import MalformedError, decode, encode
from plimsoll.collectors.snapshot import Snapshot, SnapshotError
from plimsoll.facts.dns_answer import DnsAnswer, DnsProbe
from plimsoll.facts.exchange import Exchange, HttpProbe
from plimsoll.facts.handshake import Certificate, Handshake, TlsProbe
from plimsoll.facts.repository import FileRecord, Repository, RepositoryProbe
from plimsoll.facts.tool_output import ToolOutput, ToolProbe
from plimsoll.findings import (
    NotExercised,
    NotListening,
    NotObserved,
    NotTested,
    Observed,
    Origin,
    ToolMissing,
)

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ANY_TEXT = st.text(st.characters(codec=None), max_size=8)
MOMENTS = st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=-3, minutes=-30))]))
PAIRS = st.lists(st.tuples(ANY_TEXT, ANY_TEXT), max_size=2).map(tuple)
TEXTS = st.lists(ANY_TEXT, max_size=2).map(tuple)
st.register_type_strategy(datetime, MOMENTS)
ORIGINS = st.builds(Origin, ANY_TEXT, ANY_TEXT, st.booleans())

EXCHANGES = st.builds(
    Exchange,
    url=ANY_TEXT,
    status=st.integers(),
    http_version=ANY_TEXT,
    headers=PAIRS,
    body=st.binary(max_size=8),
    truncated=st.booleans(),
    elapsed_ms=st.floats(allow_nan=False),
    at=MOMENTS,
)
CERTIFICATES = st.builds(
    Certificate, ANY_TEXT, ANY_TEXT, TEXTS, MOMENTS, MOMENTS, fingerprint_sha256=ANY_TEXT
)
HANDSHAKES = st.builds(
    Handshake,
    host=ANY_TEXT,
    port=st.integers(),
    trusted=st.booleans(),
    trust_problem=ANY_TEXT,
    certificate=st.none() | CERTIFICATES,
    negotiated=ANY_TEXT,
    versions=PAIRS,
    at=MOMENTS,
)
ANSWERS = st.builds(
    DnsAnswer,
    name=ANY_TEXT,
    record_type=ANY_TEXT,
    server=ANY_TEXT,
    authoritative=st.booleans(),
    rcode=ANY_TEXT,
    records=TEXTS,
    ttl_seconds=st.none() | st.integers(),
    at=MOMENTS,
)
FILES = st.builds(
    FileRecord,
    path=ANY_TEXT,
    size=st.integers(),
    sha256=ANY_TEXT,
    text=st.none() | ANY_TEXT,
    problem=ANY_TEXT,
    mode=st.none() | ANY_TEXT,
)
REPOSITORIES = st.builds(
    Repository,
    root=ANY_TEXT,
    commit=st.none() | ANY_TEXT,
    dirty=st.none() | st.booleans(),
    modes_known=st.booleans(),
    paths=TEXTS,
    files=st.lists(FILES, max_size=2).map(tuple),
    at=MOMENTS,
)
OUTPUTS = st.builds(
    ToolOutput, ANY_TEXT, ANY_TEXT, ANY_TEXT, exit_status=st.integers(), output=ANY_TEXT, at=MOMENTS
)
UNSEEN = st.builds(
    lambda kind, reason, origin: kind(reason, origin),
    st.sampled_from([NotObserved, NotListening, NotTested, NotExercised, ToolMissing]),
    ANY_TEXT,
    ORIGINS,
)


def entries(probes: st.SearchStrategy[Any], values: st.SearchStrategy[Any]):
    """Return a strategy of probes with a sighting."""
    return st.tuples(probes, UNSEEN | st.builds(Observed, values, ORIGINS, MOMENTS))


ENTRIES = st.one_of(
    entries(
        st.builds(HttpProbe, ANY_TEXT, ANY_TEXT, PAIRS, ANY_TEXT, st.integers(), ANY_TEXT),
        st.lists(EXCHANGES, max_size=2).map(tuple),
    ),
    entries(st.builds(TlsProbe, ANY_TEXT, st.integers()), HANDSHAKES),
    entries(st.builds(DnsProbe, ANY_TEXT, ANY_TEXT), st.lists(ANSWERS, max_size=2).map(tuple)),
    entries(st.builds(RepositoryProbe, TEXTS), REPOSITORIES),
    entries(st.builds(ToolProbe, ANY_TEXT, ANY_TEXT), OUTPUTS),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(ENTRIES, max_size=4).map(dict), MOMENTS, MOMENTS)
def test_snapshot_survives_being_written_down(sightings, started_at, finished_at) -> None:
    """Every field of every kind comes back, and so does why something was not observed."""
    snapshot = Snapshot(sightings, started_at, finished_at)
    restored = Snapshot.from_json(snapshot.to_json())
    assert restored == snapshot
    assert list(restored) == list(snapshot)
    assert [type(restored[probe]) for probe in restored] == [
        type(snapshot[probe]) for probe in snapshot
    ]
    assert restored.to_json() == snapshot.to_json()


def test_snapshot_cannot_be_changed() -> None:
    """Neither the snapshot nor the mapping it was made from lets a sighting in later."""
    probe = HttpProbe("http://a.test/")
    source: dict[Any, Any] = {}
    snapshot = Snapshot(source, NOW, NOW)
    source[probe] = NotObserved("late", Origin("http", ""))
    with pytest.raises(TypeError):
        snapshot.sightings[probe] = source[probe]  # type: ignore[index]
    with pytest.raises(KeyError):
        snapshot[probe]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@given(st.binary(max_size=60) | JSON.map(lambda data: json.dumps(data).encode()))
def test_anything_else_is_refused(content) -> None:
    """Bytes that `to_json` did not write are an error of one kind."""
    with pytest.raises(SnapshotError):
        Snapshot.from_json(content)


WHOLE = json.loads(
    Snapshot(
        {
            HttpProbe("http://a.test/"): Observed(
                (Exchange("http://a.test/", 200, "HTTP/1.1", (), b"x", False, 1.5, NOW),),
                Origin("http", "http://a.test/"),
                NOW,
            ),
            DnsProbe("a.test"): ToolMissing("why", Origin("dns", "a.test")),
        },
        NOW,
        NOW,
    ).to_json()
)


def places(data: Any, path: tuple[Any, ...] = ()):
    """Return the path of every value in a JSON document, but the order of probes' entries."""
    items = data.items() if isinstance(data, dict) else enumerate(data)
    for key, item in items:
        yield (*path, key)
        if isinstance(item, dict | list):
            yield from places(item, (*path, key))


PLACES = [path for path in places(WHOLE) if path != ("sightings",) and len(path) != 2]


@given(st.sampled_from(PLACES), JSON)
def test_value_of_another_kind_is_refused(path, value) -> None:
    """A field that holds something else than its type is not restored; null is not false."""
    document = json.loads(json.dumps(WHOLE))
    target = document
    for key in path[:-1]:
        target = target[key]
    same_kind = type(target[path[-1]]) is type(value)
    target[path[-1]] = value
    content = json.dumps(document).encode()
    try:
        restored = Snapshot.from_json(content)
    except SnapshotError:
        return
    assert same_kind or {type(value)} <= {int, float}
    assert len(restored) <= 2


@pytest.mark.parametrize("path", [path for path in PLACES if isinstance(path[-1], str)])
def test_field_that_is_absent_is_refused(path) -> None:
    """No field has a default when it is restored."""
    document = json.loads(json.dumps(WHOLE))
    target = document
    for key in path[:-1]:
        target = target[key]
    del target[path[-1]]
    with pytest.raises(SnapshotError):
        Snapshot.from_json(json.dumps(document).encode())


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (bool, 1),
        (int, True),
        (float, "1"),
        (datetime, "2026-11-20T12:00:00"),
        (bytes, "not base64!"),
        (str | None, 3),
        (tuple[str, ...], "abc"),
        (tuple[str, str], ["a"]),
        (Origin, {"source": "", "where": "", "simulated": False, "surplus": 1}),
    ],
)
def test_types_are_not_mixed_up(kind, data) -> None:
    """What looks alike is not taken for the other."""
    with pytest.raises(MalformedError):
        decode(kind, data)


def test_what_is_no_fact_is_not_written() -> None:
    """A value of no known kind is a mistake of ours, and is told as one."""
    with pytest.raises(TypeError, match="object cannot be written down"):
        encode(object())
