"""The declared components that scale, as subjects, each with what is required of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from plimsoll.environment.inventory import Subjects, Undeclared

if TYPE_CHECKING:
    from plimsoll.environment.model import Component, Environment, Instances, ScaleIn, ScaleOut


@dataclass(frozen=True, slots=True)
class ComponentSubject:
    """A component, as a subject, and how many instances it may and must have."""

    id: str
    component: Component
    limits: Instances


@dataclass(frozen=True, slots=True)
class ScalingOutSubject:
    """A component, as a subject, and when it must be given instances."""

    id: str
    component: Component
    triggers: ScaleOut


@dataclass(frozen=True, slots=True)
class ScalingInSubject:
    """A component, as a subject, and when instances may be taken from it."""

    id: str
    component: Component
    triggers: ScaleIn


def components(environment: Environment) -> Subjects[ComponentSubject]:
    """Return the components that scale."""
    scaling = environment.scaling
    if scaling is None:
        return Undeclared("no scaling is declared")
    return tuple(
        ComponentSubject(part.name, part, scaling.instances) for part in scaling.components
    )


def scaling_out(environment: Environment) -> Subjects[ScalingOutSubject]:
    """Return the components, where triggers for scaling out are declared."""
    scaling = environment.scaling
    if scaling is None or scaling.scale_out is None:
        return Undeclared("no triggers for scaling out are declared")
    triggers = scaling.scale_out
    return tuple(ScalingOutSubject(part.name, part, triggers) for part in scaling.components)


def scaling_in(environment: Environment) -> Subjects[ScalingInSubject]:
    """Return the components with an autoscaler that can be told how to scale in."""
    scaling = environment.scaling
    if scaling is None or scaling.scale_in is None:
        return Undeclared("no triggers for scaling in are declared")
    triggers = scaling.scale_in
    able = tuple(
        ScalingInSubject(part.name, part, triggers)
        for part in scaling.components
        if part.hpa or part.pool
    )
    return able or Undeclared("no component has an autoscaler with scale-in behavior")
