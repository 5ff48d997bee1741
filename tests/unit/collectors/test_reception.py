"""What lies unread in the kernel is told apart from what a program has read."""

from __future__ import annotations

import socket
import sys
import time
from typing import TYPE_CHECKING

import pytest

from plimsoll.collectors.reception import is_received

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
LINE = "   0: 0100007F:1F90 0100007F:C001 {state} 00000000:{unread} 00:00000000 00000000 0 0 {inode} 1\n"


def awaited(server: int, client: int, *, received: bool) -> bool:
    """Tell whether the tables come to say this."""
    until = time.monotonic() + 5
    while is_received(server, client) is not received:
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


@pytest.mark.skipif(sys.platform != "linux", reason="the tables are those of Linux")
@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6])
def test_a_request_is_received_when_it_was_read(family: socket.AddressFamily) -> None:
    """Send a byte: while it waits for a program, and until that has read it, it is not received."""
    host = "127.0.0.1" if family == socket.AF_INET else "::1"
    try:
        listener = socket.create_server((host, 0), family=family)
    except OSError:
        pytest.skip("this machine has no such family of addresses")
    with listener, socket.create_connection(listener.getsockname()[:2]) as client:
        ports = (listener.getsockname()[1], client.getsockname()[1])
        client.sendall(b"x")
        assert awaited(*ports, received=False)
        accepted, _ = listener.accept()
        with accepted:
            assert awaited(*ports, received=False)
            accepted.recv(1)
            assert awaited(*ports, received=True)


@pytest.mark.parametrize(
    ("state", "unread", "inode", "received"),
    [
        ("01", "00000000", "77", True),
        ("01", "00000004", "77", False),
        ("01", "00000000", "0", False),
    ],
)
def test_the_servers_end_decides(
    tmp_path: Path, state: str, unread: str, inode: str, received: bool
) -> None:
    """Read a table in which the connection is read, unread, or not yet accepted."""
    (tmp_path / "tcp").write_text(HEADER + LINE.format(state=state, unread=unread, inode=inode))
    assert is_received(0x1F90, 0xC001, tmp_path) is received
    assert is_received(0xC001, 0x1F90, tmp_path) is False


def test_without_tables_nothing_is_known(tmp_path: Path) -> None:
    """Look where there are none, as on other systems."""
    assert is_received(1, 2, tmp_path) is None
