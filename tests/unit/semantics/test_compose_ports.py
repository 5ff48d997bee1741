"""Which ports a Compose service is known to listen on."""

from __future__ import annotations

import pytest

from plimsoll.facts.document import parse_yaml_document
from plimsoll.facts.scrape import Target
from plimsoll.semantics.compose_targets import running_services, target_doubts, target_problems


def judged(settings: str, port: int) -> tuple[list[str], list[str]]:
    """Return what is wrong with a target on a service, and what is not known of it."""
    text = (
        f"services: {{api: {{image: shop/api, {settings}}}, grafana: {{image: grafana/grafana}}}}"
    )
    running = running_services(parse_yaml_document(text, "c.yml"))
    host = "grafana" if settings == "" else "api"
    target = Target(f"{host}:{port}", host, port, "p.yml:1")
    problems = [one.what for one in target_problems(target, running)]
    return problems, list(target_doubts(target, running, ()))


@pytest.mark.parametrize(
    ("settings", "port", "problems", "doubts"),
    [
        ("ports: ['3000-3005:3000-3005']", 3003, 0, 0),
        ("ports: ['4000-4005:3000-3005']", 3005, 0, 0),
        ("ports: ['4000-4005:3000-3005']", 4005, 1, 0),
        ("ports: ['3000-3005']", 3000, 0, 0),
        ("ports: ['127.0.0.1:4000-4005:80/tcp']", 80, 0, 0),
        ("expose: ['9000-9002']", 9001, 0, 0),
        ("ports: ['3005-3000:80']", 80, 0, 0),
        ("ports: ['8080:80']", 8080, 1, 0),
        ("ports: ['8080:80']", 9100, 0, 1),
        ("expose: ['80']", 9100, 0, 1),
        ("environment: {PORT: '80'}", 9100, 0, 1),
        ("", 3000, 0, 0),
        ("", 3001, 1, 0),
    ],
)
def test_a_port_that_no_file_lists_may_be_listened_on(
    settings: str, port: int, problems: int, doubts: int
) -> None:
    """Unless the image tells, or it is the host's own name for another port."""
    told = judged(settings, port)
    assert (len(told[0]), len(told[1])) == (problems, doubts)
