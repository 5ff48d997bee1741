"""Whether a program has read what was sent to it on loopback, as the kernel's tables tell.

A request that lies in the kernel unread is not under way: a program that ends now never knew of it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_TABLES: Final = ("tcp", "tcp6")
_ESTABLISHED: Final = "01"
_FIELDS: Final = 10


def is_received(server: int, client: int, tables: Path = Path("/proc/net")) -> bool | None:
    """Tell whether all of the connection between two ports was read; None where nothing tells.

    The tables are those of Linux (proc_pid_net(5)): the server's end has an empty receive queue,
    and belongs to a process, so was accepted.
    """
    ends = list(_ends(tables))
    if not ends:
        return None
    return any(
        ports == (server, client) and not unread and inode != "0" for ports, unread, inode in ends
    )


def _ends(tables: Path) -> Iterator[tuple[tuple[int, int], int, str]]:
    """Yield local and remote port, unread bytes and inode of every open connection."""
    for name in _TABLES:
        try:
            lines = (tables / name).read_text().splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            fields = line.split()
            if len(fields) >= _FIELDS and fields[3] == _ESTABLISHED:
                local, remote, queues = fields[1], fields[2], fields[4]
                ports = (_hexadecimal(local), _hexadecimal(remote))
                yield ports, _hexadecimal(queues), fields[9]


def _hexadecimal(field: str) -> int:
    """Return what stands behind the colon."""
    return int(field.rpartition(":")[2], 16)
