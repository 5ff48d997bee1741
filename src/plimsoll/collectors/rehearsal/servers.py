"""The real Prometheus and Alertmanager of a rehearsal: started, asked, and killed at its end."""

from __future__ import annotations

import http.client
import json
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import quote

from plimsoll.collectors.application import Application
from plimsoll.collectors.process import ProgramFailedError, find
from plimsoll.collectors.rehearsal.sinks import LOOPBACK

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_ANSWER_BYTES: Final = 8_000_000
_ASK_SECONDS: Final = 5.0

MISSING: Final = (
    "{names} is not installed: apt-get install prometheus prometheus-alertmanager"
    " (or https://prometheus.io/download/)"
)


class ServerFailedError(Exception):
    """A server that ended, refused its configuration, or gave no answer."""


@dataclass(frozen=True, slots=True)
class Programs:
    """Where the two programs are."""

    prometheus: str
    alertmanager: str


def find_programs(first: Path | None) -> Programs | str:
    """Return the programs of this machine, or which of them are missing.

    Debian calls the second one prometheus-alertmanager.
    """
    prometheus = find("prometheus", first)
    alertmanager = find("prometheus-alertmanager", first) or find("alertmanager", first)
    if prometheus and alertmanager:
        return Programs(prometheus, alertmanager)
    missing = [
        name
        for name, path in (("prometheus", prometheus), ("alertmanager", alertmanager))
        if not path
    ]
    return MISSING.format(names=" and ".join(missing))


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.create_server((LOOPBACK, 0)) as listener:
        return int(listener.getsockname()[1])


class Server:
    """A program that answers HTTP on loopback. Use as a context manager: at the end it is dead."""

    def __init__(self, name: str, command: tuple[str, ...], folder: Path, port: int) -> None:
        """Start it. Raises ServerFailedError where that is impossible."""
        self.name = name
        self.port = port
        try:
            self._program = Application(command, folder, {"TMPDIR": str(folder)})
        except ProgramFailedError as error:
            raise ServerFailedError(str(error)) from None

    def __enter__(self) -> Self:
        """Return the running server."""
        return self

    def __exit__(self, *_: object) -> None:
        """Kill it with everything it started."""
        self._program.__exit__()

    def require_running(self) -> None:
        """Raise ServerFailedError, with its last words, where it has ended."""
        code = self._program.exit_code
        if code is not None:
            raise ServerFailedError(f"{self.name} ended with status {code}{self.last_words}")

    def get(self, path: str, query: Mapping[str, str] | None = None) -> Any:  # noqa: ANN401 (JSON)
        """Return what it answers to a GET, as JSON. Raises ServerFailedError."""
        asked = "&".join(f"{key}={quote(value, safe='')}" for key, value in (query or {}).items())
        status, body = self._fetch(f"{path}?{asked}" if asked else path)
        if status != 200:
            raise ServerFailedError(f"{self.name} answered {path} with {status}")
        try:
            return json.loads(body)
        except (ValueError, RecursionError):
            raise ServerFailedError(f"{self.name} answered {path} with no JSON") from None

    def is_ready(self) -> bool:
        """Whether it says so itself."""
        return self._fetch("/-/ready")[0] == 200

    def _fetch(self, path: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=_ASK_SECONDS)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read(_ANSWER_BYTES)
        except (OSError, http.client.HTTPException) as error:
            kind = type(error).__name__
            raise ServerFailedError(f"{self.name} does not answer {path}: {kind}") from None
        finally:
            connection.close()

    @property
    def last_words(self) -> str:
        """The last line that it wrote, after a colon; empty where it wrote nothing."""
        said = self._program.output.splitlines()
        return f": {said[-1][-400:]}" if said else ""


def start_alertmanager(program: str, folder: Path, port: int) -> Server:
    """Start an Alertmanager with `alertmanager.yml` of the folder, which no other can join."""
    command = (
        program,
        "--config.file=alertmanager.yml",
        "--storage.path=alertmanager",
        f"--web.listen-address={LOOPBACK}:{port}",
        "--cluster.listen-address=",
        "--log.level=warn",
    )
    return Server("Alertmanager", command, folder, port)


def start_prometheus(program: str, folder: Path, port: int) -> Server:
    """Start a Prometheus with `prometheus.yml` of the folder."""
    command = (
        program,
        "--config.file=prometheus.yml",
        "--storage.tsdb.path=prometheus",
        f"--web.listen-address={LOOPBACK}:{port}",
        # An alert that went on before a restart is of no interest; one that begins now is.
        "--rules.alert.for-grace-period=0s",
        "--log.level=warn",
    )
    return Server("Prometheus", command, folder, port)
