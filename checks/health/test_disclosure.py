"""Health endpoints answer to everyone, so what they say is for everyone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.findings import NotObserved
from plimsoll.semantics.credentials import disclosures

if TYPE_CHECKING:
    from plimsoll.environment.inventory import Target
    from plimsoll.facts.exchange import Exchange
    from plimsoll.findings import Expect, Observed

TOO_MANY_REQUESTS = 429


@pytest.mark.control("HLT-06")
def test_health_output_discloses_nothing_sensitive(
    health_output: Target, exchange: Observed[Exchange], expect: Expect
) -> None:
    """Search body and headers of each liveness, readiness and health endpoint's answer.

    Credentials by name and by shape, connection strings, stack traces, hosts of private zones and
    addresses that are not reachable globally deviate. What is found is shown masked. A redirect or
    a 429 is not the endpoint's own output: what that holds is then not known.
    """
    answer, origin = exchange.value, exchange.origin
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers)
    for part, text in (("body", answer.text), ("headers", headers)):
        expect.none(
            [(f"{found.kind}: {found.excerpt}", "") for found in disclosures(text)],
            f"disclosure in the {part}",
            expected="nothing sensitive",
            at=origin,
        )
    if answer.truncated:
        raise NotObserved("the rest of the body was not read", origin)
    if answer.is_redirect or answer.status == TOO_MANY_REQUESTS:
        raise NotObserved(f"status {answer.status} is not the health output", origin)
