"""The hash ring of a stream, in three forms."""

from hashlib import md5
from itertools import pairwise

import pytest

from labkit import LabError, hash_ring
from labkit.pictures.hash_ring import MOST_KEYS, PITCH
from tests.pictures.conftest import SVG, Image

FIRST = "shardId-000000000000"


@pytest.fixture
def put(lab):
    """Puts records into the stream `clicks` with these keys; makes it with so many shards."""
    kinesis = lab.client("kinesis")

    def put(shards, *keys, **more):
        kinesis.create_stream(StreamName="clicks", ShardCount=shards)
        kinesis.get_waiter("stream_exists").wait(StreamName="clicks")
        for key in keys:
            kinesis.put_record(StreamName="clicks", Data=b"x", PartitionKey=key, **more)

    return put


def test_the_words_say_whose_part_of_the_ring_each_key_is_in(lab, put):
    put(2, "Ada", "Dan", "Ada")
    at = {key: int(md5(key.encode()).hexdigest(), 16) / 2**128 for key in ("Ada", "Dan")}
    assert str(hash_ring(lab, "clicks")).splitlines() == [
        "The hash keys of stream clicks: 2 open shards, 2 partition keys.",
        f"{FIRST} has 50% of the hash keys, from 0.000 to 0.500 of the ring, and keeps 2 records.",
        "shardId-000000000001 has 50% of the hash keys, from 0.500 to 1.000 of the ring, and keeps 1 record.",
        f"Ada: 2 records, at {at['Ada']:.3f}, in {FIRST}.",
        f"Dan: 1 record, at {at['Dan']:.3f}, in shardId-000000000001.",
    ]


@pytest.mark.parametrize("shards", [1, 2, 3, 5])
def test_the_image_has_an_arc_a_shard_and_a_dot_a_key(lab, put, shards):
    put(shards, "Ada", "Dan")
    picture = hash_ring(lab, "clicks")
    image = Image(picture.image())
    assert image.alt == str(picture)
    assert len(list(image.svg.iter(f"{SVG}polyline"))) == shards
    assert len(list(image.svg.iter(f"{SVG}circle"))) == 2 + 1  # with the legend's
    assert {"Ada (1)", "Dan (1)", "open shard", "partition key"} <= set(image.texts())
    *arcs, keys = picture.plotly["data"]
    assert len(arcs) == shards
    assert sorted(one.strip() for one in keys["text"]) == ["Ada (1)", "Dan (1)"]


def test_neighbours_on_the_ring_never_look_the_same(lab, put):
    put(5, "Ada")
    looks = [arc["line"]["color"] for arc in hash_ring(lab, "clicks").plotly["data"][:-1]]
    assert all(one != other for one, other in zip(looks, [*looks[1:], looks[0]], strict=True))


def test_many_keys_have_room_and_the_rest_is_told(lab, put):
    put(2, *(f"visitor-{number}" for number in range(50)))
    picture = hash_ring(lab, "clicks")
    assert "30 more keys are not drawn." in str(picture)
    image = Image(picture.image())
    names = [text for text in image.svg.iter(f"{SVG}text") if "".join(text.itertext()).startswith("visitor")]
    assert len(names) == MOST_KEYS
    for side in ("start", "end"):
        levels = sorted(float(text.get("y")) for text in names if text.get("text-anchor") == side)
        assert all(after - before >= PITCH - 0.1 for before, after in pairwise(levels))


def test_a_reshard_moves_no_key_and_an_explicit_hash_key_is_told(lab, put):
    put(1, "Ada")
    before = hash_ring(lab, "clicks").plotly["data"][-1]
    kinesis = lab.client("kinesis")
    kinesis.split_shard(StreamName="clicks", ShardToSplit=FIRST, NewStartingHashKey=str(2**127))
    lab.clock.advance("1 min")
    kinesis.put_record(StreamName="clicks", Data=b"x", PartitionKey="Ada", ExplicitHashKey=str(2**128 - 1))
    after = hash_ring(lab, "clicks")
    assert (after.plotly["data"][-1]["x"], after.plotly["data"][-1]["y"]) == (before["x"], before["y"])
    assert "Ada: 1 record, at 0.102, in shardId-000000000001." in str(after)
    assert "1 record went elsewhere by an ExplicitHashKey." in str(after)


def test_records_whose_time_has_run_out_are_gone_from_it(lab, put):
    put(1, "Ada")
    lab.clock.advance("25 h")
    assert "0 partition keys" in str(hash_ring(lab, "clicks"))


@pytest.mark.parametrize(("given", "told"), [("orders", "it has: clicks"), (None, "it has: clicks")])
def test_an_unknown_stream_is_told(lab, put, given, told):
    put(1)
    with pytest.raises(LabError, match=told):
        hash_ring(lab, given)
    with pytest.raises(LabError, match="hash_ring"):
        hash_ring("clicks", "clicks")
