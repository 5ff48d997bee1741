"""A waiver file that is anything but exact is refused."""

import pytest

from plimsoll.environment.problem import ConfigurationError
from plimsoll.environment.waivers import load_waivers, waivers_path

GOOD = {
    "id": "W-1",
    "control": "SCL-01",
    "subject": "admin",
    "deviations": "[minimum instances]",
    "reason": "The admin panel is used by four people in one office.",
    "requested_by": "dana@example.com",
    "approved_by": "robin@example.com",
    "ticket": "https://tickets.example.com/OPS-412",
    "expires_at": "2027-01-31T00:00:00Z",
}


@pytest.fixture
def loaded(tmp_path):
    """Write one waiver with some values changed, and load it."""

    def load(**changes):
        values = {key: value for key, value in {**GOOD, **changes}.items() if value is not None}
        first, *rest = [f"{key}: {value}" for key, value in values.items()]
        lines = [f"  - {first}", *(f"    {line}" for line in rest)]
        text = "schema: plimsoll/waivers/1\nwaivers:\n" + "\n".join(lines) + "\n"
        environment = tmp_path / "shop.yaml"
        waivers_path(environment).write_text(text)
        return load_waivers(environment)

    return load


def test_a_complete_waiver_is_read(loaded):
    """Every word of it, and the digest of its file."""
    (waiver,), digest = loaded()
    assert (waiver.id, waiver.subject, waiver.deviations) == (
        "W-1",
        "admin",
        ("minimum instances",),
    )
    assert waiver.expires_at.tzinfo is not None
    assert len(digest) == 64


def test_no_file_means_no_waivers(tmp_path):
    """Waivers are an exception, not a duty."""
    assert load_waivers(tmp_path / "shop.yaml") == ((), None)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"subject": "'*'"}, "exactly one subject"),
        ({"subject": "'fra1/[a-z]'"}, "exactly one subject"),
        ({"control": "SCL-*"}, "control"),
        ({"approved_by": "DANA@example.com"}, "two different people"),
        ({"expires_at": None}, "expires_at: is missing"),
        ({"expires_at": "2027-01-31T00:00:00"}, "expires_at"),
        ({"reason": "because"}, "reason"),
        ({"deviations": "[]"}, "deviations"),
        ({"ticket": "OPS-412"}, "ticket"),
        ({"forever": "true"}, "forever: is not a key"),
    ],
)
def test_a_loose_waiver_is_refused(loaded, changes, expected):
    """Wildcards, self-approval, no end, no zone, no reason."""
    with pytest.raises(ConfigurationError) as raised:
        loaded(**changes)
    assert expected in str(raised.value)
    assert "shop.waivers.yaml:" in str(raised.value)
