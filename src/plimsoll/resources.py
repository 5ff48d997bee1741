"""Where checks, environments and fixtures lie: in a checkout, or inside an installed package."""

from __future__ import annotations

from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


@cache
def home() -> Path:
    """Return the folder that holds `checks/`, `environments/` and `fixtures/`.

    A wheel carries them inside the package; in a checkout (an editable install) they stand at the
    top of the repository, two levels above it.
    """
    carried = PACKAGE / "carried"
    return carried if carried.is_dir() else PACKAGE.parent.parent


def checks() -> Path:
    """Return the folder of the controls that come with Plimsoll."""
    return home() / "checks"


def environments() -> Path:
    """Return the folder of the environment files that come with Plimsoll."""
    return home() / "environments"


def fixtures() -> Path:
    """Return the folder that mocked worlds are made of."""
    return home() / "fixtures"
