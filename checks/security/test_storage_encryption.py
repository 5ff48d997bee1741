"""Whatever lies in a bucket is encrypted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.findings import NotObserved
from plimsoll.semantics.storage_encryption import SOUND

if TYPE_CHECKING:
    from plimsoll.environment.backup_inventory import StoreSubject
    from plimsoll.facts.bucket import Bucket
    from plimsoll.findings import Expect, Observed


@pytest.mark.control("SEC-08")
def test_everything_in_the_bucket_is_encrypted_at_rest(
    data_store: StoreSubject, stored_copies: tuple[Observed[Bucket], ...], expect: Expect
) -> None:
    """Ask for the properties of the newest object below every prefix declared in the bucket.

    Each must state a sound encryption, as the store's own or as the encrypting client's. Where
    nothing is stated, nothing is known.
    """
    for seen in stored_copies:
        if seen.value.encryption:
            what = f"encryption below {seen.value.prefix} of {data_store.id}"
            expect.one_of(SOUND, seen.value.encryption, what, at=seen.origin)
    for seen in stored_copies:
        if not seen.value.encryption:
            raise NotObserved("nothing states how the newest object is encrypted", seen.origin)
