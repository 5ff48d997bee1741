"""How the platform asks services for their health is read with what it does by itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.facts.document import Document
from plimsoll.semantics.platform_probe import service_probes


def probes(data):
    """How the services of this specification are asked."""
    return service_probes(Document("app", data, is_spelled=True))


def service(**check):
    """A specification with one service whose health check says this."""
    return {"services": [{"name": "api", "health_check": check}], "workers": [{"name": "mail"}]}


def test_a_stated_check_is_read_as_it_stands():
    """At its own place, and for services only."""
    (found,) = probes(service(http_path="/health", period_seconds=30))
    assert (found.service, found.path, found.period_seconds) == ("api", "/health", 30)
    assert found.where.endswith("services[0].health_check")


@pytest.mark.parametrize("data", [{"services": [{"name": "api"}]}, service(), service(port=80)])
def test_without_a_path_only_a_connection_is_opened(data):
    """And every ten seconds, as the platform does where nothing is said."""
    (found,) = probes(data)
    assert (found.path, found.period_seconds) == (None, 10)


@pytest.mark.parametrize("value", ["30", None, True, 1.5])
def test_a_period_that_is_no_number_of_seconds_is_not_taken_for_the_usual_one(value):
    """It was stated, so the platform's own value is not in force."""
    (found,) = probes(service(period_seconds=value))
    assert found.period_seconds is None


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["services", "name", "health_check", "http_path", "period_seconds"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
)


@given(VALUES)
def test_any_specification_is_read(data):
    """Whatever stands there, no service is asked a path that is not text."""
    for found in probes(data):
        assert found.path is None or found.path
