"""Observe how an application ends: start it, hold a request open, send SIGTERM, and look.

It runs in a copy of the repository, from which no secrets come along, and only where the exercise
was asked for: it runs code that somebody else wrote.
"""

from __future__ import annotations

import http.client
import shutil
import socket
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Final

from plimsoll.collectors.application import Application
from plimsoll.collectors.failure import sight
from plimsoll.collectors.origins import origin_of
from plimsoll.collectors.process import ProgramFailedError, find
from plimsoll.collectors.reception import is_received
from plimsoll.collectors.working_copy import TooLargeError, copy_folder
from plimsoll.facts.shutdown import Shutdown, ShutdownProbe
from plimsoll.findings import NotExercised, NotObserved, ToolMissing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from plimsoll.collectors.context import Context, Sightings
    from plimsoll.findings import Origin, Sighting

_LOOPBACK: Final = "127.0.0.1"
_POLL_SECONDS: Final = 0.05
_HOLD_SECONDS: Final = 0.3
"""Between the request and the signal, for the application to have begun its answer; where the
kernel tells that the request was read, from then on."""
_CLOSE_SECONDS: Final = 0.25
"""After the signal, for the application to have stopped listening."""
_PATIENCE_SECONDS: Final = 1.0
"""Beyond the time it is allowed, so that one a little too slow is seen to end."""
_MISSING: Final = {"node": "node is not installed: https://nodejs.org/en/download"}


def collect(
    probes: Iterable[ShutdownProbe], context: Context, sightings: Sightings
) -> Iterator[tuple[ShutdownProbe, Sighting[Shutdown]]]:
    """Yield every probe with how the application ended, or why that was not seen."""
    for probe in probes:
        origin = origin_of(probe, context)

        def look(probe: ShutdownProbe = probe, origin: Origin = origin) -> Shutdown:
            return _look(probe, context, sightings, origin)

        yield probe, sight(look, origin)


def _look(probe: ShutdownProbe, context: Context, sightings: Sightings, origin: Origin) -> Shutdown:
    if probe.exercise not in context.exercises:
        name = probe.exercise
        reason = f"the exercise {name!r} was not asked for: --exercise {name} runs it"
        raise NotExercised(reason, origin)
    if context.repository is None or not context.repository.is_dir():
        reason = "there is no repository to start it in"
        raise NotObserved(reason, origin)
    with tempfile.TemporaryDirectory(prefix="plimsoll-process-", ignore_cleanup_errors=True) as own:
        folder = Path(own) / "repository"
        try:
            copy_folder(context.repository, folder)
        except (TooLargeError, OSError, shutil.Error) as error:
            reason = f"the repository cannot be copied: {error}"
            raise NotObserved(reason, origin) from None
        program = _program(probe.command[0], folder, context, origin)
        port = _free_port()
        settings = {probe.port_variable: str(port), "TMPDIR": own}
        try:
            with Application((program, *probe.command[1:]), folder, settings) as application:
                rehearsal = _Rehearsal(probe, application, port, sightings, origin)
                rehearsal.wait_until_ready(context.limits.tool_seconds)
                return rehearsal.shut_down()
        except ProgramFailedError as error:
            raise NotObserved(str(error), origin) from None


def _program(name: str, folder: Path, context: Context, origin: Origin) -> str:
    """Return the path of the program; one with a slash in its name is the repository's own."""
    own = folder / name
    if "/" in name and not Path(name).is_absolute():
        if own.is_file():
            return str(own)
        reason = f"{name} is not in the repository"
        raise NotObserved(reason, origin)
    found = find(name, context.programs)
    if found is None:
        raise ToolMissing(_MISSING.get(name, f"{name} is not installed"), origin)
    return found


def _free_port() -> int:
    with socket.create_server((_LOOPBACK, 0)) as listener:
        return int(listener.getsockname()[1])


@dataclass(slots=True)
class _HeldRequest:
    """A request that is under way while the signal comes; `status` stays None where it is cut."""

    port: int
    path: str
    seconds: float
    sent: Event
    ended: Event
    from_port: int = 0
    status: int | None = None
    ended_at: float = 0.0

    def run(self) -> None:
        def begin(from_port: int) -> None:
            self.from_port = from_port
            self.sent.set()

        try:
            self.status = _get(self.port, self.path, self.seconds, begin)
        finally:
            self.ended_at = time.monotonic()
            self.sent.set()
            self.ended.set()


def _get(
    port: int, path: str, seconds: float, begin: Callable[[int], None] | None = None
) -> int | None:
    """Return the status of a complete answer, None where there is none.

    Once the request is sent, `begin` is told the port it was sent from.
    """
    connection = http.client.HTTPConnection(_LOOPBACK, port, timeout=seconds)
    try:
        connection.request("GET", path, headers={"connection": "close"})
        if begin is not None:
            begin(connection.sock.getsockname()[1])
        answer = connection.getresponse()
        while answer.read(65_536):
            pass
    except (OSError, http.client.HTTPException):
        return None
    else:
        # A body that ends early is read to its end in silence; what is left tells.
        return None if answer.length else answer.status
    finally:
        connection.close()


class _Rehearsal:
    """One application, from its start to its end."""

    def __init__(
        self,
        probe: ShutdownProbe,
        application: Application,
        port: int,
        sightings: Sightings,
        origin: Origin,
    ) -> None:
        self._probe = probe
        self._application = application
        self._port = port
        self._sightings = sightings
        self._origin = origin

    def wait_until_ready(self, seconds: float) -> None:
        """Wait for a good answer at the ready path. Raises NotObserved where there is none."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._go_on()
            if self._application.exit_code is not None:
                self._give_up(
                    f"ended with status {self._application.exit_code} before it was ready"
                )
            status = _get(self._port, self._probe.ready_path, seconds=1.0)
            if status is not None and 200 <= status < 300:
                return
            time.sleep(_POLL_SECONDS)
        self._give_up(f"{self._probe.ready_path} was not answered well within {seconds:g} s")

    def shut_down(self) -> Shutdown:
        """Hold a request open, send the signal, and watch the end."""
        allowed = self._probe.timeout_seconds + _PATIENCE_SECONDS
        held = _HeldRequest(self._port, self._probe.path, allowed + _HOLD_SECONDS, Event(), Event())
        Thread(target=held.run, daemon=True).start()
        held.sent.wait(allowed)
        self._wait_until_received(held, allowed)
        if held.ended.wait(_HOLD_SECONDS):
            self._give_up(f"{self._probe.path} ended before the signal could be sent")
        signalled = time.monotonic()
        self._application.terminate()
        refused, exited = self._watch(signalled, allowed)
        if exited is not None:
            held.ended.wait(_PATIENCE_SECONDS)
        answered = held.ended_at if held.ended.is_set() and held.status is not None else None
        return Shutdown(
            status=held.status if held.ended.is_set() else None,
            answered_after_ms=None if answered is None else _ms(answered - signalled),
            exit_code=self._application.exit_code,
            exited_after_ms=None if exited is None else _ms(exited - signalled),
            refused_new=refused,
            output=self._application.output,
        )

    def _wait_until_received(self, held: _HeldRequest, seconds: float) -> None:
        """Wait until the application has read the request, as far as the system tells that."""
        until = time.monotonic() + seconds
        while not held.ended.is_set() and is_received(self._port, held.from_port) is False:
            self._go_on()
            if time.monotonic() > until:
                self._give_up(f"{self._probe.path} was not read by the application")
            time.sleep(_POLL_SECONDS)

    def _watch(self, signalled: float, allowed: float) -> tuple[bool | None, float | None]:
        """Return whether new connections were refused while it lived, and when it ended."""
        refused: bool | None = None
        while time.monotonic() < signalled + allowed:
            self._go_on()
            if self._application.exit_code is not None:
                return refused, time.monotonic()
            if not refused and time.monotonic() > signalled + _CLOSE_SECONDS:
                accepts = _accepts(self._port)
                is_alive = self._application.exit_code is None
                if is_alive and accepts is not None:
                    refused = not accepts
            time.sleep(_POLL_SECONDS)
        return refused, None

    def _go_on(self) -> None:
        if not self._sightings.awaited():
            self._give_up("the run was over before it was seen to end")

    def _give_up(self, reason: str) -> None:
        last = self._application.output.rpartition("\n")[2][:200]
        raise NotObserved(f"{reason}: {last}" if last else reason, self._origin)


def _accepts(port: int) -> bool | None:
    try:
        socket.create_connection((_LOOPBACK, port), timeout=1.0).close()
    except (ConnectionRefusedError, ConnectionResetError):
        return False
    except OSError:
        return None
    return True


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)
