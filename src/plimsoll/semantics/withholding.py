"""Values without what they would disclose, judged exactly as the values themselves.

What is kept of an answer must let a check find a credential, and must not be one.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from plimsoll.findings.redaction import mask
from plimsoll.semantics.credentials import (
    GIVEN,
    Exposure,
    exposure,
    is_placeholder,
    is_reference,
    names_a_secret,
    secret_kind,
)
from plimsoll.semantics.destination import shown_email, shown_hook

ENCRYPTED: Final = "EV[…]"

_DISCLOSING = frozenset({Exposure.CLEAR_TEXT, Exposure.WELL_KNOWN, Exposure.PLACEHOLDER})


@lru_cache(maxsize=8192)
def withheld(name: str, value: str, *, is_secret: bool = False) -> str:
    """Return a value as it may be kept: `exposure` judges it as it judged the original.

    A credential becomes `Exposure.marker`; where it stands among other words these stay, and the
    marker is put behind them. What the platform encrypted becomes ``EV[…]``. Where the source calls
    the value a secret it is one whatever its name.
    """
    if value.startswith("EV["):
        return ENCRYPTED
    name = "secret" if is_secret and exposure(name, value) is Exposure.HARMLESS else name
    found, shown = exposure(name, value), mask(value)
    is_sentence = " " in value.strip() and value != found.marker
    if found is Exposure.CLEAR_TEXT and is_sentence and not names_a_secret(name):
        words = shown.replace(found.marker, "").rstrip()
        return found.marker if secret_kind(words) else f"{words} {found.marker}"
    if found in _DISCLOSING:
        return found.marker
    return shown if exposure(name, shown) is found else found.marker


def given(_name: str, value: object) -> object:
    """Return whether something is there to use, in place of it; only text can be."""
    if not isinstance(value, str):
        return None
    if not value.strip():
        return ""
    if value.startswith("EV["):
        return ENCRYPTED
    if is_reference(value):
        return Exposure.REFERENCE.marker
    return Exposure.PLACEHOLDER.marker if is_placeholder(value) else GIVEN


def webhook(_name: str, value: object) -> object:
    """Return what may be shown of a webhook, or of what makes it unusable."""
    return shown_hook(value) if isinstance(value, str) else None


def address(_name: str, value: object) -> object:
    """Return an e-mail address without the person, or what makes it unusable."""
    return shown_email(value) if isinstance(value, str) else None


def endpoint(name: str, value: object) -> object:
    """Return the scheme, host and port of an address that logs or data are sent to."""
    stands = given(name, value)
    if stands != GIVEN or not isinstance(value, str):
        return stands
    scheme, separator, rest = value.strip().rpartition("://")
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0].rpartition("@")[2]
    return withheld(name, f"{scheme}{separator}{authority}")
