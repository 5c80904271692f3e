"""Sequence numbers in the form that AWS's have: some 56 digits, unique in the stream, growing in a shard and below it.

AWS documents no form. That of its numbers was read by the makers of kinesalite: the shard's birth, a count, the time of
the put and the shard's number, one after the other in hexadecimal. Here they are made of the same parts, so that the
children of a shard, born later, continue its numbers. [kinesis-number]
"""

from __future__ import annotations

from typing import NamedTuple

# The parts from the highest to the lowest, each with its bits.
PARTS = {"two": 4, "born": 36, "place": 4, "count": 64, "zero": 8, "at": 36, "shard": 32, "version": 4}
TWO = 2
LAST_COUNT = 0x7FFF_FFFF_FFFF_FFFF
# How far to the left the count and the time of the put stand.
COUNT, TIME = 80, 36


class Number(NamedTuple):
    """What a sequence number is made of: `born` and `at` in seconds since 1970, the shard, the `nth` record."""

    born: int
    shard: int
    nth: int
    at: int

    def __int__(self) -> int:
        values = (TWO, self.born, self.shard & 0xF, self.nth, 0, self.at, self.shard, TWO)
        number = 0
        for value, bits in zip(values, PARTS.values(), strict=True):
            number = number << bits | value
        return number

    @classmethod
    def read(cls, number: int) -> Number | None:
        """The parts of a number; None for one that no stream gives."""
        found = {}
        for name, bits in reversed(PARTS.items()):
            found[name], number = number & (1 << bits) - 1, number >> bits
        if number or (found["two"], found["version"], found["zero"]) != (TWO, TWO, 0):
            return None
        if found["place"] != found["shard"] & 0xF:
            return None
        return cls(found["born"], found["shard"], found["count"], found["at"])
