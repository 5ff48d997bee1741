"""Judge whether a health check's command can tell a healthy container from a broken one."""

from __future__ import annotations

import re

_ALWAYS = re.compile(r"(?:\|\||;)\s*(?:exit\s+0|true|:)\s*$")
_NOTHING = re.compile(r"\s*(?:exit\s+0|true|:|echo\b[^|&;]*|/bin/true|sleep\b.*|test\s+1.*)\s*")
_URL = re.compile(r"https?://(\[[^\]\s]*\]|[^\s/:\"']+)")
_SELF = re.compile(r"localhost|127(?:\.\d+){3}|\[::1?\]|0(?:\.0){3}|\$\{?HOSTNAME\}?")
_CURL_FAILS = re.compile(r"\s(?:-[a-zA-Z]*f[a-zA-Z]*|--fail(?:-with-body)?)\b")
_CLIENTS = re.compile(
    r"\b(?:pg_isready|psql|mysqladmin|mysql|mariadb-admin|healthcheck\.sh|mongosh?|cqlsh"
    r"|rabbitmq-diagnostics|kafka-[\w-]+|grpc_health_probe|promtool|amtool|etcdctl|nats)\b"
)
_REDIS = re.compile(r"\b(?:redis|valkey)-cli\b")
_REDIS_PASSWORD = re.compile(
    r"\s(?:-a|--pass|--askpass)\b|\bREDISCLI_AUTH=|\s-u\s*redis|\sauth\s", re.IGNORECASE
)


def command_fault(
    words: tuple[str, ...], owner: str, *, needs_password: bool = False, has_password: bool = False
) -> str | None:
    """Tell why a command says nothing about the health of ``owner``; None if it asks an endpoint.

    ``needs_password`` says that the service asks its clients for one, ``has_password`` that the
    container's environment hands it to ``redis-cli``. A command that is not known to ask anything
    has a fault, for what it would notice is not known.
    """
    text = " ".join(words)
    if not text.strip():
        return "runs nothing"
    if _NOTHING.fullmatch(text) or _ALWAYS.search(text):
        return "succeeds whatever happens"
    url = _URL.search(text)
    if url:
        return _url_fault(text, url[1], owner)
    if _REDIS.search(text):
        is_unauthorized = needs_password and not has_password and not _REDIS_PASSWORD.search(text)
        if is_unauthorized and "PONG" not in text:
            return "asks without a password, and the client succeeds when it is refused"
        return None
    return None if _CLIENTS.search(text) else "calls no endpoint that is known"


def _url_fault(text: str, host: str, owner: str) -> str | None:
    if not _SELF.fullmatch(host) and host != owner:
        return f"asks another host, {host}"
    if re.search(r"\bcurl\b", text) and not _CURL_FAILS.search(text) and "|" not in text:
        return "calls curl without --fail, which succeeds on an error status"
    return None
