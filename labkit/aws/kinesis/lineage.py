"""What a picture of a stream's shards needs: each with its parents, and how many records it keeps."""

from __future__ import annotations

from labkit.aws.kinesis.stores import named, rules_of
from labkit.aws.records import Records
from labkit.history.lineage import Lineage, ShardLife
from labkit.rules.streams import Shard


def lineage_of(lab: Records, account: str, region: str, name: str, start: int) -> Lineage:
    """The shards of a stream, since a lab's start. Raises `LabError` for a name that no stream has."""
    kept = rules_of(named(lab, account, region, name), lab)
    numbers = {shard.id: shard.index for shard in kept.shards.values()}
    lives = [_life(shard, numbers, start) for shard in kept.listed()]
    return Lineage(name, lives, lab.scheduler.now - start)


def _life(shard: Shard, numbers: dict[str, int], start: int) -> ShardLife:
    closed = None if shard.closed is None else shard.closed - start
    parents = tuple(numbers[one] for one in shard.parents)
    records = sum(1 for _ in shard.kept())
    return ShardLife(shard.index, *shard.range, shard.opened - start, closed, parents, records)
