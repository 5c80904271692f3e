"""FIFO queues as the rest of the lab reaches them: other services, dead letters, rules given to a lab."""

import json
import time

import pytest

from labkit import Lab
from labkit.rules import FifoQueue, StandardQueue
from labkit.rules.myths import myth
from tests.aws.letting import let_sns
from tests.aws.sqs.labs import attributes_of, bodies, receive, receive_one

FIFO = {"FifoQueue": "true", "ContentBasedDeduplication": "true"}


@pytest.fixture
def lab():
    with Lab(seed=7) as opened:
        yield opened


def create(sqs, name="orders.fifo", **attributes):
    return sqs.create_queue(QueueName=name, Attributes=FIFO | attributes)["QueueUrl"]


def test_a_fifo_topic_fills_a_fifo_queue_in_order(lab):
    sqs, sns = lab.client("sqs"), lab.client("sns")
    url = create(sqs)
    topic = sns.create_topic(Name="orders.fifo", Attributes={"FifoTopic": "true", "ContentBasedDeduplication": "true"})
    arn = let_sns(sqs, url, topic["TopicArn"])
    sns.subscribe(TopicArn=topic["TopicArn"], Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "true"})
    for number in range(3):
        sns.publish(TopicArn=topic["TopicArn"], Message=f"order-{number}", MessageGroupId="customer-1")
    assert bodies(receive(sqs, url)) == ["order-0", "order-1", "order-2"]


def test_cloudformation_makes_a_fifo_queue(lab):
    template = {"Resources": {"Orders": {"Type": "AWS::SQS::Queue", "Properties": {
        "QueueName": "orders.fifo", "FifoQueue": True, "ContentBasedDeduplication": True,
        "DeduplicationScope": "messageGroup", "FifoThroughputLimit": "perMessageGroupId"}}}}  # fmt: skip
    lab.client("cloudformation").create_stack(StackName="orders", TemplateBody=json.dumps(template))
    sqs = lab.client("sqs")
    url = sqs.get_queue_url(QueueName="orders.fifo")["QueueUrl"]
    for group in "ab":
        sqs.send_message(QueueUrl=url, MessageBody="order-1", MessageGroupId=group)
    assert len(receive(sqs, url)) == 2


def test_a_fifo_dead_letter_queue_begins_the_retention_anew_and_the_group_goes_on(lab):
    sqs = lab.client("sqs")
    dead = create(sqs, "dead.fifo")
    policy = {"deadLetterTargetArn": attributes_of(sqs, dead, "QueueArn")["QueueArn"], "maxReceiveCount": "1"}
    url = create(sqs, RedrivePolicy=json.dumps(policy), VisibilityTimeout="10")
    for number in range(2):
        sqs.send_message(QueueUrl=url, MessageBody=f"order-{number}", MessageGroupId="customer-1")
    receive_one(sqs, url, MaxNumberOfMessages=1)
    time.sleep(60)
    assert bodies(receive(sqs, url)) == ["order-1"]
    moved = receive_one(sqs, dead, MessageSystemAttributeNames=["All"])
    assert moved["Body"] == "order-0"
    moment = round(lab.clock.now().timestamp() * 1_000)
    assert int(moved["Attributes"]["SentTimestamp"]) == moment
    assert moved["Attributes"]["MessageGroupId"] == "customer-1"


@pytest.mark.parametrize(("given", "of_standard", "of_fifo"), [
    ("hidden-until-deleted", "HiddenUntilDeleted", "FifoQueue"),
    ("fifo-exactly-once", "StandardQueue", "FifoExactlyOnce"),
])  # fmt: skip
def test_rules_given_to_a_lab_hold_for_queues_of_their_type(given, of_standard, of_fifo):
    from labkit.aws.sqs.stores import all_queues, rules_of

    with Lab(seed=7, rules={"sqs": myth(given).rules}) as lab:
        sqs = lab.client("sqs")
        sqs.create_queue(QueueName="orders")
        create(sqs)
        kinds = {queue.name: type(rules_of(queue, lab)) for queue in all_queues()}
        assert {name: kind.__name__ for name, kind in kinds.items()} == {"orders": of_standard, "orders.fifo": of_fifo}
        assert issubclass(kinds["orders"], StandardQueue)
        assert issubclass(kinds["orders.fifo"], FifoQueue)


def test_a_shorter_delay_of_the_queue_acts_on_delayed_messages_and_wakes_who_waits(lab):
    sqs = lab.client("sqs")
    url = create(sqs, DelaySeconds="100")
    sqs.send_message(QueueUrl=url, MessageBody="order-1", MessageGroupId="customer-1")
    got = []

    def poll():
        got.append((bodies(receive(sqs, url, WaitTimeSeconds=20)), lab.clock.now().second))

    lab.start(poll)
    lab.run(until="2 s")
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"DelaySeconds": "5"})
    lab.run()
    assert got == [(["order-1"], 5)]


def test_same_seed_same_bytes():
    def story():
        with Lab(seed=7) as lab:
            sqs = lab.client("sqs")
            url = create(sqs)
            answers = [sqs.send_message(QueueUrl=url, MessageBody=f"order-{n}", MessageGroupId="a") for n in range(5)]
            return answers, receive(sqs, url, MessageSystemAttributeNames=["All"])

    assert story() == story()
