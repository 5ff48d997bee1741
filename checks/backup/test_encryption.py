"""Nobody reads a backup on its way or where it lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plimsoll.findings import NotObserved
from plimsoll.semantics.storage_encryption import SOUND

if TYPE_CHECKING:
    from plimsoll.environment.backup_inventory import BackupSetSubject
    from plimsoll.facts.bucket import Bucket
    from plimsoll.facts.database_cluster import Database
    from plimsoll.findings import Expect, Observed


@pytest.mark.control("BKP-04a")
def test_backups_are_taken_over_an_encrypted_connection(
    encrypted_database: BackupSetSubject, database: Observed[Database], expect: Expect
) -> None:
    """Read the managed cluster that the backups are taken from: it must require TLS of clients.

    An export connects as any client does. Where the answer does not say, nothing is known.
    """
    if database.value.ssl is None:
        reason = f"the answer does not say how {encrypted_database.id} is connected to"
        raise NotObserved(reason, database.origin)
    expect.that(
        database.value.ssl,
        "connection to the database",
        observed="TLS is not required",
        expected="TLS required",
        at=database.origin,
    )


@pytest.mark.control("BKP-04b")
def test_exported_copies_are_encrypted_at_rest(
    encrypted_set: BackupSetSubject, stored_copies: tuple[Observed[Bucket], ...], expect: Expect
) -> None:
    """Ask for the properties of the newest copy in each place: its encryption must be a sound one.

    Read is what the store states, or what the encrypting client noted in the object's metadata.
    Spaces states nothing of its own, so a copy that was not encrypted before it was sent shows no
    encryption; that is unknown, and never passes.
    """
    for seen in stored_copies:
        if seen.value.encryption:
            what = f"encryption of copies of {encrypted_set.id}"
            expect.one_of(SOUND, seen.value.encryption, what, at=seen.origin)
    for seen in stored_copies:
        if not seen.value.encryption:
            raise NotObserved("nothing states how the newest copy is encrypted", seen.origin)
