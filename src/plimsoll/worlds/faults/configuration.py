"""Faults in required files and documents: absent, broken, refused, or not telling the truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.worlds.faults import fault

if TYPE_CHECKING:
    from plimsoll.worlds.world import World

APP_OINT = ("app-oint",)
_APP_SPEC = ".do/app.yaml"
_COMPOSE = "docker-compose.yml"
_HPA = "k8s/hpa.yaml"
_ALERTMANAGER = "monitoring/alertmanager.yml"
_OPERATIONS = "docs/operations.md"
_FIRST_SIZE = "    http_port: 5001\n    instance_size_slug: apps-d-1vcpu-1gb\n"


@fault("CFG-01", "file-deleted", vantage="repository", environments=APP_OINT)
def file_deleted(world: World) -> None:
    """A required file is named in the documents and absent from the repository."""
    world.files.delete(_last_required(world, "text"))


@fault("CFG-01", "file-emptied", vantage="repository", environments=APP_OINT)
def file_emptied(world: World) -> None:
    """A required file is there with nothing in it."""
    world.files.write(_last_required(world, "text"), "")


@fault("CFG-01", "not-text", vantage="repository", environments=APP_OINT)
def not_text(world: World) -> None:
    """A required file was saved in an encoding that no tool reads."""
    world.files.files[_last_required(world, "text")] = "résumé".encode("utf-16")


@fault(
    "CFG-01",
    "not-parsable",
    vantage="repository",
    undecided=("SCL-01", "SCL-02", "SCL-03"),
    environments=APP_OINT,
)
def not_parsable(world: World) -> None:
    """The autoscalers end in a merge conflict."""
    text = world.files.text(_HPA)
    world.files.write(_HPA, f"{text}<<<<<<< HEAD\n  minReplicas: [2\n=======\n>>>>>>> main\n")


@fault("CFG-01", "duplicate-key", vantage="repository", environments=APP_OINT)
def duplicate_key(world: World) -> None:
    """The specification gives an instance size twice, and the last one wins in silence."""
    doubled = f"{_FIRST_SIZE}    instance_size_slug: apps-d-1vcpu-1gb\n"
    world.files.replace(_APP_SPEC, _FIRST_SIZE, doubled)


@fault(
    "CFG-01", "section-given-twice", vantage="repository", also=("DLV-02",), environments=APP_OINT
)
def section_given_twice(world: World) -> None:
    """A second list of databases replaces the first, so that PostgreSQL is lost."""
    comment = "  # Managed Valkey speaks"
    world.files.replace(_APP_SPEC, comment, f"databases:\n{comment}")


@fault("CFG-01", "unknown-field", vantage="repository", environments=APP_OINT)
def unknown_field(world: World) -> None:
    """An alert is written in a shape that the platform does not know."""
    world.files.replace(
        _APP_SPEC, "  - rule: DEPLOYMENT_FAILED\n", "  - rule: DEPLOYMENT_FAILED\n    spec: {}\n"
    )


@fault("CFG-01", "wrong-type", vantage="repository", environments=APP_OINT)
def wrong_type(world: World) -> None:
    """A port is text where the platform wants a number."""
    world.files.replace(_APP_SPEC, "http_port: 5001", 'http_port: "5001"')


@fault(
    "CFG-01",
    "size-that-cannot-autoscale",
    vantage="repository",
    also=("DLV-02",),
    environments=APP_OINT,
)
def size_that_cannot_autoscale(world: World) -> None:
    """A component is to scale on a size with shared CPUs, which the platform refuses."""
    world.files.replace(
        _APP_SPEC, _FIRST_SIZE, _FIRST_SIZE.replace("apps-d-1vcpu-1gb", "apps-s-1vcpu-1gb")
    )


@fault(
    "CFG-01", "size-that-runs-once", vantage="repository", also=("DLV-02",), environments=APP_OINT
)
def size_that_runs_once(world: World) -> None:
    """A component asks for many instances of a size that runs a single one."""
    world.files.replace(
        _APP_SPEC, _FIRST_SIZE, _FIRST_SIZE.replace("apps-d-1vcpu-1gb", "basic-xxs")
    )


@fault(
    "CFG-01",
    "count-beside-autoscaling",
    vantage="repository",
    also=("DLV-02",),
    environments=APP_OINT,
)
def count_beside_autoscaling(world: World) -> None:
    """A component states a fixed count and a range."""
    world.files.replace(_APP_SPEC, _FIRST_SIZE, f"{_FIRST_SIZE}    instance_count: 2\n")


@fault(
    "CFG-01",
    "placeholder-never-expanded",
    vantage="repository",
    also=("ALR-03a", "ALR-04", "ALR-05"),
    undecided=("ALR-01c", "ALR-03b", "ALR-04"),
    environments=APP_OINT,
)
def placeholder_never_expanded(world: World) -> None:
    """Alertmanager is to expand a variable, which it takes literally."""
    world.files.replace(
        _ALERTMANAGER,
        "smtp_smarthost: smtp.eu.mailgun.org:587",
        "smtp_smarthost: ${SMTP_SMARTHOST}",
    )


@fault(
    "CFG-01",
    "receiver-undefined",
    vantage="repository",
    also=("ALR-03a", "ALR-05"),
    undecided=("ALR-01c", "ALR-03b", "ALR-04"),
    environments=APP_OINT,
)
def receiver_undefined(world: World) -> None:
    """A route names a receiver that nobody defined."""
    world.files.replace(
        _ALERTMANAGER,
        "receiver: slack-email-pagerduty\n      matchers",
        "receiver: pager\n      matchers",
    )


@fault(
    "CFG-01",
    "rule-that-does-not-parse",
    vantage="repository",
    undecided=(
        "ALR-01a",
        "ALR-01b",
        "ALR-01c",
        "ALR-02a",
        "ALR-02b",
        "ALR-02c",
        "ALR-03a",
        "ALR-03b",
        "ALR-04",
        "MET-07a",
        "MET-07c",
    ),
    environments=APP_OINT,
    also=("ALR-05",),
)
def rule_that_does_not_parse(world: World) -> None:
    """One expression has a parenthesis too few, so that no rule of the file is loaded."""
    rules = "monitoring/alerting-rules.yml"
    world.files.replace(rules, "expr: pg_up == 0", "expr: max(pg_up == 0")


@fault(
    "CFG-01",
    "timeout-beyond-interval",
    vantage="repository",
    environments=APP_OINT,
    also=("ALR-05",),
)
def timeout_beyond_interval(world: World) -> None:
    """A scrape may take longer than the time to the next, which Prometheus refuses."""
    job = "  - job_name: crowdsec\n"
    world.files.replace("prometheus.yml", job, f"{job}    scrape_timeout: 30s\n")


@fault("CFG-01", "undeclared-dependency", vantage="repository", environments=APP_OINT)
def undeclared_dependency(world: World) -> None:
    """A service waits for another that the Compose file does not have."""
    waits = "      nginx: {condition: service_healthy}\n"
    world.files.replace(_COMPOSE, waits, f"{waits}      waf: {{condition: service_started}}\n")


@fault("CFG-05", "password-in-a-document", vantage="repository", environments=APP_OINT)
def password_in_a_document(world: World) -> None:
    """The documents tell the password that Grafana comes with."""
    world.files.replace(_OPERATIONS, "personal accounts", "log in with admin/admin")


@fault("CFG-05", "placeholder-in-a-document", vantage="repository", environments=APP_OINT)
def placeholder_in_a_document(world: World) -> None:
    """The number to call in an emergency was never filled in."""
    world.files.replace(_OPERATIONS, "1 on-call engineer", "1 on-call engineer +1-555-XXX-XXXX")


@fault(
    "CFG-05",
    "default-password-in-use",
    vantage="repository",
    also=("DLV-05",),
    environments=APP_OINT,
)
def default_password_in_use(world: World) -> None:
    """Grafana falls back on the password it comes with where no other is set."""
    world.files.replace(
        _COMPOSE,
        "GF_SECURITY_ADMIN_PASSWORD__FILE: /run/secrets/grafana_admin_password",
        "GF_SECURITY_ADMIN_PASSWORD: ${GRAFANA_ADMIN_PASSWORD:-admin}",
    )


@fault("CFG-05", "document-deleted", vantage="repository", environments=APP_OINT)
def document_deleted(world: World) -> None:
    """The document that tells how to run the system is not in the repository."""
    world.files.delete("README.md")


@fault("CFG-05", "documents-gone", vantage="repository", environments=APP_OINT)
def documents_gone(world: World) -> None:
    """The folder of documents was moved away, so that its pattern names nothing."""
    for path in [path for path in world.files.files if path.startswith("docs/")]:
        world.files.delete(path)


def _last_required(world: World, kind: str) -> str:
    declared = world.environment.repository
    paths = [one.path for one in (declared and declared.files) or () if one.kind == kind]
    if not paths:
        message = f"no file of kind {kind} is required"
        raise LookupError(message)
    return paths[-1]
