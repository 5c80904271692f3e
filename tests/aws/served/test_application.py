"""Who is answered, what is recorded, and how a failure of the mock is told."""

import json
import threading
from collections import Counter
from itertools import count
from time import sleep
from unittest.mock import patch

import pytest
from moto.sqs.models import SQSBackend

from labkit import Faults
from labkit.aws.served.lab import KEPT_EVENTS
from labkit.rules.storage import Storage
from tests.aws.served.in_process import SIGNED, Refused, served
from tests.patience import wait_until

CLIENTS, BATCHES = 16, 2
settle = Storage.settle


@pytest.mark.parametrize("host", ["127.0.0.1:4566", "localhost", "[::1]:4566", "orders-bucket.localhost:4566"])
def test_a_program_on_this_machine_is_answered(host):
    with served() as (_, sqs):
        assert sqs.http.get("/labkit", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "shop.example"},
        {"Host": "shop.example:4566"},
        {"Host": "127.0.0.1.shop.example"},
        {"Host": "localhost.shop.example"},
        {"Host": "[::1"},
        {"Host": ""},
        {"Host": "sqs.us-east-1.amazonaws.com"},
        {"Host": "127.0.0.1", "Origin": "https://shop.example"},
        {"Host": "127.0.0.1", "Origin": "null"},
    ],
)
def test_a_page_of_another_site_is_refused_whatever_it_calls_itself(headers):
    with served() as (lab, sqs):
        before = len(lab.history.events)
        answer = sqs.http.post("/", headers={"X-Amz-Target": "AmazonSQS.ListQueues", **headers})
        assert (answer.status_code, len(lab.history.events)) == (403, before)
        assert answer.text.startswith("This AWS ")


def test_a_page_of_this_machine_may_ask():
    with served() as (_, sqs):
        headers = {"Host": "127.0.0.1", "Origin": "http://localhost:3000"}
        assert sqs.http.get("/labkit", headers=headers).status_code == 200


def test_it_tells_its_time_and_speed():
    with served(speed=60) as (_, sqs):
        told = json.loads(sqs.http.get("/labkit", headers={"Host": "localhost"}).text)
        assert (told["service"], told["speed"]) == ("labkit", 60)


def test_the_older_query_protocol_is_answered_by_the_same_rules():
    with served() as (_, sqs):
        headers = {"Host": "127.0.0.1", "Authorization": SIGNED.format("sqs")}
        for number in ("1", "2"):
            send = {"Action": "SendMessage", "QueueUrl": sqs.url, "MessageBody": f"order-{number}"}
            assert sqs.http.post("/", headers=headers, data=send).status_code == 200
        poll = {"Action": "ReceiveMessage", "QueueUrl": sqs.url, "MaxNumberOfMessages": "10", "WaitTimeSeconds": "5"}
        answer = sqs.http.post("/", headers=headers, data=poll).text
        assert all(f"<Body>order-{number}</Body>" in answer for number in ("1", "2"))


def test_the_history_tells_calls_with_their_program_and_what_they_changed():
    with served() as (lab, sqs):
        sqs("SendMessage", QueueUrl=sqs.url, MessageBody="order-1")
        with pytest.raises(Refused):
            sqs("DeleteMessage", QueueUrl=sqs.url, ReceiptHandle="mine")
        calls = [(call.by, call.operation, call.resource, call.error) for call in lab.history.calls()]
        assert calls == [
            ("shop", "CreateQueue", "orders", None),
            ("shop", "SendMessage", "orders", None),
            ("shop", "DeleteMessage", "orders", "ReceiptHandleIsInvalid"),
        ]
        (change,) = lab.history.changes()
        assert (change.by, change.after, change.at) == ("shop", "visible", lab.history.calls()[1].at)
        shown = sqs.http.get("/labkit/history", headers={"Host": "localhost"}).text
        assert all(word in shown for word in ("shop", "SendMessage", "order-1", "ReceiptHandleIsInvalid"))


def test_a_request_of_a_service_that_names_no_operation_is_recorded_by_its_path():
    with served() as (lab, sqs):
        headers = {"Host": "127.0.0.1", "Authorization": SIGNED.format("s3"), "User-Agent": "shop/1.0"}
        assert sqs.http.put("/order-files", headers=headers).status_code == 200
        assert (lab.history.calls()[-1].by, lab.history.calls()[-1].operation) == ("shop", "PUT /order-files")
        assert [call.operation for call in lab.history.calls()].count("CreateQueue") == 1


def test_the_history_keeps_the_latest_events_only():
    with served() as (lab, _):
        assert lab.history.events.maxlen == KEPT_EVENTS


def test_a_failure_of_the_mock_is_told_in_one_sentence_that_no_sdk_tries_again():
    def fail(*_):
        raise RuntimeError("disk on fire")

    with served() as (_, sqs), patch.object(SQSBackend, "list_queues", fail):
        with pytest.raises(Refused) as refused:
            sqs("ListQueues")
        assert refused.value.status == 501
        assert "AmazonSQS.ListQueues (RuntimeError: disk on fire)" in refused.value.answer["message"]


def test_an_operation_that_the_mock_lacks_is_told_in_words_without_pythons():
    with served() as (_, sqs):
        headers = {"Host": "127.0.0.1", "Authorization": SIGNED.format("dynamodb"),
                   "X-Amz-Target": "DynamoDB_20120810.ListContributorInsights"}  # fmt: skip
        answer = sqs.http.post("/", headers=headers, data="{}", content_type="application/x-amz-json-1.0")
        told = (answer.status_code, json.loads(answer.text)["__type"])
        assert (told, "Error" in answer.text) == ((501, "InternalFailure"), False)


def test_a_failure_of_the_mock_is_told_in_the_protocol_of_the_request():
    def fail(*_):
        raise RuntimeError("disk <on> fire")

    with served() as (_, sqs), patch.object(SQSBackend, "list_queues", fail):
        headers = {"Host": "127.0.0.1", "Authorization": SIGNED.format("sqs")}
        answer = sqs.http.post("/", headers=headers, data={"Action": "ListQueues"})
        assert answer.status_code == 501
        assert all(part in answer.text for part in ("<Code>InternalFailure</Code>", "disk &lt;on&gt; fire"))


def test_what_moto_swallows_is_told_on_the_servers_terminal(capsys):
    with served() as (lab, sqs):
        lab.note_error(RuntimeError("disk on fire"))
        sqs("ListQueues")
        told = capsys.readouterr().err
        assert (told.count("\n"), "AmazonSQS.ListQueues: RuntimeError: disk on fire" in told) == (1, True)


@pytest.mark.parametrize("path", ["/moto-api", "/moto-api/", "/moto-api/data.json"])
def test_motos_dashboard_says_where_the_history_is(path):
    with served() as (_, sqs):
        answer = sqs.http.get(path, headers={"Host": "localhost"})
        assert (answer.status_code, "/labkit/history" in answer.text) == (404, True)


def test_sixteen_clients_lose_nothing_and_no_message_is_handed_out_twice_within_its_timeout():
    sent, got, failures, inside = count(), [], [], []

    def alone(rules, now):
        inside.append(now)
        sleep(0)
        changes = settle(rules, now)
        assert inside == [now]
        inside.clear()
        return changes

    def client(sqs):
        try:
            for _ in range(BATCHES):
                numbers = [next(sent) for _ in range(10)]
                entries = [{"Id": str(n), "MessageBody": str(n)} for n in numbers]
                assert "Failed" not in sqs("SendMessageBatch", QueueUrl=sqs.url, Entries=entries)
                consume(sqs)
            while consume(sqs):
                pass
        except Exception as failure:
            failures.append(failure)

    def consume(sqs):
        batch = sqs("ReceiveMessage", QueueUrl=sqs.url, MaxNumberOfMessages=10).get("Messages", [])
        got.extend(message["Body"] for message in batch)
        if batch:
            entries = [{"Id": str(n), "ReceiptHandle": m["ReceiptHandle"]} for n, m in enumerate(batch)]
            assert "Failed" not in sqs("DeleteMessageBatch", QueueUrl=sqs.url, Entries=entries)
        return batch

    with served() as (_, sqs), patch.object(Storage, "settle", alone):
        threads = [threading.Thread(target=client, args=(sqs,)) for _ in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        assert Counter(got) == Counter(str(n) for n in range(CLIENTS * BATCHES * 10))
        attributes = sqs("GetQueueAttributes", QueueUrl=sqs.url, AttributeNames=["All"])["Attributes"]
        assert {attributes["ApproximateNumberOfMessages"], attributes["ApproximateNumberOfMessagesNotVisible"]} == {"0"}


def test_faults_are_those_of_the_rules():
    """Every order comes, and some come twice although none is visible again for twelve hours."""
    with served(faults=Faults.documented(), speed=100) as (_, sqs):
        for n in range(40):
            sqs("SendMessage", QueueUrl=sqs.url, MessageBody=str(n))
        poll = {"QueueUrl": sqs.url, "MaxNumberOfMessages": 10, "WaitTimeSeconds": 1, "VisibilityTimeout": 43_200}
        got = []

        def receive():
            got.extend(message["Body"] for message in sqs("ReceiveMessage", **poll).get("Messages", []))
            return len(got) > len(set(got)) == 40

        wait_until(receive, "all orders, and one of them twice")
