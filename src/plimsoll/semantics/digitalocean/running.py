"""What an app runs, which is not what it was told to run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.findings import NotObserved
from plimsoll.semantics.app_spec import components, nameless

if TYPE_CHECKING:
    from plimsoll.facts.app_platform import App
    from plimsoll.facts.document import Document
    from plimsoll.findings import Observed


def running_spec(app: Observed[App]) -> Document:
    """Return the specification that an app runs.

    Raises NotObserved where the platform tells of none: what an app was told to run proves nothing
    of what it does. One without a component, or with one that has no name, is told in part only.
    """
    spec = app.value.active_spec
    if spec is None:
        raise NotObserved(f"nothing is told to run of {app.value.name}", app.origin)
    if nameless(spec):
        raise NotObserved(f"a component of {app.value.name} has no name", app.origin)
    if not components(spec):
        raise NotObserved(f"no component is told to run of {app.value.name}", app.origin)
    return spec
