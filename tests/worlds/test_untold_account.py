"""What the account leaves out, or tells in words that nobody knows yet, is never taken for well."""

import pytest

PRODUCTION = "digitalocean-production"
CLOSED = {"protocol": "tcp", "ports": "22", "sources": {"tags": ["office"]}}


def app(world):
    """The first app of the account."""
    return world.cloud.all("apps")[0]


def running(world):
    """The specification that the first app runs."""
    return app(world)["active_deployment"]["spec"]


def service(world):
    """The first service that the first app runs."""
    return running(world)["services"][0]


def firewall(world):
    """The first firewall of the account."""
    return world.cloud.all("firewalls")[0]


def let_in(world, **more):
    """Let something in through the first firewall."""
    firewall(world)["inbound_rules"].append(CLOSED | more)


def healthy(world):
    """The health of the first component of the first app."""
    return world.cloud.details("app-health", app(world)["id"])["components"][0]


def scaled(world):
    """The last scaling of an app that was scaled."""
    return world.cloud.details("app-events", "appoint-fra1")[0]["autoscaling"]


def measured(world):
    """What the regions of the first uptime check measured."""
    check = world.cloud.all("uptime-checks")[0]
    return world.cloud.details("uptime-state", check["id"])["regions"]


def steered(world):
    """The record of the host that is steered."""
    return world.cloud.details("domain-records", "app-oint.com")[3]


def open_the_database(world):
    """Let the first cluster accept every address, by a kind of source that nobody knows."""
    of = world.cloud.all("databases")[0]["id"]
    world.cloud.details("database-firewall", of).append({"type": "cidr", "value": "0.0.0.0/0"})


def begin_to_open(world):
    """Set up a second firewall that opens SSH, and is not in force everywhere yet."""
    rule = CLOSED | {"sources": {"addresses": ["0.0.0.0/0"]}}
    opening = firewall(world) | {"id": "opening", "status": "waiting", "inbound_rules": [rule]}
    world.cloud.all("firewalls").append(opening)


UNTOLD = {
    "what an app runs": ("HLT-08", "tetrix", lambda world: app(world).pop("active_deployment")),
    "how what runs is specified": (
        "SEC-07b", "tetrix", lambda world: app(world)["active_deployment"].pop("spec")
    ),
    "what a component is called": ("HLT-08", "tetrix", lambda world: service(world).pop("name")),
    "what a component is made of": (
        "DLV-06", "tetrix",
        lambda world: [service(world).pop(key, None) for key in ("github", "git", "image")],
    ),
    "how anything is built": (
        "DLV-01", "tetrix", lambda world: service(world).update(image={"repository": "web"})
    ),
    "how long anything is given to end": (
        "DLV-03", "tetrix",
        lambda world: running(world).update(static_sites=running(world).pop("services")),
    ),
    "which deployment is pinned": (
        "RBK-02", "tetrix", lambda world: app(world).update(pinned_deployment={"phase": "ACTIVE"})
    ),
    "how a component is": (
        "REG-01", "tetrix", lambda world: healthy(world).update(name="another")
    ),
    "what became of a deployment": (
        "RBK-03", "app-oint",
        lambda world: world.cloud.details("app-deployments", "appoint-fra1")[1].update(
            phase="UNKNOWN"
        ),
    ),
    "how the last scaling ended": ("SCL-05", "app-oint", lambda world: scaled(world).pop("phase")),
    "how the last scaling ended, in a known word": (
        "SCL-05", "app-oint", lambda world: scaled(world).update(phase="ABANDONED")
    ),
    "what the last scaling scaled": (
        "SCL-05", "app-oint", lambda world: scaled(world).pop("components")
    ),
    "in which state a pool is": (
        "SCL-05", PRODUCTION, lambda world: world.cloud.all("droplet-pools")[0].pop("status")
    ),
    "in which state a machine of a pool is": (
        "SCL-05", PRODUCTION,
        lambda world: world.cloud.details("pool-members", "backend-ams3")[0].pop("status"),
    ),
    "what a region has measured": (
        "MET-08", "tetrix", lambda world: measured(world).pop("us_east")
    ),
    "what a record says": ("DNS-01", "app-oint", lambda world: steered(world).pop("data")),
    "what an undeclared domain is called": (
        "DNS-03a", "tetrix", lambda world: app(world)["domains"].append({"phase": "ACTIVE"})
    ),
    "whom a rule lets in": ("SEC-06b", PRODUCTION, lambda world: let_in(world, sources={})),
    "what a protocol is": ("SEC-07b", PRODUCTION, lambda world: let_in(world, protocol="any")),
}  # fmt: skip

WRONG = {
    "a database accepts everyone, as a new kind of source": (
        "SEC-06a", PRODUCTION, open_the_database
    ),
    "a firewall is about to open a port": ("SEC-06b", PRODUCTION, begin_to_open),
    "nobody is told of a database that is nowhere": (
        "ALR-04", PRODUCTION, lambda world: world.cloud.all("databases")[0].update(name="other")
    ),
    "a declared database is nowhere": (
        "SEC-06c", PRODUCTION, lambda world: world.cloud.all("databases")[0].update(name="other")
    ),
    "a healthy component has no instance": (
        "REG-01", "tetrix",
        lambda world: healthy(world).update(replicas_desired=0, replicas_ready=0),
    ),
}  # fmt: skip


@pytest.mark.parametrize("untold", UNTOLD)
def test_what_the_account_does_not_tell_is_not_decided(rehearse, untold):
    """The control cannot be decided for what it concerns, and nothing fails."""
    control, env, change = UNTOLD[untold]
    run = rehearse(change, "--control", control, env=env)
    assert "error" in run.verdicts(control), run.out
    assert run.controls_with("fail") == set(), run.out


@pytest.mark.parametrize("wrong", WRONG)
def test_what_looks_almost_well_is_told_from_it(rehearse, wrong):
    """What a hasty look takes for sound fails."""
    control, env, change = WRONG[wrong]
    run = rehearse(change, "--control", control, env=env)
    assert "fail" in run.verdicts(control), run.out
