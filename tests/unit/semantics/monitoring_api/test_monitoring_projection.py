"""What of an answer is kept, what is refused, and how it is asked for."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.facts.monitoring_reading import MonitoringProbe
from plimsoll.semantics.monitoring_api.envelope import UntoldError, content, refusal
from plimsoll.semantics.monitoring_api.kept import KEPT, kept
from plimsoll.semantics.monitoring_api.reads import READS, address_of, target_of

CANARY = "c0ffee5ca1ab1e0ddba11"
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)

TELLING = {
    ("prometheus", "targets"): {
        "activeTargets": [
            {
                "discoveredLabels": {"__param_token": CANARY},
                "labels": {"job": "api", "password": CANARY},
                "scrapeUrl": f"http://a/metrics?token={CANARY}",
                "globalUrl": f"http://{CANARY}@a/metrics",
                "lastError": f'Get "http://u:{CANARY}@a/m?token={CANARY}&x=1": refused',
                "health": "down",
            }
        ]
    },
    ("prometheus", "rules"): {
        "groups": [
            {
                "name": "g",
                "interval": 15,
                "rules": [
                    {
                        "name": "r",
                        "health": "err",
                        "query": f"up # {CANARY}",
                        "annotations": {"url": CANARY},
                        "alerts": [{"labels": {"a": CANARY}}],
                        "lastError": f"reading http://u:{CANARY}@db/ failed",
                    }
                ],
            }
        ]
    },
    ("prometheus", "alertmanagers"): {
        "activeAlertmanagers": [{"url": f"http://u:{CANARY}@am:9093/api/v2/alerts?k={CANARY}"}],
        "droppedAlertmanagers": [],
    },
    ("prometheus", "runtime"): {"reloadConfigSuccess": True, "GODEBUG": CANARY},
    ("alertmanager", "silences"): [
        {"id": "1", "comment": CANARY, "createdBy": CANARY, "matchers": [], "status": {}}
    ],
    ("grafana", "datasources"): [
        {
            "uid": "p",
            "url": f"http://u:{CANARY}@p:9090/?token={CANARY}",
            "password": CANARY,
            "jsonData": {"httpHeaderValue1": CANARY},
            "secureJsonFields": {CANARY: True},
        }
    ],
    ("grafana", "dashboards"): [{"uid": "o", "title": "T", "url": f"/d/o?auth_token={CANARY}"}],
}


@pytest.mark.parametrize("read", TELLING, ids="/".join)
def test_what_checks_do_not_read_is_not_kept(read):
    """Parameters, annotations, comments and passwords go; so do queries and users of addresses."""
    found = json.dumps(kept(*read, TELLING[read]))
    assert CANARY not in found
    assert len(found) > 10


def test_what_checks_read_is_kept():
    """The error with its address, but without what stood behind the question mark."""
    told = kept("prometheus", "targets", TELLING["prometheus", "targets"])
    (target,) = told["activeTargets"]
    assert target["lastError"] == 'Get "http://a/m?…": refused'
    assert (target["health"], target["labels"]["job"]) == ("down", "api")
    links = kept("prometheus", "alertmanagers", TELLING["prometheus", "alertmanagers"])
    assert links["activeAlertmanagers"] == [{"url": "http://am:9093/api/v2/alerts?…"}]


@pytest.mark.parametrize("value", ["0.9995", "1e-05", "+Inf", "NaN", "1.5e+06", "43197"])
def test_a_sample_is_kept_as_it_is_written(value):
    """Numbers as texts, as Prometheus sends them."""
    told = {"resultType": "vector", "result": [{"metric": {}, "value": [1.5, value]}]}
    assert kept("prometheus", "query", told) == told


@pytest.mark.parametrize("value", [[1, CANARY], [1, 2], ["1", "2"], [1], "1", {"a": "1"}])
def test_what_is_no_sample_is_not_kept(value):
    """It then is absent, and the query untold."""
    told = {"resultType": "vector", "result": [{"metric": {}, "value": value}]}
    assert kept("prometheus", "query", told)["result"] == [{"metric": {}}]


def test_what_is_no_text_is_no_address_and_no_error():
    """It is left out, and then is absent."""
    (datasource,) = kept("grafana", "datasources", [{"uid": "p", "url": 5}])
    assert datasource == {"uid": "p"}
    told = {"activeTargets": [{"health": "up", "lastError": ["x"]}]}
    assert kept("prometheus", "targets", told) == {"activeTargets": [{"health": "up"}]}


@pytest.mark.parametrize("read", KEPT, ids="/".join)
@given(told=ANYTHING)
def test_anything_can_be_projected(read, told):
    """It never fails, and what it keeps is JSON."""
    projected = kept(*read, told)
    assert json.loads(json.dumps(projected, allow_nan=False)) == projected


def test_every_read_has_its_shape_and_is_asked_in_its_own_way():
    """No read without an allow-list, no allow-list without a read."""
    assert KEPT.keys() == READS.keys()
    probe = MonitoringProbe("prometheus", "query", "https://m.example/prom/", 'up{job="a b"} + 1')
    assert target_of(probe) == "/api/v1/query?query=up%7Bjob%3D%22a+b%22%7D+%2B+1"
    assert address_of(probe) == f"https://m.example/prom{target_of(probe)}"
    assert str(probe) == 'prometheus query at https://m.example/prom/ of up{job="a b"} + 1'
    listed = MonitoringProbe("grafana", "dashboards", "https://g.example")
    assert address_of(listed) == "https://g.example/api/search?type=dash-db&limit=5000"


def test_the_envelope_of_prometheus_is_opened():
    """The others tell what they tell bare."""
    assert content("prometheus", {"status": "success", "data": [1]}) == [1]
    assert content("prometheus", {"status": "success", "data": 1, "infos": ["x"]}) == 1
    assert content("grafana", [1]) == [1]


@pytest.mark.parametrize(
    "body",
    [{"status": "error"}, {"data": 1}, {"status": "success"}, [], "text", 5],
)
def test_what_is_no_envelope_is_untold(body):
    """A proxy answers as well, and with status 200."""
    with pytest.raises(UntoldError, match="none of Prometheus"):
        content("prometheus", body)


@pytest.mark.parametrize("warnings", [["no data from eu"], {"a": 1}, "x"])
def test_a_part_of_the_truth_is_untold(warnings):
    """Prometheus warns where a store behind it did not answer."""
    with pytest.raises(UntoldError, match="incomplete"):
        content("prometheus", {"status": "success", "data": 1, "warnings": warnings})


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (400, {"errorType": "bad_data", "error": CANARY}, "malformed"),
        (422, {"errorType": "execution", "error": CANARY}, "cannot be evaluated"),
        (503, {"errorType": "timeout"}, "too long"),
        (503, None, "not ready"),
        (401, None, "not accepted"),
        (403, None, "it needs datasources:read"),
        (404, ["x"], "nothing is there"),
        (302, None, "log in"),
        (418, {"errorType": 5}, "refused"),
        (500, {"errorType": CANARY}, "failed"),
        (502, None, "proxy"),
    ],
)
def test_a_refusal_is_told_in_words_of_our_own(status, body, reason):
    """With its status, and nothing that was received."""
    told = refusal(status, body, "datasources:read")
    assert reason in told
    assert f"({status})" in told
    assert CANARY not in told
