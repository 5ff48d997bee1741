"""A real Prometheus and a real Alertmanager tell what the mocked ones do, and ask for a login."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from string import Template
from typing import TYPE_CHECKING

import httpx
import pytest

from plimsoll.collectors.context import Context
from plimsoll.collectors.engine import observe
from plimsoll.environment import monitoring_inventory as inventory
from plimsoll.environment.model import Environment
from plimsoll.facts.exchange import HttpProbe
from plimsoll.findings import NotObserved, Observed
from plimsoll.pytest_plugin.examination import Examination
from plimsoll.pytest_plugin.monitoring import reads_plan
from plimsoll.pytest_plugin.monitoring_view import MonitoringView
from plimsoll.semantics.login_redirect import keeps_out
from plimsoll.semantics.monitoring_api.alertmanager import mutes
from plimsoll.semantics.monitoring_api.availability import verdict
from plimsoll.semantics.monitoring_api.prometheus import targets_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PACKAGES = {"prometheus": "prometheus", "promtool": "prometheus",
            "prometheus-alertmanager": "prometheus-alertmanager"}  # fmt: skip
PASSWORD = "test"
USERS = 'basic_auth_users: {admin: "$2b$12$hNf2lSsxfm0.i4a.1kVpSOVyBCfIB51VRjgBUyv6kdnyTlgWj81Ay"}'
"""The user of Prometheus' guide to basic authentication, whose password is `test`."""
READY_SECONDS = 30
LOST_MINUTES = 20
LOGIN = "basic_auth: {username: admin, password: test}"

RULES = """
groups:
  - name: availability
    interval: 1s
    rules:
      - {alert: Gone, expr: up == 0, labels: {severity: critical}}
      - {record: "job:up:sum", expr: sum by (job) (up)}
  - name: broken
    interval: 1s
    rules:
      - {alert: Twice, expr: 'up * on () group_left () vector(1) * on () up', labels: {severity: warning}}
"""
CONFIGURATION = Template("""
global: {scrape_interval: 1s, evaluation_interval: 1s}
rule_files: [rules.yml]
alerting:
  alertmanagers:
    - $login
      static_configs: [{targets: ["127.0.0.1:$alertmanager"]}]
scrape_configs:
  - job_name: prometheus
    $login
    static_configs: [{targets: ["127.0.0.1:$prometheus"], labels: {service: monitor, region: fra1}}]
  - job_name: functions
    params: {token: [canary-of-a-parameter]}
    static_configs: [{targets: ["127.0.0.1:9"], labels: {service: functions, region: fra1}}]
  - job_name: slow
    scrape_interval: 1h
    scrape_timeout: 1h
    static_configs: [{targets: ["127.0.0.1:$silent"], labels: {service: slow}}]
""")
ROUTES = """
route: {receiver: nobody}
receivers: [{name: nobody, webhook_configs: [{url: "http://127.0.0.1:9/canary-of-a-hook"}]}]
"""


def program(name: str) -> str:
    """Return where a program is, or end the test that needs it."""
    found = shutil.which(name)
    if found is None:
        reason = f"{name} is not installed: apt-get install {PACKAGES[name]}"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    return found


def free_port() -> int:
    """Return a port that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def backfill(folder: Path) -> None:
    """Write a day of one sample a minute, some of which say that the system was away."""
    now = int(time.time()) // 60 * 60
    ages = range(25 * 60, -1, -1)
    away = range(600, 600 + LOST_MINUTES)
    samples = [f'app_up{{region="fra1"}} {int(age not in away)} {now - age * 60}' for age in ages]
    samples += [f'app_up{{region="nyc1"}} 1 {now - age * 60}' for age in ages]
    source = folder / "samples.txt"
    source.write_text("\n".join(["# TYPE app_up gauge", *samples, "# EOF"]) + "\n")
    command = ["tsdb", "create-blocks-from", "openmetrics", source, folder / "data"]
    subprocess.run([program("promtool"), *map(str, command)], check=True, capture_output=True)


@contextmanager
def started(folder: Path, name: str, *options: str) -> Iterator[None]:
    """Run a program in a folder and a process group of its own, and end it."""
    with (folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            [program(name), *options], cwd=folder, stdout=log, stderr=log, start_new_session=True
        )
        try:
            yield
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(10)


@dataclass(frozen=True)
class Servers:
    """Both servers, and an environment that declares them."""

    prometheus: str
    alertmanager: str
    environment: Environment


@pytest.fixture(scope="module")
def servers(tmp_path_factory) -> Iterator[Servers]:
    """Start Prometheus and Alertmanager on loopback, with passwords, and wait for first facts."""
    for name in PACKAGES:
        program(name)
    folder = tmp_path_factory.mktemp("monitoring")
    prometheus, alertmanager = free_port(), free_port()
    backfill(folder)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        ports = {"prometheus": prometheus, "alertmanager": alertmanager,
                 "silent": silent.getsockname()[1]}  # fmt: skip
        (folder / "prometheus.yml").write_text(CONFIGURATION.substitute(ports, login=LOGIN))
        (folder / "rules.yml").write_text(RULES)
        (folder / "alertmanager.yml").write_text(ROUTES)
        (folder / "web.yml").write_text(USERS)
        with (
            started(
                folder, "prometheus-alertmanager", "--config.file=alertmanager.yml",
                "--storage.path=silences", f"--web.listen-address=127.0.0.1:{alertmanager}",
                "--web.config.file=web.yml", "--cluster.listen-address=",
            ),
            started(
                folder, "prometheus", "--config.file=prometheus.yml", "--storage.tsdb.path=data",
                f"--web.listen-address=127.0.0.1:{prometheus}", "--web.config.file=web.yml",
                "--storage.tsdb.retention.time=35d", "--web.enable-lifecycle",
            ),
        ):  # fmt: skip
            urls = [f"http://127.0.0.1:{port}" for port in (prometheus, alertmanager)]
            await_facts(*urls)
            yield Servers(*urls, declared(*urls))


def ask(url: str) -> httpx.Response:
    """Ask a server as the tests themselves do."""
    return httpx.get(url, auth=("admin", PASSWORD), trust_env=False, timeout=5)


def await_facts(prometheus: str, alertmanager: str) -> None:
    """Wait until both answer, targets were scraped, rules evaluated and the link is known."""
    ends = time.monotonic() + READY_SECONDS
    while time.monotonic() < ends:
        try:
            told = [ask(f"{prometheus}/api/v1/{one}").text for one in ("rules", "alertmanagers")]
            healthy = ask(f"{prometheus}/api/v1/targets").text
            has_status = ask(f"{alertmanager}/api/v2/status").is_success
        except httpx.TransportError:
            time.sleep(0.2)
            continue
        if (
            has_status
            and '"health":"err"' in told[0]
            and '"url"' in told[1]
            and "refused" in healthy
        ):
            return
        time.sleep(0.2)
    pytest.fail("Prometheus and Alertmanager did not get ready")


def declared(prometheus: str, alertmanager: str) -> Environment:
    """Return an environment that declares both."""
    login = {"user": "admin", "credential": "MONITORING_PASSWORD"}
    days = {"objective_percent": 99.0, "days": 1}
    return Environment.model_validate(
        {
            "schema": "plimsoll/environment/1",
            "system": "Ferry",
            "monitoring": {
                "prometheus": {
                    "url": prometheus, **login,
                    "services": ["monitor", "functions", "slow", "ghost"],
                    "rule_groups": ["availability"],
                },
                "alertmanager": {"url": alertmanager, **login, "silence_hours_at_most": 24},
                "availability": [
                    {"name": "app", "expression": 'app_up{region="fra1"}', **days},
                    {"name": "short", "expression": "max(app_up)", **days, "days": 30},
                    {"name": "unknown", "expression": "max(no_such_metric)", **days},
                    {"name": "several", "expression": "app_up", **days},
                    {"name": "malformed", "expression": "max(app_up", **days},
                ],
                "protected": True,
            },
        }
    )  # fmt: skip


@pytest.fixture
def view(servers: Servers):
    """Return what a subject is seen as, with everything observed that is planned for it."""

    def look(subject: object, password: str = PASSWORD) -> MonitoringView:
        context = Context(credentials={"MONITORING_PASSWORD": password})
        snapshot = observe(reads_plan(servers.environment, subject), context)
        assert b"canary-of" not in snapshot.to_json()
        seen = snapshot.sightings
        return MonitoringView(Examination("MET-04", subject, servers.environment, seen))

    return look


def test_targets_are_up_down_or_not_scraped_yet(servers, view):
    """Each with its labels; the error is told, and not the parameter in the address it quotes."""
    service = inventory.scraped_services(servers.environment)[0]
    found = view(service).targets()
    assert isinstance(found, Observed)
    assert found.origin.source == "prom"
    health = {name: [one.health for one in targets_of(found.value, name, None)]
              for name in ("monitor", "functions", "slow", "ghost")}  # fmt: skip
    assert health == {"monitor": ["up"], "functions": ["down"], "slow": ["unknown"], "ghost": []}
    (away,) = targets_of(found.value, "functions", None)
    assert "connection refused" in away.last_error
    assert away.labels["region"] == "fra1"


def test_rules_are_sound_or_tell_their_error(servers, view):
    """Groups, kinds, times of evaluation, and what Prometheus says of a rule that fails."""
    (subject,) = inventory.prometheus_servers(servers.environment)
    seen = view(subject)
    groups = {one.name: one for one in seen.rule_groups().value}
    gone, total = groups["availability"].rules
    assert (gone.name, gone.kind, gone.health) == ("Gone", "alerting", "ok")
    assert (total.name, total.kind, total.health) == ("job:up:sum", "recording", "ok")
    assert groups["availability"].interval_seconds == 1
    assert gone.evaluated_at is not None
    assert datetime.now(UTC) - gone.evaluated_at < timedelta(seconds=60)
    (twice,) = groups["broken"].rules
    assert twice.health == "err"
    assert twice.last_error
    assert seen.alertmanagers().value.active == (f"{servers.alertmanager}/api/v2/alerts",)
    assert seen.alertmanagers().value.dropped == ()


def test_a_refused_configuration_is_told(servers, view, tmp_path_factory):
    """After a reload of what cannot be loaded, Prometheus says that it runs with something older."""
    (subject,) = inventory.prometheus_servers(servers.environment)
    assert view(subject).configuration().value.is_loaded is True
    folder = next(tmp_path_factory.getbasetemp().glob("monitoring*"))
    sound = (folder / "prometheus.yml").read_text()
    try:
        (folder / "prometheus.yml").write_text("scrape_configs: nonsense\n")
        reload(servers.prometheus)
        assert view(subject).configuration().value.is_loaded is False
    finally:
        (folder / "prometheus.yml").write_text(sound)
        reload(servers.prometheus)
    assert view(subject).configuration().value.is_loaded is True


def reload(prometheus: str) -> None:
    """Tell Prometheus to read its configuration again; a refusal is what a test may want."""
    httpx.post(f"{prometheus}/-/reload", auth=("admin", PASSWORD), trust_env=False, timeout=10)


def availability(servers: Servers, name: str):
    """Return an availability as a subject."""
    found = inventory.availabilities(servers.environment)
    return next(one for one in found if one.id == f"availability-{name}")


def test_availability_is_the_mean_of_a_day(servers, view):
    """Twenty minutes of a day are lost, and nearly every minute of it is measured."""
    subject = availability(servers, "app")
    measured = view(subject).measured(subject.measured).value
    assert measured.share == pytest.approx(1 - LOST_MINUTES / 1440, abs=0.0005)
    assert measured.covered > 0.995
    assert verdict(measured, 99.0) is False
    assert verdict(measured, 98.0) is True


def test_a_window_longer_than_the_data_decides_nothing(servers, view):
    """One day of thirty was measured: the others may have been good or bad."""
    subject = availability(servers, "short")
    measured = view(subject).measured(subject.measured).value
    assert measured.covered < 0.05
    assert verdict(measured, 99.0) is None


@pytest.mark.parametrize(
    ("name", "reason"),
    [("unknown", "no data"), ("several", "series"), ("malformed", "malformed")],
)
def test_an_expression_that_tells_no_share_is_not_observed(servers, view, name, reason):
    """Nothing, several series and an error of the parser: none of them is an availability."""
    subject = availability(servers, name)
    with pytest.raises(NotObserved, match=reason):
        view(subject).measured(subject.measured)


def test_silences_are_read_with_their_matchers(servers, view):
    """One that was set for two days over everything in a region."""
    now = datetime.now(UTC)
    silence = {
        "matchers": [{"name": "region", "value": "fra1", "isRegex": False, "isEqual": True}],
        "startsAt": now.isoformat(),
        "endsAt": (now + timedelta(days=2)).isoformat(),
        "createdBy": "test",
        "comment": "canary-of a comment",
    }
    url = f"{servers.alertmanager}/api/v2/silences"
    httpx.post(
        url, json=silence, auth=("admin", PASSWORD), trust_env=False, timeout=5
    ).raise_for_status()
    (subject,) = inventory.silencing(servers.environment)
    (found,) = view(subject).silences().value
    assert str(found) == '{region="fra1"}'
    assert found.state == "active"
    assert mutes(found, "critical") is True
    assert found.ends_at - found.starts_at > timedelta(hours=47)


def test_a_wrong_password_is_said_to_be_one(servers, view):
    """Nothing is taken for empty where nobody is let in."""
    subject = inventory.scraped_services(servers.environment)[0]
    with pytest.raises(NotObserved, match="credential is not accepted"):
        view(subject, "wrong").targets()


def test_strangers_are_kept_out(servers):
    """Without a credential both refuse what their API would tell."""
    for host in inventory.monitoring_hosts(servers.environment):
        probe = HttpProbe(host.url)
        seen = observe([probe], Context())[probe]
        assert isinstance(seen, Observed)
        assert keeps_out(seen.value[0])
