"""What is written for promtool about a rule: nothing is claimed that was not worked out."""

import json

from plimsoll.environment.alerting_model import RequiredAlert
from plimsoll.semantics.alerting.certificate import certificates, sentinel
from plimsoll.semantics.alerting.demands import trials
from plimsoll.semantics.alerting.reaction import Setting, reaction
from plimsoll.semantics.alerting.watches import Recorded, Watch

SETTING = Setting(scrape_seconds=30, evaluation_seconds=30)
DOWN = RequiredAlert(
    name="down",
    condition="database-down",
    holds_seconds=60,
    within_seconds=300,
    severity="critical",
)


def rule(expression="pg_up == 0", severity="critical", keep=0.0, **more):
    """Return a rule on its own."""
    return Watch("A", expression, (("severity", severity),), 60.0, keep, **more)


def certified(watch):
    """Return the certificates of one rule for one required alert."""
    return list(certificates([watch], [DOWN], SETTING))


def test_a_rule_is_certified_as_it_was_tried():
    """Every claim is what was worked out, at a whole evaluation, and not beside a change."""
    (made,) = certified(rule())
    assert not made.is_open
    assert {claim.fires for claim in made.claims} == {True, False}
    for claim in made.claims:
        seen = reaction(rule(), claim.scenario, 720.0, SETTING)
        assert seen.fires_at(claim.moment) is claim.fires
        assert claim.moment % 30 == 0
        spans = [at for one in seen.firings for span in one.spans for at in span]
        assert all(abs(at - claim.moment) > 30 for at in spans)
    steady = [claim for claim in made.claims if claim.scenario.begins < 0]
    assert min(claim.moment for claim in steady) >= DOWN.within_seconds


def test_the_files_hold_the_rule_and_its_claims():
    """The rule stands on its recordings; each scenario is a test with every claim about it."""
    watch = rule(
        "a:b == 0", keep=90.0, recordings=(Recorded("a:b", "pg_up"),), interval_seconds=60.0
    )
    (made,) = certified(watch)
    (group,) = json.loads(made.rules)["groups"]
    assert group["interval"] == "60s"
    assert [one.get("record", one.get("alert")) for one in group["rules"]] == ["a:b", "A"]
    assert group["rules"][1]["for"] == "60s"
    assert group["rules"][1]["keep_firing_for"] == "90s"
    test = json.loads(made.test)
    assert test["evaluation_interval"] == "60s"
    assert sum(len(one["promql_expr_test"]) for one in test["tests"]) == len(made.claims)
    assert all(one["input_series"] for one in test["tests"])
    samples = [case["exp_samples"][0] for one in test["tests"] for case in one["promql_expr_test"]]
    assert sorted(one["value"] for one in samples) == sorted(int(one.fires) for one in made.claims)


def test_nothing_is_claimed_of_other_rules():
    """Another severity, other facts, or a rule that does not parse: there is no certificate."""
    assert certified(rule(severity="warning")) == []
    assert certified(rule("node_load1 > 3")) == []
    assert certified(rule("pg_up == (")) == []


def test_what_is_open_claims_what_is_owed():
    """Where our engine cannot tell, each trial is a certificate of what the rule owes in it."""
    made = certified(rule("pg_up == 0 and rate(pg_up[3d]) <= 0"))
    assert len(made) == len(trials(DOWN)) + 1
    assert all(one.is_open for one in made)
    owed = {one.claims[0].scenario.name: {claim.fires for claim in one.claims} for one in made}
    assert owed["a healthy system"] == {False}
    assert owed[trials(DOWN)[0].scenario.name] == {True}


def test_the_sentinel_claims_what_is_false():
    """It must fail: its series is there, and it says that it is not."""
    (test,) = json.loads(sentinel(SETTING))["tests"]
    assert test["input_series"] == [{"series": "sentinel", "values": "1x10"}]
    assert test["promql_expr_test"][0]["exp_samples"] == []
