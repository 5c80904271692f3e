"""Operations of Kinesis Data Streams, called well and badly."""

import json
from datetime import UTC, datetime

ACCOUNT = "123456789012"
ARN = f"arn:aws:kinesis:us-east-1:{ACCOUNT}:stream/clicks"
FIRST, SECOND, THIRD = (f"shardId-{number:012}" for number in range(3))


def streaming(lab, call):
    """A stream's life, its settings and what is refused of them."""
    kinesis = lab.client("kinesis")
    for given in (
        {"StreamName": "clicks", "ShardCount": 2},
        {"StreamName": "clicks", "ShardCount": 1},
        {"StreamName": "bad name!", "ShardCount": 1},
        {"StreamName": "many", "ShardCount": 100_000_000_000},
        {"StreamName": "many", "ShardCount": 20_000},
        {"StreamName": "none"},
        {"StreamName": "demand", "StreamModeDetails": {"StreamMode": "ON_DEMAND"}},
        {"StreamName": "large", "ShardCount": 1, "MaxRecordSizeInKiB": 2048, "Tags": {"team": "web"}},
    ):
        call(kinesis.create_stream, **given)
    call(kinesis.put_record, StreamName="clicks", Data=b"early", PartitionKey="a")
    lab.clock.advance("1 min")
    for given in ({"StreamName": "clicks"}, {"StreamARN": ARN}, {"StreamName": "clicks", "StreamARN": ARN},
                  {"StreamName": "gone"}, {"StreamName": "demand", "StreamARN": ARN}, {}):  # fmt: skip
        call(kinesis.describe_stream_summary, **given)
        call(kinesis.describe_stream, **given)
    call(kinesis.describe_stream, StreamName="demand", Limit=1)
    call(kinesis.describe_stream, StreamName="demand", ExclusiveStartShardId=SECOND)
    call(kinesis.list_streams)
    for limit in (1, 0, 10_001):
        call(kinesis.list_streams, Limit=limit)
    call(kinesis.list_streams, ExclusiveStartStreamName="clicks")
    for hours in (24, 48, 23, 8_761, 47):
        call(kinesis.increase_stream_retention_period, StreamName="clicks", RetentionPeriodHours=hours)
    for hours in (49, 24):
        call(kinesis.decrease_stream_retention_period, StreamName="clicks", RetentionPeriodHours=hours)
    for mode in ("ON_DEMAND", "PROVISIONED", "ON_DEMAND"):
        call(kinesis.update_stream_mode, StreamARN=ARN, StreamModeDetails={"StreamMode": mode})
    for size in (10_240, 10_241):
        call(kinesis.update_max_record_size, StreamARN=ARN, MaxRecordSizeInKiB=size)
    call(kinesis.describe_limits)
    call(kinesis.describe_limits, Region="us-east-1")
    call(kinesis.delete_stream, StreamName="large")
    call(kinesis.describe_stream_summary, StreamName="large")
    call(kinesis.create_stream, StreamName="large", ShardCount=1)
    lab.clock.advance("1 min")
    call(kinesis.describe_stream_summary, StreamName="large")


def records_of_streams(lab, call):
    """Records in and out, with what is wrong with them."""
    kinesis = lab.client("kinesis")
    kinesis.create_stream(StreamName="clicks", ShardCount=2)
    lab.clock.advance("1 min")
    for more in (
        {"Data": b"\x00\xff", "PartitionKey": "user-1"},
        {"Data": b"", "PartitionKey": "ключ"},
        {"Data": b"x", "PartitionKey": "a" * 257},
        {"Data": bytes(2**20), "PartitionKey": "a"},
        {"Data": b"x", "PartitionKey": "a", "ExplicitHashKey": str(2**128 - 1)},
        {"Data": b"x", "PartitionKey": "a", "ExplicitHashKey": str(2**128)},
        {"Data": b"x", "PartitionKey": "a", "ExplicitHashKey": "x"},
        {"Data": b"x", "PartitionKey": "a", "SequenceNumberForOrdering": "7"},
    ):
        call(kinesis.put_record, StreamName="clicks", **more)
    entries = [{"Data": f"click-{nth}".encode(), "PartitionKey": f"user-{nth % 5}"} for nth in range(501)]
    for some in (entries[:10], entries, [entries[0], {"Data": bytes(2**20), "PartitionKey": "a"}],
                 [{"Data": bytes(2**19), "PartitionKey": "a"}] * 21):  # fmt: skip
        call(kinesis.put_records, StreamName="clicks", Records=some)
    call(kinesis.put_records, StreamARN=ARN, Records=entries[:1])
    iterators = [
        call(kinesis.get_shard_iterator, StreamName="clicks", ShardId=shard, ShardIteratorType=kind, **more)
        for shard, kind, more in (
            (FIRST, "TRIM_HORIZON", {}),
            (SECOND, "LATEST", {}),
            (SECOND, "AT_TIMESTAMP", {"Timestamp": datetime(2026, 1, 1, tzinfo=UTC)}),
            (SECOND, "AT_TIMESTAMP", {"Timestamp": datetime(2027, 1, 1, tzinfo=UTC)}),
            (SECOND, "AT_TIMESTAMP", {}),
            (SECOND, "AT_SEQUENCE_NUMBER", {"StartingSequenceNumber": "7"}),
            (SECOND, "AT_SEQUENCE_NUMBER", {}),
            ("shardId-000000000009", "LATEST", {}),
            (SECOND, "NOW", {}),
        )
    ]
    for one in iterators[:3]:
        call(kinesis.get_records, ShardIterator=one["ShardIterator"], Limit=3)
    iterator = iterators[0]["ShardIterator"]
    call(kinesis.get_records, ShardIterator=iterator, Limit=10_001)
    call(kinesis.get_records, ShardIterator=iterator, StreamARN=ARN)
    call(kinesis.get_records, ShardIterator=iterator, StreamARN=f"{ARN}-2")
    call(kinesis.get_records, ShardIterator=f"{iterator[:-4]}AAAA")
    call(kinesis.get_records, ShardIterator="mine")
    lab.clock.advance("290 s")
    call(kinesis.get_records, ShardIterator=iterator, Limit=1)
    lab.clock.advance("20 s")
    call(kinesis.get_records, ShardIterator=iterator)


def resharding(lab, call):
    """Splits, merges and scalings, and how a closed shard ends."""
    kinesis = lab.client("kinesis")
    kinesis.create_stream(StreamName="clicks", ShardCount=2)
    kinesis.create_stream(StreamName="demand", StreamModeDetails={"StreamMode": "ON_DEMAND"})
    lab.clock.advance("1 min")
    for key in (0, 2**126, 2**126 + 1):
        call(kinesis.split_shard, StreamName="clicks", ShardToSplit=FIRST, NewStartingHashKey=str(key))
    lab.clock.advance("1 min")
    call(kinesis.split_shard, StreamName="clicks", ShardToSplit=FIRST, NewStartingHashKey=str(2**126))
    call(kinesis.split_shard, StreamName="demand", ShardToSplit=FIRST, NewStartingHashKey=str(2**126))
    call(kinesis.split_shard, StreamName="clicks", ShardToSplit="shard-7", NewStartingHashKey=str(2**126))
    iterator = kinesis.get_shard_iterator(StreamName="clicks", ShardId=FIRST, ShardIteratorType="LATEST")
    call(kinesis.get_records, ShardIterator=iterator["ShardIterator"])
    call(kinesis.merge_shards, StreamName="clicks", ShardToMerge=SECOND, AdjacentShardToMerge=THIRD)
    call(kinesis.merge_shards, StreamName="clicks", ShardToMerge=THIRD, AdjacentShardToMerge="shardId-000000000003")
    lab.clock.advance("1 min")
    for target in (5, 4, 1, 1_000_001):
        given = {"TargetShardCount": target, "ScalingType": "UNIFORM_SCALING"}
        call(kinesis.update_shard_count, StreamName="clicks", **given)
        lab.clock.advance("1 min")
    call(kinesis.list_shards, StreamName="clicks")
    for kind, more in (("AT_LATEST", {}), ("AT_TRIM_HORIZON", {}), ("FROM_TRIM_HORIZON", {}), ("AFTER_SHARD_ID", {}),
                       ("AFTER_SHARD_ID", {"ShardId": THIRD}), ("AT_TIMESTAMP", {}),
                       ("FROM_TIMESTAMP", {"Timestamp": datetime(2026, 1, 1, 0, 2, tzinfo=UTC)})):  # fmt: skip
        call(kinesis.list_shards, StreamName="clicks", ShardFilter={"Type": kind, **more})
    page = call(kinesis.list_shards, StreamARN=ARN, MaxResults=2)
    token = {"NextToken": page["NextToken"]}
    for more in (
        {"StreamName": "clicks"},
        {"ExclusiveStartShardId": FIRST},
        {"ShardFilter": {"Type": "AT_LATEST"}},
        {},
    ):
        call(kinesis.list_shards, **token, **more)
    call(kinesis.list_shards, NextToken="mine")
    lab.clock.advance("6 min")
    call(kinesis.list_shards, **token)


def consuming(lab, call):
    """Registered consumers, encryption and who may."""
    kinesis, theirs = lab.client("kinesis"), lab.client("kinesis", account="111111111111")
    kinesis.create_stream(StreamName="clicks", ShardCount=1)
    lab.clock.advance("1 min")
    made = call(kinesis.register_stream_consumer, StreamARN=ARN, ConsumerName="fraud")["Consumer"]["ConsumerARN"]
    call(kinesis.register_stream_consumer, StreamARN=ARN, ConsumerName="fraud")
    for nth in range(20):
        call(kinesis.register_stream_consumer, StreamARN=ARN, ConsumerName=f"reader-{nth}")
    lab.clock.advance("1 min")
    for given in ({"ConsumerARN": made}, {"StreamARN": ARN, "ConsumerName": "fraud"}, {"StreamARN": ARN},
                  {"StreamARN": ARN, "ConsumerName": "none"}):  # fmt: skip
        call(kinesis.describe_stream_consumer, **given)
    call(kinesis.list_stream_consumers, StreamARN=ARN, MaxResults=2)
    for token in ("2", "mine"):
        call(kinesis.list_stream_consumers, StreamARN=ARN, MaxResults=2, NextToken=token)
    call(kinesis.delete_stream, StreamName="clicks")
    for _ in range(2):
        call(kinesis.deregister_stream_consumer, ConsumerARN=made)
    call(kinesis.deregister_stream_consumer, StreamARN=ARN, ConsumerName="reader-3")
    call(kinesis.list_stream_consumers, StreamARN=ARN)
    kms = lab.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    for name in ("alias/none", key, "alias/aws/kinesis"):
        call(kinesis.start_stream_encryption, StreamName="clicks", EncryptionType="KMS", KeyId=name)
        call(kinesis.put_record, StreamName="clicks", Data=b"x", PartitionKey="a")
    kinesis.start_stream_encryption(StreamName="clicks", EncryptionType="KMS", KeyId=key)
    kms.disable_key(KeyId=key)
    call(kinesis.put_record, StreamName="clicks", Data=b"x", PartitionKey="a")
    for name in ("clicks", "none"):
        call(kinesis.stop_stream_encryption, StreamName=name, EncryptionType="KMS", KeyId=key)
    call(theirs.put_record, StreamARN=ARN, Data=b"x", PartitionKey="a")
    lets = {"Effect": "Allow", "Principal": {"AWS": "111111111111"}, "Action": "kinesis:PutRecord", "Resource": ARN}
    kinesis.put_resource_policy(ResourceARN=ARN, Policy=json.dumps({"Version": "2012-10-17", "Statement": lets}))
    call(theirs.put_record, StreamARN=ARN, Data=b"x", PartitionKey="a")
    call(theirs.delete_stream, StreamARN=ARN)
    call(kinesis.delete_stream, StreamName="clicks", EnforceConsumerDeletion=True)


PLAYERS = (streaming, records_of_streams, resharding, consuming)
