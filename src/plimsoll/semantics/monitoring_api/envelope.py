"""What an answer says apart from what it tells: success, error, or that it is only a part."""

from __future__ import annotations

from typing import Final, cast

from plimsoll.semantics.digitalocean.answer import UntoldError

__all__ = ["UntoldError", "content", "refusal"]

_ERRORS: Final = {
    "bad_data": "the question is refused as malformed",
    "execution": "the expression cannot be evaluated",
    "timeout": "the evaluation took too long",
    "canceled": "the evaluation was canceled",
    "unavailable": "the server is not ready yet",
    "not_found": "the server does not know this read",
    "internal": "the server failed",
}
"""`errorType` of Prometheus' API. The text beside it is not repeated: it may quote anything."""

_STATUSES: Final = {
    400: "the question is refused as malformed",
    401: "the credential is not accepted",
    403: "the credential may not read this",
    404: "nothing is there: the URL is another one, or its version does not have this read",
    502: "a proxy does not reach the server",
    503: "the server is not ready yet, or away",
    504: "a proxy waited too long for the server",
}
_HTML_LIKELY: Final = "a proxy or a page to log in answers in its place"


def content(system: str, body: object) -> object:
    """Return what a successful answer tells. Raises UntoldError where it tells less than it must.

    Prometheus wraps what it tells as ``{"status": "success", "data": …}``; with `warnings` it is
    known to be incomplete. The others tell it bare.
    """
    if system != "prometheus":
        return body
    if not isinstance(body, dict) or body.get("status") != "success" or "data" not in body:
        message = f"the answer is none of {system.capitalize()}: {_HTML_LIKELY}"
        raise UntoldError(message)
    warnings = body.get("warnings")
    if warnings:
        count = len(warnings) if isinstance(warnings, list) else 1
        message = f"the answer is incomplete: it comes with {count} warning(s)"
        raise UntoldError(message)
    return cast("object", body["data"])


def refusal(status: int, body: object, permission: str = "") -> str:
    """Return why a read was refused; `body` is the JSON that came along, None where there is none.

    `permission` is what Grafana asks of whoever reads this.
    """
    if 300 <= status < 400:
        return f"the server redirects ({status}), which is not followed: {_HTML_LIKELY}"
    kind = body.get("errorType") if isinstance(body, dict) else None
    reason = _ERRORS.get(kind) if isinstance(kind, str) else None
    reason = reason or _STATUSES.get(status)
    if reason is None:
        reason = "the server failed" if status >= 500 else "the server refused"
    needs = f": it needs {permission}" if status == 403 and permission else ""
    return f"{reason} ({status}){needs}"
