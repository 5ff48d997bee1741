"""The command line options of Prometheus and Alertmanager, which do not start with one they lack.

Source: the command line documentation and release notes of Prometheus 2 and 3 and of Alertmanager
from 0.15 on, hidden options included. Where the release that brought an option is not certain, the
earliest that is possible counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING

from plimsoll.facts.document import Document, Problem
from plimsoll.semantics.image_reference import parse_reference

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from plimsoll.facts.container import Container

Version = tuple[float, ...]
"""Major and minor version; the newest one is `NEWEST`."""

NEWEST: Version = (inf,)
_TAG = re.compile(r"v?(\d{1,4})(?:\.(\d{1,4}))?(?:\.|-|$)")


@dataclass(frozen=True, slots=True)
class Program:
    """A program with its options, written without dashes.

    Attributes:
        name: how people call it.
        options: those of any version.
        since: option → the first version that has it, where not all have.
        until: option → the first version that lacks it again.
        newest: what the newest version is called; empty where that says nothing.

    """

    name: str
    options: frozenset[str]
    since: Mapping[str, Version] = field(default_factory=dict)
    until: Mapping[str, Version] = field(default_factory=dict)
    newest: str = ""

    def has(self, option: str, version: Version = NEWEST) -> bool:
        """Say whether a version has an option, which is written with its dashes."""
        name = option.removeprefix("--")
        return any(
            one in self.options
            and version >= self.since.get(one, ())
            and version < self.until.get(one, (inf, inf))
            for one in {name, name.removeprefix("no-")}
        )


def unknown_options(compose: Document, server: Container, program: Program) -> Iterator[Problem]:
    """Yield the options of a service that its version of the program does not have.

    The version is the image's tag; where that names none, the newest one is meant.
    """
    version, called = _version(server)
    title = f"{program.name} {called or program.newest}".rstrip()
    for option in server.flags():
        if not program.has(option, version):
            what = f"{option} is no option of {title}, which does not start with it"
            yield Problem(_where(compose, server, option), what, "an option of this version")


def _version(server: Container) -> tuple[Version, str]:
    """Return the version of a service's image, and what of it makes a difference, for people."""
    reference = parse_reference(server.image.reference) if server.image else None
    match = _TAG.match((reference.tag if reference else None) or "")
    if match is None:
        return NEWEST, ""
    major, minor = int(match[1]), match[2]
    if minor is None:
        return (major, inf), match[1]
    return (major, int(minor)), f"{major}.{minor}"


def _where(compose: Document, server: Container, option: str) -> str:
    words = compose.part("services", server.name, "command")
    return next(
        (word.where for word in words if (word.text or "").startswith(option)), server.command_where
    )


def _named(families: Mapping[str, str]) -> frozenset[str]:
    return frozenset(
        f"{family}{name}" for family, names in families.items() for name in names.split()
    )


_OF_PROMETHEUS = {
    "": "agent auto-gomaxprocs auto-gomemlimit auto-gomemlimit.ratio enable-feature help"
    " help-long help-man version",
    "config.": "file auto-reload-interval",
    "log.": "level format",
    "web.": "listen-address config.file read-timeout max-connections external-url route-prefix"
    " user-assets enable-lifecycle enable-admin-api enable-remote-write-receiver"
    " enable-otlp-receiver"
    " remote-write-receiver.accepted-protobuf-messages console.templates console.libraries"
    " page-title cors.origin max-notifications-subscribers",
    "storage.tsdb.": "path min-block-duration max-block-duration max-block-chunk-segment-size"
    " wal-segment-size wal-compression wal-compression-type retention.time retention.size"
    " no-lockfile allow-overlapping-compaction head-chunks-write-queue-size samples-per-chunk"
    " delayed-compaction.max-percent delay-compact-file.path block-reload-interval",
    "storage.agent.": "path wal-segment-size wal-compression wal-compression-type no-lockfile"
    " wal-truncate-frequency retention.min-time retention.max-time",
    "storage.remote.": "flush-deadline read-sample-limit read-concurrent-limit"
    " read-max-bytes-in-frame",
    "rules.": "alert.for-outage-tolerance alert.for-grace-period alert.resend-delay"
    " max-concurrent-evals",
    "alertmanager.": "notification-queue-capacity notification-batch-size"
    " drain-notification-queue-on-shutdown",
    "query.": "lookback-delta timeout max-concurrency max-samples",
    "scrape.": "adjust-timestamps timestamp-tolerance discovery-reload-interval"
    " name-escaping-scheme",
    "storage.exemplars.": "exemplars-limit",
}
PROMETHEUS = Program(
    name="Prometheus",
    options=_named(_OF_PROMETHEUS)
    | {
        "alertmanager.timeout",
        "storage.tsdb.allow-overlapping-blocks",
        "storage.tsdb.retention",
    },
    since={
        "agent": (3,),
        "auto-gomaxprocs": (3,),
        "auto-gomemlimit": (3,),
        "config.auto-reload-interval": (3,),
        "web.enable-otlp-receiver": (3,),
        "web.max-notifications-subscribers": (3,),
    },
    until=dict.fromkeys(
        (
            "alertmanager.timeout",
            "storage.exemplars.exemplars-limit",
            "storage.tsdb.allow-overlapping-blocks",
            "storage.tsdb.retention",
        ),
        (3,),
    ),
    newest="3",
)
_OF_ALERTMANAGER = {
    "": "auto-gomemlimit.ratio enable-feature help help-long help-man version",
    "alerts.": "gc-interval per-alertname-limit",
    "cluster.": "advertise-address allow-insecure-public-advertise-address-discovery"
    " gossip-interval label listen-address peer peer-timeout peers-resolve-timeout"
    " probe-interval probe-timeout pushpull-interval reconnect-interval reconnect-timeout"
    " settle-timeout tcp-timeout tls-config",
    "config.": "file",
    "data.": "maintenance-interval retention",
    "dispatch.": "maintenance-interval start-delay",
    "log.": "format level",
    "silences.": "max-silences max-silence-size-bytes max-per-silence-bytes",
    "storage.": "path",
    "web.": "config.file external-url get-concurrency listen-address route-prefix"
    " systemd-socket timeout",
}
ALERTMANAGER = Program(
    name="Alertmanager",
    options=_named(_OF_ALERTMANAGER),
    since={
        "alerts.per-alertname-limit": (0, 28),
        "auto-gomemlimit.ratio": (0, 28),
        "cluster.label": (0, 26),
        "cluster.peers-resolve-timeout": (0, 26),
        "cluster.tls-config": (0, 24),
        "data.maintenance-interval": (0, 24),
        "dispatch.maintenance-interval": (0, 28),
        "dispatch.start-delay": (0, 28),
        "enable-feature": (0, 26),
        "silences.max-per-silence-bytes": (0, 27),
        "silences.max-silence-size-bytes": (0, 27),
        "silences.max-silences": (0, 27),
        "web.config.file": (0, 22),
        "web.systemd-socket": (0, 25),
    },
)
PROGRAMS = {"prometheus": PROMETHEUS, "alertmanager": ALERTMANAGER}
"""By the last part of an image's name."""
