"""A drill leaves out what a fault cannot have changed, and comes to what a whole run comes to."""

import pytest

from plimsoll.commands.drill import attempt
from plimsoll.pytest_plugin import recollection, run

ENV = "tetrix"
FAULTS = (
    "CDN-01/asset-missing",
    "ALR-04/uptime-to-no-address",
    "CFG-03/monitor-deleted",
    "DNS-02/name-gone",
    "SEC-03/expires-soon",
    "SCL-01/single-instance-in-the-file",
)
"""One of each vantage point that a fault of this system shows at."""


@pytest.fixture(scope="module")
def whole():
    """What runs come to that look at everything and judge everything."""
    recollection.forget()
    return {fault: attempt(ENV, fault) for fault in FAULTS}


@pytest.fixture(scope="module")
def shortened(whole):
    """What runs come to that keep what the sound run saw and judged; and how much they kept."""
    kept, real = [], run.judged_before

    def judged_before(assessment):
        known = real(assessment)
        kept.append(len(known))
        return known

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "judged_before", judged_before)
        attempt(ENV, "")
        found = {fault: attempt(ENV, fault) for fault in whole}
    recollection.forget()
    return found, dict(zip(FAULTS, kept[1:], strict=True))


@pytest.mark.parametrize("fault", FAULTS)
def test_a_shortened_run_comes_to_what_a_whole_run_comes_to(whole, shortened, fault):
    """The same fails, and the same is undecided."""
    found, _ = shortened
    assert found[fault] == whole[fault]
    assert found[fault].failed


@pytest.mark.parametrize("fault", FAULTS)
def test_something_is_left_out(shortened, fault):
    """Or else nothing was shown."""
    _, kept = shortened
    assert kept[fault]
