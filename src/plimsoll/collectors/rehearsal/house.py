"""Where a rehearsal takes place: the sinks, the exporter and both servers, all on loopback."""

from __future__ import annotations

import json
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from plimsoll.collectors.rehearsal.exporter import Exporter
from plimsoll.collectors.rehearsal.servers import (
    ServerFailedError,
    free_port,
    start_alertmanager,
    start_prometheus,
)
from plimsoll.collectors.rehearsal.sinks import LOOPBACK, Sinks
from plimsoll.semantics.rehearsal import server_answers
from plimsoll.semantics.rehearsal.redirection import redirected
from plimsoll.semantics.rehearsal.server_config import server_config

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from plimsoll.collectors.rehearsal.servers import Programs, Server
    from plimsoll.facts.document import Document
    from plimsoll.semantics.rehearsal.redirection import Redirected
    from plimsoll.semantics.rehearsal.scaled_rules import ScaledRules
    from plimsoll.semantics.rehearsal.server_answers import Raised, Sent
    from plimsoll.semantics.rehearsal.targets import Target
    from plimsoll.semantics.rehearsal.time_scale import TimeScale

_OPENING_SECONDS = 30.0
"""Prometheus tells its scrapers and its senders about targets every five seconds at most."""
_POLL_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Repertoire:
    """What is rehearsed: the scaled rule files, the other files, and what is served."""

    rules: Sequence[ScaledRules]
    alertmanager: Document
    prometheus: Document | None
    templates: Mapping[str, str]
    targets: tuple[Target, ...]
    scale: TimeScale


class House:
    """Everything that runs. Use as a context manager: at the end no process and no port is left."""

    def __init__(self, repertoire: Repertoire, programs: Programs, folder: Path) -> None:
        """Start it all in an empty folder. Raises ServerFailedError where that is impossible."""
        self._repertoire = repertoire
        self._stack = ExitStack()
        with ExitStack() as stack:
            self.sinks = stack.enter_context(Sinks())
            self.exporter = stack.enter_context(Exporter(repertoire.targets))
            self.redirected = self._write_alertmanager(folder)
            port = free_port()
            self._write_prometheus(folder, f"{LOOPBACK}:{port}")
            self._alertmanager = stack.enter_context(
                start_alertmanager(programs.alertmanager, folder, port)
            )
            self._prometheus = stack.enter_context(
                start_prometheus(programs.prometheus, folder, free_port())
            )
            self._stack = stack.pop_all()

    def __enter__(self) -> Self:
        """Return the house."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop everything."""
        self._stack.close()

    def open(self) -> None:
        """Wait until every target was scraped and alerts find their way.

        Raises ServerFailedError where a server refuses its files, or does not come up in time.
        """
        until = time.monotonic() + _OPENING_SECONDS
        self._wait_for(self._alertmanager, self._alertmanager.is_ready, until)
        self._wait_for(self._prometheus, self._prometheus.is_ready, until)
        self._wait_for(self._prometheus, self._is_connected, until)

    def require_running(self) -> None:
        """Raise ServerFailedError where a server has ended."""
        self._alertmanager.require_running()
        self._prometheus.require_running()

    def raised(self) -> tuple[Raised, ...]:
        """Return the alerts that fire in Prometheus."""
        return server_answers.raised(self._prometheus.get("/api/v1/alerts"))

    def sent(self) -> tuple[Sent, ...]:
        """Return the alerts that Alertmanager knows."""
        return server_answers.sent(self._alertmanager.get("/api/v2/alerts"))

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups of rules that Prometheus has loaded."""
        return server_answers.group_names(self._prometheus.get("/api/v1/rules"))

    @property
    def alertmanagers(self) -> int:
        """To how many Alertmanagers Prometheus sends."""
        return server_answers.alertmanager_count(self._prometheus.get("/api/v1/alertmanagers"))

    @property
    def versions(self) -> tuple[str, str]:
        """The versions of Prometheus and of Alertmanager."""
        return (
            server_answers.version_of(self._prometheus.get("/api/v1/status/buildinfo")),
            server_answers.version_of(self._alertmanager.get("/api/v2/status")),
        )

    def _wait_for(self, server: Server, is_ready: Callable[[], bool], until: float) -> None:
        """Wait until a server is ready, while both run."""
        while True:
            self.require_running()
            with suppress(ServerFailedError):
                if is_ready():
                    return
            if time.monotonic() > until:
                raise ServerFailedError(f"{server.name} was not ready in time{server.last_words}")
            time.sleep(_POLL_SECONDS)

    def _is_connected(self) -> bool:
        scraped = self._prometheus.get("/api/v1/query", {"query": "up"})
        is_scraped = server_answers.scraped_count(scraped) >= len(self._repertoire.targets)
        return is_scraped and self.alertmanagers > 0

    def _write_alertmanager(self, folder: Path) -> Redirected:
        paths = []
        for number, text in enumerate(self._repertoire.templates.values()):
            path = folder / f"template-{number}.tmpl"
            path.write_text(text, encoding="utf-8")
            paths.append(path.name)
        made = redirected(
            self._repertoire.alertmanager, self.sinks.sink, self._repertoire.scale, tuple(paths)
        )
        _write(folder / "alertmanager.yml", made.data)
        return made

    def _write_prometheus(self, folder: Path, alertmanager: str) -> None:
        names = []
        for number, rules in enumerate(self._repertoire.rules):
            names.append(f"rules-{number}.yml")
            _write(folder / names[-1], rules.data)
        config = server_config(
            self._repertoire.targets,
            (self.exporter.address, alertmanager),
            names,
            self._repertoire.scale,
            self._repertoire.prometheus,
        )
        for job in config["scrape_configs"]:
            for static in job["static_configs"]:
                static["labels"]["__metrics_path__"] = (
                    self.exporter.prefix + static["labels"]["__metrics_path__"]
                )
        _write(folder / "prometheus.yml", config)


def _write(path: Path, data: Mapping[str, Any]) -> None:
    """Write JSON, which is YAML as well, and holds no more than plain data."""
    path.write_text(json.dumps(data), encoding="utf-8")
