"""CreateQueue for a queue that exists: the same one by meaning, an error for another value or other tags."""

import json

import pytest

from tests.aws.sqs.labs import ACCOUNT, attributes_of, invalid, orders_queue, refused

pytestmark = pytest.mark.usefixtures("either_door")
DEAD = f"arn:aws:sqs:us-east-1:{ACCOUNT}:orders"
POLICY = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"}]}  # fmt: skip


def redrive(receives, **order):
    return json.dumps({"maxReceiveCount": receives, "deadLetterTargetArn": DEAD}, **order)


def allow(*sources, permission="byQueue"):
    return json.dumps({"redrivePermission": permission} | ({"sourceQueueArns": list(sources)} if sources else {}))


SAME = [
    ({"RedrivePolicy": redrive("3")}, {"RedrivePolicy": redrive(3)}),
    ({"RedrivePolicy": redrive(3)}, {"RedrivePolicy": redrive("3", sort_keys=True, indent=1)}),
    ({}, {"RedrivePolicy": ""}),
    ({"RedriveAllowPolicy": allow("a", "b")}, {"RedriveAllowPolicy": allow("b", "a")}),
    ({"RedriveAllowPolicy": allow(permission="denyAll")}, {"RedriveAllowPolicy": allow(permission="denyAll")}),
    ({}, {"RedriveAllowPolicy": allow(permission="allowAll")}),
    ({"KmsDataKeyReusePeriodSeconds": "60"}, {"KmsDataKeyReusePeriodSeconds": "60"}),
    ({"KmsMasterKeyId": "alias/aws/sqs"}, {"KmsMasterKeyId": "alias/aws/sqs", "SqsManagedSseEnabled": "false"}),
    ({"KmsMasterKeyId": "alias/aws/sqs"}, {"KmsDataKeyReusePeriodSeconds": "300"}),
    ({"Policy": json.dumps(POLICY)}, {"Policy": json.dumps(POLICY, sort_keys=True, indent=2)}),
    ({}, {"Policy": ""}),
    ({"VisibilityTimeout": "40"}, {"VisibilityTimeout": "040"}),
    ({"SqsManagedSseEnabled": "false"}, {"SqsManagedSseEnabled": "False"}),
]
OTHER = [
    ({"RedrivePolicy": redrive(3)}, {"RedrivePolicy": redrive(4)}),
    ({"RedrivePolicy": redrive(3)}, {"RedrivePolicy": ""}),
    ({}, {"RedrivePolicy": redrive(3)}),
    ({"RedriveAllowPolicy": allow("a", "b")}, {"RedriveAllowPolicy": allow("a")}),
    ({"RedriveAllowPolicy": allow(permission="denyAll")}, {"RedriveAllowPolicy": allow(permission="allowAll")}),
    ({"KmsMasterKeyId": "alias/aws/sqs"}, {"KmsDataKeyReusePeriodSeconds": "301"}),
    ({"KmsMasterKeyId": "alias/aws/sqs"}, {"KmsMasterKeyId": "alias/other"}),
    ({"KmsMasterKeyId": "alias/aws/sqs"}, {"SqsManagedSseEnabled": "true"}),
    ({}, {"KmsMasterKeyId": "alias/aws/sqs"}),
    ({"Policy": json.dumps(POLICY)}, {"Policy": json.dumps(POLICY | {"Id": "other"})}),
    ({"VisibilityTimeout": "40"}, {"VisibilityTimeout": "30"}),
    ({}, {"SqsManagedSseEnabled": "false"}),
]


@pytest.mark.parametrize(("first", "again"), SAME)
def test_a_queue_is_returned_where_its_attributes_mean_the_same(first, again):
    with orders_queue() as (_, sqs, _url):
        made = sqs.create_queue(QueueName="payments", Attributes=first)["QueueUrl"]
        before = attributes_of(sqs, made)
        assert sqs.create_queue(QueueName="payments", Attributes=again)["QueueUrl"] == made
        assert attributes_of(sqs, made) == before


@pytest.mark.parametrize(("first", "again"), OTHER)
def test_another_value_is_refused_by_the_attributes_name(first, again):
    with orders_queue() as (_, sqs, _url):
        made = sqs.create_queue(QueueName="payments", Attributes=first)["QueueUrl"]
        before = attributes_of(sqs, made)
        (name,) = again
        expected = f"A queue already exists with the same name and a different value for attribute {name}"
        told = refused(sqs.create_queue, QueueName="payments", Attributes=again)
        assert told == ("QueueAlreadyExists", expected, 400)
        assert attributes_of(sqs, made) == before


EVERYTHING = {
    "VisibilityTimeout": "40", "DelaySeconds": "5", "MaximumMessageSize": "2048", "MessageRetentionPeriod": "600",
    "ReceiveMessageWaitTimeSeconds": "20", "Policy": json.dumps(POLICY), "RedrivePolicy": redrive("3"),
    "RedriveAllowPolicy": allow("a"), "KmsMasterKeyId": "alias/aws/sqs", "KmsDataKeyReusePeriodSeconds": "60",
}  # fmt: skip
READ_ONLY = {"QueueArn", "CreatedTimestamp", "LastModifiedTimestamp"}


@pytest.mark.parametrize("given", [{}, EVERYTHING])
def test_what_get_queue_attributes_shows_makes_the_same_queue(given):
    with orders_queue() as (_, sqs, _url):
        made = sqs.create_queue(QueueName="payments", Attributes=given)["QueueUrl"]
        shown = attributes_of(sqs, made)
        settings = {name: shown[name] for name in shown if name not in READ_ONLY and "Number" not in name}
        assert set(settings) >= set(given)
        assert sqs.create_queue(QueueName="payments", Attributes=settings)["QueueUrl"] == made


def test_what_is_shown_of_a_fifo_queue_makes_the_same_queue():
    with orders_queue() as (_, sqs, _url):
        given = {"FifoQueue": "true", "ContentBasedDeduplication": "True", "DeduplicationScope": "messageGroup"}
        made = sqs.create_queue(QueueName="orders.fifo", Attributes=given)["QueueUrl"]
        shown = {name: value for name, value in attributes_of(sqs, made).items() if name in given}
        assert sqs.create_queue(QueueName="orders.fifo", Attributes=shown)["QueueUrl"] == made


# Tags


def test_other_tags_on_a_queue_that_exists_are_refused_and_it_keeps_its_own():
    with orders_queue() as (_, sqs, url):
        tags = {"team": "shop"}
        for given in (tags, tags | {"stage": "test"}):
            told = refused(sqs.create_queue, QueueName="orders", tags=given)
            assert told == ("QueueAlreadyExists", "A queue already exists with the same name and different tags", 400)
        sqs.tag_queue(QueueUrl=url, Tags=tags)
        assert sqs.create_queue(QueueName="orders", tags=tags)["QueueUrl"] == url
        for none in ({}, {"tags": {}}):
            assert sqs.create_queue(QueueName="orders", **none)["QueueUrl"] == url
        assert refused(sqs.create_queue, QueueName="orders", tags={"team": "Shop"})[0] == "QueueAlreadyExists"
        assert sqs.list_queue_tags(QueueUrl=url)["Tags"] == tags


GOOD_TAGS = {"k" * 128: "v" * 256, "empty": "", "Größe ü: /=+-@_.": "日本 x", "team": "a", "Team": "b"}
BAD_TAGS = {
    "no key": {"": "shop"},
    "a long key": {"k" * 129: "shop"},
    "a long value": {"team": "v" * 257},
    "a reserved key": {"aws:team": "shop"},
    "a reserved value": {"team": "aws:shop"},
    "a sign in a key": {"team!": "shop"},
    "a sign in a value": {"team": "shop?"},
    "too many": {f"tag-{number}": "" for number in range(51)},
}


def test_tags_that_aws_documents_are_taken_by_both_calls():
    with orders_queue() as (_, sqs, url):
        made = sqs.create_queue(QueueName="payments", tags=GOOD_TAGS)["QueueUrl"]
        sqs.tag_queue(QueueUrl=url, Tags=GOOD_TAGS)
        for one in (made, url):
            assert sqs.list_queue_tags(QueueUrl=one)["Tags"] == GOOD_TAGS


@pytest.mark.parametrize("what", BAD_TAGS)
def test_tags_that_aws_does_not_allow_are_refused_by_both_calls(what):
    with orders_queue() as (_, sqs, url):
        calls = (
            (sqs.tag_queue, {"QueueUrl": url, "Tags": BAD_TAGS[what]}),
            (
                sqs.create_queue,
                {"QueueName": "payments", "tags": BAD_TAGS[what]},
            ),
        )
        texts = [invalid(method, **parameters).replace("payments", "orders") for method, parameters in calls]
        assert texts[0] == texts[1]
        assert sqs.list_queues()["QueueUrls"] == [url]
        assert "Tags" not in sqs.list_queue_tags(QueueUrl=url)
