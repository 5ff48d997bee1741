"""A region, from every vantage point that is declared for it: its endpoint, and its apps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from plimsoll.findings import NonCompliant, NotObserved, Observed
from plimsoll.pytest_plugin import account, region_plan

if TYPE_CHECKING:
    from plimsoll.environment import cloud_model
    from plimsoll.environment.region_inventory import RegionSubject
    from plimsoll.facts.app_platform import App
    from plimsoll.facts.exchange import Exchange
    from plimsoll.facts.probe import Probe
    from plimsoll.facts.running_instance import ComponentHealth
    from plimsoll.pytest_plugin.examination import Examination


@dataclass(frozen=True, slots=True)
class RegionalApp:
    """An app of the region: what is declared, what the platform holds, how its components are.

    `health` is None where the platform did not tell, which is then remembered as not observed.
    """

    declared: cloud_model.App
    app: Observed[App]
    health: Observed[tuple[ComponentHealth, ...]] | None


class RegionView:
    """Looks at a region; what cannot be seen from one side does not hide the other."""

    def __init__(self, examination: Examination) -> None:
        self._examination = examination
        self._subject: RegionSubject = examination.subject  # type: ignore[assignment]

    @property
    def answer(self) -> Observed[Exchange] | None:
        """What its endpoint answers; None where it has none, or that could not be seen."""
        asked = region_plan.region_answer(self._examination.environment, self._subject)
        seen = self._tried(asked) if asked else None
        return Observed(seen.value[0], seen.origin, seen.at) if seen else None

    @property
    def apps(self) -> tuple[RegionalApp, ...]:
        """Its apps as they run; one that is not there is stated as a deviation."""
        if not self._subject.apps:
            return ()
        try:
            listed: Observed[tuple[App, ...]] = account.seen(self._examination, "apps")
            found = [self._app(declared, listed) for declared in self._subject.apps]
        except NotObserved as error:
            self._examination.missed(error.origin, error)
            return ()
        return tuple(one for one in found if one)

    def _app(
        self, declared: cloud_model.App, listed: Observed[tuple[App, ...]]
    ) -> RegionalApp | None:
        try:
            app: Observed[App] = account.single(self._examination, listed, "app", declared)
        except NonCompliant:
            return None
        return RegionalApp(declared, app, self._health(declared))

    def _health(self, declared: cloud_model.App) -> Observed[tuple[ComponentHealth, ...]] | None:
        reading = self._tried(region_plan.app_health(self._examination.environment, declared))
        try:
            return account.facts(reading, account.SOURCES["app_health"]) if reading else None
        except NotObserved as error:
            self._examination.missed(error.origin, error)
            return None

    def _tried(self, probe: Probe) -> Observed[Any] | None:
        try:
            return self._examination.observed(probe)
        except NotObserved:
            return None
