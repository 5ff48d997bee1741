"""Which templates messages name, and who defines them."""

from __future__ import annotations

import pytest

from plimsoll.environment.alerting_model import Route
from plimsoll.facts.document import parse_yaml_document
from plimsoll.semantics.alertmanager.channels import channels_of
from plimsoll.semantics.alertmanager.delivery import undefined_templates, ways
from plimsoll.semantics.alertmanager.labels import LabelSet
from plimsoll.semantics.alertmanager.matchers import Syntax
from plimsoll.semantics.alertmanager.message_templates import DefinedTemplates, defined_templates

CONFIG = """
route: {{receiver: a}}
receivers:
  - name: a
    slack_configs:
      - channel: "#a"
        fields: [{{title: x, value: '{text}'}}]
"""


def named(text: str) -> list[str]:
    """Return the templates that a message must find defined."""
    document = parse_yaml_document(CONFIG.format(text=text), "a.yml")
    (channel,) = channels_of(document, "a")
    return [one.name for one in channel.templates]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{{ template "own.title" . }}', ["own.title"]),
        ('{{- template "own.title" . -}}', ["own.title"]),
        ("{{ template `own.title` . }}", ["own.title"]),
        ('{{ template "a" . }} {{ template "b" . }}', ["a", "b"]),
        ('{{ template "slack.default.title" . }}', []),
        ('{{ template "slack.default.titel" . }}', ["slack.default.titel"]),
        ('{{ template "opsgenie.default.message" . }}', []),
        ('{{ template "__subject" . }}', []),
        ('{{ define "x" }}y{{ end }}{{ template "x" . }}', []),
        ('{{/* {{ template "x" . }} */}}', []),
        ("{{ .Status }}", []),
    ],
)
def test_a_template_that_neither_the_message_nor_alertmanager_defines_is_named(
    text: str, expected: list[str]
) -> None:
    """At any depth of a channel."""
    assert named(text) == expected


def test_files_define_templates() -> None:
    """With `define` and with `block`, and not in a comment."""
    text = '{{ define "a" }}{{ end }}{{- block `b` . }}{{ end }}{{/* {{ define "c" }} */}}'
    assert defined_templates([text, ""]) == {"a", "b"}


@pytest.mark.parametrize(
    ("defined", "kind", "expected"), [((), "slack", 1), (("x",), "slack", 0), ((), "email", 0)]
)
def test_what_a_declared_channel_names_must_be_defined(
    defined: tuple[str, ...], kind: str, expected: int
) -> None:
    """What stands in another channel than the declared ones is not asked for."""
    document = parse_yaml_document(CONFIG.format(text='{{ template "x" . }}'), "a.yml")
    found = ways(document, LabelSet({"alertname": "A"}), Syntax.FALLBACK)
    route = Route.model_validate(
        {"name": "r", "severity": "critical", "channels": [{"kind": kind}]}
    )
    known = DefinedTemplates(frozenset(defined))
    assert len(undefined_templates(found, route, known)) == expected
