"""Where a record goes: its partition key's MD5 as a number of 128 bits, and the ranges of such numbers."""

from __future__ import annotations

from hashlib import md5
from typing import NamedTuple

LAST = 2**128 - 1


class Range(NamedTuple):
    """A range of hash keys, both ends within."""

    start: int
    end: int

    def __contains__(self, key: object) -> bool:
        return isinstance(key, int) and self.start <= key <= self.end

    @property
    def middle(self) -> int:
        """Where an even split begins its upper half."""
        return (self.start + self.end + 1) // 2


def hash_of(partition_key: str) -> int:
    """The hash key of a partition key. [kds-4]"""
    return int.from_bytes(md5(partition_key.encode(), usedforsecurity=False).digest())


def even_ranges(count: int) -> list[Range]:
    """All hash keys in so many ranges of one size; the last takes what is left over."""
    step = (LAST + 1) // count
    return [Range(nth * step, (nth + 1) * step - 1 if nth < count - 1 else LAST) for nth in range(count)]
