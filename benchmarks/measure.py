"""Times whole processes side by side, and compares them as ratios of paired medians."""

from __future__ import annotations

import os
import subprocess
import time
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Sample:
    """One run of a process: wall time, CPU time, peak memory, exit status."""

    wall_seconds: float
    cpu_seconds: float
    peak_mebibytes: float
    status: int


def run(command: Sequence[str]) -> Sample:
    """Run a command to its end, its output thrown away."""
    started = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - started
    return Sample(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, process.returncode)


def paired(commands: Mapping[str, Sequence[str]], rounds: int) -> dict[str, list[Sample]]:
    """Run the commands in turns, so that noise meets them alike."""
    samples: dict[str, list[Sample]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            samples[name].append(run(command))
    return samples


def ratio(samples: Mapping[str, Sequence[Sample]], above: str, below: str) -> float:
    """Return the median over the rounds of one command's wall time over another's."""
    pairs = zip(samples[above], samples[below], strict=True)
    return median(one.wall_seconds / other.wall_seconds for one, other in pairs)
