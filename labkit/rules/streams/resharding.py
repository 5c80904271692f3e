"""How the shards of a stream become others: where ranges are cut, which pieces are joined, and how often it is done."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence

from labkit.ledger import quota
from labkit.rules.message import SECOND
from labkit.rules.refused import Refused
from labkit.rules.streams.placement import Range

DAY = 86_400 * SECOND
CALLS = quota("kinesis.scaling.calls")
LIMIT = "LimitExceededException"


def cuts(hash_keys: Range, wanted: Sequence[Range]) -> list[Range]:
    """The pieces of a range, cut wherever one of the wanted ranges begins within it."""
    starts = [hash_keys.start, *(one.start for one in wanted if hash_keys.start < one.start <= hash_keys.end)]
    ends = [start - 1 for start in starts[1:]] + [hash_keys.end]
    return [Range(start, end) for start, end in zip(starts, ends, strict=True)]


def joins(pieces: Sequence[Range], wanted: Sequence[Range]) -> Iterator[tuple[int, int]]:
    """Of pieces in order, the first and the last place of those that make up a wanted range, if they are several.

    Told from the last one down, so that what is joined moves no place that is still to be told.
    """
    places = {piece.start: place for place, piece in enumerate(pieces)}
    ends = {piece.end: place for place, piece in enumerate(pieces)}
    for one in reversed(wanted):
        first, last = places[one.start], ends[one.end]
        if first < last:
            yield first, last


class Scalings:
    """The calls of UpdateShardCount of one stream in the last 24 hours, and how far each may go. [cap-1]"""

    def __init__(self, stream: str, account: str) -> None:
        self._where = f"stream {stream} under account {account}"
        self._made: deque[int] = deque()

    def admit(self, shards: int, target: int, now: int) -> None:
        """Count a call that wants `target` shards instead of `shards`. Raises `Refused`; the wording is ours."""
        while self._made and self._made[0] <= now - DAY:
            self._made.popleft()
        for beyond, words in ((target > 2 * shards, "up over double"), (2 * target < shards, "down below half")):
            if beyond:
                text = f"UpdateShardCount cannot scale {words} your current open shard count: {shards}"
                raise Refused(LIMIT, text)
        if len(self._made) >= CALLS:
            raise Refused(LIMIT, f"UpdateShardCount was called {CALLS} times in 24 hours for {self._where}")
        self._made.append(now)
