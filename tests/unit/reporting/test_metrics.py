"""The exposition can be read by Prometheus, and a gate opens only for a live run that is ready."""

from types import ModuleType
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from plimsoll.reporting.metrics import render_metrics


def series(made: dict[str, Any]) -> dict[tuple[str, ...], float]:
    """Read the samples as name and label values (without the environment) to value."""
    return {
        (sample.name, *(v for k, v in sample.labels.items() if k != "environment")): sample.value
        for family in text_string_to_metric_families(render_metrics(made))
        for sample in family.samples
    }


def test_numbers_are_those_of_the_document(documents: ModuleType) -> None:
    """Results by verdict, planned and recorded are those that were recorded."""
    made = documents.failing()
    samples = series(made)
    for verdict in ("pass", "fail", "error", "not_tested", "not_applicable", "waived", "manual"):
        assert samples["plimsoll_results", verdict] == made["counts"][verdict]
    assert samples[("plimsoll_results_planned",)] == made["counts"]["planned"]
    assert samples[("plimsoll_results_recorded",)] == made["counts"]["recorded"]


@pytest.mark.parametrize(
    ("status", "simulated", "gate"),
    [("ready", False, 1), ("ready", True, 0), ("blocked", False, 0), ("undecidable", False, 0)],
)
def test_gate_opens_only_for_a_live_run_that_is_ready(
    documents: ModuleType, status: str, simulated: bool, gate: int
) -> None:
    """The gate and the time of the last success go together."""
    made = documents.compliant()
    made["decision"] |= {"status": status, "simulated": simulated}
    samples = series(made)
    assert samples[("plimsoll_gate_open",)] == gate
    assert (("plimsoll_last_success_timestamp_seconds",) in samples) == bool(gate)


def test_times_are_seconds_of_the_epoch(documents: ModuleType) -> None:
    """The end of the run and of each waiver are comparable with time()."""
    samples = series(documents.failing())
    assert samples[("plimsoll_last_run_timestamp_seconds",)] == 1795140041
    assert samples["plimsoll_waiver_expiry_timestamp_seconds", "W-2026-012", "BKP-02"] == 1801353600


def test_every_series_carries_its_environment(documents: ModuleType) -> None:
    """Files of two environments can stand in one directory."""
    text = render_metrics(documents.failing())
    samples = [line for line in text.splitlines() if not line.startswith("#")]
    assert samples
    assert all('{environment="app-oint-production"' in line for line in samples)


def test_labels_are_escaped(documents: ModuleType) -> None:
    """Backslashes and quotes are written as the exposition format asks."""
    made = documents.compliant()
    made["run"]["environment"] = 'a"b\\c'
    assert '{environment="a\\"b\\\\c"} 0' in render_metrics(made)


def test_labels_hold_no_prose(documents: ModuleType) -> None:
    """Neither summaries nor reasons become labels."""
    text = render_metrics(documents.failing())
    assert "deviates" not in text
    assert "403 Forbidden" not in text


def test_nothing_recorded_opens_no_gate(documents: ModuleType) -> None:
    """An empty run that calls itself ready and live is not believed."""
    made = documents.document([], [])
    made["decision"]["simulated"] = False
    assert series(made)[("plimsoll_gate_open",)] == 0
