"""`plimsoll validate`: says whether an environment file, with its waivers, is usable."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from plimsoll import resources
from plimsoll.catalogue import load_catalogue
from plimsoll.environment.loader import load
from plimsoll.environment.problem import ConfigurationError
from plimsoll.environment.references import unknown_references
from plimsoll.environment.waivers import load_waivers

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable

    from plimsoll.environment.loader import LoadedEnvironment
    from plimsoll.findings import Waiver


def usable(env: str, folders: Iterable[Path] = ()) -> tuple[LoadedEnvironment, tuple[Waiver, ...]]:
    """Return an environment and its waivers; `folders` hold checks beside those of Plimsoll.

    Raises ConfigurationError naming everything that is wrong, a control that is in no catalogue
    included.
    """
    environment = load(env)
    waivers, _ = load_waivers(environment.path)
    catalogue = load_catalogue([resources.checks(), *folders])
    problems = unknown_references(environment, waivers, catalogue)
    if problems:
        raise ConfigurationError(problems)
    return environment, waivers


def run(options: Namespace) -> int:
    """Say that the file is valid. Raises ConfigurationError naming everything that is not."""
    environment, waivers = usable(options.env, map(Path, options.checks))
    number = len(waivers)
    count = f", {number} waiver{'s' if number > 1 else ''}" if waivers else ""
    sys.stdout.write(f"{environment.path}: valid ({environment.model.system}{count})\n")
    return 0
