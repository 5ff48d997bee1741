"""A health check counts only if its command can tell a broken container from a healthy one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.semantics.health_command import command_fault


@pytest.mark.parametrize(
    "command",
    [
        "curl -f http://localhost:5001/health",
        "curl -sSf http://127.0.0.1/health || exit 1",
        "curl --fail http://[::1]:80/",
        "curl -s http://localhost/ | grep ok",
        "wget -q -O /dev/null http://api:80/",
        "pg_isready -U postgres",
        "psql --command=SELECT 1",
        "redis-cli ping",
        "node -e \"fetch('http://localhost:3000')\"",
    ],
)
def test_a_command_that_asks_an_endpoint_has_no_fault(command: str) -> None:
    """Judge commands that would notice a broken service."""
    assert command_fault(tuple(command.split()), "api") is None


@pytest.mark.parametrize(
    ("command", "fault"),
    [
        ("", "runs nothing"),
        ("exit 0", "succeeds whatever happens"),
        ("true", "succeeds whatever happens"),
        ("echo ok", "succeeds whatever happens"),
        ("curl -f http://localhost/ || exit 0", "succeeds whatever happens"),
        ("curl -f http://localhost/ ; true", "succeeds whatever happens"),
        ("curl http://localhost/health", "without --fail"),
        ("curl -f http://status.test/", "another host"),
        ("/app/check.sh", "no endpoint that is known"),
    ],
)
def test_a_command_that_would_notice_nothing_has_a_fault(command: str, fault: str) -> None:
    """Judge commands that stay green."""
    assert fault in (command_fault(tuple(command.split()), "api") or "")


@pytest.mark.parametrize(
    ("command", "is_sound"),
    [
        ("redis-cli ping", False),
        ("redis-cli -a secret ping", True),
        ("REDISCLI_AUTH=x redis-cli ping", True),
        ("redis-cli ping | grep PONG", True),
    ],
)
def test_a_ping_without_the_password_proves_nothing(command: str, is_sound: bool) -> None:
    """Ping a server that wants a password; the client succeeds when it is refused."""
    fault = command_fault(tuple(command.split()), "redis", needs_password=True)
    assert (fault is None) is is_sound
    words = tuple(command.split())
    assert command_fault(words, "redis", needs_password=True, has_password=True) is None


@given(st.lists(st.text(max_size=20), max_size=5), st.booleans(), st.booleans())
def test_any_command_is_judged(words: list[str], needs: bool, has: bool) -> None:
    """Judge arbitrary words; a command of unknown words is never called sound."""
    fault = command_fault(tuple(words), "api", needs_password=needs, has_password=has)
    assert fault is None or fault
