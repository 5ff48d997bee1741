"""Alerts and panels that ask for what nobody gives are told, and what is not known is left open."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.facts.alert_rule import AlertRule, RecordingRule
from plimsoll.facts.document import parse_json
from plimsoll.facts.exposure import ExposedMetric, ScrapedTarget
from plimsoll.semantics.dashboards.reading import parse_dashboard
from plimsoll.semantics.exposure.deployment import Deployment, Standing
from plimsoll.semantics.exposure.judgment import Findings, label_findings, metric_findings
from plimsoll.semantics.exposure.labelling import Labelling
from plimsoll.semantics.exposure.liveness import Liveness, metrics_read
from plimsoll.semantics.exposure.questions import (
    Question,
    questions_of_alerts,
    questions_of_dashboard,
)
from plimsoll.semantics.exposure.supply import Reach, Supply
from plimsoll.semantics.exposure.templates import template_labels

API = ScrapedTarget(
    "api",
    {"job": "api", "instance": "api:80", "region": "fra1"},
    (
        ExposedMetric("requests_total", "counter", ({"status": "200"}, {"status": "500"}), "api"),
        ExposedMetric("latency", "histogram", ({"le": "1"}, {"le": "+Inf"}), "api"),
        ExposedMetric("pool", "gauge", ({"state": "idle", "region": ""},), "api"),
        ExposedMetric("never_counted", "counter", (), "api"),
    ),
    "p.yml:1",
)
NODE = ScrapedTarget(
    "node",
    {"job": "node", "instance": "node:9100"},
    (ExposedMetric("node_load1", "gauge", ({},), "table"),),
    "p.yml:9",
)
UNSEEN = Supply(
    ScrapedTarget("page", {"job": "page", "instance": "page:80"}, (), "p.yml:5", complete=False),
    Reach.APPLICATION,
    reason="page was not seen",
    untested=True,
)
RECORDINGS = (
    RecordingRule("good:rate", "sum by (region) (rate(requests_total[1m]))", "g", "r.yml:1"),
    RecordingRule("labeled:rate", "sum(requests_total)", "g", "r.yml:2", {"team": "web"}),
    RecordingRule("dead:rate", "sum(rate(lost_total[1m]))", "g", "r.yml:3"),
    RecordingRule("deader:rate", "dead:rate * 2", "g", "r.yml:4"),
    RecordingRule("own:rate", "own:rate + 1", "g", "r.yml:5"),
    RecordingRule("broken:rate", "sum((", "g", "r.yml:6"),
)
SEEN = Deployment((Supply(API), Supply(NODE)), RECORDINGS, {"cluster": "eu"})
PARTLY = Deployment((Supply(API), Supply(NODE), UNSEEN), RECORDINGS)


def alert(expression: str, **annotations: str) -> AlertRule:
    """Return an alert."""
    return AlertRule("A", expression, "g", "r.yml:10", annotations=annotations)


def judged(expression: str, world: Deployment = SEEN) -> Findings:
    """Judge the metrics of one alert."""
    return metric_findings(questions_of_alerts([alert(expression)]), world)


def lacks(expression: str, world: Deployment = SEEN, **annotations: str) -> list[str]:
    """Return what an alert relies on in vain."""
    found = label_findings(questions_of_alerts([alert(expression, **annotations)]), world)
    return [problem.what for problem in found.judged.get("alert A", [])]


@pytest.mark.parametrize(
    ("expression", "standing"),
    [
        ("requests_total > 1", Standing.EXPORTED),
        ("rate(latency_bucket[1m])", Standing.EXPORTED),
        ("latency", Standing.NOBODY),
        ("lost_total > 1", Standing.NOBODY),
        ("requests_total / lost_total", Standing.NOBODY),
        ("requests_total or lost_total", Standing.EXPORTED),
        ("lost_total or gone_total", Standing.NOBODY),
        ("requests_total unless lost_total", Standing.EXPORTED),
        ("lost_total unless requests_total", Standing.NOBODY),
        ("requests_total and lost_total", Standing.NOBODY),
        ("absent(lost_total)", Standing.EXPORTED),
        ("time() - lost_total", Standing.NOBODY),
        ("time() > bool 1", Standing.EXPORTED),
        ("-(sum(max_over_time(lost_total[5m:1m])))", Standing.NOBODY),
        ("topk(scalar(lost_total), requests_total)", Standing.EXPORTED),
        ("count_values('v', lost_total)", Standing.NOBODY),
        ("good:rate > 1", Standing.EXPORTED),
        ("dead:rate > 1", Standing.NOBODY),
        ("deader:rate > 1", Standing.NOBODY),
        ("own:rate > 1", Standing.UNKNOWN),
        ("broken:rate > 1", Standing.UNKNOWN),
        ('{job="api"}', Standing.UNKNOWN),
        ("redis_up == 0", Standing.NOBODY),
    ],
)
def test_an_expression_answers_where_what_it_needs_is_there(
    expression: str, standing: Standing
) -> None:
    """One side is enough for `or`, both are needed elsewhere, and absence answers always."""
    assert Liveness(SEEN).standing(expression) is standing


def test_a_dead_alert_is_named_with_what_it_lacks() -> None:
    """And one that is dead in part says so."""
    found = judged("lost_total > 1")
    assert found.dead == ["A"]
    (problem,) = found.judged["alert A"]
    assert problem.where == "r.yml:10"
    assert problem.what == (
        "lost_total is exported by nobody (no scraped target exposes it), so it can never fire"
    )
    partly = judged("lost_total or requests_total")
    assert partly.dead == []
    assert "a part of it" in partly.judged["alert A"][0].what


def test_a_recording_is_followed_to_what_nobody_exports() -> None:
    """Through as many rules as there are."""
    (problem,) = judged("deader:rate > 1").judged["alert A"]
    assert "recorded at r.yml:4: it is recorded at r.yml:3" in problem.what


def test_what_may_come_from_an_unseen_target_is_left_open() -> None:
    """A metric of an exporter is not: it would come from that exporter."""
    found = judged("lost_total + gone_total", PARTLY)
    assert found.judged == {"alert A": []}
    assert found.doubt == "lost_total, gone_total cannot be judged: page was not seen"
    assert found.untested
    assert judged("redis_up == 0", PARTLY).dead == ["A"]


def test_an_expression_that_cannot_be_read_is_left_open() -> None:
    """It is nobody's fault that nobody looked."""
    for found in (judged("sum(("), label_findings(questions_of_alerts([alert("(")]), SEEN)):
        assert "cannot be read" in found.doubt
        assert not found.untested
        assert found.judged == {}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('requests_total{status="500"}', []),
        ('requests_total{status="999"}', []),
        ('requests_total{region="fra1"}', []),
        ('requests_total{region="nyc1"}', ['no scraped target gives requests_total with region="nyc1"']),
        ('up{job=~"api|node"}', []),
        ('up{job="kube"}', ['no scraped target gives up with job="kube"']),
        ('up{job=~"\\\\pL+"}', []),
        ('up{zone="a"}', ["no series of up has the label zone"]),
        ('requests_total{zone=""}', []),
        ("sum by (zone) (requests_total)", ["sum by (zone), which nothing that is read has"]),
        ("sum by (region) (up)", []),
        ("sum by (region) (node_load1)", ["sum by (region), which nothing that is read has"]),
        ("sum by (region) (pool)", ["sum by (region), which nothing that is read has"]),
        ("sum by (region) (lost_total)", []),
        ("sum by (zone) (topk(1, requests_total or up))", ["sum by (zone), which nothing that is read has"]),
        ("sum without (region) (requests_total) / on (region) up", ["on (region), which a side of it never has"]),
        ("up / ignoring (zone) up", []),
        ("requests_total * on (job) group_left (region) up", []),
        ("requests_total * on (job) group_left (zone) up", ["group_left (zone), which the other side never has"]),
        ("up * on (job) group_right (zone) requests_total", ["group_right (zone), which the other side never has"]),
        ("sum by (le) (latency_bucket)", []),
        ("sum by (le) (latency_count)", ["sum by (le), which nothing that is read has"]),
        ('sum by (x) (label_replace(up, "x", "$1", "job", "(.*)"))', []),
        ("sum by (v) (count_values('v', up))", []),
        ("sum by (region) (good:rate)", []),
        ("sum by (job) (good:rate)", ["sum by (job), which nothing that is read has"]),
        ("sum by (team) (labeled:rate)", []),
        ("sum by (zone) (vector(1))", ["sum by (zone), which nothing that is read has"]),
        ('sum by (job) (absent(up{job="api"}))', []),
        ("sum by (region) (1 + -requests_total)", []),
    ],
)  # fmt: skip
def test_labels_that_no_series_has_are_told(expression: str, expected: list[str]) -> None:
    """By selector, aggregation and matching; what an application may yet expose is not."""
    assert lacks(expression) == expected


@pytest.mark.parametrize(
    ("expression", "text", "lacking"),
    [
        ("requests_total > 1", "{{ $labels.region }} {{ $labels.status }}", 0),
        ("requests_total > 1", "{{ $labels.zone }}", 1),
        ("sum(requests_total) > 1", "{{ $labels.region }}", 1),
        ("sum by (region) (requests_total) > 1", "{{ $labels.region }}", 0),
        ("up == 0 and on (job) up", "{{ $labels.region }}", 0),
        ("up / on (job) up", "{{ $labels.region }}", 1),
        ("histogram_quantile(0.9, latency_bucket) > 1", "{{ $labels.le }}", 1),
        ("up == 0", "{{ $externalLabels.cluster }}", 0),
        ("up == 0", "{{ $externalLabels.planet }}", 1),
        ("absent(up)", "{{ $labels.instance }}", 1),
        ("lost_total", "{{ $labels.instance }}", 0),
    ],
)
def test_annotations_read_what_the_answer_keeps(expression: str, text: str, lacking: int) -> None:
    """The rule's own labels are not among them."""
    assert len(lacks(expression, summary=text)) == lacking


def test_labels_of_what_was_not_seen_are_left_open() -> None:
    """An unseen target may expose the metric with any label, and nobody knows those of a family
    without samples."""
    open_ones = (
        ("sum by (zone) (lost_total)", PARTLY, True),
        ('requests_total{zone="a"}', PARTLY, True),
        ("sum by (zone) (never_counted)", SEEN, False),
    )
    for expression, world, untested in open_ones:
        found = label_findings(questions_of_alerts([alert(expression)]), world)
        assert found.judged == {"alert A": []}
        assert "the label zone of alert A" in found.doubt
        assert found.untested is untested
    known = label_findings(questions_of_alerts([alert('requests_total{region="x"}')]), PARTLY)
    assert known.doubt == ""


def test_an_annotation_of_what_was_not_seen_is_left_open() -> None:
    """Its labels may be there."""
    one = alert("lost_total", summary="{{ $labels.zone }}")
    assert "the label zone" in label_findings(questions_of_alerts([one]), PARTLY).doubt


def test_templates_read_labels_in_every_form() -> None:
    """Inside of actions alone; what a query of the template gives has labels of its own."""
    text = (
        '{{ $labels.a }} $labels.b {{ index $labels "c" }} {{ .Labels.d }} {{ .ExternalLabels.e }}'
    )
    assert list(template_labels(text)) == [("a", False), ("c", False), ("d", False), ("e", True)]
    assert list(template_labels('{{ range query "up" }}{{ .Labels.job }}{{ end }}')) == []


DASHBOARD = {
    "title": "T",
    "templating": {"list": [{"name": "region", "type": "custom", "query": "nyc1"}]},
    "panels": [
        {"type": "text", "title": "no query"},
        {"type": "row", "title": "r", "panels": [
            {"type": "stat", "title": "lost", "targets": [{"expr": "lost_total"}, {"expr": "lost_total"}]},
            {"type": "stat", "title": "fixed", "targets": [{"expr": 'up{region="nyc1"}'}]},
            {"type": "stat", "title": "free", "targets": [{"expr": 'up{region="$region"}'}]},
        ]},
    ],
}  # fmt: skip


def test_panels_are_judged_where_they_stand() -> None:
    """Each problem once; what a variable is compared with is not judged."""
    text = json.dumps(DASHBOARD, indent=1)
    questions = questions_of_dashboard(parse_dashboard(text), parse_json(text, "d.json"))
    found = metric_findings(questions, SEEN)
    assert found.dead == []
    assert {title: len(problems) for title, problems in found.judged.items()} == {
        "panel lost": 1,
        "panel fixed": 0,
        "panel free": 0,
    }
    line = text[: text.index('"lost"')].count("\n") - 1
    assert found.judged["panel lost"][0].where == f"d.json:{line}"
    labels = label_findings(questions, SEEN)
    assert {title: len(problems) for title, problems in labels.judged.items()} == {
        "panel lost": 0,
        "panel fixed": 1,
        "panel free": 0,
    }


def test_a_long_list_of_doubts_is_cut() -> None:
    """With how many more there are."""
    expression = " + ".join(f"unknown{index}" for index in range(20))
    assert "and 8 more cannot be judged" in judged(expression, PARTLY).doubt


def test_a_chain_of_recordings_ends() -> None:
    """However long somebody made it."""
    rules = [RecordingRule(f"r{n}", f"r{n + 1}", "g", f"r.yml:{n}") for n in range(3000)]
    world = Deployment((Supply(API),), rules)
    assert Liveness(world).standing("r0") is Standing.UNKNOWN
    assert Labelling(world, Liveness(world)).of("sum by (a) (r0)").doubts


EXPRESSIONS = st.sampled_from(
    ["requests_total", "lost_total", "up", "redis_up", "good:rate", "never_counted", "1", "time()"]
)
TREES = st.recursive(
    EXPRESSIONS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["or", "and", "unless", "/ on (job)", "*"]), inner).map(
            lambda parts: f"({parts[0]}) {parts[1]} ({parts[2]})"
        ),
        inner.map(lambda one: f"sum by (region, zone) ({one})"),
        inner.map(lambda one: f"absent({one})"),
        st.text(alphabet="ab(){}[]\"',.=~!5m", max_size=8),
    ),
    max_leaves=5,
)


@given(TREES)
def test_any_expression_is_judged_or_left_open(expression: str) -> None:
    """Never an exception; with more unseen, less is certain, and nothing that was open is well."""
    question = (Question("A", "alert", "r.yml:1", expression, template_labels=("zone",)),)
    for judge in (metric_findings, label_findings):
        seen, partly = judge(question, SEEN), judge(question, PARTLY)
        told = {one.what for one in partly.judged.get("alert A", [])}
        certain = {one.what for one in seen.judged.get("alert A", [])}
        assert len(told) <= len(certain)
        assert not (certain and not told and not partly.doubt)
    assert isinstance(metrics_read(expression), tuple)
