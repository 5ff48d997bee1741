"""What is planned to be looked at, and with what."""

from types import SimpleNamespace

import pytest

from plimsoll.environment.inventory import Target, Undeclared
from plimsoll.pytest_plugin.collection import SUBJECTS
from plimsoll.pytest_plugin.keys import CONTROL
from plimsoll.pytest_plugin.observing import _credentials, planned_probes

METRICS = "metrics: {credential: FERRY_TOKEN, signals: [cpu]}\n"
HOME = Target("home", "page", "https://ferry.example/")


def item(subject, *fixtures, control="ABC-01"):
    """As much of a collected check as planning looks at."""
    kind = next(iter(SUBJECTS))
    stash = {CONTROL: control} if control else {}
    return SimpleNamespace(
        stash=stash, fixturenames=fixtures, callspec=SimpleNamespace(params={kind: subject})
    )


def test_the_same_fact_for_many_checks_is_looked_at_once(assess):
    """In the order in which it was first asked for."""
    items = [item(HOME, "exchange"), item(HOME, "sample", "expect"), item(HOME, "exchange")]
    assert [str(probe) for probe in planned_probes(items, assess())] == [
        "GET https://ferry.example/",
        "GET https://ferry.example/ ×20",
    ]


def test_for_nobody_nothing_is_looked_at(assess):
    """Neither for a kind of subject that is not declared, nor for a test that is no check."""
    items = [item(Undeclared("none"), "exchange"), item(HOME, "exchange", control=None)]
    assert planned_probes(items, assess()) == []


@pytest.mark.parametrize(
    ("process", "expected"),
    [
        ({"FERRY_TOKEN": "seagull", "OTHER": "x"}, {"FERRY_TOKEN": "seagull"}),
        ({"FERRY_TOKEN": " seagull\n"}, {"FERRY_TOKEN": "seagull"}),
        ({"FERRY_TOKEN": ""}, {}),
        ({"FERRY_TOKEN": " \n"}, {}),
        ({}, {}),
    ],
)
def test_only_declared_credentials_are_taken_from_the_process(assess, process, expected):
    """As they are sent; blank ones are none, for blanks are no secret to be masked."""
    assert _credentials(assess(METRICS), process) == expected


def test_without_a_declared_credential_none_is_taken(assess):
    """Whatever else the process knows stays there."""
    assert _credentials(assess(), {"FERRY_TOKEN": "seagull"}) == {}
