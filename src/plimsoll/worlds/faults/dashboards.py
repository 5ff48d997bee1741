"""Faults in what dashboards ask: panels that look right and show something else, or nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from plimsoll.worlds.faults import fault

if TYPE_CHECKING:
    from plimsoll.worlds.world import World

APP_OINT = ("app-oint",)
_DASHBOARD = "monitoring/grafana/dashboards/app-oint-overview.json"


@fault("MET-06", "median-for-p95", vantage="repository", environments=APP_OINT)
def median_for_p95(world: World) -> None:
    """What is titled p95 shows the median."""
    world.files.replace(_DASHBOARD, "histogram_quantile(0.95", "histogram_quantile(0.5")


@fault("MET-06", "buckets-summed-up", vantage="repository", environments=APP_OINT)
def buckets_summed_up(world: World) -> None:
    """The buckets of the latencies are summed up, so that no quantile can be told."""
    world.files.replace(_DASHBOARD, "sum by (le) (rate(", "sum(rate(")


@fault("MET-06", "mean-for-median", vantage="repository", environments=APP_OINT)
def mean_for_median(world: World) -> None:
    """What is named p50 shows the mean, which a few slow answers lift."""
    selected = '{service=~\\"$service\\", region=~\\"$region\\"}[$__rate_interval]'
    name = "http_request_duration_seconds"
    world.files.replace(
        _DASHBOARD,
        f"histogram_quantile(0.5, sum by (le) (rate({name}_bucket{selected})))",
        f"sum(rate({name}_sum{selected})) / sum(rate({name}_count{selected}))",
    )


@fault("MET-06", "status-of-one-digit", vantage="repository", environments=APP_OINT)
def status_of_one_digit(world: World) -> None:
    """The status is compared with `5`, which as a whole pattern matches no status."""
    world.files.replace(_DASHBOARD, 'status=~\\"5..\\"', 'status=~\\"5\\"')


@fault("MET-06", "all-errors-mixed", vantage="repository", environments=APP_OINT)
def all_errors_mixed(world: World) -> None:
    """The line of 4xx holds the 5xx as well."""
    world.files.replace(_DASHBOARD, 'status=~\\"4..\\"', 'status=~\\"[45]..\\"')


@fault("MET-06", "share-as-percent", vantage="repository", environments=APP_OINT)
def share_as_percent(world: World) -> None:
    """Shares from 0 to 1 are labeled as percentages: 0.9 of the processor reads 0.9 %."""
    world.files.replace(_DASHBOARD, '"unit": "percentunit"', '"unit": "percent"')


@fault("MET-06", "seconds-as-milliseconds", vantage="repository", environments=APP_OINT)
def seconds_as_milliseconds(world: World) -> None:
    """Latencies in seconds are labeled as milliseconds."""
    world.files.replace(_DASHBOARD, '"unit": "s"', '"unit": "ms"')


@fault("MET-06", "hidden-query", vantage="repository", environments=APP_OINT)
def hidden_query(world: World) -> None:
    """The query of active users is switched off."""
    query = '"expr": "sum by (region) (max by (region, service) (app_active_users'
    world.files.replace(_DASHBOARD, query, f'"hide": true, {query}')


@fault("MET-06", "unrecorded-name", vantage="repository", also=("MET-07b",), environments=APP_OINT)
def unrecorded_name(world: World) -> None:
    """The panel of active users reads what a recording rule would write, and there is none."""
    world.files.replace(_DASHBOARD, "app_active_users", "region:app_active_users:max")


@fault("MET-06", "processor-of-prometheus", vantage="repository", environments=APP_OINT)
def processor_of_prometheus(world: World) -> None:
    """The panel of the processor shows how busy Prometheus is."""
    hosts = 'node_cpu_seconds_total{mode=\\"idle\\", '
    processes = 'process_cpu_seconds_total{service=~\\"$service\\", '
    job = 'job=\\"prometheus\\", '
    world.files.replace(_DASHBOARD, hosts, f"{hosts}{job}")
    world.files.replace(_DASHBOARD, processes, f"{processes}{job}")


@fault("MET-06", "variable-renamed", vantage="repository", environments=APP_OINT)
def variable_renamed(world: World) -> None:
    """The variable that most queries use has another name by now."""
    world.files.replace(_DASHBOARD, '"name": "service"', '"name": "application"')


@fault("MET-06", "equals-all", vantage="repository", environments=APP_OINT)
def equals_all(world: World) -> None:
    """Queries compare the region with `=`, which a choice of all regions never equals."""
    world.files.replace(_DASHBOARD, 'region=~\\"$region\\"', 'region=\\"$region\\"')


@fault("MET-06", "one-region-only", vantage="repository", environments=APP_OINT)
def one_region_only(world: World) -> None:
    """The panels that compare regions are gone, and the rest is fixed to Frankfurt."""
    model = json.loads(world.files.text(_DASHBOARD))
    model["panels"] = [one for one in model["panels"] if "per region" not in one["title"]]
    text = json.dumps(model, indent=2)
    world.files.write(_DASHBOARD, text.replace('region=~\\"$region\\"', 'region=\\"fra1\\"'))


@fault("MET-06", "objective-without-errors", vantage="repository", environments=APP_OINT)
def objective_without_errors(world: World) -> None:
    """What is titled an objective divides all requests by themselves."""
    model = json.loads(world.files.text(_DASHBOARD))
    for panel in model["panels"]:
        if panel["title"].startswith("SLO"):
            for target in panel["targets"]:
                target["expr"] = target["expr"].replace(', status=~"5.."', "")
    world.files.write(_DASHBOARD, json.dumps(model, indent=2))


@fault("MET-06", "cache-for-connections", vantage="repository", environments=APP_OINT)
def cache_for_connections(world: World) -> None:
    """The panel of database connections shows the memory of the cache."""
    world.files.replace(_DASHBOARD, "pg_stat_activity_count", "redis_memory_used_bytes")
    world.files.replace(
        _DASHBOARD, "(region, state) (database_connections", "(region) (redis_memory_used_bytes"
    )


@fault("MET-06", "business-of-one-kind", vantage="repository", environments=APP_OINT)
def business_of_one_kind(world: World) -> None:
    """Registrations are nowhere to be seen: their line shows bookings."""
    world.files.replace(_DASHBOARD, "app_registrations_total", "app_bookings_created_total")
