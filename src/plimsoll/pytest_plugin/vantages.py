"""What one check sees of a subject that several vantage points tell about.

Each place is looked at when it is asked for. One that cannot be seen is remembered as missed, and
does not keep the others from being judged: `with vantages.apart(): …`.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from plimsoll.findings import NonCompliant, NotObserved, Observed
from plimsoll.pytest_plugin import account, probes
from plimsoll.pytest_plugin.repository_view import RepositoryView

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plimsoll.environment.cloud_model import App as DeclaredApp
    from plimsoll.facts.app_platform import App
    from plimsoll.facts.shutdown import Shutdown
    from plimsoll.pytest_plugin.examination import Examination


class Vantages:
    """The repository, the apps that run, and a rehearsal, as far as they are declared."""

    def __init__(self, examination: Examination) -> None:
        self._examination = examination
        self._environment = examination.environment

    @contextmanager
    def apart(self) -> Iterator[None]:
        """Judge one vantage point: what is not observed, or absent, ends this block alone."""
        try:
            yield
        except NotObserved as unseen:
            self._examination.missed(unseen.origin, unseen)
        except NonCompliant:
            return

    def repository(self) -> RepositoryView:
        """Return the repository. Raises NotObserved where it was not seen."""
        planned = probes.repository(self._environment, self._examination.subject)
        return RepositoryView(self._examination, self._examination.observed(planned))

    @property
    def declared_apps(self) -> tuple[DeclaredApp, ...]:
        """Every app that the environment declares."""
        declared = self._environment.digitalocean
        return (declared.apps if declared else None) or ()

    def app(self, declared: DeclaredApp) -> Observed[App]:
        """Return a declared app. Raises NotObserved, or NonCompliant where it is absent."""
        listed: Observed[tuple[App, ...]] = account.seen(self._examination, "apps")
        found: Observed[App] = account.single(self._examination, listed, "app", declared)
        return found

    def shutdown(self) -> Observed[Shutdown] | None:
        """Return how the application ended; None where nothing says how to start it.

        Raises NotObserved where it was not seen.
        """
        planned = probes.shutdown(self._environment, self._examination.subject)
        return None if planned is None else self._examination.observed(planned)
