"""Compare version numbers of programs, such as `0.47.0` and `v1.3.0-rc1`."""

from __future__ import annotations

import re

_VERSION = re.compile(r"v?(\d{1,9}(?:\.\d{1,9})*)(-[\w.]+)?(?:\+[\w.-]+)?", re.ASCII)


def is_at_least(version: str, least: str) -> bool:
    """Tell whether a version is at least another; one that cannot be read is not.

    A part that is not given counts as 0. A release candidate comes before its release.
    """
    found, bound = _parts(version), _parts(least)
    return found is not None and bound is not None and found >= bound


def _parts(text: str) -> tuple[tuple[int, ...], bool] | None:
    match = _VERSION.fullmatch(text.strip())
    if match is None:
        return None
    numbers = [int(part) for part in match[1].split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers), match[2] is None
