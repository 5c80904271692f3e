"""What a picture of a stream's hash keys needs: its open shards, and the keys of the records that it keeps."""

from __future__ import annotations

from collections import Counter

from labkit.aws.kinesis.stores import backend_of, present, rules_of
from labkit.aws.records import Records
from labkit.history.ring import Arc, Key, Ring
from labkit.rules.streams.placement import hash_of
from labkit.words import error
from labkit.words import streams as words


def ring_of(lab: Records, account: str, region: str, name: str) -> Ring:
    """The ring of a stream. Raises `LabError` for a name that no stream has."""
    streams = present(backend_of(account, region), lab)
    found = next((one for one in streams if one.stream_name == name), None)
    if found is None:
        raise error(words.UNKNOWN_STREAM, given=name, names=", ".join(one.stream_name for one in streams) or words.NONE)
    kept = rules_of(found, lab)
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
