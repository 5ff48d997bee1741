"""What both servers say of alerts is read, whatever its shape."""

from hypothesis import given, settings
from hypothesis import strategies as st

from plimsoll.semantics.rehearsal import server_answers as answers
from plimsoll.semantics.rehearsal.server_answers import Raised, Sent


def test_only_what_fires_is_raised():
    """Not what is pending; the same labels are the same alert."""
    labels = {"alertname": "Down", "severity": "critical", "region": "east"}
    answer = {
        "data": {
            "alerts": [
                {"labels": labels, "state": "firing"},
                {"labels": {"alertname": "Slow"}, "state": "pending"},
                {"labels": {"severity": "nameless"}, "state": "firing"},
                {"labels": {"alertname": "Bare"}, "state": "firing"},
            ]
        }
    }
    down, bare = answers.raised(answer)
    assert (down.name, down.severity) == ("Down", "critical")
    assert (bare.name, bare.severity) == ("Bare", "")
    again = {"data": {"alerts": [{"state": "firing", "labels": dict(reversed(labels.items()))}]}}
    assert answers.raised(again) == (Raised(down.key, "Down", "critical"),)


def test_it_is_told_what_holds_an_alert_back():
    """An inhibition names the alert that does it, not its fingerprint."""
    answer = [
        {
            "fingerprint": "aa",
            "labels": {"alertname": "Down", "severity": "critical"},
            "startsAt": "2026-01-01T00:00:00Z",
            "status": {"state": "active", "inhibitedBy": [], "silencedBy": []},
        },
        {
            "fingerprint": "bb",
            "labels": {"alertname": "Slow", "severity": "warning"},
            "startsAt": "2026-01-01T00:00:01Z",
            "status": {"state": "suppressed", "inhibitedBy": ["aa", "zz"], "silencedBy": ["s1"]},
        },
        {"labels": {"alertname": "Late"}, "status": {"mutedBy": ["nights"]}},
        {"labels": {"alertname": "Odd"}, "status": {"state": "suppressed"}},
    ]
    assert answers.sent(answer) == (
        Sent("Down", "critical", 1767225600.0, ""),
        Sent("Slow", "warning", 1767225601.0, "inhibited by Down, zz; silenced by s1"),
        Sent("Late", "", 0.0, "muted by the time interval nights"),
        Sent("Odd", "", 0.0, "suppressed"),
    )


def test_what_is_loaded_connected_and_scraped_is_counted():
    """By Prometheus' own account."""
    groups = {"data": {"groups": [{"name": "a"}, {"name": "b"}]}}
    assert answers.group_names(groups) == ("a", "b")
    assert answers.alertmanager_count({"data": {"activeAlertmanagers": [{"url": "x"}]}}) == 1
    assert answers.alertmanager_count({"data": {"activeAlertmanagers": []}}) == 0
    assert answers.scraped_count({"data": {"result": [{}, {}]}}) == 2


def test_versions_are_told_by_both():
    """Each in its own way; what does not say is unknown."""
    assert answers.version_of({"data": {"version": "2.42.0"}}) == "2.42.0"
    assert answers.version_of({"versionInfo": {"version": "0.25.0"}}) == "0.25.0"
    assert answers.version_of([]) == "unknown"


VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=4)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                ["data", "alerts", "labels", "alertname", "state", "status", "inhibitedBy",
                 "groups", "name", "result", "activeAlertmanagers", "versionInfo", "version"]
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=10,
)  # fmt: skip


READERS = (
    answers.raised,
    answers.sent,
    answers.group_names,
    answers.alertmanager_count,
    answers.scraped_count,
    answers.version_of,
    answers.unix_time,
)


@settings(max_examples=60)
@given(VALUES)
def test_any_answer_is_read(answer):
    """A server that says something else says nothing."""
    for read in READERS:
        read(answer)
