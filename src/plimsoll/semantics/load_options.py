"""What the options of a load test come to, once everything that is stronger than them has spoken.

k6 takes them, the weakest first, from a configuration file, the script, the environment and the
command line (grafana.com/docs/k6/latest/using-k6/k6-options/how-to, order of precedence). Whoever
says how long or in which scenarios it runs, wipes all that weaker ones said of that
(`lib/options.go`, `Apply`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from plimsoll.facts.load_test import RUN_TIME_VALUE, K6Options
from plimsoll.semantics.k6 import ScriptError
from plimsoll.semantics.load_segment import SEGMENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

EXECUTION = ("duration", "iterations", "stages", "scenarios")
_FLAGS = {
    **dict.fromkeys(("-u", "--vus"), "vus"),
    **dict.fromkeys(("-d", "--duration"), "duration"),
    **dict.fromkeys(("-i", "--iterations"), "iterations"),
    **dict.fromkeys(("-s", "--stage"), "stages"),
    **dict.fromkeys(("-c", "--config"), "config"),
    **dict.fromkeys(("-e", "--env"), "env"),
    "--execution-segment": "segment",
    "--no-thresholds": "no_thresholds",
}
_VARIABLES = {
    "K6_VUS": "vus",
    "K6_DURATION": "duration",
    "K6_ITERATIONS": "iterations",
    "K6_STAGES": "stages",
    "K6_CONFIG": "config",
    "K6_EXECUTION_SEGMENT": "segment",
    "K6_NO_THRESHOLDS": "no_thresholds",
}
_SWITCHES = frozenset(("no_thresholds",))
_STAGE = re.compile(r"([^:,\s]+):(\d+)", re.ASCII)
_TRUE = frozenset(("1", "t", "true"))
_FALSE = frozenset(("0", "f", "false", ""))


def overlay(lower: Mapping[str, object], higher: Mapping[str, object]) -> dict[str, object]:
    """Return what two tiers of options come to, the second being the stronger."""
    kept = dict(lower)
    if any(higher.get(key) not in (None, [], {}) for key in EXECUTION):
        kept = {key: value for key, value in kept.items() if key not in EXECUTION}
    return kept | {key: value for key, value in higher.items() if value is not None}


def variable_tier(variables: Mapping[str, str], where: str) -> dict[str, object]:
    """Return the options that `K6_` variables set.

    Raises:
        ScriptError: a value is none that k6 reads, or is known only when it runs.

    """
    given = ((_VARIABLES[name], value) for name, value in variables.items() if name in _VARIABLES)
    return _tier(given, where)


def flag_tier(arguments: Iterable[str], where: str) -> dict[str, object]:
    """Return the options that the arguments of `k6 run` set; raises as `variable_tier` does."""
    return _tier(flags(arguments), where)


def flags(arguments: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield what each flag sets, and its value: `-u 5`, `-u5`, `--vus 5` and `--vus=5` are one."""
    words = iter(arguments)
    for word in words:
        name, has_value, value = word.partition("=")
        if not word.startswith("--") and word[:2] in _FLAGS:
            name, has_value, value = word[:2], word[2:], word[2:].removeprefix("=")
        if name not in _FLAGS:
            continue
        what = _FLAGS[name]
        if what in _SWITCHES:
            yield what, value if has_value else "true"
        else:
            yield what, value if has_value else next(words, "")


def _tier(given: Iterable[tuple[str, str]], where: str) -> dict[str, object]:
    tier: dict[str, object] = {}
    for what, value in given:
        if what == "env":
            continue
        if what != "config" and ("$" in value or "`" in value):
            raise ScriptError(f"{what} is {value}, {RUN_TIME_VALUE}", where)
        match what:
            case "stages":
                earlier = tier.get("stages")
                stages = earlier if isinstance(earlier, list) else []
                tier["stages"] = [*stages, *_stages(value, where)]
            case "no_thresholds":
                tier[what] = _truth(value, where)
            case _:
                tier[what] = value
    return tier


def _stages(text: str, where: str) -> Iterator[dict[str, object]]:
    for part in text.split(","):
        stage = _STAGE.fullmatch(part.strip())
        if stage is None:
            raise ScriptError(f"{part!r} is not a stage, as 5m:100 is one", where)
        yield {"duration": stage[1], "target": stage[2]}


def _truth(text: str, where: str) -> bool:
    if text.lower() not in _TRUE | _FALSE:
        raise ScriptError(f"{text!r} is neither true nor false", where)
    return text.lower() in _TRUE


def effective_options(
    script: K6Options,
    variables: Mapping[str, str],
    arguments: Iterable[str],
    configuration: Mapping[str, object] | None,
    where: str,
) -> K6Options:
    """Return the options with which k6 runs a script when it is called like this.

    Args:
        script: what the script exports.
        variables: the environment of the call.
        arguments: the words after `k6 run`.
        configuration: what the configuration file holds, where it was read.
        where: the place of the call, for errors.

    Raises:
        ScriptError: k6 would refuse an option; or what is set cannot be told, and then
            `is_undecided` is true.

    """
    above = overlay(variable_tier(variables, where), flag_tier(arguments, where))
    lowest = configuration or {}
    if above.get("config") and configuration is None and _is_open(script.values, above):
        reason = f"what {above['config']} sets is not read here, {RUN_TIME_VALUE}"
        raise ScriptError(f"{reason}; declare it under load_test.config", where)
    segment = above.pop("segment", None)
    if segment not in (None, "", "0:1"):
        raise ScriptError(f"a part of the users runs elsewhere, {RUN_TIME_VALUE}", where)
    values = overlay(overlay(lowest, script.values), above)
    if segment:
        values[SEGMENT] = segment
    if values.get("no_thresholds") or values.get("noThresholds"):
        values.pop("thresholds", None)
    return K6Options(values, script.functions)


def _is_open(script: Mapping[str, object], above: Mapping[str, object]) -> bool:
    """Tell whether a weaker tier could still say something of the load or the thresholds."""
    timed = any(tier.get(key) for tier in (script, above) for key in EXECUTION)
    return not timed or not script.get("thresholds")
