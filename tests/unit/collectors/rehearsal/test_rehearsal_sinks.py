"""Sinks take what is theirs, remember when it came, and leave no port behind."""

import http.client
import smtplib
import socket
import time
from contextlib import closing
from email.message import EmailMessage
from io import BytesIO

import pytest

from plimsoll.collectors.rehearsal.sinks import Sinks
from plimsoll.collectors.rehearsal.smtp import converse

MARKED = "plimsoll[firing/Down/critical/1700000000000000000;]"


@pytest.fixture
def sinks():
    """Sinks that listen."""
    with Sinks() as running:
        yield running


def post(sinks, path, body=b"{}", headers=None):
    """Send to the HTTP sink, and return the status."""
    host, _, rest = sinks.sink.url.removeprefix("http://").partition("/")
    with closing(http.client.HTTPConnection(host, timeout=5)) as connection:
        connection.request("POST", path.replace("TOKEN", rest), body, headers or {})
        return connection.getresponse().status


def awaited(sinks, count):
    """The messages, once there are so many."""
    until = time.monotonic() + 5
    while len(sinks.received()) < count and time.monotonic() < until:
        time.sleep(0.01)
    return sinks.received()


def test_a_request_is_remembered_by_its_path_and_its_alerts(sinks):
    """PagerDuty wants 202, and others take it."""
    before = time.time()
    assert post(sinks, "/TOKEN/pagerduty/all/0", MARKED.encode()) == 202
    (message,) = awaited(sinks, 1)
    assert message.notice.path == "pagerduty/all/0"
    assert message.notice.alerts[0].name == "Down"
    assert before <= message.at <= time.time()


def test_what_is_sent_by_others_on_this_machine_is_not_taken(sinks):
    """Only Alertmanager was told the address."""
    assert post(sinks, "/guessed/pagerduty/all/0") == 404
    assert sinks.received() == ()


@pytest.mark.parametrize("length", ["2000000", "-1", "x"])
def test_what_is_too_large_or_of_no_length_is_not_read(sinks, length):
    """It could fill the memory."""
    assert post(sinks, "/TOKEN/webhook/all/0", None, {"content-length": length}) == 413
    assert sinks.received() == ()


def test_a_mail_is_remembered_by_its_headers_and_recipients(sinks):
    """As a real client sends it."""
    mail = EmailMessage()
    mail["X-Plimsoll-Path"] = "email/all/0"
    mail["X-Plimsoll-Alerts"] = MARKED
    mail.set_content(".a line that begins with a dot")
    host, _, port = sinks.sink.smarthost.partition(":")
    with smtplib.SMTP(host, int(port), timeout=5) as client:
        client.send_message(mail, "a@example.com", ["b@example.com", "c@example.com"])
    (message,) = awaited(sinks, 1)
    assert message.notice.path == "email/all/0"
    assert message.notice.to == ("b@example.com", "c@example.com")


def test_no_port_is_left():
    """Nobody listens once it is over."""
    with Sinks() as sinks:
        smarthost = sinks.sink.smarthost
    host, _, port = smarthost.partition(":")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((host, int(port)), timeout=1)


@pytest.mark.parametrize(
    ("said", "taken"),
    [
        (b"", []),
        (b"HELO x\r\n", []),
        (b"DATA\r\nbody", [((), b"body")]),
        (b"RCPT TO:<a@b>\r\nDATA\r\n..x\r\n.\r\nQUIT\r\nDATA\r\n", [(("a@b",), b".x\r\n")]),
        (b"RCPT TO:<a@b>\r\n" * 101 + b"DATA\r\n.\r\n", []),
        (b"\xff\xfe\r\nDATA\r\n" + b"x" * 1_000_001 + b"\r\n.\r\n", [((), None)]),
    ],
)
def test_a_conversation_ends_well_whatever_is_said(said, taken):
    """Nothing is out of bounds for long."""
    took = []
    converse(BytesIO(said), BytesIO(), lambda to, message: took.append((to, message)))
    assert [to for to, _ in took] == [to for to, _ in taken]
    for (_, message), (_, expected) in zip(took, taken, strict=True):
        assert len(message) <= 1_000_000
        assert expected is None or message == expected
