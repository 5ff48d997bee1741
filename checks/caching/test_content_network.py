"""Content comes from a network close to its readers, under the system's own name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from plimsoll.environment.cloud_inventory import CdnSubject
    from plimsoll.facts.cdn_endpoint import CdnEndpoint
    from plimsoll.facts.certificate_record import CertificateRecord
    from plimsoll.findings import Expect, Observed


@pytest.mark.control("CDN-04")
def test_content_is_served_by_the_network(
    content_network: CdnSubject,
    cdn_endpoint: Observed[CdnEndpoint],
    certificates: Observed[tuple[CertificateRecord, ...]],
    expect: Expect,
) -> None:
    """Read the CDN endpoint of the bucket, and the certificate it names in the account.

    It must have the declared domain, and for it a certificate that is in the account and made for
    that name; and keep content for at least the declared time. How long the certificate is still
    valid is another control's question (SEC-03).
    """
    declared, seen, origin = content_network.cdn, cdn_endpoint.value, cdn_endpoint.origin
    expect.none([], "CDN endpoint", expected="one for the bucket", at=origin)
    if declared.domain is not None:
        expect.equal(declared.domain, seen.domain, "domain", at=origin)
        shown = [one for one in certificates.value if one.id == seen.certificate]
        names = {name for one in shown for name in one.names}
        expect.that(
            declared.domain in names or _wildcard(declared.domain) in names,
            "certificate",
            observed=f"for {', '.join(sorted(names))}" if names else seen.certificate,
            expected=f"one in the account for {declared.domain}",
            at=origin,
        )
    if declared.ttl_seconds_at_least is not None:
        least = declared.ttl_seconds_at_least
        expect.at_least(least, seen.ttl_seconds, "time to live", at=origin, unit="s")


def _wildcard(host: str) -> str:
    """Return the wildcard that covers a host: one label deep (RFC 6125, section 6.4.3)."""
    return f"*.{host.partition('.')[2]}"
