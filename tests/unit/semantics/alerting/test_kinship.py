"""Whether a metric of unknown meaning may tell of a condition."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.environment.alerting_model import Condition
from plimsoll.semantics.alerting.kinship import may_tell


@pytest.mark.parametrize(
    ("metric", "condition", "may"),
    [
        ("payment_errors_total", "error-ratio", True),
        ("payment_errors_total", "cpu", False),
        ("containerCpuLoad", "cpu", True),
        ("service:latency:weird", "latency-p95", True),
        ("smart_temperature_celsius", "memory", False),
        ("dbPoolWaiters", "database-errors", True),
    ],
)
def test_words_of_the_name_decide(metric, condition, may):
    """Parted at underscores, colons and capitals."""
    assert may_tell(metric, condition) is may


@given(st.text(max_size=60), st.sampled_from(get_args(Condition)))
def test_every_name_and_condition_has_an_answer(metric, condition):
    """Total for any text."""
    assert may_tell(metric, condition) in {True, False}
