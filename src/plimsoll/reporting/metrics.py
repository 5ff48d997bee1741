"""Prometheus exposition of a run, for the textfile collector; labels hold names, never prose."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from plimsoll.reporting.document import VERDICTS, Document
from plimsoll.reporting.summary import Area, ControlResults, areas_of, counts_of, seconds_between
from plimsoll.reporting.visible_text import one_line

_LABEL_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class _Gauge:
    """One metric with its samples: the labels of a series, and its value."""

    name: str
    meaning: str
    samples: tuple[tuple[dict[str, str], float], ...]


def render_metrics(document: Document) -> str:
    """Render the exposition; each series carries its environment, so that files stand together.

    `plimsoll_gate_open` is 1 only for a live run that is ready. A run that is not ready has no
    `plimsoll_last_success_timestamp_seconds`: alert on its age and on its absence.
    """
    areas = areas_of(document)
    counts = counts_of(document["results"])
    gauges = [
        *_run_gauges(document),
        _Gauge(
            "results", "Results by verdict.", tuple(({"verdict": v}, n) for v, n in counts.items())
        ),
        _single("results_planned", "Results that were planned.", document["counts"]["planned"]),
        _single("results_recorded", "Results that were recorded.", document["counts"]["recorded"]),
        _area_gauge(areas),
        _control_gauge(areas),
        _waiver_gauge(document),
    ]
    environment = document["run"]["environment"]
    return "".join(_exposition(gauge, environment) for gauge in gauges)


def _run_gauges(document: Document) -> Iterator[_Gauge]:
    run, decision = document["run"], document["decision"]
    simulated = decision["simulated"]
    ready = decision["status"] == "ready" and not simulated and bool(document["results"])
    finished = _timestamp(run["finished_at"])
    duration_seconds = seconds_between(run["started_at"], run["finished_at"])
    yield _information(document)
    yield _single("gate_open", "1 when a live run found the environment ready.", int(ready))
    yield _single("simulated", "1 when any evidence was simulated.", int(simulated))
    yield _Gauge("decision", "The decision.", (({"status": decision["status"]}, 1),))
    yield _single("last_run_timestamp_seconds", "When the run ended.", finished)
    success = finished if ready else None
    yield _single("last_success_timestamp_seconds", "When a live run last ended ready.", success)
    yield _single("run_duration_seconds", "How long the run took.", duration_seconds)


def _information(document: Document) -> _Gauge:
    run = document["run"]
    labels = {
        "system": run["system"],
        "mode": run["mode"],
        "version": run["tool"]["plimsoll"],
        "environment_sha256": run["environment_sha256"],
        "commit": run["repository"]["commit"] or "",
    }
    return _Gauge("run_info", "What the run looked at, and with what.", ((labels, 1),))


def _area_gauge(areas: tuple[Area, ...]) -> _Gauge:
    samples = tuple(
        ({"area": area.name, "verdict": verdict}, area.counts[verdict])
        for area in areas
        for verdict in VERDICTS
    )
    return _Gauge("area_results", "Results by area and verdict.", samples)


def _control_gauge(areas: tuple[Area, ...]) -> _Gauge:
    samples = tuple((_control_labels(entry), 1) for area in areas for entry in area.controls)
    return _Gauge("control_verdict", "1 for the verdict of each control.", samples)


def _control_labels(entry: ControlResults) -> dict[str, str]:
    control = entry.control
    return {
        "control": control["id"],
        "area": control["area"],
        "severity": control["severity"],
        "verdict": entry.verdict,
    }


def _waiver_gauge(document: Document) -> _Gauge:
    """Tell when waivers end; where one stands for several subjects, the earliest end counts."""
    latest_first = sorted(document["waivers"], key=lambda each: each["expires_at"], reverse=True)
    samples = tuple(
        ({"waiver": waiver["id"], "control": waiver["control"]}, expiry)
        for waiver in latest_first
        if (expiry := _timestamp(waiver["expires_at"])) is not None
    )
    return _Gauge("waiver_expiry_timestamp_seconds", "When a waiver ends.", samples)


def _exposition(gauge: _Gauge, environment: str) -> str:
    """Render one metric; a series occurs once, because a repeated one spoils the whole file."""
    series = {_labels({"environment": environment} | own): value for own, value in gauge.samples}
    if not series:
        return ""
    name = f"plimsoll_{gauge.name}"
    lines = [f"# HELP {name} {gauge.meaning}", f"# TYPE {name} gauge"]
    lines += [f"{name}{{{labels}}} {value:.15g}" for labels, value in sorted(series.items())]
    return "\n".join(lines) + "\n"


def _single(name: str, meaning: str, value: float | None) -> _Gauge:
    """Make a gauge of one series, or of none where the value is not known."""
    return _Gauge(name, meaning, () if value is None else (({}, value),))


def _labels(labels: dict[str, str]) -> str:
    return ",".join(f'{key}="{_label(text)}"' for key, text in labels.items())


def _label(text: str) -> str:
    line = one_line(text, _LABEL_CHARACTERS)
    return line.replace("\\", "\\\\").replace('"', '\\"')


def _timestamp(text: str) -> float | None:
    """Read an RFC 3339 time; one without a zone could mean any hour, so it is not read."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return None if moment.tzinfo is None else moment.timestamp()
