"""The mocked API answers as the real one does: its pages, its refusals and its silences."""

from __future__ import annotations

import json
from http.client import IncompleteRead, RemoteDisconnected
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.collectors.network import NOWHERE
from plimsoll.worlds.cloud import Cloud, Misbehavior, Trouble
from plimsoll.worlds.cloud_reads import READS
from plimsoll.worlds.cloud_scopes import READ_ONLY
from plimsoll.worlds.digitalocean_server import DigitalOceanServer
from plimsoll.worlds.http_message import Call

if TYPE_CHECKING:
    from collections.abc import Callable

    from plimsoll.worlds.http_server import Request
    from plimsoll.worlds.site import Route
    from plimsoll.worlds.world import RunningWorld, World

    Run = Callable[[World], RunningWorld]
    Ask = Callable[..., Any]

TOKEN = "canary-of-these-tests"
API = "https://api.digitalocean.com"


def account() -> Cloud:
    """Return an account with something in most lists."""
    web = {"name": "web", "envs": [], "health_check": {}, "deploy_on_push": False}
    spec = {"name": "ferry", "services": [web]}
    return Cloud(
        records={
            "apps": [{"id": "a1", "spec": spec, "pinned_deployment": {}, "project_id": "p1"}],
            "databases": [{"id": "db1", "name": "boats", "engine": "pg", "tags": ["ferry"]}],
            "droplets": [
                {"id": n, "name": f"d{n}", "tags": [], "vpc_uuid": "v"} for n in range(45)
            ],
            "droplet-pools": [{"id": "p1", "name": "pool"}],
            "firewalls": [{"id": "f1", "droplet_ids": [1], "tags": ["ferry"]}],
            "domains": [{"name": "ferry.example", "ttl": 60}],
            "alert-policies": [{"uuid": "u1", "alerts": {"email": ["night@ferry.example"]}}],
        },
        belongings={
            "app-deployments": {"a1": [{"id": "d1", "phase": "ACTIVE"}]},
            "app-health": {"a1": {"components": [{"name": "web", "state": "HEALTHY"}]}},
            "domain-records": {"ferry.example": [{"id": 7, "type": "A", "ttl": 60}]},
        },
        scopes=set(READ_ONLY),
        token=TOKEN,
    )


def respond(cloud: Cloud, path: str, token: str = TOKEN, method: str = "GET") -> Route:
    """Return the answer of a server of this account to one request."""
    return asked(DigitalOceanServer(cloud, []), path, token, method)


def asked(server: DigitalOceanServer, path: str, token: str = TOKEN, method: str = "GET") -> Route:
    """Return the answer of a server to one request."""
    headers = {"host": "api.digitalocean.com"}
    if token:
        headers["authorization"] = f"Bearer {token}"
    route = server.respond(Call(method, path, headers))
    assert route is not None
    return route


def told(cloud: Cloud, path: str) -> Any:
    """Return the body of an answer that is well."""
    route = respond(cloud, path)
    assert route.status == 200
    return json.loads(route.body)


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/v2/apps", ("apps", 0, "id")),
        ("/v2/apps/a1", ("app", "spec", "name")),
        ("/v2/apps/a1/deployments", ("deployments", 0, "id")),
        ("/v2/apps/a1/deployments/d1", ("deployment", "phase")),
        ("/v2/apps/a1/health", ("app_health", "components", 0, "state")),
        ("/v2/databases/db1", ("database", "name")),
        ("/v2/droplets/7", ("droplet", "name")),
        ("/v2/droplets/autoscale/p1", ("autoscale_pool", "name")),
        ("/v2/domains/ferry.example/records/7", ("domain_record", "type")),
        ("/v2/account", ("account", "status")),
        ("/v2/projects", ("meta", "total")),
    ],
)
def test_address_answers_with_what_stands_there(path: str, place: tuple[str | int, ...]) -> None:
    """Ask for lists, single records and details; find a value in each."""
    value = told(account(), path)
    for key in place:
        value = value[key]
    assert value is not None


def test_every_read_answers_for_an_account_that_is_empty() -> None:
    """Ask for every list of an account that holds nothing."""
    cloud = Cloud({}, {}, set(READ_ONLY), TOKEN)
    for read in READS.values():
        if not read.parent:
            assert told(cloud, read.path)[read.key] == []


@pytest.mark.parametrize(
    "path",
    [
        "/v2/boats",
        "/v2/apps/a2",
        "/v2/apps/a2/health",
        "/v2/apps/a1/deployments/d2",
        "/v2/apps/a1/health/extra",
        "/v2/apps/",
        "/v2",
        "/",
    ],
)
def test_what_is_not_there_is_not_found(path: str) -> None:
    """Ask for unknown addresses, things and details."""
    route = respond(account(), path)
    assert route.status == 404
    assert json.loads(route.body)["id"] == "not_found"


@pytest.mark.parametrize("token", ["", "canary-of-others"])
def test_request_without_the_token_is_refused(token: str) -> None:
    """Ask with no token and with another."""
    route = respond(account(), "/v2/apps", token)
    assert route.status == 401
    assert json.loads(route.body)["id"] == "Unauthorized"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "HEAD"])
def test_nothing_but_get_is_served_and_all_is_logged(method: str) -> None:
    """Send every other method; see it refused, and find it in the log."""
    log: list[Request] = []
    route = asked(DigitalOceanServer(account(), log), "/v2/apps/a1", TOKEN, method)
    assert route.status == 405
    assert [(one.method, one.path, one.credentialed) for one in log] == [
        (method, "/v2/apps/a1", True)
    ]


@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_read_without_its_scope_is_forbidden(read: Any) -> None:
    """Take away the scope that a read needs."""
    cloud = account()
    cloud.scopes.discard(read.scope)
    route = respond(cloud, read.path.replace("{}", "a1"))
    assert route.status == 403
    assert json.loads(route.body) == {
        "id": "forbidden",
        "message": "You are not authorized to perform this operation",
    }


@pytest.mark.parametrize(
    ("scope", "path", "key", "field"),
    [
        ("tag:read", "/v2/droplets", "droplets", "tags"),
        ("tag:read", "/v2/databases", "databases", "tags"),
        ("tag:read", "/v2/firewalls", "firewalls", "tags"),
        ("droplet:read", "/v2/firewalls", "firewalls", "droplet_ids"),
        ("vpc:read", "/v2/droplets", "droplets", "vpc_uuid"),
        ("project:read", "/v2/apps", "apps", "project_id"),
    ],
)
def test_field_without_its_scope_is_left_out(scope: str, path: str, key: str, field: str) -> None:
    """Read a field with its scope and without: it is there, and then it is silently not."""
    cloud = account()
    assert field in told(cloud, path)[key][0]
    cloud.scopes.discard(scope)
    assert field not in told(cloud, path)[key][0]


def test_limit_of_droplets_is_left_out_without_their_scope() -> None:
    """Ask for the account with the scope and without."""
    cloud = account()
    assert told(cloud, "/v2/account")["account"]["droplet_limit"] == 25
    cloud.scopes.discard("droplet:read")
    assert "droplet_limit" not in told(cloud, "/v2/account")["account"]


def test_credentials_of_a_database_are_left_out_without_their_scope() -> None:
    """Read a database as an auditor, and as one who may see credentials."""
    cloud = account()
    seen = told(cloud, "/v2/databases")["databases"][0]
    assert "users" not in seen
    assert seen["connection"].keys() == {"host", "port", "uri"}
    cloud.scopes.add("database:view_credentials")
    seen = told(cloud, "/v2/databases")["databases"][0]
    assert {"user", "password"} <= seen["connection"].keys()


def test_app_is_told_without_what_is_false_or_empty() -> None:
    """Read an app whose inventory holds an empty list, empty mappings and a false."""
    [app] = told(account(), "/v2/apps")["apps"]
    assert app["spec"]["services"] == [{"name": "web"}]
    assert "pinned_deployment" not in app


def test_other_things_are_told_with_what_is_empty() -> None:
    """Read a droplet that has no tags."""
    assert told(account(), "/v2/droplets/1")["droplet"]["tags"] == []


@given(st.integers(1, 60))
def test_pages_hold_every_entry_once(size: int) -> None:
    """Follow the links from the first page on, at any size of a page."""
    server = DigitalOceanServer(account(), [])
    path, seen = f"/v2/droplets?per_page={size}", []
    while path:
        body = json.loads(asked(server, path).body)
        assert len(body["droplets"]) <= size
        assert body["meta"] == {"total": 45}
        seen += [one["id"] for one in body["droplets"]]
        path = body.get("links", {}).get("pages", {}).get("next", "").removeprefix(API)
    assert seen == list(range(45))


@pytest.mark.parametrize(
    ("query", "count", "links"),
    [
        ("", 20, {"next", "last"}),
        ("?page=2", 20, {"first", "prev", "next", "last"}),
        ("?page=3", 5, {"first", "prev"}),
        ("?page=9", 0, {"first", "prev"}),
        ("?page=0&per_page=none", 20, {"next", "last"}),
        ("?per_page=200", 45, None),
    ],
)
def test_page_says_which_others_there_are(query: str, count: int, links: set[str] | None) -> None:
    """Ask for the first page, one in between, the last, one beyond, and for all on one."""
    body = told(account(), f"/v2/droplets{query}")
    assert len(body["droplets"]) == count
    assert (body["links"]["pages"].keys() if links else body.get("links")) == links


def test_page_holds_no_more_than_two_hundred() -> None:
    """Ask for more on one page."""
    cloud = account()
    cloud.records["droplets"] = [{"id": n} for n in range(450)]
    assert len(told(cloud, "/v2/droplets?per_page=450")["droplets"]) == 200


def test_list_of_databases_has_no_pages() -> None:
    """Ask for one on a page where there are several."""
    cloud = account()
    cloud.records["databases"] = [{"id": f"db{n}"} for n in range(25)]
    body = told(cloud, "/v2/databases?per_page=1")
    assert len(body["databases"]) == 25
    assert body.keys() == {"databases"}


def test_answers_count_what_is_left_of_the_limit() -> None:
    """Send two requests; compare their headers."""
    server = DigitalOceanServer(account(), [])
    first, second = (asked(server, "/v2/apps").headers for _ in range(2))
    assert first["ratelimit-limit"] == "5000"
    assert first["ratelimit-reset"].isdigit()
    assert int(first["ratelimit-remaining"]) - int(second["ratelimit-remaining"]) == 1


@pytest.mark.parametrize("wait", [None, 7])
def test_trouble_lasts_as_often_as_it_is_meant_to(wait: int | None) -> None:
    """Let the first two requests below a path be too many; ask three times, and elsewhere."""
    cloud = account()
    limited = Misbehavior.TOO_MANY_REQUESTS
    cloud.trouble = [Trouble(limited, "/v2/apps", times=2, retry_after_seconds=wait)]
    server = DigitalOceanServer(cloud, [])
    assert asked(server, "/v2/domains").status == 200
    told = [asked(server, "/v2/apps") for _ in range(3)]
    assert [one.status for one in told] == [429, 429, 200]
    assert told[0].headers.get("retry-after") == (None if wait is None else "7")
    assert told[0].headers["ratelimit-remaining"] == "0"
    assert json.loads(told[0].body)["id"] == "too_many_requests"


@pytest.mark.parametrize(
    ("kind", "status", "media", "body"),
    [
        (Misbehavior.NOT_JSON, 200, "text/html", "<!doctype html>"),
        (Misbehavior.NOT_AN_OBJECT, 200, "application/json", "[]"),
        (Misbehavior.SERVER_ERROR, 500, "application/json", '{"id":"server_error"'),
        (Misbehavior.UNAVAILABLE, 503, "text/html", "<!doctype html>"),
    ],
)
def test_trouble_replaces_the_answer(kind: Misbehavior, status: int, media: str, body: str) -> None:
    """Ask an API that is in trouble."""
    cloud = account()
    cloud.trouble = [Trouble(kind)]
    route = respond(cloud, "/v2/apps")
    assert (route.status, route.headers["content-type"].partition(";")[0]) == (status, media)
    assert route.body.startswith(body)


@pytest.mark.parametrize(
    ("kind", "host"),
    [
        (Misbehavior.ENDLESS_PAGES, "https://api.digitalocean.com/v2/apps?"),
        (Misbehavior.FOREIGN_PAGE, "https://api.digitalocean.invalid/v2/apps?"),
    ],
)
def test_trouble_leads_to_another_page(kind: Misbehavior, host: str) -> None:
    """Ask for the only page there is."""
    cloud = account()
    cloud.trouble = [Trouble(kind)]
    assert told(cloud, "/v2/apps")["links"]["pages"]["next"].startswith(host)
    assert "links" not in told(cloud, "/v2/apps/a1/health")


@given(st.text(max_size=40), st.sampled_from(list(Misbehavior)), st.text(max_size=10))
def test_any_request_is_answered(target: str, kind: Misbehavior, token: str) -> None:
    """Send any target with any token, in any trouble: it is never an error of the server."""
    cloud = account()
    cloud.trouble = [Trouble(kind, times=1)]
    server = DigitalOceanServer(cloud, [])
    for one in (token, TOKEN):
        call = Call("GET", f"/v2/{target}", {"authorization": f"Bearer {one}"})
        route = server.respond(call)
        assert route is None or route.status in range(200, 600)


def test_world_serves_its_account_over_tls(world: World, run: Run, ask: Ask) -> None:
    """Ask through the network of a world; find the request in its log, query and all."""
    world.account = account()
    running = run(world)
    reply = ask(running.network, f"{API}/v2/apps?per_page=1", token=TOKEN)
    assert json.loads(reply.body)["meta"] == {"total": 1}
    [seen] = running.requests
    assert (seen.method, seen.host, seen.path) == (
        "GET",
        "api.digitalocean.com",
        "/v2/apps?per_page=1",
    )
    assert TOKEN not in repr(seen)


@pytest.mark.parametrize(
    ("kind", "failure"),
    [
        (Misbehavior.RESET, ConnectionResetError),
        (Misbehavior.SILENT, RemoteDisconnected),
        (Misbehavior.TRUNCATED, IncompleteRead),
    ],
)
def test_trouble_ends_the_connection(
    world: World, run: Run, ask: Ask, kind: Misbehavior, failure: type[Exception]
) -> None:
    """Ask an API that does not finish what it says, or does not begin."""
    world.account = account()
    world.account.trouble = [Trouble(kind)]
    with pytest.raises(failure):
        ask(run(world).network, f"{API}/v2/apps", token=TOKEN)


def test_slow_answer_is_the_right_one(world: World, run: Run, ask: Ask) -> None:
    """Ask an API that takes its time."""
    world.account = account()
    world.account.trouble = [Trouble(Misbehavior.SLOW, delay_ms=20)]
    assert ask(run(world).network, f"{API}/v2/apps", token=TOKEN).status == 200


def test_api_that_is_down_is_nowhere(world: World, run: Run) -> None:
    """Look where the name of the API leads."""
    world.account = account()
    world.account.trouble = [Trouble(Misbehavior.DOWN)]
    assert run(world).network.address("api.digitalocean.com", 443) == NOWHERE


def test_withheld_account_says_nothing_while_the_site_answers(
    world: World, run: Run, ask: Ask
) -> None:
    """Withhold the account; ask it, and ask the site of the same world."""
    world.account = account()
    world.withhold("do")
    running = run(world)
    with pytest.raises(RemoteDisconnected):
        ask(running.network, f"{API}/v2/apps", token=TOKEN)
    assert ask(running.network, "https://ferry.example/").status == 200


def test_world_without_an_account_says_so(world: World) -> None:
    """Ask the world for what it has not."""
    with pytest.raises(LookupError, match="Ferry has no DigitalOcean account"):
        _ = world.cloud
