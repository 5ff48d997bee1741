"""Browsers are told how to protect their users."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.findings.expectation import ABSENT
from plimsoll.semantics import security_headers

if TYPE_CHECKING:
    from plimsoll.environment.inventory import Target
    from plimsoll.environment.model import Environment, HeaderRule
    from plimsoll.facts.exchange import Exchange
    from plimsoll.findings import Expect, Observed


@pytest.mark.control("SEC-01")
def test_response_carries_the_declared_headers(
    public_endpoint: Target, exchange: Observed[Exchange], expect: Expect, environment: Environment
) -> None:
    """Read the headers of each public endpoint's answer, whatever its status.

    Each declared header must be there once: twice, and clients disagree which one counts. Its value
    must be a declared one; a policy that only reports is not in force. Of Strict-Transport-Security
    the max-age is read as browsers do (RFC 6797), and ignored where they ignore the field.
    """
    for name, rule in (environment.headers or {}).items():
        _judge(name, rule, exchange, expect)


def _judge(name: str, rule: HeaderRule, exchange: Observed[Exchange], expect: Expect) -> None:
    headers, origin = exchange.value.headers, exchange.origin
    what, values = f"header {name}", security_headers.values(headers, name)
    if len(values) != 1:
        absent = "for reporting only" if security_headers.is_report_only(headers, name) else ABSENT
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
    if rule.max_age_at_least is not None:
        return f"max-age of at least {rule.max_age_at_least} s"
    return " or ".join(_allowed(rule))
