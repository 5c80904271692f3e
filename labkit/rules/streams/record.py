"""One record in a shard: it is never changed, and goes when the retention period ends."""

from __future__ import annotations

from typing import NamedTuple


class Record(NamedTuple):
    """A record with its sequence number; `at` is when it arrived, in microseconds since 1970."""

    number: int
    at: int
    key: str
    data: bytes

    @property
    def size(self) -> int:
        """What counts against limits: data and partition key, in bytes."""
        return size_of(self.key, self.data)


def size_of(key: str, data: bytes) -> int:
    """The size of a record that is not there yet."""
    return len(data) + len(key.encode())
