"""Text from anywhere, made safe to look at: nothing invisible, endless or unencodable."""

import hashlib
import re

# Control characters (but tab and newline), format and bidirectional controls, lone surrogates,
# non-characters and tag characters: what could hide, reorder or break the text of a report.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ud800-\udfff\ufdd0-\ufdef\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]"
)
_WHITESPACE = re.compile(r"\s+")


def visible(text: str) -> str:
    r"""Write invisible characters as `\u{1B}`; tabs and newlines stay, CRLF becomes newline."""
    if text.isascii() and text.isprintable():
        return text
    return _INVISIBLE.sub(_escape, text.replace("\r\n", "\n"))


def capped(text: str, limit: int) -> str:
    """Shorten `text` to `limit` characters, telling what is missing and the whole's digest."""
    if len(text) <= limit:
        return text
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return (
        f"{text[:limit]} […] truncated, {len(text) - limit:,} more characters, "
        f"SHA-256 of the whole {digest}"
    )


def one_line(text: str, limit: int) -> str:
    """Show `text` on one line of at most about `limit` characters."""
    return _WHITESPACE.sub(" ", visible(capped(text.strip(), limit))).strip()


def shortened(text: str, limit: int) -> str:
    """Cut a line to exactly `limit` characters at most, ending in an ellipsis when cut."""
    return text if len(text) <= limit else text[: max(limit - 1, 0)].rstrip() + "…"


def _escape(match: re.Match[str]) -> str:
    return f"\\u{{{ord(match.group()):X}}}"
