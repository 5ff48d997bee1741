"""A file is valid for its kind or its problems say where and why."""

from __future__ import annotations

import pytest

from plimsoll.semantics.file_kinds import KINDS, problems


def test_an_unknown_kind_raises_and_never_passes() -> None:
    """Validate a file as something nobody knows."""
    with pytest.raises(ValueError, match="unknown kind of file 'spreadsheet'"):
        problems("spreadsheet", "", "a.xls")


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"text", "yaml"}))
def test_an_empty_file_is_valid_as_nothing_that_has_content(kind: str) -> None:
    """Validate an empty file as each kind that needs content."""
    assert problems(kind, "", "empty")


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"text"}))
def test_text_that_does_not_parse_is_a_problem_with_its_line(kind: str) -> None:
    """Validate broken text as each kind."""
    (problem,) = problems(kind, "a: [\n}", "broken.yml")
    assert problem.where.startswith("broken.yml:")
    assert kind in problem.expected


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("app-spec", "name: shop\nname: shop\n"),
        ("compose", "services: {a: {image: x}}\nservices: {a: {image: x}}\n"),
        ("kubernetes", "apiVersion: v1\nkind: A\nkind: B\nmetadata: {name: a}\n"),
        ("prometheus", "rule_files: []\nrule_files: []\n"),
        ("alertmanager", "route: {receiver: a}\nroute: {receiver: a}\nreceivers: [{name: a}]\n"),
        ("prometheus-rules", "groups: []\ngroups: []\n"),
        ("grafana-dashboard", '{"title": "a", "title": "b", "panels": [{}]}'),
        ("json", '{"a": 1, "a": 2}'),
        ("yaml", "a: 1\na: 2\n"),
    ],
)
def test_a_key_given_twice_is_a_problem_of_every_kind(kind: str, text: str) -> None:
    """Repeat a key in an otherwise valid file."""
    (problem,) = problems(kind, text, "twice")
    assert "is given 2 times" in problem.what


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("text", "anything at all \x00"),
        ("yaml", "a: 1\n---\nb: 2\n"),
        ("json", "[]"),
        ("kubernetes", "---\napiVersion: v1\nkind: Service\nmetadata: {name: a}\n---\n"),
        ("grafana-dashboard", '{"title": "a", "panels": [{"title": "p"}]}'),
        ("grafana-dashboard", '{"title": "a", "rows": [{"panels": []}]}'),
        (
            "grafana-dashboard",
            '{"apiVersion": "dashboard.grafana.app/v2", "spec": {"title": "a", "elements": {"p": 1}}}',
        ),
    ],
)
def test_a_valid_file_has_no_problems(kind: str, text: str) -> None:
    """Validate sound files of kinds that have no test of their own."""
    assert problems(kind, text, "sound") == ()


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('{"dashboard": {"title": "a", "panels": [{}]}}', "wrapped as for the HTTP API"),
        ('{"panels": [{}]}', "has no title"),
        ('{"title": " ", "panels": [{}]}', "has no title"),
        ('{"title": "a", "panels": []}', "has no panels"),
        ("[]", "is not a dashboard"),
    ],
)
def test_a_dashboard_that_provisioning_refuses_is_a_problem(text: str, what: str) -> None:
    """Validate dashboards that Grafana would not show."""
    assert any(what in problem.what for problem in problems("grafana-dashboard", text, "d.json"))
