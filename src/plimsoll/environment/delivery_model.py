"""How a system is built, stopped and cached: sections that more than one platform shares."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from plimsoll.environment.value import (
    Count,
    File,
    Path,
    Positive,
    Section,
    Slug,
    Text,
    Url,
    Variable,
)

Pinned = Annotated[str, StringConstraints(pattern=r"^(npm|pnpm|yarn|bun)@\d+\.\d+\.\d+$")]


class Build(Section):
    """What makes a build repeatable."""

    manifest: File
    """The `package.json` that pins the package manager."""
    package_manager: Pinned
    lock_file: File
    frozen_install: bool = True
    """Whether the build command must refuse a lock file that does not fit."""
    astro_config: File | None = None
    """The Astro configuration that must begin every build clean."""
    app_spec: File | None = None
    """The specification whose build command counts; that of every declared app counts too."""
    runtime_at_least: Text | None = None
    """The least version of Node.js, such as `18`, that the manifest must ask for."""


class ProcessStart(Section):
    """How to start the application on its own, so that it can be told to stop."""

    command: Annotated[tuple[Text, ...], Field(min_length=1)]
    port_variable: Variable = "PORT"
    ready_path: Path
    slow_path: Path
    """An address that answers slowly enough to still be open when the signal comes."""


class Shutdown(Section):
    """How the application must end when the platform tells it to."""

    timeout_seconds: Positive
    """Within which requests under way are finished and the process has ended."""
    source: File
    """The file that handles signals."""
    start: ProcessStart | None = None
    """Without it the source alone is judged, and results say so."""


class CacheRule(Section):
    """What `Cache-Control` must say of one kind of response."""

    max_age_seconds: Count
    shared_max_age_seconds: Count | None = None
    immutable: bool = False


class Caching(Section):
    """Caching by the kind of response."""

    asset: CacheRule | None = None
    page: CacheRule | None = None


class Cors(Section):
    """Who may read answers from a page of another origin."""

    endpoints: Annotated[tuple[Slug, ...], Field(min_length=1)]
    """The endpoints that are asked, by name."""
    origins: Annotated[tuple[Url, ...], Field(min_length=1)]
    """Every origin that is let in; any other must not be."""


class MemoryLimit(Section):
    """How much of its memory an instance may use."""

    below_percent: Annotated[float, Field(gt=0, le=100)]
    health_key: Text | None = None
    """Where the health document states the percentage, such as `memory.percentage`."""


class DeployScript(Section):
    """A script that deploys, and what it must do before and after."""

    path: File
    before: Annotated[
        tuple[Literal["authentication", "specification", "package_manager", "backup"], ...],
        Field(min_length=1),
    ]
    after: Annotated[
        tuple[Literal["health", "instances", "domains", "performance", "error_logs"], ...],
        Field(min_length=1),
    ]
