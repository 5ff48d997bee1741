"""Whether what fires gets through: past what else fires, to every channel."""

import pytest

from plimsoll.environment.alerting_model import RequiredAlert, Route
from plimsoll.facts.alert_rule import AlertRule
from plimsoll.facts.document import parse_yaml_document
from plimsoll.semantics.alerting.accounts import Account, Heard, Outcome, Proof
from plimsoll.semantics.alerting.passage import Delivery, NothingFiresError, obstacles
from plimsoll.semantics.alerting.proof import prove
from plimsoll.semantics.alerting.reaction import Firing, Reaction, Setting
from plimsoll.semantics.alerting.watches import Watch
from plimsoll.semantics.alertmanager.alert_labels import alert_shapes
from plimsoll.semantics.alertmanager.matchers import Syntax

SETTING = Setting(scrape_seconds=30, evaluation_seconds=30)
DOWN = RequiredAlert(
    name="down", condition="database-down", within_seconds=300, severity="critical"
)
ROUTE = Route.model_validate(
    {"name": "r", "severity": "critical", "channels": [{"kind": "slack", "to": "#a"}]}
)
RECEIVERS = """
receivers:
  - {name: chat, slack_configs: [{channel: "#a"}]}
  - {name: nobody}
"""


def rule(name, expression="pg_up == 0", severity="critical"):
    """Return a rule on its own."""
    return Watch(name, expression, (("severity", severity),), 0.0, 0.0, where=f"{name}:1")


def found(rules, inhibition="", receiver="chat", may_be_muted_by=None):
    """Return what is in the way of the alert, as sentences."""
    text = f"route: {{receiver: {receiver}}}\n{inhibition}\n{RECEIVERS}"
    config = parse_yaml_document(text, "am.yml")
    way = Delivery(config, Syntax.FALLBACK, ROUTE, may_be_muted_by or {})
    proof = prove(DOWN, rules, SETTING)
    return [str(one) for one in obstacles(proof, rules, SETTING, way)]


def routed_by(matcher, expression, labels=()):
    """Return what is in the way where only what a matcher accepts reaches the chat."""
    text = (
        f"route: {{receiver: nobody, routes: [{{receiver: chat, matchers: ['{matcher}']}}]}}\n"
        + RECEIVERS
    )
    watch = Watch("Down", expression, (("severity", "critical"), *labels), 0.0, 0.0, where="Down:1")
    alert = AlertRule("Down", expression, "g", "Down:1", labels=dict(watch.labels))
    way = Delivery(
        parse_yaml_document(text, "am.yml"),
        Syntax.FALLBACK,
        ROUTE,
        {},
        shapes={"Down": alert_shapes(alert)},
    )
    return obstacles(prove(DOWN, [watch], SETTING), [watch], SETTING, way)


def muting(source, target, equal="[instance]"):
    """Return an inhibition rule."""
    return (
        f"inhibit_rules: [{{source_matchers: ['alertname=\"{source}\"'], "
        f"target_matchers: ['alertname=\"{target}\"'], equal: {equal}}}]"
    )


BOTH = [rule("Down"), rule("Other", severity="warning")]


def test_what_nothing_keeps_gets_through():
    """An alert that is routed and not muted arrives."""
    assert found(BOTH) == []
    assert found(BOTH, muting("Other", "Down", "[instance, alertname]")) == []
    assert found(BOTH, muting("Down", "Other")) == []


def test_a_channel_that_is_not_reached_is_told():
    """An alert that is routed to nobody does not arrive."""
    (told,) = found(BOTH, receiver="nobody")
    assert "Down → slack #a: reaches nobody" in told


def test_an_alert_that_is_muted_does_not_arrive():
    """What fires at the same time may keep the alert from being heard."""
    (told,) = found(BOTH, muting("Other", "Down"))
    assert "Down is muted by Other" in told


def test_muting_may_be_meant():
    """What is declared to mute it may, if it is heard itself."""
    allowed = {"Down": ["Other"]}
    assert found(BOTH, muting("Other", "Down"), may_be_muted_by=allowed) == []
    three = [*BOTH, rule("Third", severity="info")]
    ring = (
        "inhibit_rules: [{source_matchers: ['alertname=\"Other\"'], target_matchers: "
        "['alertname=\"Down\"']}, {source_matchers: ['alertname=\"Third\"'], target_matchers: "
        "['alertname=\"Other\"']}]"
    )
    assert found(three, ring, may_be_muted_by=allowed) == []
    muted = ring.replace("'alertname=\"Other\"'], target", "'alertname=~\"Other|Third\"'], target")
    assert found(three, muted, may_be_muted_by=allowed)


def test_one_alert_that_is_heard_is_enough():
    """Where two rules tell of the fault, one that gets through is enough."""
    assert found([rule("Down"), rule("Twin"), BOTH[1]], muting("Other", "Down")) == []


def test_what_does_not_fire_cannot_be_delivered():
    """Nothing is judged where the clearest case raises no alert."""
    with pytest.raises(NothingFiresError, match="no alert fires"):
        found([rule("Down", "pg_up == 2")])


def test_what_no_longer_fires_when_it_is_due_is_not_said_to_arrive():
    """No alert at the moment that counts is nothing that could be seen to get through."""
    (trial, *_) = (one.trial for one in prove(DOWN, [], SETTING).accounts)
    brief = Reaction((Firing((("alertname", "Down"),), ((0.0, 30.0),)),))
    silent = rule("Down", "pg_up == 2")
    account = Account(trial, Outcome.FIRES, (Heard(silent, brief),))
    config = parse_yaml_document("route: {receiver: chat}" + RECEIVERS, "am.yml")
    way = Delivery(config, Syntax.FALLBACK, ROUTE, {})
    with pytest.raises(NothingFiresError, match="after 300 s"):
        obstacles(Proof(DOWN, (account,)), [silent], SETTING, way)


def test_what_fires_later_mutes_nothing_yet():
    """Only what fires when the alert is due can keep it from being heard."""
    late = Watch("Other", "pg_up == 0", (("severity", "warning"),), 600.0, 0.0, where="Other:1")
    assert found([rule("Down"), late], muting("Other", "Down")) == []


@pytest.mark.parametrize(
    "expression",
    ["pg_up == 0 and max_over_time(pg_up[3d]) >= 0", "replication_broken_state > 1"],
)
def test_what_may_mute_and_is_not_known_leaves_it_open(expression):
    """A rule that cannot be tried is not taken for silent where its alert would mute."""
    rules = [rule("Down"), rule("Other", expression, severity="warning")]
    with pytest.raises(NothingFiresError, match=r"Other \(Other:1\) may mute it"):
        found(rules, muting("Other", "Down"))
    assert found(rules, muting("Other", "Down"), may_be_muted_by={"Down": ("Other",)}) == []
    assert found(rules, muting("Down", "Other")) == []


def test_another_alert_of_the_name_is_not_the_one_that_is_required():
    """It arrives with a lower severity, and nobody is paged."""
    rules = [rule("Down", severity="warning"), rule("Down")]
    inhibition = (
        "inhibit_rules: [{source_matchers: ['severity=\"warning\"'], "
        "target_matchers: ['severity=\"critical\"']}]"
    )
    assert "muted by Down" in " ".join(found(rules, inhibition))


def test_external_labels_are_there_to_route_by():
    """Every alert bears them that does not bear its own."""
    text = (
        "route: {receiver: nobody, routes: [{receiver: chat, matchers: ['cluster=\"a\"']}]}\n"
        + RECEIVERS
    )
    config, rules = parse_yaml_document(text, "am.yml"), [rule("Down")]
    proof = prove(DOWN, rules, SETTING)
    for external, arrives in (({"cluster": "a"}, True), ({"cluster": "b"}, False)):
        way = Delivery(config, Syntax.FALLBACK, ROUTE, {}, external)
        assert (not obstacles(proof, rules, SETTING, way)) is arrives


@pytest.mark.parametrize(
    ("expression", "matcher"),
    [
        ('pg_up{namespace!="test"} == 0', 'namespace="production"'),
        ('pg_up{env!~"test|dev"} == 0', 'env="production"'),
        ("pg_up == 0", 'job="app"'),
    ],
)
def test_a_route_by_a_label_that_is_made_up_leaves_it_open(expression, matcher):
    """In the trial it arrives, with a value that real alerts need not bear."""
    with pytest.raises(NothingFiresError, match="hangs on more than is known"):
        routed_by(matcher, expression)


@pytest.mark.parametrize(
    ("expression", "matcher", "labels"),
    [
        ('pg_up{namespace="production"} == 0', 'namespace="production"', ()),
        ("pg_up == 0", 'team="data"', (("team", "data"),)),
        ("pg_up == 0", 'job=~".+"', ()),
        ("pg_up == 0", 'alertname="Down"', ()),
    ],
)
def test_a_route_by_a_label_that_is_known_tells(expression, matcher, labels):
    """The rule says it, or asks for it, or any value will do."""
    assert routed_by(matcher, expression, labels) == ()


def test_a_route_that_the_trial_misses_is_a_gap_all_the_same():
    """What does not arrive in the trial is told as before."""
    (told,) = routed_by('namespace="staging"', "pg_up == 0")
    assert "reaches nobody" in told.what
