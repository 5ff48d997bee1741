"""Metrics of what machines, containers and processes use up: processor, memory, disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.semantics.alerting.role import Role, words
from plimsoll.semantics.alerting.units import share_unit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from plimsoll.semantics.alerting.role import Reading
    from plimsoll.semantics.alerting.system import System

MODES = ("idle", "iowait", "system", "user")
MEMORY_BYTES = 2.0**34
DISK_BYTES = 2.0**40
CPU_PERIOD_MICROSECONDS = 100_000.0
CPUS = ("0", "1")
_NOTHING: frozenset[str] = frozenset()

_CPU_OTHER = words(
    "throttled throttling freq frequency temp temperature guest steal pressure scaling info "
    "cores load load1 load5 load15 gc count"
)
_CAPACITY = words("limit limits max maximum capacity allocatable quota size")
_MEMORY = frozenset(["memory", "mem", "heap", "rss"])
_MEMORY_OTHER = words(
    "swap gc fault faults failcnt hugepages pressure oom numa corrupted error errors allocs "
    "swaptotal swapfree swapcached virtual failures"
)
_USED = words("used usage resident rss working heapused active utilization inuse")
_DISK = words("filesystem volume disk fs storage")
_DISK_OTHER = words(
    "inode inodes files io read reads write writes written error errors readonly time now "
    "transfer corrupted queue"
)
_SHARED = words("percent percentage pct ratio fraction share utilization util")


def resources_role(reading: Reading) -> Role | None:
    """Return what a metric of resources tells; None where it is none."""
    if reading.has("resource") and reading.has_any(_CAPACITY | {"requests"}):
        return _kubernetes_limit(reading)
    if reading.has("cpu"):
        return _cpu(reading)
    if reading.has_any(_MEMORY) or reading.name.startswith("node_memory_"):
        return _memory(reading)
    return _disk(reading) if reading.has_any(_DISK) else None


def _kubernetes_limit(reading: Reading) -> Role:
    """Return the role of kube_pod_container_resource_limits and its kin (kube-state-metrics)."""
    fixed = 1.0 if reading.has("cpu") else MEMORY_BYTES if reading.has("memory") else None

    def level(_: System, labels: Mapping[str, str]) -> float:
        return fixed or (MEMORY_BYTES if labels.get("resource") == "memory" else 1.0)

    split = ("resource",) if fixed is None else ()
    return Role("resource limit", "gauge", _NOTHING, level, split)


def _cpu(reading: Reading) -> Role | None:
    facts = frozenset({"cpu"})
    if "mode" in reading.labels or reading.name.startswith("node_cpu"):
        split = ("mode", "cpu") if reading.name.startswith("node_") else ("mode",)
        return Role("cpu", "counter", facts | {"io_wait"}, _by_mode, split, "seconds")
    if reading.has_any(_CAPACITY | {"period", "requests"}):
        whole = CPU_PERIOD_MICROSECONDS if reading.has("quota", "period") else 1.0
        return Role("cpu limit", "gauge", _NOTHING, lambda _s, _l: whole)
    if reading.has_any(_CPU_OTHER):
        return None
    if reading.kind == "counter" or reading.has("seconds"):
        known = reading.kind == "counter"
        guess = "" if known else f"{reading.name}: a gauge of seconds, taken for seconds per second"
        return Role("cpu", reading.kind, facts, lambda s, _: s.cpu, (), "seconds", guess)
    whole, unit, guess = share_unit(reading)
    return Role("cpu", "gauge", facts, lambda s, _: whole * s.cpu, (), unit, guess)


def _by_mode(system: System, labels: Mapping[str, str]) -> float:
    """Return the seconds per second that a processor spends in a mode (node_exporter)."""
    busy = max(0.0, system.cpu - system.io_wait)
    waits = min(system.io_wait, 1.0)
    parts = {"iowait": waits, "user": busy * 0.7, "system": busy * 0.3}
    return {**parts, "idle": max(0.0, 1.0 - sum(parts.values()))}.get(labels.get("mode", ""), 0.0)


_MEMORY_PARTS = {
    "memavailable": 1.0,
    "available": 1.0,
    "free": 1.0,
    "memfree": 0.6,
    "buffers": 0.1,
    "cached": 0.3,
}
"""What of the available memory each makes up, mostly lines of /proc/meminfo."""


def _memory(reading: Reading) -> Role | None:
    if reading.has_any(_MEMORY_OTHER) or (reading.kind == "counter" and not _is_total(reading)):
        return None
    if reading.has_any(_SHARED):
        return _shared(reading, "memory")
    part = next((_MEMORY_PARTS[word] for word in reading.words if word in _MEMORY_PARTS), None)
    if part is not None:
        return _bytes("memory", MEMORY_BYTES * part, left=True)
    return _memory_used(reading)


def _memory_used(reading: Reading) -> Role | None:
    if reading.has("sreclaimable", "slab", "shmem"):
        return Role("memory", "gauge", _NOTHING, lambda _s, _l: 0.0, (), "bytes")
    is_used = reading.has_any(_USED) and not reading.has_any(_CAPACITY - {"size"})
    if not is_used and (reading.has_any(_CAPACITY | {"memtotal"}) or _is_total(reading)):
        return Role("memory size", "gauge", _NOTHING, lambda _s, _l: MEMORY_BYTES, (), "bytes")
    if reading.has_any(_USED | {"bytes"}):
        guess = "" if reading.has("bytes") else f"{reading.name}: its unit is guessed to be bytes"
        return _bytes("memory", MEMORY_BYTES, guess=guess)
    return None


def _is_total(reading: Reading) -> bool:
    """Tell whether the word total means the whole there is, not that a counter adds up."""
    whole = reading.name.endswith(("memory_total", "mem_total", "heap_total", "disk_total"))
    inner = reading.has("total") and reading.words[-1] != "total" and not reading.has_any(_USED)
    return reading.declared != "counter" and (whole or inner)


def _bytes(fact: str, whole: float, *, left: bool = False, guess: str = "") -> Role:
    def level(system: System, _: Mapping[str, str]) -> float:
        used = float(getattr(system, fact))
        return whole * (max(0.0, 1.0 - used) if left else used)

    return Role(fact, "gauge", frozenset({fact}), level, (), "bytes", guess)


def _shared(reading: Reading, fact: str) -> Role:
    whole, unit, guess = share_unit(reading)
    free = reading.has("free", "avail", "available")

    def level(system: System, _: Mapping[str, str]) -> float:
        used = float(getattr(system, fact))
        return whole * (max(0.0, 1.0 - used) if free else used)

    return Role(fact, "gauge", frozenset({fact}), level, (), unit, guess)


def _disk(reading: Reading) -> Role | None:
    if reading.has_any(_DISK_OTHER) or (reading.kind == "counter" and reading.declared):
        return None
    if reading.has_any(_SHARED):
        return _shared(reading, "disk")
    if reading.has("avail", "available", "free"):
        return _bytes("disk", DISK_BYTES, left=True)
    if reading.has("used", "usage"):
        guess = "" if reading.has("bytes") else f"{reading.name}: its unit is guessed to be bytes"
        return _bytes("disk", DISK_BYTES, guess=guess)
    if reading.has_any(_CAPACITY) or _is_total(reading):
        return Role("disk size", "gauge", _NOTHING, lambda _s, _l: DISK_BYTES, (), "bytes")
    return None
