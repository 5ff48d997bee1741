"""Fill in the variables of a dashboard's queries as Grafana does.

Sources: Grafana's documentation on variables, and `interpolateQueryExpr` of its Prometheus
datasource: a choice of several values becomes a pattern. Grafana never turns `=` into `=~`: where
`=` compares a label with a choice of several, nothing matches.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from plimsoll.semantics.dashboards.untyped import mapping, mappings, string

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

REFERENCE = re.compile(
    r"\$\{(?P<braced>\w+)(?:\.\w+)?(?::(?P<format>[^}]*))?\}"
    r"|\$(?P<plain>\w+)"
    r"|\[\[(?P<square>\w+)(?::(?P<old_format>[^\]]*))?\]\]"
)
"""A reference to a variable: `$v`, `${v}`, `${v:format}` or `[[v]]`."""

GRAFANA_INTERVAL_SECONDS = 15.0
"""What Grafana takes for the scrape interval where its datasource names none (`timeInterval`)."""

_BUILT_IN = {
    "__range": "1h",
    "__range_s": "3600",
    "__range_ms": "3600000",
    "__from": "0",
    "__to": "0",
    "__dashboard": "dashboard",
    "__name": "name",
    "__org": "1",
    "__user": "user",
    "timeFilter": "",
}
_SCRAPES_OF_A_RATE = 4
_ANY = ".+"
_ALL = "$__all"
_INTERVAL = "5m"
_SELECTED = "selected"
_LONGEST_CHAIN = 5
_LONGEST_RESOLVED = 50_000
_FORMATS_OF_PATTERNS = frozenset(("", "regex", "pipe"))
_COMPARED = re.compile(r"""(?<![=!<>])=\s*(?P<quote>["'`])(?:(?!(?P=quote)).)*\Z""", re.DOTALL)
_ESCAPED = re.compile(r"[$^*{}\[\]+?.()\\]")


@dataclass(frozen=True, slots=True)
class Variable:
    """What stands for a variable.

    Attributes:
        values: what is selected when the dashboard opens; empty where that is everything.
        any_of: whether readers may choose several values, or all.
        all_value: what Grafana writes for all of them, where the dashboard says so.
        datasource: the type of the data sources that it offers, where it offers any.

    """

    values: tuple[str, ...]
    any_of: bool = False
    all_value: str = ""
    datasource: str = ""


@dataclass(slots=True)
class Filled:
    """An expression with its variables filled in, and those that do not work."""

    text: str
    unknown: list[str] = field(default_factory=list)
    literal: list[str] = field(default_factory=list)


@lru_cache(maxsize=64)
def built_in(interval_seconds: float) -> Mapping[str, str]:
    """Return what Grafana's own variables stand for, for a datasource with this interval.

    `$__rate_interval` is four of them: Grafana's documentation on its Prometheus datasource.
    """
    interval = max(1, round(interval_seconds))
    rate = _SCRAPES_OF_A_RATE * interval
    return MappingProxyType(
        _BUILT_IN
        | {"__interval": f"{interval}s", "__interval_ms": f"{interval}000"}
        | {"__rate_interval": f"{rate}s", "__rate_interval_ms": f"{rate}000"}
    )


def declared_variables(model: Mapping[str, object]) -> dict[str, Variable]:
    """Return the variables that a dashboard declares, in either schema."""
    declared = [*mappings(mapping(model.get("templating")).get("list"))]
    for variable in mappings(model.get("variables")):
        kind = string(variable.get("kind")).removesuffix("Variable").lower()
        declared.append({"type": kind, **mapping(variable.get("spec"))})
    return {name: _variable(v) for v in declared if (name := string(v.get("name")))}


def referred_alone(text: str) -> str:
    """Return the name of the variable that a text is and nothing else; empty where it is none."""
    match = REFERENCE.fullmatch(text)
    return _name(match) if match else ""


def referred(texts: Iterable[str]) -> frozenset[str]:
    """Return the names of the variables that texts refer to."""
    return frozenset(_name(match) for text in texts for match in REFERENCE.finditer(text))


def fill_in(
    expression: str,
    variables: Mapping[str, Variable],
    interval_seconds: float = GRAFANA_INTERVAL_SECONDS,
) -> Filled:
    """Fill in the variables of an expression, for a datasource with this scrape interval.

    Those defined nowhere are left as they stand and reported as `unknown`; those that stand for
    several values where `=` takes only one are reported as `literal`. Values may refer to further
    variables.
    """
    filled = Filled(expression)
    for _ in range(_LONGEST_CHAIN):
        before = filled.text
        filled.text = _once(filled, variables, built_in(interval_seconds))
        if filled.text == before or len(filled.text) > _LONGEST_RESOLVED:
            break
    filled.unknown = list(dict.fromkeys(filled.unknown))
    filled.literal = list(dict.fromkeys(filled.literal))
    return filled


def _once(filled: Filled, variables: Mapping[str, Variable], own: Mapping[str, str]) -> str:
    text = filled.text

    def value(match: re.Match[str]) -> str:
        name = _name(match)
        if name in own:
            return own[name]
        variable = variables.get(name)
        if variable is None:
            # `$1` is no variable of Grafana's but a group of `label_replace`.
            filled.unknown.extend([] if name.isdecimal() else [name])
            return match[0]
        if not variable.any_of:
            return variable.values[0]
        return _of_many(name, variable, match, filled)

    return REFERENCE.sub(value, text)


def _of_many(name: str, variable: Variable, match: re.Match[str], filled: Filled) -> str:
    """Return a pattern for any choice; beside `=` what is selected, if that is a single value."""
    written = match["format"] or match["old_format"] or ""
    compared = _COMPARED.search(match.string[: match.start()]) is not None
    if not compared and written in _FORMATS_OF_PATTERNS:
        return variable.all_value or _ANY
    if len(variable.values) == 1 and not _ESCAPED.search(variable.values[0]):
        return variable.values[0]
    filled.literal.append(name)
    return variable.all_value or _ANY


def _name(match: re.Match[str]) -> str:
    return match["braced"] or match["plain"] or match["square"]


def _variable(variable: Mapping[str, object]) -> Variable:
    kind = variable.get("type")
    any_of = variable.get("multi") is True or variable.get("includeAll") is True
    selected = _selected(variable)
    if kind == "interval":
        duration = next((value for value in selected if "auto" not in value), _INTERVAL)
        return Variable((duration,))
    offered = ""
    if kind == "datasource":
        # The schema v2 calls `pluginId` what was the query before.
        offered = string(variable.get("pluginId")) or string(variable.get("query"))
    if any_of:
        values = () if _ALL in selected else selected
        every = string(variable.get("allValue"))
        return Variable(values, any_of=True, all_value=every, datasource=offered)
    return Variable((selected or (_SELECTED,))[:1], datasource=offered)


def _selected(variable: Mapping[str, object]) -> tuple[str, ...]:
    """Return what is selected when the dashboard opens, as far as the document says so."""
    current = mapping(variable.get("current")).get("value")
    listed = current if isinstance(current, list) else [current]
    selected = tuple(value for value in listed if isinstance(value, str) and value)
    if selected or variable.get("type") == "query":
        return selected
    if variable.get("includeAll") is True:
        return ()
    first = string(variable.get("query"))
    if variable.get("type") in ("custom", "interval"):
        # An option may be written as `name : value`.
        first = first.partition(",")[0].rpartition(" : ")[2]
    return (first.strip(),) if first.strip() else ()
