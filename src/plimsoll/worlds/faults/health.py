"""Faults in what health endpoints answer, and in how fast."""

from __future__ import annotations

from secrets import token_hex
from typing import TYPE_CHECKING

from plimsoll.worlds.faults import fault
from plimsoll.worlds.site import RateLimit, Route

if TYPE_CHECKING:
    from plimsoll.worlds.world import World

APP_OINT = ("app-oint",)
PROBED = ("app-oint", "digitalocean-production")
TIMED = DOCUMENTED = ("app-oint", "tetrix")
_HOUR_SECONDS = 3600
_PROMPT_ANSWERS = 18
"""So many of the twenty answers of a sample stay as they are: the 95th percentile sees the rest."""


@fault("HLT-01", "unavailable", vantage="http", environments=APP_OINT)
def liveness_unavailable(world: World) -> None:
    """One region's liveness endpoint answers 503 while everything else there works."""
    world.endpoints("liveness")[0].status = 503


@fault(
    "HLT-01",
    "unavailable-and-counted",
    vantage="http",
    also=("MET-03b",),
    environments=("digitalocean-production",),
)
def counted_liveness_unavailable(world: World) -> None:
    """The endpoint that the counters are proven with answers 503, and they count successes."""
    liveness_unavailable(world)


@fault(
    "HLT-01", "redirected-to-login", vantage="http", undecided=("HLT-06",), environments=APP_OINT
)
def liveness_redirected(world: World) -> None:
    """One region's liveness endpoint sends the platform's probe to a login page."""
    _redirect(world.endpoints("liveness")[0])


@fault("HLT-01", "too-slow", vantage="http", environments=PROBED)
def liveness_too_slow(world: World) -> None:
    """One region's liveness endpoint answers well, and later than it may."""
    world.endpoints("liveness")[0].delay_ms = _limit_ms(world, "liveness") + 200


@fault("HLT-02", "too-slow", vantage="http", environments=PROBED)
def readiness_too_slow(world: World) -> None:
    """One region's readiness endpoint answers well, and later than it may."""
    world.endpoints("readiness")[0].delay_ms = _limit_ms(world, "readiness") + 200


@fault("HLT-02", "unavailable", vantage="http", also=("REG-01",), environments=PROBED)
def readiness_unavailable(world: World) -> None:
    """One region's readiness endpoint answers 503: the region is not ready for traffic."""
    world.endpoints("readiness")[0].status = 503


@fault(
    "HLT-02",
    "redirected-to-login",
    vantage="http",
    also=("REG-01",),
    undecided=("HLT-06",),
    environments=APP_OINT,
)
def readiness_redirected(world: World) -> None:
    """One region's readiness endpoint sends whoever asks to a login page."""
    _redirect(world.endpoints("readiness")[0])


@fault(
    "HLT-03",
    "page-instead-of-document",
    vantage="http",
    undecided=("HLT-04", "HLT-10"),
    environments=APP_OINT,
)
def page_instead_of_document(world: World) -> None:
    """The start page's HTML is served for the health path too, with status 200."""
    route = world.endpoints("health")[0]
    route.headers["content-type"] = "text/html; charset=utf-8"
    route.body = "<!doctype html><title>Healthy</title><p>healthy"


@fault(
    "HLT-03",
    "document-cut-short",
    vantage="http",
    undecided=("HLT-04", "HLT-10"),
    environments=APP_OINT,
)
def document_cut_short(world: World) -> None:
    """The health document lacks its last brace."""
    route = world.endpoints("health")[0]
    route.body = route.body.rstrip()[:-1]


@fault("HLT-03", "stale-timestamp", vantage="http", environments=DOCUMENTED)
def stale_timestamp(world: World) -> None:
    """The timestamp is that of the build: the document was made once and is served ever since."""
    world.endpoints("health")[0].replace("{now}", "2020-02-29T12:00:00.000Z")


@fault("HLT-03", "timestamp-in-the-future", vantage="http", environments=DOCUMENTED)
def timestamp_in_the_future(world: World) -> None:
    """The server's clock is years ahead."""
    world.endpoints("health")[0].replace("{now}", "2099-01-01T00:00:00.000Z")


@fault("HLT-03", "timestamp-without-offset", vantage="http", environments=DOCUMENTED)
def timestamp_without_offset(world: World) -> None:
    """The timestamp does not say of which time zone it is."""
    world.endpoints("health")[0].replace("{now}", "2026-01-01T00:00:00")


@fault("HLT-03", "timestamp-as-a-number", vantage="http", environments=DOCUMENTED)
def timestamp_as_a_number(world: World) -> None:
    """The timestamp is a number, of seconds or of milliseconds."""
    world.endpoints("health")[0].replace('"{now}"', "1767225600")


@fault(
    "HLT-03",
    "key-given-twice",
    vantage="http",
    undecided=("HLT-04", "HLT-10"),
    environments=APP_OINT,
)
def key_given_twice(world: World) -> None:
    """One dependency is told of twice, and every reader believes another one of the two."""
    twice = '"checks":{"database":{"status":"unhealthy"},'
    world.endpoints("health")[0].replace('"checks":{', twice)


@fault("HLT-03", "field-of-another-type", vantage="http", environments=APP_OINT)
def field_of_another_type(world: World) -> None:
    """The version is a number, where the declared schema has text."""
    world.endpoints("health")[0].replace('"version":"2.14.3"', '"version":2.14')


@fault("HLT-03", "undeclared-status-word", vantage="http", also=("HLT-04",), environments=APP_OINT)
def undeclared_status_word(world: World) -> None:
    """The document reports a status that nobody declared to mean anything."""
    world.endpoints("health")[0].replace('{"status":"healthy","t', '{"status":"fine","t')


@fault("HLT-04", "degraded", vantage="http", environments=APP_OINT)
def degraded(world: World) -> None:
    """The document reports degraded, still with status 200."""
    world.endpoints("health")[0].replace('{"status":"healthy","t', '{"status":"degraded","t')


@fault("HLT-04", "dependency-unknown", vantage="http", environments=APP_OINT)
def dependency_unknown(world: World) -> None:
    """The document is healthy although it does not know how one dependency is."""
    healthy, unknown = '"firebase":{"status":"healthy"', '"firebase":{"status":"unknown"'
    world.endpoints("health")[0].replace(healthy, unknown)


@fault("HLT-04", "dependency-missing", vantage="http", environments=APP_OINT)
def dependency_missing(world: World) -> None:
    """The document does not mention the database."""
    world.endpoints("health")[0].replace('"database":{', '"filesystem":{')


@fault("HLT-04", "dependency-failed-while-healthy", vantage="http", environments=APP_OINT)
def dependency_failed_while_healthy(world: World) -> None:
    """The document is healthy as a whole while the database in it is not."""
    healthy, broken = '"database":{"status":"healthy"', '"database":{"status":"unhealthy"'
    world.endpoints("health")[0].replace(healthy, broken)


@fault("HLT-04", "healthy-with-503", vantage="http", environments=APP_OINT)
def healthy_with_503(world: World) -> None:
    """The document says healthy and the HTTP status says that the service is unavailable."""
    world.endpoints("health")[0].status = 503


@fault("HLT-05", "one-answer-in-ten-slow", vantage="http", environments=TIMED)
def one_answer_in_ten_slow(world: World) -> None:
    """Most answers are quick, so the average is fine, and one in ten takes longer than it may."""
    route = world.endpoints("api")[0]
    late = Route(route.status, dict(route.headers), route.body)
    late.delay_ms = _limit_ms(world, "api") + 200
    route.limit = RateLimit(_PROMPT_ANSWERS, _HOUR_SECONDS, late)


@fault("HLT-05", "fast-errors", vantage="http", environments=("app-oint",), also=("MET-03b",))
def fast_errors(world: World) -> None:
    """Every answer is quick, for every answer is an error."""
    world.endpoints("api")[0].status = 503


@fault(
    "HLT-05", "one-answer-in-ten-an-error", vantage="http", environments=TIMED, also=("MET-03b",)
)
def one_answer_in_ten_an_error(world: World) -> None:
    """Every answer is quick, and one in ten is an error."""
    route = world.endpoints("api")[0]
    route.limit = RateLimit(_PROMPT_ANSWERS, _HOUR_SECONDS, Route(500, dict(route.headers)))


@fault("HLT-06", "connection-string", vantage="http", environments=DOCUMENTED)
def connection_string(world: World) -> None:
    """The health document gives the database's address, user and password."""
    told = f'"url":"postgresql://app_oint:{token_hex(12)}@db.app-oint.com:25060/app_oint",'
    world.endpoints("health")[0].replace('"checks":{', told + '"checks":{')


@fault("HLT-06", "stack-trace", vantage="http", environments=APP_OINT)
def stack_trace(world: World) -> None:
    """The readiness endpoint passes on the stack trace of an error it recovered from."""
    trace = r"Error: timeout\n    at Pool.connect (/srv/app/dist/database.js:44:11)"
    world.endpoints("readiness")[0].replace('"timestamp"', f'"last":"{trace}","timestamp"')


@fault("HLT-06", "settings-in-liveness", vantage="http", environments=APP_OINT)
def settings_in_liveness(world: World) -> None:
    """The liveness endpoint repeats the settings it was started with, the signing key included."""
    told = f'"env":{{"JWT_SECRET":"{token_hex(16)}"}},"timestamp"'
    world.endpoints("liveness")[0].replace('"timestamp"', told)


@fault("HLT-06", "private-address-in-a-header", vantage="http", environments=DOCUMENTED)
def private_address_in_a_header(world: World) -> None:
    """A header names the machine that answered by its address in the private network."""
    world.endpoints("health")[0].headers["x-served-by"] = "10.114.0.7:5001"


@fault("HLT-10", "memory-nearly-full", vantage="http", environments=APP_OINT)
def memory_nearly_full(world: World) -> None:
    """One region uses nearly all of its memory and says so, while its own check of it passes."""
    world.endpoints("health")[0].replace('"usagePercent":41.5', '"usagePercent":88')


@fault("HLT-10", "memory-not-told", vantage="http", environments=APP_OINT)
def memory_not_told(world: World) -> None:
    """One region no longer tells how much of its memory is in use."""
    world.endpoints("health")[0].replace(',"usagePercent":41.5', "")


@fault("HLT-07", "no-limit", vantage="http", environments=APP_OINT)
def no_limit(world: World) -> None:
    """One region answers as often as it is asked."""
    world.endpoints("health")[0].limit = None


@fault("HLT-07", "limit-too-generous", vantage="http", environments=APP_OINT)
def limit_too_generous(world: World) -> None:
    """One region has a limit, and it is far beyond the declared one."""
    _limit(world).requests *= 10


@fault("HLT-07", "overload-instead-of-limit", vantage="http", environments=APP_OINT)
def overload_instead_of_limit(world: World) -> None:
    """One region breaks under the burst and answers 503 instead of refusing with 429."""
    _limit(world).refusal.status = 503


def _redirect(route: Route) -> None:
    route.status = 302
    route.headers["location"] = "/login"


def _limit(world: World) -> RateLimit:
    limit = world.endpoints("health")[0].limit
    if limit is None:
        message = "no health endpoint is rate limited"
        raise LookupError(message)
    return limit


def _limit_ms(world: World, kind: str) -> int:
    """Return the declared limit of the first endpoint of a kind, in milliseconds."""
    endpoints = world.environment.endpoints or ()
    limits = [one.within_ms or one.p95_ms for one in endpoints if one.kind == kind]
    found = next(filter(None, limits), None)
    if found is None:
        message = f"no endpoint of kind {kind} has a limit to exceed"
        raise LookupError(message)
    return found
