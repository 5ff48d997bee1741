"""Whatever arrives is read, and known by the alerts it is about."""

import json
from email import policy
from email.message import EmailMessage

from hypothesis import given, settings
from hypothesis import strategies as st

from plimsoll.semantics.rehearsal.notice import MARKER, Notice, Told, of_http, of_mail

WRITTEN = (
    "plimsoll[firing/Service+Down/critical/1700000000123456789;"
    "resolved/Disk%2Ffull//1700000001000000000;]"
)
DOWN = Told("Service Down", "critical", 1700000000.123456789, is_firing=True)
FULL = Told("Disk/full", "", 1700000001.0, is_firing=False)


def test_slack_says_which_channel_and_which_alerts():
    """They stand in the footer, beside the receiver's own text."""
    body = json.dumps({"channel": "#alerts", "attachments": [{"footer": f"ours {WRITTEN}"}]})
    assert of_http("slack/all/0", body.encode()) == Notice(
        "slack/all/0", ("#alerts",), (DOWN, FULL)
    )


def test_pagerduty_and_opsgenie_say_which_alerts():
    """In the details; what stands after the integration's own path is theirs."""
    body = json.dumps({"payload": {"custom_details": {"plimsoll": WRITTEN}}})
    assert of_http("pagerduty/all/0/", body.encode()) == Notice("pagerduty/all/0", (), (DOWN, FULL))
    opened = of_http("/opsgenie/all/1/v2/alerts", json.dumps({"details": WRITTEN}).encode())
    assert (opened.path, opened.alerts) == ("opsgenie/all/1", (DOWN, FULL))


def test_a_webhook_lists_its_alerts():
    """Its form is Alertmanager's own."""
    alert = {
        "status": "firing",
        "labels": {"alertname": "Service Down", "severity": "critical"},
        "startsAt": "2023-11-14T22:13:20.123456789Z",
    }
    bare = {"status": "resolved", "labels": {}, "startsAt": "never"}
    body = json.dumps({"alerts": [alert, bare, {"labels": None}, 5]})
    notice = of_http("webhook/all/0", body.encode())
    down, unknown = notice.alerts
    assert (down.name, down.severity, down.is_firing) == ("Service Down", "critical", True)
    assert abs(down.started - DOWN.started) < 1e-3
    assert unknown == Told("", "", 0.0, is_firing=False)


def test_a_mail_says_which_alerts_and_whom_it_is_for():
    """In headers of its own, which may be folded."""
    mail = EmailMessage(policy.SMTP.clone(max_line_length=500))
    mail["Subject"] = "anything"
    mail["X-Plimsoll-Path"] = "email/all/0"
    mail["X-Plimsoll-Alerts"] = WRITTEN
    mail.set_content("Nothing of it is read.")
    to = ("oncall@example.com", "devops@example.com")
    assert of_mail(to, mail.as_bytes()) == Notice("email/all/0", to, (DOWN, FULL))
    folded = f"X-Plimsoll-Path: email/all/0\r\nX-Plimsoll-Alerts: {WRITTEN[:40]}\r\n {WRITTEN[40:]}\r\n\r\n"
    assert of_mail(to, folded.encode()).alerts == (DOWN, FULL)


def test_the_marker_itself_is_no_message():
    """A template that was not filled in names no alert."""
    assert of_http("slack/all/0", json.dumps({"footer": MARKER}).encode()).alerts == ()


@settings(max_examples=80)
@given(
    st.text(max_size=20), st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode))
)
def test_any_request_gives_a_notice(path, body):
    """If one about nothing."""
    assert isinstance(of_http(path, body), Notice)


@settings(max_examples=80)
@given(st.binary(max_size=300))
def test_any_mail_gives_a_notice(message):
    """If one about nothing."""
    assert isinstance(of_mail((), message), Notice)
    assert isinstance(of_mail((), b"X-Plimsoll-Alerts: " + message), Notice)


VALUES = st.recursive(
    st.one_of(st.none(), st.integers(), st.text(max_size=4)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["alerts", "labels", "channel", "status"]), inner),
    ),
    max_leaves=8,
)


@settings(max_examples=60)
@given(VALUES)
def test_any_json_gives_a_notice(data):
    """Whatever its shape."""
    assert isinstance(of_http("webhook/all/0", json.dumps(data).encode()), Notice)
