"""What is exposed in the deployed world is what was seen, and the rest is said to be unknown."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.facts.alert_rule import RecordingRule
from plimsoll.facts.document import parse_yaml_document
from plimsoll.facts.exposition import Exposition
from plimsoll.facts.exposure import ExposedMetric
from plimsoll.semantics.exposition import parse_exposition
from plimsoll.semantics.exposure.assembly import Evidence, Likeness, supplies
from plimsoll.semantics.exposure.deployment import Deployment, Provenance, Standing
from plimsoll.semantics.exposure.stack import Stack
from plimsoll.semantics.exposure.supply import Reach, Shown, Supply, Unseen

COMPOSE = """\
services:
  api: {build: ./api, expose: ["8080"]}
  page: {build: ./page, expose: ["80"]}
  vendor: {image: "vendor/thing:1", expose: ["80"]}
  redis: {image: "redis:7"}
  redis-exporter: {image: "oliver006/redis_exporter:v1.79.0", expose: ["9121"]}
  node-exporter: {image: "prom/node-exporter:v1.10.2", expose: ["9100"]}
  texts:
    image: prom/node-exporter:v1.10.2
    expose: ["9100"]
    command: [--collector.textfile.directory=/texts]
  statsd: {image: "prom/statsd-exporter:v0.28.0", expose: ["9102"]}
  prometheus: {image: "prom/prometheus:v3.7.3"}
"""
BODY = "# TYPE orders_total counter\norders_total 1\n# TYPE jobs_total counter\njobs_total 1\n"


def body(text: str = BODY) -> Exposition:
    """Read an exposition."""
    found = parse_exposition(text)
    assert isinstance(found, Exposition)
    return found


SEEN = Evidence({"api": Shown("/metrics", {"": body()})})


def deployed(
    *targets: str, more: str = "", evidence: Evidence = SEEN, compose: str = COMPOSE
) -> Deployment:
    """Return a world in which one job scrapes these targets."""
    listed = ", ".join(f'"{target}"' for target in targets)
    job = f"{{job_name: j, static_configs: [{{targets: [{listed}]}}]{more}}}"
    prometheus = parse_yaml_document(f"scrape_configs: [{job}]", "prometheus.yml")
    stack = Stack.of(parse_yaml_document(compose, "compose.yml"), ("nyc1.internal",))
    return Deployment(supplies(prometheus, stack, evidence))


def origin(metric: str, *targets: str, **settings: object) -> Provenance:
    """Return where a metric comes from with these targets."""
    return deployed(*targets, **settings).provenance(metric)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("metric", "target", "standing"),
    [
        ("orders_total", "api:8080", Standing.EXPORTED),
        ("orders_total", "api.nyc1.internal:8080", Standing.EXPORTED),
        ("lost_total", "api:8080", Standing.NOBODY),
        ("redis_up", "api:8080", Standing.NOBODY),
        ("orders_total", "api:9999", Standing.UNKNOWN),
        ("redis_up", "redis:6379", Standing.NOBODY),
        ("redis_up", "redis-exporter:9121", Standing.EXPORTED),
        ("redis_of_some_version", "redis-exporter:9121", Standing.UNKNOWN),
        ("orders_total", "redis-exporter:9121", Standing.NOBODY),
        ("orders_total", "page:80", Standing.UNKNOWN),
        ("redis_up", "page:80", Standing.NOBODY),
        ("redis_up", "vendor:80", Standing.UNKNOWN),
        ("orders_total", "elsewhere.example:80", Standing.UNKNOWN),
        ("redis_up", "elsewhere.example:80", Standing.UNKNOWN),
        ("orders_total", "nobody:80", Standing.NOBODY),
        ("orders_total", "statsd:9102", Standing.UNKNOWN),
        ("redis_up", "statsd:9102", Standing.NOBODY),
        ("prometheus_build_info", "localhost:9090", Standing.EXPORTED),
        ("up", "nobody:80", Standing.EXPORTED),
        ("ALERTS", "nobody:80", Standing.EXPORTED),
    ],
)
def test_a_metric_is_exported_by_nobody_or_not_known(
    metric: str, target: str, standing: Standing
) -> None:
    """It belongs to what was seen, to an exporter that is scraped, or to what nobody looked at."""
    assert origin(metric, target).standing is standing


@pytest.mark.parametrize(
    ("target", "path", "standing"),
    [
        ("redis-exporter:9121", "/scrape", Standing.NOBODY),
        ("localhost:9090", "/federate", Standing.UNKNOWN),
    ],
)
def test_an_exporter_has_paths_of_its_own(target: str, path: str, standing: Standing) -> None:
    """Elsewhere it serves no metrics; what it passes on of others is not known."""
    found = origin("redis_up", target, more=f", metrics_path: {path}")
    assert found.standing is standing


def test_without_targets_not_even_up_is_there() -> None:
    """The server writes it of each scrape."""
    assert origin("up").standing is Standing.NOBODY


@pytest.mark.parametrize(
    "more",
    [
        ", metrics_path: /health",
        ", metrics_path: /elsewhere",
        ", relabel_configs: [{action: drop, source_labels: [job], regex: j}]",
        ", metric_relabel_configs: [{action: drop, source_labels: [__name__], regex: orders.*}]",
    ],
)
def test_what_is_asked_elsewhere_or_dropped_is_not_exported(more: str) -> None:
    """A health page, another path than the one that was seen, and rules that drop."""
    assert origin("orders_total", "api:8080", more=more).standing is not Standing.EXPORTED


@pytest.mark.parametrize(
    "more",
    [
        ", metric_relabel_configs: [{action: invented}]",
        ", dns_sd_configs: [{names: [a]}]",
    ],
)
def test_what_cannot_be_told_is_unknown(more: str) -> None:
    """Rules that cannot be evaluated, and targets that are found at run time."""
    assert origin("lost_total", "api:8080", more=more).standing is Standing.UNKNOWN


@pytest.mark.parametrize(
    ("metric", "target", "limit", "standing"),
    [
        ("orders_total", "api:8080", 1, Standing.UNKNOWN),
        ("orders_total", "api:8080", 2, Standing.EXPORTED),
        ("orders_total", "api:8080", 0, Standing.EXPORTED),
        ("lost_total", "api:8080", 1, Standing.NOBODY),
        ("redis_up", "redis-exporter:9121", 10, Standing.UNKNOWN),
        ("redis_up", "redis-exporter:9121", 5000, Standing.EXPORTED),
    ],
)
def test_a_scrape_above_its_limit_shows_nothing(
    metric: str, target: str, limit: int, standing: Standing
) -> None:
    """How many samples there are was seen, or is so at the least; nought is no limit."""
    found = origin(metric, target, more=f", sample_limit: {limit}")
    assert found.standing is standing
    assert ("gives up above" in found.reason) is (standing is Standing.UNKNOWN)


def test_the_limit_of_all_jobs_counts_where_a_job_has_none() -> None:
    """A job's own takes its place."""
    job = "{job_name: j, static_configs: [{targets: ['api:8080']}]%s}"
    stack = Stack.of(parse_yaml_document(COMPOSE, "compose.yml"))
    for own, standing in (("", Standing.UNKNOWN), (", sample_limit: 9", Standing.EXPORTED)):
        text = f"global: {{sample_limit: 1}}\nscrape_configs: [{job % own}]"
        world = Deployment(supplies(parse_yaml_document(text, "p.yml"), stack, SEEN))
        assert world.provenance("orders_total").standing is standing


def test_what_rules_drop_does_not_count_for_the_limit() -> None:
    """The server counts what it keeps."""
    drop = "[{action: drop, source_labels: [__name__], regex: jobs.*}]"
    more = f", sample_limit: 1, metric_relabel_configs: {drop}"
    assert origin("orders_total", "api:8080", more=more).standing is Standing.EXPORTED


def test_a_metric_that_another_target_withholds_is_known_in_part() -> None:
    """One shows it, and whether the other does is open."""
    plain = "command: [--collector.textfile.directory=/texts]"
    off = COMPOSE.replace(plain, "command: [--no-collector.cpu]")
    exposure = deployed("node-exporter:9100", "texts:9100", compose=off).exposure(
        ["node_cpu_seconds_total", "node_load1"]
    )
    assert exposure.partial == {"node_cpu_seconds_total"}


@pytest.mark.parametrize(
    "text",
    [
        "scrape_config_files: [a.yml]",
        "remote_read: [{url: 'http://a'}]",
    ],
)
def test_series_from_elsewhere_leave_everything_open(text: str) -> None:
    """Further files of jobs, and other servers that are read."""
    stack = Stack.of(parse_yaml_document(COMPOSE, "compose.yml"))
    found = Deployment(supplies(parse_yaml_document(text, "p.yml"), stack, Evidence()))
    assert found.provenance("lost_total").standing is Standing.UNKNOWN


def test_a_server_that_lets_others_send_leaves_everything_open() -> None:
    """Nobody knows what they send."""
    plain = 'image: "prom/prometheus:v3.7.3"'
    sending = f"{plain}, command: [--web.enable-remote-write-receiver]"
    found = origin("lost_total", "api:8080", compose=COMPOSE.replace(plain, sending))
    assert found.standing is Standing.UNKNOWN
    assert "remote-write" in found.reason


def test_an_exposition_that_was_not_seen_is_unknown_with_its_reason() -> None:
    """Whether nobody looked is told too."""
    unseen = Unseen("is simulated", untested=True)
    found = origin(
        "orders_total", "api:8080", evidence=Evidence({"api": Shown("/metrics", {"": unseen})})
    )
    assert (found.standing, found.reason, found.untested) == (
        Standing.UNKNOWN,
        "is simulated",
        True,
    )


def test_the_region_of_a_target_chooses_the_exposition() -> None:
    """By whichever label names one; without one, the first stands for all."""
    shown = Shown("/metrics", {"fra1": body("a_total 1\n"), "nyc1": body("b_total 1\n")})
    evidence = Evidence({"api": shown})
    labeled = ", relabel_configs: [{target_label: region, replacement: nyc1}]"
    assert origin("b_total", "api:8080", more=labeled, evidence=evidence).sources
    assert not origin("b_total", "api:8080", evidence=evidence).sources


def test_shared_instruments_show_the_declared_families_alone() -> None:
    """And nothing where the other service's exposition was not seen."""
    alike = {"page": Likeness("api", ("orders_*",))}
    evidence = replace(SEEN, alike=alike)
    assert origin("orders_total", "page:80", evidence=evidence).standing is Standing.EXPORTED
    assert origin("jobs_total", "page:80", evidence=evidence).standing is Standing.NOBODY
    blind = origin("orders_total", "page:80", evidence=Evidence(alike=alike))
    assert blind.standing is Standing.UNKNOWN


@pytest.mark.parametrize(
    ("written", "standing"),
    [
        ((ExposedMetric("backup_age", "gauge", ({},), "a.sh:1"),), Standing.EXPORTED),
        ((), Standing.NOBODY),
        (Unseen("cannot be parsed"), Standing.UNKNOWN),
        (None, Standing.UNKNOWN),
    ],
)
def test_files_are_exposed_where_scripts_are_declared(
    written: tuple[ExposedMetric, ...] | Unseen | None, standing: Standing
) -> None:
    """Without a declaration nobody knows what the folder holds."""
    given_files = {} if written is None else {"texts": written}
    evidence = Evidence(textfiles=given_files)
    assert origin("backup_age", "texts:9100", evidence=evidence).standing is standing
    assert origin("backup_age", "node-exporter:9100", evidence=evidence).standing is Standing.NOBODY


def test_a_recording_is_told_as_such() -> None:
    """Whoever reads it follows it to what it reads."""
    rule = RecordingRule("a:b", "orders_total", "g", "r.yml:1")
    found = Deployment((), [rule]).provenance("a:b")
    assert (found.standing, found.recordings) == (Standing.EXPORTED, (rule,))


def test_a_target_is_complete_for_those_whose_metrics_it_cannot_have() -> None:
    """The table of an exporter leaves its own metrics open, and those of nobody else."""
    world = deployed("api:8080", "redis-exporter:9121")
    assert world.exposure(["lost_total", "redis_up"]).is_complete
    assert not world.exposure(["redis_of_some_version"]).is_complete
    assert [target.job for target in world.targets] == ["j", "j"]


@pytest.mark.parametrize(
    ("targets", "partial"),
    [
        (("api:8080", "page:80"), {"orders_total"}),
        (("api:8080", "redis-exporter:9121"), set()),
        (("api:8080",), set()),
        (("page:80",), set()),
    ],
)
def test_what_a_target_that_was_not_seen_may_expose_too_is_known_in_part(
    targets: tuple[str, ...], partial: set[str]
) -> None:
    """Somebody exposes it; who else does is open. What nobody is seen to expose is not in part."""
    exposure = deployed(*targets).exposure(["orders_total", "up", "lost_total", "redis_up"])
    assert exposure.partial == partial


@given(
    st.sampled_from(list(Reach)),
    st.text(max_size=12) | st.sampled_from(["redis_up", "orders_total"]),
    st.lists(st.sampled_from(["redis_", "go_"]), max_size=2).map(tuple),
)
def test_the_further_a_target_reaches_the_more_it_may_expose(
    reach: Reach, metric: str, prefixes: tuple[str, ...]
) -> None:
    """What is known to the last may expose nothing more, what nobody knows anything."""
    target = deployed("api:8080").targets[0]
    supply = Supply(target, reach, prefixes)
    assert not replace(supply, reach=Reach.NOTHING).may_expose(metric)
    assert replace(supply, reach=Reach.ANYTHING).may_expose(metric)
    if replace(supply, reach=Reach.OWN).may_expose(metric):
        assert replace(supply, reach=Reach.APPLICATION).may_expose(metric)


@pytest.mark.parametrize(
    ("new", "standing", "copied"),
    [
        ("networks: [far]", Standing.NOBODY, Standing.EXPORTED),
        ("network_mode: none", Standing.NOBODY, Standing.EXPORTED),
        ("scale: 0", Standing.NOBODY, Standing.NOBODY),
        ("networks: ['${NET}']", Standing.UNKNOWN, Standing.EXPORTED),
        ("scale: '${N}'", Standing.UNKNOWN, Standing.UNKNOWN),
        ("networks: [default]", Standing.EXPORTED, Standing.EXPORTED),
    ],
)
def test_what_prometheus_does_not_reach_is_exported_by_nobody(
    new: str, standing: Standing, copied: Standing
) -> None:
    """A copy of the stack in another region is reached from outside of its networks."""
    text = COMPOSE.replace("{build: ./api, ", f"{{build: ./api, {new}, ")
    assert origin("orders_total", "api:8080", compose=text).standing is standing
    assert origin("orders_total", "api.nyc1.internal:8080", compose=text).standing is copied


@pytest.mark.parametrize(
    ("command", "path", "standing"),
    [
        ("--web.route-prefix=/prom", "/prom/metrics", Standing.EXPORTED),
        ("--web.route-prefix=/prom", "/metrics", Standing.NOBODY),
        ("--web.route-prefix=/prom", "/prom/federate", Standing.UNKNOWN),
        ("--web.route-prefix=/${PREFIX}", "/prom/metrics", Standing.UNKNOWN),
    ],
)
def test_prometheus_exposes_its_own_metrics_below_its_prefix(
    command: str, path: str, standing: Standing
) -> None:
    """At the root there is nothing then."""
    text = COMPOSE.replace('prometheus:v3.7.3"', f'prometheus:v3.7.3", command: ["{command}"]')
    found = origin(
        "prometheus_build_info", "localhost:9090", compose=text, more=f", metrics_path: {path}"
    )
    assert found.standing is standing
