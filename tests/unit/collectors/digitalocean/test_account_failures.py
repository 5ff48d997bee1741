"""Whatever the API does but succeed, a read is not observed and says the likely cause."""

from __future__ import annotations

import time

import pytest

from plimsoll.collectors.context import Limits
from plimsoll.collectors.digitalocean_reads import missing_scopes
from plimsoll.collectors.snapshot import Snapshot
from plimsoll.findings import NotObserved, Observed, ScopeMissing

TOKEN = "token-that-nobody-may-ever-see-5f1c"


def reason(seen) -> str:
    assert isinstance(seen, NotObserved), seen
    return seen.reason


def test_refused_token_ends_it_at_once(account, told, probe) -> None:
    """After the first 401 nothing more is sent, and every read has that one reason."""
    stub = account({"/v2/apps": told(401, {"id": "Unauthorized", "message": "no"})})
    asked = [probe(name) for name in ("apps", "databases", "droplets", "firewalls", "domains")]
    seen = stub.see(*asked, probe("app-health", "shop"))
    assert len(seen) == 6
    assert {reason(one) for one in seen.values()} == {"the token is not accepted (401)"}
    assert stub.asked == ["/v2/apps"]


def test_missing_scope_is_named(account, told, paged, probe) -> None:
    """A 403 names the scope to ask for, and costs only what needs it."""
    stub = account({"/v2/apps": paged("apps", []), "/v2/databases": told(403, {"id": "forbidden"})})
    seen = stub.see(probe("apps"), probe("databases"))
    refused = seen[probe("databases")]
    assert type(refused) is ScopeMissing
    assert str(refused) == "GET /v2/databases: the token lacks the scope `database:read` (403)"
    assert isinstance(seen[probe("apps")], Observed)
    assert missing_scopes(seen) == ("database:read",)
    now = seen[probe("apps")].at
    restored = Snapshot.from_json(Snapshot(seen, now, now).to_json())
    assert missing_scopes(restored.sightings) == ("database:read",)


@pytest.mark.parametrize("read", ["databases", "uptime-checks", "apps"])
def test_not_found_is_not_an_empty_account(account, told, read) -> None:
    """The client returns the body of a 404 where the API documents one; it is not an answer."""
    stub = account(
        {f"/v2/{read.replace('-', '/')}": told(404, {"id": "not_found", "message": "x"})}
    )
    assert reason(stub.one(read)) == "404: not found, or the token may not see it"


def test_failing_api_is_asked_three_times(account, told, paged) -> None:
    """A failure that passes costs a moment; one that stays costs the observation."""
    stub = account({"/v2/domains": [told(503), told(500), paged("domains", [])]})
    assert isinstance(stub.one("domains"), Observed)
    assert len(stub.asked) == 3
    stays = account({"/v2/domains": told(500, {"message": TOKEN})})
    assert reason(stays.one("domains")) == "the API failed (500), 3 times"
    assert len(stays.asked) == 3
    assert sum(stays.time.waits) < 1


def test_busy_api_is_waited_for(account, told, paged) -> None:
    """After a 429 nobody asks before the time it names has passed."""
    busy = told(429, headers=[("retry-after", "7")])
    stub = account({"/v2/domains": [busy, paged("domains", [])]})
    before = stub.time.seconds
    assert isinstance(stub.one("domains"), Observed)
    assert 7 <= stub.time.seconds - before < 8


def test_burst_is_over_before_its_hour(account, told, paged) -> None:
    """Where the API says when to come again, the reset of the hourly count does not matter."""
    stub = account({})
    reset = str(int(1_700_000_000 + stub.time.seconds + 3_600))
    counts = [("ratelimit-remaining", "0"), ("ratelimit-reset", reset), ("retry-after", "2")]
    stub.web.routes["/v2/domains"] = [told(429, headers=counts), paged("domains", [])]
    before = stub.time.seconds
    assert isinstance(stub.one("domains"), Observed)
    assert stub.time.seconds - before < 3


def test_busy_api_without_a_time_is_waited_for_until_its_reset(account, told, paged) -> None:
    """Without retry-after, the reset of the rate limit says when."""
    stub = account({})
    reset = str(int(1_700_000_000 + stub.time.seconds + 5))
    busy = told(429, headers=[("ratelimit-reset", reset)])
    stub.web.routes["/v2/domains"] = [busy, paged("domains", [])]
    before = stub.time.seconds
    assert isinstance(stub.one("domains"), Observed)
    assert 4.9 <= stub.time.seconds - before < 6


def test_api_that_stays_busy_is_not_observed(account, told) -> None:
    """Three refusals are enough; the reason says how long was waited."""
    stub = account({"/v2/domains": told(429, headers=[("retry-after", "2")])})
    assert (
        reason(stub.one("domains")) == "the API's rate limit was reached (429), after waiting 4 s"
    )
    assert len(stub.asked) == 3


def test_wait_longer_than_a_run_is_not_begun(account, told) -> None:
    """Nobody sleeps through a run because an API asks for an hour."""
    stub = account({"/v2/domains": told(429, headers=[("retry-after", "3600")])})
    assert "more patience than a run has" in reason(stub.one("domains"))
    assert stub.time.waits == []


def test_exhausted_count_slows_everything_down(account, told) -> None:
    """Where nothing remains of the hour, the next request waits for the reset."""
    stub = account({})
    reset = str(int(1_700_000_000 + stub.time.seconds + 6))
    last = [("ratelimit-remaining", "0"), ("ratelimit-reset", reset)]
    link = "https://api.digitalocean.com/v2/domains?page=2"
    first = {"domains": [{"name": "a"}], "links": {"pages": {"next": link}}}
    stub.web.routes["/v2/domains"] = [
        told(content=first, headers=last),
        told(content={"domains": []}),
    ]
    before = stub.time.seconds
    assert isinstance(stub.one("domains"), Observed)
    assert 5.9 <= stub.time.seconds - before < 7


def test_waiting_ends_with_the_run(account, told) -> None:
    """Once nobody waits any more, neither does the collector."""
    stub = account({"/v2/domains": told(429, headers=[("retry-after", "5")])})

    def stop(seconds):
        stub.attending.waiting = False
        stub.time.seconds += seconds

    stub.time.sleep = stop
    assert reason(stub.one("domains")) == (
        "the API's rate limit was reached (429), and the run ended meanwhile"
    )
    assert len(stub.asked) == 1


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirect_is_not_followed(account, told, status) -> None:
    """A token is sent to the API and to nobody the API points at."""
    away = told(status, headers=[("location", "https://api.digitalocean.com/v2/elsewhere")])
    stub = account({"/v2/domains": away})
    assert reason(stub.one("domains")) == f"the API redirects ({status}), which is not followed"
    assert stub.asked == ["/v2/domains"]


@pytest.mark.parametrize("status", [201, 202, 204, 400, 409, 410, 422, 451])
def test_any_other_status_is_not_observed(account, told, status) -> None:
    """A read succeeds with 200, or not at all."""
    stub = account({"/v2/domains": told(status, b"" if status == 204 else {"domains": []})})
    assert reason(stub.one("domains")) == f"the API refused ({status})"


@pytest.mark.parametrize("kind", ["text/html", "text/plain", "application/xml", ""])
def test_other_kind_of_answer_is_not_observed(account, told, kind) -> None:
    """A page that a proxy or a portal puts in the way is no account."""
    stub = account({"/v2/domains": told(content={"domains": []}, kind=kind)})
    assert reason(stub.one("domains")) == "the answer is of another kind than application/json"


def test_truncated_answer_is_not_observed(account) -> None:
    """A connection that breaks off in the middle of the body leaves nothing to judge."""

    def broken(handler):
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", "500")
        handler.end_headers()
        handler.wfile.write(b'{"domains": []')
        handler.close_connection = True

    assert "broke off" in reason(account({"/v2/domains": broken}).one("domains"))


def test_oversized_answer_is_not_observed(account, told, monkeypatch) -> None:
    """More than any account has to say is not read to its end."""
    monkeypatch.setattr("plimsoll.collectors.digitalocean_client.ANSWER_BYTES", 1_000)
    stub = account({"/v2/domains": told(content={"domains": ["x" * 2_000]})})
    assert "is longer than" in reason(stub.one("domains"))


def test_slow_answer_is_not_observed(account) -> None:
    """A server that does not answer costs its time limit, and no more."""
    stub = account({"/v2/domains": lambda _: time.sleep(1.2)}, Limits(1, 0.2, retries=0))
    assert reason(stub.one("domains")) == "no complete answer within 0.2 s"


def test_unreachable_api_is_tried_by_one_read_only(account, probe, monkeypatch) -> None:
    """Where no connection is possible, the other reads do not try again."""
    dialed = []

    def nowhere(_network, host, port):
        dialed.append((host, port))
        return "127.0.0.1", 9

    monkeypatch.setattr("plimsoll.collectors.network.Network.address", nowhere)
    seen = account({}).see(*(probe(name) for name in ("apps", "databases", "domains")))
    assert {reason(one) for one in seen.values()} == {"the connection was refused"}
    assert dialed == [("api.digitalocean.com", 443)]


def test_certificate_of_another_host_is_refused(account, told) -> None:
    """The token is not sent to whoever answers at the address."""
    stub = account({"/v2/domains": told(content={"domains": []})}, host="evil.example.test")
    assert reason(stub.one("domains")) == "the certificate is not valid for api.digitalocean.com"
    assert stub.web.log == []


def test_no_reason_repeats_what_was_received_or_sent(account, told) -> None:
    """Neither the token nor the words of an answer stand in any reason."""
    canary = "canary-9c1b77"
    for status in (400, 401, 403, 404, 422, 429, 500):
        headers = [("x-request-id", canary), ("retry-after", "0")]
        stub = account({"/v2/domains": told(status, {"id": canary, "message": canary}, headers)})
        told_reason = repr(stub.one("domains"))
        assert canary not in told_reason
        assert TOKEN not in told_reason
