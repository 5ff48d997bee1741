"""Faults in the files that make services watched and their health measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.worlds.faults import fault

if TYPE_CHECKING:
    from plimsoll.worlds.world import World

APP_OINT = ("app-oint",)
_COMPOSE = "docker-compose.yml"
_SERVICE = "lib/core/health/health_service.dart"
_WGET = '["CMD", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1:{port}"]'
_MEMORY = "memoryBytes: kIsWeb ? null : ProcessInfo.currentRss,"
_ERROR_RATE = "errorRate: _samples.isEmpty ? null : failures / _samples.length,"


def _test_of(port: str) -> str:
    return f"test: {_WGET.format(port=port)}"


@fault("HLT-09", "no-health-check", vantage="repository", environments=APP_OINT)
def no_health_check(world: World) -> None:
    """A service has settings of its own where its health check was."""
    world.files.replace(
        _COMPOSE,
        f"healthcheck:\n      {_test_of('9100/metrics')}\n"
        "      interval: 15s\n      timeout: 5s\n      retries: 3",
        "mem_limit: 64m",
    )


@fault("HLT-09", "disabled", vantage="repository", environments=APP_OINT)
def health_check_disabled(world: World) -> None:
    """A health check is written down and switched off."""
    world.files.replace(_COMPOSE, _test_of("9100/metrics"), 'test: ["NONE"]')


@fault("HLT-09", "succeeds-always", vantage="repository", environments=APP_OINT)
def succeeds_always(world: World) -> None:
    """A health check asks, and succeeds whatever the answer is."""
    command = "wget -q -O /dev/null http://127.0.0.1:9100/metrics || exit 0"
    world.files.replace(_COMPOSE, _test_of("9100/metrics"), f'test: ["CMD-SHELL", "{command}"]')


@fault("HLT-09", "asks-another-service", vantage="repository", environments=APP_OINT)
def asks_another_service(world: World) -> None:
    """A health check asks the neighbor, so it is well as long as the neighbor is."""
    there = 'test: ["CMD", "wget", "-q", "-O", "/dev/null", "http://redis-exporter:9121/health"]'
    world.files.replace(_COMPOSE, _test_of("9100/metrics"), there)


@fault("HLT-09", "error-status-accepted", vantage="repository", environments=APP_OINT)
def error_status_accepted(world: World) -> None:
    """A health check uses curl so that an error page is as good as any."""
    there = 'test: ["CMD", "curl", "-s", "http://127.0.0.1:9100/metrics"]'
    world.files.replace(_COMPOSE, _test_of("9100/metrics"), there)


@fault("HLT-09", "looks-at-a-process-only", vantage="repository", environments=APP_OINT)
def looks_at_a_process_only(world: World) -> None:
    """A health check finds the process running and asks it nothing."""
    there = 'test: ["CMD", "pgrep", "node_exporter"]'
    world.files.replace(_COMPOSE, _test_of("9100/metrics"), there)


@fault("HLT-11", "source-missing", vantage="repository", environments=APP_OINT)
def source_missing(world: World) -> None:
    """The health service is not in the repository."""
    world.files.delete(_SERVICE)


@fault("HLT-11", "constant-memory", vantage="repository", environments=APP_OINT)
def constant_memory(world: World) -> None:
    """The memory in use is a number that somebody once typed."""
    world.files.replace(_SERVICE, _MEMORY, "memoryBytes: 67108864,")


@fault("HLT-11", "random-error-rate", vantage="repository", environments=APP_OINT)
def random_error_rate(world: World) -> None:
    """The error rate is a random number, as in the demonstration it came from."""
    world.files.replace(_SERVICE, _ERROR_RATE, "errorRate: Random().nextDouble(),")
    world.files.replace(_SERVICE, "import 'dart:io'", "import 'dart:math';\nimport 'dart:io'")


@fault("HLT-11", "measurement-commented-out", vantage="repository", environments=APP_OINT)
def measurement_commented_out(world: World) -> None:
    """The line that measured the memory is a comment now, and the name is still everywhere."""
    world.files.replace(_SERVICE, _MEMORY, f"// {_MEMORY}\n      memoryBytes: null,")
