"""A stream: its open shards share all hash keys among them, and a reshard closes parents and opens children."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from typing import NamedTuple

from labkit.rules.message import SECOND
from labkit.rules.refused import Refused
from labkit.rules.streams.placement import LAST, Range, even_ranges, hash_of
from labkit.rules.streams.record import Record, size_of
from labkit.rules.streams.resharding import Scalings, cuts, joins
from labkit.rules.streams.sequence import Number
from labkit.rules.streams.shard import EXCEEDED, Batch, Shard, adjacent

INVALID, IN_USE, NOT_FOUND = "InvalidArgumentException", "ResourceInUseException", "ResourceNotFoundException"
CREATING, UPDATING, ACTIVE, DELETING = "CREATING", "UPDATING", "ACTIVE", "DELETING"
# AWS says that these take a while, and not how long.
CREATING_FOR = RESHARDING_FOR = 10 * SECOND
HOUR = 3_600 * SECOND


class Read(NamedTuple):
    """One read of a shard; at the end of a closed one there are its children instead of a place to go on from."""

    batch: Batch
    children: list[Shard]


class Stream:
    """The shards of one stream and how they change. Every `now` is microseconds since 1970 and never goes back.

    `hours` is the retention period that holds at a call; what it has let go, no longer one brings back. [kds-1]
    """

    def __init__(self, name: str, account: str, shards: int, now: int) -> None:
        self.name, self.account, self.created = name, account, now
        self.status = CREATING
        self.shards: dict[str, Shard] = {}
        self._due: tuple[int, Callable[[int], None]] | None = (now + CREATING_FOR, self._created)
        self._from = now
        self._scalings = Scalings(name, account)
        self._open: list[Shard] = []
        for hash_keys in even_ranges(shards):
            self._add(hash_keys, now, now // SECOND)

    # Time

    def settle(self, now: int, hours: int) -> None:
        """Let happen what is due, and let go of what is older than the retention period."""
        if self._due is not None and self._due[0] <= now:
            (at, happen), self._due = self._due, None
            happen(at)
        self._from = max(self._from, now - hours * HOUR)
        for shard in self.shards.values():
            shard.trim(self._from)

    @property
    def next_event(self) -> int | None:
        """The instant at which the stream changes by itself; None when it doesn't."""
        return None if self._due is None else self._due[0]

    def _created(self, at: int) -> None:
        self.status = ACTIVE

    @property
    def horizon(self) -> int:
        """The instant of the oldest record that can still be read."""
        return self._from

    # Writing

    def put(self, key: str, data: bytes, explicit: int | None, now: int, has_rate: bool) -> tuple[Shard, Record]:
        """Add a record to the open shard of its hash key. Raises `Refused` where that has taken enough. [kds-4]

        Without a rate the caller's calls take no time, and a shard counts nothing.
        """
        shard = self.shard_for(hash_of(key) if explicit is None else explicit)
        if has_rate:
            try:
                shard.admit(size_of(key, data), now)
            except Refused:
                raise self._exceeded(shard) from None
        return shard, shard.put(key, data, now)

    def shard_for(self, hash_key: int) -> Shard:
        """The open shard of a hash key."""
        return self._open[bisect_right(self._open, hash_key, key=_start) - 1]

    def _exceeded(self, shard: Shard) -> Refused:
        where = f"{shard.id} in stream {self.name} under account {self.account}"
        return Refused(EXCEEDED, f"Rate exceeded for shard {where}.")

    # Reading

    def shard(self, id: str) -> Shard:
        """The shard of an id. Raises `Refused` where there is none."""
        found = self.shards.get(id)
        if found is None or found.is_expired(self._from):
            text = f"Shard {id} in stream {self.name} under account {self.account} does not exist"
            raise Refused(NOT_FOUND, text)
        return found

    def read(self, shard: Shard, after: int, limit: int, now: int, has_rate: bool) -> Read:
        """Read what follows a number in a shard. Raises `Refused` where it was read enough. [cap-3]"""
        if has_rate:
            try:
                shard.admit_read(now)
            except Refused:
                raise self._exceeded(shard) from None
        batch = shard.read(after, limit, now, has_rate)
        return Read(batch, [self.shards[id] for id in shard.children] if batch.is_end else [])

    def after(self, shard: Shard, kind: str, number: str | None, at: int | None, now: int) -> int:
        """The number after which a reader begins who asks for an iterator of a kind. Raises `Refused`. [kds-2]"""
        if kind == "TRIM_HORIZON":
            return shard.first_number
        if kind == "LATEST":
            return shard.newest
        if kind == "AT_TIMESTAMP":
            return self._after_time(shard, at, now)
        if kind not in ("AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER"):
            raise Refused(INVALID, f"Invalid ShardIteratorType: {kind}")
        if number is None:
            raise Refused(INVALID, f"Must either specify a StartingSequenceNumber when ShardIteratorType is {kind}")
        parts = Number.read(int(number)) if number.isdecimal() else None
        if parts is None or parts.shard != shard.index or parts.born != shard.born:
            where = f"GetShardIterator on shard {shard.id} in stream {self.name} under account {self.account}"
            raise Refused(INVALID, f"StartingSequenceNumber {number} used in {where} is invalid.")
        return int(number) - (kind == "AT_SEQUENCE_NUMBER")

    def _after_time(self, shard: Shard, at: int | None, now: int) -> int:
        if at is None:
            raise Refused(INVALID, "Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP.")
        if at > now:
            wanted, is_now = at // 1_000, now // 1_000
            text = "The timestampInMillis parameter cannot be greater than the currentTimestampInMillis."
            raise Refused(INVALID, f"{text} timestampInMillis: {wanted}, currentTimestampInMillis: {is_now}")
        return shard.number_at(at)

    def listed(self, keep: Callable[[Shard], bool] = lambda shard: True) -> list[Shard]:
        """The shards that have not expired, in the order of their ids, as far as `keep` wants them."""
        return [shard for shard in self.shards.values() if not shard.is_expired(self._from) and keep(shard)]

    @property
    def open(self) -> list[Shard]:
        """The open shards, in the order of their hash keys."""
        return list(self._open)

    # Resharding

    def split(self, id: str, start: int, now: int) -> None:
        """SplitShard: two children, of which the upper begins at a hash key. Raises `Refused`. [public case k01]"""
        parent = self._eligible(id)
        low, high = parent.range
        if not low + 1 < start < high:
            used = f"NewStartingHashKey {start} used in SplitShard() on shard {id} in stream {self.name} under account"
            bounds = f"greater than one plus the shard's StartingHashKey {low} and less than the shard's EndingHashKey"
            raise Refused(INVALID, f"{used} {self.account} is not both {bounds} {high - 1}.")
        self._begin(now, lambda at: self._replace([parent], [Range(low, start - 1), Range(start, high)], at))

    def merge(self, one: str, other: str, now: int) -> None:
        """MergeShards: one child of two neighbours. Raises `Refused`."""
        parents = self._eligible(one), self._eligible(other)
        if not adjacent(*parents):
            text = f"Shards {one} and {other} in stream {self.name} under account {self.account} are not an adjacent"
            raise Refused(INVALID, f"{text} pair of shards eligible for merging")
        self._begin(now, lambda at: self._join(parents, at))

    def scale(self, target: int, now: int) -> None:
        """UpdateShardCount: so many open shards of one size, by splits and merges. Raises `Refused`. [cap-1]"""
        self.check_active()
        self._scalings.admit(len(self._open), target, now)
        if target != len(self._open):
            self._begin(now, lambda at: self._scale(target, at))

    def check_active(self) -> None:
        """Raise `Refused` while the stream is made or changed."""
        if self.status != ACTIVE:
            text = f"Stream {self.name} under account {self.account} not ACTIVE, instead in state {self.status}"
            raise Refused(IN_USE, text)

    def _eligible(self, id: str) -> Shard:
        self.check_active()
        found = self.shards.get(id)
        if found is None:
            text = f"Could not find shard {id} in stream {self.name} under account {self.account}."
            raise Refused(NOT_FOUND, text)
        if not found.is_open:
            where = f"Shard {id} in stream {self.name} under account {self.account}"
            text = "has already been merged or split, and thus is not eligible for merging or splitting."
            raise Refused(INVALID, f"{where} {text}")
        return found

    def _begin(self, now: int, change: Callable[[int], object]) -> None:
        def happen(at: int) -> None:
            change(at)
            self.status = ACTIVE

        self.status, self._due = UPDATING, (now + RESHARDING_FOR, happen)

    def _scale(self, target: int, at: int) -> None:
        wanted = even_ranges(target)
        for shard in self.open:
            pieces = cuts(shard.range, wanted)
            if len(pieces) > 1:
                self._replace([shard], pieces, at)
        for first, last in joins([shard.range for shard in self._open], wanted):
            merged = self._open[first]
            for other in self._open[first + 1 : last + 1]:
                merged = self._join((merged, other), at)

    def _join(self, parents: tuple[Shard, Shard], at: int) -> Shard:
        low, high = sorted(parents, key=_start)
        return self._replace(list(parents), [Range(low.range.start, high.range.end)], at)[0]

    def _replace(self, parents: list[Shard], ranges: Iterable[Range], at: int) -> list[Shard]:
        born = max(at // SECOND, *(parent.born + 1 for parent in parents))
        for parent in parents:
            parent.closed = at
            self._open.remove(parent)
        made = [self._add(hash_keys, at, born, tuple(parent.id for parent in parents)) for hash_keys in ranges]
        for parent in parents:
            parent.children = [child.id for child in made]
        return made

    def _add(self, hash_keys: Range, at: int, born: int, parents: tuple[str, ...] = ()) -> Shard:
        shard = Shard(len(self.shards), hash_keys, at, born, parents)
        self.shards[shard.id] = shard
        self._open.insert(bisect_right(self._open, hash_keys.start, key=_start), shard)
        return shard


def _start(shard: Shard) -> int:
    return shard.range.start


def read_hash_key(text: str | None) -> int | None:
    """The hash key that a call names; None where it names none. Raises `Refused` for one out of range."""
    if text is None:
        return None
    if not text.isdecimal() or int(text) > LAST:
        raise Refused(INVALID, f"Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. "
                               f"Specified value was {text}")  # fmt: skip
    return int(text)
