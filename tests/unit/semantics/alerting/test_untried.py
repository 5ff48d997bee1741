"""What a server does with a rule that the trials do not: never taken for proven, or for quiet."""

import pytest

from plimsoll.environment.alerting_model import RequiredAlert
from plimsoll.facts.document import parse_yaml_document
from plimsoll.semantics.alerting.accounts import Outcome
from plimsoll.semantics.alerting.certificate import certificates
from plimsoll.semantics.alerting.proof import always_firing, prove
from plimsoll.semantics.alerting.reaction import Setting
from plimsoll.semantics.alerting.rule_set import watches_of
from plimsoll.semantics.alerting.telling import doubts
from plimsoll.semantics.alerting.trial_record import key_of
from plimsoll.semantics.alerting.untried import why_untried

SETTING = Setting(scrape_seconds=30, evaluation_seconds=30)
DOWN = RequiredAlert(
    name="down", condition="database-down", within_seconds=300, severity="critical"
)
RULES = """
groups:
- name: recorded
{recorded}
  rules: [{{record: "db:up", expr: pg_up}}]
- name: alerts
{alerts}
  rules: [{{alert: Down, expr: '{expression}', labels: {{severity: critical}}}}]
"""


def rules(expression: str = "pg_up == 0", alerts: str = "", recorded: str = ""):
    """Return the alerting rules of a file with a group of recordings."""
    text = RULES.format(expression=expression, alerts=alerts, recorded=recorded)
    document = parse_yaml_document(text, "r.yml")
    return watches_of((document,))


UNTRIED = [
    (rules(alerts="  limit: 1"), "limited to 1"),
    (rules("db:up == 0", recorded="  limit: 2"), "limited to 2"),
    (rules(alerts="  query_offset: 20m"), "1200 s late"),
    (rules("db:up == 0", recorded="  query_offset: 20m"), "1200 s late"),
    (rules("db:up == 0", recorded="  interval: 30m"), "recorded every 1800 s"),
    (rules("pg_up == 0 and on() (day_of_week() > 0 < 6)"), "calendar (day_of_week)"),
    (rules("pg_up == 0 unless on() (hour() < 8)"), "calendar (hour)"),
    (rules('pg_up == 0 unless on() ALERTS{alertname="Watchdog"}'), "state of other alerts"),
    (rules('ALERTS{alertname="DbDown",alertstate="firing"} == 1'), "state of other alerts"),
    (rules("pg_up offset -5m == 0"), "300 s ahead"),
]


@pytest.mark.parametrize(("watches", "words"), UNTRIED)
def test_what_is_not_tried_is_not_known(watches, words) -> None:
    """It neither fires nor is quiet for certain, and the reason names what is not tried."""
    assert words in why_untried(watches[0], SETTING)
    proof = prove(DOWN, watches, SETTING)
    assert {one.outcome for one in proof.accounts} == {Outcome.UNKNOWN}
    assert all(words in one for one in doubts(proof))
    ((_, _, seen),) = always_firing(watches, SETTING)
    assert words in seen.unknown


@pytest.mark.parametrize(("watches", "words"), UNTRIED)
def test_promtool_is_not_asked_and_not_believed(watches, words) -> None:
    """Its unit tests leave out the same."""
    assert list(certificates(watches, [DOWN], SETTING)) == []
    trials = [account.trial for account in prove(DOWN, watches, SETTING).accounts]
    confirmed = frozenset((key_of(watches[0]), one.scenario.name) for one in trials)
    accounts = prove(DOWN, watches, SETTING, confirmed).accounts
    assert {one.outcome for one in accounts} == {Outcome.UNKNOWN}, words


@pytest.mark.parametrize(
    "watches",
    [
        rules(),
        rules("db:up == 0"),
        rules("db:up == 0", alerts="  interval: 1m", recorded="  interval: 30s"),
        rules("db:up == 0", recorded="  limit: 0\n  query_offset: 0s"),
        rules("pg_up == 0", recorded="  limit: 5\n  interval: 30m"),
        rules("time() - pg_backup_completed_timestamp_seconds > 90000"),
    ],
)
def test_what_the_trials_do_as_a_server_does_is_tried(watches) -> None:
    """A group that an alert does not read, a faster recording, the time that passes."""
    assert why_untried(watches[0], SETTING) == ""


def test_an_offset_for_all_rules_counts_where_a_group_has_none() -> None:
    """A group of its own may take it back."""
    late = Setting(30, 30, offset_seconds=60)
    assert "60 s late" in why_untried(rules()[0], late)
    assert why_untried(rules(alerts="  query_offset: 0s")[0], late) == ""
