"""What is left of a value is judged as the value was, and gives nothing away."""

from __future__ import annotations

import pytest
from hypothesis import given as generated
from hypothesis import strategies as st

from plimsoll.findings.redaction import mask
from plimsoll.semantics.credentials import GIVEN, Exposure, exposure, is_placeholder
from plimsoll.semantics.withholding import (
    ENCRYPTED,
    address,
    endpoint,
    given,
    webhook,
    withheld,
)

NAMES = st.sampled_from(["API_KEY", "DB_PASSWORD", "NODE_ENV", "value", "build_command", ""])
PIECES = st.sampled_from(
    ["postgres://u:p4ssw0rd@h/x", "changeme", "${db.URL}", "${X:-admin}", "EV[1:ab:cd]", "admin", " ",
     "AKIAABCDEFGHIJKLMNOP", "--token s3cr3t", "production", "‹masked›", "=", "Zm9vYmFyMTIzNDU2Nzg5MEFCQ0RFRkdI"]
)  # fmt: skip
VALUES = st.text(max_size=30) | st.lists(PIECES, max_size=4).map("".join)


@generated(NAMES, VALUES)
def test_value_is_judged_as_before(name, value) -> None:
    """Leaving out what a value discloses changes no verdict on it."""
    assert exposure(name, withheld(name, value)) is exposure(
        name, "EV[…]" if value.startswith("EV[") else value
    )


@generated(NAMES, VALUES)
def test_withholding_twice_is_withholding_once(name, value) -> None:
    """What may be kept may be kept."""
    once = withheld(name, value)
    assert withheld(name, once) == once


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("API_KEY", "hunter2-and-more", "‹a credential in clear text›"),
        ("DB_PASSWORD", "postgres", "‹a well-known default password›"),
        ("API_KEY", "your-api-key", "‹a placeholder›"),
        ("API_KEY", "${vault.API_KEY}", "${vault.API_KEY}"),
        ("API_KEY", "EV[1:abc:def]", ENCRYPTED),
        ("API_KEY", "", ""),
        ("NODE_ENV", "production", "production"),
        ("UPSTREAM", "redis://u:pw12@h:6379", "‹a credential in clear text›"),
        ("run_command", "x AKIAABCDEFGHIJKLMNOP y", "x ‹masked› y ‹a credential in clear text›"),
        (
            "run_command",
            "node server.mjs --password hunter2",
            "node server.mjs --password ‹masked›",
        ),
    ],
)
def test_only_what_discloses_is_left_out(name, value, kept) -> None:
    """Harmless values and references stay readable, credentials become what they are."""
    assert withheld(name, value) == kept


def test_value_that_its_source_calls_secret_is_one() -> None:
    """Whatever its name, it is judged as a secret is."""
    assert withheld("ANYTHING", "hunter2", is_secret=True) == Exposure.CLEAR_TEXT.marker
    assert withheld("ANYTHING", "hunter2") == "hunter2"


@pytest.mark.parametrize("found", Exposure)
def test_markers_survive_masking(found) -> None:
    """A marker is kept through every later pass, and is recognized."""
    assert mask(found.marker) == found.marker
    assert exposure("NODE_ENV", found.marker) is found


@pytest.mark.parametrize(
    ("keep", "value", "kept"),
    [
        (
            webhook,
            "https://hooks.slack.com/services/T01/B02/abcDEF",
            "https://hooks.slack.com/services/‹masked›",
        ),
        (webhook, "https://chat.example.test/hook/abc?x=1", "‹no address of a Slack webhook›"),
        (webhook, 7, None),
        (address, "jane.doe@acme.io", "‹masked›@acme.io"),
        (address, "", "‹empty›"),
        (address, [], None),
    ],
)
def test_destination_keeps_what_makes_it_usable(keep, value, kept) -> None:
    """Whether something arrives can be judged; to whom it goes cannot, and nobody can post."""
    assert keep("url", value) == kept


@generated(st.text(max_size=40))
def test_any_text_can_be_withheld(text) -> None:
    """No text breaks these functions, and what is usable is not taken for a placeholder."""
    for keep in (given, webhook, address, endpoint):
        kept = keep("url", text)
        assert isinstance(kept, str)
    assert not is_placeholder(GIVEN)


def test_what_is_merely_there_is_no_credential() -> None:
    """A key that the platform itself keeps discloses nothing by being there."""
    assert given("api_key", "0123456789abcdef") == GIVEN
    assert exposure("api_key", GIVEN) is Exposure.REFERENCE
    assert mask(GIVEN) == GIVEN


def test_endpoint_keeps_scheme_host_and_port() -> None:
    """Where logs go stays; user, password, path and query do not."""
    assert endpoint("endpoint", "https://u:p@os.test:25060/x?k=v") == "https://os.test:25060"
    assert endpoint("endpoint", "logs.example.test:12345") == "logs.example.test:12345"
