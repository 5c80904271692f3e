"""Streams as rules: where records go, in which order they are read, and what a shard takes in a second."""

from collections import Counter
from hashlib import md5
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.rules import SECOND, Refused
from labkit.rules.streams import Stream
from labkit.rules.streams.placement import LAST, Range, even_ranges, hash_of
from labkit.rules.streams.resharding import cuts, joins
from labkit.rules.streams.sequence import Number
from labkit.rules.streams.stream import CREATING_FOR, HOUR, RESHARDING_FOR, read_hash_key

BEGIN = 1_767_225_600 * SECOND
DAY = 24 * HOUR
FUZZED = settings(derandomize=True, database=None, deadline=None, max_examples=60)


def at(seconds):
    return BEGIN + round(seconds * SECOND)


def active(shards=1):
    stream = Stream("clicks", "123456789012", shards, BEGIN - CREATING_FOR)
    stream.settle(BEGIN, 24)
    return stream


def put(stream, key, data=b"x", seconds=0.0, explicit=None, has_rate=False):
    return stream.put(key, data, explicit, at(seconds), has_rate)


def everything(stream, now, hours=24):
    """All records of a stream as a reader gets them who begins with the shards without parents and goes on below."""
    stream.settle(now, hours)
    seen, found = set(), []
    there = {shard.id for shard in stream.listed()}
    waiting = [shard for shard in stream.listed() if there.isdisjoint(shard.parents)]
    while waiting:
        shard = waiting.pop(0)
        if shard.id in seen or there.intersection(shard.parents) - seen:
            continue
        seen.add(shard.id)
        after = shard.first_number
        while True:
            batch, children = stream.read(shard, after, 3, now, has_rate=False)
            found += batch.records
            waiting += children
            if batch.is_end or not batch.records:
                break
            after = batch.after
    return found


# Placement


def test_a_keys_place_is_its_md5_and_range_ends_belong_to_the_range():
    assert hash_of("order-1") == int(md5(b"order-1").hexdigest(), 16)
    stream = active(4)
    for nth, hash_keys in enumerate(even_ranges(4)):
        for key in hash_keys:
            assert put(stream, "any", explicit=key)[0].index == nth


@given(st.integers(1, 500))
@FUZZED
def test_even_ranges_are_all_hash_keys_once(count):
    ranges = even_ranges(count)
    assert (ranges[0].start, ranges[-1].end) == (0, LAST)
    assert all(low.end + 1 == high.start for low, high in pairwise(ranges))


@pytest.mark.parametrize("text", ["-1", "x", str(2**128), "1.5", ""])
def test_an_explicit_hash_key_out_of_range_is_refused(text):
    with pytest.raises(Refused, match="InvalidArgumentException"):
        read_hash_key(text)
    assert (read_hash_key(None), read_hash_key(str(LAST))) == (None, LAST)


# Sequence numbers


@given(st.integers(0, 2**36 - 1), st.integers(0, 2**20), st.integers(0, 2**63 - 1), st.integers(0, 2**36 - 1))
@FUZZED
def test_a_number_is_read_as_it_was_made(born, shard, nth, now):
    number = Number(born, shard, nth, now)
    assert Number.read(int(number)) == number
    assert Number.read(int(number) + 1) is None


def test_numbers_have_56_digits_and_grow_over_a_split_made_in_the_same_second():
    stream = active()
    before = put(stream, "a")[1]
    stream.split("shardId-000000000000", 2**127, BEGIN)
    stream.settle(BEGIN + RESHARDING_FOR, 24)
    after = put(stream, "a", seconds=10)[1]
    assert len(str(before.number)) == 56
    assert before.number == int(Number(BEGIN // SECOND - 10, 0, 1, BEGIN // SECOND))
    parent, child = stream.shards["shardId-000000000000"], stream.shards["shardId-000000000001"]
    assert before.number < parent.last_number < child.first_number < after.number


# Order


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("put"), st.sampled_from("abcdefgh")),
            st.tuples(st.just("split"), st.integers(0, 7)),
            st.tuples(st.just("merge"), st.integers(0, 7)),
            st.tuples(st.just("scale"), st.integers(1, 9)),
        ),
        max_size=40,
    )
)
@FUZZED
def test_each_record_is_read_once_and_in_the_order_of_its_key_over_any_sequence_of_reshards(steps):
    """What a reader gets who goes from parents to children; and all hash keys have one open shard at any time."""
    stream, now, sent, refusals = active(2), BEGIN, [], set()
    for nth, (step, what) in enumerate(steps):
        now += 7 * SECOND
        stream.settle(now, 24)
        try:
            if step == "put":
                stream.put(what, str(nth).encode(), None, now, False)
                sent.append((what, str(nth).encode()))
            elif step == "split":
                shard = stream.open[what % len(stream.open)]
                stream.split(shard.id, shard.range.middle, now)
            elif step == "merge" and len(stream.open) > 1:
                place = what % (len(stream.open) - 1)
                stream.merge(stream.open[place].id, stream.open[place + 1].id, now)
            elif step == "scale":
                stream.scale(what, now)
        except Refused as refused:
            refusals.add(refused.code)
        ranges = [shard.range for shard in stream.open]
        assert (ranges[0].start, ranges[-1].end) == (0, LAST)
        assert all(low.end + 1 == high.start for low, high in pairwise(ranges))
    assert refusals <= {"ResourceInUseException", "LimitExceededException"}
    read = everything(stream, now + RESHARDING_FOR)
    assert Counter((one.key, one.data) for one in read) == Counter(sent)
    assert len({one.number for one in read}) == len(read)
    for key in "abcdefgh":
        mine = [one for one in read if one.key == key]
        assert [one.data for one in mine] == [data for sent_key, data in sent if sent_key == key]
        assert all(one.number < other.number for one, other in pairwise(mine))


@pytest.mark.parametrize(("count", "target"), [(1, 2), (2, 3), (3, 2), (4, 3), (4, 2), (5, 8), (7, 4), (6, 6)])
def test_scaling_ends_with_shards_of_one_size(count, target):
    stream = active(count)
    stream.scale(target, BEGIN)
    stream.settle(BEGIN + RESHARDING_FOR, 24)
    assert [shard.range for shard in stream.open] == even_ranges(target)
    assert stream.status == "ACTIVE"


@given(st.integers(1, 40), st.integers(1, 40))
@FUZZED
def test_cuts_and_joins_make_any_number_of_ranges_of_any_other(count, target):
    wanted = even_ranges(target)
    pieces = [piece for one in even_ranges(count) for piece in cuts(one, wanted)]
    for first, last in joins(pieces, wanted):
        pieces[first : last + 1] = [Range(pieces[first].start, pieces[last].end)]
    assert pieces == wanted


def test_limits_of_scaling():
    """Public case k08 counts open shards: from 2 not 5, from 4 not 1; at most ten times a day."""
    stream = active(2)
    for target, allowed in ((5, False), (4, True), (1, False), (8, True)):
        now = BEGIN if stream.next_event is None else stream.next_event
        stream.settle(now, 24)
        if allowed:
            stream.scale(target, now)
        else:
            with pytest.raises(Refused, match="LimitExceededException"):
                stream.scale(target, now)
    stream.settle(stream.next_event, 24)
    for _ in range(8):
        stream.scale(8, BEGIN + HOUR)
    with pytest.raises(Refused, match="10 times"):
        stream.scale(8, BEGIN + HOUR)
    stream.scale(8, BEGIN + DAY + HOUR)


# What is refused


def test_a_closed_shard_is_not_split_again_and_strangers_are_not_merged():
    """Public case k01; and of two shards that are no neighbours."""
    stream = active(3)
    with pytest.raises(Refused, match="are not an adjacent pair of shards eligible for merging"):
        stream.merge("shardId-000000000000", "shardId-000000000002", BEGIN)
    stream.split("shardId-000000000000", 2**100, BEGIN)
    with pytest.raises(Refused, match="not ACTIVE, instead in state UPDATING"):
        stream.split("shardId-000000000001", 2**127, BEGIN)
    stream.settle(at(10), 24)
    with pytest.raises(Refused, match="has already been merged or split"):
        stream.split("shardId-000000000000", 2**100, at(10))
    with pytest.raises(Refused, match="Could not find shard"):
        stream.split("shardId-000000000009", 2**100, at(10))


@pytest.mark.parametrize("start", [0, 1, LAST, LAST + 1])
def test_a_split_at_an_end_is_refused(start):
    with pytest.raises(Refused, match="is not both greater than one plus"):
        active().split("shardId-000000000000", start, BEGIN)


# How much in a second


def test_a_shard_takes_a_thousand_records_and_a_mebibyte_in_any_second():
    stream = active()
    for _ in range(1_000):
        put(stream, "a", has_rate=True)
    with pytest.raises(Refused, match=r"Rate exceeded for shard shardId-000000000000 in stream clicks under account"):
        put(stream, "a", has_rate=True)
    put(stream, "a", bytes(2**20 - 1), 1.001, has_rate=True)
    with pytest.raises(Refused, match="ProvisionedThroughputExceededException"):
        put(stream, "a", b"", 1.5, has_rate=True)
    put(stream, "a", b"", 2.002, has_rate=True)


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 2**19)), max_size=80))
@FUZZED
def test_what_a_shard_accepted_in_any_second_is_within_its_limits(puts):
    stream, now, taken = active(), BEGIN, []
    for pause, size in puts:
        now += pause * 1_000
        try:
            stream.put("k", bytes(size), None, now, True)
        except Refused:
            continue
        taken.append((now, size + 1))
    for start, _ in taken:
        within = [size for moment, size in taken if start <= moment < start + SECOND]
        assert len(within) <= 1_000
        assert sum(within) <= 2**20


def test_a_shard_gives_five_reads_and_two_mebibytes_a_second():
    stream = active()
    shard = stream.open[0]
    for _ in range(12):
        put(stream, "a", bytes(2**20 - 1))

    def read(seconds, limit=10_000):
        return stream.read(shard, shard.first_number, limit, at(seconds), True).batch

    assert [len(read(nth / 10, 0).records) for nth in range(5)] == [0] * 5
    with pytest.raises(Refused, match="ProvisionedThroughputExceededException"):
        read(0.5, 0)
    assert len(read(1.1).records) == 10  # ten mebibytes, no more
    for seconds in (1.2, 6.0):
        with pytest.raises(Refused):
            read(seconds, 1)
    assert len(read(6.2, 2).records) == 2
    with pytest.raises(Refused):
        read(6.3, 3)


# Readers


def test_a_closed_shard_ends_with_its_children_and_a_reader_sees_how_far_behind_it_is():
    stream = active()
    parent = stream.open[0]
    put(stream, "a")
    put(stream, "a", seconds=1)
    first = stream.read(parent, parent.first_number, 1, at(5), False)
    assert (first.batch.behind, first.batch.is_end) == (4 * SECOND, False)
    stream.split(parent.id, 2**127, at(5))
    stream.settle(at(15), 24)
    last = stream.read(parent, first.batch.after, 9, at(20), False)
    assert (last.batch.behind, last.batch.is_end) == (0, True)
    assert [child.id for child in last.children] == ["shardId-000000000001", "shardId-000000000002"]


def test_where_readers_begin():
    stream = active()
    shard = stream.open[0]
    records = [put(stream, "a", str(nth).encode(), nth)[1] for nth in range(4)]

    def first(kind, number=None, seconds=None):
        after = stream.after(shard, kind, number, None if seconds is None else at(seconds), at(9))
        found = stream.read(shard, after, 1, at(9), False).batch.records
        return found[0].data.decode() if found else None

    assert first("TRIM_HORIZON") == "0"
    assert first("LATEST") is None
    assert first("AT_SEQUENCE_NUMBER", str(records[2].number)) == "2"
    assert first("AFTER_SEQUENCE_NUMBER", str(records[2].number)) == "3"
    assert [first("AT_TIMESTAMP", seconds=seconds) for seconds in (-5, 1, 1.5, 4)] == ["0", "1", "2", None]
    for kind, number, seconds in (
        ("AT_SEQUENCE_NUMBER", "12", None), ("AT_SEQUENCE_NUMBER", None, None), ("AFTER_SEQUENCE_NUMBER", "x", None),
        ("AT_TIMESTAMP", None, None), ("AT_TIMESTAMP", None, 10), ("NOW", None, None),
    ):  # fmt: skip
        with pytest.raises(Refused, match="InvalidArgumentException"):
            first(kind, number, seconds)


def test_what_the_retention_has_let_go_no_longer_one_brings_back_and_empty_parents_expire():
    stream = active()
    put(stream, "a", b"old")
    stream.split("shardId-000000000000", 2**127, at(1))
    stream.settle(at(11), 24)
    put(stream, "a", b"new", 3_600)
    stream.settle(BEGIN + DAY + 60 * SECOND, 24)
    assert [one.data for one in everything(stream, BEGIN + DAY + 60 * SECOND, hours=168)] == [b"new"]
    assert [shard.id for shard in stream.listed()] == ["shardId-000000000001", "shardId-000000000002"]
    with pytest.raises(Refused, match="does not exist"):
        stream.shard("shardId-000000000000")
