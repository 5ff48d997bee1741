"""Alerts are taken only where they are sent to, by the path, the scheme and the relabeling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.facts.container import Container
from plimsoll.facts.document import Part, parse_yaml_document
from plimsoll.semantics.compose import services
from plimsoll.semantics.web_options import (
    dropping_doubts,
    path_below,
    rooted,
    sending_doubts,
    sending_problems,
    web_prefix,
)

IMAGE = "image: 'prom/alertmanager:v0.28.1'"


def service(*command: str, more: str = "") -> Container:
    """Return an Alertmanager that is started with these options."""
    text = f"services: {{pager: {{{IMAGE}, command: {list(command)}{more}}}}}"
    return services(parse_yaml_document(text, "compose.yml"))[0]


def entry(text: str = "") -> Part:
    """Return an entry of `alertmanagers`."""
    return parse_yaml_document(f"entry: {{{text}}}", "p.yml").part("entry")


@pytest.mark.parametrize(
    ("command", "prefix"),
    [
        ((), "/"),
        (("--web.route-prefix=/am/",), "/am"),
        (("--web.route-prefix", "am"), "/am"),
        (("--web.external-url=https://x.org/am/",), "/am"),
        (("--web.external-url=https://x.org",), "/"),
        (("--web.external-url=https://x.org/am", "--web.route-prefix=/"), "/"),
        (("--web.external-url=https://${DOMAIN:?missing/}/am",), "/am"),
        (("--web.external-url=https://${DOMAIN:?set the domain}/am",), None),
        (("--web.external-url=${URL}",), None),
        (("--web.external-url=https://x.org/${PATH_OF_IT}",), None),
        (("--web.external-url=http://[",), None),
        (("--web.route-prefix=$PREFIX",), None),
        (("$OPTIONS",), None),
    ],
)
def test_where_a_service_listens(command: tuple[str, ...], prefix: str | None) -> None:
    """Its own option decides, then the path of its address; a variable leaves it open."""
    assert web_prefix(service(*command)) == prefix


def test_an_image_that_is_built_here_may_have_options_of_its_own() -> None:
    """Nobody reads them."""
    assert web_prefix(service(more=", build: ./pager")) is None


@given(st.text(max_size=20))
def test_a_path_is_rooted_once(path: str) -> None:
    """And stays as it is after that."""
    found = rooted(path)
    assert found.startswith("/")
    assert rooted(found) == found


@pytest.mark.parametrize(
    ("command", "sent"),
    [
        ((), ""),
        ((), "path_prefix: /"),
        (("--web.external-url=https://x.org/am",), "path_prefix: /am/"),
        (("--web.config.file=/web.yml",), "scheme: https"),
        (("--web.route-prefix=/${WHERE}",), "path_prefix: /am"),
        ((), "path_prefix: /am, relabel_configs: [{target_label: __alerts_path__}]"),
    ],
)
def test_alerts_that_may_be_taken_are_no_problem(command: tuple[str, ...], sent: str) -> None:
    """At the path where it listens, or where no file tells it."""
    assert list(sending_problems(entry(sent), service(*command), "p.yml:1")) == []


@pytest.mark.parametrize(
    ("command", "sent", "what"),
    [
        (("--web.external-url=https://x.org/am",), "", "takes them at /am/api/v2/alerts"),
        (("--web.route-prefix=/am",), "path_prefix: /pm", "sent to /pm/api/v2/alerts"),
        (
            ("--web.external-url=https://x/am", "--web.route-prefix=/"),
            "path_prefix: /am",
            "at /api",
        ),
        ((), "path_prefix: /am", "pager takes them at /api/v2/alerts"),
        ((), "scheme: https", "which pager does not speak"),
    ],
)
def test_alerts_that_are_sent_elsewhere_are_a_problem(
    command: tuple[str, ...], sent: str, what: str
) -> None:
    """Another path, or TLS where there is none."""
    (problem,) = sending_problems(entry(sent), service(*command), "p.yml:1")
    assert what in problem.what


@pytest.mark.parametrize(
    ("command", "sent", "count"),
    [
        ((), "path_prefix: /am", 0),
        ((), "relabel_configs: [{target_label: cluster}]", 0),
        ((), "relabel_configs: [{target_label: __scheme__, replacement: https}]", 1),
        ((), "relabel_configs: [{action: labelmap}]", 1),
        (("--web.route-prefix=/${WHERE}",), "", 1),
        (("--web.config.file=/web.yml",), "", 1),
    ],
)
def test_what_no_file_tells_of_the_sending(command: tuple[str, ...], sent: str, count: int) -> None:
    """Variables, relabeling of the address, and a web configuration."""
    assert len(list(sending_doubts(entry(sent), service(*command)))) == count


@pytest.mark.parametrize(
    ("alerting", "count"),
    [
        ("", 0),
        ("alert_relabel_configs: [{action: labeldrop, regex: replica}]", 0),
        ("alert_relabel_configs: [{target_label: a, replacement: b}]", 0),
        ("alert_relabel_configs: [{source_labels: [severity], regex: x, action: drop}]", 1),
        ("alertmanagers: [{alert_relabel_configs: [{regex: x, action: Keep}]}]", 1),
        ("alert_relabel_configs: null, alertmanagers: [null]", 0),
    ],
)
def test_relabeling_that_drops_alerts_is_a_doubt(alerting: str, count: int) -> None:
    """Rules that only change labels drop none."""
    assert len(list(dropping_doubts(entry(alerting)))) == count


@pytest.mark.parametrize(
    ("prefix", "path", "below"),
    [
        ("/", "/metrics", "/metrics"),
        ("/am", "/am/metrics", "/metrics"),
        ("/am", "/metrics", ""),
        ("/am", "/amber/metrics", ""),
        ("/am", "/am", ""),
    ],
)
def test_a_path_below_a_prefix(prefix: str, path: str, below: str) -> None:
    """One that only begins alike is not below it."""
    assert path_below(prefix, path) == below
