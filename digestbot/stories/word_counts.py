"""In how many items each stem stands, as little as can be kept of it: fingerprints of stems, and numbers."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

import numpy as np
import numpy.typing as npt

from ..model import Item
from .tokens import stems_of, tokenise_items

Prints = npt.NDArray[np.uint64]
_BYTES: Final = 8  # of a fingerprint: of a month of a large newsroom two stems have the same once in a million times
_LENGTH: Final = 4  # bytes of the number that stands first


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WordCounts:
    """What was counted in some items. Two that count the same are equal: whoever grouped with one need not with the other."""

    items: int
    prints: Prints  # of their stems, ascending
    holding: npt.NDArray[np.uint32]  # how many of the items hold each

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, WordCounts):
            return NotImplemented
        same = self.items == other.items and np.array_equal(self.prints, other.prints)
        return same and np.array_equal(self.holding, other.holding)

    def __hash__(self) -> int:
        return hash((self.items, len(self.prints), int(self.holding.sum())))

    @classmethod
    def of(cls, frequencies: Mapping[str, int], *, items: int) -> WordCounts:
        """As counted: `frequencies` by stem."""
        prints = prints_of(frequencies)
        order = np.argsort(prints)
        numbers = np.fromiter(frequencies.values(), dtype=np.uint32, count=len(frequencies))
        return cls(items=items, prints=prints[order], holding=numbers[order])

    @classmethod
    def of_items(cls, items: Sequence[Item]) -> WordCounts:
        """Counted in these, which are read as one day's."""
        counts: Counter[str] = Counter()
        for item in tokenise_items(items):
            counts.update(set(stems_of(item.words, item.language)))
        return cls.of(counts, items=len(items))

    @classmethod
    def from_bytes(cls, kept: bytes, *, items: int) -> WordCounts:
        """What `as_bytes` made."""
        size = int.from_bytes(kept[:_LENGTH], "little")
        ends = _LENGTH + size * _BYTES
        return cls(
            items=items,
            prints=np.frombuffer(kept[_LENGTH:ends], dtype="<u8").astype(np.uint64, copy=False),
            holding=np.frombuffer(zlib.decompress(kept[ends:]), dtype="<u4").astype(np.uint32, copy=False),
        )

    def as_bytes(self) -> bytes:
        """To be kept: about eight bytes a stem."""
        numbers = zlib.compress(self.holding.astype("<u4").tobytes(), 1)
        return len(self.prints).to_bytes(_LENGTH, "little") + self.prints.astype("<u8").tobytes() + numbers

    def of_prints(self, wanted: Prints) -> npt.NDArray[np.int64]:
        """How many of the items hold each of these stems, named by their fingerprints."""
        found = np.zeros(len(wanted), dtype=np.int64)
        if len(self.prints):
            at = np.minimum(np.searchsorted(self.prints, wanted), len(self.prints) - 1)
            here = self.prints[at] == wanted
            found[here] = self.holding[at[here]]
        return found


def prints_of(stems: Collection[str]) -> Prints:
    """The fingerprint of each stem."""
    return np.frombuffer(b"".join(_prints(stems)), dtype="<u8").astype(np.uint64, copy=False)


def _prints(stems: Iterable[str]) -> Iterable[bytes]:
    return (blake2b(stem.encode("utf-8", "surrogatepass"), digest_size=_BYTES).digest() for stem in stems)
