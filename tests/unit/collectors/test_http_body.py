"""A body is decoded as it claims to be, and never past the cap."""

from __future__ import annotations

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.collectors.body import DecodingError, read_body


def in_chunks(data: bytes, size: int) -> list[bytes]:
    """Return the data in pieces, with an empty one at the end."""
    return [data[start : start + size] for start in range(0, len(data), size)] + [b""]


@given(st.binary(max_size=400), st.integers(1, 50), st.integers(0, 500))
@pytest.mark.parametrize(
    ("encoding", "compress"),
    [("", bytes), ("GZIP", gzip.compress), ("deflate", zlib.compress), ("identity", bytes)],
)
def test_body_is_the_original_up_to_the_cap(encoding, compress, data, size, cap_bytes) -> None:
    """However it is compressed and cut into pieces, what comes back is its beginning."""
    body, truncated = read_body(in_chunks(compress(data), size), encoding, cap_bytes)
    assert body == data[:cap_bytes]
    assert truncated == (len(data) > cap_bytes)


@given(st.lists(st.binary(max_size=60)), st.sampled_from(["", "gzip", "deflate", "x-gzip", "zstd"]))
def test_any_bytes_are_read_or_refused(chunks, encoding) -> None:
    """Nothing a server can send raises anything but a decoding error."""
    try:
        body, _ = read_body(chunks, encoding, 50)
    except DecodingError:
        assert encoding in {"gzip", "deflate", "x-gzip", "zstd"}
    else:
        assert len(body) <= 50


@pytest.mark.parametrize("kept", [1, 12, 40])
def test_compressed_body_that_ends_early_is_refused(kept) -> None:
    """Half a compressed body is not a shorter body."""
    whole = gzip.compress(bytes(range(256)))
    with pytest.raises(DecodingError, match="ends early"):
        read_body([whole[:kept]], "gzip", 10_000)


def test_reading_stops_at_the_cap() -> None:
    """What lies behind the cap is not even received."""

    def endless():
        while True:
            yield b"x" * 100

    assert read_body(endless(), "", 250) == (b"x" * 250, True)


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, br", "unheard-of"])
def test_body_in_an_encoding_nobody_asked_for_is_refused(encoding) -> None:
    """Its bytes could hold anything, and a search in them would find nothing."""
    assert read_body([b""], encoding, 10) == (b"", False)
    with pytest.raises(DecodingError, match="not asked for"):
        read_body([b"\x0b\x02\x80"], encoding, 10)
