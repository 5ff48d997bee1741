"""The pages of an answer: what stands in one, which is next, and whether all of it came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from plimsoll.semantics.digitalocean.answer import UntoldError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from plimsoll.collectors.digitalocean_reads import Read


def whole(content: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Return the one object of an answer. Raises UntoldError."""
    found = content.get(key)
    if not isinstance(found, dict):
        raise UntoldError(f"the answer holds no object `{key}`")
    return found


def entries(content: Mapping[str, Any], key: str) -> list[Any]:
    """Return the list of one page. Raises UntoldError where there is none.

    A list that is left out is an empty one only where the answer counts nothing in all.
    """
    found = content.get(key)
    if isinstance(found, list):
        return found
    if found is None and _total(content) == 0:
        return []
    raise UntoldError(f"the answer holds no list `{key}`")


def next_page(content: Mapping[str, Any], page: int) -> int | None:
    """Return the number of the next page; None after the last. Raises UntoldError for a circle.

    Of the link only the number is taken: where to ask is never learned from an answer.
    """
    links = content.get("links")
    pages = links.get("pages") if isinstance(links, dict) else None
    link = pages.get("next") if isinstance(pages, dict) else None
    if not link:
        return None
    number = _page_number(link)
    if number <= page:
        raise UntoldError(f"the answer's next page is no page after {page}")
    return number


def require_all(found: Sequence[object], content: Mapping[str, Any]) -> None:
    """Require as many entries as the last page counts. Raises UntoldError."""
    total = _total(content)
    if total is not None and len(found) < total:
        raise UntoldError(f"the API counts {total} and shows {len(found)}")


def hidden_scopes(read: Read, found: object) -> tuple[str, ...]:
    """Return the scopes without which fields are left out that every entry should have."""
    records = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    lacking = {
        scope for field, scope in read.hides if records and not any(field in one for one in records)
    }
    return tuple(sorted(lacking))


def _page_number(link: object) -> int:
    try:
        return int(parse_qs(urlsplit(str(link)).query)["page"][0])
    except (ValueError, LookupError):
        return 0


def _total(content: Mapping[str, Any]) -> int | None:
    """Return how many entries the answer counts; a whole number may come as text (int64)."""
    meta = content.get("meta")
    total = meta.get("total") if isinstance(meta, dict) else None
    if isinstance(total, str) and total.isascii() and total.isdigit() and len(total) < 12:
        return int(total)
    return total if isinstance(total, int) and not isinstance(total, bool) else None
