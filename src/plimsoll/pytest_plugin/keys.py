"""Where the plugin keeps its state in pytest's stashes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from plimsoll.pytest_plugin.assessment import Assessment
    from plimsoll.pytest_plugin.examination import Examination

ASSESSMENT: pytest.StashKey[Assessment] = pytest.StashKey()
EXAMINATION: pytest.StashKey[Examination] = pytest.StashKey()
CONTROL: pytest.StashKey[str] = pytest.StashKey()
