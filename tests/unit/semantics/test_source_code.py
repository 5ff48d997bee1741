"""Whether client code really collects the metrics that it names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.facts.script import Answer
from plimsoll.semantics.source_code import SourceCodeError, metric_collection

DART = """\
class HealthService {
  // diskUsage is collected here
  double responseTimeP95 = 0.0;
  int memory = 0;
  int _battery() { return 5; }
  Duration? _quantile(double q) => samples.elementAt(3);
  Future<Map<String, dynamic>> collect(double heat) async {
    final cpuUsage = 0.42;
    memory = ProcessInfo.currentRss;
    final network = Random().nextInt(5);
    final battery = _battery();
    final latency = await probe();
    record('frame rate', timings.read());
    record('uptime', 5);
    temperature = heat;
    return {'load': latency, 'status': 'ok', 'quantile': Metrics(p99: _quantile(0.99))};
  }
}
"""
TYPESCRIPT = """\
const metrics = { cpu: process.cpuUsage(), errorRate: 0.01, jitter: Math.random(), host: name };
function checkMemory(): number { return process.memoryUsage().rss; }
class A { disk = 5; gauge: number; read(): void { this.queue = this.disk; } }
export const describe = (x: string) => `queue depth ${x}`;
"""


@pytest.mark.parametrize(
    ("metric", "answer", "line"),
    [
        ("memory", Answer.YES, 9),
        ("latency", Answer.YES, 12),
        ("frame_rate", Answer.YES, 13),
        ("load", Answer.YES, 16),
        ("p99", Answer.YES, 16),
        ("response_time_p95", Answer.NO, 3),
        ("cpu usage", Answer.NO, 8),
        ("network", Answer.NO, 10),
        ("battery", Answer.NO, 5),
        ("uptime", Answer.NO, 14),
        ("status", Answer.NO, 16),
        ("diskUsage", Answer.NO, None),
        ("temperature", Answer.UNKNOWN, 15),
        ("heat", Answer.UNKNOWN, 7),
        ("", Answer.NO, None),
    ],
)
def test_dart_is_judged_by_where_values_come_from(
    metric: str, answer: Answer, line: int | None
) -> None:
    """Reading is collecting; constants, random numbers and comments are not."""
    found = metric_collection(DART, "dart", metric)
    assert (found.answer, found.line) == (answer, line)


@pytest.mark.parametrize(
    ("metric", "answer", "line"),
    [
        ("cpu", Answer.YES, 1),
        ("memory", Answer.YES, 2),
        ("error rate", Answer.NO, 1),
        ("jitter", Answer.NO, 1),
        ("disk", Answer.NO, 3),
        ("queue", Answer.NO, 3),
        ("host", Answer.UNKNOWN, 1),
        ("gauge", Answer.UNKNOWN, 3),
    ],
)
def test_typescript_is_judged_by_where_values_come_from(
    metric: str, answer: Answer, line: int | None
) -> None:
    """A field that repeats a constant is a constant; one without a value is unknown."""
    found = metric_collection(TYPESCRIPT, "typescript", metric)
    assert (found.answer, found.line) == (answer, line)


@pytest.mark.parametrize("language", ["dart", "typescript", "tsx"])
def test_code_that_cannot_be_parsed_is_an_error(language: str) -> None:
    """Nothing is said about half a file."""
    with pytest.raises(SourceCodeError) as caught:
        metric_collection("class A {\n  int x = ;;;{{", language, "x")
    assert caught.value.line >= 1


@given(
    st.text() | st.text(alphabet="const cpu={}():=;'\"1+.f// \n"), st.sampled_from(["dart", "tsx"])
)
def test_any_text_is_judged_or_the_declared_error(text: str, language: str) -> None:
    """A text that never says the name collects nothing."""
    try:
        found = metric_collection(text, language, "cpu")
    except SourceCodeError:
        return
    assert "cpu" in text.lower() or found.answer is Answer.NO
