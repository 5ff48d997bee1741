"""What a script leaves for a node-exporter is what stands in it literally."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.semantics.exposure.textfiles import written_metrics
from plimsoll.semantics.shell.script import ShellError

BY_PARAMETER = """\
report() {
  local file="$folder/$1.prom"
  echo "# TYPE $1 gauge" >"$file"
  echo "$1 $2" >>"$file"
}
named() {
  local -r kind=$2 metric="${1}"
  echo "# TYPE ${metric} counter"
}
other() { local name=x; echo "# TYPE $name gauge"; }
report backup_last_success_timestamp_seconds "$(date +%s)"
report "$computed" 1
report
named restores_total x
other made_up
"""


def test_the_name_is_the_parameter_of_the_calls() -> None:
    """A name that only the running shell knows is none."""
    found = written_metrics(BY_PARAMETER, "backup.sh")
    assert [(one.name, one.kind, one.where) for one in found] == [
        ("backup_last_success_timestamp_seconds", "gauge", "backup.sh:11"),
        ("restores_total", "counter", "backup.sh:14"),
    ]


def test_a_literal_name_is_found_once() -> None:
    """At the first place that declares its type."""
    text = 'echo "# TYPE jobs_total counter"\necho "# TYPE jobs_total counter"\n'
    assert [(one.name, one.where) for one in written_metrics(text, "a.sh")] == [
        ("jobs_total", "a.sh:1")
    ]


def test_a_script_that_cannot_be_parsed_is_an_error() -> None:
    """Nothing can be said of it."""
    with pytest.raises(ShellError):
        written_metrics("if then (", "a.sh")


@given(st.text(max_size=80))
def test_any_text_gives_metrics_or_the_one_error(text: str) -> None:
    """Never another exception."""
    try:
        found = written_metrics(text, "a.sh")
    except ShellError:
        return
    assert isinstance(found, tuple)
