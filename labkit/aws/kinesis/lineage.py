"""What a picture of a stream's shards needs: each with its parents, and how many records it keeps."""

from __future__ import annotations

from labkit.aws.kinesis.stores import backend_of, present, rules_of
from labkit.aws.records import Records
from labkit.history.lineage import Lineage, ShardLife
from labkit.rules.streams import Shard
from labkit.words import error
from labkit.words import shard_lineage as words


def lineage_of(lab: Records, account: str, region: str, name: str, start: int) -> Lineage:
    """The shards of a stream, since a lab's start. Raises `LabError` for a name that no stream has."""
    streams = present(backend_of(account, region), lab)
    found = next((one for one in streams if one.stream_name == name), None)
    if found is None:
        raise error(words.UNKNOWN, given=name, names=", ".join(one.stream_name for one in streams) or words.NONE)
    kept = rules_of(found, lab)
    numbers = {shard.id: shard.index for shard in kept.shards.values()}
    lives = [_life(shard, numbers, start) for shard in kept.listed()]
    return Lineage(name, lives, lab.scheduler.now - start)


def _life(shard: Shard, numbers: dict[str, int], start: int) -> ShardLife:
    closed = None if shard.closed is None else shard.closed - start
    parents = tuple(numbers[one] for one in shard.parents)
    records = sum(1 for _ in shard.kept())
    return ShardLife(shard.index, *shard.range, shard.opened - start, closed, parents, records)
