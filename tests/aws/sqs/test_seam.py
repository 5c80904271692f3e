"""Every way in that moto has leads to the rules and the history; moto's own message store is never reached."""

import io
import json
import threading
import zipfile

import boto3
import pytest
from moto.sqs.models import Queue, SQSBackend, sqs_backends

from labkit import Lab, LabError
from labkit.aws.sqs.stores import rules_of
from tests.aws.letting import let, let_sns
from tests.aws.sqs.labs import ACCOUNT, bodies, orders_queue, receive

REGION = "us-east-1"
ARN = f"arn:aws:sqs:{REGION}:{ACCOUNT}:orders"
ROLE = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}  # fmt: skip


def mock_queue(name="orders", account=ACCOUNT, region=REGION):
    """moto's own object of a queue."""
    return sqs_backends[account][region].queues[name]


def stored(lab, **where):
    """The bodies that the rules keep for a queue."""
    return [message.body for message in rules_of(mock_queue(**where), lab).stored()]


def sent_by_boto3(lab, sqs, url):
    sqs.send_message(QueueUrl=url, MessageBody="order-1")


def sent_by_batch(lab, sqs, url):
    sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": "1", "MessageBody": "order-1"}])


def sent_by_resource(lab, sqs, url):
    boto3.resource("sqs").Queue(url).send_message(MessageBody="order-1")


def published_to_sns(lab, sqs, url, attributes=None):
    sns = lab.client("sns")
    topic = sns.create_topic(Name="orders-placed")["TopicArn"]
    let_sns(sqs, url, topic)
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=ARN, Attributes=attributes or {})
    sns.publish(TopicArn=topic, Message="order-1")


def published_to_sns_raw(lab, sqs, url):
    published_to_sns(lab, sqs, url, {"RawMessageDelivery": "true"})


def put_into_s3(lab, sqs, url):
    s3 = lab.client("s3")
    s3.create_bucket(Bucket="order-files")
    let(sqs, url, "s3.amazonaws.com", "arn:aws:s3:::order-files")
    configuration = {"QueueConfigurations": [{"QueueArn": ARN, "Events": ["s3:ObjectCreated:*"]}]}
    s3.put_bucket_notification_configuration(Bucket="order-files", NotificationConfiguration=configuration)
    sqs.purge_queue(QueueUrl=url)  # S3's own test event
    s3.put_object(Bucket="order-files", Key="order-1", Body=b"1 book")


def put_on_an_event_bus(lab, sqs, url):
    events = lab.client("events")
    events.put_rule(Name="placed", EventPattern=json.dumps({"source": ["shop"]}))
    events.put_targets(Rule="placed", Targets=[{"Id": "orders", "Arn": ARN}])
    events.put_events(Entries=[{"Source": "shop", "DetailType": "placed", "Detail": json.dumps({"id": "order-1"})}])


def sent_by_a_state_machine(lab, sqs, url):
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage",
        "Parameters": {"QueueUrl": url, "MessageBody": "order-1"},
        "End": True,
    }
    definition = json.dumps({"StartAt": "Send", "States": {"Send": task}})
    states = lab.client("stepfunctions")
    machine = states.create_state_machine(
        name="ordering", definition=definition, roleArn=f"arn:aws:iam::{ACCOUNT}:role/ordering"
    )["stateMachineArn"]
    execution = states.start_execution(stateMachineArn=machine)["executionArn"]
    for _ in range(2_000):
        if states.describe_execution(executionArn=execution)["status"] != "RUNNING":
            break
        real_pause()
    assert states.describe_execution(executionArn=execution)["status"] == "SUCCEEDED"


def sent_to_a_queue_with_a_lambda_mapping(lab, sqs, url):
    role = lab.client("iam").create_role(RoleName="worker", AssumeRolePolicyDocument=json.dumps(ROLE))["Role"]["Arn"]
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("worker.py", "def handler(event, context):\n    return None\n")
    functions = lab.client("lambda")
    functions.create_function(
        FunctionName="worker", Runtime="python3.12", Role=role, Handler="worker.handler",
        Code={"ZipFile": code.getvalue()},
    )  # fmt: skip
    functions.create_event_source_mapping(EventSourceArn=ARN, FunctionName="worker", BatchSize=1)
    assert mock_queue().lambda_event_source_mappings
    sqs.send_message(QueueUrl=url, MessageBody="order-1")


def redriven(lab, sqs, url):
    source = sqs.create_queue(
        QueueName="incoming",
        Attributes={"RedrivePolicy": json.dumps({"deadLetterTargetArn": ARN, "maxReceiveCount": 1})},
    )["QueueUrl"]
    sqs.send_message(QueueUrl=source, MessageBody="order-1")
    receive(sqs, source)
    lab.clock.advance("30 s")
    receive(sqs, source)


def moved_by_a_task(lab, sqs, url):
    dead = sqs.create_queue(QueueName="dead-orders")["QueueUrl"]
    arn = ARN.replace("orders", "dead-orders")
    policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 1})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedrivePolicy": policy})
    sqs.send_message(QueueUrl=dead, MessageBody="order-1")
    sqs.start_message_move_task(SourceArn=arn, DestinationArn=ARN)
    lab.clock.advance("1 s")


WAYS = [
    sent_by_boto3, sent_by_batch, sent_by_resource, published_to_sns, published_to_sns_raw, put_into_s3,
    put_on_an_event_bus, sent_by_a_state_machine, sent_to_a_queue_with_a_lambda_mapping, redriven,
    moved_by_a_task,
]  # fmt: skip


def real_pause():
    """Give moto's own threads a moment of real time."""
    threading.Event().wait(0.001)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_a_message_sent_this_way_is_in_the_rules_in_the_history_and_at_the_consumer(way):
    with orders_queue() as (lab, sqs, url):
        way(lab, sqs, url)
        lab.settle()
        (body,) = stored(lab)
        assert "order-1" in body
        assert rules_of(mock_queue(), lab).totals["deleted"] == 0
        arrivals = [change for change in lab.history.changes() if (change.queue, change.body) == ("orders", body)]
        assert [(change.after, change.receives) for change in arrivals] == [("visible", 1 if way is redriven else 0)]
        assert bodies(receive(sqs, url)) == [body]


TEMPLATE = {"Resources": {"Orders": {"Type": "AWS::SQS::Queue", "Properties": {
    "QueueName": "stack-orders", "VisibilityTimeout": 5, "DelaySeconds": 2}}}}  # fmt: skip


def test_a_queue_made_by_cloudformation_is_ruled_and_an_update_acts_at_the_next_call():
    with Lab(seed=7) as lab:
        sqs, stacks = lab.client("sqs"), lab.client("cloudformation")
        stacks.create_stack(StackName="shop", TemplateBody=json.dumps(TEMPLATE))
        url = sqs.get_queue_url(QueueName="stack-orders")["QueueUrl"]
        sqs.send_message(QueueUrl=url, MessageBody="order-1")
        assert stored(lab, name="stack-orders") == ["order-1"]
        assert receive(sqs, url) == []
        lab.clock.advance("2 s")
        assert bodies(receive(sqs, url)) == ["order-1"]
        lab.clock.advance("5 s")
        changed = json.loads(json.dumps(TEMPLATE).replace('"VisibilityTimeout": 5', '"VisibilityTimeout": 60'))
        stacks.update_stack(StackName="shop", TemplateBody=json.dumps(changed))
        assert bodies(receive(sqs, url)) == ["order-1"]
        lab.clock.advance("59 s")
        assert receive(sqs, url) == []
        lab.clock.advance("1 s")
        assert bodies(receive(sqs, url)) == ["order-1"]


def test_an_attribute_written_into_motos_object_acts_at_the_next_call():
    with orders_queue() as (lab, sqs, url):
        sqs.send_message(QueueUrl=url, MessageBody="order-1")
        mock_queue().visibility_timeout = 3
        receive(sqs, url)
        lab.clock.advance("3 s")
        assert bodies(receive(sqs, url)) == ["order-1"]


def test_accounts_and_regions_have_queues_and_messages_of_their_own():
    with Lab(seed=7) as lab:
        where = [{}, {"region": "eu-west-1"}, {"account": "111122223333", "region": "eu-west-1"}]
        clients = [lab.client("sqs", **one) for one in where]
        urls = [sqs.create_queue(QueueName="orders")["QueueUrl"] for sqs in clients]
        assert len(set(urls)) == 3
        for number, (sqs, url) in enumerate(zip(clients, urls, strict=True)):
            sqs.send_message(QueueUrl=url, MessageBody=f"order-{number}")
        for number, (sqs, url) in enumerate(zip(clients, urls, strict=True)):
            assert sqs.list_queues()["QueueUrls"] == [url]
            assert bodies(receive(sqs, url, WaitTimeSeconds=1)) == [f"order-{number}"]
        assert stored(lab, account="111122223333", region="eu-west-1") == ["order-2"]


# moto's own store


@pytest.mark.parametrize("name", ["_messages", "_pending_messages", "deleted_messages"])
def test_motos_message_store_raises_when_it_is_reached(name):
    lab = Lab(seed=7)
    lab.client("sqs").create_queue(QueueName="orders")
    with pytest.raises(RuntimeError, match="the rules keep the messages"):
        getattr(mock_queue(), name)
    with pytest.raises(LabError, match=f"moto's {name} was reached"):
        lab.close()


def test_motos_own_receive_raises_when_it_is_reached():
    lab = Lab(seed=7)
    with pytest.raises(RuntimeError, match="the rules keep the messages"):
        sqs_backends[ACCOUNT][REGION].receive_message("orders", 1, 0, 30)
    with pytest.raises(LabError, match="moto's receive_message was reached"):
        lab.close()


def test_an_error_that_moto_swallows_is_raised_when_the_lab_closes(monkeypatch):
    """S3 tells EventBridge inside a bare except: an error of ours there must not be silence."""

    def broken(*_, **__):
        raise KeyError("a mistake of labkit")

    lab = Lab(seed=7)
    sqs = lab.client("sqs")
    sqs.create_queue(QueueName="orders")
    s3, events = lab.client("s3"), lab.client("events")
    s3.create_bucket(Bucket="order-files")
    configuration = {"EventBridgeConfiguration": {}}
    s3.put_bucket_notification_configuration(Bucket="order-files", NotificationConfiguration=configuration)
    events.put_rule(Name="files", EventPattern=json.dumps({"source": ["aws.s3"]}))
    events.put_targets(Rule="files", Targets=[{"Id": "orders", "Arn": ARN}])
    monkeypatch.setattr("labkit.aws.sqs.data_plane.send", broken)
    s3.put_object(Bucket="order-files", Key="order-1", Body=b"1 book")
    with pytest.raises(LabError, match="a mistake of labkit"):
        lab.close()


def test_an_answer_of_aws_that_another_service_swallows_is_no_error_of_the_lab():
    """The queue of an S3 notification is gone: on AWS too the object is stored all the same."""
    with orders_queue() as (lab, sqs, url):
        put_into_s3(lab, sqs, url)
        sqs.delete_queue(QueueUrl=url)
        lab.client("s3").put_object(Bucket="order-files", Key="order-2", Body=b"1 book")


def test_an_error_that_reached_the_caller_is_not_raised_a_second_time(monkeypatch):
    def broken(*_, **__):
        raise KeyError("a mistake of labkit")

    with orders_queue() as (lab, sqs, url):
        monkeypatch.setattr("labkit.aws.sqs.data_plane.send", broken)
        with pytest.raises(Exception, match="a mistake of labkit"):
            published_to_sns(lab, sqs, url)


def test_after_the_last_lab_moto_is_as_it_was_before():
    before = {name: getattr(SQSBackend, name) for name in ("send_message", "receive_message", "create_queue")}
    with orders_queue():
        assert all(getattr(SQSBackend, name) is not method for name, method in before.items())
        assert isinstance(Queue._messages, property)
    assert all(getattr(SQSBackend, name) is method for name, method in before.items())
    assert not hasattr(Queue, "_messages")
