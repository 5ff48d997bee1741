"""What is declared of backups becomes subjects, and nothing declared goes unjudged."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from plimsoll.environment import backup_inventory as inventory
from plimsoll.environment.backup_model import Backups, Logs
from plimsoll.environment.inventory import Undeclared
from plimsoll.environment.model import Environment

NEAR = {"bucket": "copies", "region": "fra1", "prefix": "daily/"}
FAR = {"bucket": "copies", "region": "nyc3", "prefix": "daily/"}
LOG = {"bucket": "copies", "region": "fra1", "prefix": "wal/"}
SET = {"name": "main", "database": "pg", "copies": [NEAR, FAR], "recovery_log": LOG}
WHOLE = {
    "retention_days": 14,
    "copy_within_hours": 26,
    "recovery_point_minutes": 60,
    "encrypted": True,
    "sets": [SET],
}


def declared(backups: dict[str, Any], **rest: Any) -> Environment:
    """Return an environment of which only this is declared."""
    made = Environment.model_construct(
        format="plimsoll/environment/1",
        system="Test",
        backups=Backups.model_validate(backups),
        logs=None,
        digitalocean=None,
    )
    return made.model_copy(update=rest)


def ids(subjects: Any) -> list[str]:
    """Return how the subjects are called."""
    assert not isinstance(subjects, Undeclared), subjects
    return [one.id for one in subjects]


def test_each_place_is_a_subject_of_its_own() -> None:
    """Declare one bucket name in two regions: the two are told apart."""
    environment = declared(WHOLE)
    places = ["main/fra1/copies", "main/nyc3/copies"]
    assert ids(inventory.retained_copies(environment)) == places
    assert ids(inventory.remote_copies(environment)) == places[1:]
    assert ids(inventory.data_stores(environment)) == ["fra1/copies", "nyc3/copies"]
    assert ids(inventory.encrypted_sets(environment)) == ["main"]
    assert ids(inventory.recovery_logs(environment)) == ["main"]


def test_a_store_has_every_prefix_that_is_declared_in_it() -> None:
    """Look into the store that holds copies and the recovery log."""
    stores = inventory.data_stores(declared(WHOLE))
    assert not isinstance(stores, Undeclared)
    assert [copy.prefix for copy in stores[0].copies] == ["daily/", "wal/"]


@pytest.mark.parametrize(
    ("requirement", "subjects"),
    [
        ("retention_days", inventory.retained_copies),
        ("copy_within_hours", inventory.remote_copies),
        ("recovery_point_minutes", inventory.recovery_logs),
        ("encrypted", inventory.encrypted_sets),
        ("encrypted", inventory.encrypted_databases),
        ("encrypted", inventory.data_stores),
    ],
)
def test_without_the_requirement_there_is_no_subject(requirement: str, subjects: Any) -> None:
    """Leave one requirement out."""
    rest = {key: value for key, value in WHOLE.items() if key != requirement}
    assert isinstance(subjects(declared(rest)), Undeclared)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"database": None, "copies": [], "recovery_log": None}, "needs database or copies"),
        ({"copies": []}, "needs copies, for retention_days"),
        ({"copies": [NEAR]}, "needs copies in two regions, for copy_within_hours"),
        ({"recovery_log": None}, "needs recovery_log, for recovery_point_minutes"),
    ],
)
def test_a_set_that_would_go_unjudged_is_refused(change: dict[str, Any], words: str) -> None:
    """Require something of every set, and declare a set that has nothing of the kind."""
    with pytest.raises(ValidationError, match=words):
        declared(WHOLE | {"sets": [SET, SET | {"name": "other"} | change]})


def test_logs_are_shipped_to_declared_archives_alone() -> None:
    """Declare a shipper with and without archives."""
    archive = {"name": "hot", "store": NEAR, "keep_days": 30}
    both = {"shipper": "vector.yaml", "archives": [archive]}
    logs = Logs.model_validate(both)
    assert ids(inventory.log_shippers(declared(WHOLE, logs=logs))) == ["vector.yaml"]
    alone = Logs.model_validate({"shipper": "vector.yaml"})
    assert isinstance(inventory.log_shippers(declared(WHOLE, logs=alone)), Undeclared)
    assert isinstance(inventory.fresh_archives(declared(WHOLE, logs=logs)), Undeclared)


@pytest.mark.parametrize(
    ("beside", "suffix", "is_refused"),
    [
        ("daily-old/", "", False),
        ("daily/", "", True),
        ("daily/other/", "", True),
        ("daily/other/", ".dump", True),
        ("d", "", True),
    ],
)
def test_what_one_set_exports_is_not_counted_for_another(
    beside: str, suffix: str, is_refused: bool
) -> None:
    """Declare a second set whose prefix matches the keys of the first, or the other way round."""
    (first, *_) = SET["copies"]
    other = {"name": "other", "copies": [{**first, "prefix": beside, "suffix": suffix}]}
    both = {"sets": [{"name": "main", "copies": [first]}, other]}
    if not is_refused:
        assert Backups.model_validate(both)
        return
    with pytest.raises(ValueError, match="as well"):
        Backups.model_validate(both)


def test_keys_that_end_differently_are_told_apart() -> None:
    """Declare two sets below one prefix, each with the ending of its keys."""
    (first, *_) = SET["copies"]
    sets = [
        {"name": kind, "copies": [{**first, "suffix": f".{kind}"}]} for kind in ("dump", "archive")
    ]
    assert len(Backups.model_validate({"sets": sets}).sets) == len(sets)
