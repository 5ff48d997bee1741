"""What a load test exercises: which activities of users, and which regions.

An activity is exercised by a request, not by a name: a scenario called `booking` that only fetches
the home page books nothing. A region is exercised where a scenario is told to go there and its
script reads what it is told, or where a request names the region's host.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from plimsoll.semantics.javascript import parse, text_of, walk
from plimsoll.semantics.script_requests import requests

if TYPE_CHECKING:
    from collections.abc import Iterable

    from plimsoll.facts.load_test import LoadProfile, Scenario, ScriptRequest

_LETTERS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_UNKNOWN = re.compile(r"\{[^{}]*\}")
_SHARED_LETTERS = 5
_LEAST_WORD = 4
_PROBE_WORDS = frozenset(
    ("api", "v", "health", "liveness", "readiness", "ready", "live", "metrics", "status")
)
_READ = re.compile(r"__ENV(?:\.(\w+)|\[[\"'](\w+)[\"']\])")


def reached_requests(source: str, profile: LoadProfile) -> tuple[ScriptRequest, ...]:
    """Return the requests that scenarios with users can make.

    Raises:
        JavaScriptError: the text has a syntax error.

    """
    return requests(source, {scenario.function for scenario in _active(profile)})


def is_exercised(activity: str, made: Iterable[ScriptRequest]) -> bool:
    """Tell whether a request is about an activity: by its path, or by the function that makes it.

    Words match when one begins the other or both share their first letters: `/auth/register` is a
    registration. A request for the root, or to a health endpoint, is about no activity.
    """
    wanted = _words(activity)
    return bool(wanted) and any(
        all(any(_alike(word, other) for other in told) for word in wanted)
        for told in map(_subject_words, made)
    )


def is_region_exercised(region: str, host: str, source: str, profile: LoadProfile) -> bool:
    """Tell whether a scenario with users goes to a region, by its id or by its host.

    Raises:
        JavaScriptError: the text has a syntax error.

    """
    if any(host in request.url for request in reached_requests(source, profile)):
        return True
    read = settings_read(source)
    return any(
        name in read and (value == region or host in value)
        for scenario in _active(profile)
        for name, value in scenario.environment.items()
        if requests(source, [scenario.function])
    )


def _subject_words(request: ScriptRequest) -> frozenset[str]:
    """Return the words of what a request is about; none where it is about nothing of users."""
    known = _UNKNOWN.sub("", request.url)
    path = _words(urlsplit(known).path)
    if known and path <= _PROBE_WORDS:
        return frozenset()
    return path | _words(request.function)


def _active(profile: LoadProfile) -> tuple[Scenario, ...]:
    """Return the scenarios that have users at some time, or whose users the options do not fix."""
    return tuple(
        scenario
        for scenario in profile.scenarios
        if scenario.indefinite or any(r.start_users or r.end_users for r in scenario.ramps)
    )


def settings_read(source: str) -> frozenset[str]:
    """Return what a script reads of its environment, comments and texts left out.

    Raises:
        JavaScriptError: the text has a syntax error.

    """
    kinds = ("member_expression", "subscript_expression")
    texts = (text_of(node) for node in walk(parse(source)) if node.type in kinds)
    found = (_READ.fullmatch(text) for text in texts)
    return frozenset(match[1] or match[2] for match in found if match)


def _words(text: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _LETTERS.findall(text))


def _alike(word: str, other: str) -> bool:
    shorter = min(len(word), len(other))
    pairs = enumerate(zip(word, other, strict=False))
    shared = next((at for at, (one, two) in pairs if one != two), shorter)
    return shared >= _SHARED_LETTERS or shared == shorter >= _LEAST_WORD or word == other
