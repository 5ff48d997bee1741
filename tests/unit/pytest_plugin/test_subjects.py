"""Every kind of subject, of any environment: each with an id of its own, or none with a reason."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from plimsoll import resources
from plimsoll.environment.inventory import Undeclared
from plimsoll.environment.loader import load
from plimsoll.environment.model import Environment
from plimsoll.pytest_plugin.subjects import ENVIRONMENT, SUBJECTS, identity, subject_fixture

NAMES = ["a", "b", "c"]
KINDS = ["liveness", "readiness", "health", "metrics", "api", "page"]


def some(values, least=1):
    """A few distinct values."""
    return st.lists(st.sampled_from(values), min_size=least, max_size=3, unique=True)


def named(**fields):
    """A few entries of a list, with names of their own."""
    return some(NAMES).flatmap(
        lambda names: st.tuples(
            *(st.fixed_dictionaries({"name": st.just(name), **fields}) for name in names)
        )
    )


def files(**fields):
    """A few entries of a list, with paths of their own."""
    return some(["x.yml", "y.yml", "z/x.yml"]).flatmap(
        lambda paths: st.tuples(
            *(st.fixed_dictionaries({"path": st.just(path), **fields}) for path in paths)
        )
    )


PATHS = some(["one.sh", "two.sh", "three/one.sh"])
REGIONS = some(NAMES).map(
    lambda ids: [
        {"id": one, "title": one, "role": "primary", "base_url": f"https://{one}.ferry.example"}
        for one in ids
    ]
)
ENDPOINTS = st.one_of(
    named(kind=st.sampled_from(KINDS), path=st.sampled_from(["/", "/health"])),
    named(
        kind=st.sampled_from(KINDS),
        url=st.sampled_from(
            ["https://ferry.example/", "http://ferry.example/", "https://f.example:8443/"]
        ),
        p95_ms=st.none() | st.just(100),
    ),
)
REPOSITORY = st.fixed_dictionaries(
    {},
    optional={
        "files": files(kind=st.sampled_from(["text", "json"])),
        "executables": PATHS,
        "compose": files(monitoring=st.none() | some(["prometheus", "grafana"])),
        "rule_files": PATHS,
        "images": PATHS,
        "documents": PATHS,
        "scaling_monitor": st.just("watch.sh"),
        "health_sources": files(collects=some(["memory"])),
        "dashboards": st.fixed_dictionaries(
            {"paths": PATHS, "signals": some(["p50", "cpu"])},
            optional={"compose": st.just("compose.yml")},
        ),
        "scrape": st.fixed_dictionaries(
            {"config": st.just("p.yml"), "compose": st.just("c.yml"), "services": some(NAMES)}
        ),
        "secrets": st.fixed_dictionaries(
            {"files": files(kind=st.just("compose"))}, optional={"required": some(["A", "B"])}
        ),
        "rollback": st.just(
            {"script": "back.sh", "consults": ["health"], "platforms": ["compose"]}
        ),
        "load_test": st.fixed_dictionaries(
            {"script": st.just("l.js"), "runner": st.just("l.sh"), "users": st.just(1),
             "minutes": st.just(1), "p95_ms": st.just(1), "p99_ms": st.just(1),
             "error_percent": st.just(1), "scenarios": some(["login"])},
            optional={"k6_at_least": st.just("0.47.0")},
        ),
    },
)  # fmt: skip
TRIGGERS = {"cpu_percent": 80}
ENVIRONMENTS = st.fixed_dictionaries(
    {"schema": st.just("plimsoll/environment/1"), "system": st.just("Ferry")},
    optional={
        "regions": REGIONS,
        "endpoints": ENDPOINTS,
        "health": st.fixed_dictionaries(
            {"healthy": st.just(["ok"]), "unhealthy": st.just(["bad"])},
            optional={"rate_limit": st.just({"requests": 3})},
        ),
        "metrics": st.fixed_dictionaries(
            {"signals": some(["cpu", "memory"])}, optional={"credential": st.just("TOKEN")}
        ),
        "headers": st.just({"x-frame-options": {"equals": "DENY"}}),
        "https_only": st.booleans(),
        "clean_errors": st.booleans(),
        "tls": st.just({"minimum_version": "1.2", "days_to_expiry": 21}),
        "uncached_kinds": some(KINDS),
        "dns": st.lists(
            st.sampled_from(["A", "AAAA", "CNAME"]), min_size=1, max_size=3, unique=True
        ).map(
            lambda types: [
                {"name": "ferry.example", "type": one, "ttl_seconds_at_most": 60} for one in types
            ]
        ),
        "scaling": st.fixed_dictionaries(
            {"instances": st.just({"minimum": 1, "maximum": 2}),
             "components": named(hpa=st.none() | st.sampled_from(NAMES))},
            optional={"scale_out": st.just(TRIGGERS), "scale_in": st.just(TRIGGERS)},
        ),
        "repository": REPOSITORY,
    },
)  # fmt: skip


def modelled(data):
    """The environment, with regions where its endpoints need some."""
    needs_regions = any("path" in one for one in data.get("endpoints", ()))
    if needs_regions and "regions" not in data:
        region = {"id": "n", "title": "N", "role": "primary", "base_url": "https://n.ferry.example"}
        data = {**data, "regions": [region]}
    return Environment.model_validate(data)


@given(ENVIRONMENTS.map(modelled))
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_subjects_are_told_apart_or_missing_for_a_reason(environment):
    """No id twice, no empty selection: nothing is judged twice, and nothing silently not at all."""
    for kind, function in SUBJECTS.items():
        found = function(environment)
        if isinstance(found, Undeclared):
            assert found.reason, kind
        else:
            ids = [identity(one) for one in found]
            assert ids, kind
            assert len(ids) == len(set(ids)), (kind, ids)


def test_of_an_empty_environment_every_kind_is_undeclared():
    """Nothing asked, nothing judged, and each says why."""
    empty = Environment.model_validate({"schema": "plimsoll/environment/1", "system": "Ferry"})
    for kind, function in SUBJECTS.items():
        found = function(empty)
        assert isinstance(found, Undeclared), kind
        assert found.reason.startswith("no ") or "declare" in found.reason


def test_some_system_has_subjects_of_every_kind():
    """The embedded environments leave no check without something to judge."""
    models = [load(str(path)).model for path in resources.environments().glob("*.yaml")]
    undeclared = [
        kind
        for kind, one in SUBJECTS.items()
        if all(isinstance(one(model), Undeclared) for model in models)
    ]
    assert undeclared == []


def test_a_region_is_one_subject_however_many_endpoints_tell_of_it():
    """Two readiness endpoints make one region, not two of the same name."""
    endpoints = [
        {"name": name, "kind": "readiness", "path": f"/{name}"} for name in ("ready", "serving")
    ]
    region = {"id": "n", "title": "N", "role": "primary", "base_url": "https://n.ferry.example"}
    environment = Environment.model_validate(
        {"schema": "plimsoll/environment/1", "system": "Ferry", "regions": [region],
         "endpoints": endpoints}
    )  # fmt: skip
    assert [one.id for one in SUBJECTS["region"](environment)] == ["n"]


@pytest.mark.parametrize(
    "repository",
    [
        {"executables": ["a.sh", "a.sh"]},
        {"files": [{"path": "a", "kind": "text"}, {"path": "a", "kind": "json"}]},
        {"compose": [{"path": "a"}, {"path": "a", "monitoring": ["x"]}]},
        {"scrape": {"config": "a", "compose": "b", "services": ["x", "x"]}},
    ],
)
def test_what_is_declared_twice_is_refused(repository):
    """The same subject twice would be judged twice and counted twice."""
    with pytest.raises(ValidationError, match="declared twice"):
        Environment.model_validate(
            {"schema": "plimsoll/environment/1", "system": "Ferry", "repository": repository}
        )


def test_a_check_has_one_subject_at_most():
    """One sentence, one subject."""
    assert subject_fixture(("expect", "region", "exchange")) == "region"
    assert subject_fixture(("expect", "repository")) is None
    with pytest.raises(ValueError, match="not region and component"):
        subject_fixture(("region", "component"))


def test_a_subject_without_a_name_is_a_mistake_of_ours():
    """Results must be able to call it something; what is not declared concerns the environment."""
    assert identity(Undeclared("nothing")) == ENVIRONMENT
    with pytest.raises(TypeError, match="needs an id"):
        identity(object())
