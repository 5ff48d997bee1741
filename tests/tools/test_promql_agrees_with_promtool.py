"""What is answered here to PromQL is what Prometheus answers.

promtool evaluates every expression of a large table over random series, and rules over time, in one
process for each batch. It is asked for a sample that cannot be there, so that it always tells what
it got: a silent promtool would prove nothing.
"""

import math
import os
import random
import re
import shutil
import subprocess

import pytest
import yaml

from plimsoll.facts.alert_rule import AlertRule, RecordingRule
from plimsoll.semantics.promql import EvaluationError, statistics
from plimsoll.semantics.promql.dialect import PROMETHEUS_2
from plimsoll.semantics.promql.evaluation import evaluate
from plimsoll.semantics.promql.rule_run import run_rules
from plimsoll.semantics.promql.series import Grid, Series
from plimsoll.semantics.promql.store import SeriesStore

STEP = 15
COUNT = 61
MOMENTS = (0, 15, 290, 307, 600, 777, 900, 1110, 1200, 1225)
SENTINEL = [{"labels": '{sentinel="never"}', "value": 1}]
GOT = re.compile(r"^\s*(got|err|expr): ?(.*)$")
SAMPLE = re.compile(r'(\{(?:[^"{}]|"(?:[^"\\]|\\.)*")*\}) ([-+0-9.eEINanf]+)')

EXPRESSIONS = """
gauge
gauge{instance="a"}
gauge{instance!="a"}
gauge{instance=~"a|b"}
gauge{instance!~"a.*"}
gauge{missing=""}
{__name__=~"gaug.|counter_total"}
{__name__="gauge", job!=""}
gauge offset 1m
gauge offset -1m
gauge offset 7m30s
counter_total @ 600
rate(counter_total[5m] @ 600)
rate(counter_total[2m])
rate(counter_total[5m])
rate(counter_total[30s])
rate(counter_total[15s])
rate(counter_total[17m] offset 1m)
rate(gauge[5m])
increase(counter_total[5m])
increase(counter_total[3m] offset -2m)
irate(counter_total[5m])
irate(counter_total[20s])
irate(gauge[3m])
delta(gauge[5m])
delta(counter_total[5m])
idelta(gauge[5m])
deriv(gauge[5m])
deriv(wild[5m])
deriv(constant[5m])
predict_linear(gauge[5m], 600)
predict_linear(gauge[5m] offset 2m, 600)
predict_linear(constant[5m], 3600)
holt_winters(gauge[5m], 0.3, 0.6)
holt_winters(gauge[40s], 0.5, 0.1)
avg_over_time(gauge[3m])
sum_over_time(gauge[3m])
min_over_time(gauge[3m])
max_over_time(gauge[3m])
count_over_time(gauge[3m])
last_over_time(gauge[3m])
present_over_time(gauge[3m])
stddev_over_time(gauge[3m])
stdvar_over_time(gauge[3m])
quantile_over_time(0.9, gauge[3m])
quantile_over_time(0, gauge[3m])
quantile_over_time(1.5, gauge[3m])
quantile_over_time(-1, gauge[3m])
avg_over_time(wild[3m])
sum_over_time(wild[3m])
min_over_time(wild[3m])
max_over_time(wild[3m])
stddev_over_time(wild[3m])
quantile_over_time(0.5, wild[3m])
changes(gauge[4m])
changes(wild[4m])
changes(up[10m])
resets(counter_total[5m])
resets(wild[5m])
absent(gauge)
absent(nothing)
absent(nothing{job="x", instance=~"y"})
absent(nothing{job="x", job="y"})
absent((nothing{job="x"}))
absent(sum(nothing{job="x"}))
absent(gauge > 1e9)
absent(up == 1)
absent_over_time(nothing{job="x"}[5m])
absent_over_time(gauge[15s])
absent_over_time(brief{job="x"}[2m])
absent_over_time(up[20s])
brief
up
up == 0
up == 1
count(up == 0) by (job)
count(up == 1) < 2
count(up == 0) or vector(0)
histogram_quantile(0.95, sum by (le, job) (rate(latency_bucket[5m])))
histogram_quantile(0.5, latency_bucket)
histogram_quantile(0.5, rate(latency_bucket[1m]))
histogram_quantile(1, latency_bucket)
histogram_quantile(0, latency_bucket)
histogram_quantile(2, latency_bucket)
histogram_quantile(-0.1, latency_bucket)
histogram_quantile(0.9, latency_bucket{le!="+Inf"})
histogram_quantile(0.9, latency_bucket{le="+Inf"})
histogram_quantile(0.9, latency_bucket{le=~"0.1|.Inf"})
histogram_quantile(0.9, odd_bucket)
histogram_quantile(0.99, sum without (instance) (odd_bucket))
histogram_quantile(scalar(constant{instance="a"}), latency_bucket)
histogram_quantile(0.9, gauge)
sum(gauge)
sum by (job) (gauge)
sum by (job, missing) (gauge)
sum without (instance) (gauge)
sum without () (gauge)
sum by () (gauge)
avg by (job) (gauge)
min by (job) (gauge)
max by (job) (gauge)
count by (job) (gauge)
group by (job) (gauge)
stddev by (job) (gauge)
stdvar by (job) (gauge)
quantile by (job) (0.75, gauge)
quantile(0.25, gauge)
quantile(2, gauge)
sum(wild)
avg(wild)
min(wild)
max(wild)
min by (instance) (wild)
max by (instance) (wild)
stddev(wild)
quantile(0.5, wild)
topk(2, gauge)
topk(1, counter_total)
topk by (job) (1, counter_total)
bottomk(2, counter_total)
bottomk(100, gauge)
topk(0, gauge)
topk(2, wild)
bottomk(2, wild)
topk(scalar(sum(up)), counter_total)
count_values("value", up)
count_values by (job) ("value", up)
count_values without (instance) ("value", constant)
sum by (__name__) ({__name__=~"gauge|up"})
count by (job) ({job=~".+"})
gauge + 1
1 + gauge
gauge - counter_total
gauge * 2 / 3
gauge % 3
-7 % gauge
gauge ^ 2
2 ^ gauge
2 ^ 3 ^ 2
-2 ^ 2
gauge / 0
0 / (gauge * 0)
gauge % 0
gauge atan2 counter_total
gauge / counter_total
wild + 1
wild / wild
wild ^ 0.5
(0 - 8) ^ (1 / 3)
0 ^ -1
gauge > 3
3 > gauge
3 < gauge
gauge >= bool 3
3 != bool gauge
wild == wild
wild != wild
wild != bool wild
wild > bool 0
1 > bool 2
gauge > counter_total
gauge < bool counter_total
gauge == gauge
gauge > on (instance) counter_total
gauge > ignoring (job) counter_total
gauge * on (instance, job) counter_total
gauge * on (instance) constant
gauge * on (instance) group_left constant
gauge * on (instance) group_left (zone) constant
constant * on (instance) group_right (zone) gauge
constant / on (instance) group_right gauge
gauge > on (instance) group_left (zone) constant
gauge * ignoring (job, zone) group_left (zone) constant
gauge * on (job) gauge
gauge + on () constant
gauge * on (job) group_left sum by (job) (counter_total)
gauge / on (job) group_left sum by (job) (gauge)
gauge / ignoring (instance) group_left sum without (instance) (gauge)
gauge and up
gauge and on (instance) up
gauge and on (instance) (up == 1)
gauge unless on (instance) (up == 1)
gauge unless up
gauge or up
gauge or on (instance) up
gauge or on (job) nothing
nothing or gauge
nothing * on (job) gauge
up == 0 unless on (job) brief
(gauge > 2) and (gauge < 8)
gauge > 2 or counter_total > 50
vector(1) and on () gauge
vector(1) unless on () brief
-gauge
-(-3)
+gauge
-{__name__=~"gauge|up"}
abs(-gauge)
ceil(gauge / 3)
floor(gauge / 3)
exp(gauge)
exp(counter_total)
ln(gauge - 2)
log2(gauge)
log10(wild)
sqrt(gauge - 3)
sgn(gauge - 3)
sgn(wild)
ceil(wild)
round(gauge / 3)
round(gauge / 3, 0.1)
round(gauge, 4)
round(wild)
clamp(gauge, 2, 5)
clamp(gauge, 5, 2)
clamp(wild, 2, 5)
clamp_min(gauge, 4)
clamp_max(gauge, 4)
clamp_min(wild, 0)
clamp_max(wild, 0)
sin(gauge) + cos(gauge) - tan(gauge)
sinh(gauge) / cosh(gauge) * tanh(gauge)
asin(gauge / 10) + acos(gauge / 10) + atan(gauge)
asinh(gauge) + acosh(gauge) + atanh(gauge / 10)
acosh(wild)
deg(gauge) + rad(gauge)
gauge * pi()
time()
time() - gauge
vector(3)
vector(time())
scalar(gauge)
scalar(sum(gauge))
scalar(gauge{instance="a", job="x"})
gauge > scalar(constant{instance="a"})
timestamp(gauge)
timestamp(gauge offset 1m)
timestamp(gauge + 0)
timestamp((gauge))
sort(gauge)
sort_desc(gauge)
minute()
hour(vector(1700000000))
minute(vector(1700000000))
day_of_week(vector(1700000000 + 86400 * 3))
day_of_month(vector(1700000000))
day_of_year(vector(1700000000))
days_in_month(vector(1709200000))
month(vector(1700000000))
year(vector(1700000000))
year(-gauge * 1e8)
minute(gauge * 100)
label_replace(gauge, "zone", "$1-z", "instance", "(.*)")
label_replace(gauge, "zone", "${2}$1x$$", "instance", "(a)(.?)")
label_replace(gauge, "instance", "", "instance", "a")
label_replace(gauge, "instance", "same", "instance", ".*")
label_replace(gauge, "zone", "$name", "job", "(?P<name>x)|y")
label_replace(gauge, "zone", "fixed", "missing", "")
label_replace(gauge, "bad-name", "x", "job", ".*")
label_join(gauge, "both", "-", "job", "instance", "missing")
label_join(gauge, "job", "")
max_over_time(gauge[5m:1m])
max_over_time(gauge[5m:])
avg_over_time((gauge > 3)[5m:30s])
min_over_time(rate(counter_total[1m])[4m:15s])
rate(counter_total[5m:45s])
sum_over_time(vector(1)[5m:30s])
sum_over_time((gauge * 0 + 1)[1m:7s])
max_over_time(sum by (job) (gauge)[5m:1m] offset 1m)
quantile_over_time(0.5, deriv(gauge[2m])[4m:1m])
last_over_time(timestamp(gauge)[3m:20s])
absent_over_time(nothing[5m:1m])
max_over_time(max_over_time(gauge[2m:30s])[3m:1m])
stddev_over_time(up[5m:1m])
changes(up[10m:15s])
max_over_time(gauge[3m:1m] @ 600)
rate({__name__=~"counter_total|gauge"}[5m])
sum(rate({__name__=~"counter_total|gauge"}[5m]))
sum(rate(counter_total{job="x"}[5m])) / sum(rate(counter_total[5m])) * 100 > 1
100 - (avg by (instance) (rate(counter_total[5m])) * 100) > 80
count by (job) (up == 0) >= count by (job) (up) * 0.5
sum(rate(counter_total[1m])) by (job) < sum(rate(counter_total[5m] offset 5m)) by (job) * 0.5
(gauge / counter_total) * 100 > 0.2 unless up == 0
changes(up[5m]) > 2 and on (instance) up == 1
""".strip().splitlines()


def promtool():
    """The program, or what must be done to have it."""
    found = shutil.which("promtool")
    if found is None:
        reason = "promtool is not installed: apt-get install prometheus"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    return found


def random_series(draw):
    """Series of every kind: gauges, counters with resets, wild numbers, gaps and endings."""
    made = {}
    for job in "xy":
        for instance in ("a", "b", "ab"):
            where = {"job": job, "instance": instance}
            made["gauge", job, instance] = where, [float(draw.randint(0, 9)) for _ in range(COUNT)]
            made["counter_total", job, instance] = where, counter(draw)
            made["wild", job, instance] = where, [wild(draw) for _ in range(COUNT)]
            made["up", job, instance] = where, [float(draw.random() < 0.8) for _ in range(COUNT)]
            for name, bounds in (
                ("latency_bucket", ("0.1", "0.5", "1", "+Inf")),
                ("odd_bucket", ("-1", "0.50", "0.5", "2.5e0", "Inf", "x")),
            ):
                for bound in bounds:
                    labels = {**where, "le": bound}
                    made[name, job, instance, bound] = labels, counter(draw)
    for instance, zone in (("a", "z1"), ("b", "z2")):
        labels = {"instance": instance, "zone": zone}
        made["constant", instance] = labels, [0.5] * COUNT
    made["brief",] = {"job": "x"}, [1.0] * 12
    return [
        Series({"__name__": name, **labels}, [float(i * STEP) for i in range(len(v))], v)
        for (name, *_), (labels, values) in made.items()
        for v in [holed(draw, values, name)]
    ]


def counter(draw):
    """A counter that sometimes stands still and sometimes begins again."""
    value, values = float(draw.randint(0, 30)), []
    for _ in range(COUNT):
        value = 0.0 if draw.random() < 0.03 else value + draw.choice((0, 0, 1, 2, 5))
        values.append(value)
    return values


def wild(draw):
    """A number, or what is hardly one."""
    return draw.choice((1.5, -2.0, 0.0, 7.25, math.nan, math.inf, -math.inf))


def holed(draw, values, name):
    """The values with scrapes that failed (told by the string ``_``) and with ends (None)."""
    share = 0.0 if name in ("constant", "brief") else 0.06
    return [
        "_" if draw.random() < share else None if draw.random() < share / 2 else value
        for value in values
    ]


def without_gaps(series):
    """The series as the engine takes them: what was not scraped is no sample."""
    for one in series:
        kept = [(t, v) for t, v in zip(one.times, one.values, strict=True) if v != "_"]
        yield Series(one.labels, [t for t, _ in kept], [v for _, v in kept])


def told(value):
    """A value as promtool takes it."""
    if value is None:
        return "stale"
    if value == "_":
        return "_"
    return {"nan": "NaN", "inf": "Inf", "-inf": "-Inf"}.get(repr(value), repr(value))


def input_series(series):
    """The series as promtool takes them."""
    return [
        {
            "series": one.labels["__name__"]
            + "{"
            + ",".join(f'{k}="{v}"' for k, v in one.labels.items() if k != "__name__")
            + "}",
            "values": " ".join(told(value) for value in one.values),
        }
        for one in series
    ]


def asked(tmp_path, series, questions, rules=None):
    """Ask promtool (expression, second) pairs; its answers, or the error as a string, in order."""
    document = {
        "rule_files": [],
        "evaluation_interval": f"{STEP}s",
        "tests": [
            {
                "interval": f"{STEP}s",
                "input_series": input_series(series),
                "promql_expr_test": [
                    {"expr": expression, "eval_time": f"{second}s", "exp_samples": SENTINEL}
                    for expression, second in questions
                ],
            }
        ],
    }
    if rules is not None:
        (tmp_path / "rules.yml").write_text(yaml.safe_dump(rules, sort_keys=False))
        document["rule_files"] = ["rules.yml"]
        document["group_eval_order"] = [group["name"] for group in rules["groups"]]
    path = tmp_path / "test.yml"
    path.write_text(yaml.safe_dump(document, sort_keys=False, width=10**9))
    done = subprocess.run(
        [promtool(), "test", "rules", path], capture_output=True, text=True, check=False
    )
    answers = []
    for line in (done.stdout + done.stderr).splitlines():
        found = GOT.match(line)
        if found and found[1] == "expr" and "err:" in found[2]:
            answers.append(found[2].partition("err:")[2].strip())
        elif found and found[1] == "got":
            answers.append(sorted(map(read, SAMPLE.findall(found[2]))))
    assert len(answers) == len(questions), done.stdout + done.stderr
    return answers


def read(sample):
    """The labels and the value of a sample that promtool prints."""
    labels = re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', sample[0])
    return tuple(sorted(labels)), float(sample[1])


def answered(expression, store, second):
    """What is answered here at one moment, or that there is no answer."""
    try:
        columns = evaluate(
            expression, store, Grid(second, STEP, 1), PROMETHEUS_2, subquery_step_seconds=STEP
        )
    except EvaluationError as error:
        return str(error)
    return sorted(
        (tuple(sorted(column.labels.items())), column.values[0])
        for column in columns
        if column.values[0] is not None
    )


def agree(expression, ours, theirs):
    """Whether two answers are the same: both errors, or the same labels and nearly the same values.

    Which of equal values is among the first is not defined; only the values are compared then.
    """
    if re.match("topk|bottomk", expression) and not isinstance(ours, str):
        one, other = ([value for _, value in answer] for answer in (ours, theirs))
        key = statistics.ordering
        pairs = zip(sorted(one, key=key), sorted(other, key=key), strict=True)
        return len(one) == len(other) and all(near(*pair) for pair in pairs)
    if isinstance(ours, str) or isinstance(theirs, str):
        return isinstance(ours, str) and isinstance(theirs, str)
    return [labels for labels, _ in ours] == [labels for labels, _ in theirs] and all(
        near(one, other) for (_, one), (_, other) in zip(ours, theirs, strict=True)
    )


def near(one, other):
    """Whether two values differ by rounding only."""
    if math.isnan(one) or math.isnan(other):
        return math.isnan(one) and math.isnan(other)
    return one == other or math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_every_expression_is_answered_as_by_prometheus(tmp_path, seed):
    """Labels, values, absence and errors, at moments on and off the samples."""
    series = random_series(random.Random(seed))
    store = SeriesStore(without_gaps(series))
    questions = [(expression, second) for expression in EXPRESSIONS for second in MOMENTS]
    theirs = asked(tmp_path, series, questions)
    different = [
        f"{expression} at {second}: {ours} here, {other} there"
        for (expression, second), other in zip(questions, theirs, strict=True)
        if not agree(expression, ours := answered(expression, store, second), other)
    ]
    assert not different, f"{len(different)} of {len(questions)}\n" + "\n".join(different)


class Expressions:
    """Random expressions, each valid, most of them senseless."""

    def __init__(self, draw):
        self.draw = draw

    def pick(self, text):
        """One of the words."""
        return self.draw.choice(text.split())

    def selector(self):
        """An instant selector."""
        name = self.pick("gauge gauge counter_total wild up brief constant latency_bucket nothing")
        matchers = self.draw.choice(
            ("", "", "", '{job="x"}', '{instance=~"a.*"}', '{instance!="b",job!~"y|z"}')
        )
        return name + matchers, self.draw.choice(("", "", "", " offset 1m", " offset -45s"))

    def vector(self, depth):
        """An instant vector."""
        if depth <= 0:
            return "".join(self.selector())
        make = self.draw.choice(
            (
                *(self.aggregate, self.aggregate, self.ranged, self.ranged),
                *(self.binary, self.binary, self.binary, self.set_operation),
                *(self.mapped, self.histogram, self.presence),
            )
        )
        return make(depth - 1)

    def scalar(self, depth):
        """A number."""
        if depth > 0 and self.draw.random() < 0.2:
            return self.draw.choice(("time()", f"scalar({self.vector(depth - 1)})"))
        return self.pick("0 1 2 0.5 -3 100 1e3 7.25")

    def matrix(self, depth):
        """A range vector."""
        if depth > 0 and self.draw.random() < 0.4:
            span = self.pick("[3m:1m] [90s:15s] [5m:] [2m:20s]")
            return f"({self.vector(depth - 1)}){span}"
        name, offset = self.selector()
        return name + self.pick("[1m] [2m] [5m] [30s] [15s] [10m]") + offset

    def aggregate(self, depth):
        """An aggregation of any kind."""
        name = self.pick("sum avg min max count group stddev stdvar quantile sum count max")
        groups = ("", " by (job)", " by (job, le)", " without (instance)", " by (zone, instance)")
        parameter = f"{self.pick('0.5 0.9 0 1 2')}, " if name == "quantile" else ""
        return f"{name}{self.draw.choice(groups)} ({parameter}{self.vector(depth)})"

    def ranged(self, depth):
        """A function of a range."""
        name = self.pick(
            "rate irate increase delta idelta deriv changes resets avg_over_time sum_over_time"
            " min_over_time max_over_time count_over_time last_over_time present_over_time"
            " stddev_over_time rate increase"
        )
        return f"{name}({self.matrix(depth)})"

    def binary(self, depth):
        """An operator, between series or with a number."""
        name = self.pick("+ - * / % ^ > < >= <= == != > <")
        boolean = " bool" if name in COMPARED and self.draw.random() < 0.3 else ""
        left, right = self.vector(depth), self.vector(depth)
        kind = self.draw.random()
        if kind < 0.3:
            return f"({left}) {name}{boolean} {self.scalar(depth)}"
        if kind < 0.4:
            return f"{self.scalar(depth)} {name}{boolean} ({left})"
        match = self.draw.choice(
            (
                *("", "", " on (job)", " on (instance, job)", " ignoring (zone)", " on ()"),
                *(" on (instance) group_left ()", " on (job) group_right ()"),
                *(" ignoring (le) group_left ()", " on (instance) group_left (zone)"),
            )
        )
        return f"({left}) {name}{boolean}{match} ({right})"

    def set_operation(self, depth):
        """What compares presence only."""
        match = self.draw.choice(("", " on (job)", " ignoring (instance)", " on ()"))
        return f"({self.vector(depth)}) {self.pick('and or unless')}{match} ({self.vector(depth)})"

    def mapped(self, depth):
        """A function of each value."""
        inner = self.vector(depth)
        return self.draw.choice(
            (
                f"abs({inner})",
                f"-({inner})",
                f"ceil({inner})",
                f"clamp({inner}, 1, 5)",
                f"clamp_max({inner}, {self.scalar(depth)})",
                f"round({inner}, 0.5)",
                f"sgn({inner})",
                f"timestamp({inner})",
                f"vector({self.scalar(depth)})",
                f'label_replace({inner}, "job", "$1", "instance", "(a|b).*")',
                f'label_join({inner}, "job", "-", "job", "zone")',
                f"sort({inner})",
            )
        )

    def histogram(self, depth):
        """A quantile of buckets."""
        buckets = self.draw.choice(
            ("latency_bucket", "sum by (le) (rate(latency_bucket[5m]))", "odd_bucket")
        )
        return f"histogram_quantile({self.scalar(depth)}, {buckets})"

    def presence(self, depth):
        """What is there when something else is not."""
        return f"absent({self.vector(depth)})"


COMPARED = ("==", "!=", ">", "<", ">=", "<=")


@pytest.mark.parametrize("seed", range(4))
def test_random_expressions_are_answered_as_by_prometheus(tmp_path, seed):
    """Whatever is put together: the same labels, values, absence and errors."""
    draw = random.Random(100 + seed)
    series = random_series(draw)
    store = SeriesStore(without_gaps(series))
    make = Expressions(draw)
    questions = [(make.vector(draw.randint(1, 3)), draw.choice(MOMENTS)) for _ in range(1500)]
    theirs = asked(tmp_path, series, questions)
    different = [
        f"{expression} at {second}: {ours} here, {other} there"
        for (expression, second), other in zip(questions, theirs, strict=True)
        if not agree(expression, ours := answered(expression, store, second), other)
    ]
    assert not different, f"{len(different)} of {len(questions)}\n" + "\n".join(different)
    assert sum(bool(answer) for answer in theirs) > len(theirs) / 3


RULES = """
groups:
  - name: first
    rules:
      - {alert: Early, expr: 'job:rate > 0.1137', for: 30s, labels: {severity: early}}
      - {record: 'job:rate', expr: 'sum by (job) (rate(counter_total[1m]))'}
      - {record: 'job:rate:max', expr: 'max_over_time(job:rate[2m])', labels: {kind: peak}}
      - {record: 'one', expr: 'gauge{instance="a", job="x"} > 4', labels: {instance: '', job: 'other'}}
      - {alert: Down, expr: 'up == 0', for: 15s, labels: {severity: critical, instance: 'of {{ $labels.instance }}'}}
      - {alert: AtOnce, expr: 'up{job="x"} == 0', labels: {severity: '{{ $labels.job }}'}}
      - {alert: Lasting, expr: 'up{job="y", instance="a"} == 0', for: 15s, keep_firing_for: 45s}
  - name: second
    rules:
      - {alert: High, expr: 'job:rate > 0.1013', for: 1m}
      - {alert: Peak, expr: 'job:rate:max > 0.1219', for: 45s}
      - {alert: Gone, expr: 'absent(one)', for: 30s}
      - {alert: Many, expr: 'count(ALERTS{alertname="Down", alertstate="firing"}) > 1', for: 15s}
      - {alert: Long, expr: 'time() - ALERTS_FOR_STATE{alertname="Down"} > 30'}
      - {alert: Number, expr: '1', for: 2m}
      - {alert: Halved, expr: 'job:rate < job:rate offset 1m * 0.4713'}
      - {record: 'pending', expr: 'count by (alertname) (ALERTS{alertstate="pending", alertname!~"Feed.*"})'}
      - {alert: Feedback, expr: 'sum(pending) > 1'}
"""


def rules_of(document):
    """The rules of the file, as they are given to a run."""
    seconds = {"15s": 15.0, "30s": 30.0, "45s": 45.0, "1m": 60.0, "2m": 120.0}
    for group in document["groups"]:
        for place, rule in enumerate(group["rules"]):
            where = f"{group['name']}:{place}"
            labels = rule.get("labels", {})
            if "record" in rule:
                yield RecordingRule(rule["record"], rule["expr"], group["name"], where, labels)
            else:
                yield AlertRule(
                    rule["alert"],
                    rule["expr"],
                    group["name"],
                    where,
                    seconds.get(rule.get("for")),
                    seconds.get(rule.get("keep_firing_for")),
                    labels=labels,
                )


@pytest.mark.parametrize("seed", range(4))
def test_alerts_fire_when_prometheus_lets_them_fire(tmp_path, seed):
    """Every alert, with its labels, fires at the same evaluations; recorded series included."""
    document = yaml.safe_load(RULES)
    series = random_series(random.Random(1000 + seed))
    grid = Grid(0.0, STEP, COUNT + 8)
    run = run_rules(
        tuple(rules_of(document)),
        SeriesStore(without_gaps(series)),
        grid,
        PROMETHEUS_2,
        subquery_step_seconds=STEP,
    )
    assert run.unsupported == {}
    questions = [('ALERTS{alertstate="firing"}', int(grid.at(i))) for i in range(grid.count)]
    theirs = asked(tmp_path, series, questions, document)
    fired = 0
    for (_, second), answer in zip(questions, theirs, strict=True):
        expected = sorted(
            tuple(item for item in labels if item[0] not in ("__name__", "alertstate"))
            for labels, _ in answer
        )
        ours = sorted(
            tuple(sorted(firing.labels.items()))
            for firing in run.firings
            if any(first <= second <= last for first, last in firing.spans)
        )
        assert ours == expected, second
        fired += len(ours)
    assert fired > 100
