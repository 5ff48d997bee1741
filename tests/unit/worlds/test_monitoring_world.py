"""The mocked Prometheus, Alertmanager and Grafana have the manners of the real ones."""

import json
from base64 import b64encode
from datetime import UTC, datetime

import pytest

from plimsoll import resources
from plimsoll.environment.loader import load
from plimsoll.environment.problem import ConfigurationError
from plimsoll.worlds.cloud import Misbehavior, Trouble
from plimsoll.worlds.http_message import Call
from plimsoll.worlds.monitoring import MonitoringWorld
from plimsoll.worlds.monitoring_files import load_monitoring
from plimsoll.worlds.monitoring_server import MonitoringServer

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
SECRET = "of-this-test"
HOSTS = {name: f"{name}.app-oint.com" for name in ("prometheus", "alertmanager", "grafana")}
EXPRESSION = 'max(up{job="functions", region="fra1"})'


@pytest.fixture
def world():
    """The monitoring of App-Oint, as it is at noon."""
    declared = load("app-oint").model.monitoring
    folder = resources.fixtures() / "app-oint"
    found = load_monitoring(folder, declared, dict.fromkeys(declared.credentials, SECRET), NOON)
    assert isinstance(found, MonitoringWorld)
    return found


def login(system):
    """The header that lets in."""
    if system == "grafana":
        return f"Bearer {SECRET}"
    return f"Basic {b64encode(f'plimsoll:{SECRET}'.encode()).decode()}"


@pytest.fixture
def ask(world):
    """Ask a system, with the right credential where none is given, over TLS."""

    def asked(system, target, scheme="https", authorization=None, method="GET", withheld=()):
        log = []
        server = MonitoringServer(world, log, withheld)
        given = login(system) if authorization is None else authorization
        headers = {"host": HOSTS.get(system, system)}
        route = server.respond(
            scheme, Call(method, target, headers | ({"authorization": given} if given else {}))
        )
        assert [one.path for one in log] == [target]
        return route

    return asked


def told(route):
    """The JSON of a success."""
    assert route.status == 200
    return json.loads(route.body)


def test_targets_and_rules_are_those_of_the_repository(ask, world):
    """Every one of them well, scraped and evaluated a moment ago."""
    targets = told(ask("prometheus", "/api/v1/targets?state=active"))["data"]["activeTargets"]
    assert {one["health"] for one in targets} == {"up"}
    assert {"functions", "postgres-exporter"} < {one["labels"]["job"] for one in targets}
    groups = told(ask("prometheus", "/api/v1/rules"))["data"]["groups"]
    assert {"service-level", "data"} < {one["name"] for one in groups}
    (rule,) = [one for one in groups[0]["rules"] if one["name"] == "HighErrorRate"]
    assert (rule["duration"], rule["health"], rule["type"]) == (180, "ok", "alerting")
    assert rule["lastEvaluation"] == "2026-01-02T11:59:53.000000717Z"


def test_a_known_expression_is_answered_and_another_is_not(ask, world):
    """As texts; nothing of what was never measured, and an error for what is no expression."""
    ask_for = "/api/v1/query?query={}_over_time%28%28{}%29%5B30d%3A1m%5D%29"
    known = EXPRESSION.replace(" ", "%20").replace('"', "%22")
    (sample,) = told(ask("prometheus", ask_for.format("avg", known)))["data"]["result"]
    assert sample["value"][1] == "0.99988"
    (sample,) = told(ask("prometheus", ask_for.format("count", known)))["data"]["result"]
    assert sample["value"][1] == "43197"
    assert told(ask("prometheus", "/api/v1/query?query=up"))["data"]["result"] == []
    refused = ask("prometheus", "/api/v1/query?query=sum%28")
    assert (refused.status, json.loads(refused.body)["errorType"]) == (400, "bad_data")
    world.measurement("fra1").minutes = 0
    assert told(ask("prometheus", ask_for.format("avg", known)))["data"]["result"] == []


def test_silences_and_what_grafana_holds_are_listed(ask):
    """Ended silences too; as many dashboards as are asked for."""
    states = [one["status"]["state"] for one in told(ask("alertmanager", "/api/v2/silences"))]
    assert states == ["active", "active", "expired"]
    assert len(told(ask("grafana", "/api/search?type=dash-db&limit=5000"))) == 2
    assert len(told(ask("grafana", "/api/search?limit=1"))) == 1
    assert told(ask("grafana", "/api/search?type=dash-folder")) == []
    assert told(ask("grafana", "/api/datasources"))[0]["uid"] == "prometheus"
    assert told(ask("alertmanager", "/api/v2/status"))["cluster"]["status"] == "disabled"


@pytest.mark.parametrize("system", HOSTS)
def test_only_who_logs_in_is_let_in(ask, world, system):
    """Over TLS; without it whoever comes is led there, and nothing is ever written."""
    path = {"prometheus": "/api/v1/rules", "alertmanager": "/api/v2/status",
            "grafana": "/api/datasources"}[system]  # fmt: skip
    assert ask(system, path).status == 200
    assert ask(system, path, authorization="").status == 401
    assert ask(system, path, authorization="Bearer wrong").status == 401
    assert ask(system, path, method="POST").status == 405
    assert ask(system, "/nothing").status == 404
    plain = ask(system, path, scheme="http")
    assert (plain.status, plain.headers["location"]) == (308, f"https://{HOSTS[system]}{path}")
    world.door(system).is_open = True
    assert ask(system, path, authorization="").status == 200
    world.door(system).redirects = False
    assert ask(system, path, scheme="http", authorization="").status == 200


def test_what_is_withheld_gets_no_response(ask):
    """With a credential it is the collector of monitoring that asks, without one that of HTTP."""
    path = "/api/v1/rules"
    assert ask("prometheus", path, withheld=["prom"]) is None
    assert ask("prometheus", path, authorization="", withheld=["prom"]).status == 401
    assert ask("prometheus", path, authorization="", withheld=["http"]) is None
    assert ask("elsewhere.example", path, authorization="").status == 421


def test_trouble_takes_the_place_of_an_answer(ask, world):
    """For the paths that it holds for."""
    world.trouble = [Trouble(Misbehavior.UNAVAILABLE, "/api/v1/rules")]
    assert ask("prometheus", "/api/v1/rules").status == 503
    assert ask("prometheus", "/api/v1/alertmanagers").status == 200


def test_secrets_stand_where_the_real_systems_tell_them(ask, world):
    """In what is served, and never in the records that faults change."""
    world.target("functions", region="nyc1")["lastError"] = "connection refused"
    served = "".join(
        ask(system, path).body
        for system, path in (
            ("prometheus", "/api/v1/targets"), ("prometheus", "/api/v1/rules"),
            ("prometheus", "/api/v1/alertmanagers"), ("prometheus", "/api/v1/status/runtimeinfo"),
            ("alertmanager", "/api/v2/silences"), ("grafana", "/api/datasources"),
        )
    )  # fmt: skip
    assert len(world.canaries) > 50
    assert [place for place, secret in world.canaries.items() if secret not in served] == []
    records = str((world.targets, world.groups, world.silences, world.datasources))
    assert [place for place, secret in world.canaries.items() if secret in records] == []


def test_what_is_not_there_cannot_be_broken(world):
    """A change of nothing would go unnoticed."""
    for look in (
        lambda: world.door("loki"),
        lambda: world.group("nothing"),
        lambda: world.target("functions"),
        lambda: world.target("nothing"),
        lambda: world.measurement("max"),
    ):
        with pytest.raises(LookupError):
            look()


def test_a_folder_without_monitoring_has_none(tmp_path):
    """The hosts then answer nothing."""
    assert load_monitoring(tmp_path, load("app-oint").model.monitoring, {}) is None


def test_a_slip_in_a_plan_is_found_with_its_place(tmp_path):
    """File, line and key."""
    (tmp_path / "monitoring").mkdir()
    plan = "schema: plimsoll/mocked-alertmanager/1\nsilenced: []\n"
    (tmp_path / "monitoring" / "alertmanager.yaml").write_text(plan)
    with pytest.raises(ConfigurationError, match=r"alertmanager.yaml:2"):
        load_monitoring(tmp_path, load("app-oint").model.monitoring, {})
