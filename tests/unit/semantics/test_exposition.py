"""Metrics bodies: what is read, refused, criticized and found in them."""

from __future__ import annotations

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
    *("cpu", "memory", "io", "database_connections", "metric:bookings_total"),
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
    assert found == set(SIGNALS) - {"io", "database_connections", "metric:bookings_total"}


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
