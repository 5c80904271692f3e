"""A stream's shards as they came from one another: which hash keys each has, from when to when it was open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class ShardLife(NamedTuple):
    """One shard; instants are microseconds since the lab's start, `closed` is None while it is open."""

    number: int
    start: int
    end: int
    opened: int
    closed: int | None
    parents: tuple[int, ...]
    records: int


@dataclass(frozen=True)
class Lineage:
    """The shards of a stream that have not expired, as they are `now`."""

    stream: str
    shards: list[ShardLife]
    now: int
