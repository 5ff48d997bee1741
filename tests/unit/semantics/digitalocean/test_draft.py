"""A drafted environment file is valid as it stands, and invents nothing."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.environment.loader import load
from plimsoll.facts.cloud_reading import Reading
from plimsoll.semantics.digitalocean.answer import read_answer
from plimsoll.semantics.digitalocean.draft import READS, Found, draft

SPEC = {
    "name": "shop",
    "region": "fra",
    "domains": [{"domain": "shop.example", "type": "PRIMARY"}],
    "services": [
        {"name": "web", "instance_size_slug": "apps-d-1vcpu-1gb",
         "health_check": {"http_path": "/health"}},
    ],
}  # fmt: skip
APP = {
    "id": "0b1c2d3e-0000-4000-8000-000000000001",
    "spec": SPEC,
    "active_deployment": {"id": "d", "phase": "ACTIVE", "spec": SPEC},
    "default_ingress": "https://shop-abc.ondigitalocean.app",
}
ANSWERS = {
    "apps": {"apps": [APP]},
    "databases": {"databases": [
        {"name": "shop-pg", "engine": "pg", "region": "fra1", "num_nodes": 2},
    ]},
    "load-balancers": {"load_balancers": [
        {"name": "shop-lb", "region": {"slug": "fra1"}, "redirect_http_to_https": True,
         "forwarding_rules": [{"tls_passthrough": True}],
         "health_check": {"check_interval_seconds": 15}},
        {"name": "global", "type": "GLOBAL"},
    ]},
    "droplet-pools": {"autoscale_pools": [
        {"name": "shop-pool", "droplet_template": {"region": "fra1"}},
    ]},
    "uptime-checks": {"checks": [
        {"name": "the shop", "target": "https://shop.example/", "regions": ["eu_west", "us_east"]},
    ]},
    "domains": {"domains": [{"name": "shop.example"}]},
    "droplets": {"droplets": [
        {"name": "shop-1", "tags": ["shop"]}, {"name": "shop-2", "tags": ["shop"]},
        {"name": "bastion", "tags": []},
    ]},
}  # fmt: skip


def answer(read, data):
    """An answer as it was read."""
    return read_answer(Reading(f"GET {read}", json.dumps(data), 1))


def found(answers=ANSWERS, **unread):
    """What was found of an account."""
    return Found({read: answer(read, data) for read, data in answers.items()}, unread)


@pytest.fixture
def written(tmp_path):
    """Write a draft and load it as an environment file."""

    def write(what):
        path = tmp_path / "first.yaml"
        path.write_text(draft(what, "My Shop", "SHOP_TOKEN"))
        return load(str(path)).model

    return write


def test_what_the_account_holds_is_declared_as_found(written):
    """Names, places and what can be seen of them, one by one."""
    model = written(found())
    account = model.digitalocean
    assert (model.system, account.token) == ("My Shop", "SHOP_TOKEN")
    (app,) = account.apps
    assert (app.name, app.platform_region, app.ingress) == (
        "shop", "fra", "shop-abc.ondigitalocean.app",
    )  # fmt: skip
    assert [(one.name, one.type) for one in app.domains] == [("shop.example", "PRIMARY")]
    (database,) = account.databases
    assert (database.name, database.engine, database.nodes_at_least) == ("shop-pg", "pg", 2)
    (balancer,) = account.load_balancers
    assert (balancer.tls, balancer.health_interval_seconds) == ("passthrough", 15)
    assert [one.name for one in account.pools] == ["shop-pool"]
    assert [(one.name, one.regions_at_least) for one in account.uptime] == [("the shop", 2)]
    assert account.zones == ("shop.example",)
    assert [one.url for one in model.endpoints] == [
        "https://shop.example/",
        "https://shop-abc.ondigitalocean.app/health",
    ]


def test_names_that_yaml_takes_for_something_else_stay_names(written):
    """A cluster may be called 123, and a load balancer `on`."""
    databases = [{"name": "123", "engine": "pg", "region": "fra1"}]
    balancers = [{"name": "on", "region": {"slug": "fra1"}}]
    what = found({"databases": {"databases": databases},
                  "load-balancers": {"load_balancers": balancers}})  # fmt: skip
    account = written(what).digitalocean
    assert (account.databases[0].name, account.load_balancers[0].name) == ("123", "on")


def test_limits_are_left_to_a_person(written):
    """Nothing that should be is made up: it stands there as a comment."""
    model = written(found())
    assert model.scaling is None
    assert model.backups is None
    assert model.digitalocean.availability_percent is None
    text = draft(found(), "My Shop", "SHOP_TOKEN")
    assert "# scaling:" in text
    assert "{name: web, app: web}   # apps-d-1vcpu-1gb in shop" in text


def test_droplets_are_shown_by_the_tags_that_could_declare_them():
    """Which machines belong to the system is a decision, and so stands there as a comment."""
    text = draft(found(), "My Shop", "SHOP_TOKEN")
    assert "# machines: {tag: shop}   # 2 of 3 droplets" in text
    assert "# 1 droplets without a tag: bastion" in text


def test_a_list_that_was_not_read_is_said_to_be_missing(written):
    """Not read is not the same as empty."""
    partly = {read: data for read, data in ANSWERS.items() if read != "databases"}
    what = found(partly, databases="the token lacks database:read")
    assert written(what).digitalocean.databases is None
    assert "# databases: not read, the token lacks database:read" in draft(what, "S", "T")


def test_a_list_of_another_shape_is_said_to_be_missing(written):
    """An answer without the list it is about tells nothing."""
    what = found({**ANSWERS, "databases": {"message": "odd"}})
    assert written(what).digitalocean.databases is None
    assert "# databases: not read" in draft(what, "S", "T")


def test_an_empty_account_gives_a_valid_file(written):
    """There is nothing to declare, and the file says what could be."""
    assert written(Found({}, {})).digitalocean.apps is None


@given(
    st.dictionaries(
        st.sampled_from([read for read in READS if read != "apps"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=5),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(
                        [
                            "databases",
                            "name",
                            "region",
                            "engine",
                            "checks",
                            "domains",
                            "droplets",
                            "tags",
                        ]
                    ),
                    inner,
                    max_size=4,
                )
            ),
        ),
    )
)
def test_no_answer_breaks_the_draft(answers):
    """Whatever was answered, something is written."""
    assert "digitalocean:" in draft(found(answers), "S", "T")
