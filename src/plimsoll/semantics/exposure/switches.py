"""Which metrics of an exporter are not certain to be there, for what it is told or asked.

Options and the parameters of a scrape switch collectors off; others have to be switched on. Where
the table of an exporter names its collectors, each option concerns their families alone; an option
that is not understood leaves every metric open.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import TYPE_CHECKING

from plimsoll.semantics.exposure.samples import sample_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from plimsoll.facts.container import Container
    from plimsoll.semantics.exposure.exporters import Exporter
    from plimsoll.semantics.exposure.targets import StaticTarget

TEXTFILE = "textfile"
"""The collector that exposes what files hold."""

_ON, _OFF = "--collector.", "--no-collector."
_OFF_BY_DEFAULT = "--collector.disable-defaults"
_OFF_LISTED, _ON_LISTED = "--disable_metrics", "--enable_metrics"
_ASKED, _NOT_ASKED = "collect[]", "exclude[]"
_OF_ITSELF = frozenset({"--web.disable-exporter-metrics", "--redis-only-metrics"})
"""Options that take away what an exporter exposes of its own process."""

_LIMITING = re.compile(
    r"--(?:no-(?!web\.|log\.|storage\.).*|disable.*|metric-(?:allow|deny)list|resources)"
)
_LIMITING_VARIABLE = re.compile(r"\w+_EXPORTER_DISABLE_\w+")
_UNSET = frozenset({"", "0", "false"})


@dataclass(frozen=True, slots=True)
class Switches:
    """What a service is told and asked that decides about its collectors.

    Attributes:
        off: collector → what switches it off.
        alone: what leaves some collectors alone switched on, and which those are.
        unread: an option that takes metrics away, it is not known which; empty without one.
        selfless: an option that takes away what it exposes of its own process; empty without one.
        given: every option and every environment variable that is set.

    """

    off: Mapping[str, str]
    alone: tuple[tuple[str, frozenset[str]], ...]
    unread: str
    selfless: str
    given: frozenset[str]

    def against(self, *collectors: str) -> str:
        """Return what keeps one of these collectors from being certain to run; empty if nothing."""
        if self.unread:
            return self.unread
        named = (self.off[name] for name in collectors if name in self.off)
        unnamed = (what for what, others in self.alone if not others.issuperset(collectors))
        return next(chain(named, unnamed), "")


def switches(exporter: Exporter, service: Container, target: StaticTarget) -> Switches:
    """Return what the command of an exporter, and the job that scrapes it, switch on and off."""
    options, variables = _options(service), {one.name for one in service.variables if one.value}
    off = dict(_switched_off(options, target))
    alone = tuple(_left_alone(options, target))
    unread = next(_unread(options, service), "")
    if not exporter.collectors:
        unread = unread or next(chain(off.values(), (what for what, _ in alone)), "")
    return Switches(
        off,
        alone,
        unread,
        next((f"runs with {name}" for name in options if name in _OF_ITSELF), ""),
        frozenset(options) | variables,
    )


def withheld(exporter: Exporter, service: Container, target: StaticTarget) -> dict[str, str]:
    """Return the names of the table that are not certain to be exposed, each with the reason."""
    told = switches(exporter, service, target)
    found: dict[str, str] = {}
    for metric in exporter.at(target.path):
        if reason := _reason(metric.name, exporter, told):
            found |= dict.fromkeys(sample_names(metric), f"{service.name} {reason}")
    return found


def _reason(metric: str, exporter: Exporter, told: Switches) -> str:
    if not metric.startswith(exporter.prefixes):
        return told.unread or told.selfless
    needed = exporter.switched_on.get(metric, ())
    if needed and not told.given.intersection(needed):
        return f"exposes it with {needed[0]} alone"
    return told.against(*exporter.collectors_of(metric))


def _switched_off(options: Mapping[str, str], target: StaticTarget) -> Iterator[tuple[str, str]]:
    for name, value in options.items():
        if name.startswith(_OFF):
            yield name.removeprefix(_OFF), f"runs with {name}"
        elif name == _OFF_LISTED:
            yield from ((one, f"runs with {name}={value}") for one in value.split(","))
    for one in target.parameters.get(_NOT_ASKED, ()):
        yield one, f"is scraped with {_NOT_ASKED}={one}"


def _left_alone(
    options: Mapping[str, str], target: StaticTarget
) -> Iterator[tuple[str, frozenset[str]]]:
    if _OFF_BY_DEFAULT in options:
        enabled = frozenset(one.removeprefix(_ON) for one in options if one.startswith(_ON))
        yield f"runs with {_OFF_BY_DEFAULT}", enabled
    if listed := options.get(_ON_LISTED):
        yield f"runs with {_ON_LISTED}={listed}", frozenset(listed.split(","))
    if asked := target.parameters.get(_ASKED):
        yield f"is scraped with {_ASKED}={','.join(asked)}", frozenset(asked)


def _unread(options: Mapping[str, str], service: Container) -> Iterator[str]:
    for name, value in options.items():
        is_read = name.startswith(_OFF) or name == _OFF_LISTED
        if _LIMITING.fullmatch(name) and not is_read and value != "false":
            yield f"runs with {name}"
    for one in service.variables:
        is_set = one.value is None or one.value.lower() not in _UNSET
        if _LIMITING_VARIABLE.fullmatch(one.name) and is_set:
            yield f"runs with {one.name}"


def _options(service: Container) -> dict[str, str]:
    """Return the options of the command, those with a single dash as if they had two."""
    found: dict[str, str] = {}
    for word, following in pairwise([*service.words(), ""]):
        name, equals, value = word.partition("=")
        if name.startswith("-") and name.strip("-"):
            separate = "" if following.startswith("-") else following
            found[f"--{name.lstrip('-')}"] = value if equals else separate
    return found
