"""Metrics bodies: what is read, refused, criticized and found in them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Summary, generate_latest
from prometheus_client.openmetrics.exposition import generate_latest as generate_open
from prometheus_client.parser import text_string_to_metric_families

from plimsoll.facts.exposition import Exposition, Found, Gravity, Missing, ParseFailure
from plimsoll.semantics.exposition import parse_exposition, sample_names
from plimsoll.semantics.exposition_lint import lint
from plimsoll.semantics.metric_signals import signal_evidence

OPEN = "application/openmetrics-text; version=1.0.0"
SIGNALS = (
    *("request_count", "duration_p50", "duration_p95", "duration_p99", "status_4xx", "status_5xx"),
    *("cpu", "memory", "io", "database_connections", "health", "metric:bookings_total"),
)


def registry(path: str = "/a") -> CollectorRegistry:
    """Return what a well-instrumented service exposes."""
    metrics = CollectorRegistry()
    Counter("http_requests", "r", ["status"], registry=metrics).labels("200").inc()
    Histogram(
        "http_request_duration_seconds", "d", ["path"], buckets=(0.1, 1, 2, 5), registry=metrics
    ).labels(path).observe(0.3)
    Gauge("process_resident_memory_bytes", "m", registry=metrics).set(1e8)
    Counter("process_cpu_seconds", "c", registry=metrics).inc(3)
    Summary("job_seconds", "s", registry=metrics).observe(2)
    return metrics


def evidence(text: str, signal: str, bound: float | None = None) -> Found | Missing:
    """Judge a signal of a body that can be read."""
    parsed = parse_exposition(text)
    assert isinstance(parsed, Exposition)
    return signal_evidence(parsed.families, signal, bound)


@given(st.text(max_size=20))
def test_what_the_reference_client_writes_is_read_back(path: str) -> None:
    """Names, labels and values agree with the reference parser, escapes included."""
    text = generate_latest(registry(path)).decode()
    parsed = parse_exposition(text)
    assert isinstance(parsed, Exposition)
    ours = {
        (s.name, frozenset(s.labels.items()), s.value) for f in parsed.families for s in f.samples
    }
    theirs = {
        (s.name, frozenset(s.labels.items()), s.value)
        for family in text_string_to_metric_families(text)
        for s in family.samples
    }
    assert ours == theirs


def test_open_metrics_is_read_to_its_end_mark() -> None:
    """Without # EOF a body was cut off."""
    text = generate_open(registry()).decode()
    assert isinstance(parse_exposition(text, OPEN), Exposition)
    assert lint(text, OPEN) == ()
    assert isinstance(parse_exposition(text.replace("# EOF\n", ""), OPEN), ParseFailure)


@pytest.mark.parametrize(
    ("text", "reason", "line"),
    [
        ('{"status": "ok"}', "JSON", 1),
        ("<!DOCTYPE html>", "HTML", 1),
        ("", "no sample", None),
        ("# HELP a b\n", "no sample", None),
        ("a 1\nb one\n", "'one' is not a value", 2),
        ("a{b=c} 1\n", "not a sample|labels that cannot be read", 1),
        ('a{b="c",b="d"} 1\n', "twice", 1),
        ('a{b="c"d="e"} 1\n', "comma", 1),
        ("a 1\na 2\n", "two samples with the same labels", 1),
        ("# TYPE a thing\na 1\n", "not a type", 1),
        ("# TYPE a gauge\n# TYPE a gauge\na 1\n", "type twice", 2),
        ("1a 2\n", "not a sample", 1),
    ],
)
def test_a_body_that_a_server_refuses_is_a_failure(
    text: str, reason: str, line: int | None
) -> None:
    """The failure names the line where that shows."""
    found = parse_exposition(text)
    assert isinstance(found, ParseFailure)
    assert any(part in found.reason for part in reason.split("|"))
    assert found.line == line


HISTOGRAM = "# TYPE h histogram\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HISTOGRAM + 'h_bucket{le="1"} 1\nh_sum 1\nh_count 1\n', "no +Inf"),
        (HISTOGRAM + 'h_bucket{le="1"} 3\nh_bucket{le="+Inf"} 2\n', "not cumulative"),
        (HISTOGRAM + 'h_bucket{le="+Inf"} 2\nh_count 3\n', "not equal to _count"),
        (HISTOGRAM + 'h{quantile="0.5"} 2\n', "no _bucket"),
        (HISTOGRAM + "other 1\n", "no sample carries that name"),
        ('# TYPE s summary\ns{quantile="0.5"} 1\n', "without _sum and _count"),
        ("# TYPE c counter\nc_total -1\n", "stands at -1"),
        ("# TYPE c_total gauge\nc_total 1\n", "gauge named _total"),
        ("# TYPE process_cpu_seconds gauge\nprocess_cpu_seconds 1\n", "cannot be trusted"),
        ("a 1\n", "has no type"),
        ("# TYPE a gauge\na 1 1700000000000\n", "timestamps"),
        ("# TYPE a gauge\na 1", "line feed"),
    ],
)
def test_what_misleads_a_server_is_reported(text: str, message: str) -> None:
    """Each defect is found in an otherwise readable body."""
    assert any(message in problem.message for problem in lint(text))


def test_a_flawless_body_has_no_problem() -> None:
    """The reference client's own output passes without a word."""
    metrics = CollectorRegistry()
    Histogram("h_seconds", "h", registry=metrics).observe(1)
    text = generate_latest(metrics).decode()
    assert [p for p in lint(text) if p.gravity is Gravity.ERROR] == []


@pytest.mark.parametrize("content_type", [None, "", "application/json", "text/html"])
def test_a_content_type_that_prometheus_refuses_is_an_error(content_type: str | None) -> None:
    """Since version 3 the content type decides whether a scrape succeeds."""
    problems = lint("# TYPE a gauge\na 1\n", content_type)
    assert [problem.gravity for problem in problems] == [Gravity.ERROR]


@given(st.text() | st.text(alphabet='ab_{}="\\,# TYPEhistogram\n10.+Infe'))
def test_any_text_gives_a_value(text: str) -> None:
    """A body is read with at least one sample, or refused with a reason; both can be criticized."""
    parsed = parse_exposition(text)
    lint(text)
    if isinstance(parsed, ParseFailure):
        assert parsed.reason
    else:
        assert any(family.samples for family in parsed.families)


def test_a_well_instrumented_service_carries_the_signals() -> None:
    """Counters, a histogram around the limit and gauges are found."""
    text = generate_latest(registry()).decode()
    found = {s for s in SIGNALS if isinstance(evidence(text, s, 2.0), Found)}
    assert found == set(SIGNALS) - {"io", "database_connections", "health", "metric:bookings_total"}


@pytest.mark.parametrize("signal", SIGNALS)
def test_without_families_every_signal_is_missing(signal: str) -> None:
    """No observation is never a find."""
    assert isinstance(signal_evidence((), signal), Missing)


@pytest.mark.parametrize(
    ("signal", "text", "reason"),
    [
        (
            "request_count",
            "# TYPE http_requests_total gauge\nhttp_requests_total 1\n",
            "not a counter",
        ),
        (
            "status_5xx",
            "# TYPE http_errors_5xx_rate gauge\nhttp_errors_5xx_rate 1\n",
            "not a counter",
        ),
        (
            "status_5xx",
            '# TYPE http_requests_total counter\nhttp_requests_total{status="error"} 1\n',
            "does not tell",
        ),
        (
            "duration_p95",
            "# TYPE http_request_duration_seconds gauge\nhttp_request_duration_seconds 1\n",
            "no quantile",
        ),
        (
            "duration_p95",
            '# TYPE go_gc_duration_seconds summary\ngo_gc_duration_seconds{quantile="0.95"} 1\n',
            "no metric",
        ),
        ("cpu", "# TYPE process_cpu_seconds gauge\nprocess_cpu_seconds 1\n", "adds up"),
        (
            "metric:bookings_total",
            "# TYPE bookings_total counter\nbookings_total NaN\n",
            "not exported",
        ),
    ],
)
def test_a_signal_in_a_form_that_cannot_be_used_is_missing(
    signal: str, text: str, reason: str
) -> None:
    """The reason says what is wrong with what was found."""
    found = evidence(text, signal)
    assert isinstance(found, Missing)
    assert reason in found.reason


@pytest.mark.parametrize(
    ("signal", "kind", "sample", "found"),
    [
        ("request_count", "histogram", 'http_request_duration_seconds_bucket{le="1"} 1', True),
        ("request_count", "counter", "http_requests_failed_total 1", False),
        ("request_count", "counter", "promhttp_metric_handler_requests_total 1", False),
        ("duration_p95", "summary", 'http_request_duration_seconds{quantile="0.95"} 1', True),
        ("duration_p95", "summary", 'http_request_duration_seconds{quantile="0.9"} 1', False),
        ("duration_p95", "summary", 'http_request_duration_seconds{quantile="x"} 1', False),
        ("duration_p95", "histogram", 'http_request_duration_seconds_bucket{le="+Inf"} 1', False),
        ("status_5xx", "counter", "http_errors_5xx_total 1", True),
        (
            "status_4xx",
            "histogram",
            'http_request_duration_seconds_bucket{code="4xx",le="1"} 1',
            True,
        ),
        ("cpu", "gauge", "system_cpu_usage_percent 1", True),
        ("memory", "counter", "memory_bytes_total 1", False),
        ("io", "counter", "node_disk_read_bytes_total 1", True),
        ("database_connections", "gauge", "database_connections 4", True),
        ("database_connections", "counter", "db_connections_total 4", False),
        ("metric:bookings_total", "counter", "bookings_total 4", True),
    ],
)
def test_a_signal_is_judged_by_its_form(signal: str, kind: str, sample: str, found: bool) -> None:
    """Type, labels, quantiles and buckets decide, beside the name."""
    name = sample.partition("{")[0].partition(" ")[0].removesuffix("_bucket")
    answer = evidence(f"# TYPE {name} {kind}\n{sample}\n", signal)
    assert isinstance(answer, Found) is found


def test_milliseconds_are_compared_as_milliseconds() -> None:
    """A limit of two seconds is 2000 in a metric whose name says so."""
    text = (
        "# TYPE http_request_duration_ms histogram\n"
        'http_request_duration_ms_bucket{le="1000"} 1\nhttp_request_duration_ms_bucket{le="2500"} 1\n'
    )
    found = evidence(text, "duration_p95", 2.0)
    assert "between 1000 and 2500" in found.reason
    assert isinstance(evidence(text, "duration_p95", 5.0), Missing)


@given(
    bounds=st.sets(st.integers(1, 20), min_size=1, max_size=5),
    limit=st.integers(1, 20),
)
def test_a_histogram_serves_a_limit_only_between_its_buckets(bounds: set[int], limit: int) -> None:
    """Buckets on one side of the limit cannot say what share is below it."""
    lines = [f'api_latency_seconds_bucket{{le="{bound}"}} 1' for bound in sorted(bounds)]
    text = "\n".join(
        [
            "# TYPE api_latency_seconds histogram",
            *lines,
            'api_latency_seconds_bucket{le="+Inf"} 1',
            "",
        ]
    )
    found = evidence(text, "duration_p95", float(limit))
    assert isinstance(found, Found) is (min(bounds) <= limit <= max(bounds))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("up 1\n", {"up"}),
        ('a_total{x="y"} 2 1700000000\n# broken {{{\nb +Inf\r\nc NaN', {"a_total", "b", "c"}),
        ('{"error": "unauthorized", "code": 401}\n', set()),
        ("401 Unauthorized\n", set()),
        ("Unauthorized: present a token\n", set()),
        ("", set()),
    ],
)
def test_samples_are_seen_even_where_no_server_would_read_the_body(text, expected) -> None:
    """A broken line makes an exposition unreadable, not its samples secret."""
    assert sample_names(text) == expected


@given(st.text())
def test_any_text_is_searched_for_samples(text) -> None:
    """Every name found stands in the text."""
    assert all(name in text for name in sample_names(text))


@pytest.mark.parametrize(
    ("bound", "use", "signal"),
    [
        ("app_memory_limit_bytes", "process_resident_memory_bytes", "memory"),
        ("container_cpu_quota", "process_cpu_usage", "cpu"),
        ("pg_settings_max_connections", "pg_stat_connections", "database_connections"),
    ],
)
def test_what_may_be_used_does_not_tell_what_is(bound: str, use: str, signal: str) -> None:
    """A limit alone is no signal of use; beside the use it does no harm."""
    limit = f"# TYPE {bound} gauge\n{bound} 1\n"
    assert isinstance(evidence(limit, signal), Missing)
    assert isinstance(evidence(f"{limit}# TYPE {use} gauge\n{use} 1\n", signal), Found)


OPENED = "\n# EOF\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HISTOGRAM + 'h_bucket{le="x"} 1\nh_bucket{le="+Inf"} 1\n', "le='x' has no number"),
        (HISTOGRAM + 'h_bucket 1\nh_bucket{le="+Inf"} 1\n', "le='' has no number"),
        (HISTOGRAM + 'h_bucket{le="1"} -1\nh_bucket{le="+Inf"} 1\n', "less than nothing"),
        (HISTOGRAM + 'h_bucket{le="1"} 1\nh_bucket{le="1.0"} 1\nh_bucket{le="+Inf"} 1\n', "two buckets for 1"),
        (HISTOGRAM + 'h 1\nh_bucket{le="+Inf"} 1\n', "none of its parts"),
        ('# TYPE s summary\ns{quantile="95"} 1\n', "'95' is no quantile"),
        ('# TYPE s summary\ns{quantile="x"} 1\n', "'x' is no quantile"),
        ("a 1\n# TYPE a gauge\n", "its type after its samples"),
        ("# HELP a b\n# HELP a c\na 1\n", "described twice"),
        ("# HELP a b\\q\na 1\n", "escapes nothing in a description"),
        ('a{x="\\d"} 1\n', "escapes nothing in a label"),
        ("a 1 \n", "blanks follow"),
        ("# TYPE ab gauge\nab_jobs 1\n", "ab_jobs has no type"),
        ('a{x="\ufffd"} 1\n', "no UTF-8"),
        ("# TYPE 1a gauge\na 1\n", "no name of a metric"),
        ("a 1\r\n", "carriage return"),
        ('a{__name__="b"} 1\n', "the name of the metric itself"),
        ("a 1 1000.5\n", "not a time in milliseconds"),
        ('{"a.b"} 1\n', "in quotes"),
        ('{x="1"} 1\n', "not a sample"),
        ('a{x="1","b"} 1\n', "cannot be read"),
    ],
)  # fmt: skip
def test_what_the_strict_parser_refuses_is_an_error(text: str, message: str) -> None:
    """Samples are lost or wrong for Prometheus, or for promtool and the Pushgateway."""
    errors = [p.message for p in lint(text) if p.gravity is Gravity.ERROR]
    assert any(message in one for one in errors), lint(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# TYPE a gauge\n# TYPE b gauge\nb 1\n", "no sample carries that name"),
        ('a{x="1"} 1\nb 1\na{x="2"} 1\n', "do not stand together"),
        ('a{__x="1"} 1\n', "the server's own"),
        ('# TYPE a gauge\na{quantile="0.5"} 1\n', "which only a summary has"),
        ("# TYPE c counter\nc 1\n", "not named _total"),
        (HISTOGRAM + 'h_bucket{le="+Inf"} 0.5\nh_sum 1\nh_count 0.5\n', "parts of an observation"),
        (HISTOGRAM + 'h_bucket{le="+Inf"} 1\nh_count 1\n', "without _sum and _count"),
    ],
)
def test_what_only_misleads_is_a_warning(text: str, message: str) -> None:
    """It is told, and refuses nothing."""
    problems = lint(text)
    assert any(message in problem.message for problem in problems)
    assert not [p for p in problems if p.gravity is Gravity.ERROR]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a 1\n\n# EOF\n", "no empty lines"),
        ("#told\na 1\n# EOF\n", "no comments but"),
        ("a  1\n# EOF\n", "one blank between"),
        ('# TYPE a gauge\na 1 # {t="1"} 1\n# EOF\n', "which counters and buckets alone"),
        ("# TYPE c counter\nc 1\n# EOF\n", "ends with _total"),
        ('# TYPE i info\ni_info{v="2"} 2\n# EOF\n', "is a info and stands at 2"),
        ('# TYPE o stateset\no{x="1"} 1\n# EOF\n', "state set without the label o"),
        ('# TYPE a gauge\na{x="1"} 1\nb 1\na{x="2"} 1\n# EOF\n', "do not stand together"),
        ("# TYPE a gauge\na 1\n# HELP a b\n# EOF\n", "after its samples"),
        ('a{x="1"} 1\na{x="2"} 1 5\n# EOF\n', "some have none"),
        ("a 1\n# EOF\nb 1\n", "goes on after # EOF"),
    ],
)
def test_open_metrics_asks_for_more(text: str, message: str) -> None:
    """Each sentence of the specification that the text format does not have."""
    errors = [p.message for p in lint(text, OPEN) if p.gravity is Gravity.ERROR]
    assert any(message in one for one in errors), lint(text, OPEN)


def test_open_metrics_may_end_without_a_line_feed() -> None:
    """And it has exemplars on counters, and escapes that mean themselves."""
    text = '# TYPE c counter\nc_total{x="\\d"} 1 # {t="1"} 1\n# EOF'
    assert lint(text, OPEN) == ()


@pytest.mark.parametrize("content_type", [
    "text/plain; version=1.0.0", "text/plain; version=0.0.4; escaping=allow-utf-8",
    "application/openmetrics-text; version=1.0.0; escaping=allow-utf-8",
])  # fmt: skip
def test_names_in_quotes_are_read_where_the_content_type_has_them(content_type: str) -> None:
    """Prometheus 3 names metrics and labels in any language, inside the braces."""
    text = '# TYPE "a.b" gauge\n{"a.b","x y"="1",z="\\"2"} 4' + OPENED
    found = parse_exposition(text, content_type)
    assert isinstance(found, Exposition), found
    (family,) = found.families
    assert (family.name, family.kind) == ("a.b", "gauge")
    assert family.samples[0].labels == {"x y": "1", "z": '"2'}


@pytest.mark.parametrize(
    ("content_type", "gravity", "said"),
    [
        ("text/plain; version=0.0.4; charset", Gravity.ERROR, "parameters cannot be read"),
        ("application/vnd.google.protobuf; encoding=delimited", Gravity.ERROR, "not asked for"),
        ("text/plain", Gravity.WARNING, "version of the format is missing"),
        ("text/plain; version=0.0.5", Gravity.WARNING, "no version 0.0.5"),
        ("text/plain; version=0.0.4; charset=latin-1", Gravity.WARNING, "reads UTF-8"),
    ],
)
def test_a_content_type_is_read_with_its_parameters(content_type, gravity, said) -> None:
    """What Prometheus refuses is an error; what it overlooks misleads."""
    (problem,) = lint("# TYPE a gauge\na 1\n", content_type)
    assert problem.gravity is gravity
    assert said in problem.message


@pytest.mark.parametrize("version", ["0.0.4", "1.0.0"])
def test_both_versions_of_the_text_format_are_known(version: str) -> None:
    """Prometheus 2 asks for the one, Prometheus 3 for the other."""
    assert lint("# TYPE a gauge\na 1\n", f'text/plain; version="{version}"; charset=UTF-8') == ()


NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(-301, "no query sees it"), (601, "it is refused"), (-299, ""), (599, "")],
)
def test_times_are_compared_with_the_time_of_the_scrape(seconds: int, said: str) -> None:
    """What no query sees and what a server refuses is lost; in between it only misleads."""
    at = NOW.timestamp() + seconds
    for text, kind in ((f"a 1 {at * 1000:.0f}\n", None), (f"a 1 {at:.0f}{OPENED}", OPEN)):
        errors = [
            p.message for p in lint(text, kind or "text/plain", NOW) if "a type" not in p.message
        ]
        assert bool(said) == any(said and said in one for one in errors), errors
        assert [p for p in lint(text, kind or "text/plain") if p.gravity is Gravity.ERROR] == []


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (["11111111", "22222222", "33333333"], "holds an id"),
        ([f"123e4567-e89b-12d3-a456-42661417400{n}" for n in range(3)], "holds an id"),
        (["a@x.io", "b@x.io", "c@x.io"], "an address of a person"),
        (["/users/1", "/users/2/orders", "https://x.io/users/3"], "a path with an id"),
        (["/a?x=1", "/a?x=2", "/b?y"], "a path with a query"),
        (["/users/:id", "/orders", "/"], ""),
        (["11111111", "22222222"], ""),
        (["200", "404", "500"], ""),
    ],
)
def test_labels_without_an_end_are_told(values: list[str], said: str) -> None:
    """Each value is a series for ever; a few words are none."""
    text = "# TYPE a gauge\n" + "".join(f'a{{x="{value}"}} 1\n' for value in values)
    problems = lint(text)
    assert all(p.gravity is Gravity.WARNING for p in problems)
    assert bool(said) == any(said and said in p.message for p in problems), problems


def test_too_many_series_are_told_once() -> None:
    """A single target that fills a server is seen before it does."""
    text = "# TYPE a gauge\n" + "".join(f'a{{x="v{n}"}} 1\n' for n in range(10_001))
    assert [p.message for p in lint(text)] == ["10,001 series of a single target, more than 10,000"]


@given(st.text(alphabet='text/plain;version=0.4"\\ ,opnmrics'))
def test_any_content_type_is_judged(content_type: str) -> None:
    """Nothing that a server sends as its type raises."""
    lint("a 1\n", content_type)


@pytest.mark.parametrize(
    ("text", "signal", "found"),
    [
        ("# TYPE health_check_status gauge\nhealth_check_status 1\n", "health", True),
        ("# TYPE health_checks_total counter\nhealth_checks_total 1\n", "health", False),
        ("# TYPE db_pool_active gauge\ndb_pool_active 1\n", "database_connections", True),
        ("# TYPE db_pool_hits gauge\ndb_pool_hits 1\n", "database_connections", False),
        ("# TYPE db_connections_max gauge\ndb_connections_max 1\n", "database_connections", False),
        (
            "# TYPE cache_requests_total counter\ncache_requests_total 1\n",
            "request_count",
            False,
        ),
        (
            "# TYPE http_client_requests_total counter\nhttp_client_requests_total 1\n",
            "request_count",
            False,
        ),
    ],
)
def test_health_and_connections_are_told_by_what_they_measure(text, signal, found) -> None:
    """A state is a gauge; look-ups in a cache and requests to others are no requests served."""
    assert isinstance(evidence(text, signal), Found if found else Missing)


def test_every_series_of_a_histogram_must_enclose_the_bound() -> None:
    """One route with other buckets makes the percentile over all of them wrong."""
    head = "# TYPE http_request_duration_seconds histogram\n"

    def series(route: str, *bounds: str) -> str:
        return "".join(
            f'http_request_duration_seconds_bucket{{route="{route}",le="{bound}"}} 1\n'
            for bound in (*bounds, "+Inf")
        )

    both = head + series("/a", "1", "2", "5") + series("/b", "1", "5")
    one = head + series("/a", "1", "2", "5") + series("/b", "0.1", "0.5")
    told = evidence(both, "duration_p95", 2)
    assert isinstance(told, Found)
    assert "between 1 and 5" in told.reason
    assert isinstance(evidence(one, "duration_p95", 2), Missing)
    assert isinstance(evidence(head + series("/a"), "duration_p95", 2), Missing)
