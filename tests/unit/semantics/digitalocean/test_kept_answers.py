"""What is kept of an answer is on the list, keeps its form, and holds no secret."""

from __future__ import annotations

import json
import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.facts.document import Document, parse_json
from plimsoll.semantics.credentials import Exposure
from plimsoll.semantics.digitalocean.kept import KEPT
from plimsoll.semantics.digitalocean.kept_spec import kept_spec
from plimsoll.semantics.digitalocean.projection import LOST, each, either, fields, leaf, projected
from plimsoll.semantics.setting import exposed_secrets

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
WORDS = [
    "id",
    "name",
    "spec",
    "envs",
    "key",
    "value",
    "type",
    "services",
    "alerts",
    "emails",
    "slack_webhooks",
    "url",
    "connection",
    "uri",
    "ssl",
    "rules",
    "inbound_rules",
    "sources",
    "addresses",
    "regions",
    "us_east",
    "status",
    "config",
    "cause_details",
    "autoscaler",
    "scaled_components",
    "log_destinations",
    "datadog",
    "api_key",
    "droplet_template",
    "user_data",
    "git",
    "image",
]
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(WORDS) | st.text(max_size=5), inner, max_size=6)
    ),
    max_leaves=30,
)


@given(st.sampled_from(sorted(KEPT)), JSON)
def test_any_answer_can_be_projected(read, content) -> None:
    """Whatever comes, what is kept of it is JSON, or that it has another form."""
    kept = projected(KEPT[read], content)
    assert kept is LOST or json.loads(json.dumps(kept, allow_nan=False)) == kept


@given(st.sampled_from(sorted(KEPT)), JSON)
def test_nothing_that_came_becomes_an_empty_thing(read, content) -> None:
    """A list stays as long as it was, and a mapping gains no keys."""
    kept = projected(KEPT[read], content)
    if isinstance(KEPT[read], list):
        assert (kept is LOST) is not isinstance(content, list | None)
        assert kept is LOST or kept is None or len(kept) == len(content)


@given(st.sampled_from(sorted(KEPT)), JSON)
def test_projecting_twice_is_projecting_once(read, content) -> None:
    """What is kept of what is kept is the same, so no value is masked beyond recognition."""
    kept = projected(KEPT[read], content)
    if kept is not LOST:
        assert projected(KEPT[read], kept) == kept


def test_other_form_is_absent_and_never_empty() -> None:
    """A field that has not its form is left out; in a list it leaves a null."""
    shape = fields("name", rules=[fields("id")], open=each(leaf))
    broken = {"name": {"x": 1}, "rules": "none", "open": [], "other": 1}
    assert projected(shape, broken) == {}
    assert projected([shape], [1, {"name": "a", "rules": [7, {"id": 1, "x": 2}]}]) == [
        None,
        {"name": "a", "rules": [None, {"id": 1}]},
    ]
    assert projected(shape, {"rules": None}) == {"rules": None}
    assert projected(either(leaf, shape), {"name": "a"}) == {"name": "a"}
    assert projected(leaf, [1, "a", {"x": 1}, [2]]) == [1, "a", None, None]
    assert projected(leaf, float("inf")) is LOST


def secret() -> str:
    """A value that no masking recognizes by its form."""
    return f"zq{secrets.token_hex(5)}"


def spec(canary) -> dict:
    """A specification with a secret in every place that can hold one."""
    return {
        "name": "shop",
        "envs": [{"key": "SESSION_SECRET", "type": "GENERAL", "value": canary()}],
        "services": [
            {
                "name": "web",
                "build_command": f"pnpm build --token {canary()}",
                "run_command": f"API_KEY={canary()} node server.mjs",
                "git": {"repo_clone_url": f"https://bot:{canary()}@git.example.test/shop.git"},
                "image": {"registry_credentials": f"bot:{canary()}", "tag": "1.2"},
                "envs": [
                    {"key": "API_KEY", "scope": "RUN_TIME", "value": canary()},
                    {"key": "DATABASE_URL", "value": f"postgres://u:{canary()}@db.test/x"},
                    {"key": "ANYTHING", "type": "SECRET", "value": canary()},
                    {"key": "STORED", "type": "SECRET", "value": f"EV[1:{canary()}:{canary()}]"},
                ],
                "log_destinations": [
                    {"name": "a", "datadog": {"endpoint": "https://x.test", "api_key": canary()}},
                    {"name": "b", "logtail": {"token": canary()}},
                    {"name": "c", "papertrail": {"endpoint": f"x.test:1/{canary()}"}},
                    {
                        "name": "d",
                        "open_search": {
                            "endpoint": f"https://u:{canary()}@os.test:25060/?k={canary()}",
                            "basic_auth": {"user": canary(), "password": canary()},
                        },
                    },
                ],
            }
        ],
        "ingress": {"secure_header": {"key": "x-origin", "value": canary()}},
        "unknown": {"password": canary()},
    }


def connection(canary) -> dict:
    return {
        "uri": f"postgres://doadmin:{canary()}@db.test:25060/x",
        "host": canary(),
        "user": canary(),
        "password": canary(),
        "ssl": True,
    }


def answers(canary) -> dict[str, list | dict]:
    """Answers of every kind that holds secrets, with one in each place."""
    slack = {"channel": "#ops", "url": f"https://hooks.slack.com/services/T1/B1/{canary()}"}
    person = f"{canary()}@example.net"
    connections = {name: connection(canary) for name in (
        "connection", "private_connection", "standby_connection", "standby_private_connection",
        "ui_connection", "schema_registry_connection")}  # fmt: skip
    deployment = {
        "id": "d",
        "spec": spec(canary),
        "cause_details": {"type": "MANUAL", "digitalocean_user": {"email": person}},
        "progress": {"steps": [{"name": "x", "reason": {"code": "y", "message": canary()}}]},
    }
    app = {"id": "a", "spec": spec(canary), "active_deployment": deployment}
    app |= {"pending_deployment": deployment, "owner_uuid": canary()}
    app["domains"] = [{"validations": [{"txt_name": "x", "txt_value": canary()}]}]
    return {
        "apps": [app],
        "app-deployments": [deployment],
        "app-events": [{"id": "e", "deployment": deployment}],
        "app-alerts": [{"id": "x", "emails": [person], "slack_webhooks": [slack]}],
        "alert-policies": [{"uuid": "x", "alerts": {"email": [person], "slack": [slack]}}],
        "uptime-alerts": [{"id": "x", "notifications": {"email": [person], "slack": [slack]}}],
        "databases": [
            connections
            | {"id": "d", "users": [{"name": canary(), "password": canary(), "access_key": canary()}]}
        ],
        "database-replicas": [connections | {"name": "r"}],
        "database-pools": [connections | {"name": "p", "user": canary()}],
        "droplet-pools": [{"id": "p", "droplet_template": {"user_data": canary(), "size": "s-1"}}],
        "domains": [{"name": "example.net", "zone_file": f"@ TXT {canary()}"}],
    }  # fmt: skip


def test_no_secret_survives() -> None:
    """Of a secret in any place that can hold one, nothing is kept."""
    planted: list[str] = []

    def canary() -> str:
        planted.append(secret())
        return planted[-1]

    kept = {read: projected(KEPT[read], content) for read, content in answers(canary).items()}
    text = json.dumps(kept, ensure_ascii=False)
    assert len(planted) > 60
    assert [one for one in planted if one in text] == []
    assert kept["databases"][0]["connection"] == {"ssl": True}
    assert '"size": "s-1"' in text


@given(st.sampled_from(sorted(KEPT)), JSON)
def test_no_secret_survives_where_it_does_not_belong(read, content) -> None:
    """A connection string is masked in whatever field it stands."""

    def poisoned(value):
        match value:
            case str():
                return "postgres://u:zqcanary77@db.test/x"
            case dict():
                return {key: poisoned(one) for key, one in value.items()}
            case list():
                return [poisoned(one) for one in value]
        return value

    kept = projected(KEPT[read], poisoned(content))
    assert kept is LOST or "zqcanary77" not in json.dumps(kept)


def test_live_secrets_are_found_as_those_of_a_file_are() -> None:
    """A check of the kept specification names the same settings, for the same reasons."""
    text = json.dumps(spec(secret), indent=1)
    before = exposed_secrets("app-spec", [parse_json(text, "x")])
    after = exposed_secrets(
        "app-spec", [Document("x", kept_spec(json.loads(text)), is_spelled=True)]
    )
    named = {
        (name, problem) for name, problem, _ in before if "/API_KEY" in name or "SECRET" in name
    }
    assert named
    assert named <= {(name, problem) for name, problem, _ in after}
    told = {name: problem for name, problem, _ in after}
    assert told["web/DATABASE_URL"] == Exposure.CLEAR_TEXT.value
    assert told["web/ANYTHING"] == Exposure.CLEAR_TEXT.value
    assert "web/STORED" not in told
    assert "services[0]/build_command" not in told


@pytest.mark.parametrize("broken", [None, [], "x", 7, {"services": [None, {"name": "web"}]}])
def test_any_specification_can_be_kept(broken) -> None:
    """What is no specification is kept as nothing."""
    assert kept_spec(broken) == (broken if isinstance(broken, dict) else None)


def test_specification_keeps_how_the_app_runs() -> None:
    """What a reviewed specification says of how an app runs can be compared with the live one."""
    whole = {
        "name": "shop",
        "region": "fra",
        "features": ["buildpack-stack=ubuntu-22"],
        "services": [
            {
                "name": "web",
                "instance_size_slug": "apps-d-1vcpu-1gb",
                "autoscaling": {
                    "min_instance_count": 2,
                    "max_instance_count": 10,
                    "metrics": {"cpu": {"percent": 80}},
                },
                "build_command": "pnpm install --frozen-lockfile && pnpm build",
                "health_check": {"http_path": "/api/health", "period_seconds": 30},
                "envs": [{"key": "NODE_ENV", "scope": "RUN_TIME", "value": "production"}],
                "github": {"repo": "acme/shop", "branch": "main", "deploy_on_push": True},
            }
        ],
        "domains": [{"domain": "example.net", "type": "PRIMARY"}],
        "alerts": [{"rule": "DEPLOYMENT_FAILED"}],
        "databases": [{"name": "db", "engine": "PG", "production": True}],
        "ingress": {"rules": [{"match": {"path": {"prefix": "/"}}, "component": {"name": "web"}}]},
    }
    assert kept_spec(whole) == whole
