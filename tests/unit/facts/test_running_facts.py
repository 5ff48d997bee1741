"""Facts about what runs: absent values stay absent, and derived ones need all their parts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.facts.autoscaler import Autoscaler
from plimsoll.facts.container import Container, HealthCheck

COUNTS = st.none() | st.integers(min_value=0, max_value=10)


def test_an_unstated_range_is_not_a_fixed_number() -> None:
    """Ask an autoscaler that states nothing whether it is fixed."""
    assert not Autoscaler("api", "hpa").is_fixed
    assert Autoscaler("api", "app-spec", minimum=2, maximum=2).is_fixed
    assert not Autoscaler("api", "app-spec", minimum=2, maximum=3).is_fixed


def test_an_origin_falls_back_to_the_component() -> None:
    """Ask for the place of a stated field, an unstated one, and of an autoscaler without places."""
    autoscaler = Autoscaler("api", "hpa", where={"component": "h:1", "minimum": "h:4"})
    assert autoscaler.origin("minimum") == "h:4"
    assert autoscaler.origin("maximum") == "h:1"
    assert Autoscaler("api", "hpa").origin() == ""


@given(COUNTS, COUNTS, COUNTS)
def test_a_detection_time_needs_every_part(
    interval: int | None, timeout: int | None, failures: int | None
) -> None:
    """Derive the time until a failure is noticed from parts of which some are not stated."""
    check = HealthCheck(
        "api",
        "container",
        "c:1",
        interval_seconds=interval,
        timeout_seconds=timeout,
        failure_threshold=failures,
    )
    if interval is None or timeout is None or failures is None:
        assert check.detection_seconds is None
    else:
        assert check.detection_seconds == interval * failures + timeout


@pytest.mark.parametrize(
    ("command", "flags"),
    [
        (("run", "--a=1", "--b", "2", "--c"), {"--a": "1", "--b": "2", "--c": ""}),
        (("--a", "--b"), {"--a": "", "--b": ""}),
        (("sh", "-c", "exec server --a '1 2'"), {"--a": "1 2"}),
        (("--a=x=y",), {"--a": "x=y"}),
        (("sh", "-c", "server --a 'unclosed"), {"--a": "'unclosed"}),
        ((), {}),
    ],
)
def test_flags_are_read_in_every_spelling(command: tuple[str, ...], flags: dict[str, str]) -> None:
    """Read the long options of one command."""
    assert Container("api", "c:1", command=command).flags() == flags
