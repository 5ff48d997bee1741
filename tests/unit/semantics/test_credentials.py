"""Credentials are told from references and placeholders, and never shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.facts.container import Variable
from plimsoll.semantics.credentials import (
    Exposure,
    default_credentials,
    disclosures,
    exposed_variables,
    exposure,
    is_reference,
    names_a_secret,
    placeholders,
    recognizable,
    secret_kind,
)

NAMES = st.sampled_from(["DB_PASSWORD", "JWT_SECRET", "API_KEY", "SENTRY_DSN", "auth_token"])


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("JWT_SECRET", "${JWT_SECRET}", Exposure.REFERENCE),
        ("JWT_SECRET", "${JWT_SECRET:?must be set}", Exposure.REFERENCE),
        ("JWT_SECRET", "EV[1:abc:def]", Exposure.REFERENCE),
        ("DATABASE_URL", "${db.DATABASE_URL}", Exposure.REFERENCE),
        ("DB_PASSWORD", "${shop-db.PASSWORD}", Exposure.REFERENCE),
        ("requirepass", "$(cat /run/secrets/redis)", Exposure.REFERENCE),
        ("JWT_SECRET", "", Exposure.EMPTY),
        ("POSTGRES_PASSWORD", "${POSTGRES_PASSWORD:-postgres}", Exposure.WELL_KNOWN),
        ("POSTGRES_PASSWORD", "${POSTGRES_PASSWORD:-k8dJq}", Exposure.CLEAR_TEXT),
        ("POSTGRES_PASSWORD", "${POSTGRES_PASSWORD:-}", Exposure.REFERENCE),
        ("GF_SECURITY_ADMIN_PASSWORD", "admin", Exposure.WELL_KNOWN),
        ("SLACK_WEBHOOK_URL", "your-slack-webhook-url", Exposure.PLACEHOLDER),
        ("API_KEY", "changeme-now", Exposure.PLACEHOLDER),
        ("API_KEY", "<token>", Exposure.PLACEHOLDER),
        ("API_KEY", "k8dJq", Exposure.CLEAR_TEXT),
        ("DATABASE_URL", "postgres://app:k8dJq@db:5432/app", Exposure.CLEAR_TEXT),
        ("DATABASE_URL", "postgres://app:${PASSWORD}@db:5432/app", Exposure.HARMLESS),
        ("ANYTHING", "AKIAABCDEFGHIJKLMNOP", Exposure.CLEAR_TEXT),
        ("STRIPE_PUBLIC_KEY", "pk_live_1", Exposure.HARMLESS),
        ("POSTGRES_PASSWORD_FILE", "/run/secrets/pw", Exposure.REFERENCE),
        ("LOG_LEVEL", "info", Exposure.HARMLESS),
        ("BASE_URL", "https://app-oint.com", Exposure.HARMLESS),
    ],
)
def test_what_a_value_discloses_is_told(name: str, value: str, expected: Exposure) -> None:
    """Judge one variable."""
    assert exposure(name, value) is expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("JWT_SECRET", True),
        ("db.password", True),
        ("apiKey", True),
        ("PAGERDUTY_ROUTING_KEY", True),
        ("NEXT_PUBLIC_API_KEY", False),
        ("PASSWORD_MIN_LENGTH", False),
        ("MAX_TOKENS", False),
        ("PORT", False),
    ],
)
def test_names_of_secrets_are_recognized(name: str, expected: bool) -> None:
    """Ask about one name."""
    assert names_a_secret(name) is expected


def test_a_variable_typed_secret_is_judged_whatever_its_name() -> None:
    """Give an ordinary name a clear value, once as a secret and once not."""
    secret = Variable("api", "MAILER", "plain", "app.yaml:3", is_secret=True)
    plain = Variable("api", "MAILER", "plain", "app.yaml:4")
    (found,) = exposed_variables([secret, plain])
    assert (found.where, found.exposure) == ("app.yaml:3", Exposure.CLEAR_TEXT)


def test_a_variable_without_a_value_exposes_nothing() -> None:
    """Judge a variable that takes its value from elsewhere."""
    assert exposed_variables([Variable("api", "JWT_SECRET", None, "a:1", is_secret=True)]) == ()


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ('{"db": "postgres://app:k8dJq@db:5432/x"}', "connection string"),
        ('{"url": "redis://cache:6379"}', "internal host"),
        ('{"host": "db.prod.svc.cluster.local"}', "internal host"),
        ('{"ip": "10.1.2.3"}', "private address"),
        ('{"ip": "192.168.0.7"}', "private address"),
        ('{"jwt_secret": "k8dJq"}', "secret"),
        (
            '{"error": "Traceback (most recent call last):\\n  File \\"/a.py\\", line 3"}',
            "stack trace",
        ),
        ('{"stack": "Error: x\\n    at handler (/srv/app.js:10:5)"}', "stack trace"),
        ("java.lang.Error\n\tat org.app.Main.run(Main.java:42)", "stack trace"),
        ("panic: x\n\ngoroutine 1 [running]:", "stack trace"),
        ("#0 /var/www/index.php(12): main()", "stack trace"),
        ("thread 'main' panicked at src/main.rs:2:5", "stack trace"),
        ("AKIAABCDEFGHIJKLMNOP", "AWS access key"),
    ],
)
def test_disclosures_are_found_and_masked(body: str, kind: str) -> None:
    """Look into a body that tells one thing too much."""
    found = disclosures(body)
    assert kind in {disclosure.kind for disclosure in found}
    assert all("k8dJq" not in disclosure.excerpt for disclosure in found)


@pytest.mark.parametrize(
    "body",
    [
        "",
        '{"status": "ok", "uptime": 12.5, "version": "1.2.3", "time": "2026-01-01T00:00:00Z"}',
        '{"checks": {"database": "up", "jwt_secret": "configured"}}',
        '{"commit": "0123456789abcdef0123456789abcdef01234567"}',
        '{"ip": "8.8.8.8"}',
        "at the same time (about 10:30)",
    ],
)
def test_harmless_bodies_disclose_nothing(body: str) -> None:
    """Look into what a health endpoint may well say."""
    assert disclosures(body) == ()


def test_default_logins_of_a_document_are_found() -> None:
    """Read a guide that tells a default login on its second line."""
    (found,) = default_credentials("# Guide\nOpen http://localhost:3001 (admin/admin)\n")
    assert found.line == 2
    assert default_credentials("Log in with your own account; the password is never shown") == ()


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("**Last updated**: {current_date}", 1),
        ('export SLACK_WEBHOOK_URL="your-slack-webhook-url"', 1),
        ("call +254-XXX-XXXX", 2),
        ("curl https://example.com", 1),
        ("GET /users/{user_id}", 0),
        ("value: ${some_variable}", 0),
        ("<b>bold</b> text for your browser", 0),
    ],
)
def test_unfilled_values_of_a_document_are_found(text: str, count: int) -> None:
    """Count the placeholders of one line."""
    assert len(placeholders(text)) == count


@given(st.text(max_size=200), st.text(max_size=200))
def test_every_judgment_is_total(name: str, text: str) -> None:
    """Judge arbitrary texts; each judgment answers with its own kind of value."""
    assert isinstance(exposure(name, text), Exposure)
    assert isinstance(names_a_secret(name), bool)
    assert isinstance(is_reference(text), bool)
    assert secret_kind(text) is None or secret_kind(text)
    for disclosure in (*disclosures(text), *placeholders(text), *default_credentials(text)):
        assert disclosure.line >= 1


@given(NAMES, st.from_regex(r"[a-z]{3}[0-9]{3}[A-Z]{3}", fullmatch=True))
def test_no_clear_value_of_a_secret_is_ever_called_harmless(name: str, value: str) -> None:
    """Give a secret's name an ordinary password."""
    assert exposure(name, value) in {Exposure.CLEAR_TEXT, Exposure.PLACEHOLDER}


def test_secrets_by_shape_are_found_with_their_line_wherever_they_stand() -> None:
    """A comment hides nothing; a reference is no secret."""
    text = f"a: ${{TOKEN}}\n# dop_v1_{'0123456789abcdef' * 4}\nb: EV[1:abc]\nc: AKIA{'A' * 16}\n"
    assert recognizable(text) == (("DigitalOcean token", 2), ("AWS access key", 4))


@given(st.text())
def test_any_text_is_searched(text: str) -> None:
    """Whatever stands there, the answer is kinds and lines of that text."""
    assert all(1 <= line <= text.count("\n") + 1 for _, line in recognizable(text))
