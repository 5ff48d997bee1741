"""A world is laid out from its environment, can be broken, and leaves nothing behind."""

from __future__ import annotations

import socket
import subprocess
import threading
from http.client import RemoteDisconnected
from typing import TYPE_CHECKING, Any

import pytest

from plimsoll.collectors.network import NOWHERE
from plimsoll.environment.model import Environment
from plimsoll.environment.problem import ConfigurationError
from plimsoll.worlds.world import SOURCES, build, start

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from plimsoll.worlds.world import RunningWorld, World

    Run = Callable[[World], RunningWorld]
    Ask = Callable[..., Any]

BARE_WORLD = """
schema: plimsoll/world/1
headers: {}
answers: {}
refusals:
  {malformed: {}, unauthorized: {}, not_found: {}, not_allowed: {}, too_many: {}}
certificate: {days_to_expiry: 60}
"""


def test_the_network_is_closed(sound: RunningWorld) -> None:
    """Look where a name leads that is not of this world."""
    assert sound.network.simulated
    assert sound.network.address("example.com", 443) == NOWHERE


def test_everything_is_on_loopback(sound: RunningWorld) -> None:
    """Read every address of the world."""
    network = sound.network
    assert network.resolver is not None
    assert {host for host, _ in (*network.routes.values(), network.resolver)} == {"127.0.0.1"}


def test_programs_of_the_world_stand_in_for_those_of_the_machine(
    world: World, tmp_path: Path
) -> None:
    """Give the world a program; find it as an executable file in the folder it names."""
    world.programs["k6"] = "#!/bin/sh\necho 'k6 v1.0.0'\n"
    with start(world, tmp_path) as running:
        assert running.programs is not None
        told = subprocess.run([running.programs / "k6"], capture_output=True, text=True, check=True)
        assert told.stdout == "k6 v1.0.0\n"


def test_a_world_without_programs_has_no_folder_of_them(sound: RunningWorld) -> None:
    """Start the sound world; see the machine's own programs left to be found."""
    assert sound.programs is None


def test_stopping_frees_ports_and_threads(
    world: World, tmp_path: Path, dial: Callable[..., socket.socket]
) -> None:
    """Start, hold a connection open, stop twice; see it ended, ports closed and no thread left."""
    before = set(threading.enumerate())
    running = start(world, tmp_path)
    with dial(running.network, "ferry.example") as held:
        running.stop()
        assert held.recv(1) == b""
    running.stop()
    assert set(threading.enumerate()) == before
    for freed in {*running.network.routes.values()}:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(freed, timeout=1)


def test_a_failed_start_leaves_nothing_running(world: World, tmp_path: Path) -> None:
    """Start where the repository cannot be written; see the error, and no thread left."""
    before = set(threading.enumerate())
    (tmp_path / "repository").write_text("in the way", encoding="utf-8")
    with pytest.raises(FileExistsError):
        start(world, tmp_path)
    assert set(threading.enumerate()) == before


def test_credentials_are_random_and_never_shown(
    environment: Environment, fixtures: Path, world: World, sound: RunningWorld
) -> None:
    """Compare the credentials of two worlds, and look for them in what is printed of a world."""
    secret = world.credentials["FERRY_TOKEN"]
    assert secret != build(environment, fixtures).credentials["FERRY_TOKEN"]
    assert secret not in repr(world)
    assert sound.credentials["FERRY_TOKEN"] not in repr(sound)


def test_a_fault_at_one_place_leaves_the_others_sound(world: World, run: Run, ask: Ask) -> None:
    """Break the health document of one region; see the other one's whole."""
    world.endpoint("north/health").replace('"ok"', '"bad"')
    network = run(world).network
    assert b'"bad"' in ask(network, "https://north.ferry.example/health").body
    assert b'"ok"' in ask(network, "https://south.ferry.example:8443/health").body


def test_a_world_starts_twice_from_the_same_fixtures(
    environment: Environment, fixtures: Path, run: Run
) -> None:
    """Break one world; see a second one of the same fixtures sound."""
    build(environment, fixtures).files.replace("app/spec.yaml", "2", "20")
    running = run(build(environment, fixtures))
    assert running.repository is not None
    assert (running.repository / "app/spec.yaml").read_text(encoding="utf-8") == "instances: 2\n"


def test_endpoints_are_found_by_kind(world: World) -> None:
    """Ask for the routes of a kind, of all kinds, and of a kind that is not declared."""
    north, south = world.endpoint("north/health"), world.endpoint("south/health")
    found = world.endpoints("health")
    assert [id(route) for route in found] == [id(north), id(south)]
    assert len(world.endpoints()) == 5
    with pytest.raises(LookupError, match="no endpoint of kind asset"):
        world.endpoints("asset")


def test_a_declared_name_without_endpoints_serves_what_the_regions_serve(
    sound: RunningWorld, ask: Ask
) -> None:
    """Ask the name that is declared in DNS only."""
    assert ask(sound.network, "https://api.ferry.example/health").status == 200


@pytest.mark.parametrize(
    "look",
    [
        lambda world: world.endpoint("west/health"),
        lambda world: world.site["https://west.example"],
        lambda world: world.site.route("https://ferry.example/none"),
        lambda world: world.endpoint("home").replace("absent", "x"),
    ],
)
def test_what_is_not_there_cannot_be_broken(world: World, look: Callable[[World], object]) -> None:
    """Look for places that the world does not have."""
    with pytest.raises(LookupError):
        look(world)


def test_a_blind_world_shows_nothing(world: World, run: Run, ask: Ask) -> None:
    """Withhold every source; see every source named, no files, and no answer."""
    world.withhold()
    running = run(world)
    assert (running.withheld, running.repository) == (SOURCES, None)
    with pytest.raises(RemoteDisconnected):
        ask(running.network, "http://ferry.example/")


def test_an_unknown_source_cannot_be_withheld(world: World) -> None:
    """Withhold a source that does not exist."""
    with pytest.raises(ValueError, match="no source telepathy; there are dns, do, http"):
        world.withhold("telepathy")
    assert world.withheld == set()


def test_an_unknown_folder_is_named(environment: Environment, tmp_path: Path) -> None:
    """Build from a folder that holds another system, and for an environment that names none."""
    (tmp_path / "barge").mkdir()
    with pytest.raises(ConfigurationError, match=r"no folder ferry under .*there are: barge"):
        build(environment, tmp_path)
    nameless = environment.model_copy(update={"fixtures": None})
    with pytest.raises(ConfigurationError, match="fixtures: is missing"):
        build(nameless, tmp_path)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("  home:", "  hole:"), r"world\.yaml:\d+: answers: endpoint home of Ferry has none"),
        (("  home:", "  hole:"), r"answers\.hole: no endpoint of this name is declared"),
        (("status: 404", "status: 40"), r"world\.yaml:\d+: refusals\.not_found\.status"),
        (("schema:", "scheme:"), "is not a key that is known here"),
        (("bodies/metrics.txt", "bodies/none.txt"), "cannot be read"),
        (("body_file:", "body: x, body_file:"), "either a body or a body_file"),
    ],
)
def test_a_world_file_that_does_not_fit_is_refused(
    environment: Environment, fixtures: Path, tmp_path: Path, change: tuple[str, str], problem: str
) -> None:
    """Spoil the world file; see the error name the place."""
    text = (fixtures / "ferry/world.yaml").read_text(encoding="utf-8").replace(*change)
    (tmp_path / "ferry").mkdir()
    (tmp_path / "ferry/world.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=problem):
        build(environment, tmp_path)


def test_every_response_of_a_scheme_can_be_changed_at_once(
    world: World, run: Run, ask: Ask
) -> None:
    """Drop a header from all HTTPS responses; see it gone from each class, and kept in clear."""
    for response in world.site.responses("https"):
        del response.headers["x-content-type-options"]
    network = run(world).network
    origin = "https://north.ferry.example"
    replies = [ask(network, f"{origin}{path}") for path in ("/metrics", "/none", "/%zz")]
    replies += [ask(network, f"{origin}/health") for _ in range(11)]
    assert [reply.status for reply in replies] == [401, 404, 400, *[200] * 10, 429]
    assert not [reply for reply in replies if "x-content-type-options" in reply.headers]
    assert "x-content-type-options" in ask(network, "http://ferry.example/").headers


def test_a_system_that_serves_nothing_has_a_world(tmp_path: Path, run: Run) -> None:
    """Build and start a system without endpoints, names and files."""
    (tmp_path / "raft").mkdir()
    (tmp_path / "raft/world.yaml").write_text(BARE_WORLD, encoding="utf-8")
    bare = Environment.model_validate(
        {"schema": "plimsoll/environment/1", "system": "Raft", "fixtures": "raft"}
    )
    world = build(bare, tmp_path)
    assert run(world).network.routes == {}
    with pytest.raises(LookupError, match="Raft has no repository among its fixtures"):
        _ = world.files
