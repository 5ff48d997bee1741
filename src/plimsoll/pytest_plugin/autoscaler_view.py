"""The autoscalers of a component, from every vantage point that is declared for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plimsoll.findings import NonCompliant, NotObserved, Observed
from plimsoll.pytest_plugin import account
from plimsoll.semantics import app_spec, kubernetes
from plimsoll.semantics.digitalocean.pool_scaling import pool_autoscaler
from plimsoll.semantics.digitalocean.running import running_spec

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from plimsoll.environment.model import Component
    from plimsoll.environment.repository_model import RepositoryFiles
    from plimsoll.facts.app_platform import App
    from plimsoll.facts.autoscaler import Autoscaler
    from plimsoll.facts.droplet_pool import DropletPool
    from plimsoll.findings import Origin
    from plimsoll.pytest_plugin.examination import Examination
    from plimsoll.pytest_plugin.repository_view import RepositoryView

    Found = list[Observed[Autoscaler]]


class AutoscalerView:
    """Finds autoscalers; never silently none: a declared one that is not there is a deviation.

    `repository` is None where nothing of it is declared, or it could not be seen.
    """

    def __init__(
        self,
        examination: Examination,
        repository: RepositoryView | None,
        declared: RepositoryFiles | None,
    ) -> None:
        self._examination = examination
        self._repository = repository
        self._declared = declared

    def of(self, component: Component, *kinds: str) -> Found:
        """Return the component's autoscaler wherever it is declared, or where `kinds` names.

        Kinds are `app-spec` and `hpa` in the repository, `app` and `droplet-pool` on the platform.
        One that is declared and not there is stated as a deviation; a place that cannot be seen
        does not keep the others from being looked at.
        """
        looks = {
            "app-spec": self._in_app_spec,
            "hpa": self._in_hpa,
            "app": self._in_apps,
            "droplet-pool": self._in_pool,
        }
        found: Found = []
        for look in [look for kind, look in looks.items() if not kinds or kind in kinds]:
            try:
                found += look(component)
            except NotObserved as error:
                self._examination.missed(error.origin, error)
            except NonCompliant:
                continue
        return found

    def _in_app_spec(self, component: Component) -> Found:
        path = self._declared.app_spec if self._declared else None
        if not (self._repository and path and component.app_spec):
            return []
        document = self._repository.document(path, "app-spec")
        origin = self._repository.origin_of(path, "app-spec")
        stated = app_spec.autoscalers(document)
        return self._named(stated, component.app_spec, origin, self._repository.at)

    def _in_hpa(self, component: Component) -> Found:
        path = self._declared.hpa if self._declared else None
        if not (self._repository and path and component.hpa):
            return []
        documents = self._repository.documents(path, "hpa")
        origin = self._repository.origin_of(path, "hpa")
        stated = [one for document in documents for one in kubernetes.autoscalers(document)]
        return self._named(stated, component.hpa, origin, self._repository.at)

    def _in_apps(self, component: Component) -> Found:
        declared = self._examination.environment.digitalocean
        if not (declared and declared.apps and component.app):
            return []
        listed: Observed[tuple[App, ...]] = account.seen(self._examination, "apps")
        found: Found = []
        for one in declared.apps:
            try:
                app: Observed[App] = account.single(self._examination, listed, "app", one)
                stated = app_spec.autoscalers(running_spec(app))
            except NotObserved as error:
                self._examination.missed(error.origin, error)
            except NonCompliant:
                continue
            else:
                found += self._named(stated, component.app, app.origin, app.at)
        return found

    def _in_pool(self, component: Component) -> Found:
        if not component.pool:
            return []
        listed: Observed[tuple[DropletPool, ...]] = account.seen(self._examination, "pools")
        pool: Observed[DropletPool]
        pool = account.single(self._examination, listed, "pool", component.pool)
        return self._named([pool_autoscaler(pool.value)], component.pool, pool.origin, pool.at)

    def _named(
        self, autoscalers: Iterable[Autoscaler], name: str, origin: Origin, at: datetime
    ) -> Found:
        self._examination.saw(origin)
        named = [Observed(one, origin, at) for one in autoscalers if one.component == name]
        if not named:
            what = f"autoscaler for {name}"
            self._examination.expect.missing(what, expected="an autoscaler", at=origin)
        return named
