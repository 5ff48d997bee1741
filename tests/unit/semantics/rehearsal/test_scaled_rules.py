"""Rule files in the rehearsal's time: the same groups, rules and labels."""

from hypothesis import given, settings
from hypothesis import strategies as st

from plimsoll.facts.document import parse_yaml_document
from plimsoll.semantics.rehearsal.scaled_rules import scaled_rules
from plimsoll.semantics.rehearsal.time_scale import TimeScale

RULES = """
groups:
  - name: service
    interval: 1m
    query_offset: 1m
    limit: 10
    rules:
      - record: job:errors:rate5m
        expr: sum(rate(errors_total[5m]))
        labels: {team: blue}
      - alert: Errors
        expr: job:errors:rate5m > 1
        for: 3m
        keep_firing_for: 2m
        labels: {severity: critical}
        annotations: {summary: "within [5m]"}
      - alert: Broken
        expr: sum(
      - alert: Impatient
        expr: up == 0
        for: a while
  - name: constant
    rules:
      - {alert: Watchdog, expr: 1}
  - rules: []
"""


def scaled(text):
    """The rules of a text."""
    return scaled_rules(parse_yaml_document(text, "rules.yml"), TimeScale())


def test_rules_keep_everything_but_their_time():
    """How often a group is evaluated is left to the server."""
    first, second, third = scaled(RULES).data["groups"]
    assert first == {
        "name": "service",
        "limit": 10,
        "rules": [
            {
                "record": "job:errors:rate5m",
                "expr": "sum(rate(errors_total[5000ms]))",
                "labels": {"team": "blue"},
            },
            {
                "alert": "Errors",
                "expr": "job:errors:rate5m > 1",
                "for": "3000ms",
                "keep_firing_for": "2000ms",
                "labels": {"severity": "critical"},
                "annotations": {"summary": "within [5m]"},
            },
        ],
    }
    assert second == {"name": "constant", "rules": [{"alert": "Watchdog", "expr": "1"}]}
    assert third == {"name": "", "rules": []}


def test_what_cannot_be_rehearsed_is_left_out_and_told():
    """By name, place and reason: nothing follows from its silence."""
    broken, impatient = scaled(RULES).left_out
    assert broken.where == "rules.yml:17"
    assert broken.what.startswith("Broken: ")
    assert impatient.where == "rules.yml:19"
    assert impatient.what == "Impatient: 'a while' is not a duration"


def test_the_groups_that_must_be_loaded_are_known():
    """By their names."""
    assert scaled(RULES).group_names == ("service", "constant", "")


VALUES = st.recursive(
    st.one_of(st.none(), st.integers(), st.text("abc: ", max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["groups", "rules", "name", "expr", "for"]), inner),
    ),
    max_leaves=8,
)


@settings(max_examples=50)
@given(VALUES)
def test_any_document_gives_rules(data):
    """What is no rule file gives none."""
    import json

    for group in scaled(json.dumps(data)).data["groups"]:
        assert set(group) >= {"name", "rules"}
