"""Bodies that are small on their way and huge when unpacked."""

from __future__ import annotations

import zlib
from functools import cache

import brotli


def zeros(packer: zlib._Compress, megabytes: int) -> bytes:
    """So many megabytes of zeros, packed."""
    block = b"\0" * 1_000_000
    return b"".join(packer.compress(block) for _ in range(megabytes)) + packer.flush()


@cache
def bomb(megabytes: int) -> bytes:
    """A gzip file of zeros."""
    return zeros(zlib.compressobj(9, zlib.DEFLATED, 31), megabytes)


@cache
def brotli_bomb(megabytes: int) -> bytes:
    """Zeros again: some hundred bytes."""
    packer, block = brotli.Compressor(quality=3), b"\0" * 1_000_000
    return b"".join(packer.process(block) for _ in range(megabytes)) + packer.finish()


PACKED = {"Content-Encoding": "gzip"}


BROTLI = {"Content-Encoding": "br"}
