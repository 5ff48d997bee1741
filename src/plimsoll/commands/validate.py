"""`plimsoll validate`: is this environment file, with its waivers, usable?"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from plimsoll import resources
from plimsoll.catalogue import load_catalogue
from plimsoll.environment.loader import load
from plimsoll.environment.problem import ConfigurationError
from plimsoll.environment.references import unknown_references
from plimsoll.environment.waivers import load_waivers

if TYPE_CHECKING:
    from argparse import Namespace


def run(options: Namespace) -> int:
    """Say that the file is valid. Raises ConfigurationError naming everything that is not."""
    environment = load(options.env)
    waivers, _ = load_waivers(environment.path)
    problems = unknown_references(environment, waivers, load_catalogue([resources.checks()]))
    if problems:
        raise ConfigurationError(problems)
    count = f", {len(waivers)} waivers" if waivers else ""
    sys.stdout.write(f"{environment.path}: valid ({environment.model.system}{count})\n")
    return 0
