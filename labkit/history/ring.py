"""A stream's hash keys: which shard has which part of them, and where on them the keys of its records stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

KEYS = 2**128


class Arc(NamedTuple):
    """The hash keys of one open shard, both ends within, and how many records it keeps."""

    shard: str
    start: int
    end: int
    records: int


class Key(NamedTuple):
    """A partition key: its hash, the open shard that this belongs to, and how many records with it are kept."""

    name: str
    hash: int
    shard: str
    records: int


@dataclass(frozen=True)
class Ring:
    """A stream as it is now. `explicit` counts the records that an ExplicitHashKey has put elsewhere."""

    stream: str
    arcs: list[Arc]
    keys: list[Key]
    explicit: int
