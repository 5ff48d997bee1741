"""The hooks that Plimsoll itself calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from plimsoll.collectors.engine import Progress


@pytest.hookspec
def pytest_plimsoll_progress(progress: Progress) -> None:
    """Something more has been observed. May be called from any thread."""
