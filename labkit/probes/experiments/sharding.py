"""Order in streams: what one key's records keep, what PutRecords and a reshard do to it, and what one key can have."""

from __future__ import annotations

from hashlib import md5
from itertools import pairwise
from typing import Any

from labkit.probes import wrong_sharding as wrong
from labkit.probes.bench import ACCEPTED, Bench
from labkit.probes.registry import probe
from labkit.probes.worlds import MOCK_ALONE

TRUCKS: dict[str, Any] = {"StreamName": "trucks"}
FIRST, SECOND, THIRD = (f"shardId-{number:012}" for number in range(3))
HALF = 1 << 127
CALL = 500


def open_stream(bench: Bench, shards: int = 1) -> Any:
    """The stream `trucks`, active; returns Kinesis."""
    kinesis = bench.client("kinesis")
    kinesis.create_stream(**TRUCKS, ShardCount=shards)
    kinesis.get_waiter("stream_exists").wait(**TRUCKS)
    return kinesis


def put(bench: Bench, text: str, key: str = "truck-1") -> dict[str, Any]:
    """Put one record."""
    answer: dict[str, Any] = bench.client("kinesis").put_record(**TRUCKS, Data=text.encode(), PartitionKey=key)
    return answer


def read(bench: Bench, *shards: str, most: int | None = None) -> list[str]:
    """What shards have from their beginnings, one shard after the other."""
    kinesis, found = bench.client("kinesis"), []
    for shard in shards:
        given = {"ShardId": shard, "ShardIteratorType": "TRIM_HORIZON"}
        place = kinesis.get_shard_iterator(**TRUCKS, **given)["ShardIterator"]
        limit = {} if most is None else {"Limit": most}
        found += [one["Data"].decode() for one in kinesis.get_records(ShardIterator=place, **limit)["Records"]]
    return found


def split(bench: Bench, shard: str = FIRST, at: int = HALF) -> None:
    """Split a shard and wait until it is done."""
    bench.client("kinesis").split_shard(**TRUCKS, ShardToSplit=shard, NewStartingHashKey=str(at))
    bench.wait(60)


def _half(key: str) -> int:
    return int.from_bytes(md5(key.encode(), usedforsecurity=False).digest()) // HALF


# Order and keys


@probe(
    "kinord-1",
    "Of {keys} keys the MD5 hash told the shard in advance for {told}",
    wrong=wrong.IN_TURN,
)
def by_hash(bench: Bench) -> None:
    open_stream(bench, 2)
    keys = [f"truck-{number}" for number in range(1, 13)]
    went = {key: put(bench, "here", key)["ShardId"] for key in keys}
    bench.see("keys", len(keys))
    bench.see("told", sum(went[key] == (FIRST, SECOND)[_half(key)] for key in keys), len(keys))


@probe(
    "kds-4",
    "Five records of one key: {shards} shard, sequence numbers that grow: {grow}, read as {texts}",
    wrong=wrong.IN_TURN,
)
def one_key(bench: Bench) -> None:
    open_stream(bench, 2)
    answers = [put(bench, text) for text in "abcde"]
    numbers = [int(one["SequenceNumber"]) for one in answers]
    bench.see("shards", len({one["ShardId"] for one in answers}), 1)
    bench.see("grow", numbers == sorted(set(numbers)), True)
    bench.see("texts", read(bench, answers[0]["ShardId"]), list("abcde"))


@probe(
    "kinord-2",
    "Put by turns into two shards: 1 to 6; read shard by shard: {first} and {second}",
    wrong=wrong.NEWEST_FIRST,
)
def in_a_shard(bench: Bench) -> None:
    open_stream(bench, 2)
    low, high = (next(f"truck-{n}" for n in range(99) if _half(f"truck-{n}") == half) for half in (0, 1))
    for number in range(1, 7):
        put(bench, str(number), low if number % 2 else high)
    bench.see("first", read(bench, FIRST), ["1", "3", "5"])
    bench.see("second", read(bench, SECOND), ["2", "4", "6"])


@probe(
    "shard-put-records",
    "Of 1,200 records {failed} failed while each call succeeded; put again, they made the first gap after {before} "
    "and stood behind {behind}",
    wrong=MOCK_ALONE,
)
def put_again(bench: Bench) -> None:
    kinesis = open_stream(bench)
    failed: list[int] = []

    def program() -> None:
        for first in (0, CALL, 2 * CALL):
            numbers = range(first, min(first + CALL, 1_200))
            failed.extend(_put(kinesis, [(n, "truck-1") for n in numbers]))

    bench.lab.start(program)
    bench.lab.run()
    bench.wait(2)
    put(bench, "1200")
    _put(kinesis, [(n, "truck-1") for n in failed])
    texts = [int(one) for one in read(bench, FIRST)]
    bench.see("failed", len(failed), 200)
    bench.see("before", next((a for a, b in pairwise(texts) if b != a + 1), 0), 999)
    bench.see("behind", texts[texts.index(1_000) - 1], 1_200)


def _put(kinesis: Any, some: list[tuple[int, str]]) -> list[int]:
    """Put numbers with keys in one call, if there are any; returns those that failed."""
    if not some:
        return []
    entries = [{"Data": str(number).encode(), "PartitionKey": key} for number, key in some]
    answer = kinesis.put_records(**TRUCKS, Records=entries)["Records"]
    return [number for (number, _), one in zip(some, answer, strict=True) if "ErrorCode" in one]


@probe(
    "shard-hot-key",
    "Of 1,500 records of one key in a second, one shard took {one}, four {four}; of 40 keys' four took {many}",
    wrong=MOCK_ALONE,
)
def hot_key(bench: Bench) -> None:
    kinesis = bench.client("kinesis")
    for name, shards, keys in (("one", 1, 1), ("four", 4, 1), ("many", 4, 40)):
        kinesis.create_stream(StreamName=name, ShardCount=shards)
        kinesis.get_waiter("stream_exists").wait(StreamName=name)
        took: list[int] = []
        bench.lab.start(_second, kinesis, name, keys, took, name=name)
        bench.lab.run()
        bench.see(name, sum(took), 1_500 if keys > 1 else 1_000)


def _second(kinesis: Any, name: str, keys: int, took: list[int]) -> None:
    for _ in range(3):
        entries = [{"Data": b"here", "PartitionKey": f"truck-{number % keys}"} for number in range(CALL)]
        took.append(CALL - kinesis.put_records(StreamName=name, Records=entries)["FailedRecordCount"])


@probe(
    "sqsord-4",
    "Ada's first is held: the FIFO queue brings {queue} next, and the shard, read where the reader stopped, {shard}",
    wrong=wrong.ONE_GROUP,
)
def held(bench: Bench) -> None:
    open_stream(bench)
    queue = bench.create("trucks.fifo", FifoQueue="true", ContentBasedDeduplication="true")
    for text in ("Ada 1", "Ada 2", "Ben 1"):
        put(bench, text, text[:3])
        bench.sqs.send_message(QueueUrl=queue, MessageBody=text, MessageGroupId=text[:3])
    bench.sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=1)
    following = bench.sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
    bench.see("queue", [one["Body"] for one in following], ["Ben 1"])
    bench.see("shard", read(bench, FIRST, most=1), ["Ada 1"])


# Resharding


@probe(
    "reshard-children",
    "The key's record before the split went to {before}; the one after it to a child: {child}",
    wrong=MOCK_ALONE,
)
def to_a_child(bench: Bench) -> None:
    open_stream(bench)
    bench.see("before", put(bench, "before")["ShardId"], FIRST)
    split(bench)
    bench.see("child", put(bench, "after")["ShardId"] in (SECOND, THIRD), True)


@probe(
    "reshard-parent-stays",
    "The open shards have {open}, the parent {parent}; 25 hours later it is listed: {listed}",
    wrong=wrong.MOVES,
)
def parent_stays(bench: Bench) -> None:
    kinesis = open_stream(bench)
    put(bench, "before")
    split(bench)
    put(bench, "after")
    bench.see("open", read(bench, SECOND, THIRD), ["after"])
    bench.see("parent", read(bench, FIRST), ["before"])
    bench.wait(25 * 3_600)
    bench.see("listed", FIRST in [one["ShardId"] for one in kinesis.list_shards(**TRUCKS)["Shards"]], False)


@probe(
    "reshard-end",
    "At the parent's end there is a NextShardIterator: {next}; its children: {children}",
    wrong=MOCK_ALONE,
)
def the_end(bench: Bench) -> None:
    kinesis = open_stream(bench)
    split(bench)
    given = {"ShardId": FIRST, "ShardIteratorType": "TRIM_HORIZON"}
    answer = kinesis.get_records(ShardIterator=kinesis.get_shard_iterator(**TRUCKS, **given)["ShardIterator"])
    bench.see("next", answer.get("NextShardIterator") is not None, False)
    bench.see("children", [one["ShardId"] for one in answer.get("ChildShards", [])], [SECOND, THIRD])


@probe(
    "reshard-parent-first",
    "Parent first: {right}; children first: {wrong}",
    wrong=wrong.MOVES,
)
def parent_first(bench: Bench) -> None:
    open_stream(bench)
    put(bench, "1")
    put(bench, "2")
    split(bench)
    child = put(bench, "3")["ShardId"]
    bench.see("right", read(bench, FIRST, child), ["1", "2", "3"])
    bench.see("wrong", read(bench, child, FIRST), ["3", "1", "2"])


@probe("reshard-merge", "The merged shard's parents: {parents}", wrong=wrong.ONE_PARENT)
def two_parents(bench: Bench) -> None:
    kinesis = open_stream(bench, 2)
    kinesis.merge_shards(**TRUCKS, ShardToMerge=FIRST, AdjacentShardToMerge=SECOND)
    bench.wait(60)
    (merged,) = kinesis.list_shards(**TRUCKS, ShardFilter={"Type": "AT_LATEST"})["Shards"]
    bench.see("parents", [merged.get(f"{which}ParentShardId") for which in ("", "Adjacent")], [FIRST, SECOND])


@probe(
    "reshard-closed",
    "A second split of the same shard: {second}; a split of its child: {child}",
    wrong=wrong.SPLITS_AGAIN,
)
def closed(bench: Bench) -> None:
    open_stream(bench)
    split(bench)
    for name, shard, at, expected in (
        ("second", FIRST, HALF, "InvalidArgumentException"),
        ("child", SECOND, HALF // 2, ACCEPTED),
    ):
        given = {"ShardToSplit": shard, "NewStartingHashKey": str(at)}
        bench.see(name, bench.answer("split_shard", "kinesis", **TRUCKS, **given), expected)
