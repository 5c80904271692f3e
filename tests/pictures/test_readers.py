"""What was written into streams and what each reader has read, over time."""

import time

import pytest

from labkit import LabError, readers_over_time
from tests.pictures.conftest import Image


@pytest.fixture
def read(lab):
    """Two readers, one of whom is slow, and three clicks, one of a batch of two failing nothing."""
    kinesis = lab.client("kinesis")
    kinesis.create_stream(StreamName="clicks", ShardCount=1)
    kinesis.get_waiter("stream_exists").wait(StreamName="clicks")
    kinesis.put_record(StreamName="clicks", Data=b"1", PartitionKey="a")
    kinesis.put_records(StreamName="clicks", Records=[{"Data": b"2", "PartitionKey": "a"}] * 2)

    def reader(limit):
        given = {"StreamName": "clicks", "ShardId": "shardId-000000000000", "ShardIteratorType": "TRIM_HORIZON"}
        place = kinesis.get_shard_iterator(**given)["ShardIterator"]
        while True:
            place = kinesis.get_records(ShardIterator=place, Limit=limit)["NextShardIterator"]
            time.sleep(10)

    lab.start(reader, 10, name="quick")
    lab.start(reader, 1, name="slow")
    lab.clock.advance("15 s")


def test_the_words_count_what_was_written_and_read(lab, read):
    assert str(readers_over_time(lab)).splitlines() == [
        "Records written and read.",
        "written: 3, 1 by 10 s, 3 by 10 s",
        "quick: 3, 3 by 10.02 s",
        "slow: 2, 1 by 10.02 s, 2 by 20.03 s",
    ]


def test_the_image_and_the_live_form_have_a_line_each(lab, read):
    picture = readers_over_time(lab)
    image = Image(picture.image())
    assert image.alt == str(picture)
    names = ["written", "quick", "slow"]
    assert all(any(text.startswith(name) for text in image.texts()) for name in names)
    assert sorted(trace["name"] for trace in picture.plotly["data"]) == sorted(names)
    assert len({trace["line"]["color"] for trace in picture.plotly["data"]}) == 3


def test_nothing_and_no_lab_are_told(lab):
    assert str(readers_over_time(lab)).startswith("Nothing was written")
    with pytest.raises(LabError, match="readers_over_time"):
        readers_over_time("clicks")
