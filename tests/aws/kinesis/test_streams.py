"""Streams through boto3: what users ran into (public cases k01 to k16) and what moto answers otherwise."""

import json
import time
from datetime import timedelta

import pytest

from labkit import Lab
from tests.aws.letting import key_policy

FIRST, SECOND, THIRD = (f"shardId-{number:012}" for number in range(3))
MIDDLE = str(2**127)


def put(kinesis, *texts, key="user-1", **more):
    return [kinesis.put_record(StreamName="clicks", Data=text.encode(), PartitionKey=key, **more) for text in texts]


def split(lab, kinesis):
    kinesis.split_shard(StreamName="clicks", ShardToSplit=FIRST, NewStartingHashKey=MIDDLE)
    lab.clock.advance("1 min")


# A stream's life


def test_a_stream_is_there_when_it_is_active(lab, kinesis, refused):
    kinesis.create_stream(StreamName="clicks", ShardCount=2)
    given = {"StreamName": "clicks", "Data": b"x", "PartitionKey": "a"}
    assert refused(kinesis.put_record, **given)[0] == "ResourceNotFoundException"
    kinesis.get_waiter("stream_exists").wait(StreamName="clicks")
    kinesis.put_record(**given)
    assert refused(kinesis.create_stream, StreamName="clicks", ShardCount=1)[0] == "ResourceInUseException"
    kinesis.delete_stream(StreamName="clicks")
    kinesis.get_waiter("stream_not_exists").wait(StreamName="clicks")
    kinesis.create_stream(StreamName="clicks", ShardCount=1)


def test_case_k09_a_stream_with_consumers_is_deleted_by_force_alone(lab, kinesis, stream, refused):
    kinesis.register_stream_consumer(StreamARN=stream, ConsumerName="fraud")
    code, text = refused(kinesis.delete_stream, StreamName="clicks")
    assert (code, "EnforceConsumerDeletion" in text) == ("ResourceInUseException", True)
    kinesis.delete_stream(StreamName="clicks", EnforceConsumerDeletion=True)


def test_a_hundred_thousand_million_shards_are_refused_at_once(kinesis, refused):
    """Not 22 GB of memory."""
    code, text = refused(kinesis.create_stream, StreamName="many", ShardCount=10**11)
    assert (code, "Limit: 20000" in text) == ("LimitExceededException", True)


@pytest.mark.parametrize("name", ["bad name!", "a" * 129, "шум"])
def test_names_have_a_pattern(kinesis, refused, name):
    code, text = refused(kinesis.create_stream, StreamName=name, ShardCount=1)
    assert code == "ValidationException"
    assert text.startswith(f"1 validation error detected: Value '{name}' at 'streamName' failed to satisfy constraint")


def test_case_k16_bounds_of_the_retention(kinesis, stream, refused):
    """Accepted, refused, refused, accepted, refused three times."""
    more, less = kinesis.increase_stream_retention_period, kinesis.decrease_stream_retention_period
    more(StreamName="clicks", RetentionPeriodHours=24)
    for hours in (23, 8_761):
        assert refused(more, StreamName="clicks", RetentionPeriodHours=hours)[0] == "InvalidArgumentException"
    more(StreamName="clicks", RetentionPeriodHours=48)
    for method, hours in ((more, 47), (less, 49), (less, 23)):
        assert refused(method, StreamName="clicks", RetentionPeriodHours=hours)[0] == "InvalidArgumentException"


def test_records_go_when_their_retention_ends_and_no_longer_one_brings_them_back(lab, kinesis, stream, data):
    put(kinesis, "old")
    lab.clock.advance("23 h")
    put(kinesis, "new")
    lab.clock.advance("2 h")
    kinesis.increase_stream_retention_period(StreamName="clicks", RetentionPeriodHours=168)
    assert data() == ["new"]
    lab.clock.advance("6 d")
    assert data() == ["new"]


# Readers


def test_case_k05_an_iterator_lives_five_minutes(lab, kinesis, stream, iterator, refused):
    put(kinesis, "click")
    one = iterator()
    lab.clock.advance("290 s")
    assert kinesis.get_records(ShardIterator=one)["Records"]
    lab.clock.advance("20 s")
    code, text = refused(kinesis.get_records, ShardIterator=one)
    assert code == "ExpiredIteratorException"
    assert text == (
        "Iterator expired. The iterator was created at time Thu Jan 01 00:01:00 UTC 2026 while right now it is Thu Jan "
        "01 00:06:10 UTC 2026 which is further in the future than the tolerated delay of 300000 milliseconds."
    )


def test_case_k15_the_arn_alone_is_enough(kinesis, stream):
    sent = kinesis.put_record(StreamARN=stream, Data=b"click", PartitionKey="a")
    given = {"StreamARN": stream, "ShardId": sent["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
    one = kinesis.get_shard_iterator(**given)["ShardIterator"]
    assert kinesis.get_records(ShardIterator=one)["Records"][0]["SequenceNumber"] == sent["SequenceNumber"]
    assert len(kinesis.list_shards(StreamName="clicks", StreamARN=stream)["Shards"]) == 1


def test_how_far_behind_a_reader_is_and_what_it_reads_next(lab, kinesis, stream, iterator):
    put(kinesis, "1")
    lab.clock.advance("10 s")
    put(kinesis, "2")
    lab.clock.advance("5 s")
    first = kinesis.get_records(ShardIterator=iterator(), Limit=1)
    assert (first["Records"][0]["Data"], first["MillisBehindLatest"]) == (b"1", 5_000)
    second = kinesis.get_records(ShardIterator=first["NextShardIterator"])
    assert ([one["Data"] for one in second["Records"]], second["MillisBehindLatest"]) == ([b"2"], 0)
    assert kinesis.get_records(ShardIterator=second["NextShardIterator"])["Records"] == []


def test_every_kind_of_iterator_begins_where_it_says(lab, kinesis, stream, data):
    sent = []
    for nth in range(3):
        sent += put(kinesis, str(nth))
        lab.clock.advance("1 min")
    number, then = {"StartingSequenceNumber": sent[1]["SequenceNumber"]}, lab.clock.now() - timedelta(minutes=2)
    assert data() == ["0", "1", "2"]
    assert data(kind="LATEST") == []
    assert data(kind="AT_SEQUENCE_NUMBER", **number) == ["1", "2"]
    assert data(kind="AFTER_SEQUENCE_NUMBER", **number) == ["2"]
    assert data(kind="AT_TIMESTAMP", Timestamp=then) == ["1", "2"]


@pytest.mark.parametrize("spoilt", [lambda one: one[:-8] + "AAAAAAAA", lambda one: "mine", lambda one: one + "x"])
def test_an_iterator_that_nobody_gave_is_refused(kinesis, stream, iterator, refused, spoilt):
    assert refused(kinesis.get_records, ShardIterator=spoilt(iterator()))[0] == "InvalidArgumentException"


# Resharding


def test_case_k02_new_records_go_to_the_children_and_the_parent_ends_with_them(lab, kinesis, stream, data, iterator):
    before = put(kinesis, *"abc")
    split(lab, kinesis)
    after = put(kinesis, *"def")
    assert data(0) == ["a", "b", "c"]
    assert {one["ShardId"] for one in after} <= {SECOND, THIRD}
    assert sorted([*data(1), *data(2)]) == ["d", "e", "f"]
    assert int(before[-1]["SequenceNumber"]) < int(after[0]["SequenceNumber"])
    end = kinesis.get_records(ShardIterator=iterator())
    assert "NextShardIterator" not in end
    assert [(one["ShardId"], one["ParentShards"]) for one in end["ChildShards"]] == [
        (SECOND, [FIRST]),
        (THIRD, [FIRST]),
    ]


def test_case_k01_a_closed_shard_is_not_split_again(lab, kinesis, stream, refused):
    split(lab, kinesis)
    given = {"StreamName": "clicks", "ShardToSplit": FIRST, "NewStartingHashKey": MIDDLE}
    code, text = refused(kinesis.split_shard, **given)
    assert code == "InvalidArgumentException"
    assert "has already been merged or split, and thus is not eligible for merging or splitting" in text


def test_a_merge_leaves_what_was_written_where_it_was(lab, kinesis, data):
    kinesis.create_stream(StreamName="clicks", ShardCount=2)
    lab.clock.advance("1 min")
    for key in (0, 2**128 - 1):
        put(kinesis, str(key % 7), ExplicitHashKey=str(key))
    kinesis.merge_shards(StreamName="clicks", ShardToMerge=FIRST, AdjacentShardToMerge=SECOND)
    put(kinesis, "while it is UPDATING", ExplicitHashKey="0")
    lab.clock.advance("1 min")
    put(kinesis, "after")
    assert [len(data(shard)) for shard in range(3)] == [2, 1, 1]
    merged = kinesis.list_shards(StreamName="clicks", ShardFilter={"Type": "AT_LATEST"})["Shards"]
    assert [(one["ParentShardId"], one["AdjacentParentShardId"]) for one in merged] == [(FIRST, SECOND)]


def test_case_k08_limits_of_scaling_count_open_shards(lab, kinesis, refused):
    kinesis.create_stream(StreamName="clicks", ShardCount=2)
    lab.clock.advance("1 min")
    for target, allowed in ((5, False), (4, True), (1, False), (8, True)):
        given = {"StreamName": "clicks", "TargetShardCount": target, "ScalingType": "UNIFORM_SCALING"}
        if allowed:
            kinesis.update_shard_count(**given)
        else:
            assert refused(kinesis.update_shard_count, **given)[0] == "LimitExceededException"
        lab.clock.advance("1 min")
    assert kinesis.describe_stream_summary(StreamName="clicks")["StreamDescriptionSummary"]["OpenShardCount"] == 8


def test_case_k06_a_page_says_the_rest_by_itself(lab, kinesis, refused):
    kinesis.create_stream(StreamName="clicks", ShardCount=5)
    lab.clock.advance("1 min")
    token = kinesis.list_shards(StreamName="clicks", MaxResults=3)["NextToken"]
    given = {"StreamName": "clicks", "ExclusiveStartShardId": FIRST, "ShardFilter": {"Type": "AT_LATEST"}}
    for name, value in given.items():
        code, text = refused(kinesis.list_shards, NextToken=token, **{name: value})
        assert (code, text) == ("InvalidArgumentException", f"NextToken and {name} cannot be provided together.")
    assert len(kinesis.list_shards(NextToken=token)["Shards"]) == 2


def test_an_on_demand_stream_is_not_resharded_by_hand_and_changes_its_mode_twice_a_day(lab, kinesis, refused):
    kinesis.create_stream(StreamName="clicks", StreamModeDetails={"StreamMode": "ON_DEMAND"})
    lab.clock.advance("1 min")
    about = kinesis.describe_stream_summary(StreamName="clicks")["StreamDescriptionSummary"]
    assert about["OpenShardCount"] == 4
    given = {"StreamName": "clicks", "TargetShardCount": 8, "ScalingType": "UNIFORM_SCALING"}
    assert refused(kinesis.update_shard_count, **given)[0] == "ValidationException"
    modes = [{"StreamMode": mode} for mode in ("PROVISIONED", "ON_DEMAND", "PROVISIONED")]
    for mode in modes[:2]:
        kinesis.update_stream_mode(StreamARN=about["StreamARN"], StreamModeDetails=mode)
    last = {"StreamARN": about["StreamARN"], "StreamModeDetails": modes[2]}
    assert refused(kinesis.update_stream_mode, **last)[0] == "LimitExceededException"


# How much


def test_case_k11_what_a_shard_does_not_take_fails_record_by_record(lab, kinesis, stream):
    """1,600 records within a second to one shard: the call succeeds, some records fail; a moment later none does."""
    failed = []

    def program():
        for number in (400, 400, 400, 400):
            records = [{"Data": b"x", "PartitionKey": str(nth)} for nth in range(number)]
            failed.append(kinesis.put_records(StreamName="clicks", Records=records))

    lab.start(program)
    lab.run()
    assert [one["FailedRecordCount"] for one in failed] == [0, 0, 200, 400]
    last = failed[-1]["Records"][-1]
    where = "shardId-000000000000 in stream clicks under account 123456789012"
    assert last == {
        "ErrorCode": "ProvisionedThroughputExceededException",
        "ErrorMessage": f"Rate exceeded for shard {where}.",
    }
    lab.clock.advance("1 s")
    lab.start(program)
    lab.run()
    assert failed[4]["FailedRecordCount"] == 0


def test_five_readers_share_the_reads_of_a_shard(lab, kinesis, stream, iterator):
    """Each polls twice a second: ten GetRecords a second, of which five are answered; the SDK waits and tries again."""
    put(kinesis, "click")
    polls = []

    def reader():
        one = iterator()
        for _ in range(4):
            one = kinesis.get_records(ShardIterator=one)["NextShardIterator"]
            polls.append(lab.clock.now())
            time.sleep(0.5)

    for nth in range(5):
        lab.start(reader, name=f"reader {nth}")
    lab.run()
    assert len(polls) == 20
    begin = min(polls)
    for nth in range(20):
        second = begin + timedelta(milliseconds=100 * nth)
        assert sum(second <= one < second + timedelta(seconds=1) for one in polls) <= 5


def test_large_records_where_the_stream_allows_them(kinesis, stream, refused):
    large = {"StreamName": "clicks", "Data": bytes(2**20), "PartitionKey": "a"}
    assert refused(kinesis.put_record, **large)[0] == "ValidationException"
    kinesis.update_max_record_size(StreamARN=stream, MaxRecordSizeInKiB=2_048)
    kinesis.put_record(**large)


# Who may


def test_another_account_needs_the_streams_policy(lab, kinesis, stream, refused):
    theirs = lab.client("kinesis", account="111111111111")
    given = {"StreamARN": stream, "Data": b"x", "PartitionKey": "a"}
    assert refused(theirs.put_record, **given)[0] == "AccessDeniedException"
    lets = {"Effect": "Allow", "Principal": {"AWS": "111111111111"}, "Action": "kinesis:PutRecord", "Resource": stream}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [lets]})
    kinesis.put_resource_policy(ResourceARN=stream, Policy=policy)
    theirs.put_record(**given)
    assert refused(theirs.delete_stream, StreamARN=stream)[0] == "AccessDeniedException"


def test_an_encrypted_stream_asks_its_key_of_writers_and_readers(lab, kinesis, stream, iterator, refused):
    kms = lab.client("kms")
    key = kms.create_key(Policy=key_policy())["KeyMetadata"]["KeyId"]
    given = {"StreamName": "clicks", "EncryptionType": "KMS"}
    assert refused(kinesis.start_stream_encryption, **given, KeyId="alias/none")[0] == "KMSNotFoundException"
    kinesis.start_stream_encryption(**given, KeyId=key)
    assert put(kinesis, "click")[0]["EncryptionType"] == "KMS"
    kms.disable_key(KeyId=key)
    assert refused(kinesis.get_records, ShardIterator=iterator())[0] == "KMSDisabledException"
    assert refused(kinesis.put_record, StreamName="clicks", Data=b"", PartitionKey="a")[0] == "KMSDisabledException"


def test_consumers_are_made_described_and_taken_away_one_by_one(lab, kinesis, stream, refused):
    """moto takes away all the others."""
    made = [kinesis.register_stream_consumer(StreamARN=stream, ConsumerName=name)["Consumer"] for name in "ab"]
    assert [one["ConsumerStatus"] for one in made] == ["CREATING", "CREATING"]
    assert made[0]["ConsumerARN"] == f"{stream}/consumer/a:1767225660"
    lab.clock.advance("1 min")
    kinesis.deregister_stream_consumer(StreamARN=stream, ConsumerName="a")
    (left,) = kinesis.list_stream_consumers(StreamARN=stream)["Consumers"]
    assert (left["ConsumerName"], left["ConsumerStatus"]) == ("b", "ACTIVE")
    assert refused(kinesis.register_stream_consumer, StreamARN=stream, ConsumerName="b")[0] == "ResourceInUseException"


# Other ways in


def test_cloudformation_makes_and_scales_a_stream(lab, kinesis):
    cloudformation = lab.client("cloudformation")

    def template(count):
        properties = {"Name": "clicks", "ShardCount": count, "RetentionPeriodHours": 48}
        return json.dumps({"Resources": {"Clicks": {"Type": "AWS::Kinesis::Stream", "Properties": properties}}})

    cloudformation.create_stack(StackName="shop", TemplateBody=template(1))
    lab.clock.advance("1 min")
    put(kinesis, "click")
    cloudformation.update_stack(StackName="shop", TemplateBody=template(2))
    lab.clock.advance("1 min")
    about = kinesis.describe_stream_summary(StreamName="clicks")["StreamDescriptionSummary"]
    assert (about["OpenShardCount"], about["RetentionPeriodHours"]) == (2, 48)


def test_a_log_groups_filter_puts_into_a_stream(lab, kinesis, stream, iterator):
    logs = lab.client("logs")
    logs.create_log_group(logGroupName="shop")
    logs.create_log_stream(logGroupName="shop", logStreamName="web")
    logs.put_subscription_filter(
        logGroupName="shop", filterName="all", filterPattern="", destinationArn=stream, roleArn="arn:aws:iam::1:role/x"
    )
    logs.put_log_events(
        logGroupName="shop", logStreamName="web", logEvents=[{"timestamp": 1_767_225_660_000, "message": "a click"}]
    )
    assert kinesis.get_records(ShardIterator=iterator())["Records"]


def test_the_history_tells_what_was_put_and_read(lab, kinesis, stream, data):
    kinesis.put_records(StreamName="clicks", Records=[{"Data": b"x", "PartitionKey": "a"}] * 3)
    data()
    calls = [(one.operation, one.resource) for one in lab.history.calls()]
    assert calls[-3:] == [("PutRecords", "clicks"), ("GetShardIterator", "clicks"), ("GetRecords", "")]


def test_the_same_seed_puts_the_same_bytes():
    def played():
        with Lab(seed=3) as lab:
            kinesis = lab.client("kinesis")
            kinesis.create_stream(StreamName="clicks", ShardCount=3)
            lab.clock.advance("1 min")
            put(kinesis, *map(str, range(9)))
            given = {"StreamName": "clicks", "ShardId": SECOND, "ShardIteratorType": "TRIM_HORIZON"}
            one = kinesis.get_shard_iterator(**given)["ShardIterator"]
            return one, json.dumps(kinesis.get_records(ShardIterator=one), default=repr)

    assert played() == played()
