"""What a step reads and writes: two steps that touch nothing in common may change places without changing the end."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import NamedTuple

CLOCK, QUEUE, FAULTS, EVERYTHING = "clock", "queue", "faults", "everything"


class Footprint(NamedTuple):
    """The things that a step reads and those that it changes, by name."""

    reads: frozenset[Hashable]
    writes: frozenset[Hashable]

    def conflicts(self, other: Footprint) -> bool:
        """Whether the order of the two steps can matter."""
        if EVERYTHING in self.writes or EVERYTHING in other.writes:
            return True
        mine, theirs = self.writes, other.writes
        return not (mine.isdisjoint(theirs) and mine.isdisjoint(other.reads) and theirs.isdisjoint(self.reads))

    def also(self, *writes: Hashable) -> Footprint:
        """Return this footprint with more that is changed."""
        return Footprint(self.reads, self.writes.union(writes))


def changing(*writes: Hashable, reading: Iterable[Hashable] = ()) -> Footprint:
    """Return the footprint of a step that changes and reads these things."""
    return Footprint(frozenset(reading), frozenset(writes))


def message(number: int) -> tuple[str, int]:
    """Name one message of the queue."""
    return ("message", number)
