"""PutRecord, PutRecords, GetShardIterator and GetRecords: what goes into shards and what is read of them."""

from __future__ import annotations

from typing import Any

from moto.kinesis.models import Stream

from labkit.aws.asked import Asked, Given
from labkit.aws.records import Records
from labkit.aws.sqs.data_plane import has_rate
from labkit.ledger import quota
from labkit.rules import SECOND, Refused
from labkit.rules import streams as rules
from labkit.rules.stream_metrics import StreamMetrics
from labkit.rules.streams.record import size_of
from labkit.rules.streams.sequence import Number
from labkit.rules.streams.shard import EXCEEDED, MOST_RECORDS, Shard
from labkit.rules.streams.stream import CREATING, read_hash_key

from . import encrypting, iterators
from .errors import invalid, missing
from .metrics import Streams
from .stores import Settings, rules_of, stream_of

MOST_BYTES = quota("kinesis.put_records.maximum_bytes")


def put_record(lab: Records, asked: Asked) -> Given:
    """PutRecord: one record to the shard of its key. [kds-4]"""
    given = asked.given
    stream, kept = _writable(lab, asked)
    _check_size(stream, given, "data")
    _check_ordering(given.get("SequenceNumberForOrdering"), lab)
    metrics, now = _metrics(lab, stream), lab.scheduler.now
    try:
        shard, record = _put(lab, kept, given)
    except Refused as refused:
        metrics.put([], int(refused.code == EXCEEDED), now, is_batch=False)
        raise
    metrics.put([record.size], 0, now, is_batch=False)
    return {"ShardId": shard.id, "SequenceNumber": str(record.number), **encrypting.told(stream)}


def put_records(lab: Records, asked: Asked) -> Given:
    """PutRecords: each record by itself, so that some may fail while the call succeeds. [missing-kinesis-duplicates]"""
    entries = asked.given["Records"]
    stream, kept = _writable(lab, asked)
    for place, entry in enumerate(entries, start=1):
        _check_size(stream, entry, f"records.{place}.member.data")
    sizes = [size_of(entry["PartitionKey"], entry["Data"]) for entry in entries]
    if sum(sizes) > MOST_BYTES:
        raise invalid(f"Records size exceeds {MOST_BYTES >> 20} MB limit")
    done = [_entry(lab, kept, entry) for entry in entries]
    taken = [size for size, one in zip(sizes, done, strict=True) if "ErrorCode" not in one]
    failed = len(done) - len(taken)
    _metrics(lab, stream).put(taken, failed, lab.scheduler.now, is_batch=True)
    return {"FailedRecordCount": failed, "Records": done, **encrypting.told(stream)}


def _writable(lab: Records, asked: Asked) -> tuple[Stream, rules.Stream]:
    stream = stream_of(lab, asked)
    kept = rules_of(stream, lab)
    if kept.status == CREATING:
        raise missing(f"Stream {stream.stream_name} under account {stream.account_id} not found.")
    encrypting.check_key(lab, stream, asked.account, encrypting.WRITING)
    return stream, kept


def _metrics(lab: Records, stream: Stream) -> StreamMetrics:
    return lab.part(Streams).of(stream.account_id, stream.region, stream.stream_name)


def _entry(lab: Records, kept: rules.Stream, entry: Given) -> Given:
    try:
        shard, record = _put(lab, kept, entry)
    except Refused as refused:
        return {"ErrorCode": refused.code, "ErrorMessage": refused.message}
    return {"SequenceNumber": str(record.number), "ShardId": shard.id}


def _put(lab: Records, kept: rules.Stream, given: Given) -> tuple[Shard, rules.Record]:
    explicit = read_hash_key(given.get("ExplicitHashKey"))
    lab.scheduler.changed += 1
    return kept.put(given["PartitionKey"], given["Data"], explicit, lab.scheduler.now, has_rate(lab))


def _check_size(stream: Stream, given: Given, where: str) -> None:
    """Raise `Refused` for a record that is larger than the stream allows; its key counts."""
    largest = Settings(stream).largest
    if size_of(given["PartitionKey"], given["Data"]) > largest:
        size = len(given["Data"])
        told = f"Value 'java.nio.HeapByteBuffer[pos=0 lim={size} cap={size}]' at '{where}' failed to satisfy constraint"
        text = f"1 validation error detected: {told}: Member must have length less than or equal to {largest}"
        raise Refused("ValidationException", text)


def _check_ordering(number: str | None, lab: Records) -> None:
    """Raise `Refused` for a SequenceNumberForOrdering that no put can have given. Here numbers grow without it."""
    if number is None:
        return
    parts = Number.read(int(number))
    if parts is None or parts.at > lab.scheduler.now // SECOND:
        raise invalid(f"ExclusiveMinimumSequenceNumber {number} used in PutRecord is invalid.")


def put_for_service(stream: Stream, partition_key: str, explicit_hash_key: str, data: Any) -> tuple[str, str]:
    """A record as other services of moto put it, whose data is in base64."""
    from base64 import b64decode

    from labkit.aws.current import current_lab

    lab = current_lab()
    given = {"PartitionKey": partition_key, "Data": b64decode(data)}
    shard, record = _put(lab, rules_of(stream, lab), given)
    return str(record.number), shard.id


def get_shard_iterator(lab: Records, asked: Asked) -> Given:
    """GetShardIterator: where a reader begins. [kds-2]"""
    given = asked.given
    stream = stream_of(lab, asked)
    kept, now = rules_of(stream, lab), lab.scheduler.now
    shard = kept.shard(given["ShardId"])
    at = given.get("Timestamp")
    after = kept.after(
        shard, given["ShardIteratorType"], given.get("StartingSequenceNumber"),
        None if at is None else round(at.timestamp() * SECOND), now,
    )  # fmt: skip
    return {"ShardIterator": iterators.written(lab.seed, iterators.Place(stream.arn, shard.id, after, now))}


def get_records(lab: Records, asked: Asked) -> Given:
    """GetRecords: what follows an iterator's place; at the end of a closed shard its children. [public case k02]"""
    now, given = lab.scheduler.now, asked.given
    place = iterators.read(lab.seed, given["ShardIterator"], now)
    stream = stream_of(lab, asked, {"StreamARN": place.arn})
    if given.get("StreamARN") not in (None, place.arn):
        raise invalid("The iterator is not one of the stream that StreamARN names.")  # documented; the wording is ours
    encrypting.check_key(lab, stream, asked.account, encrypting.READING)
    kept = rules_of(stream, lab)
    limit = given.get("Limit") or MOST_RECORDS
    metrics, shard = _metrics(lab, stream), kept.shard(place.shard)
    try:
        batch, children = kept.read(shard, place.after, limit, now, has_rate(lab))
    except Refused:
        metrics.refused(now)
        raise
    # The age is that of the last record, unless the reader has caught up with it.
    age = now - batch.records[-1].at if batch.records and batch.behind else batch.behind
    metrics.got([record.size for record in batch.records], age // 1_000, now)
    answer: Given = {
        "Records": [_told(record, stream) for record in batch.records],
        "MillisBehindLatest": batch.behind // 1_000,
    }
    if batch.is_end:
        return answer | {"ChildShards": [_child(child) for child in children]}
    following = place._replace(after=batch.after, issued=now)
    return answer | {"NextShardIterator": iterators.written(lab.seed, following)}


def _told(record: rules.Record, stream: Stream) -> Given:
    return {
        "SequenceNumber": str(record.number),
        "ApproximateArrivalTimestamp": record.at // 1_000 / 1_000,
        "Data": record.data,
        "PartitionKey": record.key,
        **encrypting.told(stream),
    }


def _child(shard: Shard) -> Given:
    return {
        "ShardId": shard.id,
        "ParentShards": list(shard.parents),
        "HashKeyRange": {"StartingHashKey": str(shard.range.start), "EndingHashKey": str(shard.range.end)},
    }
