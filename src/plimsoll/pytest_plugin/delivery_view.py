"""How alerts are delivered, as a check reads it: Alertmanager's file, its server, the rules."""

from __future__ import annotations

import posixpath
import re
from functools import cached_property
from typing import TYPE_CHECKING

from plimsoll.environment.inventory import Undeclared
from plimsoll.environment.repository_inventory import rule_files
from plimsoll.findings import NotObserved
from plimsoll.semantics.alertmanager.config import refusals
from plimsoll.semantics.alertmanager.matchers import Syntax
from plimsoll.semantics.alertmanager.message_templates import DefinedTemplates, defined_templates
from plimsoll.semantics.alertmanager.raised_alerts import RaisedAlert, raised_alerts
from plimsoll.semantics.alertmanager.running import config_folder, servers, syntax_of
from plimsoll.semantics.alertmanager.surroundings import RelabeledError, surroundings
from plimsoll.semantics.compose import repository_path
from plimsoll.semantics.promql import PromqlError

if TYPE_CHECKING:
    from plimsoll.facts.container import Container
    from plimsoll.facts.document import Document, Problem
    from plimsoll.findings import Origin
    from plimsoll.pytest_plugin.examination import Examination
    from plimsoll.pytest_plugin.repository_view import RepositoryView


class DeliveryView:
    """What one check sees of how alerts are delivered; unread files are not observed."""

    def __init__(self, examination: Examination, repository: RepositoryView) -> None:
        self._examination = examination
        self._environment = examination.environment
        self._repository = repository
        alerts = self._environment.alerts
        self._path = alerts.config if alerts and alerts.config else ""

    @property
    def origin(self) -> Origin:
        """Alertmanager's configuration as a place."""
        return self._repository.origin_of(self._path)

    @cached_property
    def config(self) -> Document:
        """Alertmanager's configuration."""
        return self._repository.document(self._path)

    @cached_property
    def servers(self) -> tuple[Container, ...]:
        """The Alertmanagers of the declared Compose files that read this configuration.

        Raises NotObserved where none is known: nothing tells then what is mounted into it.
        """
        found = tuple(one for compose in self._composes for one in servers(compose, self._path))
        if not found:
            reason = "no declared Compose file runs an Alertmanager with this configuration"
            raise NotObserved(reason, self.origin)
        return found

    @cached_property
    def syntax(self) -> Syntax:
        """What Alertmanager takes for matchers; the present reading where no version is known."""
        try:
            known = {syntax_of(server) for server in self.servers}
        except NotObserved:
            return Syntax.FALLBACK
        return known.pop() if len(known) == 1 else Syntax.FALLBACK

    @cached_property
    def refusals(self) -> tuple[Problem, ...]:
        """Everything for which Alertmanager refuses the configuration."""
        return refusals(self.config, self.syntax)

    def require_loadable(self) -> None:
        """Raise NotObserved where Alertmanager refuses the file: nobody knows what runs instead."""
        if self.refusals:
            first = self.refusals[0]
            raise NotObserved(f"Alertmanager refuses it: {first.what}", self.origin.at(first.where))

    @property
    def external_labels(self) -> dict[str, str]:
        """The labels that every alert gets on its way which does not carry them.

        Raises NotObserved where labels are rewritten on their way in a manner that is not read, and
        where a variable decides about one that Alertmanager asks for.
        """
        try:
            external = surroundings(self._scraping, frozenset()).external
        except RelabeledError as error:
            raise NotObserved(str(error), self.origin) from None
        asked = str([self.config.part(one).value for one in ("route", "inhibit_rules")])
        for name, value in external:
            if not isinstance(value, str) and re.search(rf"\b{re.escape(name)}\b", asked):
                reason = f"a variable decides about the external label {name}, which is asked for"
                raise NotObserved(reason, self.origin)
        return {name: value for name, value in external if isinstance(value, str)}

    @property
    def alerts(self) -> tuple[RaisedAlert, ...]:
        """Every alert of the declared rule files, with what is known of its labels."""
        return self._examination.once("alerts that may be raised", self._alerts)

    def _alerts(self) -> tuple[RaisedAlert, ...]:
        declared, scrape = rule_files(self._environment), self._scraping
        paths = [] if isinstance(declared, Undeclared) else [one.id for one in declared]
        try:
            return raised_alerts([self._repository.document(path) for path in paths], scrape)
        except (PromqlError, RelabeledError) as error:
            reason = f"the labels of alerts cannot be told: {error}"
            raise NotObserved(reason, self.origin) from None

    @property
    def _scraping(self) -> Document | None:
        declared = self._environment.repository
        scrape = declared.scrape if declared else None
        return self._repository.document(scrape.config) if scrape else None

    @cached_property
    def message_templates(self) -> DefinedTemplates:
        """The templates that the files define which the configuration names."""
        texts: list[str] = []
        are_all = True
        for part in (one for one in self.config.part("templates") if one.text):
            for pattern in self._shown(part.text or ""):
                are_all &= pattern is not None
                paths = self._repository.matching(pattern) if pattern is not None else ()
                texts += [self._repository.text(path) for path in paths]
        return DefinedTemplates(defined_templates(texts), are_all)

    def _shown(self, pattern: str) -> list[str | None]:
        """Return what a pattern of files shows of the repository, for each server that reads it."""
        try:
            servers = self.servers
        except NotObserved:
            beside = posixpath.normpath(posixpath.join(posixpath.dirname(self._path), pattern))
            return [None if pattern.startswith("/") else beside]
        return [
            repository_path(server, posixpath.join(config_folder(server), pattern))
            for server in servers
        ]

    @property
    def _composes(self) -> list[Document]:
        declared = self._environment.repository
        listed = (declared.compose or ()) if declared else ()
        return [self._repository.document(one.path) for one in listed]
