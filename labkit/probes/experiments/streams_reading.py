"""Streams: where a record goes, what reading does, and how long records stay."""

from __future__ import annotations

from datetime import timedelta
from hashlib import md5
from typing import Any

from labkit.probes import wrong_streams as wrong
from labkit.probes.bench import ACCEPTED, Bench
from labkit.probes.registry import probe
from labkit.probes.worlds import MOCK_ALONE

CLICKS: dict[str, Any] = {"StreamName": "clicks"}
FIRST, SECOND = "shardId-000000000000", "shardId-000000000001"
HOUR, MINUTE = 3_600, 60


def open_stream(bench: Bench, shards: int = 1) -> Any:
    """The stream `clicks`, active; returns Kinesis."""
    kinesis = bench.client("kinesis")
    kinesis.create_stream(**CLICKS, ShardCount=shards)
    kinesis.get_waiter("stream_exists").wait(**CLICKS)
    return kinesis


def put(bench: Bench, *texts: str, key: str = "Ada", **more: str) -> list[dict[str, Any]]:
    """Put records, one call each, and return the answers."""
    kinesis = bench.client("kinesis")
    return [kinesis.put_record(**CLICKS, Data=one.encode(), PartitionKey=key, **more) for one in texts]


def iterator(bench: Bench, kind: str = "TRIM_HORIZON", shard: str = FIRST, **more: Any) -> str:
    """An iterator of a shard."""
    given = {"ShardId": shard, "ShardIteratorType": kind, **more}
    found: str = bench.client("kinesis").get_shard_iterator(**CLICKS, **given)["ShardIterator"]
    return found


def get(bench: Bench, place: str, **more: Any) -> tuple[list[str], str | None]:
    """What is read at an iterator, and the next one."""
    answer = bench.client("kinesis").get_records(ShardIterator=place, **more)
    return [one["Data"].decode() for one in answer["Records"]], answer.get("NextShardIterator")


def texts(bench: Bench, kind: str = "TRIM_HORIZON", shard: str = FIRST, **more: Any) -> list[str]:
    """What is read from an iterator of a kind."""
    return get(bench, iterator(bench, kind, shard, **more))[0]


# Records and shards


@probe("kin-3", "Put: {put}; read an hour later: {read}", wrong=wrong.SHARED)
def keeps_records(bench: Bench) -> None:
    open_stream(bench)
    bench.see("put", len(put(bench, "tea", "cup")), 2)
    texts(bench)
    bench.wait(HOUR)
    bench.see("read", texts(bench), ["tea", "cup"])


@probe("stream-creating", "At once: {status}, and PutRecord: {early}; after the waiter: {late}", wrong=MOCK_ALONE)
def creating_first(bench: Bench) -> None:
    kinesis, record = bench.client("kinesis"), {"Data": b"tea", "PartitionKey": "Ada"}
    kinesis.create_stream(**CLICKS, ShardCount=1)
    about = kinesis.describe_stream_summary(**CLICKS)["StreamDescriptionSummary"]
    bench.see("status", about["StreamStatus"], "CREATING")
    bench.see("early", bench.answer("put_record", "kinesis", **CLICKS, **record), "ResourceNotFoundException")
    kinesis.get_waiter("stream_exists").wait(**CLICKS)
    bench.see("late", bench.answer("put_record", "kinesis", **CLICKS, **record), ACCEPTED)


@probe(
    "stream-placement",
    "Four keys, each twice, by the upper bit of their MD5: {computed}, {computed_again}; where they went: {first}, "
    "{second}; with ExplicitHashKey 0: {explicit}",
    wrong=wrong.IN_TURN,
)
def by_the_hash(bench: Bench) -> None:
    open_stream(bench, 2)
    keys = ["Ada", "Ben", "Cleo", "Dan"]
    computed = [md5(key.encode(), usedforsecurity=False).digest()[0] >> 7 for key in keys]
    for name in ("first", "second"):
        went = [int(one["ShardId"][-1]) for key in keys for one in put(bench, "tea", key=key)]
        bench.see(name, went, computed)
    bench.see("computed", computed)
    bench.see("computed_again", computed)
    explicit = [put(bench, "tea", key=key, ExplicitHashKey="0")[0]["ShardId"][-1] for key in keys]
    bench.see("explicit", explicit, ["0"] * 4)


@probe(
    "kinesis-number",
    "Digits: {digits}; numbers of two shards differ: {differ}; growing in each: {growing}; above them after a split: "
    "{above}",
    wrong=MOCK_ALONE,
)
def long_and_unique(bench: Bench) -> None:
    kinesis = open_stream(bench, 2)
    sent = [put(bench, "tea", ExplicitHashKey=str(key))[0] for key in (0, 2**127) * 3]
    numbers = [int(one["SequenceNumber"]) for one in sent]
    bench.see("digits", min(len(str(one)) for one in numbers), 56)
    bench.see("differ", len(set(numbers)) == len(numbers), True)
    bench.see("growing", all(numbers[n] < numbers[n + 2] for n in range(4)), True)
    kinesis.split_shard(**CLICKS, ShardToSplit=FIRST, NewStartingHashKey=str(2**126))
    bench.wait(MINUTE)
    after = int(put(bench, "tea", ExplicitHashKey="0")[0]["SequenceNumber"])
    bench.see("above", after > max(numbers[0::2]), True)


@probe(
    "kds-3",
    "Operations that change or delete a record: {operations}; put twice with a key: {read}",
    wrong=wrong.CHANGES,
)
def written_once(bench: Bench) -> None:
    kinesis = open_stream(bench)
    verbs = ("Delete", "Update", "Remove", "Modify")
    named = [one for one in kinesis.meta.service_model.operation_names if one.startswith(verbs)]
    bench.see("operations", [one for one in named if one.endswith(("Record", "Records"))], [])
    put(bench, "tea", "tea, or rather coffee")
    bench.see("read", texts(bench), ["tea", "tea, or rather coffee"])


# Reading


@probe("stream-readers", "By turns, one record a call, the first: {first}; the second: {second}", wrong=wrong.SHARED)
def each_reads_all(bench: Bench) -> None:
    open_stream(bench)
    put(bench, "tea", "cup", "pot")
    places: dict[str, str | None] = {name: iterator(bench) for name in ("first", "second")}
    found: dict[str, list[str]] = {name: [] for name in places}
    for _ in range(3):
        for name, place in places.items():
            records, places[name] = get(bench, place or "", Limit=1)
            found[name] += records
    for name, records in found.items():
        bench.see(name, records, ["tea", "cup", "pot"])


@probe("kds-2", "Read: {first}; read again: {again}; since the second minute: {since}", wrong=wrong.SHARED)
def replayed(bench: Bench) -> None:
    open_stream(bench)
    put(bench, "tea")
    bench.wait(2 * MINUTE)
    then = bench.lab.clock.now() - timedelta(minutes=1)
    put(bench, "cup")
    bench.see("first", texts(bench), ["tea", "cup"])
    bench.see("again", texts(bench), ["tea", "cup"])
    bench.see("since", texts(bench, "AT_TIMESTAMP", Timestamp=then), ["cup"])


@probe(
    "stream-iterator-kinds",
    "TRIM_HORIZON: {oldest}; LATEST: {latest}; at the second: {at}; after it: {after}; at a time before all: {before}; "
    "between the second and the third: {between}",
    wrong=wrong.TWO_KINDS,
)
def five_kinds(bench: Bench) -> None:
    open_stream(bench)
    start, sent = bench.lab.clock.now(), []
    for text in ("tea", "cup", "pot"):
        sent += put(bench, text)
        bench.wait(MINUTE)
    number = {"StartingSequenceNumber": sent[1]["SequenceNumber"]}
    bench.see("oldest", texts(bench), ["tea", "cup", "pot"])
    bench.see("latest", texts(bench, "LATEST"), [])
    bench.see("at", texts(bench, "AT_SEQUENCE_NUMBER", **number), ["cup", "pot"])
    bench.see("after", texts(bench, "AFTER_SEQUENCE_NUMBER", **number), ["pot"])
    before, between = start - timedelta(hours=1), start + timedelta(seconds=90)
    bench.see("before", texts(bench, "AT_TIMESTAMP", Timestamp=before), ["tea", "cup", "pot"])
    bench.see("between", texts(bench, "AT_TIMESTAMP", Timestamp=between), ["pot"])


@probe("stream-latest", "There before the iterator: 1; put after it: 2; read: {read}", wrong=wrong.LATEST_IS_LAST)
def after_the_tip(bench: Bench) -> None:
    open_stream(bench)
    put(bench, "1")
    place = iterator(bench, "LATEST")
    put(bench, "2")
    bench.see("read", get(bench, place)[0], ["2"])


@probe(
    "stream-next",
    "At the tip: {tip}, and a next iterator: {goes_on}; a minute later: {later}",
    wrong=wrong.ENDS_WHEN_EMPTY,
)
def empty_is_no_end(bench: Bench) -> None:
    open_stream(bench)
    read, place = get(bench, iterator(bench))
    bench.see("tip", read, [])
    bench.see("goes_on", place is not None, True)
    bench.wait(MINUTE)
    put(bench, "tea")
    bench.see("later", get(bench, place)[0] if place else None, ["tea"])


@probe("stream-behind", "After the first of two: {one} ms; after both: {both} ms", wrong=wrong.TELLS_NO_DISTANCE)
def distance_to_the_tip(bench: Bench) -> None:
    kinesis = open_stream(bench)
    put(bench, "tea")
    bench.wait(10)
    put(bench, "cup")
    bench.wait(5)
    place = iterator(bench)
    for name, behind in (("one", 5_000), ("both", 0)):
        answer = kinesis.get_records(ShardIterator=place, Limit=1)
        place = answer["NextShardIterator"]
        bench.see(name, answer["MillisBehindLatest"], behind)


@probe(
    "stream-polls",
    "Calls in a second without a pause: {answered} answered, then: {refused}",
    wrong=MOCK_ALONE,
    latency="5 ms",
)
def five_a_second(bench: Bench) -> None:
    open_stream(bench)
    answered: list[str] = []
    refused: list[str] = []

    def reader() -> None:
        kinesis, place = bench.client("kinesis"), iterator(bench)
        kinesis.meta.events.register("needs-retry.kinesis.GetRecords", lambda response, **_: note(response))
        while len(answered) < 20:
            place = kinesis.get_records(ShardIterator=place)["NextShardIterator"]
            if not refused:
                answered.append(place)

    def note(response: Any) -> None:
        code = response[1].get("Error", {}).get("Code") if response else None
        refused.extend([code] if code else [])

    bench.lab.start(reader, name="reader")
    bench.lab.run(until="900 ms")
    bench.see("answered", len(answered), 5)
    bench.see("refused", refused[:1], ["ProvisionedThroughputExceededException"])


# How long records stay


@probe(
    "kds-1",
    "New: {default} h; 8760: {most}, 8761: {more}; back to 24: {least}, 23: {less}",
    wrong=wrong.NO_BOUNDS,
)
def bounds_of_the_retention(bench: Bench) -> None:
    kinesis = open_stream(bench)
    about = kinesis.describe_stream_summary(**CLICKS)["StreamDescriptionSummary"]
    bench.see("default", about["RetentionPeriodHours"], 24)
    tries = (
        ("more", "increase", 8_761),
        ("most", "increase", 8_760),
        ("less", "decrease", 23),
        ("least", "decrease", 24),
    )
    for name, verb, hours in tries:
        said = bench.answer(f"{verb}_stream_retention_period", "kinesis", **CLICKS, RetentionPeriodHours=hours)
        bench.see(name, said, ACCEPTED if name in ("most", "least") else "InvalidArgumentException")


@probe("stream-retention-default", "One of two was read; after 23 hours: {day}; after 25: {later}", wrong=MOCK_ALONE)
def a_day_read_or_not(bench: Bench) -> None:
    open_stream(bench)
    put(bench, "read", "not read")
    get(bench, iterator(bench), Limit=1)
    bench.wait(23 * HOUR)
    bench.see("day", texts(bench), ["read", "not read"])
    bench.wait(2 * HOUR)
    bench.see("later", texts(bench), [])


@probe(
    "stream-retention-raised",
    "Two hours too late raised to a week: {raised}; two days old, lowered to a day and raised again: {lowered}",
    wrong=MOCK_ALONE,
)
def nothing_comes_back(bench: Bench) -> None:
    kinesis = open_stream(bench)
    put(bench, "old")
    bench.wait(26 * HOUR)
    put(bench, "new")
    kinesis.increase_stream_retention_period(**CLICKS, RetentionPeriodHours=168)
    bench.see("raised", texts(bench), ["new"])
    bench.wait(48 * HOUR)
    kinesis.decrease_stream_retention_period(**CLICKS, RetentionPeriodHours=24)
    kinesis.increase_stream_retention_period(**CLICKS, RetentionPeriodHours=168)
    bench.see("lowered", texts(bench), [])


@probe(
    "stream-end",
    "Open, at its end: a next iterator {open}; split, at its end: a next iterator {split}, children {children}",
    wrong=MOCK_ALONE,
)
def an_end_and_children(bench: Bench) -> None:
    kinesis = open_stream(bench)
    put(bench, "tea")
    bench.see("open", get(bench, iterator(bench))[1] is not None, True)
    kinesis.split_shard(**CLICKS, ShardToSplit=FIRST, NewStartingHashKey=str(2**127))
    bench.wait(MINUTE)
    answer = kinesis.get_records(ShardIterator=iterator(bench))
    bench.see("split", "NextShardIterator" in answer, False)
    bench.see("children", len(answer.get("ChildShards", [])), 2)
