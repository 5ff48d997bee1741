"""The condition where no rule looks: at other instances, in other regions, of other jobs."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plimsoll.environment.alerting_model import UNBOUNDED, RequiredAlert
from plimsoll.facts.exposure import ExposedMetric, Exposure, ScrapedTarget
from plimsoll.semantics.alerting.accounts import Outcome
from plimsoll.semantics.alerting.elsewhere import KIND, elsewhere
from plimsoll.semantics.alerting.proof import prove
from plimsoll.semantics.alerting.reaction import Deployment, Setting
from plimsoll.semantics.alerting.telling import problems
from plimsoll.semantics.alerting.watches import Recorded, Watch

METRICS = (
    ExposedMetric("http_requests_total", "counter", ({"status": "200"},), "app:1"),
    ExposedMetric("process_cpu_seconds_total", "counter", ({},), "app:2"),
    ExposedMetric("health_check_status", "gauge", ({"check": "db"},), "app:3"),
    ExposedMetric("backup_last_success_timestamp_seconds", "gauge", ({},), "app:4"),
)
NODE = ExposedMetric("node_cpu_seconds_total", "counter", ({"mode": "idle", "cpu": "0"},), "n:1")


def target(instance, *metrics, job="api", **labels):
    """A scraped target; it exposes the application's metrics where nothing else is said."""
    attached = {"job": job, "instance": instance, **labels}
    return ScrapedTarget(job, attached, metrics or METRICS, f"prometheus.yml ({job})")


TWO = (target("a:80", region="fra"), target("b:80", region="nyc"))
THREE = (*TWO, target("c:80", region="nyc"))
JOBS = (*TWO, target("w:80", job="web", region="fra"), target("p:90", NODE, job="prometheus"))


def deployed(*targets):
    """How rules are tried where these targets are scraped."""
    return Setting(30, 30, deployment=Deployment(str(targets), Exposure(targets)))


def rule(expression, name="A", recordings=()):
    """Return a rule on its own."""
    return Watch(name, expression, (("severity", "critical"),), 0.0, 0.0, recordings, where=name)


def demand(condition, above=0.1):
    """A required alert, with a bound where its condition has one."""
    bound = {} if condition in UNBOUNDED else {"above": above}
    return RequiredAlert(
        name="r", condition=condition, within_seconds=400, severity="critical", **bound
    )


def found(required, targets, *expressions, **more):
    """Return the outcomes elsewhere, by the words of the trial after the comma."""
    rules = [rule(one, f"R{n}", **more) for n, one in enumerate(expressions)]
    accounts = prove(required, rules, deployed(*targets)).accounts
    return {
        str(one.trial).partition(", ")[2]: one.outcome for one in accounts if one.trial.kind == KIND
    }


def ratio(errors="", requests=""):
    """Return a rule on the share of errors, with more asked of what is above and below."""
    above = f'sum(rate(http_requests_total{{status=~"5..",{errors}}}[2m]))'
    return f"{above} / sum(rate(http_requests_total{{{requests}}}[2m])) > 0.1"


A, B = 'instance="a:80"', 'instance="b:80"'
FRA, NYC = 'region="fra"', 'region="nyc"'
MISSED, FIRES = Outcome.MISSED, Outcome.FIRES


@pytest.mark.parametrize(
    ("required", "targets", "expressions", "outcomes"),
    [
        (demand("error-ratio"), TWO, [ratio()], {}),
        (demand("error-ratio"), TWO, [ratio(A, A)], {"in nyc alone": MISSED}),
        (demand("error-ratio"), TWO, [ratio(A)], {"in nyc alone": MISSED}),
        (demand("error-ratio"), THREE, [ratio(A, A)], {"in nyc alone": MISSED}),
        (demand("error-ratio"), THREE, [ratio(FRA, FRA)], {"in nyc alone": MISSED}),
        (
            demand("error-ratio"),
            THREE,
            [ratio('instance!="c:80"', 'instance!="c:80"')],
            {"at c:80 alone": MISSED},
        ),
        (demand("error-ratio"), TWO, [ratio(A, A), ratio(B, B)], {}),
        (demand("error-ratio"), TWO, [f"{ratio(A, A)} or {ratio(B, B)}"], {}),
        (demand("error-ratio"), THREE, [ratio(A, A), ratio(B, B)], {"at c:80 alone": MISSED}),
        (demand("error-ratio"), TWO, [ratio('region=~"fra|nyc"', 'region!=""')], {}),
        (demand("error-ratio"), TWO, [ratio(A, A), ratio()], {}),
        (
            demand("error-ratio"),
            TWO,
            [f"{ratio()} and on() up{{{A}}} == 1"],
            {"in nyc alone": FIRES},
        ),
        (demand("database-down"), TWO, ["pg_up == 0"], {}),
        (
            demand("backup-age", 9e4),
            TWO,
            [f"time() - backup_last_success_timestamp_seconds{{{FRA}}} > 9e4"],
            {"in nyc alone": MISSED},
        ),
        (demand("region-down"), TWO, ["avg by (region) (up) < 0.5"], {"in nyc alone": FIRES}),
        (
            demand("region-down"),
            THREE,
            [f"avg by (region) (up{{{FRA}}}) < 0.5"],
            {"in nyc alone": MISSED},
        ),
        (
            demand("region-down"),
            THREE,
            ['avg by (region) (up{instance!="c:80"}) < 0.6'],
            {"in nyc alone": FIRES},
        ),
        (demand("down"), TWO[:1], ["up == 0"], {}),
        (demand("down"), JOBS, ["up == 0"], {"in nyc alone": FIRES}),
        (
            demand("down"),
            JOBS,
            ['up{job="api"} == 0'],
            {"at w:80 alone": MISSED, "in nyc alone": FIRES},
        ),
        (demand("down"), JOBS, ['up{job=~"api|web"} == 0'], {"in nyc alone": FIRES}),
        (
            demand("down"),
            JOBS,
            ['up{job="api"} == 0', 'up{job="web"} == 0'],
            {"in nyc alone": FIRES},
        ),
        (
            demand("down"),
            (*JOBS, target("x:80", job="x"), target("y:80", job="y")),
            ['up{job="api"} == 0', 'up{job="web"} == 0', "avg(up) < 0.5"],
            {"at y:80 alone": MISSED, "in nyc alone": FIRES},
        ),
        (demand("down"), TWO, [f"up{{{A}}} == 0"], {"in nyc alone": MISSED}),
        (
            demand("health"),
            TWO,
            [f"health_check_status{{{A}}} == 0 or absent(health_check_status)"],
            {"in nyc alone": MISSED},
        ),
        (
            demand("cpu", 0.8),
            JOBS,
            ["rate(process_cpu_seconds_total[2m]) > 0.8"],
            {"in nyc alone": FIRES},
        ),
        (
            demand("cpu", 0.8),
            JOBS,
            ['rate(process_cpu_seconds_total{job="api"}[2m]) > 0.8'],
            {"at w:80 alone": MISSED, "in nyc alone": FIRES},
        ),
    ],
)
def test_what_no_rule_looks_at_is_tried_alone(required, targets, expressions, outcomes):
    """A rule that is pinned misses it; rules that look everywhere together are not suspected."""
    assert found(required, targets, *expressions) == outcomes


def test_a_rule_that_looks_at_what_is_recorded_is_pinned_by_what_it_asks_of_it():
    """What is asked of recorded series is asked of what they are made from."""
    errors = 'sum by (instance, region) (rate(http_requests_total{status=~"5.."}[2m]))'
    all_of_them = "sum by (instance, region) (rate(http_requests_total[2m]))"
    made = {"recordings": (Recorded("job:errors:ratio", f"{errors} / {all_of_them}"),)}
    error_ratio = demand("error-ratio")
    assert found(error_ratio, TWO, "job:errors:ratio > 0.1", **made) == {}
    pinned = found(error_ratio, TWO, f"job:errors:ratio{{{FRA}}} > 0.1", **made)
    assert pinned == {"in nyc alone": MISSED}


def test_a_label_that_recording_writes_pins_nothing():
    """It tells nothing of where the series come from."""
    recorded = Recorded("api:down", "count(up == 0)", (("region", "fra"),))
    seen = found(demand("down"), TWO, f"api:down{{{FRA}}} > 0", recordings=(recorded,))
    assert seen == {"in nyc alone": FIRES}


def test_what_cannot_show_it_is_not_struck():
    """A target without the metric, and one without the other metric that the rule needs."""
    bare = target("z:80", METRICS[1], region="sin")
    assert found(demand("error-ratio"), (TWO[0], bare), ratio(A, A)) == {}
    used = ExposedMetric("process_resident_memory_bytes", "gauge", ({},), "x")
    limit = ExposedMetric("app_memory_limit_bytes", "gauge", ({},), "x")
    whole, half = target("a:80", used, limit), target("z:80", used)
    full = "process_resident_memory_bytes / app_memory_limit_bytes > 0.8"
    assert found(demand("memory", 0.8), (whole, half), full) == {}


def test_hosts_are_looked_at_where_the_application_tells_nothing():
    """Of what an exporter beside it exposes each instance counts, the first one too."""
    hosts = (*TWO, *(target(f"n{n}:9100", NODE, job="node-exporter") for n in (1, 2)))
    idle = '1 - rate(node_cpu_seconds_total{{mode="idle",{}}}[2m]) > 0.8'
    cpu = demand("cpu", 0.8)
    assert found(cpu, hosts, idle.format("")) == {"at n2:9100 alone": FIRES}
    assert found(cpu, hosts, idle.format('instance="n1:9100"')) == {"at n2:9100 alone": MISSED}
    accounts = prove(cpu, [rule(idle.format(""))], deployed(*hosts)).accounts
    assert {one.outcome for one in accounts} == {FIRES}


def test_what_is_missed_is_told_with_its_place():
    """The sentence names where it is, and why the rule is silent there."""
    setting = deployed(*THREE)
    proof = prove(demand("down"), [rule('up{instance!="c:80"} == 0')], setting)
    told = next(str(one) for one in problems(proof, setting, "rules.yml") if "alone" in str(one))
    assert "at c:80 alone" in told
    assert "1 == 0 is false" in told


def test_on_the_logic_alone_nothing_is_known_of_other_places():
    """Which instances there are is told by what is deployed."""
    assert elsewhere(demand("down"), [rule('up{job="api"} == 0')], Setting(30, 30)) == ()
    assert elsewhere(demand("down"), [], deployed(*TWO)) == ()
    assert elsewhere(demand("down"), [rule("up == (")], deployed(*TWO)) == ()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=3, unique=True))
def test_rules_pinned_to_instances_prove_it_where_there_is_one_for_each(watched):
    """Exactly then nothing is missed, however the rules share the instances."""
    expressions = [ratio(f'instance="{one}:80"', f'instance="{one}:80"') for one in watched]
    seen = found(demand("error-ratio"), THREE, *expressions)
    assert (MISSED in seen.values()) is (len(watched) < 3)
