"""The pytest plugin: inert until a test marked as a control is collected.

It is loaded into every pytest run of wherever it is installed, so nothing heavy is imported here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.pytest_plugin.options import add_options

if TYPE_CHECKING:
    from collections.abc import Generator

MARKER = "control(id): the control of the catalogue that this check judges"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options."""
    add_options(parser)


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Declare the hooks that Plimsoll calls."""
    from plimsoll.pytest_plugin import hookspecs  # noqa: PLC0415 (kept out of the plugin's import)

    pluginmanager.add_hookspecs(hookspecs)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker; with an environment given, prepare its run."""
    config.addinivalue_line("markers", MARKER)
    if config.getoption("--env"):
        _start(config)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a check once for each declared subject."""
    is_check = metafunc.definition.get_closest_marker("control") is not None
    if is_check and metafunc.config.getoption("--env"):
        from plimsoll.pytest_plugin.collection import parametrize  # noqa: PLC0415 (inert until here)

        parametrize(metafunc)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the checks that were asked for."""
    if any(item.get_closest_marker("control") for item in items):
        from plimsoll.pytest_plugin.collection import select  # noqa: PLC0415 (inert until here)

        _require_environment(config)
        select(config, items)


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """End a check with what it came to, whatever its body raised."""
    from plimsoll.pytest_plugin.keys import EXAMINATION  # noqa: PLC0415 (inert until here)

    if EXAMINATION not in pyfuncitem.stash:
        return (yield)
    from plimsoll.pytest_plugin import judging  # noqa: PLC0415 (inert until here)

    raised: Exception | None = None
    try:
        yield
    except Exception as error:  # noqa: BLE001 (every one becomes a verdict: error, or fail)
        raised = error
    except pytest.skip.Exception as skipped:
        # What deviates stays a deviation, whatever the check does after saying so.
        if not pyfuncitem.stash[EXAMINATION].expect.deviations:
            raise skipped from None
    judging.finish(pyfuncitem, raised)
    return True


def _start(config: pytest.Config) -> None:
    from plimsoll.environment.problem import ConfigurationError  # noqa: PLC0415 (inert until here)
    from plimsoll.pytest_plugin.run import Run  # noqa: PLC0415 (inert until here)

    try:
        config.pluginmanager.register(Run(config), "plimsoll-run")
    except ConfigurationError as error:
        raise pytest.UsageError(str(error)) from None


def _require_environment(config: pytest.Config) -> None:
    if not config.getoption("--env"):
        message = (
            "these checks need to know which environment to check: give --env NAME "
            "(a name under environments/, or a file), and --mock for its mocked world"
        )
        raise pytest.UsageError(message)
