"""Faults in required files: absent, broken, refused, not executable, or not telling the truth."""

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
_MONITOR = "scripts/auto-scaling-monitor.sh"
_OPERATIONS = "docs/operations.md"
_MOUNTED = "      - ./monitoring/alertmanager.yml:/etc/alertmanager/alertmanager.yml:ro\n"
_FIRST_SIZE = "    http_port: 5001\n    instance_size_slug: apps-d-1vcpu-1gb\n"


@fault("CFG-01", "file-deleted", vantage="repository")
def file_deleted(world: World) -> None:
    """A required file is named in the documents and absent from the repository."""
    world.files.delete(_last_required(world, "text"))


@fault("CFG-01", "file-emptied", vantage="repository")
def file_emptied(world: World) -> None:
    """A required file is there with nothing in it."""
    world.files.write(_last_required(world, "text"), "")


@fault("CFG-01", "not-text", vantage="repository")
def not_text(world: World) -> None:
    """A required file was saved in an encoding that no tool reads."""
    world.files.files[_last_required(world, "text")] = "résumé".encode("utf-16")


@fault("CFG-01", "not-parsable", vantage="repository", environments=APP_OINT)
def not_parsable(world: World) -> None:
    """The autoscalers end in a merge conflict."""
    text = world.files.text(_HPA)
    world.files.write(_HPA, f"{text}<<<<<<< HEAD\n  minReplicas: [2\n=======\n>>>>>>> main\n")


@fault("CFG-01", "duplicate-key", vantage="repository", environments=APP_OINT)
def duplicate_key(world: World) -> None:
    """The specification gives an instance size twice, and the last one wins in silence."""
    doubled = f"{_FIRST_SIZE}    instance_size_slug: apps-d-1vcpu-1gb\n"
    world.files.replace(_APP_SPEC, _FIRST_SIZE, doubled)


@fault("CFG-01", "section-given-twice", vantage="repository", environments=APP_OINT)
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


@fault("CFG-01", "size-that-cannot-autoscale", vantage="repository", environments=APP_OINT)
def size_that_cannot_autoscale(world: World) -> None:
    """A component is to scale on a size with shared CPUs, which the platform refuses."""
    world.files.replace(
        _APP_SPEC, _FIRST_SIZE, _FIRST_SIZE.replace("apps-d-1vcpu-1gb", "apps-s-1vcpu-1gb")
    )


@fault("CFG-01", "size-that-runs-once", vantage="repository", environments=APP_OINT)
def size_that_runs_once(world: World) -> None:
    """A component asks for many instances of a size that runs a single one."""
    world.files.replace(
        _APP_SPEC, _FIRST_SIZE, _FIRST_SIZE.replace("apps-d-1vcpu-1gb", "basic-xxs")
    )


@fault("CFG-01", "count-beside-autoscaling", vantage="repository", environments=APP_OINT)
def count_beside_autoscaling(world: World) -> None:
    """A component states a fixed count and a range."""
    world.files.replace(_APP_SPEC, _FIRST_SIZE, f"{_FIRST_SIZE}    instance_count: 2\n")


@fault("CFG-01", "placeholder-never-expanded", vantage="repository", environments=APP_OINT)
def placeholder_never_expanded(world: World) -> None:
    """Alertmanager is to expand a variable, which it takes literally."""
    world.files.replace(
        _ALERTMANAGER,
        "smtp_smarthost: smtp.eu.mailgun.org:587",
        "smtp_smarthost: ${SMTP_SMARTHOST}",
    )


@fault("CFG-01", "receiver-undefined", vantage="repository", environments=APP_OINT)
def receiver_undefined(world: World) -> None:
    """A route names a receiver that nobody defined."""
    world.files.replace(
        _ALERTMANAGER,
        "receiver: slack-email-pagerduty\n      matchers",
        "receiver: pager\n      matchers",
    )


@fault("CFG-01", "rule-that-does-not-parse", vantage="repository", environments=APP_OINT)
def rule_that_does_not_parse(world: World) -> None:
    """One expression has a parenthesis too few, so that no rule of the file is loaded."""
    rules = "monitoring/alerting-rules.yml"
    world.files.replace(rules, "expr: pg_up == 0", "expr: max(pg_up == 0")


@fault("CFG-01", "timeout-beyond-interval", vantage="repository", environments=APP_OINT)
def timeout_beyond_interval(world: World) -> None:
    """A scrape may take longer than the time to the next, which Prometheus refuses."""
    job = "  - job_name: crowdsec\n"
    world.files.replace("prometheus.yml", job, f"{job}    scrape_timeout: 30s\n")


@fault("CFG-01", "undeclared-dependency", vantage="repository", environments=APP_OINT)
def undeclared_dependency(world: World) -> None:
    """A service waits for another that the Compose file does not have."""
    waits = "      nginx: {condition: service_healthy}\n"
    world.files.replace(_COMPOSE, waits, f"{waits}      waf: {{condition: service_started}}\n")


@fault("CFG-02", "not-mounted", vantage="repository", environments=APP_OINT)
def configuration_not_mounted(world: World) -> None:
    """Alertmanager runs with the configuration of its image, which tells nobody."""
    world.files.replace(_COMPOSE, _MOUNTED, "")


@fault("CFG-02", "mount-of-nothing", vantage="repository", environments=APP_OINT)
def mount_of_nothing(world: World) -> None:
    """Alertmanager's configuration is mounted from a file that is not there."""
    world.files.replace(_COMPOSE, _MOUNTED, _MOUNTED.replace(".yml:/", ".yaml:/"))


@fault(
    "CFG-02", "only-with-a-profile", vantage="repository", also=("MET-06",), environments=APP_OINT
)
def only_with_a_profile(world: World) -> None:
    """Grafana runs only where somebody asks for its profile."""
    image = "    image: grafana/grafana:12.2.1\n"
    world.files.replace(_COMPOSE, image, f"{image}    profiles: [debug]\n")


@fault("CFG-02", "wrong-datasource", vantage="repository", also=("MET-06",), environments=APP_OINT)
def wrong_datasource(world: World) -> None:
    """Grafana's datasource of metrics leads to Alertmanager."""
    world.files.replace(
        "monitoring/grafana/provisioning/datasources/prometheus.yml",
        "http://prometheus:9090",
        "http://alertmanager:9093",
    )


@fault(
    "CFG-02",
    "provisioning-not-mounted",
    vantage="repository",
    also=("MET-06",),
    environments=APP_OINT,
)
def provisioning_not_mounted(world: World) -> None:
    """What provisions Grafana stays in the repository."""
    mount = "      - ./monitoring/grafana/provisioning:/etc/grafana/provisioning:ro\n"
    world.files.replace(_COMPOSE, mount, "")


@fault("CFG-03", "not-executable", vantage="repository")
def not_executable(world: World) -> None:
    """A script is recorded with the mode of a plain file."""
    world.files.set_mode(_last_script(world), executable=False)


@fault("CFG-03", "script-deleted", vantage="repository")
def script_deleted(world: World) -> None:
    """A required script was never committed."""
    world.files.delete(_last_script(world))


@fault("CFG-04", "message-removed", vantage="repository", environments=APP_OINT)
def message_removed(world: World) -> None:
    """The monitor writes to its own output what it should tell people."""
    posted = (
        "curl -fsS --max-time 10 -H 'Content-Type: application/json' -d @- \"$SLACK_WEBHOOK_URL\""
    )
    world.files.replace(_MONITOR, posted, "cat")


@fault("CFG-04", "nothing-compared", vantage="repository", environments=APP_OINT)
def nothing_compared(world: World) -> None:
    """The monitor sends its message whatever the count was before."""
    for condition in ("((now > before))", "((now < before))"):
        world.files.replace(_MONITOR, condition, "true")
    limit = "((now >= maximum_instances && before < maximum_instances))"
    world.files.replace(_MONITOR, limit, "((now >= maximum_instances))")


@fault("CFG-04", "looks-once", vantage="repository", environments=APP_OINT)
def looks_once(world: World) -> None:
    """The monitor looks once and ends."""
    world.files.replace(_MONITOR, "while true; do\n  if listing", "{\n  if listing")
    world.files.replace(
        _MONITOR, '  sleep "$interval_seconds"\ndone', '  echo "$interval_seconds"\n}'
    )


@fault("CFG-04", "unsafe-change-of-folder", vantage="repository", environments=APP_OINT)
def unsafe_change_of_folder(world: World) -> None:
    """The monitor goes on in the wrong folder where changing it fails."""
    world.files.replace(_MONITOR, "failures=0\nwhile", 'set +e\ncd "$state"\nfailures=0\nwhile')


@fault("CFG-04", "syntax-error", vantage="repository", environments=APP_OINT)
def syntax_error(world: World) -> None:
    """The monitor is cut off, so that no shell runs it."""
    world.files.replace(_MONITOR, '  sleep "$interval_seconds"\ndone', '  sleep "$interval_seconds')


@fault("CFG-05", "password-in-a-document", vantage="repository", environments=APP_OINT)
def password_in_a_document(world: World) -> None:
    """The documents tell the password that Grafana comes with."""
    world.files.replace(_OPERATIONS, "personal accounts", "log in with admin/admin")


@fault("CFG-05", "placeholder-in-a-document", vantage="repository", environments=APP_OINT)
def placeholder_in_a_document(world: World) -> None:
    """The number to call in an emergency was never filled in."""
    world.files.replace(_OPERATIONS, "1 on-call engineer", "1 on-call engineer +1-555-XXX-XXXX")


@fault("CFG-05", "default-password-in-use", vantage="repository", environments=APP_OINT)
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


def _last_required(world: World, kind: str) -> str:
    declared = world.environment.repository
    paths = [one.path for one in (declared and declared.files) or () if one.kind == kind]
    if not paths:
        message = f"no file of kind {kind} is required"
        raise LookupError(message)
    return paths[-1]


def _last_script(world: World) -> str:
    declared = world.environment.repository
    scripts = (declared and declared.executables) or ()
    if not scripts:
        message = "no script is required to be executable"
        raise LookupError(message)
    return scripts[-1]
