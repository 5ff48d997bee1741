"""One conversation in SMTP, as a server that takes every mail (RFC 5321)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from io import BufferedIOBase

    Take = Callable[[tuple[str, ...], bytes], None]

_LINE_BYTES: Final = 65_536
_MESSAGE_BYTES: Final = 1_000_000
_MOST_RECIPIENTS: Final = 100
_END: Final = frozenset((b".\r\n", b".\n", b""))


def converse(lines: BufferedIOBase, answers: BufferedIOBase, take: Take) -> None:
    """Answer line by line until the client leaves; `take` is given recipients and message."""
    recipients: list[str] = []
    _say(answers, "220 rehearsal")
    while line := lines.readline(_LINE_BYTES):
        verb, _, rest = line.decode(errors="replace").strip().partition(" ")
        verb = verb.upper()
        if verb == "RCPT":
            recipients.append(rest.partition(":")[2].strip(" <>"))
        elif verb == "DATA":
            _say(answers, "354 go on")
            take(tuple(recipients), _message(lines))
            recipients = []
        _say(answers, "221 bye" if verb == "QUIT" else "250 ok")
        if verb == "QUIT" or len(recipients) > _MOST_RECIPIENTS:
            return


def _message(lines: BufferedIOBase) -> bytes:
    """Return a message up to the line that is only a dot; what is beyond the limit is dropped."""
    kept: list[bytes] = []
    size = 0
    while (line := lines.readline(_LINE_BYTES)) not in _END:
        size += len(line)
        if size <= _MESSAGE_BYTES:
            kept.append(line.removeprefix(b".") if line.startswith(b"..") else line)
    return b"".join(kept)


def _say(answers: BufferedIOBase, line: str) -> None:
    answers.write(line.encode() + b"\r\n")
    answers.flush()
