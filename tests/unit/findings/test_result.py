"""Several vantage points make one verdict, and waivers cover exactly what they name."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from plimsoll.findings import Deviation, Result, VantageVerdict, Verdict, Waiver
from plimsoll.findings.result import apply_waivers, combine

NOW = datetime(2026, 11, 20, tzinfo=UTC)
seen = st.builds(
    VantageVerdict,
    st.sampled_from(["a", "b", "c"]),
    st.sampled_from([Verdict.PASS, Verdict.FAIL, Verdict.ERROR]),
    st.booleans(),
    st.none(),
)
vantage = st.lists(seen, unique_by=lambda one: one.source, max_size=3)
required = st.lists(st.sampled_from(["a", "b", "c"]), unique=True)


@given(vantage, required)
def test_a_pass_needs_every_required_vantage_point_to_have_passed(points, needed):
    """Whatever is missing or failed, the whole does not pass."""
    verdict, _ = combine(points, needed)
    passed = {one.source for one in points if one.verdict is Verdict.PASS}
    if verdict is Verdict.PASS:
        assert set(needed) <= passed
        assert passed
        assert not any(one.verdict is Verdict.FAIL for one in points)


@given(vantage, required)
def test_any_failure_fails(points, needed):
    """One vantage point that saw it wrong outweighs those that saw it right."""
    if any(one.verdict is Verdict.FAIL for one in points):
        assert combine(points, needed)[0] is Verdict.FAIL


@given(required)
def test_no_observation_never_passes(needed):
    """With nothing seen there is nothing to pass."""
    assert combine((), needed)[0] in {Verdict.ERROR, Verdict.NOT_TESTED}


def test_a_required_vantage_point_that_nothing_collects_is_not_tested():
    """It is said which one."""
    verdict, reason = combine([VantageVerdict("a", Verdict.PASS, False)], ["a", "digitalocean"])
    assert (verdict, "digitalocean" in reason) == (Verdict.NOT_TESTED, True)


def result(verdict=Verdict.FAIL, *whats):
    deviations = tuple(Deviation(what, "1", "2", "w") for what in whats)
    return Result("SCL-01", "api", verdict, verdict, "s", deviations)


def waiver(**changes):
    values = {
        "id": "W-1",
        "control": "SCL-01",
        "subject": "api",
        "deviations": ("maximum instances",),
        "reason": "r" * 30,
        "requested_by": "a",
        "approved_by": "b",
        "ticket": "https://t.example/1",
        "expires_at": NOW + timedelta(days=1),
    }
    return Waiver(**{**values, **changes})


def test_a_waiver_covers_a_failure_all_of_whose_deviations_it_names():
    """The raw verdict stays visible."""
    waived = apply_waivers(result(Verdict.FAIL, "maximum instances"), [waiver()], NOW)
    assert (waived.verdict, waived.raw_verdict, waived.waiver) == (
        Verdict.WAIVED,
        Verdict.FAIL,
        "W-1",
    )


def test_a_deviation_that_is_not_named_still_fails():
    """Accepting one thing accepts nothing else."""
    both = result(Verdict.FAIL, "maximum instances", "minimum instances")
    assert apply_waivers(both, [waiver()], NOW).verdict is Verdict.FAIL


def test_an_expired_waiver_covers_nothing_from_its_very_moment():
    """The moment of expiry is no longer covered."""
    failed = result(Verdict.FAIL, "maximum instances")
    assert apply_waivers(failed, [waiver(expires_at=NOW)], NOW).verdict is Verdict.FAIL


def test_a_waiver_for_another_subject_or_control_covers_nothing():
    """Exactly one control on exactly one subject."""
    failed = result(Verdict.FAIL, "maximum instances")
    others = [waiver(subject="web"), waiver(control="SCL-02")]
    assert apply_waivers(failed, others, NOW).verdict is Verdict.FAIL


@given(st.sampled_from([one for one in Verdict if one is not Verdict.FAIL]))
def test_a_waiver_never_covers_what_did_not_fail(verdict):
    """What is unknown cannot be accepted, and a pass stays a pass."""
    assert apply_waivers(result(verdict, "maximum instances"), [waiver()], NOW).verdict is verdict


def test_a_failure_without_deviations_cannot_be_waived():
    """Nothing named covers nothing."""
    assert apply_waivers(result(Verdict.FAIL), [waiver()], NOW).verdict is Verdict.FAIL


def test_a_failure_beside_something_unknown_cannot_be_waived():
    """Accepting what is known to be wrong accepts nothing that is not known."""
    failed = result(Verdict.FAIL, "maximum instances")
    unseen = VantageVerdict("repository:hpa", Verdict.ERROR, False, "cannot be parsed")
    half_seen = VantageVerdict("repository", Verdict.FAIL, False, "one server did not answer")
    for vantage in (unseen, half_seen):
        known_in_part = replace(failed, vantage=(vantage,))
        assert apply_waivers(known_in_part, [waiver()], NOW).verdict is Verdict.FAIL
