"""Browsers are told how to protect their users."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.findings import NotListening, NotObserved
from plimsoll.findings.expectation import ABSENT
from plimsoll.semantics import content_security_policy, security_headers

if TYPE_CHECKING:
    from plimsoll.environment.inventory import Target, WebHost
    from plimsoll.environment.model import Environment, HeaderRule
    from plimsoll.facts.exchange import Exchange
    from plimsoll.findings import Expect, Observed

HSTS = "strict-transport-security"


@pytest.mark.control("SEC-01")
def test_response_carries_the_declared_headers(
    public_endpoint: Target, exchange: Observed[Exchange], expect: Expect, environment: Environment
) -> None:
    """Read the headers of each public endpoint's answer, whatever its status.

    Each declared header must be there once: twice, and clients disagree which one counts. Its value
    must be a declared one; a policy that only reports is not in force. Of Strict-Transport-Security
    the max-age is read as browsers do (RFC 6797), and ignored where they ignore the field. A
    Content-Security-Policy that must be enforced is looked for where browsers show the answer as a
    page, and must restrict scripts: by script-src or default-src, not to everything, and not with
    scripts in the page let in unproven.
    """
    for name, rule in (environment.headers or {}).items():
        _judge(name, rule, exchange, expect)


@pytest.mark.control("SEC-01")
def test_error_carries_the_declared_headers(
    guarded_error: WebHost,
    unknown_path_exchange: Observed[Exchange],
    expect: Expect,
    environment: Environment,
) -> None:
    """Ask each public host for a page that does not exist, and read the headers of the answer.

    They are judged as those of an endpoint: many a proxy adds headers to successes alone.
    """
    for name, rule in (environment.headers or {}).items():
        _judge(name, rule, unknown_path_exchange, expect)


@pytest.mark.control("SEC-01")
def test_redirect_carries_the_declared_headers(
    guarded_redirect: WebHost,
    exchange: Observed[Exchange],
    plain_sighting: Observed[Exchange] | NotObserved,
    expect: Expect,
    environment: Environment,
) -> None:
    """Ask each public host without TLS, and read the headers of what leads to HTTPS.

    They are judged as those of an endpoint, but for Strict-Transport-Security, which must not be
    sent without TLS (RFC 6797, section 7.2) and is not looked for. Where nothing listens, beside an
    answer over HTTPS, there is no such response.
    """
    if isinstance(plain_sighting, NotListening):
        expect.none([], "headers", expected="the declared ones", at=exchange.origin)
        return
    if isinstance(plain_sighting, NotObserved):
        raise plain_sighting
    for name, rule in (environment.headers or {}).items():
        if name.lower() != HSTS:
            _judge(name, rule, plain_sighting, expect)


def _judge(name: str, rule: HeaderRule, exchange: Observed[Exchange], expect: Expect) -> None:
    headers, origin = exchange.value.headers, exchange.origin
    what, values = f"header {name}", security_headers.values(headers, name)
    absent = "for reporting only" if security_headers.is_report_only(headers, name) else ABSENT
    if rule.enforced:
        is_page = content_security_policy.governs(exchange.value.header("content-type"))
        found = content_security_policy.openings(values) if values else (absent,)
        offenders = [(f"scripts from anywhere: {why}" if values else why, "") for why in found]
        expect.none(offenders if is_page else [], what, expected=_expected(rule), at=origin)
    elif len(values) != 1:
        observed = f"given {len(values)} times: {'; '.join(values)}" if values else absent
        expect.none([(observed, "")], what, expected=_expected(rule), at=origin)
    elif rule.max_age_at_least is not None:
        seconds = security_headers.max_age_seconds(values[0])
        is_long = seconds is not None and seconds >= rule.max_age_at_least
        expect.that(is_long, what, observed=values[0], expected=_expected(rule), at=origin)
    else:
        holds = security_headers.matches(name, values[0], _allowed(rule))
        expect.that(holds, what, observed=values[0], expected=_expected(rule), at=origin)


def _allowed(rule: HeaderRule) -> tuple[str, ...]:
    return rule.one_of or ((rule.equals,) if rule.equals is not None else ())


def _expected(rule: HeaderRule) -> str:
    if rule.enforced:
        return "a policy in force that restricts scripts"
    if rule.max_age_at_least is not None:
        return f"max-age of at least {rule.max_age_at_least} s"
    return " or ".join(_allowed(rule))
