"""A bucket's events: which settings S3 takes (public cases s01, s05), what it writes (s03), and who gets it."""

import json

import pytest
from botocore.exceptions import ClientError

from labkit import Lab
from labkit.rules import bucket_events
from tests.aws.letting import key_policy

ACCOUNT = "123456789012"
QUEUE = f"arn:aws:sqs:us-east-1:{ACCOUNT}:thumbnails"
TOPIC = f"arn:aws:sns:us-east-1:{ACCOUNT}:uploads"
ANY = ["s3:ObjectCreated:*"]
OVERLAP, SHARED = bucket_events.AMBIGUOUS, bucket_events.SHARED
UNREACHABLE = "Unable to validate the following destination configurations"


def lets_s3(resource, action, **condition):
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "s3.amazonaws.com"},
        "Action": action,
        "Resource": resource,
    }
    condition = condition or {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::photos"}}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement | {"Condition": condition}]})


@pytest.fixture
def lab():
    with Lab(seed=7) as opened:
        yield opened


@pytest.fixture
def s3(lab):
    client = lab.client("s3")
    client.create_bucket(Bucket="photos")
    return client


@pytest.fixture
def sqs(lab):
    client = lab.client("sqs")
    url = client.create_queue(QueueName="thumbnails")["QueueUrl"]
    client.set_queue_attributes(QueueUrl=url, Attributes={"Policy": lets_s3(QUEUE, "sqs:SendMessage")})
    return client


def bodies(sqs, name="thumbnails"):
    url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    got = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    return [json.loads(one["Body"]) for one in got]


def to_queue(events=ANY, arn=QUEUE, **filters):
    rules = [{"Name": name, "Value": value} for name, value in filters.items()]
    return {"QueueArn": arn, "Events": events, **({"Filter": {"Key": {"FilterRules": rules}}} if rules else {})}


def put(s3, *queues, **more):
    s3.put_bucket_notification_configuration(
        Bucket="photos", NotificationConfiguration={"QueueConfigurations": list(queues), **more}
    )


def kept(s3):
    return s3.get_bucket_notification_configuration(Bucket="photos").get("QueueConfigurations", [])


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ([to_queue(), to_queue()], SHARED),
        ([to_queue(), to_queue(["s3:ObjectCreated:Put"])], SHARED),
        ([to_queue(suffix=".jpg"), to_queue(suffix="g")], OVERLAP),
        ([to_queue(prefix="a"), to_queue(prefix="a/b")], OVERLAP),
        ([to_queue(prefix="a"), to_queue(suffix=".jpg")], OVERLAP),
        ([to_queue(prefix="a", suffix=".jpg"), to_queue(prefix="a")], OVERLAP),
        ([to_queue(prefix="a"), to_queue(prefix="b")], None),
        ([to_queue(suffix=".jpg"), to_queue(suffix=".png")], None),
        ([to_queue(prefix="a", suffix=".jpg"), to_queue(prefix="a", suffix=".png")], None),
        ([to_queue(), to_queue(["s3:ObjectRemoved:*"])], None),
        ([to_queue(["s3:ObjectCreated:Put"]), to_queue(["s3:ObjectCreated:Copy"])], None),
    ],
)
def test_overlapping_settings_are_refused(s3, sqs, settings, sentence):
    if sentence is None:
        put(s3, *settings)
        assert len(kept(s3)) == len(settings)
        return
    with pytest.raises(ClientError) as refused:
        put(s3, *settings)
    assert refused.value.response["Error"]["Code"] == "InvalidArgument"
    assert sentence in str(refused.value)
    assert kept(s3) == []


def no_policy(sqs):
    sqs.create_queue(QueueName="bare")
    return QUEUE.replace("thumbnails", "bare")


def fifo(sqs):
    url = sqs.create_queue(QueueName="a.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
    arn = QUEUE.replace("thumbnails", "a.fifo")
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": lets_s3(arn, "sqs:SendMessage")})
    return arn


def for_another_bucket(sqs):
    url = sqs.get_queue_url(QueueName="thumbnails")["QueueUrl"]
    other = {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::films"}}
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": lets_s3(QUEUE, "sqs:SendMessage", **other)})
    return QUEUE


@pytest.mark.parametrize("destination", [no_policy, fifo, for_another_bucket, lambda sqs: QUEUE + "-2"])
def test_a_destination_that_s3_cannot_use_is_refused_and_nothing_is_kept(s3, sqs, destination):
    put(s3, to_queue(prefix="before"))
    with pytest.raises(ClientError, match=UNREACHABLE):
        put(s3, to_queue(arn=destination(sqs)))
    assert [one["Filter"]["Key"]["FilterRules"][0]["Value"] for one in kept(s3)] == ["before"]
    s3.put_bucket_notification_configuration(
        Bucket="photos", SkipDestinationValidation=True,
        NotificationConfiguration={"QueueConfigurations": [to_queue(arn=destination(sqs))]},
    )  # fmt: skip
    assert len(kept(s3)) == 1


def test_a_topic_needs_a_policy_too(lab, s3):
    sns = lab.client("sns")
    sns.create_topic(Name="uploads")
    wanted = {"TopicConfigurations": [{"TopicArn": TOPIC, "Events": ANY}]}
    with pytest.raises(ClientError, match=UNREACHABLE):
        put(s3, **wanted)
    sns.set_topic_attributes(TopicArn=TOPIC, AttributeName="Policy", AttributeValue=lets_s3(TOPIC, "SNS:Publish"))
    put(s3, **wanted)
    with pytest.raises(ClientError, match=UNREACHABLE):
        put(s3, TopicConfigurations=[{"TopicArn": TOPIC + "-2", "Events": ANY}])


def test_a_destination_gets_a_test_event_first_and_then_what_it_wants(lab, s3, sqs):
    put(s3, to_queue(prefix="in/"))
    (test,) = bodies(sqs)
    assert {name: test[name] for name in ("Service", "Event", "Bucket", "Time")} == {
        "Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "photos", "Time": "2026-01-01T00:00:00.000Z",
    }  # fmt: skip
    for key in ("in/crate one+two@dock.txt", "out/other.txt"):
        s3.put_object(Bucket="photos", Key=key, Body=b"four")
    s3.delete_object(Bucket="photos", Key="in/crate one+two@dock.txt")
    ((record,),) = (event["Records"] for event in bodies(sqs))
    assert record["eventName"] == "ObjectCreated:Put"
    assert record["s3"]["object"]["key"] == "in/crate+one%2Btwo%40dock.txt"
    assert record["s3"]["object"]["size"] == 4
    assert record["s3"]["bucket"]["arn"] == "arn:aws:s3:::photos"
    assert {"userIdentity", "requestParameters", "responseElements"} < set(record)
    assert [change.by for change in lab.history.changes() if change.before is None] == ["S3", "S3"]


def test_sequencers_of_a_key_grow_and_a_removal_has_no_size(s3, sqs):
    put(s3, to_queue(), to_queue(["s3:ObjectRemoved:*"]))
    for _ in range(2):
        s3.put_object(Bucket="photos", Key="a", Body=b"x")
    s3.delete_object(Bucket="photos", Key="a")
    events = [event["Records"][0] for event in bodies(sqs) if "Records" in event]
    assert [event["eventName"] for event in events] == [
        "ObjectCreated:Put",
        "ObjectCreated:Put",
        "ObjectRemoved:Delete",
    ]
    numbers = [event["s3"]["object"]["sequencer"] for event in events]
    assert numbers == sorted(set(numbers))
    assert "size" not in events[-1]["s3"]["object"]


def test_a_topic_brings_one_event_to_many_queues(lab, s3, sqs):
    sns = lab.client("sns")
    sns.create_topic(Name="uploads")
    sns.set_topic_attributes(TopicArn=TOPIC, AttributeName="Policy", AttributeValue=lets_s3(TOPIC, "SNS:Publish"))
    for name in ("thumbnails", "archive"):
        arn = QUEUE.replace("thumbnails", name)
        url = sqs.create_queue(QueueName=name)["QueueUrl"]
        lets = {"Statement": {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:*",
                              "Resource": arn}}  # fmt: skip
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(lets)})
        sns.subscribe(TopicArn=TOPIC, Protocol="sqs", Endpoint=arn)
    put(s3, TopicConfigurations=[{"TopicArn": TOPIC, "Events": ANY}])
    s3.put_object(Bucket="photos", Key="a", Body=b"x")
    for name in ("thumbnails", "archive"):
        test, event = (json.loads(document["Message"]) for document in bodies(sqs, name))
        assert (test["Event"], event["Records"][0]["eventName"]) == ("s3:TestEvent", "ObjectCreated:Put")


def test_a_policy_taken_away_later_loses_events_in_silence(s3, sqs):
    put(s3, to_queue())
    bodies(sqs)
    url = sqs.get_queue_url(QueueName="thumbnails")["QueueUrl"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": ""})
    assert s3.put_object(Bucket="photos", Key="a", Body=b"x")["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert bodies(sqs) == []


def test_no_settings_end_all_events(s3, sqs):
    put(s3, to_queue())
    bodies(sqs)
    s3.put_bucket_notification_configuration(Bucket="photos", NotificationConfiguration={})
    s3.put_object(Bucket="photos", Key="a", Body=b"x")
    assert bodies(sqs) == []


@pytest.mark.parametrize("service", ["sqs", "sns"])
def test_an_encrypted_destination_needs_a_key_that_lets_s3_in(lab, s3, sqs, service):
    """AWS's pages on the keys of both services: one that AWS manages lets in no bucket."""
    kms = lab.client("kms")
    key = kms.create_key(Policy=key_policy())["KeyMetadata"]["KeyId"]
    if service == "sqs":
        url, wanted = sqs.get_queue_url(QueueName="thumbnails")["QueueUrl"], {"QueueConfigurations": [to_queue()]}
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"KmsMasterKeyId": key})
    else:
        attributes = {"Policy": lets_s3(TOPIC, "SNS:Publish"), "KmsMasterKeyId": key}
        lab.client("sns").create_topic(Name="uploads", Attributes=attributes)
        wanted = {"TopicConfigurations": [{"TopicArn": TOPIC, "Events": ANY}]}
    with pytest.raises(ClientError, match=UNREACHABLE):
        s3.put_bucket_notification_configuration(Bucket="photos", NotificationConfiguration=wanted)
    needed = {"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Resource": "*",
              "Action": ["kms:GenerateDataKey", "kms:Decrypt"]}  # fmt: skip
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=key_policy(needed))
    s3.put_bucket_notification_configuration(Bucket="photos", NotificationConfiguration=wanted)
