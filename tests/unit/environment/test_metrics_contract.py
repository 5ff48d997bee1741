"""The traffic that metrics must have counted is declared, bounded and pointed at what there is."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from plimsoll.environment.contract_inventory import counted_metrics
from plimsoll.environment.contract_model import MetricsContract
from plimsoll.environment.inventory import Undeclared
from plimsoll.environment.loader import load
from plimsoll.environment.model import Environment

CONTRACT = {"endpoint": "api", "failing": {"path": "/api/none?a=1", "status": 404}}
BASE = {
    "schema": "plimsoll/environment/1",
    "system": "Shop",
    "regions": [
        {"id": "one", "title": "One", "role": "primary", "base_url": "https://one.example"},
        {"id": "two", "title": "Two", "role": "secondary", "base_url": "https://two.example:8443"},
    ],
    "endpoints": [
        {"name": "metrics", "kind": "metrics", "path": "/metrics"},
        {"name": "api", "kind": "api", "path": "/api"},
        {"name": "home", "kind": "page", "url": "https://shop.example/"},
    ],
}


def environment(**contract: object) -> Environment:
    """A shop whose metrics have this contract."""
    metrics = {"signals": ["request_count"], "contract": CONTRACT | contract}
    return Environment.model_validate(BASE | {"metrics": metrics})


def test_each_place_that_exports_metrics_is_asked_beside_them() -> None:
    """One subject a region, with the addresses of that region."""
    found = counted_metrics(environment())
    assert not isinstance(found, Undeclared)
    assert [(one.id, one.traffic_url, one.failing_url) for one in found] == [
        ("one/metrics", "https://one.example/api", "https://one.example/api/none?a=1"),
        ("two/metrics", "https://two.example:8443/api", "https://two.example:8443/api/none?a=1"),
    ]


def test_an_endpoint_elsewhere_is_not_what_the_metrics_count() -> None:
    """A page at one address is answered by whatever region; nobody can say which counts it."""
    found = counted_metrics(environment(endpoint="home"))
    assert isinstance(found, Undeclared)
    assert "no endpoint home is declared where metrics are exported" in found.reason


def test_without_a_contract_or_metrics_there_is_no_subject() -> None:
    """Nothing declared is not applicable, with its reason."""
    bare = Environment.model_validate(BASE)
    assert isinstance(counted_metrics(bare), Undeclared)
    without = BASE | {"endpoints": [{"name": "api", "kind": "api", "path": "/api"}]}
    metrics = {"signals": ["request_count"], "contract": CONTRACT}
    assert isinstance(
        counted_metrics(Environment.model_validate(without | {"metrics": metrics})), Undeclared
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"requests": 1},
        {"requests": 201},
        {"failures": 0},
        {"requests": 5, "failures": 5},
        {"settle_seconds": 31},
        {"failing": {"path": "/x", "status": 200}},
        {"failing": {"path": "https://elsewhere.example/", "status": 404}},
    ],
)
def test_traffic_out_of_bounds_is_refused(wrong: dict[str, object]) -> None:
    """Neither load, nor traffic in which nothing fails or nothing succeeds."""
    with pytest.raises(ValidationError):
        MetricsContract.model_validate(CONTRACT | wrong)


def test_the_declared_contract_of_app_oint_is_small() -> None:
    """Twenty requests, five of which fail."""
    found = counted_metrics(load("app-oint").model)
    assert not isinstance(found, Undeclared)
    assert {(one.contract.requests, one.contract.failures) for one in found} == {(20, 5)}
