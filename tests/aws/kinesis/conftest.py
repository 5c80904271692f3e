"""A lab with a stream, and a reader of its shards."""

import pytest
from botocore.exceptions import ClientError


@pytest.fixture
def kinesis(lab):
    return lab.client("kinesis")


@pytest.fixture
def stream(lab, kinesis):
    """A stream of one shard, ready; returns its ARN."""
    kinesis.create_stream(StreamName="clicks", ShardCount=1)
    lab.clock.advance("1 min")
    return kinesis.describe_stream_summary(StreamName="clicks")["StreamDescriptionSummary"]["StreamARN"]


@pytest.fixture
def iterator(kinesis):
    """An iterator of a shard, by default from its beginning."""

    def iterator(shard=0, kind="TRIM_HORIZON", name="clicks", **more):
        given = {"StreamName": name, "ShardId": f"shardId-{shard:012}", "ShardIteratorType": kind, **more}
        return kinesis.get_shard_iterator(**given)["ShardIterator"]

    return iterator


@pytest.fixture
def data(kinesis, iterator):
    """What a shard's records hold, as texts."""

    def data(shard=0, **more):
        found = kinesis.get_records(ShardIterator=iterator(shard, **more))["Records"]
        return [one["Data"].decode() for one in found]

    return data


@pytest.fixture
def refused():
    """Call a method and return AWS's code and message."""

    def call(method, **parameters):
        with pytest.raises(ClientError) as error:
            method(**parameters)
        told = error.value.response["Error"]
        return told["Code"], told["Message"]

    return call
