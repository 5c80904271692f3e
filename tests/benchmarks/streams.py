"""What streams cost: a batch of records into a long shard, reading it anywhere, and a million records by the rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from labkit import Lab
from labkit.rules import SECOND
from labkit.rules.streams import Stream
from labkit.rules.streams.stream import CREATING_FOR
from tests.benchmarks.measure import Figure, at_most, processor_time, side_by_side
from tests.benchmarks.mock import plain_moto

BATCH = [{"Data": b"a click", "PartitionKey": f"user-{nth}"} for nth in range(500)]
BATCHES = 20


def figures(full: bool) -> Iterator[Figure]:
    """PutRecords of 500 against plain moto, then both calls in a long stream against a short one, then the rules."""
    with plain_moto("kinesis") as (kinesis,):
        plain = _putting(kinesis)
    with Lab(seed=1) as lab:
        ours = _putting(lab.client("kinesis"))
    yield at_most("PutRecords of 500, against plain moto", ours / plain, 0.1, milliseconds=ours * 1e3)
    yield from _depths(1_000_000 if full else 200_000)
    number = 1_000_000 if full else 200_000
    seconds = processor_time(lambda: _through_the_rules(number))
    name = "seconds for a million records placed and read by the rules"
    yield at_most(name, seconds * 1_000_000 / number, 6.0)


def _putting(kinesis: Any) -> float:
    """Seconds of a PutRecords of 500, warm."""
    kinesis.create_stream(StreamName="clicks", ShardCount=4)
    kinesis.get_waiter("stream_exists").wait(StreamName="clicks")

    def put() -> None:
        for _ in range(BATCHES):
            kinesis.put_records(StreamName="clicks", Records=BATCH)

    return min(processor_time(put) for _ in range(3)) / BATCHES


def _depths(deep: int) -> Iterator[Figure]:
    """Put and get among many records against few, measured in turns."""
    with Lab(seed=1) as lab:
        kinesis = lab.client("kinesis")
        actions = [_calls(lab, kinesis, records) for records in (1_000, deep)]
        for which, name in enumerate(("PutRecords of 500", "GetRecords of 100 in the middle")):
            times = side_by_side(7, *(pair[which] for pair in actions))
            yield at_most(f"{name}, with {deep:,} records in the shard against 1,000", times[1] / times[0], 1.2)


def _calls(lab: Lab, kinesis: Any, records: int) -> Any:
    name = f"clicks-{records}"
    kinesis.create_stream(StreamName=name, ShardCount=1)
    lab.clock.advance("1 min")
    for _ in range(records // 500):
        middle = kinesis.put_records(StreamName=name, Records=BATCH)["Records"][0]["SequenceNumber"]
    given = {"StreamName": name, "ShardId": "shardId-000000000000", "ShardIteratorType": "AT_SEQUENCE_NUMBER"}

    def put() -> None:
        kinesis.put_records(StreamName=name, Records=BATCH)

    def get() -> None:
        iterator = kinesis.get_shard_iterator(**given, StartingSequenceNumber=middle)["ShardIterator"]
        kinesis.get_records(ShardIterator=iterator, Limit=100)

    return put, get


def _through_the_rules(number: int) -> None:
    stream = Stream("clicks", "123456789012", 4, -CREATING_FOR)
    stream.settle(0, 24)
    for nth in range(number):
        stream.put(f"user-{nth % 10_000}", b"a click", None, nth * 1_000, True)
    for shard in stream.open:
        after, now = shard.first_number, number * 1_000
        while True:
            now += SECOND
            batch = stream.read(shard, after, 10_000, now, True).batch
            if not batch.records:
                break
            after = batch.after
