"""`labkit serve` as programs meet it: boto3 over HTTP, the AWS CLI, its start and its end."""

import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import ExitStack
from http.client import HTTPResponse
from itertools import count
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from tests.aws.letting import let_sns
from tests.aws.served.process import serving, start
from tests.conftest import program_or_skip
from tests.patience import FAR, wait_until

pytestmark = pytest.mark.live
CLIENTS = 16
BATCHES = 20
LONGEST_POLL = 20


@pytest.fixture(scope="module")
def served():
    """One server for the tests of this file; each uses a queue of its own."""
    with serving() as running:
        yield running


@pytest.fixture
def sqs(served):
    """A plain boto3 client of it."""
    return served.client()


@pytest.fixture
def orders(sqs, request):
    """The URL of a queue that no other test uses."""
    return sqs.create_queue(QueueName=re.sub(r"\W", "-", request.node.name)[:80])["QueueUrl"]


def test_what_it_prints_works_as_it_stands(served):
    (line,) = [line for line in served.said.splitlines() if "boto3.client(" in line]
    exports = re.search(r"export (.*?)\n  history", served.said, re.DOTALL)[1].replace("\\\n", " ")
    settings = dict(word.split("=", 1) for word in shlex.split(exports))
    code = f"import boto3; print({line.split(maxsplit=1)[1]}.list_queues()['ResponseMetadata']['HTTPStatusCode'])"
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")} | settings
    told = subprocess.run([sys.executable, "-c", code], env=surroundings, capture_output=True, text=True, check=True)
    assert told.stdout == "200\n"


def test_errors_are_awss_own(sqs, orders):
    with pytest.raises(sqs.exceptions.ReceiptHandleIsInvalid) as refused:
        sqs.delete_message(QueueUrl=orders, ReceiptHandle="mine")
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404
    with pytest.raises(ClientError, match="Must be >= 0 and <= 20, if provided"):
        sqs.receive_message(QueueUrl=orders, WaitTimeSeconds=21)


def test_other_services_are_served_and_reach_the_same_queues(served, sqs, orders):
    sns = served.client("sns")
    topic = sns.create_topic(Name="orders")["TopicArn"]
    arn = let_sns(sqs, orders, topic)
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "true"})
    sns.publish(TopicArn=topic, Message="order-1")
    assert sqs.receive_message(QueueUrl=orders)["Messages"][0]["Body"] == "order-1"


def test_a_state_machine_sends_from_its_own_thread(served, sqs, orders):
    task = {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "End": True,
            "Parameters": {"QueueUrl": orders, "MessageBody": "order-1"}}  # fmt: skip
    states = served.client("stepfunctions")
    definition, role = json.dumps({"StartAt": "Send", "States": {"Send": task}}), "arn:aws:iam::123456789012:role/shop"
    machine = states.create_state_machine(name="ordering", definition=definition, roleArn=role)["stateMachineArn"]
    execution = states.start_execution(stateMachineArn=machine)["executionArn"]
    assert sqs.receive_message(QueueUrl=orders, WaitTimeSeconds=20)["Messages"][0]["Body"] == "order-1"
    wait_until(lambda: states.describe_execution(executionArn=execution)["status"] != "RUNNING", "the execution's end")
    assert states.describe_execution(executionArn=execution)["status"] == "SUCCEEDED"


def test_cloudformation_makes_and_removes_a_queue(served, sqs):
    stack = served.client("cloudformation")
    orders = {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "stacked", "VisibilityTimeout": 60}}
    stack.create_stack(StackName="shop", TemplateBody=json.dumps({"Resources": {"Orders": orders}}))
    url = sqs.get_queue_url(QueueName="stacked")["QueueUrl"]
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert attributes["VisibilityTimeout"] == "60"
    stack.delete_stack(StackName="shop")
    with pytest.raises(sqs.exceptions.QueueDoesNotExist):
        sqs.get_queue_url(QueueName="stacked")


def test_the_calls_that_terraforms_provider_makes_for_a_queue_with_a_policy(sqs):
    given = {"VisibilityTimeout": "60", "MessageRetentionPeriod": "86400", "SqsManagedSseEnabled": "true"}
    url = sqs.create_queue(QueueName="planned", Attributes=given, tags={"shop": "books"})["QueueUrl"]
    read = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert given.items() <= read.items()
    allow = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": read["QueueArn"]}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    (kept,) = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])["Attributes"].values()
    assert json.loads(kept) == json.loads(policy)
    assert sqs.list_queue_tags(QueueUrl=url)["Tags"] == {"shop": "books"}
    sqs.delete_queue(QueueUrl=url)
    with pytest.raises(sqs.exceptions.QueueDoesNotExist):
        sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])


def test_sixteen_clients_over_http_lose_nothing_and_get_nothing_twice(served, orders):
    sent, got, failures = count(), [], []

    def client():
        try:
            sqs = served.client()
            for _ in range(BATCHES):
                entries = [{"Id": str(n), "MessageBody": str(next(sent))} for n in range(10)]
                assert "Failed" not in sqs.send_message_batch(QueueUrl=orders, Entries=entries)
                consume(sqs, 0)
            while consume(sqs, 1):
                pass
        except Exception as failure:
            failures.append(failure)

    def consume(sqs, wait):
        answer = sqs.receive_message(QueueUrl=orders, MaxNumberOfMessages=10, WaitTimeSeconds=wait)
        batch = answer.get("Messages", [])
        got.extend(message["Body"] for message in batch)
        if batch:
            entries = [{"Id": str(n), "ReceiptHandle": m["ReceiptHandle"]} for n, m in enumerate(batch)]
            assert "Failed" not in sqs.delete_message_batch(QueueUrl=orders, Entries=entries)
        return batch

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert Counter(got) == Counter(str(n) for n in range(CLIENTS * BATCHES * 10))


def test_a_hundred_long_polls_keep_nobody_waiting(served, sqs, orders):
    with ExitStack() as connections:
        polls = [connections.enter_context(long_poll(served.port, orders)) for _ in range(100)]
        for n in range(10):
            entries = [{"Id": str(m), "MessageBody": f"order-{n}-{m}"} for m in range(10)]
            assert "Failed" not in sqs.send_message_batch(QueueUrl=orders, Entries=entries)
        # A poll that had waited for its own end would have no message.
        bodies = {json.loads(answer(poll))["Messages"][0]["Body"] for poll in polls}
        assert bodies == {f"order-{n}-{m}" for n in range(10) for m in range(10)}


def long_poll(port, url):
    """A connection that has asked for a long poll of the longest kind; by hand, as a hundred SDK clients are slow."""
    body = json.dumps({"QueueUrl": url, "WaitTimeSeconds": 20}).encode()
    head = f"POST / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nX-Amz-Target: AmazonSQS.ReceiveMessage\r\n"
    head += f"Content-Type: application/x-amz-json-1.0\r\nContent-Length: {len(body)}\r\n"
    head += "Authorization: AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/sqs/aws4_request\r\n\r\n"
    connection = socket.create_connection(("127.0.0.1", port))
    connection.sendall(head.encode() + body)
    return connection


def answer(connection):
    """The body of the answer that comes."""
    response = HTTPResponse(connection)
    response.begin()
    assert response.status == 200
    return response.read()


def test_the_aws_cli_sends_receives_and_deletes(served, tmp_path):
    aws = [program_or_skip("AWS CLI"), "--endpoint-url", served.url, "--region", "us-east-1", "--output", "json"]
    secrets = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "HOME": str(tmp_path)}
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")} | secrets

    def call(*words):
        told = subprocess.run([*aws, "sqs", *words], env=surroundings, capture_output=True, text=True, check=True)
        return json.loads(told.stdout or "{}")

    url = call("create-queue", "--queue-name", "orders-of-the-cli", "--attributes", "VisibilityTimeout=60")["QueueUrl"]
    call("send-message", "--queue-url", url, "--message-body", '{"order": "order-1"}')
    (message,) = call("receive-message", "--queue-url", url, "--wait-time-seconds", "5")["Messages"]
    assert message["Body"] == '{"order": "order-1"}'
    call("delete-message", "--queue-url", url, "--receipt-handle", message["ReceiptHandle"])
    counts = call("get-queue-attributes", "--queue-url", url, "--attribute-names", "All")["Attributes"]
    assert (counts["ApproximateNumberOfMessagesNotVisible"], counts["VisibilityTimeout"]) == ("0", "60")
    call("delete-queue", "--queue-url", url)


def test_a_used_port_is_refused_in_one_sentence_that_says_what_to_do(served):
    told = start("--port", str(served.port)).communicate(timeout=FAR)
    assert told == ("", f"Port {served.port} is used by another program: choose another one with "
                        "`labkit serve --port N`, or 0 for any that is free.\n")  # fmt: skip


@pytest.mark.parametrize("words", [["--port", "70000"], ["--port", "-1"], ["--speed", "0"], ["--speed", "nan"]])
def test_a_port_or_speed_that_cannot_be_is_refused_in_one_sentence(words):
    process = start(*words)
    said, problem = process.communicate(timeout=FAR)
    assert (process.returncode, said, problem.count("\n")) == (2, "", 1)
    assert words[1].rstrip("0") in problem


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_at_once_answers_who_waits_and_frees_its_port(number):
    with serving() as served:
        sqs = served.client()
        url = sqs.create_queue(QueueName="orders")["QueueUrl"]
        with long_poll(served.port, url) as poll:
            sqs.list_queues()
            began = time.perf_counter()
            assert served.stop(number) == (0, "Stopped; nothing is left running.\n", "")
            assert time.perf_counter() - began < LONGEST_POLL, "it did not wait for the poll's own end"
            assert json.loads(answer(poll)) == {}
        with socket.socket() as again:
            again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            again.bind(("127.0.0.1", served.port))


def test_it_listens_on_this_machine_alone(served):
    sockets = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    mine = {words[1] for words in sockets if words[3] == "0A"}
    listening = [address for address in mine if int(address.split(":")[1], 16) == served.port]
    assert listening == [f"0100007F:{served.port:04X}"]


@pytest.fixture(scope="module")
def fast():
    """A server on which an hour takes six seconds."""
    with serving("--speed", "600") as running:
        yield running


def test_lab_time_runs_as_fast_as_asked(fast):
    """Lab time between two sends is 600 times the real time between them, however long a busy machine takes."""
    assert "600 times as fast" in fast.process.stdout.readline()
    sqs = fast.client()
    url = sqs.create_queue(QueueName="orders", Attributes={"VisibilityTimeout": "300"})["QueueUrl"]
    sent = []

    def send(order):
        began = time.perf_counter()
        sqs.send_message(QueueUrl=url, MessageBody=order)
        sent.append((began, time.perf_counter()))

    send("order-1")
    (first,) = sqs.receive_message(QueueUrl=url, MessageSystemAttributeNames=["SentTimestamp"])["Messages"]
    returned = []

    def returns():
        returned.extend(sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20).get("Messages", []))
        return returned

    wait_until(returns, "the message's return")
    sqs.delete_message(QueueUrl=url, ReceiptHandle=returned[0]["ReceiptHandle"])
    send("order-2")
    (second,) = sqs.receive_message(QueueUrl=url, MessageSystemAttributeNames=["SentTimestamp"])["Messages"]
    at = [int(message["Attributes"]["SentTimestamp"]) / 1_000 for message in (first, second)]
    (before, after), (again, at_last) = sent
    assert at_last - before >= 300 / 600
    assert 600 * (again - after) - 1 <= at[1] - at[0] <= 600 * (at_last - before) + 1


def test_alarms_on_a_queue_are_evaluated_while_nobody_calls(fast):
    sqs, cloudwatch = fast.client(), fast.client("cloudwatch")
    url = sqs.create_queue(QueueName="late-orders")["QueueUrl"]
    cloudwatch.put_metric_alarm(
        AlarmName="too-many-orders", Namespace="AWS/SQS", MetricName="ApproximateNumberOfMessagesVisible",
        Dimensions=[{"Name": "QueueName", "Value": "late-orders"}], Statistic="Maximum", Period=60,
        EvaluationPeriods=1, Threshold=1, ComparisonOperator="GreaterThanOrEqualToThreshold",
    )  # fmt: skip
    sqs.send_message(QueueUrl=url, MessageBody="order-1")
    wait_until(lambda: cloudwatch.describe_alarms()["MetricAlarms"][0]["StateValue"] == "ALARM", "the alarm")
