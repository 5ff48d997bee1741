"""What is known of an alert's labels: never more than is so."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plimsoll.facts.alert_rule import AlertRule
from plimsoll.facts.document import parse_yaml_document
from plimsoll.semantics.alertmanager.alert_labels import alert_shapes
from plimsoll.semantics.alertmanager.labels import LabelSet, Unknown, cases, matching
from plimsoll.semantics.alertmanager.matchers import Matcher
from plimsoll.semantics.alertmanager.surroundings import (
    RelabeledError,
    Surroundings,
    surroundings,
)
from plimsoll.semantics.promql import PromqlError

ANY, PRESENT = Unknown.ANY, Unknown.PRESENT


def shapes(expression: str, around: Surroundings | None = None, **labels: str) -> list[LabelSet]:
    """Return the shapes of an alert with an expression."""
    rule = AlertRule("A", expression, "g", "r.yml:1", labels=labels)
    return list(alert_shapes(rule, around or Surroundings()))


TOLD = [
    ('up{a="x"} == 0', "a", "x"),
    ('up{a=""} == 0', "a", ""),
    ('up{a=~".+"}', "a", PRESENT),
    ('up{a!=""}', "a", PRESENT),
    ('up{a=~"x.*"}', "a", PRESENT),
    ('up{a!~"x"}', "a", ANY),
    ('up{a=~"\\\\pL"}', "a", ANY),
    ("up", "job", PRESENT),
    ("job:up:sum", "job", ANY),
    ("ALERTS", "job", ANY),
    ('{__name__=~"a.*"}', "job", ANY),
    ("up", "__name__", ""),
    ("sum(up)", "job", ""),
    ("sum by (job, b) (up)", "job", PRESENT),
    ("sum by (job, b) (up)", "b", ANY),
    ("sum by (job, b) (up)", "c", ""),
    ("sum without (job) (up)", "job", ""),
    ("sum without (job) (up)", "instance", PRESENT),
    ("topk(3, up)", "job", PRESENT),
    ('count_values("v", up)', "v", PRESENT),
    ('absent(up{a="x", b=~"y", c="z", c="z"})', "a", "x"),
    ('absent(up{a="x", b=~"y"})', "b", ""),
    ('absent_over_time((up{a="x"})[5m:])', "a", ""),
    ('absent_over_time(up{a="x"}[5m])', "a", "x"),
    ("absent(sum(up))", "job", ""),
    ("vector(1)", "job", ""),
    ("vector(time()) > 5", "job", ""),
    ("day_of_week() == 0", "job", ""),
    ("vector(scalar(up)) > 1", "job", ""),
    ("rate(x[5m]) > 1", "job", PRESENT),
    ("max_over_time(rate(x[5m])[1h:])", "job", PRESENT),
    ("-(x)", "job", PRESENT),
    ("histogram_quantile(0.9, sum by (le, a) (rate(x[5m])))", "le", ""),
    ("histogram_quantile(0.9, sum by (le, a) (rate(x[5m])))", "a", ANY),
    ('label_replace(up{a="x"}, "a", "$1", "job", "(.*)")', "a", ANY),
    ('label_join(up, "a", "-", "job")', "a", ANY),
    ("1 > sum by (job) (up)", "job", PRESENT),
    ("up and on (job) sum by (job) (up)", "instance", PRESENT),
    ('up{a="x"} / up{b="y"}', "b", "y"),
    ("up / sum by (job, instance) (up)", "c", ""),
    ("up / on (job) sum by (job) (up)", "instance", ""),
    ("up / on (job) sum by (job) (up)", "job", PRESENT),
    ("up / ignoring (a) x", "a", ""),
    ('up * on (job) group_left (v) info{v="1"}', "v", "1"),
    ('info{v="1"} * on (job) group_right (v) up', "v", "1"),
    ("up == bool 1", "job", PRESENT),
]


@pytest.mark.parametrize(("expression", "label", "expected"), TOLD)
def test_what_survives_an_expression_is_told(
    expression: str, label: str, expected: str | Unknown
) -> None:
    """Ask for one label of an alert's only shape."""
    (shape,) = shapes(expression)
    assert shape.of(label) == expected


def test_an_alternative_is_a_shape_of_its_own() -> None:
    """Read `or`: each side raises alerts of its own shape, the same one counted once."""
    found = shapes('up{a="x"} == 0 or absent(up{b="y"}) or up{a="x"} == 2')
    assert [(one.of("a"), one.of("b")) for one in found] == [("x", ANY), ("", "y")]


def test_what_never_matches_has_no_shape() -> None:
    """Combine series that can have no labels in common, and select what contradicts itself."""
    assert shapes('up{a="x"} / up{a="y"}') == []
    assert shapes('up{a="x", a="y"}') == []


def test_the_rule_s_own_labels_win() -> None:
    """Give labels in the rule: fixed ones, one removed, one that a template fills in."""
    (shape,) = shapes('up{a="x"}', a="y", b="{{ $labels.c }}", instance="")
    assert [shape.of(name) for name in ("a", "b", "instance", "alertname")] == ["y", ANY, "", "A"]


def test_of_too_many_shapes_nothing_is_known() -> None:
    """Write more alternatives than anybody can follow: one of the shapes may have any labels."""
    found = shapes(" or ".join(f'absent(up{{a="{at}"}})' for at in range(80)))
    assert len(found) < 80
    assert any(shape.of("a") is ANY for shape in found)


def test_a_broken_expression_is_refused() -> None:
    """Read what Prometheus would refuse."""
    with pytest.raises(PromqlError):
        shapes("sum(")


PROMETHEUS = """
global: {external_labels: {cluster: c1, region: r1}}
scrape_configs:
  - job_name: a
    static_configs: [{targets: ["a:1"], labels: {region: x}}]
    relabel_configs: [{target_label: service, replacement: a}, {target_label: __address__}]
"""


def test_what_prometheus_attaches_is_known() -> None:
    """Read external labels and the labels of targets from its configuration."""
    document = parse_yaml_document(PROMETHEUS, "p.yml")
    around = surroundings(document, frozenset({"recorded"}))
    (own,), (other,), (made,) = (shapes(one, around) for one in ("up == 0", "x", "recorded"))
    names = ("cluster", "region", "service", "job", "pod")
    assert [own.of(name) for name in names] == ["c1", PRESENT, ANY, "a", ""]
    assert [other.of(name) for name in names] == [PRESENT, PRESENT, ANY, PRESENT, ANY]
    assert made.of("job") is ANY


@pytest.mark.parametrize(
    ("text", "summed", "plain"),
    [
        ("r1", "r1", PRESENT),
        ("", "", ANY),
        ("${REGION}", ANY, ANY),
        ("$REGION", ANY, ANY),
        ("${REGION", ANY, ANY),
        ("$1$@", ANY, ANY),
        ("eu-${ZONE}", PRESENT, PRESENT),
        ("$REGION.", PRESENT, PRESENT),
        ("a$$b", PRESENT, PRESENT),
        ("a$", PRESENT, PRESENT),
    ],
)
def test_of_an_external_label_with_a_variable_no_file_tells_the_value(
    text: str, summed: str | Unknown, plain: str | Unknown
) -> None:
    """A variable that is not set leaves nothing, and no label where nothing else is there."""
    document = parse_yaml_document(f"global: {{external_labels: {{region: '{text}'}}}}", "p.yml")
    around = surroundings(document, frozenset())
    found = [shapes(one, around)[0] for one in ("sum(x)", "x", 'x{region="own"}')]
    assert [one.of("region") for one in found] == [summed, plain, "own"]
    may_vary = "$" in text
    assert ["region" in one.expanded for one in found] == [may_vary, may_vary, False]


@pytest.mark.parametrize(
    "text",
    [
        "scrape_configs: []",
        "scrape_configs: [{job_name: a, kubernetes_sd_configs: [{role: pod}]}]",
        "scrape_configs: [{job_name: a, relabel_configs: [{action: labelmap}]}]",
        "scrape_configs: [{job_name: a, relabel_configs: [{target_label: '$1'}]}]",
        "scrape_configs: [{job_name: a, relabel_configs: [{action: labeldrop, regex: job}]}]",
    ],
)
def test_labels_that_no_file_tells_are_not_known(text: str) -> None:
    """Leave the labels of targets to discovery and to patterns."""
    assert surroundings(parse_yaml_document(text, "p.yml"), frozenset()).targets is None


JOBS = """
scrape_configs:
  - {job_name: a, static_configs: [{targets: ["a:1"], labels: {s: x, r: y}}, {labels: {s: z}}]}
  - {job_name: b, static_configs: [{targets: ["b:1"]}]}
  - {job_name: c, static_configs: [{targets: ["c:1"], labels: {job: d}}]}
"""


def test_each_job_is_a_shape_of_up() -> None:
    """Read `up`: its series have the labels of one job or of another, and no others."""
    around = surroundings(parse_yaml_document(JOBS, "p.yml"), frozenset())
    found = shapes("up == 0", around)
    told = [tuple(one.of(name) for name in ("job", "s", "r")) for one in found]
    assert told == [("a", PRESENT, ANY), ("b", "", ""), (PRESENT, "", "")]
    assert [one.of("s") for one in shapes('up{job="b"}', around)] == [""]


def test_without_a_configuration_little_is_known() -> None:
    """Ask without the file."""
    assert surroundings(None, frozenset({"r"})) == Surroundings(frozenset({"r"}))


@pytest.mark.parametrize(
    "text",
    [
        "alerting: {alert_relabel_configs: [{action: drop}]}",
        "alerting: {alertmanagers: [{alert_relabel_configs: [{action: drop}]}]}",
    ],
)
def test_rewritten_labels_are_not_guessed(text: str) -> None:
    """Let Prometheus rewrite the labels of alerts on their way."""
    with pytest.raises(RelabeledError, match=r"p\.yml:1"):
        surroundings(parse_yaml_document(text, "p.yml"), frozenset())


NAMES, VALUES = ("a", "b"), ("", "x", "y")
SETS = st.builds(
    lambda known, present, unsure, is_open: LabelSet(
        known, present - known.keys(), unsure - known.keys() - present, is_open
    ),
    st.dictionaries(st.sampled_from(NAMES), st.sampled_from(VALUES)),
    st.frozensets(st.sampled_from(NAMES)),
    st.frozensets(st.sampled_from(NAMES)),
    st.booleans(),
)
MATCHERS = st.builds(
    Matcher,
    st.sampled_from(NAMES),
    st.sampled_from(["=", "!=", "=~", "!~"]),
    st.sampled_from(["", "x", "y", ".+", ".*", "x|y"]),
)


def concrete(shape: LabelSet) -> list[dict[str, str]]:
    """Every alert over two labels and a few values that a shape stands for."""
    allowed = []
    for name in NAMES:
        told = shape.of(name)
        if isinstance(told, str):
            allowed.append([told])
        else:
            allowed.append([one for one in (*VALUES, "z") if one or told is ANY])
    found = [dict(zip(NAMES, values, strict=True)) for values in product(*allowed)]
    return [
        one
        for one in found
        if all(matcher.accepts(one[matcher.label]) is holds for matcher, holds in shape.assumed)
    ]


@settings(max_examples=80, deadline=None)
@given(SETS, st.lists(MATCHERS, max_size=3).map(tuple))
def test_cases_part_the_alerts_of_a_shape(shape: LabelSet, matchers: tuple[Matcher, ...]) -> None:
    """Every alert is in exactly one case, and that tells whether all matchers accept it."""
    found = [(concrete(case), holds) for case, holds in cases(shape, matchers)]
    for one in concrete(shape):
        accepted = all(matcher.accepts(one[matcher.label]) for matcher in matchers)
        assert [holds for members, holds in found if one in members] == [accepted]


@settings(max_examples=80, deadline=None)
@given(SETS, st.lists(MATCHERS, max_size=3))
def test_a_shape_matches_where_one_of_its_alerts_does(
    shape: LabelSet, matchers: list[Matcher]
) -> None:
    """No alert that all matchers accept is lost."""
    accepted = [one for one in concrete(shape) if all(m.accepts(one[m.label]) for m in matchers)]
    found = matching(shape, matchers)
    assert not accepted or found is not None
    assert found is None or all(one in concrete(found) for one in accepted)


@settings(max_examples=80, deadline=None)
@given(SETS, SETS)
def test_what_is_known_by_both_is_united(one: LabelSet, other: LabelSet) -> None:
    """An alert is of the united shape if and only if it is of both."""
    united = one.united(other)
    both = [labels for labels in concrete(one) if labels in concrete(other)]
    assert (concrete(united) if united else []) == both
