"""What a picture of a stream's hash keys needs: its open shards, and the keys of the records that it keeps."""

from __future__ import annotations

from collections import Counter

from labkit.aws.kinesis.stores import named, rules_of
from labkit.aws.records import Records
from labkit.history.ring import Arc, Key, Ring
from labkit.rules.streams.placement import hash_of


def ring_of(lab: Records, account: str, region: str, name: str) -> Ring:
    """The ring of a stream. Raises `LabError` for a name that no stream has."""
    kept = rules_of(named(lab, account, region, name), lab)
    keys: Counter[str] = Counter()
    explicit = 0
    for shard in kept.listed():
        for record in shard.kept():
            is_own = hash_of(record.key) in shard.range
            keys[record.key] += is_own
            explicit += not is_own
    arcs = [Arc(one.id, *one.range, sum(1 for _ in one.kept())) for one in kept.open]
    placed = [Key(key, hash_of(key), kept.shard_for(hash_of(key)).id, number) for key, number in keys.items() if number]
    return Ring(name, arcs, sorted(placed, key=lambda one: one.hash), explicit)
