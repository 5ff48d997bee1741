"""The account's collector reads each thing once, all pages of it, and asks nothing twice."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace

import pytest

from plimsoll.collectors.digitalocean_reads import READS
from plimsoll.findings import NotObserved, Observed
from plimsoll.pytest_plugin.account import SOURCES
from plimsoll.semantics.digitalocean.kept import KEPT

SHOP = {"id": "a-1", "spec": {"name": "shop"}}
OTHER = {"id": "a-2", "spec": {"name": "other"}}


def body(seen):
    assert isinstance(seen, Observed), seen
    return json.loads(seen.value.body)


def test_every_read_that_a_fixture_needs_is_known() -> None:
    """No check can plan a read that nobody knows how to do, and every read says what it keeps."""
    assert {source.read for source in SOURCES.values()} <= READS.keys()
    assert READS.keys() == KEPT.keys()


@pytest.mark.parametrize("name", READS)
def test_every_read_is_an_operation_of_the_client(name) -> None:
    """The installed client has each operation, and sends it where the read says."""
    import inspect

    from pydo import operations
    from pydo.operations import _operations

    read = READS[name]
    group, _, method = read.operation.partition(".")
    wanted = group.replace("_", "") + "operations"
    (owner,) = [
        one for one in vars(operations).values() if getattr(one, "__name__", "").lower() == wanted
    ]
    source = inspect.getsource(getattr(owner, method))
    builder = source.split("_request = ")[1].split("(")[0]
    built = inspect.getsource(getattr(_operations, builder))
    path = built.split('_url = "')[1].split('"')[0]
    pattern = path[: path.index("{")] + "{}" + path[path.index("}") + 1 :] if "{" in path else path
    assert pattern == read.path
    assert ('"per_page"' in built) is read.is_paged
    assert 'method="GET"' in built


def test_pages_are_put_together(account, paged) -> None:
    """A list of five in pages of two is read in three requests, and is one list."""
    apps = [{"id": f"a-{n}", "spec": {"name": f"app-{n}"}} for n in range(5)]
    stub = account({"/v2/apps": paged("apps", apps)})
    seen = stub.one("apps")
    assert body(seen) == {"apps": apps}
    assert (seen.value.path, seen.value.pages) == ("GET /v2/apps", 3)
    assert seen.origin.where == "GET /v2/apps"
    queries = [path.partition("?")[2] for _, path, _ in stub.web.log]
    assert queries == ["page=1&per_page=200", "page=2&per_page=200", "page=3&per_page=200"]


def test_list_that_is_not_paged_is_asked_without_a_page(account, told) -> None:
    """Clusters come in one answer, whatever their number."""
    stub = account({"/v2/databases": told(content={"databases": [{"id": "d"}]})})
    assert body(stub.one("databases")) == {"databases": [{"id": "d"}]}
    assert [path for _, path, _ in stub.web.log] == ["/v2/databases"]


def test_page_that_cannot_be_asked_for_is_not_left_out(account, told) -> None:
    """Where a list without pages says that more comes next, not all of it was seen."""
    link = "https://api.digitalocean.com/v2/databases?page=2"
    content = {"databases": [{"id": "d"}], "links": {"pages": {"next": link}}}
    seen = account({"/v2/databases": told(content=content)}).one("databases")
    assert isinstance(seen, NotObserved)
    assert seen.reason == "the answer has further pages, which cannot be asked for"


def test_details_are_found_by_name_or_id_through_one_list(account, told, paged, probe) -> None:
    """However many details are asked of however many apps, the list of apps is read once."""
    stub = account(
        {
            "/v2/apps": paged("apps", [SHOP, OTHER]),
            "/v2/apps/a-1/deployments": paged("deployments", [{"id": "d-1"}]),
            "/v2/apps/a-1/health": told(content={"app_health": {"components": []}}),
            "/v2/apps/a-2/alerts": told(content={"alerts": []}),
        }
    )
    asked = [
        probe("app-deployments", "shop"),
        probe("app-health", "a-1"),
        probe("app-alerts", "other"),
        probe("apps"),
        probe("apps"),
    ]
    seen = stub.see(*asked)
    assert set(seen) == set(asked)
    assert body(seen[asked[0]]) == {"deployments": [{"id": "d-1"}]}
    assert seen[asked[0]].origin.where == "GET /v2/apps/a-1/deployments"
    assert body(seen[asked[1]]) == {"app_health": {"components": []}}
    assert set(Counter(stub.asked).values()) == {1}


def test_list_that_only_details_need_is_no_sighting(account, told, paged, probe) -> None:
    """What was not asked for is read where it is needed, and is not told."""
    stub = account(
        {
            "/v2/uptime/checks": paged("checks", [{"id": "u-1", "name": "site"}]),
            "/v2/uptime/checks/u-1/state": told(content={"state": {"regions": {}}}),
        }
    )
    asked = probe("uptime-state", "site")
    seen = stub.see(asked)
    assert list(seen) == [asked]
    assert body(seen[asked]) == {"state": {"regions": {}}}


def test_records_of_a_zone_need_no_list(account, paged) -> None:
    """A zone is asked for by its name."""
    record = {"id": 1, "type": "A", "name": "@", "data": "192.0.2.1", "ttl": 60}
    stub = account({"/v2/domains/example.net/records": paged("domain_records", [record])})
    assert body(stub.one("domain-records", "example.net")) == {"domain_records": [record]}


@pytest.mark.parametrize(
    ("held", "reason"),
    [
        ([OTHER], "the account holds no app shop"),
        ([SHOP, SHOP | {"id": "a-3"}], "the account holds 2 apps shop: give its id"),
        ([{"spec": {"name": "shop"}}], "the API tells no id of the app shop"),
        (["shop", None, 7], "the account holds no app shop"),
    ],
)
def test_detail_of_what_is_not_there_is_not_observed(account, paged, held, reason) -> None:
    """Nothing is known of the deployments of an app that the account does not hold."""
    stub = account({"/v2/apps": paged("apps", held, size=9)})
    seen = stub.one("app-deployments", "shop")
    assert isinstance(seen, NotObserved)
    assert seen.reason == reason
    assert stub.asked == ["/v2/apps"]


def test_detail_of_an_unread_list_says_why(account, told) -> None:
    """Where the list could not be read, its details are not observed for the same reason."""
    stub = account({"/v2/apps": told(403)})
    seen = stub.one("app-health", "shop")
    assert (
        str(seen) == "DigitalOcean app-health of shop: the token lacks the scope `app:read` (403)"
    )


def test_endless_pages_are_not_followed(account, told, monkeypatch) -> None:
    """A list without an end is not observed, however long somebody follows it."""
    monkeypatch.setattr("plimsoll.collectors.digitalocean.MOST_PAGES", 3)

    def page(number):
        link = f"https://api.digitalocean.com/v2/domains?page={number}"
        return told(content={"domains": [{"name": "x"}], "links": {"pages": {"next": link}}})

    stub = account({"/v2/domains": [page(2), page(3), page(4), page(5)]})
    assert stub.one("domains").reason == "there are more than 3 pages"
    circle = account({"/v2/domains": page(1)})
    assert circle.one("domains").reason == "the answer's next page is no page after 1"
    assert len(circle.asked) == 1


def test_link_to_another_host_is_not_followed(account, told) -> None:
    """Of a link only the number counts: the token is never sent where an answer says."""
    link = "https://attacker.example.test/v2/domains?page=2"
    first = told(content={"domains": [{"name": "x"}], "links": {"pages": {"next": link}}})
    stub = account({"/v2/domains": [first, told(content={"domains": []})]})
    assert body(stub.one("domains")) == {"domains": [{"name": "x"}]}
    assert {headers["Host"] for _, _, headers in stub.web.log} == {"api.digitalocean.com"}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ({"apps": []}, "the answer holds no list `domains`"),
        ({"domains": None}, "the answer holds no list `domains`"),
        ({"domains": {}}, "the answer holds no list `domains`"),
        ({"domains": [{}], "meta": {"total": 2}}, "the API counts 2 and shows 1"),
        ({"domains": [{}], "meta": {"total": "2"}}, "the API counts 2 and shows 1"),
        ([], "the answer is no JSON object"),
        (None, "the answer is no JSON object"),
        (b"", "the answer is no JSON object"),
        (b"{", "the answer is no JSON"),
        (b"[" * 100_000, "the answer is no JSON"),
        (b"\xff\xfe", "the answer is no JSON"),
    ],
)
def test_answer_without_its_list_is_not_observed(account, told, content, reason) -> None:
    """A success that does not hold what it must is not an account without domains."""
    seen = account({"/v2/domains": told(content=content)}).one("domains")
    assert isinstance(seen, NotObserved)
    assert seen.reason == reason


def test_list_left_out_is_empty_where_nothing_is_counted(account, told) -> None:
    """The platform leaves out what is empty; that there is nothing it then says in numbers."""
    seen = account({"/v2/apps": told(content={"meta": {"total": 0}})}).one("apps")
    assert body(seen) == {"apps": []}


@pytest.mark.parametrize("token", ["", "  ", "two words", "umläut", "line\nbreak"])
def test_nothing_is_asked_without_a_token(account, token) -> None:
    """Without a token no socket is opened, and the reason says what to do."""
    stub = account({})
    stub.context = replace(stub.context, credentials={"DIGITALOCEAN_TOKEN": token})
    seen = stub.one("apps")
    assert isinstance(seen, NotObserved)
    expected = (
        "holds something that is no token" if token.strip() else "DIGITALOCEAN_TOKEN is not set"
    )
    assert expected in seen.reason
    assert not token.strip() or token not in seen.reason
    assert stub.web.log == []


def test_missing_scopes_show_in_fields_left_out(account, paged) -> None:
    """Fields that every firewall has, and none shows, tell of scopes the token lacks."""
    bare = {"id": "f-1", "name": "edge", "inbound_rules": []}
    full = bare | {"droplet_ids": [], "tags": None}
    assert account({"/v2/firewalls": paged("firewalls", [bare])}).one("firewalls").value.hidden == (
        "droplet:read",
        "tag:read",
    )
    seen = account({"/v2/firewalls": paged("firewalls", [bare, full])}).one("firewalls")
    assert seen.value.hidden == ()
    assert account({"/v2/firewalls": paged("firewalls", [])}).one("firewalls").value.hidden == ()
