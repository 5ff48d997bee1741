"""The autoscalers of a component, from every vantage point that is declared for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.findings import NonCompliant, NotObserved, Observed
from plimsoll.semantics import app_spec, kubernetes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from plimsoll.environment.model import Component
    from plimsoll.environment.repository_model import RepositoryFiles
    from plimsoll.facts.autoscaler import Autoscaler
    from plimsoll.pytest_plugin.examination import Examination
    from plimsoll.pytest_plugin.repository_view import RepositoryView


class AutoscalerView:
    """Finds autoscalers; never silently none: a declared one that is not there is a deviation."""

    def __init__(
        self,
        examination: Examination,
        repository: RepositoryView,
        declared: RepositoryFiles,
        at: datetime,
    ) -> None:
        self._examination = examination
        self._repository = repository
        self._declared = declared
        self._at = at

    def of(self, component: Component, only: str = "") -> list[Observed[Autoscaler]]:
        """Return the component's autoscaler at each vantage point, or at the `only` one named.

        One that is declared and not there is stated as a deviation.
        """
        found: list[Observed[Autoscaler]] = []
        for vantage, path, name, read in self._vantage_points(component):
            if only and vantage != only:
                continue
            origin = self._repository.origin_of(path, vantage)
            try:
                autoscalers = read(path, vantage)
            except NotObserved as error:
                self._examination.missed(origin, error)
                continue
            except NonCompliant:
                continue
            self._examination.saw(origin)
            named = [one for one in autoscalers if one.component == name]
            if not named:
                what = f"autoscaler for {name}"
                self._examination.expect.missing(what, expected="an autoscaler", at=origin)
            found += [Observed(one, origin, self._at) for one in named]
        return found

    def _vantage_points(
        self, component: Component
    ) -> Iterator[tuple[str, str, str, Callable[[str, str], tuple[Autoscaler, ...]]]]:
        if component.app_spec and self._declared.app_spec:
            yield "app-spec", self._declared.app_spec, component.app_spec, self._from_app_spec
        if component.hpa and self._declared.hpa:
            yield "hpa", self._declared.hpa, component.hpa, self._from_hpa

    def _from_app_spec(self, path: str, vantage: str) -> tuple[Autoscaler, ...]:
        return app_spec.autoscalers(self._repository.document(path, vantage))

    def _from_hpa(self, path: str, vantage: str) -> tuple[Autoscaler, ...]:
        documents = self._repository.documents(path, vantage)
        return tuple(one for document in documents for one in kubernetes.autoscalers(document))
