"""Faults in what the platform's own monitoring watches, and in whom it tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from plimsoll.worlds.faults import fault

if TYPE_CHECKING:
    from plimsoll.worlds.world import World

POLICIES = ("app-oint", "digitalocean-production")
MACHINES = ("digitalocean-production",)
_DATABASE_CPU = "v1/dbaas/alerts/cpu_alerts"
_DROPLET_CPU = "v1/insights/droplet/cpu"
_HOOKS = "https://hooks.slack.com/services"


def _policy(world: World, kind: str) -> dict[str, Any]:
    return next(one for one in world.cloud.all("alert-policies") if one["type"] == kind)


def _uptime_check(world: World) -> dict[str, Any]:
    return world.cloud.all("uptime-checks")[0]


def _uptime_alerts(world: World) -> list[dict[str, Any]]:
    alerts: list[dict[str, Any]] = world.cloud.details("uptime-alerts", _uptime_check(world)["id"])
    return alerts


def _app_alerts(world: World) -> list[dict[str, Any]]:
    app = world.cloud.all("apps")[0]
    alerts: list[dict[str, Any]] = world.cloud.details("app-alerts", app["id"])
    return alerts


def _app_alert(world: World, rule: str) -> dict[str, Any]:
    return next(one for one in _app_alerts(world) if one["spec"]["rule"] == rule)


@fault("ALR-07", "policy-missing", vantage="do", also=("ALR-04",), environments=POLICIES)
def policy_missing(world: World) -> None:
    """There is no policy on the CPU of databases, so nobody it could tell either."""
    world.cloud.all("alert-policies").remove(_policy(world, _DATABASE_CPU))


@fault("ALR-07", "policy-disabled", vantage="do", environments=POLICIES)
def policy_disabled(world: World) -> None:
    """The policy on the CPU of databases was switched off."""
    _policy(world, _DATABASE_CPU)["enabled"] = False


@fault("ALR-07", "policy-compares-less", vantage="do", environments=POLICIES)
def policy_compares_less(world: World) -> None:
    """The policy speaks while all is well, and is silent when it is not."""
    _policy(world, _DATABASE_CPU)["compare"] = "LessThan"


@fault("ALR-07", "policy-speaks-too-late", vantage="do", environments=POLICIES)
def policy_speaks_too_late(world: World) -> None:
    """The policy speaks at a percentage above the declared one."""
    _policy(world, _DATABASE_CPU)["value"] = 95


@fault("ALR-07", "policy-misses-a-database", vantage="do", environments=POLICIES)
def policy_misses_a_database(world: World) -> None:
    """The policy names all databases but one, which came later."""
    del _policy(world, _DATABASE_CPU)["entities"][-1]


@fault("ALR-07", "policy-without-slack", vantage="do", also=("ALR-04",), environments=POLICIES)
def policy_without_slack(world: World) -> None:
    """The policy tells one of the two declared channels only."""
    _policy(world, _DATABASE_CPU)["alerts"]["slack"] = []


@fault("ALR-07", "policy-of-another-kind", vantage="do", also=("ALR-04",), environments=MACHINES)
def policy_of_another_kind(world: World) -> None:
    """What is called the policy on CPU watches the load average, which is no percentage."""
    _policy(world, _DROPLET_CPU)["type"] = "v1/insights/droplet/load_5"


@fault("ALR-07", "policy-on-one-machine", vantage="do", also=("ALR-04",), environments=MACHINES)
def policy_on_one_machine(world: World) -> None:
    """The policy watches one machine by its id, and not those that the pool adds."""
    _policy(world, _DROPLET_CPU).update(entities=["386734086"], tags=[])


@fault("ALR-07", "policy-on-another-tag", vantage="do", also=("ALR-04",), environments=MACHINES)
def policy_on_another_tag(world: World) -> None:
    """The policy watches the machines of another system."""
    _policy(world, _DROPLET_CPU)["tags"] = ["staging"]


@fault("ALR-07", "uptime-check-asks-elsewhere", vantage="do")
def uptime_check_asks_elsewhere(world: World) -> None:
    """The uptime check asks another address, which always answers."""
    _uptime_check(world)["target"] = "https://status.digitalocean.com/"


@fault("ALR-07", "uptime-check-from-one-region", vantage="do")
def uptime_check_from_one_region(world: World) -> None:
    """The uptime check asks from one region, where any trouble on the way looks like an outage."""
    _uptime_check(world)["regions"] = ["us_east"]


@fault("ALR-07", "uptime-check-only-pings", vantage="do")
def uptime_check_only_pings(world: World) -> None:
    """The uptime check asks whether the machine is there, not whether the system answers."""
    _uptime_check(world)["type"] = "ping"


@fault("ALR-07", "certificate-alert-compares-wrongly", vantage="do")
def certificate_alert_compares_wrongly(world: World) -> None:
    """The alert speaks while the certificate is fresh, and not when it is about to expire."""
    alert = next(one for one in _uptime_alerts(world) if one["type"] == "ssl_expiry")
    alert["comparison"] = "greater_than"


@fault("ALR-07", "uptime-without-certificate-alert", vantage="do")
def uptime_without_certificate_alert(world: World) -> None:
    """Nobody is told that the certificate is about to expire."""
    alerts = _uptime_alerts(world)
    alerts.remove(next(one for one in alerts if one["type"] == "ssl_expiry"))


@fault("ALR-07", "uptime-alert-tells-nobody", vantage="do")
def uptime_alert_tells_nobody(world: World) -> None:
    """The alert on an outage has neither an address nor a webhook."""
    down = next(one for one in _uptime_alerts(world) if one["type"] == "down")
    down["notifications"] = {"email": [], "slack": []}


@fault("ALR-07", "app-alert-missing", vantage="do")
def app_alert_missing(world: World) -> None:
    """The app has no alert on a domain that fails."""
    _app_alerts(world).remove(_app_alert(world, "DOMAIN_FAILED"))


@fault("ALR-07", "app-alert-disabled", vantage="do")
def app_alert_disabled(world: World) -> None:
    """The app's alert on a deployment that fails is disabled."""
    _app_alert(world, "DEPLOYMENT_FAILED")["spec"]["disabled"] = True


@fault("ALR-07", "app-alert-not-in-force", vantage="do")
def app_alert_not_in_force(world: World) -> None:
    """The platform could not put the app's alert into force."""
    _app_alert(world, "DEPLOYMENT_FAILED")["phase"] = "ERROR"


@fault("ALR-07", "app-alert-tells-nobody", vantage="do")
def app_alert_tells_nobody(world: World) -> None:
    """The app's alert has no destination; those are not part of its specification."""
    alert = _app_alert(world, "DEPLOYMENT_FAILED")
    del alert["emails"]
    del alert["slack_webhooks"]


@fault("ALR-07", "app-alert-never-speaks", vantage="do")
def app_alert_never_speaks(world: World) -> None:
    """The alert on CPU speaks above 100 %, which is never."""
    _app_alert(world, "CPU_UTILIZATION")["spec"]["value"] = 100


@fault("ALR-07", "app-alert-compares-less", vantage="do")
def app_alert_compares_less(world: World) -> None:
    """The alert on memory speaks while little is used."""
    _app_alert(world, "MEM_UTILIZATION")["spec"]["operator"] = "LESS_THAN"


@fault("ALR-07", "component-without-alert", vantage="do")
def component_without_alert(world: World) -> None:
    """A component has no alert on its restarts."""
    _app_alerts(world).remove(_app_alert(world, "RESTART_COUNT"))


@fault("ALR-04", "policy-to-a-placeholder", vantage="do", environments=POLICIES)
def policy_to_a_placeholder(world: World) -> None:
    """The policy writes to the address of an example."""
    _policy(world, _DATABASE_CPU)["alerts"]["email"] = ["operations@example.com"]


@fault("ALR-04", "policy-to-a-documented-hook", vantage="do", environments=MACHINES)
def policy_to_a_documented_hook(world: World) -> None:
    """The policy's webhook is the one that Slack's documentation shows."""
    hook = f"{_HOOKS}/T00000000/B00000000/{'X' * 24}"
    _policy(world, _DROPLET_CPU)["alerts"]["slack"][0]["url"] = hook


@fault("ALR-04", "uptime-to-a-variable", vantage="do")
def uptime_to_a_variable(world: World) -> None:
    """The alert's webhook is the name of a variable that was never put in."""
    _uptime_alerts(world)[0]["notifications"]["slack"][0]["url"] = "${SLACK_WEBHOOK_URL}"


@fault("ALR-04", "uptime-to-no-address", vantage="do")
def uptime_to_no_address(world: World) -> None:
    """What stands for the e-mail address is none."""
    _uptime_alerts(world)[0]["notifications"]["email"] = ["operations"]


@fault("ALR-04", "app-to-a-chat-page", vantage="do")
def app_to_a_chat_page(world: World) -> None:
    """The app's alert is sent to the page of a channel, which takes no messages."""
    alert = _app_alert(world, "DEPLOYMENT_FAILED")
    alert["slack_webhooks"][0]["url"] = "https://app-oint.slack.com/archives/C024BE91L"


@fault("ALR-04", "app-to-an-empty-address", vantage="do")
def app_to_an_empty_address(world: World) -> None:
    """One of the app's alerts has an address with nothing in it."""
    _app_alert(world, "DEPLOYMENT_FAILED")["emails"] = [""]
