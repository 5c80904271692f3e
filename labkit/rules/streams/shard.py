"""One shard: a range of hash keys, its records in order, and how much of them it takes and gives in a second."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from operator import attrgetter

from labkit.ledger import quota
from labkit.rules.kept import Kept
from labkit.rules.message import SECOND
from labkit.rules.streams.placement import Range
from labkit.rules.streams.record import Record
from labkit.rules.streams.sequence import COUNT, LAST_COUNT, TIME, Number
from labkit.rules.throughput import Throughput

WRITES, BYTES_WRITTEN = quota("kinesis.shard.records_written"), quota("kinesis.shard.bytes_written")
READS, BYTES_READ = quota("kinesis.shard.reads"), quota("kinesis.shard.bytes_read")
MOST_RECORDS, MOST_BYTES = quota("kinesis.get_records.maximum_records"), quota("kinesis.get_records.maximum_bytes")
EXCEEDED = "ProvisionedThroughputExceededException"
_NUMBER = attrgetter("number")


@dataclass(slots=True)
class Batch:
    """What one read brings: the records, the number after which the next one reads, and how far behind it then is."""

    records: list[Record]
    after: int
    behind: int  # microseconds
    is_end: bool


@dataclass(slots=True)
class Shard:
    """A shard of a stream. Instants are microseconds since 1970; `born` is in seconds, as its numbers have it.

    It is open until it is split or merged; then its children take what it would have taken. [kds-3] [cap-2]
    """

    index: int
    range: Range
    opened: int
    born: int
    parents: tuple[str, ...] = ()
    closed: int | None = None
    children: list[str] = field(default_factory=list)
    _count: int = 0
    _newest: int | None = None
    _base: int | None = None
    _records: Kept[Record] = field(default_factory=lambda: Kept(attrgetter("at")))
    _written: Throughput = field(default_factory=lambda: Throughput(EXCEEDED))
    _read: Throughput = field(default_factory=lambda: Throughput(EXCEEDED))
    _reads_again: int = 0

    @property
    def id(self) -> str:
        """The shard's id."""
        return f"shardId-{self.index:012}"

    @property
    def is_open(self) -> bool:
        """Whether it takes records."""
        return self.closed is None

    @property
    def first_number(self) -> int:
        """Its StartingSequenceNumber, below that of every record."""
        return int(Number(self.born, self.index, 0, self.born))

    @property
    def last_number(self) -> int | None:
        """Its EndingSequenceNumber, above that of every record; None while it is open."""
        if self.closed is None:
            return None
        return int(Number(self.born, self.index, LAST_COUNT, self.closed // SECOND))

    def admit(self, size: int, now: int) -> None:
        """Count a record against what the shard takes in a second. Raises `Refused`. [cap-2]"""
        limits: tuple[tuple[object, int], ...] = (("records", WRITES), ("bytes", BYTES_WRITTEN))
        self._written.admit(limits, now, {"bytes": size})

    def put(self, key: str, data: bytes, now: int) -> Record:
        """Add a record at the end."""
        self._count += 1
        # As `Number` makes it, of which all but two parts are the same for every record of a shard.
        if self._base is None:
            self._base = int(Number(self.born, self.index, 0, 0))
        record = Record(self._base + (self._count << COUNT) + (now // SECOND << TIME), now, key, data)
        self._records.append(record)
        self._newest = record.number
        return record

    def admit_read(self, now: int) -> None:
        """Count a GetRecords against the five of a second, and after the bytes of those before. Raises `Refused`.

        Who gets more than a second's bytes in one call waits until as many seconds have passed. [cap-3]
        """
        waits = now < self._reads_again
        self._read.admit([("calls", 0 if waits else READS), ("bytes", BYTES_READ - 1)], now, {"bytes": 0})

    def read(self, after: int, limit: int, now: int, has_rate: bool = True) -> Batch:
        """The records that follow a number, at most so many and ten mebibytes of them."""
        found: list[Record] = []
        size = 0
        for record in islice(self._records.since(after + 1, _NUMBER), limit):
            if found and size + record.size > MOST_BYTES:
                break
            found.append(record)
            size += record.size
        if has_rate and size:
            self._spend(size, now)
        last = found[-1].number if found else after
        waiting = next(iter(self._records.since(last + 1, _NUMBER)), None)
        behind = 0 if waiting is None else now - waiting.at
        return Batch(found, last, behind, waiting is None and not self.is_open)

    def _spend(self, size: int, now: int) -> None:
        if size > BYTES_READ:
            self._reads_again = now + size * SECOND // BYTES_READ
        else:
            self._read.count("bytes", now, size)

    def kept(self) -> Iterator[Record]:
        """The records that can still be read, in order."""
        return self._records.since(0)

    def trim(self, before: int) -> None:
        """Let go of records that came before an instant: their retention period has ended. [kds-1]"""
        self._records.let_go(before)

    def is_expired(self, before: int) -> bool:
        """Whether it is closed, and so long that no record of it is left and none comes."""
        return self.closed is not None and self.closed < before and not len(self._records)

    def number_at(self, at: int) -> int:
        """The number after which a reader begins who wants what came from an instant on."""
        record = next(iter(self._records.since(at)), None)
        return self.newest if record is None else record.number - 1

    @property
    def newest(self) -> int:
        """The number of the newest record, trimmed or not, or what comes before all where there was none."""
        return self.first_number if self._newest is None else self._newest


def adjacent(one: Shard, other: Shard) -> bool:
    """Whether two shards' ranges touch."""
    low, high = sorted((one.range, other.range))
    return low.end + 1 == high.start
