"""What the strict parser of the exposition format refuses, we refuse as well.

`promtool check metrics` reads with prometheus/common/expfmt: status 1 means that it could not read
the body at all, 3 that it only has advice. The reference client's parser of OpenMetrics is strict.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from prometheus_client.openmetrics.parser import text_string_to_metric_families as open_families

from plimsoll.facts.exposition import Gravity
from plimsoll.semantics.exposition_lint import lint

FIXTURES = Path(__file__).parents[2] / "fixtures"
BODIES = sorted(FIXTURES.glob("*/bodies/metrics.txt"))
OPEN = "application/openmetrics-text; version=1.0.0; charset=utf-8"
HISTOGRAM = '# TYPE h histogram\nh_bucket{le="1"} 1\nh_bucket{le="+Inf"} 2\nh_sum 1\nh_count 2\n'
LINES = [
    "# TYPE a gauge", "# TYPE a counter", "# TYPE 1a gauge", "# TYPE a thing", "# TYPE h_count gauge",
    "# HELP a told", "# HELP a \\q", "# a comment", "# EOF", "", "a 1", "a{} 2", "a 1 ", "a\t3",
    'a{x="1"} 1', 'a{x="1",} 4', 'a{x="1",,y="2"} 1', 'a{,x="1"} 1', 'a{x="1" y="2"} 1',
    'a{x="1",x="2"} 1', 'a{x="\\d"} 1', 'a{x="\\n\\\\\\""} 1', 'a{__name__="b"} 1', "a{x='1'} 1",
    'a{x:y="1"} 1', 'a{1x="1"} 1', 'a {x="9"} 1', 'a{x="1"}1', '{"a.b"} 1', 'a{"x.y"="1"} 1',
    "a-b 1", "a.b 1", "a", "a one", "a 0x10", "a 1_000", "a Infinity", "a NaN", "a +Inf", "a .5",
    "a 1 1000", "a 1 1000.5", "a 1 -5", "a 1 x", "a 1 1000 5", "a 1\r", "a\x00 1", "a 1 # {} 1",
    '# TYPE s summary\ns{quantile="x"} 1', 's_bucket{le="x"} 1', '# TYPE g histogram\ng_bucket{le="x"} 1',
    HISTOGRAM.rstrip("\n"),
]  # fmt: skip


def status_of(body: str) -> int:
    """The status with which promtool reads a body."""
    program = shutil.which("promtool")
    if program is None:
        reason = "promtool is not installed: apt-get install prometheus"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    command = [program, "check", "metrics"]
    return subprocess.run(command, input=body.encode(), capture_output=True, check=False).returncode


def errors(body: str, content_type: str = "text/plain; version=0.0.4") -> list[str]:
    """What we refuse of it."""
    found = lint(body, content_type)
    return [str(problem) for problem in found if problem.gravity is Gravity.ERROR]


@pytest.mark.parametrize("path", BODIES, ids=lambda path: path.parts[-3])
def test_the_metrics_of_the_mocked_systems_are_read_by_both(path):
    """Sound for us and for promtool, with no more advice than there was."""
    body = path.read_text(encoding="utf-8")
    assert status_of(body) in (0, 3)
    assert errors(body) == []


@pytest.mark.parametrize("line", LINES)
def test_every_single_line_that_promtool_refuses_is_refused(line):
    """One line at a time, after a flawless histogram."""
    body = f"{HISTOGRAM}{line}\n"
    if status_of(body) == 1:
        assert errors(body)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(LINES), min_size=1, max_size=5), st.booleans())
def test_no_body_that_promtool_refuses_is_called_readable(lines, ended):
    """Any mixture of good and bad lines, with and without the last line feed."""
    body = "\n".join(lines) + ("\n" if ended else "")
    if status_of(body) == 1:
        assert errors(body)


OPEN_LINES = [
    "# TYPE a counter", "# TYPE a gauge", "# TYPE a info", "# TYPE a stateset", "# TYPE a untyped",
    "# HELP a told", "#comment", "", "a 1", "a_total 1", "a_total NaN", " a 1", "a  1",
    "a 1 ", 'a 1 # {t="1"} 1', 'a_total 1 # {t="1"} 1', 'a_info{x="1"} 1', 'a_info{x="1"} 2',
    'a{a="x"} 1', 'a{a="x"} 5', "b 2", 'a{x="1"} 1', "# TYPE s summary", 's{quantile="0.5"} 1',
    's{quantile="2"} 1', HISTOGRAM.rstrip("\n"),
]  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(OPEN_LINES), min_size=1, max_size=3, unique=True))
def test_no_open_metrics_body_that_the_reference_refuses_is_called_readable(lines):
    """The reference client's parser is the strictest there is."""
    body = "\n".join([*lines, "# EOF\n"])
    try:
        list(open_families(body))
    except (ValueError, IndexError):
        assert errors(body, OPEN)
