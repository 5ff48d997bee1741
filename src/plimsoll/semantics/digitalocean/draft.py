"""A first environment file, drafted from what an account holds.

What is there is written down; what should be is left to a person, as comments that say what each
decision turns on. A list that could not be read is said to be missing, never taken for empty.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from plimsoll.semantics.digitalocean.answer import UntoldError, items
from plimsoll.semantics.digitalocean.apps import apps

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from plimsoll.facts.app_platform import App
    from plimsoll.facts.document import Document, Part

READS = (
    "apps",
    "databases",
    "load-balancers",
    "droplets",
    "droplet-pools",
    "uptime-checks",
    "domains",
)
"""What a draft is made of, by the names of the reads."""
ENGINES = frozenset({"pg", "mysql", "redis", "valkey", "mongodb", "kafka", "opensearch"})

_KEYS = {
    "databases": "databases",
    "load-balancers": "load_balancers",
    "droplet-pools": "autoscale_pools",
    "uptime-checks": "checks",
}

_DECISIONS = """\
# What should be is for you to decide. Each section turns on the controls named beside it; as long
# as it is a comment, they are not applicable.
#
# https_only: true                                    # SEC-02
# tls: {minimum_version: "1.2", days_to_expiry: 21}   # SEC-03
# backups:                                            # BKP-01; with retention_days, BKP-02
#   newest_within_hours: 26
#   sets: [{name: main, database: NAME}]
# maintenance:                                        # OPS-04
#   windows: [{day: sunday, start: "02:00", end: "06:00"}]
"""
_ACCOUNT_DECISIONS = """\
  # availability_percent: 99.9        # MET-08, from what the uptime checks measured
  # rollback: true                    # RBK-02
  # trusted_sources: true             # SEC-06a
  # health_probe: {path: /health, period_seconds: 30}   # HLT-08
  # app_alerts:                       # ALR-04, ALR-07
  #   app: [DEPLOYMENT_FAILED, DOMAIN_FAILED]
  #   component: [CPU_UTILIZATION, MEM_UTILIZATION, RESTART_COUNT]
"""


@dataclass(frozen=True, slots=True)
class Found:
    """The answer of each read, or why there is none."""

    answers: Mapping[str, Document]
    unread: Mapping[str, str]


def draft(found: Found, system: str, token: str) -> str:
    """Return the text of an environment file; it is valid as it stands."""
    known = _apps(found)
    sections = [
        "# A first environment file, drafted by `plimsoll init` from what the account holds.",
        "schema: plimsoll/environment/1",
        f"system: {_quoted(system)}",
        "live: true",
        "fail_on: high",
        "",
        *_endpoints(known),
        *_scaling(known),
        _DECISIONS,
        "digitalocean:",
        f"  token: {token}",
        *_listed("apps", map(_app, _told_apart(known))),
        *_section(found, "databases", "databases", _database),
        *_section(found, "load-balancers", "load_balancers", _load_balancer),
        *_section(found, "droplet-pools", "pools", _pool),
        *_section(found, "uptime-checks", "uptime", _uptime),
        *_zones(found),
        *_machines(found),
        *(f"  # {read}: not read, {why}" for read, why in sorted(found.unread.items())),
        _ACCOUNT_DECISIONS.rstrip("\n"),
    ]
    return "\n".join(sections) + "\n"


def _apps(found: Found) -> tuple[App, ...]:
    answer = found.answers.get("apps")
    return apps(answer) if answer else ()


def _endpoints(known: tuple[App, ...]) -> Iterator[str]:
    pages = [domain.name for app in known for domain in app.domains if "*" not in domain.name]
    probed = [(app, path) for app in known if app.ingress and (path := _health_path(app))]
    if not pages and not probed:
        return
    yield "endpoints:"
    for name in dict.fromkeys(pages):
        url = _quoted(f"https://{name}/")
        yield f"  - {{name: {_quoted(name)}, kind: page, url: {url}}}"
    for app, path in probed:
        url = _quoted(f"https://{app.ingress}{path}")
        yield f"  - {{name: {app.name}-health, kind: liveness, url: {url}, within_ms: 2000}}"
    yield ""


def _health_path(app: App) -> str | None:
    for service in (app.active_spec or app.spec).part("services"):
        path = service["health_check"]["http_path"].text
        if path and path.startswith("/") and not set(path) & set(" #"):
            return path
    return None


def _scaling(known: tuple[App, ...]) -> Iterator[str]:
    parts = [
        (app, part)
        for app in known
        for section in ("services", "workers")
        for part in (app.active_spec or app.spec).part(section)
    ]
    if not parts:
        return
    yield "# scaling:                                            # SCL-01, SCL-04, SCL-05"
    yield "#   instances: {minimum: 2, maximum: 10}"
    yield "#   components:"
    for name, where in _components(parts).items():
        yield f"#     - {{name: {name}, app: {name}}}   # {where}"
    yield ""


def _components(parts: list[tuple[App, Part]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for app, part in parts:
        size = part["instance_size_slug"].text or "the platform's default size"
        name = part["name"].text or "unnamed"
        found[name] = f"{found[name]}, {app.name}" if name in found else f"{size} in {app.name}"
    return found


def _app(app: App) -> str:
    domains = ", ".join(
        f"{{name: {_quoted(domain.name)}, type: {domain.type}}}"
        for domain in app.domains
        if domain.type in {"PRIMARY", "ALIAS"} and "*" not in domain.name
    )
    region = app.region or "unknown"
    place = f"region: {region}, platform_region: {region}"
    more = f", ingress: {app.ingress}" if app.ingress else ""
    more += f", domains: [{domains}]" if domains else ""
    return f"{{name: {_quoted(app.name)}, id: {_quoted(app.id)}, {place}{more}}}"


def _told_apart(known: tuple[App, ...]) -> tuple[App, ...]:
    """Return the first app of each name: a file declares nothing twice."""
    return tuple({app.name: app for app in reversed(known)}.values())[::-1]


def _database(part: Part) -> str | None:
    name, engine, region = part["name"].text, part["engine"].text, part["region"].text
    if not name or not region or engine not in ENGINES:
        return None
    nodes = part["num_nodes"].integer or 1
    place = f"region: {region}, platform_region: {region}"
    return f"{{name: {_quoted(name)}, engine: {engine}, {place}, nodes_at_least: {nodes}}}"


def _load_balancer(part: Part) -> str | None:
    name, region = part["name"].text, part["region"]["slug"].text
    if not name or not region:
        return None
    passes = any(rule["tls_passthrough"].boolean for rule in part["forwarding_rules"])
    tls = "passthrough" if passes else "termination"
    interval = part["health_check"]["check_interval_seconds"].integer or 10
    redirects = str(part["redirect_http_to_https"].boolean is True).lower()
    place = f"region: {region}, platform_region: {region}"
    health = f"health_interval_seconds: {interval}, redirects_http: {redirects}"
    return f"{{name: {_quoted(name)}, {place}, tls: {tls}, {health}}}"


def _pool(part: Part) -> str | None:
    name, region = part["name"].text, part["droplet_template"]["region"].text
    if not name or not region:
        return None
    return f"{{name: {_quoted(name)}, region: {region}, platform_region: {region}}}"


def _uptime(part: Part) -> str | None:
    name, target = part["name"].text, part["target"].text
    if not name or not target or not target.startswith("http"):
        return None
    regions = max(1, len(list(part["regions"])))
    return f"{{name: {_quoted(name)}, target: {_quoted(target)}, regions_at_least: {regions}}}"


def _section(
    found: Found, read: str, section: str, line: Callable[[Part], str | None]
) -> Iterator[str]:
    answer = found.answers.get(read)
    if answer is None:
        return
    try:
        entries = items(answer, _KEYS[read])
    except UntoldError as untold:
        yield f"  # {section}: not read, {untold}"
        return
    yield from _listed(section, filter(None, map(line, entries)))


def _listed(section: str, lines: Iterator[str]) -> Iterator[str]:
    written = list(lines)
    if written:
        yield f"  {section}:"
        yield from (f"    - {line}" for line in written)


def _zones(found: Found) -> Iterator[str]:
    answer = found.answers.get("domains")
    names = [part["name"].text for part in answer.part("domains")] if answer else []
    listed = ", ".join(_quoted(name) for name in names if name)
    if listed:
        yield f"  zones: [{listed}]"


def _machines(found: Found) -> Iterator[str]:
    """Yield the droplets as comments: which of them belong to the system is a decision."""
    answer = found.answers.get("droplets")
    droplets = list(answer.part("droplets")) if answer else []
    tags = Counter(tag.text for droplet in droplets for tag in droplet["tags"] if tag.text)
    for tag, count in sorted(tags.items()):
        share = f"{count} of {len(droplets)} droplets"
        yield f"  # machines: {{tag: {tag}}}   # {share}; SEC-06b, SEC-06c"
    names = [droplet["name"].text for droplet in droplets if not list(droplet["tags"])]
    if names:
        yield f"  # {len(names)} droplets without a tag: {', '.join(filter(None, names))}"


def _quoted(text: str) -> str:
    return json.dumps(text)
