"""What becomes of trials: every outcome, what makes it, and how it is told to people."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plimsoll.environment.alerting_model import MetricRole, RequiredAlert
from plimsoll.facts.exposure import ExposedMetric, Exposure, ScrapedTarget
from plimsoll.semantics.alerting.accounts import Outcome
from plimsoll.semantics.alerting.demands import Duty
from plimsoll.semantics.alerting.proof import always_firing, effective_bound, prove
from plimsoll.semantics.alerting.reaction import Deployment, Setting
from plimsoll.semantics.alerting.telling import doubts, expectation, problems, row, silence
from plimsoll.semantics.alerting.trial_record import key_of
from plimsoll.semantics.alerting.watches import Recorded, Watch

SETTING = Setting(scrape_seconds=30, evaluation_seconds=30)
DOWN = RequiredAlert(
    name="down",
    condition="database-down",
    holds_seconds=60,
    within_seconds=300,
    severity="critical",
)
DISK = RequiredAlert(
    name="disk", condition="disk", above=0.8, within_seconds=300, severity="critical"
)
FULL = "1 - node_filesystem_avail_bytes / node_filesystem_size_bytes"
GOOD = FULL + " > 0.8"


def rule(expression, name="A", severity="critical", hold=60.0, **more):
    """Return a rule on its own."""
    labels = (("severity", severity),) if severity else ()
    return Watch(name, expression, labels, hold, 0.0, where=f"{name}.yml:1", **more)


def outcomes(required, *rules, setting=SETTING):
    """Return the outcomes of all trials, by kind."""
    return {a.trial.kind: a.outcome for a in prove(required, rules, setting).accounts}


def told(required, *rules):
    """Return what is wrong, as sentences."""
    return [str(one) for one in problems(prove(required, rules, SETTING), SETTING, "rules.yml")]


def test_a_sound_rule_is_proven():
    """It fires when it must, lasts, and is silent otherwise; nothing is told."""
    proof = prove(DOWN, [rule("pg_up == 0")], SETTING)
    assert {one.outcome for one in proof.accounts} == {Outcome.FIRES, Outcome.SILENT}
    assert [one.name for one in proof.covering] == ["A"]
    assert told(DOWN, rule("pg_up == 0")) == []
    assert row(proof, [rule("pg_up == 0")], SETTING)[0::3] == ("A", "proven")


@pytest.mark.parametrize(
    ("rules", "kind", "outcome", "words"),
    [
        ([], "clear", Outcome.MISSED, "no rule reads anything that would tell"),
        ([rule("pg_up == 2")], "clear", Outcome.MISSED, "A (A.yml:1) is silent"),
        ([rule("pg_up == 0", hold=400)], "clear", Outcome.LATE, "A fires after 420 s"),
        ([rule("pg_up == 0", hold=9000)], "clear", Outcome.MISSED, "holds for less than 9000 s"),
        ([rule("changes(pg_up[5m]) > 0")], "clear", Outcome.RESOLVES, "and resolves after"),
        ([rule("pg_up == 0", hold=0)], "spike", Outcome.NOISY, "fires after 0 s"),
        ([rule("pg_up == 0", severity="")], "clear", Outcome.MISSED, "with severity none"),
        ([rule("pg_up >= 0")], "clear", Outcome.MISSED, "on a healthy system too"),
        ([rule(f"pg_up == {n}", f"R{n}") for n in range(2, 7)], "clear", Outcome.MISSED, "as well"),
    ],
)
def test_what_is_wrong_is_told(rules, kind, outcome, words):
    """Each way of failing has its outcome, and a sentence that names the rule."""
    assert outcomes(DOWN, *rules)[kind] is outcome
    assert words in "\n".join(told(DOWN, *rules))


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("pg_up == (", "invalid"),
        ("pg_up == 0 and rate(pg_up[3d]) == 0", "farther than is tried"),
        ("database_is_dead_or_down == 1", "declare it under alerts.signals"),
    ],
)
def test_what_cannot_be_told_is_unknown_and_never_proven(expression, reason):
    """A rule that cannot be tried leaves what only it could tell undecided, with the reason."""
    proof = prove(DOWN, [rule(expression)], SETTING)
    assert Outcome.FIRES not in {one.outcome for one in proof.accounts}
    assert Outcome.UNKNOWN in {one.outcome for one in proof.accounts}
    assert all("A (A.yml:1)" in one for one in doubts(proof))
    assert row(proof, [rule(expression)], SETTING)[2] == "–"
    if reason != "invalid":
        assert reason in doubts(proof)[0]


def test_an_unknown_rule_of_another_severity_decides_nothing():
    """What could not count anyway leaves nothing in doubt."""
    strange = rule("database_is_dead_or_down == 1", severity="warning")
    assert outcomes(DOWN, strange)["clear"] is Outcome.MISSED


def test_what_another_engine_confirmed_counts_where_ours_cannot_tell():
    """What promtool alone saw makes a trial that is unknown here end as it is owed."""
    far = rule("pg_up == 0 and rate(pg_up[3d]) <= 0")
    trials = [one.trial for one in prove(DOWN, [far], SETTING).accounts]
    confirmed = frozenset((key_of(far), one.scenario.name) for one in trials)
    found = prove(DOWN, [far], SETTING, confirmed).accounts
    assert {one.outcome for one in found} == {Outcome.FIRES, Outcome.SILENT}
    none = prove(DOWN, [far], SETTING, frozenset()).accounts
    assert {one.outcome for one in none} == {Outcome.UNKNOWN}


def test_from_where_on_a_rule_fires_is_found():
    """The bound lies between what is silent and what fires; a stricter rule has a lower one."""
    proof = prove(DISK, [rule(GOOD)], SETTING)
    low, high = effective_bound(proof, [rule(GOOD)], SETTING)
    assert low < 0.8 < high
    strict = [rule(FULL + " > 0.55")]
    low, high = effective_bound(prove(DISK, strict, SETTING), strict, SETTING)
    assert low < 0.55 < high
    assert effective_bound(prove(DISK, [], SETTING), [], SETTING) is None
    assert "0.768 to 0.832" in row(proof, [rule(GOOD)], SETTING)


def test_one_duty_may_be_asked_alone():
    """A proof is narrowed to the trials of a duty, and says what is owed in each."""
    proof = prove(DISK, [rule(FULL + " > 0.1")], SETTING).narrowed(Duty.SILENCE)
    assert {one.trial.duty for one in proof.accounts} == {Duty.SILENCE}
    late = prove(DOWN, [rule("changes(pg_up[5m]) > 0")], SETTING)
    assert "lasts as long" in expectation(late, late.accounts[0])
    noisy = prove(DOWN, [rule("pg_up == 0", hold=0)], SETTING)
    assert "no alert" in expectation(noisy, noisy.of(Duty.SILENCE)[0])


def test_edges_are_not_tried_on_what_is_deployed():
    """Where buckets and windows are coarse, edges tell nothing; where nobody exposes, nothing fires."""
    nobody = Setting(30, 30, deployment=Deployment("nobody", Exposure(())))
    kinds = outcomes(DISK, rule(GOOD), setting=nobody)
    assert not kinds.keys() & {"edge", "below", "spike"}
    assert Outcome.FIRES not in kinds.values()


def test_why_a_rule_is_silent_names_the_first_part_that_answered_nothing():
    """A metric of unknown meaning, a part without an answer, or what could not be read at all."""
    scenario = prove(DOWN, [], SETTING).accounts[0].trial.scenario
    strange = silence(rule("database_is_dead == 1"), scenario, 300, SETTING)
    assert strange.startswith("database_is_dead: ")
    recorded = rule("a:b == 0", recordings=(Recorded("a:b", "pg_up"),))
    assert silence(recorded, scenario, 300, SETTING)
    assert silence(rule("pg_up == ("), scenario, 300, SETTING)
    assert "holds for less than 60 s" in silence(rule("pg_up == 0"), scenario, 300, SETTING)


def test_what_fires_in_health_is_found():
    """What is always true fires; what cannot be told is yielded with its reason; nothing else is."""
    rules = [rule("vector(1)", "On"), rule("pg_up == 0", "Off"), rule("rate(up[3d]) > 0", "Far")]
    found = {watch.name: seen for watch, _, seen in always_firing(rules, SETTING)}
    assert found.keys() == {"On", "Far"}
    assert found["On"].firings
    assert found["Far"].unknown


EXPRESSIONS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "pg_up == 0",
            "absent(pg_up)",
            "rate(pg_up[1m])",
            "topk(1, pg_up)",
            "pg_up offset 1w",
            'label_replace(pg_up, "a", "$1", "b", "(")',
            "sum by (x) (pg_up) / on () group_left pg_up",
            "quantile_over_time(2, pg_up[5m:])",
            "histogram_quantile(0.9, pg_up)",
            "count_values('x', pg_up)",
            "-pg_up ^ 0.5 == bool 0",
            "pg_up @ end()",
            '{__name__=~"pg_.*"} == 0',
            "time()",
            "vector(1)",
        ]
    ),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(EXPRESSIONS, max_size=3), EXPRESSIONS)
def test_any_text_has_an_outcome(texts, recorded):
    """Whatever stands in a rule file, every trial ends in an outcome, and can be told."""
    recordings = (Recorded("a:b", recorded),)
    rules = [rule(text, f"R{n}", recordings=recordings) for n, text in enumerate(texts)]
    proof = prove(DOWN, rules, SETTING)
    assert proof.accounts
    assert all(isinstance(one.outcome, Outcome) for one in proof.accounts)
    assert all(str(one) for one in problems(proof, SETTING, "rules.yml"))
    assert row(proof, rules, SETTING)
    assert isinstance(doubts(proof), tuple)
    list(always_firing(rules, SETTING))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from(["pg_up == 0", "pg_up == 1", "absent(pg_up)", "up == 0"]), max_size=4)
)
def test_a_rule_less_never_proves_more(texts):
    """What is missed by some rules is missed by fewer of them too."""
    rules = [rule(text, f"R{n}") for n, text in enumerate(texts)]
    whole = outcomes(DOWN, *rules)
    for number in range(len(rules)):
        fewer = outcomes(DOWN, *rules[:number], *rules[number + 1 :])
        for kind, outcome in whole.items():
            if outcome is Outcome.MISSED:
                assert fewer[kind] is Outcome.MISSED


@settings(max_examples=40, deadline=None)
@given(st.from_regex(r"zz[a-z]{2,8}", fullmatch=True), st.sampled_from(["== 0", "> 0.5", "!= 1"]))
def test_what_is_not_observed_never_fires(metric, comparison):
    """A rule on a metric of which nobody knows what it tells proves nothing."""
    for demand in (DOWN, DISK):
        found = outcomes(demand, rule(f"{metric} {comparison}"))
        assert Outcome.FIRES not in found.values()


def test_a_metric_that_is_declared_proves():
    """What a metric tells may be said; then the rule on it counts."""
    signals = (("zz_base", MetricRole(role="database_up")),)
    setting = Setting(30, 30, signals=signals)
    assert outcomes(DOWN, rule("zz_base == 0"), setting=setting)["clear"] is Outcome.FIRES


SEVERE = 'label_replace(pg_up == 0, "severity", "critical", "", "")'


@pytest.mark.parametrize(
    ("expression", "severity", "outcome"),
    [
        (SEVERE, "", Outcome.FIRES),
        (SEVERE, "{{ $labels.severity }}", Outcome.FIRES),
        ("pg_up == 0", "{{ $labels.job }}", Outcome.MISSED),
        ("pg_up == 0", "{{ if eq $value 0.0 }}critical{{ end }}", Outcome.UNKNOWN),
        (SEVERE, "warning", Outcome.MISSED),
    ],
)
def test_the_severity_counts_that_the_alert_has_when_it_fires(expression, severity, outcome):
    """The rule's own text may be a template, or leave it to the series."""
    found = outcomes(DOWN, rule(expression, severity=severity, hold=0.0))
    assert found["clear"] is outcome


def test_a_second_rule_that_gets_the_severity_from_its_series_is_noisy():
    """What pages for a spike does so whatever the rule is written like."""
    noisy = rule(SEVERE, "B", severity="", hold=0.0)
    assert outcomes(DOWN, rule("pg_up == 0"), noisy)["spike"] is Outcome.NOISY


APP_DOWN = RequiredAlert(name="d", condition="down", within_seconds=300, severity="critical")


@pytest.mark.parametrize("job", ["kubernetes-pods", "node-app", "web", "kube-dashboard-api"])
def test_an_application_may_be_scraped_by_a_job_of_any_name(job):
    """A word of a tool in it does not make it one."""
    found = outcomes(APP_DOWN, rule(f'up{{job="{job}"}} == 0 or absent(up{{job="{job}"}})'))
    assert found["clear"] is Outcome.FIRES


@pytest.mark.parametrize("job", ["node", "node-exporter", "kubernetes-apiservers", "redis"])
def test_a_tool_beside_the_application_is_not_what_is_down(job):
    """Its own `up` tells of itself."""
    found = outcomes(APP_DOWN, rule(f'up{{job="{job}"}} == 0'))
    assert found["clear"] is Outcome.MISSED


REQUESTS = ExposedMetric("http_requests_total", "counter", ({"status": "200"},), "api:1")
BROKEN = RequiredAlert(
    name="e", condition="error-ratio", above=0.01, within_seconds=900, severity="critical"
)
RATIO = (
    'sum(rate(http_requests_total{status=~"5.."}[2m])) / sum(rate(http_requests_total[2m])) > 0.01'
)


@pytest.mark.parametrize(
    ("seconds", "outcome"),
    [(None, Outcome.FIRES), (15.0, Outcome.FIRES), (300.0, Outcome.MISSED)],
)
def test_a_target_has_samples_as_often_as_its_job_scrapes_it(seconds, outcome):
    """A window that never holds two samples answers nothing."""
    api = ScrapedTarget(
        "api", {"job": "api", "instance": "a:1"}, (REQUESTS,), "p", scrape_seconds=seconds
    )
    setting = Setting(15, 15, deployment=Deployment(str(seconds), Exposure((api,))))
    assert outcomes(BROKEN, rule(RATIO, hold=0.0), setting=setting)["clear"] is outcome


SLOW = RequiredAlert(
    name="s", condition="latency-p95", above=2.0, within_seconds=300, severity="critical"
)
_MEAN = (
    "rate(http_request_duration_seconds_sum[2m]) / rate(http_request_duration_seconds_count[2m])"
)
_BUCKETS = "sum by (le) (rate(http_request_duration_seconds_bucket[2m]))"


@pytest.mark.parametrize(
    ("required", "expression", "is_told"),
    [
        (SLOW, f"histogram_quantile(0.95, {_BUCKETS}) > 2", True),
        (SLOW, f"histogram_quantile(0.5, {_BUCKETS}) > 0.667", False),
        (SLOW, f"histogram_quantile(0.9, {_BUCKETS}) > 2", False),
        (SLOW, f"{_MEAN} > 0.87", False),
        (SLOW, f"{_MEAN} > 0.5", False),
        (BROKEN, RATIO, True),
        (BROKEN, 'sum(rate(http_requests_total{status=~"5.."}[2m])) > 0.4', False),
        (BROKEN, f"{RATIO} and sum(rate(http_requests_total[2m])) > 30", False),
        (BROKEN, RATIO.replace('=~"5.."', '="500"'), False),
    ],
)
def test_what_merely_goes_along_with_the_condition_does_not_tell_it(required, expression, is_told):
    """The same share with less traffic or another status, the same tail with a fast median."""
    proof = prove(required, [rule(expression, hold=0.0)], SETTING)
    shapes = [one.outcome for one in proof.accounts if one.trial.kind == "shape"]
    assert shapes
    assert ({*shapes} == {Outcome.FIRES}) is is_told


FAILING = RequiredAlert(
    name="f", condition="database-errors", within_seconds=300, severity="critical"
)


@pytest.mark.parametrize(
    ("expression", "is_proven"),
    [
        ("rate(pg_connection_errors_total[2m]) > 0.05", True),
        ("increase(pg_connection_errors_total[2m]) > 5", True),
        ("pg_connection_errors_total - pg_connection_errors_total offset 2m > 5", True),
        ("pg_connection_errors_total > 20", False),
        ("sum(pg_connection_errors_total) > 1000", False),
    ],
)
def test_a_counter_that_is_compared_as_it_stands_proves_nothing(expression, is_proven):
    """It never comes down: such a rule fires from the first failure on, while all is well."""
    found = outcomes(FAILING, rule(expression, hold=0.0))
    assert (found["clear"] is Outcome.FIRES) is is_proven
    assert any(always_firing([rule(expression)], SETTING)) is not is_proven


@pytest.mark.parametrize(
    "expression", ["http_requests_total > 1e6", "sum(http_requests_total) > 1e8"]
)
def test_a_long_run_is_no_fault(expression):
    """A system that has served for long is healthy, however much it has counted."""
    assert [scenario.name for _, scenario, _ in always_firing([rule(expression)], SETTING)]


def test_a_share_of_all_that_was_ever_counted_is_silent():
    """It hardly moves: it is quiet while all is well, and tells nothing of what happens now."""
    lifelong = 'sum(http_requests_total{status=~"5.."}) / sum(http_requests_total) > 0.01'
    assert outcomes(BROKEN, rule(lifelong))["clear"] is Outcome.MISSED
    assert not list(always_firing([rule(lifelong)], SETTING))
