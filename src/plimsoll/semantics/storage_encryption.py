"""Which statements about the encryption of a stored object are good enough."""

from __future__ import annotations

from typing import Final

SOUND: Final = frozenset({"AES256", "aws:kms", "aws:kms:dsse", "AES/GCM/NoPadding"})
"""What S3 states of its own encryption, and what its encryption client notes of an object that was
encrypted before it was sent. That client's older mode, AES/CBC/PKCS5Padding, is missing: it gives
the content away to whoever may write to the bucket and watch decryption fail (CVE-2020-8911)."""
