"""The command line options of the Prometheus server, which does not start with one it lacks.

Source: the server's command line documentation and release notes of versions 2 and 3, its hidden
options included.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from plimsoll.facts.document import Document, Problem
from plimsoll.semantics.image_reference import parse_reference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plimsoll.facts.container import Container

LATEST_MAJOR = 3

_OPTIONS = frozenset(
    f"{family}{name}"
    for family, names in {
        "": "agent auto-gomaxprocs auto-gomemlimit auto-gomemlimit.ratio enable-feature help"
        " help-long help-man version",
        "config.": "file auto-reload-interval",
        "log.": "level format",
        "web.": "listen-address config.file read-timeout max-connections external-url route-prefix"
        " user-assets enable-lifecycle enable-admin-api enable-remote-write-receiver"
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
    }.items()
    for name in names.split()
)
_ONLY_BEFORE = {
    3: frozenset(
        (
            "alertmanager.timeout",
            "storage.exemplars.exemplars-limit",
            "storage.tsdb.allow-overlapping-blocks",
            "storage.tsdb.retention",
        )
    )
}


def unknown_options(compose: Document, server: Container) -> Iterator[Problem]:
    """Yield the options of a Prometheus service that its version does not have.

    The version is the image's tag; where that names none, the newest major version is meant.
    """
    major = _major_version(server)
    for option in server.flags():
        if not is_option(option, major):
            what = f"{option} is no option of Prometheus {major}, which does not start with it"
            yield Problem(_where(compose, server, option), what, "an option of this version")


def is_option(option: str, major: int = LATEST_MAJOR) -> bool:
    """Say whether a major version of the server has an option, which is written with its dashes."""
    name = option.removeprefix("--")
    names = {name, name.removeprefix("no-")}
    older = {old for version, gone in _ONLY_BEFORE.items() if major < version for old in gone}
    return bool(names & (_OPTIONS | older))


def _major_version(server: Container) -> int:
    reference = parse_reference(server.image.reference) if server.image else None
    major = re.match(r"v?(\d{1,4})(?:\.|$)", (reference.tag if reference else None) or "")
    return int(major[1]) if major else LATEST_MAJOR


def _where(compose: Document, server: Container, option: str) -> str:
    words = compose.part("services", server.name, "command")
    return next(
        (word.where for word in words if (word.text or "").startswith(option)), server.command_where
    )
