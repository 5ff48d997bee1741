"""The shape of an environment file, section by section.

An absent section means that the environment does not ask for what it governs: the controls that
need it are then not applicable, with that reason. An empty list is refused, so that nothing can be
required of nobody by accident.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from plimsoll.environment.alerting_model import Alerts
from plimsoll.environment.backup_model import Backups, Logs, Spaces
from plimsoll.environment.cloud_model import Account, Maintenance
from plimsoll.environment.contract_model import MetricsContract
from plimsoll.environment.delivery_model import (
    Build,
    Caching,
    Cors,
    DeployScript,
    MemoryLimit,
    Shutdown,
)
from plimsoll.environment.monitoring_model import Monitoring
from plimsoll.environment.repository_model import RepositoryFiles
from plimsoll.environment.value import (
    ControlId,
    Host,
    MetricSignal,
    Name,
    Path,
    Percent,
    Positive,
    Section,
    Slug,
    Text,
    Url,
    Variable,
)
from plimsoll.findings import Severity


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
    contract: MetricsContract | None = None
    """Requests that the counters of every region must be seen to count."""


class HeaderRule(Section):
    """What a response header must be: a value, for HSTS a least max-age, for CSP in force."""

    equals: Text | None = None
    one_of: tuple[Text, ...] | None = None
    max_age_at_least: Positive | None = None
    enforced: Literal[True] | None = None
    """For Content-Security-Policy alone: pages have one that is in force and restricts scripts."""

    @model_validator(mode="after")
    def _one_rule(self) -> Self:
        rules = (self.equals, self.one_of, self.max_age_at_least, self.enforced)
        if sum(rule is not None for rule in rules) != 1:
            message = "a header has exactly one rule: equals, one_of, max_age_at_least or enforced"
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

    @property
    def listed_as(self) -> str:
        """Its name and type."""
        return f"{self.name} {self.type}"


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
    app: Slug | None = None
    """Its name in the running specification of every declared app, where it is there."""
    pool: Name | None = None
    """The droplet autoscale pool that it runs in, where there is one."""
    size: Slug | None = None
    """The instance size it must have."""


class Scaling(Section):
    """Limits and triggers that hold for every component."""

    instances: Instances
    scale_out: ScaleOut | None = None
    scale_in: ScaleIn | None = None
    components: Annotated[tuple[Component, ...], Field(min_length=1)]


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


Exercise = Literal["alerting", "burst", "shutdown", "traffic"]
"""What makes load or acts, and therefore needs to be asked for in a live run; `alerting`, which
takes minutes and runs a Prometheus and an Alertmanager, in a mocked one too."""


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
    dns_advice: bool = False
    """Whether CAA records and DNSSEC of the app's domains are looked at, as advice."""
    dns: Annotated[tuple[DnsRecord, ...], Field(min_length=1)] | None = None
    scaling: Scaling | None = None
    repository: RepositoryFiles | None = None
    alerts: Alerts | None = None
    monitoring: Monitoring | None = None
    digitalocean: Account | None = None
    backups: Backups | None = None
    logs: Logs | None = None
    spaces: Spaces = Spaces()
    maintenance: Maintenance | None = None
    build: Build | None = None
    shutdown: Shutdown | None = None
    deploy_script: DeployScript | None = None
    caching: Caching | None = None
    cors: Cors | None = None
    memory: MemoryLimit | None = None
    conflicts: dict[ControlId, ConflictNote] = Field(default_factory=dict)
    vantage_points: dict[ControlId, tuple[Text, ...]] = Field(default_factory=dict)
    """The vantage points a control requires, where that is not simply all that are declared."""
    exercises: tuple[Exercise, ...] = ()
    """Activities that make load (`burst`, `traffic`) or act (`shutdown` starts the application,
    `alerting` rehearses the alerts), and that a run of this environment requires."""
    named_requirements: tuple[NamedRequirement, ...] = ()
    sources: dict[str, Text] = Field(default_factory=dict)
    """Where values come from, by their dotted place in this file; `derived: …` where we set it."""

    @model_validator(mode="after")
    def _policies(self) -> Self:
        for name, rule in (self.headers or {}).items():
            if rule.enforced and name.lower() != "content-security-policy":
                message = f"headers.{name}: enforced is a rule for content-security-policy"
                raise ValueError(message)
        return self

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
