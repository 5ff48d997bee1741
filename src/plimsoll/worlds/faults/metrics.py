"""Faults in the metrics that are served, and in who is served them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.worlds.faults import fault

if TYPE_CHECKING:
    from plimsoll.worlds.site import Bearer, Route
    from plimsoll.worlds.world import World

APP_OINT = ("app-oint",)
MEASURED = ("app-oint", "digitalocean-production")


@fault(
    "MET-01",
    "error-page",
    vantage="http",
    undecided=("ALR-01b", "ALR-02c", "MET-03", "MET-03b"),
    environments=MEASURED,
)
def error_page(world: World) -> None:
    """A proxy answers for one region's metrics with a page for people, and with 200."""
    _metrics(world).body = "<!doctype html>\n<title>Back soon</title>\n"


@fault("MET-01", "wrong-content-type", vantage="http", environments=MEASURED)
def wrong_content_type(world: World) -> None:
    """One region's metrics come as JSON by name, which Prometheus 3 refuses to read."""
    _metrics(world).headers["content-type"] = "application/json"


@fault("MET-01", "cut-off", vantage="http", environments=MEASURED)
def cut_off(world: World) -> None:
    """One region's metrics end in the middle of a line, without a line feed."""
    route = _metrics(world)
    route.body = route.body.rstrip("\n")


@fault(
    "MET-01",
    "same-series-twice",
    vantage="http",
    undecided=("ALR-01b", "ALR-02c", "MET-03", "MET-03b"),
    environments=MEASURED,
)
def same_series_twice(world: World) -> None:
    """One region exports a sample twice, so that the whole scrape is dropped."""
    route = _metrics(world)
    last = route.body.rstrip("\n").splitlines()[-1]
    route.body += f"{last}\n"


@fault("MET-01", "buckets-not-cumulative", vantage="http", environments=APP_OINT)
def buckets_not_cumulative(world: World) -> None:
    """One region counts each request in a single bucket, so that every percentile is wrong."""
    _metrics(world).replace('le="2"} 1865101', 'le="2"} 2111')


@fault(
    "MET-01",
    "carriage-returns",
    vantage="http",
    undecided=("ALR-01b", "ALR-02c", "MET-03", "MET-03b"),
    environments=MEASURED,
)
def carriage_returns(world: World) -> None:
    """One region ends its lines as Windows does, and no type and no value can be read."""
    route = _metrics(world)
    route.body = route.body.replace("\n", "\r\n")


@fault("MET-01", "type-after-its-samples", vantage="http", environments=MEASURED)
def type_after_its_samples(world: World) -> None:
    """One region says what a metric is when its samples have been read."""
    route, declared = _metrics(world), "# TYPE process_resident_memory_bytes gauge\n"
    route.replace(declared, "")
    route.body += declared


@fault("MET-01", "values-of-last-week", vantage="http", environments=MEASURED)
def values_of_last_week(world: World) -> None:
    """One region exports a value with a time at which no query looks any more."""
    route = _metrics(world)
    route.body += "# TYPE last_export gauge\nlast_export 1 1700000000000\n"


@fault("MET-01", "bound-that-is-no-number", vantage="http", environments=MEASURED)
def bound_that_is_no_number(world: World) -> None:
    """One region has a bucket whose bound says what it means, and is no number."""
    _metrics(world).body += (
        '# TYPE waits histogram\nwaits_bucket{le="slow"} 4\nwaits_bucket{le="+Inf"} 4\n'
        "waits_sum 1\nwaits_count 4\n"
    )


@fault("MET-01", "counter-below-nothing", vantage="http", environments=MEASURED)
def counter_below_nothing(world: World) -> None:
    """One region counts backwards."""
    _metrics(world).body += "# TYPE refunds_total counter\nrefunds_total -3\n"


@fault("MET-01", "type-of-another-name", vantage="http", environments=MEASURED)
def type_of_another_name(world: World) -> None:
    """One region declares a metric under a name that its samples do not have."""
    _metrics(world).body += "# TYPE queue_length gauge\nqueue_length_jobs 4\n"


@fault(
    "MET-01",
    "unavailable",
    vantage="http",
    also=("MET-02",),
    undecided=("ALR-01b", "ALR-02c", "MET-03", "MET-03b"),
    environments=MEASURED,
)
def unavailable(world: World) -> None:
    """One region answers 503 to the scraper that presents its credential."""
    _metrics(world).status = 503


@fault("MET-02", "open-to-everyone", vantage="http", environments=MEASURED)
def open_to_everyone(world: World) -> None:
    """One region serves its metrics to whoever asks."""
    _metrics(world).bearer = None


@fault("MET-02", "redirected-to-login", vantage="http", environments=MEASURED)
def redirected_to_login(world: World) -> None:
    """One region sends strangers to a login page instead of refusing them."""
    refusal = _bearer(world).refusal
    refusal.status = 302
    refusal.headers["location"] = "/login"


@fault("MET-02", "refusal-holds-metrics", vantage="http", environments=MEASURED)
def refusal_holds_metrics(world: World) -> None:
    """One region says 401 and sends the metrics all the same."""
    route, refusal = _metrics(world), _bearer(world).refusal
    refusal.body = route.body
    refusal.headers["content-type"] = route.headers["content-type"]


@fault("MET-02", "refusal-holds-broken-metrics", vantage="http", environments=MEASURED)
def refusal_holds_broken_metrics(world: World) -> None:
    """One region says 401 and sends metrics that no server would read, but anybody can."""
    _bearer(world).refusal.body = "app_active_users 412\nthis line {breaks the rest\n"


@fault(
    "MET-02",
    "refuses-everyone",
    vantage="http",
    also=("MET-01",),
    undecided=("ALR-01b", "ALR-02c", "MET-03", "MET-03b"),
    environments=MEASURED,
)
def refuses_everyone(world: World) -> None:
    """One region refuses the scraper too."""
    _metrics(world).status = 403


@fault("MET-03", "only-a-memory-limit", vantage="http", environments=MEASURED)
def only_a_memory_limit(world: World) -> None:
    """One region tells how much memory it may use, and no longer how much it uses."""
    _metrics(world).replace("process_resident_memory_bytes", "app_memory_max_bytes")


@fault("MET-03", "business-metric-renamed", vantage="http", environments=APP_OINT)
def business_metric_renamed(world: World) -> None:
    """One region exports its active users under another name than was agreed."""
    _metrics(world).replace("app_active_users", "app_users_online")


@fault(
    "MET-03",
    "counter-is-a-gauge",
    vantage="http",
    also=("MET-03b",),
    environments=MEASURED,
    undecided=("ALR-01b", "ALR-02c"),
)
def counter_is_a_gauge(world: World) -> None:
    """One region declares its request counter a gauge, of which no rate can be trusted."""
    _metrics(world).replace(
        "# TYPE http_requests_total counter", "# TYPE http_requests_total gauge"
    )


@fault(
    "MET-03",
    "cpu-is-a-gauge",
    vantage="http",
    environments=MEASURED,
    undecided=("ALR-01b", "ALR-02c"),
)
def cpu_is_a_gauge(world: World) -> None:
    """One region declares the seconds of CPU that add up as a gauge."""
    declared = "# TYPE process_cpu_seconds_total"
    _metrics(world).replace(f"{declared} counter", f"{declared} gauge")


@fault("MET-03", "no-bucket-beyond-the-objective", vantage="http", environments=APP_OINT)
def no_bucket_beyond_the_objective(world: World) -> None:
    """One region's last finite bucket ends at 3 s: nothing tells 4 s from 40 s."""
    route = _metrics(world)
    gone = tuple(f'le="{bound}"' for bound in ("5", "7.5", "10", "30"))
    route.body = "".join(
        line
        for line in route.body.splitlines(keepends=True)
        if not (line.startswith("http_request_duration") and any(one in line for one in gone))
    )


@fault(
    "MET-03",
    "average-instead-of-histogram",
    vantage="http",
    also=("MET-03b",),
    environments=MEASURED,
)
def average_instead_of_histogram(world: World) -> None:
    """One region exports an average duration, from which no percentile can be computed."""
    route = _metrics(world)
    kept = [
        line
        for line in route.body.splitlines(keepends=True)
        if "http_request_duration_seconds" not in line
    ]
    average = "# TYPE http_request_duration_average_seconds gauge\n"
    route.body = "".join(kept) + f"{average}http_request_duration_average_seconds 0.071\n"


def _metrics(world: World) -> Route:
    return world.endpoints("metrics")[0]


def _bearer(world: World) -> Bearer:
    bearer = _metrics(world).bearer
    if bearer is None:
        message = "the metrics are public: there is no refusal to change"
        raise LookupError(message)
    return bearer
