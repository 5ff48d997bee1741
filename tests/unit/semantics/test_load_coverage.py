"""What a load test exercises."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.facts.load_test import LoadProfile, Ramp, Scenario, ScriptRequest
from plimsoll.semantics.load_coverage import is_exercised, is_region_exercised, reached_requests

SCRIPT = """\
import http from 'k6/http';
// __ENV.COMMENTED
const URLS = { a: __ENV.A, b: __ENV.B };
export function login() { http.post(`${URLS[__ENV.REGION]}/auth/login`); }
export function book() { http.post('https://b.api.test/bookings'); }
export function idle() {}
"""


def scenario(function: str, users: int = 1, **environment: str) -> Scenario:
    """Return a scenario of ten seconds."""
    ramp = Ramp(Fraction(0), Fraction(10), Fraction(0), Fraction(users))
    return Scenario(function, "ramping-vus", function, (ramp,), None, environment)


def profile(*scenarios: Scenario) -> LoadProfile:
    """Return a profile of scenarios."""
    return LoadProfile(scenarios, 10.0, 10.0, 1.0)


def request(url: str, function: str = "go") -> ScriptRequest:
    """Return a request made by a function."""
    return ScriptRequest("GET", url, function, 1)


@pytest.mark.parametrize(
    ("activity", "made"),
    [
        ("registration", request("{BASE}/auth/register")),
        ("booking", request("https://x.test/api/v1/bookings/{id}?a=b")),
        ("login", request("{BASE}/session", "login")),
        ("booking", request("{url}", "createBooking")),
        ("password-reset", request("{BASE}/password/reset")),
    ],
)
def test_an_activity_is_exercised_by_a_request_about_it(activity: str, made: ScriptRequest) -> None:
    """The path tells, or the function that makes the request."""
    assert is_exercised(activity, [made])


@pytest.mark.parametrize(
    ("activity", "made"),
    [
        ("booking", request("https://booking.test/", "booking")),
        ("booking", request("{BASE}/", "booking")),
        ("booking", request("{BASE}/health/liveness", "booking")),
        ("registration", request("{BASE}/regions")),
        ("password-reset", request("{BASE}/password")),
        ("login", request("{BASE}/bookings")),
        ("2", request("{BASE}/bookings")),
    ],
)
def test_a_name_alone_exercises_nothing(activity: str, made: ScriptRequest) -> None:
    """A host, a home page or a health check is nothing that users do."""
    assert not is_exercised(activity, [made])


def test_a_scenario_without_users_makes_no_requests() -> None:
    """Only what runs counts; users that an arrival rate brings may run."""
    assert reached_requests(SCRIPT, profile(scenario("login", 0))) == ()
    assert [r.function for r in reached_requests(SCRIPT, profile(scenario("login")))] == ["login"]
    rate = Scenario("login", "constant-arrival-rate", "login", (), "by rate")
    assert len(reached_requests(SCRIPT, profile(rate))) == 1


def test_a_region_needs_a_scenario_that_goes_there() -> None:
    """A setting counts where the script reads it and a request is made; so does a host."""

    def goes_to_b(*scenarios: Scenario) -> bool:
        return is_region_exercised("b", "b.api.test", SCRIPT, profile(*scenarios))

    assert goes_to_b(scenario("login", REGION="b"))
    assert goes_to_b(scenario("login", A="https://b.api.test"))
    assert goes_to_b(scenario("book"))
    assert not goes_to_b(scenario("login", REGION="a"))
    assert not goes_to_b(scenario("login", COMMENTED="b"))
    assert not goes_to_b(scenario("idle", REGION="b"))
    assert not goes_to_b(scenario("login", 0, REGION="b"))
    assert not goes_to_b()


@given(st.text(max_size=20), st.lists(st.text(max_size=20)))
def test_without_a_request_nothing_is_exercised(activity: str, urls: list[str]) -> None:
    """Any activity and any URL is answered; no request exercises no activity."""
    made = [request(url) for url in urls]
    assert not is_exercised(activity, [])
    assert is_exercised(activity, made) == any(is_exercised(activity, [one]) for one in made)
