"""A digest vouches for the key it was made of, and for no other."""

from __future__ import annotations

import base64

import dns.dnssec
import dns.name
import dns.rdata
import dns.rdatatype
import pytest
from dns.rdtypes.ANY.DNSKEY import DNSKEY
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.semantics.zone_keys import is_vouched_for

ZONE = "ferry.example"
MATERIAL = base64.b64encode(bytes(range(64))).decode()
KEY = f"257 3 13 {MATERIAL}"


def digest(key: str, zone: str = ZONE, kind: str = "SHA256") -> str:
    """Return the DS record of a key, as another implementation makes it."""
    read = dns.rdata.from_text("IN", "DNSKEY", key)
    assert isinstance(read, DNSKEY)
    return dns.dnssec.make_ds(dns.name.from_text(zone), read, kind, validating=True).to_text()


def test_a_digest_vouches_for_the_key_it_was_made_of() -> None:
    """Compare the digest of the key, written in capitals and with spaces as well."""
    told = digest(KEY)
    spaced = f"{told[:40].upper()} {told[40:]}"
    assert is_vouched_for(ZONE, [KEY], [told])
    assert is_vouched_for(ZONE, [KEY], [spaced])
    assert not is_vouched_for("other.example", [KEY], [told])
    assert not is_vouched_for(ZONE, [KEY], [f"1 13 2 {'ab' * 32}"])
    assert not is_vouched_for(ZONE, [], [told])
    assert not is_vouched_for(ZONE, [KEY], [])


@given(
    st.binary(min_size=1, max_size=80),
    st.sampled_from([256, 257]),
    st.sampled_from(["SHA1", "SHA256", "SHA384"]),
    st.sampled_from([ZONE, "Ferry.Example.", "example"]),
)
def test_every_digest_is_made_as_others_make_it(
    material: bytes, flags: int, kind: str, zone: str
) -> None:
    """Compare with another implementation, for any key and every type of digest."""
    key = f"{flags} 3 13 {base64.b64encode(material).decode()}"
    assert is_vouched_for(zone, [key], [digest(key, zone, kind)])


@pytest.mark.parametrize("flags", [0, 1, 385])
def test_a_key_that_may_not_sign_is_nobodys(flags: int) -> None:
    """Vouch for a key that is not the zone's own, and for one that was taken back."""
    key = f"{flags} 3 13 {MATERIAL}"
    told = digest(KEY)
    assert not is_vouched_for(ZONE, [key], [told])


@given(st.lists(st.text(max_size=30), max_size=3), st.lists(st.text(max_size=30), max_size=3))
def test_no_text_vouches_for_anything(keys: list[str], digests: list[str]) -> None:
    """Read arbitrary records: what is no key and no digest vouches for nothing."""
    assert not is_vouched_for(ZONE, keys, digests)
