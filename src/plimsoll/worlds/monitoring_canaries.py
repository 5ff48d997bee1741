"""Put secrets into answers of monitoring systems wherever the real ones tell them.

A value is random for each world, of a form that no masking recognizes by itself.
"""

from __future__ import annotations

import secrets
from copy import deepcopy
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from plimsoll.worlds.monitoring import MonitoringWorld, Record


def plant(world: MonitoringWorld) -> None:
    """Change the world's records into ones with secrets; `canaries` then names each by its place.

    The places are those in which Prometheus, Alertmanager and Grafana show what they were given:
    parameters of scrapes, errors that quote an address, annotations, comments, settings.
    """
    planting = _Planting(world.canaries)
    world.targets = [planting.target(f"targets[{at}]", one) for at, one in _copied(world.targets)]
    world.groups = [planting.group(f"groups[{at}]", one) for at, one in _copied(world.groups)]
    world.alertmanagers = [
        one.replace("://", f"://user:{planting.secret(f'alertmanagers[{at}]')}@", 1)
        for at, one in enumerate(world.alertmanagers)
    ]
    world.runtime = world.runtime | {"GODEBUG": planting.secret("runtime GODEBUG")}
    world.silences = [
        one | {"comment": f"token {planting.secret(f'silences[{at}].comment')}"}
        for at, one in enumerate(world.silences)
    ]
    world.datasources = [
        planting.datasource(f"datasources[{at}]", one) for at, one in _copied(world.datasources)
    ]


def _copied(records: list[Record]) -> list[tuple[int, Record]]:
    return list(enumerate(deepcopy(records)))


class _Planting:
    """One round of planting; secrets are registered by the place they were put."""

    def __init__(self, canaries: dict[str, str]) -> None:
        self._canaries = canaries

    def secret(self, place: str) -> str:
        return self._canaries.setdefault(place, secrets.token_hex(16))

    def target(self, place: str, told: Record) -> Record:
        query = f"?token={self.secret(f'{place} parameter')}"
        told["discoveredLabels"]["__param_token"] = self.secret(f"{place} parameter")
        told["scrapeUrl"] += query
        told["globalUrl"] += query
        told["labels"]["api_token"] = self.secret(f"{place} label")
        if told["lastError"]:
            told["lastError"] = f'Get "{told["scrapeUrl"]}": {told["lastError"]}'
        return told

    def group(self, place: str, told: Record) -> Record:
        for at, rule in enumerate(told["rules"]):
            where = f"{place}.rules[{at}]"
            if "annotations" in rule:
                hook = f"https://hooks.example.com/{self.secret(f'{where} annotation')}"
                rule["annotations"]["hook"] = hook
            rule["query"] += f" # {self.secret(f'{where} comment')}"
            if rule.get("lastError"):
                rule["lastError"] += f' at "http://reader:{self.secret(f"{where} error")}@db/"'
        return told

    def datasource(self, place: str, told: Record) -> Record:
        told["url"] = told["url"].replace("://", f"://user:{self.secret(f'{place} url')}@", 1)
        told["password"] = self.secret(f"{place} password")
        told["basicAuthPassword"] = self.secret(f"{place} basicAuthPassword")
        told["jsonData"] |= {"httpHeaderValue1": self.secret(f"{place} header")}
        return told
