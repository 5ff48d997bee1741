"""No planted secret survives masking, and masking twice changes nothing more."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.findings.redaction import MASK, entropy_bits, has_secret, is_opaque, mask

CANARY = "c4n4ry7Zq2Xw9"
NAMES = st.sampled_from(
    ["password", "DB_PASSWORD", "api_key", "apiKey", "JWT_SECRET", "auth-token", "SENTRY_DSN"]
)
FILLING = st.text(alphabet="abc XYZ019.,;:/=-_{}[]\"'\n", max_size=40)
CARRIERS = (
    "{name}={canary}",
    '{name}: "{canary}"',
    '"{name}": "{canary}"',
    "'{name}' => '{canary}'",
    "--{name} {canary}",
    "- key: {name}\n  value: {canary}",
    '{{"name": "{name}", "value": "{canary}"}}',
    "- key: {name}\n  scope: RUN_TIME\n  type: SECRET\n  value: {canary}",
    "${{{name}:-{canary}}}",
    "Authorization: Bearer {canary}",
    "Cookie: session={canary}",
    "postgres://app:{canary}@db:5432/app",
    "https://{canary}@git.host/x",
    "redis-cli -a {canary} ping",
    '"log": "{{\\"{name}\\": \\"{canary}\\"}}"',
    '"log": "{{\\\\\\"{name}\\\\\\":\\\\\\"{canary}\\\\\\"}}"',
    '"log": "[{{\\"name\\": \\"{name}\\", \\"value\\": \\"{canary}\\"}}]"',
    '"log": "GET /\\ncookie: session={canary}; path=/"',
    "authorization:\n  type: Bearer\n  credentials: {canary}",
    "{name}: {{value: {canary}}}",
    '"{name}": {{"value": "{canary}"}}',
)
SHAPED = (
    "dop_v1_" + "0123456789abcdef" * 4,
    "AKIAABCDEFGHIJKLMNOP",
    "ghp_" + "a1B2" * 9,
    "xoxb-123456789012-abcdefghij",
    "https://hooks.slack.com/services/T000/B000/abcdefghijkl",
    "sk_live_" + "a1B2c3D4" * 3,
    "SG.abcdefghijklmnopqr.abcdefghijklmnopqr",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0abc.abcdefgh",
    "-----BEGIN RSA PRIVATE KEY-----\nMIIabc\n-----END RSA PRIVATE KEY-----",
    "-----BEGIN PRIVATE KEY-----\nMIIabc cut off",
    "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC2dF4",
    "$2b$12$abcdefghijklmnopqrstuvwxyz0123",
)


@pytest.mark.parametrize("carrier", CARRIERS)
@given(name=NAMES, before=FILLING, after=FILLING)
def test_no_canary_survives_masking(carrier: str, name: str, before: str, after: str) -> None:
    """Plant a canary under a secret's name between arbitrary lines."""
    planted = f"{before}\n{carrier.format(name=name, canary=CANARY)}\n{after}"
    assert CANARY not in mask(planted)


@pytest.mark.parametrize("secret", SHAPED)
@given(before=FILLING, after=FILLING)
def test_secrets_of_a_known_shape_are_masked_wherever_they_stand(
    secret: str, before: str, after: str
) -> None:
    """Plant a secret without any name beside it."""
    assert secret not in mask(f"{before} {secret} {after}")
    assert has_secret(f"{before} {secret} {after}")


@given(st.text() | st.builds("{}{}{}".format, FILLING, st.sampled_from(CARRIERS), FILLING))
def test_masking_twice_is_masking_once(text: str) -> None:
    """Mask arbitrary text and mask the result."""
    assert mask(mask(text)) == mask(text)


@given(st.lists(st.sampled_from([*CARRIERS, *SHAPED, MASK, '"', "'", ":", "=", " ", "\n", "@"])))
def test_masking_twice_is_masking_once_for_texts_full_of_secrets(pieces: list[str]) -> None:
    """Mask arrangements of secrets, masks and the signs around them."""
    text = "".join(pieces)
    assert mask(mask(text)) == mask(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "JWT_SECRET: ${JWT_SECRET}",
        "JWT_SECRET: ${JWT_SECRET:?must be set}",
        "value: EV[1:abc:def]",
        "DB_PASSWORD: ${shop-db.PASSWORD}",
        "SECRET_KEY is missing from .do/app.yaml:46",
        "sha256:" + "0123456789abcdef" * 4,
        "sha384-oqVuAfXRKap7fdgcCY5uykM6R9GqQ8K4uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC3",
        "maximum instances: 20 (expected ≤ 10)",
        "https://grafana:3001/d/app-oint-overview",
        "test_component_scales_within_the_limits_of_the_environment",
        "max_tokens: 5",
        "has_password: true",
        "123e4567-e89b-12d3-a456-426614174000",
    ],
)
def test_what_is_no_secret_stays_readable(text: str) -> None:
    """Mask references, digests and ordinary sentences of a report."""
    assert mask(text) == text
    assert not has_secret(text)


def test_the_text_around_a_secret_stays() -> None:
    """Mask a password in a URL and a quoted member, keeping what names them."""
    assert mask("postgres://u:p@db:5432/x") == f"postgres://{MASK}@db:5432/x"
    assert mask('{"db_password": "a b", "n": 1}') == f'{{"db_password": "{MASK}", "n": 1}}'


def test_random_values_are_told_from_words() -> None:
    """Compare a random value with a long identifier and with a digest."""
    assert is_opaque("aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC2dF4")
    assert not is_opaque("HorizontalPodAutoscalerBehaviorPolicy")
    assert not is_opaque("0123456789abcdef" * 4)


def test_entropy_counts_bits_per_character() -> None:
    """Measure texts whose entropy is known exactly."""
    assert entropy_bits("") == 0
    assert entropy_bits("aaaa") == 0
    assert entropy_bits("abcd") == 2
