"""App Platform specifications are read exactly and refused where the platform refuses them."""

from __future__ import annotations

import pytest

from plimsoll.facts.document import Document, parse_yaml_document
from plimsoll.semantics import app_spec
from plimsoll.semantics.instance_size import instance_size

SOUND = """\
name: shop
region: fra
domains:
  - {domain: shop.test, type: PRIMARY}
databases:
  - {name: db, engine: PG, production: true, cluster_name: db-fra1}
envs:
  - {key: SHARED, value: x}
services:
  - name: api
    image: {registry_type: DOCR, registry: shop, repository: api, tag: 1.2.3}
    instance_size_slug: apps-d-1vcpu-1gb
    autoscaling:
      min_instance_count: 2
      max_instance_count: 10
      metrics:
        cpu: {percent: 80}
        request_duration: {p95_milliseconds: 3000}
    health_check: {http_path: /health, period_seconds: 10, timeout_seconds: 5, failure_threshold: 3}
    envs:
      - {key: DATABASE_URL, type: SECRET, scope: RUN_TIME, value: "${db.DATABASE_URL}"}
      - {key: SELF, value: "${_self.PUBLIC_URL} ${APP_URL} ${SHARED}"}
      - {key: TOKEN, type: SECRET, value: "EV[1:a:b]"}
workers:
  - {name: mailer, instance_count: 2, instance_size_slug: apps-s-1vcpu-1gb}
static_sites:
  - {name: web}
"""


def spec(text: str = SOUND) -> Document:
    """Parse a specification."""
    return parse_yaml_document(text, ".do/app.yaml")


def changed(old: str, new: str) -> Document:
    """Parse the sound specification with one text replaced."""
    assert old in SOUND
    return spec(SOUND.replace(old, new, 1))


def test_a_sound_specification_has_no_problems() -> None:
    """Validate a specification in which everything is right."""
    assert app_spec.problems(spec()) == ()
    assert app_spec.notes(spec()) == ()


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("cpu: {percent: 80}", "memory: {percent: 75}", "unknown field services[0].autoscaling"),
        ("cpu: {percent: 80}", "memory: {percent: 75}", "no metric"),
        ("domain: shop.test,", "domain: shop.test, certificate_id: x,", "unknown field domains[0]"),
        ("{percent: 80}", '{percent: "80"}', "percent is text"),
        ("{percent: 80}", "{percent: 180}", "percent is 180"),
        ("region: fra", "region: nowhere", 'region is "nowhere"'),
        ("    autoscaling:", "    instance_count: 2\n    autoscaling:", "beside autoscaling"),
        ("apps-d-1vcpu-1gb", "apps-s-1vcpu-1gb", "cannot autoscale on CPU"),
        ("apps-d-1vcpu-1gb", "basic-xxs", "which runs only one"),
        ("    instance_size_slug: apps-d-1vcpu-1gb\n", "", "which runs only one"),
        ("apps-d-1vcpu-1gb", "apps-x-9vcpu", "unknown size apps-x-9vcpu"),
        ("min_instance_count: 2", "min_instance_count: 12", "above its maximum"),
        (
            "type: PRIMARY}",
            "type: PRIMARY}\n  - {domain: two.test, type: PRIMARY}",
            "second PRIMARY",
        ),
        (", cluster_name: db-fra1", "", "without cluster_name"),
        ("production: true, ", "", "development database"),
        ('"${db.DATABASE_URL}"', '"${other.DATABASE_URL}"', "holds ${other.DATABASE_URL}"),
        ('"EV[1:a:b]"', '"${TOKEN}"', "holds ${TOKEN}"),
        ("name: shop", "", "has no name"),
    ],
)
def test_a_fault_is_reported_with_its_place(old: str, new: str, what: str) -> None:
    """Break one thing and look for the sentence that says so."""
    found = [problem for problem in app_spec.problems(changed(old, new)) if what in problem.what]
    assert found
    assert all(problem.where.startswith(".do/app.yaml:") for problem in found)


def test_a_deprecated_size_is_a_note_and_not_a_problem() -> None:
    """Use a legacy size that can do what is asked of it."""
    document = changed("apps-d-1vcpu-1gb", "professional-xl")
    assert app_spec.problems(document) == ()
    (note,) = app_spec.notes(document)
    assert "deprecated" in note.what


def test_autoscalers_state_what_the_specification_states() -> None:
    """Read a scaled service, a worker of fixed size, and no static site."""
    api, mailer = app_spec.autoscalers(spec())
    assert (api.component, api.kind) == ("api", "app-spec")
    assert (api.minimum, api.maximum, api.cpu_percent) == (2, 10, 80)
    assert (api.p95_milliseconds, api.memory_percent) == (3000, None)
    assert api.where["maximum"] == ".do/app.yaml:15"
    assert "memory_percent" not in api.where
    assert (mailer.minimum, mailer.maximum, mailer.is_fixed) == (2, 2, True)


def test_a_component_that_states_no_count_has_none() -> None:
    """Leave out the number of instances of the worker."""
    mailer = app_spec.autoscalers(changed("instance_count: 2, ", ""))[1]
    assert (mailer.minimum, mailer.maximum) == (None, None)


def test_components_images_health_checks_and_variables_are_read() -> None:
    """Read the other facts of the sound specification."""
    document = spec()
    assert [(item.kind, item.name) for item in app_spec.components(document)] == [
        ("service", "api"),
        ("worker", "mailer"),
        ("static site", "web"),
    ]
    (image,) = app_spec.images(document)
    assert image.reference == "registry.digitalocean.com/shop/api:1.2.3"
    (check,) = app_spec.health_checks(document)
    assert (check.path, check.interval_seconds, check.detection_seconds) == ("/health", 10, 35)
    shared, database, *_ = app_spec.variables(document)
    assert (shared.owner, shared.name, shared.is_secret) == ("", "SHARED", False)
    assert (database.owner, database.is_secret, database.scope) == ("api", True, "RUN_TIME")


def test_sizes_know_what_they_can_do() -> None:
    """Look up a dedicated, a single-instance, a deprecated and an unknown size."""
    dedicated, single = instance_size("apps-d-2vcpu-4gb"), instance_size("apps-s-1vcpu-0.5gb")
    legacy = instance_size("basic-xs")
    assert dedicated is not None
    assert dedicated.is_dedicated
    assert single is not None
    assert single.is_single_instance
    assert legacy is not None
    assert legacy.is_deprecated
    assert instance_size("db-s-1vcpu-1gb") is None
