"""Streams: which places in a shard last, and what becomes of records when workers and answers are lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta

from botocore.exceptions import ClientError

from labkit.probes import wrong_streams as wrong
from labkit.probes.bench import ACCEPTED, AtLeast, Bench
from labkit.probes.experiments.streams_reading import CLICKS, HOUR, MINUTE, get, iterator, open_stream, put, texts
from labkit.probes.registry import probe
from labkit.probes.worlds import MOCK_ALONE

EVERY = range(8)  # four records, each with a step for its work and one for its checkpoint


@probe(
    "stream-iterator-expires",
    "The iterator after 299 s: {young}; after 301 s: {old}; a sequence number an hour later: {number}",
    wrong=MOCK_ALONE,
)
def five_minutes(bench: Bench) -> None:
    open_stream(bench)
    first = put(bench, "tea", "cup")[0]["SequenceNumber"]
    place = iterator(bench)
    bench.wait(299)
    bench.see("young", _refusal(bench, place), ACCEPTED)
    bench.wait(2)
    bench.see("old", _refusal(bench, place), "ExpiredIteratorException")
    bench.wait(HOUR)
    bench.see("number", texts(bench, "AFTER_SEQUENCE_NUMBER", StartingSequenceNumber=first), ["cup"])


def _refusal(bench: Bench, place: str) -> str:
    try:
        get(bench, place)
    except ClientError as refused:
        return str(refused.response["Error"]["Code"])
    return ACCEPTED


@probe("stream-checkpoint", "Read: {read}; an hour later, after the checkpoint: {rest}", wrong=wrong.FORGETS_PLACES)
def goes_on_after_it(bench: Bench) -> None:
    open_stream(bench)
    sent = put(bench, "tea", "cup", "pot", "jug")
    bench.see("read", get(bench, iterator(bench), Limit=2)[0], ["tea", "cup"])
    checkpoint = sent[1]["SequenceNumber"]
    bench.wait(HOUR)
    put(bench, "mug")
    rest = texts(bench, "AFTER_SEQUENCE_NUMBER", StartingSequenceNumber=checkpoint)
    bench.see("rest", rest, ["pot", "jug", "mug"])


@probe(
    "stream-checkpoint-crash",
    "Died after each step in turn, work first: handled {least} to {most} times; checkpoint first: {least_noted} to "
    "{most_noted} times",
    wrong=wrong.NOBODY_DIES,
)
def between_work_and_checkpoint(bench: Bench, deaths: Iterable[int] = EVERY) -> None:
    open_stream(bench)
    put(bench, "tea", "cup", "pot", "jug")
    counts = {first: [_handled(bench, died, first) for died in [*deaths, None]] for first in ("work", "note")}
    for first, name, bounds in (("work", "", (1, 2)), ("note", "_noted", (0, 1))):
        seen = [number for one in counts[first] for number in one]
        bench.see(f"least{name}", min(seen), bounds[0])
        bench.see(f"most{name}", max(seen), bounds[1])


def _handled(bench: Bench, died: int | None, first: str) -> list[int]:
    """How often each record is handled by a worker that dies before a step, and the one after it."""
    handled: Counter[str] = Counter({"tea": 0, "cup": 0, "pot": 0, "jug": 0})
    noted: str | None = None
    kinesis, step = bench.client("kinesis"), 0
    for lives in (False, True):
        begin = {"StartingSequenceNumber": noted} if noted else {}
        place = iterator(bench, "AFTER_SEQUENCE_NUMBER" if noted else "TRIM_HORIZON", **begin)
        for record in kinesis.get_records(ShardIterator=place)["Records"]:
            for act in ("work", "note") if first == "work" else ("note", "work"):
                if step == died and not lives:
                    break
                step += 1
                handled[record["Data"].decode()] += act == "work"
                noted = record["SequenceNumber"] if act == "note" else noted
            if step == died and not lives:
                break
    return list(handled.values())


@probe("stream-put-twice", "Eight put, with lost answers: {stored} records; numbers: {numbers}", wrong=wrong.PUT_ONCE)
def no_repetition_is_known(bench: Bench) -> None:
    kinesis = open_stream(bench)
    bench.lose_answers(0.2)
    put(bench, *"abcdefgh")
    bench.lose_answers(0)
    records = kinesis.get_records(ShardIterator=iterator(bench))["Records"]
    bench.see("stored", len(records), AtLeast(9))
    bench.see("numbers", len({one["SequenceNumber"] for one in records}), len(records))


@probe(
    "stream-metrics",
    "Of 1,500 records put at once refused: {refused}; read an hour later, the oldest age: {age} ms",
    wrong=MOCK_ALONE,
    latency="5 ms",
)
def watched_by_the_minute(bench: Bench) -> None:
    kinesis = open_stream(bench)
    records = [{"Data": b"tea", "PartitionKey": "Ada"}] * 500

    def page() -> None:
        for _ in range(3):
            kinesis.put_records(**CLICKS, Records=records)

    bench.lab.start(page, name="page")
    bench.lab.run()
    bench.wait(HOUR)
    kinesis.get_records(ShardIterator=iterator(bench), Limit=1)
    bench.wait(5 * MINUTE)
    bench.see("refused", _most(bench, "WriteProvisionedThroughputExceeded", "Sum"), 500)
    bench.see("age", _most(bench, "GetRecords.IteratorAgeMilliseconds", "Maximum"), AtLeast(HOUR * 1_000))


def _most(bench: Bench, metric: str, statistic: str) -> int:
    """The largest data point of a metric of the stream."""
    end = bench.lab.clock.now()
    points = bench.client("cloudwatch").get_metric_statistics(
        Namespace="AWS/Kinesis", MetricName=metric, Dimensions=[{"Name": "StreamName", "Value": "clicks"}],
        StartTime=end - timedelta(hours=3), EndTime=end, Period=60, Statistics=[statistic],
    )["Datapoints"]  # fmt: skip
    return max((int(point[statistic]) for point in points), default=0)
