"""Relabeling gives the labels that Prometheus gives, or says that it cannot tell."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.facts.document import parse_yaml_document
from plimsoll.semantics.relabeling import (
    RelabelError,
    RelabelRule,
    expanded,
    matches,
    relabel_rules,
    relabeled,
)

LABELS = {"job": "api", "region": "fra1", "__address__": "web-1:80"}


def applied(*rules: dict[str, object], **labels: str) -> dict[str, str] | None:
    """Apply rules, written as in the file, to labels."""
    document = parse_yaml_document(yaml.safe_dump({"rules": list(rules)}), "p.yml")
    return relabeled({**LABELS, **labels}, relabel_rules(document.part("rules")))


def test_defaults_copy_the_joined_sources() -> None:
    """The action is replace, the separator a semicolon, the whole value the replacement."""
    found = applied({"source_labels": ["job", "region"], "target_label": "both"})
    assert found == {**LABELS, "both": "api;fra1"}


@pytest.mark.parametrize(
    ("rule", "kept"),
    [
        ({"source_labels": ["region"], "regex": "fra1", "action": "keep"}, True),
        ({"source_labels": ["region"], "regex": "fra", "action": "keep"}, False),
        ({"source_labels": ["region"], "regex": "fra1", "action": "drop"}, False),
        ({"source_labels": ["region"], "regex": "fra", "action": "drop"}, True),
        ({"source_labels": ["job"], "target_label": "region", "action": "keepequal"}, False),
        ({"source_labels": ["job"], "target_label": "region", "action": "dropequal"}, True),
        ({"source_labels": ["region"], "target_label": "region", "action": "dropequal"}, False),
    ],
)
def test_patterns_are_anchored_and_decide_what_stays(
    rule: dict[str, object], *, kept: bool
) -> None:
    """A part of a value is no match."""
    assert (applied(rule) is not None) is kept


def test_a_replacement_takes_groups_by_number_and_name() -> None:
    """And a group that is not there is empty."""
    rule = {
        "source_labels": ["__address__"],
        "regex": "([a-z]+)-(?P<number>[0-9]+):.*",
        "target_label": "${1}",
        "replacement": "$1/${number}/$9/$$",
    }
    assert (applied(rule) or {})["web"] == "web/1//$"


def test_an_empty_result_removes_the_label() -> None:
    """A label without a value is no label."""
    assert "region" not in (applied({"target_label": "region", "replacement": ""}) or {})


def test_a_target_that_is_no_label_name_changes_nothing() -> None:
    """As when a group of the pattern holds something else."""
    rule = {"source_labels": ["__address__"], "target_label": "$1", "replacement": "x"}
    assert applied(rule) == LABELS


def test_labels_are_mapped_dropped_and_kept_by_name() -> None:
    """The pattern is that of names; the last one in order gives the value."""
    assert (applied({"regex": "(reg).*", "action": "labelmap"}) or {})["reg"] == "fra1"
    assert "region" not in (applied({"regex": "reg.*", "action": "labeldrop"}) or {})
    assert applied({"regex": "job", "action": "labelkeep"}) == {"job": "api"}


def test_case_and_hash_are_those_of_prometheus() -> None:
    """The last eight bytes of an MD5 sum, by the modulus."""
    upper = {"source_labels": ["job"], "target_label": "job", "action": "uppercase"}
    lower = {"source_labels": ["job"], "target_label": "job", "action": "Lowercase"}
    assert (applied(upper) or {})["job"] == "API"
    assert (applied(upper, lower) or {})["job"] == "api"
    hashed = {"source_labels": ["a"], "modulus": 7, "target_label": "m", "action": "hashmod"}
    assert (applied(hashed, a="h1:80") or {})["m"] == "5"


def test_values_that_are_no_text_are_read_as_yaml_means_them() -> None:
    """A number or a truth value stands for its spelling."""
    rule = {"source_labels": ["a"], "regex": 5, "target_label": "b", "replacement": True}
    assert (applied(rule, a="5") or {})["b"] == "true"


@pytest.mark.parametrize(
    "rule",
    [
        {"action": "invent"},
        {"action": "drop", "regex": "("},
        {"action": "drop", "regex": "(a+)+"},
        {"action": "hashmod", "source_labels": ["job"], "target_label": "x"},
    ],
)
def test_what_cannot_be_evaluated_is_an_error(rule: dict[str, object]) -> None:
    """An unknown action, a broken or dangerous pattern, a hash without a modulus."""
    with pytest.raises(RelabelError):
        applied(rule)


TEXT = st.text(alphabet="ab1$(){}[]*+?|\\.^;_é ", max_size=12)


@given(
    st.lists(
        st.builds(
            RelabelRule,
            action=st.sampled_from(
                ["replace", "keep", "drop", "labelmap", "labeldrop", "labelkeep", "hashmod", "x"]
            ),
            where=st.just("p.yml:1"),
            source_labels=st.lists(TEXT, max_size=2).map(tuple),
            regex=TEXT,
            target_label=TEXT,
            replacement=TEXT,
            modulus=st.integers(-1, 9),
        ),
        max_size=3,
    ),
    st.dictionaries(TEXT, TEXT, max_size=3),
)
def test_any_rules_give_labels_or_the_one_error(
    rules: list[RelabelRule], labels: dict[str, str]
) -> None:
    """Never another exception; what is left has no empty label, once a rule was applied."""
    try:
        found = relabeled(labels, tuple(rules))
    except RelabelError:
        return
    assert found is None or not rules or all(found.values())


@given(TEXT, TEXT, TEXT)
def test_any_template_expands(pattern: str, value: str, template: str) -> None:
    """Whatever groups the pattern has."""
    try:
        match = matches(pattern, value)
    except RelabelError:
        return
    if match is not None:
        assert isinstance(expanded(template, match), str)
