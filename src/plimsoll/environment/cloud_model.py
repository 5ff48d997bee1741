"""The `digitalocean` section of an environment file: what an account must hold.

Things are declared by the names they have on the platform. What an account holds beyond them is
judged where that matters: a domain that nobody declared, a machine without a firewall.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from plimsoll.environment.value import (
    File,
    Host,
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

Uuid = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
Rule = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]*$")]
"""The name of an App Platform alert rule; the platform adds new ones, so none is refused."""
Channel = Literal["email", "slack"]
Metric = Literal["cpu", "memory", "disk"]


class AppDomain(Section):
    """A domain of an app, and the part it plays."""

    name: Host
    type: Literal["PRIMARY", "ALIAS"]

    @property
    def listed_as(self) -> str:
        """Its name."""
        return self.name


class App(Section):
    """An App Platform app. It lives in exactly one region, so each region has one of its own."""

    name: Slug
    id: Uuid | None = None
    """Told apart by it where the account holds several apps of that name."""
    region: Slug
    """The region of this file that it serves, or its own where none is declared."""
    platform_region: Slug
    """The platform's own name for where it runs, such as `fra`."""
    ingress: Host | None = None
    """The host under which the platform serves it whatever its domains are."""
    domains: Annotated[tuple[AppDomain, ...], Field(min_length=1)] | None = None
    """Every domain it has; any other is undeclared. None where domains are not judged."""
    reviewed_spec: File | None = None
    """The specification in the repository that was reviewed."""
    may_differ: tuple[Text, ...] = ()
    """Places of the specification that are not compared, such as `name` or `services.web.envs`."""

    @property
    def listed_as(self) -> str:
        """Its name."""
        return self.name


class HealthProbe(Section):
    """How the platform must ask a service whether it is well."""

    path: Path
    period_seconds: Positive | None = None
    """The longest time between two questions."""
    services: Annotated[tuple[Slug, ...], Field(min_length=1)] | None = None
    """The services it holds for; every service of every app where none is named."""


class AppAlerts(Section):
    """Alert rules that every app, and every component of one, must have."""

    app: tuple[Rule, ...] = ()
    component: tuple[Rule, ...] = ()


class Policy(Section):
    """An alert policy on machines or databases, and the percentage at which it must speak."""

    metric: Metric
    threshold_percent: Percent

    @property
    def listed_as(self) -> str:
        """Its metric."""
        return self.metric


class AlertPolicies(Section):
    """The alert policies of the platform's monitoring that must exist."""

    droplet: tuple[Policy, ...] = ()
    database: tuple[Policy, ...] = ()
    channels: Annotated[tuple[Channel, ...], Field(min_length=1)] = ("email",)


class Uptime(Section):
    """An uptime check that must exist: what it asks, from how many regions, and what it tells."""

    name: Text
    target: Url
    regions_at_least: Positive = 2
    alerts: tuple[Literal["down", "down_global", "latency", "ssl_expiry"], ...] = (
        "down",
        "latency",
        "ssl_expiry",
    )

    @property
    def listed_as(self) -> str:
        """Its name."""
        return self.name


class Database(Section):
    """A managed database cluster."""

    name: Name
    engine: Literal["pg", "mysql", "redis", "valkey", "mongodb", "kafka", "opensearch"]
    region: Slug
    """The region of this file that it serves."""
    platform_region: Slug
    nodes_at_least: Positive = 1
    """Two or more mean a standby that takes over by itself."""
    replicas_at_least: Annotated[int, Field(ge=0)] = 0
    """Read replicas; one is promoted by hand."""
    pooled: bool = False
    """Whether clients must go through a connection pool."""

    @property
    def listed_as(self) -> str:
        """Its name."""
        return self.name


class LoadBalancer(Section):
    """A regional load balancer."""

    name: Name
    region: Slug
    platform_region: Slug
    tls: Literal["passthrough", "termination"]
    health_path: Path | None = None
    health_interval_seconds: Positive = 10
    redirects_http: bool = True

    @property
    def listed_as(self) -> str:
        """Its name."""
        return self.name


class DropletPool(Section):
    """A droplet autoscale pool."""

    name: Name
    region: Slug
    platform_region: Slug

    @property
    def listed_as(self) -> str:
        """Its name."""
        return self.name


class Machines(Section):
    """The droplets of the system, and how they are closed off."""

    tag: Text
    """Every droplet with this tag belongs to the system."""
    administrative_ports: Annotated[tuple[Positive, ...], Field(min_length=1)] = (22, 3389)
    private_network: bool = True
    """Whether they must be in a VPC of their own choosing, databases and load balancers too."""


class Steering(Section):
    """How traffic finds a healthy region: a global load balancer in front of the regional ones."""

    load_balancer: Name
    host: Host
    regions: Annotated[tuple[Slug, ...], Field(min_length=2)]


class Cdn(Section):
    """A CDN endpoint in front of a bucket."""

    origin: Host
    """The bucket's host, such as `assets.fra1.digitaloceanspaces.com`."""
    domain: Host | None = None
    """Its own domain; it then needs a certificate."""
    ttl_seconds_at_least: Positive | None = None

    @property
    def listed_as(self) -> str:
        """Its origin."""
        return self.origin


class Protection(Section):
    """What stands between an app and an attack from the Internet."""

    ddos: bool = False
    """Whether apps must have enhanced threat control, and machines answer load balancers only."""


class Account(Section):
    """A DigitalOcean account, as far as the system lives in it."""

    token: Variable = "DIGITALOCEAN_TOKEN"  # noqa: S105 (a variable's name, not its value)
    """The environment variable that holds a token with read scopes only."""
    apps: Annotated[tuple[App, ...], Field(min_length=1)] | None = None
    health_probe: HealthProbe | None = None
    app_alerts: AppAlerts | None = None
    alert_policies: AlertPolicies | None = None
    uptime: Annotated[tuple[Uptime, ...], Field(min_length=1)] | None = None
    availability_percent: Percent | None = None
    """What uptime checks must have measured over the thirty days the platform keeps."""
    databases: Annotated[tuple[Database, ...], Field(min_length=1)] | None = None
    trusted_sources: bool = False
    """Whether databases must accept named sources only."""
    load_balancers: Annotated[tuple[LoadBalancer, ...], Field(min_length=1)] | None = None
    pools: Annotated[tuple[DropletPool, ...], Field(min_length=1)] | None = None
    machines: Machines | None = None
    steering: Steering | None = None
    zones: Annotated[tuple[Host, ...], Field(min_length=1)] | None = None
    """DNS zones that the platform serves."""
    cdn: Annotated[tuple[Cdn, ...], Field(min_length=1)] | None = None
    protection: Protection | None = None
    rollback: bool = False
    """Whether every app must have an earlier deployment to return to."""
    failed_deployments: bool = False
    """Whether the history must show that a failed deployment did not replace the good one."""


Day = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
Clock = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class Window(Section):
    """A weekly span of time, in UTC, in which the platform may change things."""

    day: Day
    start: Clock
    end: Clock


class Maintenance(Section):
    """When maintenance is allowed."""

    windows: Annotated[tuple[Window, ...], Field(min_length=1)]
