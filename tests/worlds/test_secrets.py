"""Secrets never leave: what a mocked system gives away appears in nothing that a run writes."""

import json
import secrets
import textwrap

import pytest

METRICS_TOKEN = "APP_OINT_METRICS_TOKEN"
BODIES = {
    "connection-string": "postgresql://app_oint:{}@db.app-oint.com:25060/app_oint?sslmode=require",
    "json-password": '"password":"{}"',
    "json-api-key": '"stripe_api_key": "{}"',
    "bearer-echo": "authorization: Bearer {}",
    "environment-dump": "JWT_SECRET={}",
    "redis-url": "rediss://default:{}@10.0.0.7:25061",
    "cookie-echo": "cookie: session={}; path=/",
}
HEADERS = {
    "set-cookie": "session={}; HttpOnly; Secure",
    "x-debug-authorization": "Bearer {}",
    "x-database-url": "postgres://app:{}@db:5432/app",
    "location": "https://app-oint.com/login?access_token={}",
    "server": "proxy (api_key={})",
}
FILES = {
    "docker-compose.yml": [
        ("${POSTGRES_PASSWORD:?set POSTGRES_PASSWORD}", "{}"),
        ("${REDIS_PASSWORD:?set REDIS_PASSWORD}", "${{REDIS_PASSWORD:-{}}}"),
        ("${METRICS_TOKEN:?set METRICS_TOKEN}", "{}"),
    ],
    ".do/app.yaml": [("name: app-oint\n", "name: app-oint\n# smtp_password: {}\n")],
    "monitoring/alertmanager.yml": [
        ("smtp_auth_password_file: /run/secrets/smtp_password", "smtp_auth_password: {}"),
    ],
    "prometheus.yml": [
        ("credentials_file: /run/secrets/metrics_token", "credentials: {}"),
    ],
    "README.md": [("\n", "\n\nSign in as admin, password: {}\n\n")],
}
LINES = {
    "scripts/auto-rollback.sh": "curl -H 'Authorization: Bearer {}' https://api.example.com/",
    "scripts/auto-scaling-monitor.sh": "export PGPASSWORD={}",
    "testing/load-tests/run-load-test.sh": "k6 login cloud --token {}",
    ".env": "STRIPE_SECRET_KEY={}",
    "scripts/load_test_k6.js": "const login = { password: '{}' };",
}


class Canaries:
    """Values that no masking can tell by their looks: each is found by where it was planted."""

    def __init__(self):
        self.planted = {}

    def sing(self, place):
        """Return a new canary for a place."""
        self.planted[place] = secrets.token_hex(20)
        return self.planted[place]

    def heard(self, written):
        """Where which canary was found."""
        return sorted(
            (place, name)
            for name, text in written.items()
            for place, canary in self.planted.items()
            if canary in text
        )


def plant(template, canary):
    """Return a text with a canary where its braces are."""
    return template.replace("{}", canary).replace("{{", "{").replace("}}", "}")


def leak_over_http(world, canaries):
    """Have every answer of the site give secrets away, in body and headers, refusals included."""
    told = "\n".join(plant(text, canaries.sing(kind)) for kind, text in BODIES.items())
    headers = {name: plant(text, canaries.sing(name)) for name, text in HEADERS.items()}
    canaries.planted[METRICS_TOKEN] = token = world.credentials[METRICS_TOKEN]
    for route in world.site.responses():
        route.headers |= headers | {"x-echo": token}
        if "json" in route.headers.get("content-type", ""):
            told_as_json = json.dumps({"debug": told, "presented": token})
            route.body = route.body.rstrip().removesuffix("}") + f', "leak": {told_as_json}}}'
        else:
            route.body += f"\n# {token}\n{told}\n"


def leak_in_files(world, canaries):
    """Write secrets in clear into the files of the repository."""
    for path, changes in FILES.items():
        for number, (old, new) in enumerate(changes):
            world.files.replace(path, old, plant(new, canaries.sing(f"{path}#{number}")))
    for path, line in LINES.items():
        text = world.files.text(path) if path in world.files.files else ""
        leaking = plant(line, canaries.sing(path))
        world.files.write(path, f"{text.rstrip()}\n{leaking}\n")


def leak_in_broken_files(world, canaries):
    """Break files where a secret stands, so that what complains may quote it."""
    canary = canaries.sing
    world.files.write(
        "monitoring/alertmanager.yml",
        f"global:\n  smtp_auth_password: [{canary('of the wrong type')}]\n",
    )
    world.files.write("prometheus.yml", f"password: {canary('bad yaml')}\n  : [unclosed\n")
    world.files.replace(
        "docker-compose.yml",
        "METRICS_TOKEN: ${METRICS_TOKEN:?set METRICS_TOKEN}",
        f"METRICS_TOKEN: {{value: {canary('nested')}}}",
    )
    world.files.write(
        "scripts/load_test_k6.js", f"throw new Error('password={canary('thrown')}')\n"
    )
    world.files.write(
        "scripts/auto-rollback.sh", f"PASSWORD='{canary('unclosed quote')}\nif then\n"
    )


def test_a_sound_run_does_not_tell_its_own_credential(rehearse):
    """The token that opens the metrics is used, and written nowhere."""
    run = rehearse()
    assert run.status == 0, run.out + run.err
    assert any(request.credentialed for request in run.requests)
    canaries = Canaries()
    canaries.planted = dict(run.world.credentials)
    assert canaries.planted
    assert canaries.heard(run.written) == []


@pytest.mark.parametrize("leak", [leak_over_http, leak_in_files, leak_in_broken_files])
def test_what_the_system_gives_away_goes_no_further(rehearse, leak):
    """The failures are reported, with place and kind; the values are in no file and no output."""
    canaries = Canaries()
    run = rehearse(lambda world: leak(world, canaries))
    assert run.status == 1, run.out + run.err
    assert {"results.json", "report.html", "report.md", "engineer.html", "junit.xml"} < set(
        run.written
    )
    assert any(path.startswith("evidence/") for path in run.written)
    assert canaries.heard(run.written) == []


@pytest.fixture
def indiscreet_checks(tmp_path):
    """Write checks of one's own that repeat what they saw, in every way a check can end."""
    bodies = {
        "fails": "expect.equal('', exchange.value.text, 'body', at=exchange.origin)",
        "names": "expect.equal('', 'x', exchange.value.text, at=exchange.origin)",
        "asserts": "assert exchange.value.text == '', exchange.value.text",
        "crashes": "raise RuntimeError(exchange.value.text)",
        "cannot_look": "raise NotObserved(exchange.value.text, exchange.origin)",
        "skips": "pytest.skip(exchange.value.text)",
        "prints": "print(exchange.value.text)\nraise RuntimeError('printed')",
        "excepts": "try:\n    raise ValueError(exchange.value.text)\n"
        "except ValueError as error:\n    raise RuntimeError('broke') from error",
    }
    area = tmp_path / "own" / "commerce"
    area.mkdir(parents=True)
    controls, checks = [], ["import pytest\nfrom plimsoll.findings import NotObserved\n"]
    for number, (name, body) in enumerate(bodies.items(), start=1):
        controls.append(
            f"- {{id: SHP-{number:02}, title: T, severity: high, requirement: R., why: W.,"
            " remedy: M., frameworks: {}, seeds: [own]}\n"
        )
        checks.append(
            f"@pytest.mark.control('SHP-{number:02}')\n"
            f"def test_{name}(liveness, exchange, expect):\n    '''A check of our own.'''\n"
            + textwrap.indent(body, "    ")
        )
    (area / "controls.yaml").write_text("".join(controls))
    (area / "test_indiscreet.py").write_text("\n\n".join(checks) + "\n")
    return area.parent


def tell_secrets(world, canaries):
    """Have liveness answer with secrets only."""
    told = [plant(text, canaries.sing(kind)) for kind, text in BODIES.items()]
    canaries.planted[METRICS_TOKEN] = token = world.credentials[METRICS_TOKEN]
    for route in world.endpoints("liveness"):
        route.body = "\n".join([*told, f"seen: {token}"])


def test_checks_that_repeat_what_they_saw_tell_no_secret(rehearse, indiscreet_checks):
    """Failing, crashing, skipping: whatever a check says of a body is masked before it is shown."""
    canaries = Canaries()
    run = rehearse(
        lambda world: tell_secrets(world, canaries),
        *("--checks", indiscreet_checks, *("--control", "SHP-01")),
    )
    assert run.controls_with("fail") == {"SHP-01"}
    assert canaries.heard(run.written) == []


def test_plain_pytest_tells_no_secret_however_talkative(rehearse, indiscreet_checks):
    """Long tracebacks, local variables and every summary were asked for; no secret comes with them."""
    canaries = Canaries()
    run = rehearse(
        lambda world: tell_secrets(world, canaries),
        *("--checks", indiscreet_checks, indiscreet_checks),
        *(
            "-vv",
            "-l",
            "--tb=long",
            "-rA",
            "-p",
            "no:cacheprovider",
            "--rootdir",
            indiscreet_checks,
        ),
        command=["--env", "app-oint", "-c", "/dev/null", "--import-mode=importlib"],
    )
    assert run.controls_with("fail") == {"SHP-01", "SHP-02", "SHP-03"}
    assert run.controls_with("error") >= {"SHP-04", "SHP-05", "SHP-08"}
    assert "test_fails" in run.out
    assert canaries.heard(run.written) == []


def test_a_waived_failure_tells_no_secret(rehearse, indiscreet_checks, tmp_path):
    """What somebody accepted is shown as well, and as masked as everything else."""
    from plimsoll import resources

    canaries = Canaries()
    environment = tmp_path / "waived.yaml"
    environment.write_bytes((resources.environments() / "app-oint.yaml").read_bytes())
    entries = "".join(
        f"  - {{id: W-{region}, control: SHP-01, subject: {region}/liveness, deviations: [body],"
        " reason: accepted by this test and by nobody else, requested_by: A, approved_by: B,"
        " ticket: 'https://tickets.example/1', expires_at: 2099-01-01T00:00:00Z}\n"
        for region in ("fra1", "nyc1")
    )
    (tmp_path / "waived.waivers.yaml").write_text(
        f"schema: plimsoll/waivers/1\nwaivers:\n{entries}"
    )
    run = rehearse(
        lambda world: tell_secrets(world, canaries),
        *("--checks", indiscreet_checks, indiscreet_checks, "--control", "SHP-01"),
        *("-rA", "-p", "no:cacheprovider", "--rootdir", indiscreet_checks),
        command=["--env", str(environment), "-c", "/dev/null", "--import-mode=importlib"],
    )
    assert run.controls_with("waived") == {"SHP-01"}
    assert canaries.heard(run.written) == []
