"""Text from anywhere, written so that it is only text in Markdown: no structure, HTML or links."""

import re

from plimsoll.reporting.visible_text import one_line

_PROSE_CHARACTERS = 1500
_CODE_CHARACTERS = 500

_ANYWHERE = re.compile(r"[\\`*\[\]|~#$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|&(?=[#A-Za-z])")
_AT_START = re.compile(r"^([-+=>!:]|\d+(?=[.)]))")
_BARE_ADDRESS = re.compile(r"://|\bwww\.|@|\b(?:mailto|xmpp):", re.IGNORECASE)
_RUN_OF_TICKS = re.compile(r"`+")


def prose(text: str) -> str:
    """Escape one line of running text; addresses in it are not made into links."""
    line = one_line(text, _PROSE_CHARACTERS)
    escaped = _ANYWHERE.sub(r"\\\g<0>", line).replace("<", "&lt;")
    escaped = _AT_START.sub(_escape_start, escaped)
    return _BARE_ADDRESS.sub(_break_address, escaped)


def cell(text: str) -> str:
    """Escape the text of a table's cell."""
    return prose(text) or " "


def code(text: str) -> str:
    """Write a value as a code span, fenced by more backticks than it contains."""
    line = one_line(text, _CODE_CHARACTERS)
    if not line:
        return "(nothing)"
    fence = "`" * (max(map(len, _RUN_OF_TICKS.findall(line)), default=0) + 1)
    padding = " " if "`" in (line[0], line[-1]) else ""
    return f"{fence}{padding}{line}{padding}{fence}"


def _escape_start(match: re.Match[str]) -> str:
    found = match.group()
    return f"{found}\\" if found.isdigit() else f"\\{found}"


def _break_address(match: re.Match[str]) -> str:
    """Keep an address readable and stop a renderer from linking it, as some do even unasked."""
    return match.group().replace(":", "&#58;").replace(".", "&#46;").replace("@", "&#64;")
