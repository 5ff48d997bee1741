"""The shape of an environment file, section by section.

An absent section means that the environment does not ask for what it governs: the controls that
need it are then not applicable, with that reason. An empty list is refused, so that nothing can be
required of nobody by accident.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from plimsoll.findings import Severity


def _inside(path: str) -> str:
    if ".." in path.split("/"):
        message = "a path stays inside the repository: '..' is not allowed"
        raise ValueError(message)
    return path


Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]*$")]
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
ControlId = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}-\d{2}[a-z]?$")]
Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/?#@]+(/[^\s#]*)?$")]
Path = Annotated[str, StringConstraints(pattern=r"^/[^\s#]*$")]
File = Annotated[str, StringConstraints(pattern=r"^[^/\s]\S*$"), AfterValidator(_inside)]
Variable = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]*$")]
Host = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$")]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Count = Annotated[int, Field(ge=0, strict=True)]
Positive = Annotated[int, Field(gt=0, strict=True)]
Percent = Annotated[float, Field(gt=0, le=100)]
MetricSignal = Annotated[
    str,
    StringConstraints(
        pattern=r"^(request_count|duration_p(50|95|99)|status_[45]xx|cpu|memory|io"
        r"|database_connections|metric:[a-zA-Z_:][a-zA-Z0-9_:]*)$"
    ),
]
"""What must be computable from exported metrics; `metric:NAME` asks for one metric by name."""
DashboardSignal = Literal[
    "p50",
    "p95",
    "p99",
    "errors_4xx",
    "errors_5xx",
    "cpu",
    "memory",
    "database_connections",
    "regional_comparison",
    "active_users",
    "slo_status",
    "business",
    "service_health",
]


def _subject(listed: object) -> str:
    """Return what results would call an entry of a list; empty where nothing is judged by it."""
    match listed:
        case str():
            return listed
        case RequiredFile() | Compose() | HealthSource():
            return listed.path
        case DnsRecord():
            return f"{listed.name} {listed.type}"
    return ""


class Section(BaseModel):
    """A mapping of the file: unknown keys are errors, values do not change once loaded."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    @model_validator(mode="after")
    def _nothing_twice(self) -> Self:
        for field in type(self).model_fields:
            listed = getattr(self, field)
            names = [_subject(one) for one in listed] if isinstance(listed, tuple) else []
            twice = sorted({name for name in names if name and names.count(name) > 1})
            if twice:
                message = f"declared twice in {field}: {', '.join(twice)}"
                raise ValueError(message)
        return self


class Region(Section):
    """A place the application runs in."""

    id: Slug
    title: Text
    role: Literal["primary", "secondary"]
    base_url: Url
    """Where this region answers when asked directly, without a path."""


EndpointKind = Literal["liveness", "readiness", "health", "metrics", "api", "page", "asset"]


class Endpoint(Section):
    """Something that answers HTTP: at `path` in every region, or at one fixed `url`."""

    name: Slug
    kind: EndpointKind
    path: Path | None = None
    url: Url | None = None
    within_ms: Positive | None = None
    """How long one answer may take, in milliseconds."""
    p95_ms: Positive | None = None
    """The bound on the 95th percentile of a small sample, in milliseconds."""

    @model_validator(mode="after")
    def _one_address(self) -> Self:
        if (self.path is None) == (self.url is None):
            message = "an endpoint has either a path (asked in every region) or a url"
            raise ValueError(message)
        return self


class RateLimit(Section):
    """How many requests a client may send before it is refused with 429."""

    requests: Positive


class Health(Section):
    """What the health document of an endpoint of kind `health` must say."""

    healthy: Annotated[tuple[Text, ...], Field(min_length=1)]
    """Status words that mean healthy."""
    unhealthy: Annotated[tuple[Text, ...], Field(min_length=1)]
    """The other status words the document may use."""
    dependencies: Annotated[tuple[Slug, ...], Field(min_length=1)] | None = None
    fresh_within_seconds: Positive = 60
    json_schema: dict[str, object] | None = None
    """A JSON Schema the document must match."""
    rate_limit: RateLimit | None = None


class Metrics(Section):
    """What is exported at endpoints of kind `metrics`."""

    credential: Variable | None = None
    """The environment variable holding the bearer token; none if metrics are public."""
    signals: Annotated[tuple[MetricSignal, ...], Field(min_length=1)]
    latency_bounds_seconds: tuple[float, ...] = ()
    """Histogram buckets must straddle these, or a percentile cannot be judged against them."""


class HeaderRule(Section):
    """What a response header must be: an exact value, or for HSTS a least max-age."""

    equals: Text | None = None
    one_of: tuple[Text, ...] | None = None
    max_age_at_least: Positive | None = None

    @model_validator(mode="after")
    def _one_rule(self) -> Self:
        if sum(rule is not None for rule in (self.equals, self.one_of, self.max_age_at_least)) != 1:
            message = "a header has exactly one rule: equals, one_of or max_age_at_least"
            raise ValueError(message)
        return self


class Tls(Section):
    """What every public HTTPS host must offer."""

    minimum_version: Literal["1.2", "1.3"]
    days_to_expiry: Positive


class DnsRecord(Section):
    """A name whose records are served by its zone's authoritative servers."""

    name: Host
    type: Literal["A", "AAAA", "CNAME"]
    ttl_seconds_at_most: Positive


class Instances(Section):
    """How many instances a component may and must have, per region."""

    minimum: Positive
    maximum: Positive


class ScaleOut(Section):
    """When instances are added. Percentages are utilization; each is None where none is asked."""

    cpu_percent: Percent | None = None
    memory_percent: Percent | None = None
    p95_milliseconds: Positive | None = None
    sustained_seconds: Positive | None = None


class ScaleIn(Section):
    """When instances are taken away."""

    cpu_percent: Percent | None = None
    memory_percent: Percent | None = None
    sustained_seconds: Positive | None = None


class Component(Section):
    """A scaled part of the system, and what it is called at each vantage point."""

    name: Slug
    app_spec: Slug | None = None
    """Its name in the App Platform specification, where it is there at all."""
    hpa: Slug | None = None
    """The Deployment its HorizontalPodAutoscaler targets, where there is one."""


class Scaling(Section):
    """Limits and triggers that hold for every component."""

    instances: Instances
    scale_out: ScaleOut | None = None
    scale_in: ScaleIn | None = None
    components: Annotated[tuple[Component, ...], Field(min_length=1)]


FileKind = Literal[
    "app-spec",
    "compose",
    "kubernetes",
    "prometheus",
    "alertmanager",
    "prometheus-rules",
    "grafana-dashboard",
    "json",
    "yaml",
    "text",
]


class RequiredFile(Section):
    """A file that must be there and be valid for its kind."""

    path: File
    kind: FileKind


class Compose(Section):
    """A Compose file, and which of its services must be there."""

    path: File
    monitoring: Annotated[tuple[Slug, ...], Field(min_length=1)] | None = None
    """Services that watch the others and must be wired to each other."""


class Scrape(Section):
    """What Prometheus must scrape, and how it is configured."""

    config: File
    compose: File
    services: Annotated[tuple[Slug, ...], Field(min_length=1)]
    exporters: dict[Slug, Slug] = Field(default_factory=dict)
    """For services that serve no metrics themselves: the service that exports theirs."""

    @model_validator(mode="after")
    def _exporters_of_services(self) -> Self:
        unknown = sorted(self.exporters.keys() - set(self.services))
        if unknown:
            message = f"an exporter of {', '.join(unknown)}, which is not among the services"
            raise ValueError(message)
        return self


class Dashboards(Section):
    """Grafana dashboards and the signals they must have panels for."""

    paths: Annotated[tuple[File, ...], Field(min_length=1)]
    signals: Annotated[tuple[DashboardSignal, ...], Field(min_length=1)]
    business_metrics: tuple[Text, ...] = ()
    """The metrics that the signal `business` means."""
    compose: File | None = None
    """The Compose file whose Grafana must load the dashboards, where that is to be shown."""


class Rollback(Section):
    """The rollback automation."""

    script: File
    consults: Annotated[
        tuple[Literal["health", "error_rate", "response_time"], ...], Field(min_length=1)
    ]
    platforms: Annotated[
        tuple[Literal["compose", "kubernetes", "digitalocean"], ...], Field(min_length=1)
    ]
    notifies: bool = False
    validates_after_deploy: bool = False


class HealthSource(Section):
    """Source code of a health service, and the metrics it must really collect."""

    path: File
    collects: Annotated[tuple[Text, ...], Field(min_length=1)]


class Secrets(Section):
    """Files that hand settings to programs, and the settings that must be there."""

    files: Annotated[tuple[RequiredFile, ...], Field(min_length=1)]
    required: tuple[Variable, ...] = ()
    """Settings that must be declared in at least one of the files."""


class LoadTest(Section):
    """The load test: how many users, how long, with which objectives."""

    script: File
    runner: File
    users: Positive
    minutes: Positive
    """The whole test, with its ramps."""
    hold_minutes: Positive | None = None
    """How long the peak must be held, where the environment asks for it."""
    p95_ms: Positive
    p99_ms: Positive
    error_percent: Percent
    scenarios: Annotated[tuple[Slug, ...], Field(min_length=1)]
    settings: dict[Variable, str] = Field(default_factory=dict)
    """Environment variables the script is evaluated with."""
    k6_at_least: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")] | None = None


class RepositoryFiles(Section):
    """What the deployed system's repository must hold."""

    files: Annotated[tuple[RequiredFile, ...], Field(min_length=1)] | None = None
    executables: Annotated[tuple[File, ...], Field(min_length=1)] | None = None
    app_spec: File | None = None
    hpa: File | None = None
    compose: Annotated[tuple[Compose, ...], Field(min_length=1)] | None = None
    scrape: Scrape | None = None
    rule_files: Annotated[tuple[File, ...], Field(min_length=1)] | None = None
    dashboards: Dashboards | None = None
    rollback: Rollback | None = None
    scaling_monitor: File | None = None
    load_test: LoadTest | None = None
    health_sources: Annotated[tuple[HealthSource, ...], Field(min_length=1)] | None = None
    secrets: Secrets | None = None
    images: Annotated[tuple[File, ...], Field(min_length=1)] | None = None
    """Files, or shell patterns, that name container images to be pinned."""
    documents: Annotated[tuple[File, ...], Field(min_length=1)] | None = None
    """Files, or shell patterns, that must not hold default passwords or placeholders."""


class ConflictNote(Section):
    """A requirement the platform cannot meet as written."""

    asked: Text
    reality: Text


class NamedRequirement(Section):
    """The name under which an earlier report knew a requirement, and what decides it now."""

    name: Text
    control: ControlId
    subjects: tuple[Text, ...] = ()
    """The subjects that decide it; every subject of the control where none is named."""


class Environment(Section):
    """An environment file: a system, what it is made of, and what is required of it."""

    format: Annotated[Literal["plimsoll/environment/1"], Field(alias="schema")]
    system: Text
    description: Text | None = None
    live: bool = False
    """Whether this file may be used against the real environment."""
    fail_on: Severity = Severity.HIGH
    """The least severity at which a failure blocks."""
    fixtures: Slug | None = None
    """The folder under `fixtures/` that the mocked environment is made of."""
    regions: Annotated[tuple[Region, ...], Field(min_length=1)] | None = None
    endpoints: Annotated[tuple[Endpoint, ...], Field(min_length=1)] | None = None
    health: Health | None = None
    metrics: Metrics | None = None
    headers: Annotated[dict[str, HeaderRule], Field(min_length=1)] | None = None
    https_only: bool = False
    """Whether plain HTTP must lead to HTTPS, and nothing be served in clear."""
    tls: Tls | None = None
    clean_errors: bool = False
    """Whether unknown paths and malformed requests must be answered cleanly."""
    uncached_kinds: Annotated[tuple[EndpointKind, ...], Field(min_length=1)] | None = None
    """Kinds of endpoint whose responses must not be stored by any cache."""
    dns: Annotated[tuple[DnsRecord, ...], Field(min_length=1)] | None = None
    scaling: Scaling | None = None
    repository: RepositoryFiles | None = None
    conflicts: dict[ControlId, ConflictNote] = Field(default_factory=dict)
    vantage_points: dict[ControlId, tuple[Text, ...]] = Field(default_factory=dict)
    """The vantage points a control requires, where that is not simply all that are declared."""
    exercises: tuple[Slug, ...] = ()
    """Activities that make load (`burst`) and that a live run of this environment requires."""
    named_requirements: tuple[NamedRequirement, ...] = ()
    sources: dict[str, Text] = Field(default_factory=dict)
    """Where values come from, by their dotted place in this file; `derived: …` where we set it."""

    @model_validator(mode="after")
    def _addresses_and_names(self) -> Self:
        if not self.regions and any(endpoint.path for endpoint in self.endpoints or ()):
            message = (
                "endpoints with a path are asked in every region: declare regions, or give urls"
            )
            raise ValueError(message)
        for what, names in (
            ("region", [region.id for region in self.regions or ()]),
            ("endpoint", [endpoint.name for endpoint in self.endpoints or ()]),
            ("component", [part.name for part in self.scaling.components] if self.scaling else []),
        ):
            if len(names) != len(set(names)):
                twice = sorted({name for name in names if names.count(name) > 1})
                message = f"declared twice: {what} {', '.join(twice)}"
                raise ValueError(message)
        return self
