"""Faults are registered once, found by id, and change what is served."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from plimsoll.worlds import faults
from plimsoll.worlds.faults import Fault, UnknownFaultError, fault, find_fault, load_faults

if TYPE_CHECKING:
    from collections.abc import Callable

    from plimsoll.worlds.world import RunningWorld, World

    Run = Callable[[World], RunningWorld]
    Ask = Callable[..., Any]


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> dict[str, Fault]:
    """Return an empty registry in place of the real one."""
    registry: dict[str, Fault] = {}
    monkeypatch.setattr(faults, "_registered", registry)
    return registry


def test_a_fault_breaks_what_is_served(
    registered: dict[str, Fault], world: World, run: Run, ask: Ask
) -> None:
    """Register a fault, find it by its id, apply it and see it in the answer."""

    @fault("HLT-01", "failing", vantage="http", also=("REG-01",), environments=("ferry",))
    def failing(world: World) -> None:
        """Every health endpoint answers 500."""
        for route in world.endpoints("health"):
            route.status = 500

    found = find_fault("HLT-01/failing", registered)
    assert (found.description, found.also) == ("Every health endpoint answers 500.", ("REG-01",))
    assert (found.applies_to("ferry"), found.applies_to("barge")) == (True, False)
    found.apply(world)
    assert ask(run(world).network, "https://north.ferry.example/health").status == 500


def test_a_fault_changes_the_repository(
    registered: dict[str, Fault], world: World, run: Run
) -> None:
    """Register a fault in files, apply it and read the file that was written."""

    @fault("SCL-01", "too-many", vantage="repository:app-spec")
    def too_many(world: World) -> None:
        """Ask for twenty instances in the specification."""
        world.files.replace("app/spec.yaml", "instances: 2", "instances: 20")

    find_fault("SCL-01/too-many", registered).apply(world)
    repository = run(world).repository
    assert repository is not None
    assert (repository / "app/spec.yaml").read_text(encoding="utf-8") == "instances: 20\n"
    assert registered["SCL-01/too-many"].applies_to("anything")


def test_an_id_is_given_once(registered: dict[str, Fault]) -> None:
    """Register two faults of the same id."""

    def change(world: World) -> None:
        """Change nothing."""

    fault("HLT-01", "twice", vantage="http")(change)
    with pytest.raises(ValueError, match="HLT-01/twice is defined twice"):
        fault("HLT-01", "twice", vantage="http")(change)
    assert len(registered) == 1


def test_a_fault_says_what_it_breaks(registered: dict[str, Fault]) -> None:
    """Register a fault without a docstring."""
    with pytest.raises(ValueError, match="HLT-01/mute: a docstring must say"):
        fault("HLT-01", "mute", vantage="http")(lambda world: world.credentials.clear())
    assert registered == {}


@pytest.mark.parametrize(
    ("asked", "hint"),
    [
        ("SCL-01/maximum", "near it: SCL-01/maximum-above-limit, SCL-01/minimum-below-limit"),
        ("SLC-01/maximum-above-limit", "near it: SCL-01/maximum-above-limit"),
        ("zzz", "no fault zzz$"),
    ],
)
def test_an_unknown_fault_is_answered_with_similar_ones(asked: str, hint: str) -> None:
    """Ask for faults that do not exist."""
    known = {
        f"{control}/{name}": Fault(control, name, "http", "It breaks.", lambda _: None)
        for control, name in (
            ("SCL-01", "maximum-above-limit"),
            ("SCL-01", "minimum-below-limit"),
            ("HLT-09", "no-check"),
        )
    }
    with pytest.raises(UnknownFaultError, match=hint):
        find_fault(asked, known)


def test_every_fault_of_the_package_is_complete() -> None:
    """Load all faults; see each under its own id."""
    known = load_faults()
    assert all(identity == one.id and one.description for identity, one in known.items())
    assert list(known) == sorted(known)
