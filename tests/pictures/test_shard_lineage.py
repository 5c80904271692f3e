"""The lineage of a stream's shards, in three forms."""

import pytest

from labkit import LabError, shard_lineage
from tests.pictures.conftest import SVG, Image

FIRST, SECOND, THIRD = (f"shardId-{number:012}" for number in range(3))


@pytest.fixture
def resharded(lab):
    """One shard, split and merged again, with a record after each step."""
    kinesis, trucks = lab.client("kinesis"), {"StreamName": "trucks"}

    def then():
        lab.clock.advance("1 min")
        kinesis.put_record(**trucks, Data=b"here", PartitionKey="blue")

    kinesis.create_stream(**trucks, ShardCount=1)
    then()
    kinesis.split_shard(**trucks, ShardToSplit=FIRST, NewStartingHashKey=str(2**127))
    then()
    kinesis.merge_shards(**trucks, ShardToMerge=SECOND, AdjacentShardToMerge=THIRD)
    then()
    return lab


def test_the_words_say_who_came_from_whom_and_what_each_keeps(resharded):
    assert str(shard_lineage(resharded, "trucks")).splitlines() == [
        "Shards of stream trucks, 1 of 4 open.",
        "shard 0, keys 00 to ff: open from 00:00:00.000 to 00:01:10.000, 1 record.",
        "shard 1, keys 00 to 7f: open from 00:01:10.000 to 00:02:10.000, 1 record; child of shard 0.",
        "shard 2, keys 80 to ff: open from 00:01:10.000 to 00:02:10.000, 0 records; child of shard 0.",
        "shard 3, keys 00 to ff: open since 00:02:10.000, 1 record; child of shard 1 and shard 2.",
    ]


def test_the_image_has_a_bar_a_shard_and_a_dashed_line_from_each_parent(resharded):
    """Four bars and two of the legend, of two colours; four lines to children and one of the legend."""
    picture = shard_lineage(resharded, "trucks")
    image = Image(picture.image())
    assert image.alt == str(picture)
    bars = [one.get("fill") for one in image.svg.iter(f"{SVG}rect") if one.get("stroke")]
    assert (len(bars), len(set(bars))) == (6, 2)
    assert sum(line.get("stroke-dasharray") is not None for line in image.svg.iter(f"{SVG}line")) == 5
    assert {"shard 0", "keys 00 to 7f", "open", "closed", "parent to child"} <= set(image.texts())


def test_the_live_form_has_a_trace_a_kind_with_the_sentence_under_the_mouse(resharded):
    closed, opened, links = shard_lineage(resharded, "trucks").plotly["data"]
    assert [one["name"] for one in (closed, opened, links)] == ["closed", "open", "parent to child"]
    assert (closed["y"], opened["y"]) == ([0, 1, 2], [3])
    assert opened["customdata"][0].startswith("shard 3, keys 00 to ff: open since")
    assert links["x"].count(None) == 4


def test_a_shard_that_has_expired_is_gone_with_its_lines(resharded):
    resharded.clock.advance("25 h")
    picture = shard_lineage(resharded, "trucks")
    assert len(str(picture).splitlines()) == 2
    assert [trace["name"] for trace in picture.plotly["data"]] == ["open"]


def test_more_than_twenty_shards_are_counted_and_twenty_drawn(lab):
    lab.client("kinesis").create_stream(StreamName="trucks", ShardCount=23)
    picture = shard_lineage(lab, "trucks")
    assert str(picture).splitlines()[-1] == "3 more shards are not drawn."
    assert len(picture.plotly["data"][0]["y"]) == 20


def test_an_unknown_stream_and_what_is_no_lab_are_refused_in_one_sentence(resharded):
    with pytest.raises(LabError, match="This lab has no stream called 'cars'; it has: trucks"):
        shard_lineage(resharded, "cars")
    with pytest.raises(LabError, match="shard_lineage draws a lab"):
        shard_lineage("trucks", "trucks")
