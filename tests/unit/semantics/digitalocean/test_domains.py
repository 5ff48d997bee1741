"""The records of a zone are read whole, or not at all."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.facts.document import parse_json
from plimsoll.facts.domain_record import DomainRecord
from plimsoll.semantics.digitalocean.answer import UntoldError
from plimsoll.semantics.digitalocean.domains import records

RECORD = {"id": 7, "type": "a", "name": "@", "data": "203.0.113.9", "ttl": 60, "flags": None}


def read(*given_records: object) -> tuple[DomainRecord, ...]:
    """Return the records of an answer with these entries."""
    body = json.dumps({"domain_records": given_records})
    return records(parse_json(body, "/v2/domains/ferry.example/records"))


def test_a_record_is_read_as_it_stands() -> None:
    """Read a record of the zone's own name."""
    (found,) = read(RECORD)
    assert (found.id, found.type, found.data, found.ttl_seconds) == ("7", "A", "203.0.113.9", 60)


@pytest.mark.parametrize(
    ("name", "owner"),
    [
        ("@", "ferry.example"),
        ("WWW", "www.ferry.example"),
        ("www.ferry.example.", "www.ferry.example"),
        ("ferry.example", "ferry.example"),
        ("notferry.example", "notferry.example.ferry.example"),
    ],
)
def test_names_are_made_absolute(name: str, owner: str) -> None:
    """Write a name relative to the zone, absolute, and as the sign for the zone itself."""
    (found,) = read(RECORD | {"name": name})
    assert found.owner("ferry.example") == owner


@pytest.mark.parametrize("key", ["id", "type", "name", "ttl"])
def test_a_record_without_what_it_must_have_is_not_known(key: str) -> None:
    """Leave out each field that a judgment rests on."""
    with pytest.raises(UntoldError):
        read({name: value for name, value in RECORD.items() if name != key})


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from([*RECORD, "domain_records"]), inner, max_size=4)
        ),
        max_leaves=12,
    )
)
def test_any_answer_is_read_or_said_not_to_tell(answer: object) -> None:
    """Read arbitrary JSON: there are records, or an answer that does not hold them."""
    try:
        found = records(parse_json(json.dumps(answer), "/v2/domains/x/records"))
    except UntoldError:
        return
    assert all(isinstance(one, DomainRecord) for one in found)
