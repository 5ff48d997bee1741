"""The faults that break a mocked world, one at a time, each to turn one control to `fail`.

A fault changes what is served or the world's copied files, never facts. Every module of this
package registers its own with `@fault`.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from plimsoll.worlds.world import World

    Change = Callable[[World], None]


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to break a world.

    `vantage` is the point from which it is seen (`http`, `repository:app-spec`, …); `also` names
    the controls that unavoidably turn red with it, `undecided` those that can then not be decided
    (an invalid certificate hides everything behind it); `environments` the fixture folders it
    applies to, None for all; `exercise` what must be asked for to see it, empty for most;
    `description` is the docstring of the change.
    """

    control: str
    name: str
    vantage: str
    description: str
    apply: Change = field(repr=False)
    also: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()
    environments: tuple[str, ...] | None = None
    exercise: str = ""

    @property
    def id(self) -> str:
        """Return `CONTROL/NAME`, as it is asked for on the command line."""
        return f"{self.control}/{self.name}"

    def applies_to(self, fixtures: str | None) -> bool:
        """Whether the fault can be applied to the world of this fixture folder."""
        return self.environments is None or fixtures in self.environments


class UnknownFaultError(LookupError):
    """No fault of this id is known; the message names similar ones."""


_registered: dict[str, Fault] = {}


def fault(  # noqa: PLR0913 (what a fault is, named where it is written)
    control: str,
    name: str,
    *,
    vantage: str,
    also: tuple[str, ...] = (),
    undecided: tuple[str, ...] = (),
    environments: tuple[str, ...] | None = None,
    exercise: str = "",
) -> Callable[[Change], Change]:
    """Register a change of a world as a fault. The change needs a docstring; ids are unique.

    Raises ValueError where either is not so.
    """

    def register(change: Change) -> Change:
        description = inspect.cleandoc(change.__doc__ or "")
        made = Fault(
            control, name, vantage, description, change, also, undecided, environments, exercise
        )
        if not description:
            message = f"fault {made.id}: a docstring must say what it breaks"
            raise ValueError(message)
        if made.id in _registered:
            message = f"fault {made.id} is defined twice"
            raise ValueError(message)
        _registered[made.id] = made
        return change

    return register


@cache
def load_faults() -> Mapping[str, Fault]:
    """Return every fault of the modules of this package, by id, sorted."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return MappingProxyType(dict(sorted(_registered.items())))


def find_fault(identity: str, among: Mapping[str, Fault] | None = None) -> Fault:
    """Return the fault `CONTROL/NAME`. Raises UnknownFaultError naming similar ones."""
    known = load_faults() if among is None else among
    if identity in known:
        return known[identity]
    control = identity.partition("/")[0]
    near = [one for one in known if one.partition("/")[0] == control]
    near = near or get_close_matches(identity, known, n=3, cutoff=0.4)
    hint = f"; near it: {', '.join(near)}" if near else ""
    message = f"no fault {identity}{hint}"
    raise UnknownFaultError(message)
