"""What an object store tells of a bucket: what lies in it, since when, and how long it stays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 (read at run time when a snapshot is restored)
from typing import Final

DOMAIN: Final = "digitaloceanspaces.com"
"""Each region of the store answers at a name below it, and each bucket below that of its region."""


@dataclass(frozen=True, slots=True, order=True)
class BucketProbe:
    """A bucket in a region of the store, and the prefix below which its objects are listed.

    `access_key` and `secret_key` name the environment variables that hold the key. Keys that do not
    end in `suffix` are passed over.
    """

    bucket: str
    region: str
    prefix: str = ""
    access_key: str = ""
    secret_key: str = ""
    suffix: str = ""

    def __str__(self) -> str:
        """Return what evidence calls it."""
        kept = f"*{self.suffix}" if self.suffix else ""
        return f"s3://{self.bucket}/{self.prefix}{kept} in {self.region}"

    def counts(self, key: str) -> bool:
        """Whether an object of this key is looked at; what consoles make of a folder is not.

        A folder is an empty object whose key ends in a slash
        (https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-folders.html).
        """
        return key.endswith(self.suffix) and not key.endswith("/")


def endpoint(region: str) -> str:
    """Return the host at which a region of the store answers."""
    return f"{region}.{DOMAIN}"


@dataclass(frozen=True, slots=True)
class StoredObject:
    """One object: its key, size in bytes and the time it was last written."""

    key: str
    size: int
    modified_at: datetime


@dataclass(frozen=True, slots=True)
class LifecycleRule:
    """One rule that ends the life of objects below a prefix.

    A rule that is not enabled ends nothing. `expires_after_days` and `expires_on` are None for a
    rule that does something else, such as removing interrupted uploads. A conditional rule holds
    for some of the objects only, by their tags or their size. `versions_expire_after_days` is what
    becomes of earlier versions, where the bucket keeps them.
    """

    id: str
    prefix: str
    enabled: bool
    expires_after_days: int | None = None
    expires_on: datetime | None = None
    conditional: bool = False
    versions_expire_after_days: int | None = None


@dataclass(frozen=True, slots=True)
class Bucket:
    """What was seen of a bucket; a field is None where the store refused to tell it.

    `exists` is False where the store answered that this region has no such bucket. `objects` are
    all that count below the prefix. `versioning` is ``Enabled``, ``Suspended`` or empty where it
    was never switched on. `encryption` is the algorithm that the newest object is stored with as
    far as the store states one, empty where it states none and where there is no object.
    """

    name: str
    region: str
    prefix: str
    objects: tuple[StoredObject, ...]
    lifecycle: tuple[LifecycleRule, ...] | None
    versioning: str | None
    encryption: str | None
    exists: bool = True

    @property
    def newest(self) -> StoredObject | None:
        """The object written last, or None where there is none."""
        return max(self.objects, key=lambda one: (one.modified_at, one.key), default=None)
