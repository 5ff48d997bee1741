"""`make bench`: what a run costs, as ratios to what it cannot do without.

Every comparison has a negative control: a run that judged nothing, or judged wrongly, is reported
as broken, however fast it was.
"""

from __future__ import annotations

import json
import math
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.account import APPS, read_account
from benchmarks.alerting import confirm_fixture, prove_fixture, survey_many
from benchmarks.measure import paired, ratio, run
from benchmarks.server import requests_so_far, running

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LATENCY_SECONDS = 0.1
CONCURRENCY = 32
MANY_RULES = Path(__file__).parents[1] / "tests" / "rules" / "hundred.yml"
PLIMSOLL = [sys.executable, "-m", "plimsoll.cli"]
PYTEST = [
    sys.executable,
    "-m",
    "pytest",
    "-q",
    "-p",
    "no:cacheprovider",
    "--disable-plugin-autoload",
]
BARE = """\
import pytest

@pytest.mark.parametrize('n', range({0}))
def test_nothing(n):
    assert True
"""
HEAD = "schema: plimsoll/environment/1\nsystem: Bench\nlive: true\nfixtures: app-oint\nendpoints:\n"


class BrokenRunError(Exception):
    """A run that did not do what is measured: its time means nothing."""


def main() -> None:
    """Print a line a measurement: what, the ratio, and the aim."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as folder:
        for what, value, aim in measurements(Path(folder), rounds):
            print(f"{what:<78} {value:>8}   aim {aim}", flush=True)


def measurements(folder: Path, rounds: int) -> Iterator[tuple[str, str, str]]:
    """Yield every measurement: what it is, its value, and the aim."""
    yield from start_up(rounds)
    yield from observation(folder)
    yield from account()
    yield from alerting()
    yield from main_job(folder, rounds)
    yield from ten_thousand(folder, min(rounds, 3))


def start_up(rounds: int) -> Iterator[tuple[str, str, str]]:
    """Measure what it costs to ask for the version."""
    commands = {"version": [*PLIMSOLL, "--version"], "python": [sys.executable, "-c", "pass"]}
    samples = paired(commands, rounds * 3)
    yield (
        "plimsoll --version / python -c pass",
        f"{ratio(samples, 'version', 'python'):.2f}",
        "<= 4",
    )


def observation(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Measure observing N slow endpoints against the limit that latency sets."""
    for number in (30, 1000):
        with running(LATENCY_SECONDS) as address:
            code = _observing(address, number)
            sample = run([sys.executable, "-c", code, str(folder / "seconds")])
            sent = requests_so_far(address)
        if sample.status:
            raise BrokenRunError(f"observing {number} endpoints did not see all of them")
        limit = LATENCY_SECONDS * math.ceil(number / CONCURRENCY)
        seconds = float((folder / "seconds").read_text())
        what = f"observing {number} endpoints of 100 ms / the limit set by latency"
        yield what, f"{seconds / limit:.2f}", "<= 1.15"
        yield (
            f"requests sent / distinct targets, {number} endpoints",
            f"{sent / number:.2f}",
            "= 1.00",
        )


def account() -> Iterator[tuple[str, str, str]]:
    """Measure reading a DigitalOcean account against its addresses and the API's latency."""
    try:
        samples = [read_account(LATENCY_SECONDS) for _ in range(3)]
    except ValueError as error:
        raise BrokenRunError(str(error)) from None
    seconds = median(one.seconds / one.least_seconds for one in samples)
    what = f"reading an account of {APPS} apps, 100 ms a call"
    yield f"{what} / the limit set by latency", f"{seconds:.2f}", "<= 1.5"
    calls = max(one.calls / one.addresses for one in samples)
    yield f"calls / distinct addresses, {samples[0].calls} calls", f"{calls:.2f}", "= 1.00"


def alerting() -> Iterator[tuple[str, str, str]]:
    """Measure proving rules, in seconds, and against promtool on the same rules."""
    try:
        samples = [prove_fixture() for _ in range(3)]
        confirmed = confirm_fixture()
        many, many_seconds = survey_many(MANY_RULES, 250)
    except ValueError as error:
        raise BrokenRunError(str(error)) from None
    rules, seconds = samples[0][0], median(one for _, one in samples)
    yield f"proving {rules} rules", f"{seconds:.1f} s", "<= 5 s"
    if confirmed is None:
        yield f"proving {rules} rules / promtool on the same", "no tool", "< 1"
    else:
        what = f"proving {rules} rules / promtool on the same, two at a time"
        yield what, f"{seconds / confirmed:.2f}", "< 1"
    yield f"finding out what {many} rules do", f"{many_seconds:.1f} s", "-"


def _observing(address: str, number: int) -> str:
    return (
        "import sys, time\n"
        "from plimsoll.collectors.context import Context, Limits\n"
        "from plimsoll.collectors.engine import observe\n"
        "from plimsoll.facts.exchange import HttpProbe\n"
        "from plimsoll.findings import Observed\n"
        "import plimsoll.collectors.http\n"
        f"probes = [HttpProbe(f'{address}/{{n}}') for n in range({number})]\n"
        f"limits = Limits(concurrency={CONCURRENCY}, per_host={CONCURRENCY})\n"
        "started = time.monotonic()\n"
        "seen = observe(probes, Context(limits=limits), None)\n"
        "open(sys.argv[1], 'w').write(str(time.monotonic() - started))\n"
        "sys.exit(not all(isinstance(seen[probe], Observed) for probe in probes))\n"
    )


def main_job(folder: Path, rounds: int) -> Iterator[tuple[str, str, str]]:
    """Measure the mocked App-Oint against bare pytest with as many trivial tests."""
    out = folder / "main"
    check = [*PLIMSOLL, "check", "app-oint", "--mock", "--out", str(out)]
    if run(check).status:
        raise BrokenRunError("the mocked App-Oint is not ready")
    checks = _document(out)["counts"]["recorded"]
    commands = {"check": check, "bare": [*PYTEST, _bare(folder, checks)]}
    samples = paired(commands, rounds)
    what = f"main job, {checks} checks / bare pytest on as many trivial tests"
    yield what, f"{ratio(samples, 'check', 'bare'):.2f}", "<= 2 at 60"
    alike = {"check": [*check, "--no-engineer-log"], "bare": commands["bare"]}
    yield (
        f"{what}, without engineer.html",
        f"{ratio(paired(alike, rounds), 'check', 'bare'):.2f}",
        "-",
    )


def ten_thousand(folder: Path, rounds: int) -> Iterator[tuple[str, str, str]]:
    """Measure ten thousand results, judged and reported, and what failing costs."""
    with running(0.0) as address:
        small = _check(folder, address, 30, 0)
        good, bad = _check(folder, address, 10_000, 0), _check(folder, address, 10_000, 5)
        commands = {
            "small": [*small, "--no-engineer-log"],
            "good": [*good, "--no-engineer-log"],
            "bad": [*bad, "--no-engineer-log"],
            "engineer": good,
            "bare": [*PYTEST, _bare(folder, 10_000)],
        }
        samples = paired(commands, rounds)
    if _counts(folder, "good-0") != (10_000, 0) or _counts(folder, "good-5") != (9_500, 500):
        raise BrokenRunError("ten thousand results were not what the server served")
    bare = "bare pytest on 10,000 trivial tests"
    yield (
        f"10,000 results and every report / {bare}",
        f"{ratio(samples, 'good', 'bare'):.2f}",
        "<= 1.5",
    )
    yield f"the same with engineer.html / {bare}", f"{ratio(samples, 'engineer', 'bare'):.2f}", "-"
    yield "5 % failing / none failing", f"{ratio(samples, 'bad', 'good'):.2f}", "<= 1.1"
    yield "10,000 results / 30 results", f"{ratio(samples, 'good', 'small'):.2f}", "-"
    for name in ("small", "good", "bare"):
        peak = median(one.peak_mebibytes for one in samples[name])
        yield f"peak memory, {name}", f"{peak:.0f} MiB", "-"


def _check(folder: Path, address: str, number: int, percent: int) -> Sequence[str]:
    """Write an environment of this many subjects over a hundred addresses; return its check."""
    name = f"{'good' if number > 30 else 'small'}-{percent}"
    lines = [
        f"  - {{name: e{n}, kind: liveness, url: '{address}/{'bad' if n % 100 < percent else 'ok'}"
        f"/{n % 100}'}}"
        for n in range(number)
    ]
    path = folder / f"{name}.yaml"
    path.write_text(HEAD + "\n".join(lines) + "\n")
    control = ["--control", "HLT-01", "--out", str(folder)]
    return [*PLIMSOLL, "check", str(path), *control]


def _counts(folder: Path, name: str) -> tuple[int, int]:
    counts = _document(folder, name)["counts"]
    return counts["pass"], counts["fail"]


def _document(out: Path, name: str = "app-oint") -> dict[str, dict[str, int]]:
    document: dict[str, dict[str, int]] = json.loads(
        (out / name / "latest" / "results.json").read_text()
    )
    return document


def _bare(folder: Path, number: int) -> str:
    path = folder / f"test_bare_{number}.py"
    path.write_text(BARE.format(number))
    return str(path)


if __name__ == "__main__":
    main()
