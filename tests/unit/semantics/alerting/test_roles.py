"""Which metric tells what of the system."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plimsoll.environment.alerting_model import MetricRole
from plimsoll.semantics.alerting.role import Role
from plimsoll.semantics.alerting.roles import role_of, why_unknown
from plimsoll.semantics.alerting.roles_resources import DISK_BYTES, MEMORY_BYTES
from plimsoll.semantics.alerting.roles_services import CACHE_BYTES
from plimsoll.semantics.alerting.system import FACTS, HEALTHY
from plimsoll.semantics.promql import PromqlError, selectors


def told(expression, system=HEALTHY, kind=None, **labels):
    """What the one metric of an expression tells, as a level."""
    role = role_in(expression, kind)
    return role.level(system, labels)


def role_in(expression, kind=None):
    """The role of the one metric of an expression."""
    read = selectors(expression)
    return role_of(read[0].metric, read, None, kind)


@pytest.mark.parametrize(
    ("expression", "name", "kind", "facts"),
    [
        ("rate(http_requests_total[1m])", "requests", "counter", {"requests"}),
        ("rate(nginx_http_requests_total[1m])", "requests", "counter", {"requests"}),
        ("rate(http_errors_total[1m])", "errors", "counter", {"errors", "unavailable", "requests"}),
        (
            "rate(http_4xx_total[1m])",
            "errors",
            "counter",
            {"refused", "unauthorized", "requests"},
        ),
        ("http_error_rate", "error share", "gauge", {"errors", "unavailable"}),
        ("up", "up", "gauge", {"up"}),
        ("probe_success", "probe", "gauge", {"probe"}),
        ("probe_http_status_code", "probe", "gauge", {"probe"}),
        ("readiness_check_status", "health", "gauge", {"health"}),
        ("rate(liveness_failures_total[1m])", "failed health checks", "counter", {"health"}),
        ("pg_up", "database", "gauge", {"database_up"}),
        ("redis_up", "cache", "gauge", {"cache_up"}),
        ("redis_memory_used_bytes", "cache memory", "gauge", {"cache_memory"}),
        ("redis_memory_max_bytes", "cache memory size", "gauge", set()),
        ("db_connection_errors_total", "database errors", "counter", {"database_errors"}),
        ("database_connection_errors", "database errors", "gauge", {"database_errors"}),
        ("pg_stat_activity_count", "connections", "gauge", {"database_connections"}),
        ("pg_stat_database_numbackends", "connections", "gauge", {"database_connections"}),
        ("db_connections_ratio", "connections", "gauge", {"database_connections"}),
        ("pg_settings_max_connections", "connections allowed", "gauge", set()),
        ("db_query_duration_seconds_bucket", "query latency", "bucket", {"database_p95"}),
        ("db_query_duration_seconds_count", "queries", "counter", set()),
        ("db_query_duration_seconds_sum", "time spent on queries", "counter", {"database_p95"}),
        ("pg_stat_activity_max_tx_duration", "query latency", "gauge", {"database_p95"}),
        ("backup_last_success_timestamp_seconds", "backup time", "gauge", {"backup_age"}),
        ("backup_age_hours", "backup age", "gauge", {"backup_age"}),
        ("auth_failures_total", "refused logins", "counter", {"login_failures"}),
        ("active_users", "active users", "gauge", {"active_users"}),
        ("booking_attempts_total", "attempts", "counter", {"attempts"}),
        ("app_bookings_created_total", "successes", "counter", {"attempts", "success"}),
        ("payment_errors_total", "failed attempts", "counter", {"attempts", "success"}),
        ("cs_bucket_overflowed_total", "intrusions", "counter", set()),
        ("node_cpu_seconds_total", "cpu", "counter", {"cpu", "io_wait"}),
        ("process_cpu_seconds_total", "cpu", "counter", {"cpu"}),
        ("container_spec_cpu_quota", "cpu limit", "gauge", set()),
        ("kube_pod_container_resource_limits", "resource limit", "gauge", set()),
        ("node_memory_MemAvailable_bytes", "memory", "gauge", {"memory"}),
        ("node_memory_MemTotal_bytes", "memory size", "gauge", set()),
        ("container_memory_working_set_bytes", "memory", "gauge", {"memory"}),
        ("app_memory_limit_bytes", "memory size", "gauge", set()),
        ("node_filesystem_avail_bytes", "disk", "gauge", {"disk"}),
        ("kubelet_volume_stats_capacity_bytes", "disk size", "gauge", set()),
        ("disk_used_percent", "disk", "gauge", {"disk"}),
        (
            "http_server_requests_seconds_bucket",
            "latency",
            "bucket",
            {"p50", "p95", "p99", "requests"},
        ),
        ("http_request_duration_seconds_count", "requests", "counter", {"requests"}),
        (
            "http_requests_exceptions_total",
            "errors",
            "counter",
            {"errors", "unavailable", "requests"},
        ),
        ("nodejs_heap_size_used_bytes", "memory", "gauge", {"memory"}),
        ("nodejs_heap_size_total_bytes", "memory size", "gauge", set()),
        ("node_memory_Slab_bytes", "memory", "gauge", set()),
        ("disk_used_bytes", "disk", "gauge", {"disk"}),
        ("disk_total", "disk size", "gauge", set()),
        ("health_check_failures", "failed health checks", "gauge", {"health"}),
        ("kube_pod_info", "information", "gauge", set()),
    ],
)
def test_a_metric_tells_what_its_name_says(expression, name, kind, facts):
    """Name, kind and facts of a role follow from the name and its use."""
    role = role_in(expression)
    assert (role.name, role.kind, role.facts) == (name, kind, facts)


@pytest.mark.parametrize(
    "metric",
    [
        "k6_http_reqs_total",
        "promhttp_metric_handler_requests_total",
        "prometheus_http_requests_total",
        "grafana_http_request_duration_seconds_bucket",
        "alertmanager_notifications_failed_total",
        "go_memstats_heap_inuse_bytes",
        "redis_commands_total",
        "redis_memory_fragmentation_ratio",
        "memcached_connections",
        "node_filesystem_readonly",
        "node_filesystem_files_free",
        "node_memory_SwapFree_bytes",
        "container_cpu_cfs_throttled_seconds_total",
        "notification_failures_total",
        "http_requests_in_flight",
        "backup_size_bytes",
        "backup_last_failure_timestamp_seconds",
        "health_check_duration_seconds",
        "pg_replication_lag",
        "REDACTED_TOKEN",
        "health_checks_total",
        "backup_last_success_time_ms",
        "db_queries_total",
        "redis_memory_rss_bytes",
        "cpu_temperature",
        "memory_pages",
        "disk_rotations",
        "booking_views_total",
        "",
    ],
)
def test_what_tells_of_something_else_has_no_role(metric):
    """A metric of another subsystem, or one that nothing is known of, is not guessed."""
    assert role_of(metric) is None
    assert why_unknown(metric)


@pytest.mark.parametrize(
    ("metric", "level"),
    [
        ("node_memory_MemTotal_bytes", MEMORY_BYTES),
        ("node_memory_MemAvailable_bytes", MEMORY_BYTES * 0.6),
        ("memory_usage_percent", 40.0),
        ("memory_available_ratio", 0.6),
        ("cpu_usage_ratio", 0.3),
        ("cpu_usage_percent", 30.0),
        ("node_filesystem_size_bytes", DISK_BYTES),
        ("node_filesystem_free_bytes", DISK_BYTES / 2),
        ("redis_memory_used_bytes", CACHE_BYTES * 0.3),
        ("http_request_duration_p95_ms", 150.0),
        ("http_request_duration_seconds_p99", 0.3),
        ("probe_http_status_code", 200.0),
        ("system_cpu_usage", 0.3),
    ],
)
def test_a_level_is_in_the_unit_of_the_name(metric, level):
    """Shares, percent, bytes, seconds and milliseconds are told apart."""
    assert told(metric) == pytest.approx(level)


def test_the_parts_of_available_memory_make_it_up():
    """Free, buffers and cached together are what is available."""
    names = ("MemFree", "Buffers", "Cached")
    whole = sum(told(f"node_memory_{name}_bytes") for name in names)
    assert whole == pytest.approx(told("node_memory_MemAvailable_bytes"))


@pytest.mark.parametrize(
    ("expression", "endings"),
    [
        (
            'http_requests_total{status=~"5.."}',
            ("200", "401", "403", "404", "500", "502", "503", "504"),
        ),
        ('http_requests_total{class="5xx"}', ("2xx", "4xx", "5xx")),
        ('http_requests_total{code="5XX"}', ("2XX", "4XX", "5XX")),
        ('http_requests_total{status="error"}', ("success", "error")),
        (
            'grpc_server_handled_total{grpc_code!="OK"}',
            ("OK", "NotFound", "Unauthenticated", "Internal", "Unavailable"),
        ),
    ],
)
def test_the_endings_of_requests_add_up_to_all_of_them(expression, endings):
    """However statuses are spelled, their shares make a whole, and errors are among them."""
    expression = expression.replace("class", "status_class")
    role = role_in(expression)
    (label,) = role.partition
    system = replace(HEALTHY, errors=0.2, unavailable=0.1)
    levels = {one: role.level(system, {label: one}) for one in endings}
    assert sum(levels.values()) == pytest.approx(system.requests)
    failed = [v for one, v in levels.items() if one.lower() in _FAILED]
    assert sum(failed) == pytest.approx(0.3 * system.requests)


_FAILED = {"500", "502", "503", "504", "5xx", "error", "internal", "unavailable"}


def test_a_gauge_stays_one_however_it_is_used():
    """Its exposition says what a metric is; rate() does not make a counter of it."""
    role = role_in("rate(http_requests_total[1m])", kind="gauge")
    assert role.kind == "gauge"
    assert "taken for" in role.assumed
    assert role_in("rate(http_errors_5xx_rate[3m])").kind == "gauge"
    assert role_in("rate(queue_http_errors[3m])").kind == "counter"
    assert role_in("http_requests", kind="counter").kind == "counter"


def test_what_is_guessed_is_said():
    """A unit that the name does not tell is an assumption."""
    assert "percent" in role_in("http_errors_5xx_rate").assumed
    assert "seconds" in role_in("http_request_latency").assumed
    assert role_in("http_request_duration_seconds_bucket").assumed == ""


def test_a_time_is_told_as_minus_an_age():
    """The moment of the last backup follows the clock."""
    role = role_in("backup_last_success_timestamp_seconds")
    assert role.follows_clock
    assert role.level(HEALTHY, {}) == -HEALTHY.backup_age


@pytest.mark.parametrize(
    ("declared", "level"),
    [
        ({"role": "constant", "value": 7}, 7.0),
        ({"role": "constant"}, 0.0),
        ({"role": "errors", "kind": "counter"}, HEALTHY.errors * HEALTHY.requests),
        ({"role": "errors", "unit": "percent"}, HEALTHY.errors * 100),
        ({"role": "success", "kind": "counter"}, HEALTHY.success * HEALTHY.attempts),
        ({"role": "requests", "kind": "counter"}, HEALTHY.requests),
        ({"role": "memory", "unit": "bytes"}, MEMORY_BYTES * HEALTHY.memory),
        ({"role": "memory", "unit": "share"}, HEALTHY.memory),
        ({"role": "p95", "unit": "milliseconds"}, 150.0),
        ({"role": "latency", "kind": "summary"}, 0.15),
        ({"role": "database_p95", "kind": "summary"}, 0.02),
        ({"role": "backup_age", "unit": "timestamp"}, -HEALTHY.backup_age),
    ],
)
def test_a_declaration_overrides_the_name(declared, level):
    """What the environment file says of a metric counts, even for a foreign one."""
    role = role_of("k6_anything", (), MetricRole.model_validate(declared))
    assert role.level(HEALTHY, {}) == pytest.approx(level)


@pytest.mark.parametrize("part", ["_bucket", "_count", "_sum"])
@pytest.mark.parametrize("of", ["latency", "database_p95"])
def test_a_declared_histogram_has_its_parts(part, of):
    """Buckets, count and sum of a declared histogram are counters."""
    role = role_of(f"odd{part}", (), MetricRole(role=of, kind="histogram", unit="milliseconds"))
    assert role.kind == ("bucket" if part == "_bucket" else "counter")
    assert role.level(HEALTHY, {"le": "+Inf"}) > 0


_SPELLED = (
    "http requests total errors up cpu seconds memory bytes bucket sum count p95 duration backup "
    "timestamp last db connections max redis used percent ratio health failed auth login node "
    "booking attempts created disk avail free size limit query 5xx rate ms"
)
_WORDS = st.sampled_from(_SPELLED.split())
_NAMES = st.one_of(st.text(max_size=20), st.lists(_WORDS, min_size=1, max_size=5).map("_".join))
_LABELS = st.dictionaries(
    st.sampled_from(["status", "le", "quantile", "mode", "grpc_code", "resource", "x"]),
    st.one_of(st.text(max_size=6), st.sampled_from(["500", "5xx", "0.95", "+Inf", "NaN", "idle"])),
)


@settings(max_examples=60)
@given(
    _NAMES, _LABELS, st.sampled_from([None, "counter", "gauge", "histogram", "summary", "untyped"])
)
def test_any_metric_has_a_role_that_answers_or_none(name, labels, kind):
    """Whatever the name, labels and type: a role gives a number, and reads facts that exist."""
    role = role_of(name, (), None, kind, frozenset(labels))
    if role is None:
        return
    assert isinstance(role, Role)
    assert role.facts <= FACTS
    assert isinstance(float(role.level(HEALTHY, labels)), float)


@settings(max_examples=60)
@given(_NAMES, _LABELS)
def test_what_a_role_does_not_read_does_not_change_it(name, labels):
    """The facts of a role are all that its level depends on."""
    role = role_of(name, (), None, None, frozenset(labels))
    if role is None:
        return
    others = dict.fromkeys(FACTS - role.facts, 0.123)
    changed = replace(HEALTHY, **others)
    assert role.level(HEALTHY, labels) == role.level(changed, labels)


@given(st.floats(0, 1), st.floats(0, 1), st.sampled_from(["500", "5xx", "error", "Internal"]))
def test_more_errors_are_never_fewer_failed_requests(one, other, ending):
    """The level of failed requests rises with the share of errors."""
    less, more = sorted((one, other))
    role = role_in('http_requests_total{status="500"}')
    levels = [role.level(replace(HEALTHY, errors=x), {"status": ending}) for x in (less, more)]
    assert levels[0] <= levels[1]


def test_the_reader_of_expressions_refuses_what_it_must():
    """The tests above rest on expressions that parse."""
    with pytest.raises(PromqlError):
        role_in("rate(")
