"""A schedule that a check tells can be watched through boto3."""

import uuid

import pytest

from labkit import Lab, LabError, check
from labkit.history import Call
from labkit.study.office import judging, playing


def worker(sqs, queue_url, dynamodb):
    while True:
        for message in sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20).get("Messages", []):
            payment = {"payment_id": {"S": str(uuid.uuid4())}, "order_id": {"S": message["Body"]}}
            dynamodb.put_item(TableName="payments", Item=payment)
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])


@pytest.fixture(autouse=True)
def in_memory(monkeypatch):
    monkeypatch.delenv("LABKIT_COURSE", raising=False)


def test_the_schedule_that_goes_wrong_runs_again_through_boto3():
    result = check("05-charge-once", worker)
    with result.replay() as lab:
        puts = [call.by for call in lab.history.events if isinstance(call, Call) and call.operation == "PutItem"]
        assert puts == ["A", "A2"]
        assert len(lab.client("dynamodb").scan(TableName="payments")["Items"]) == 2


def test_a_check_without_a_schedule_has_nothing_to_replay():
    with pytest.raises(LabError, match="no schedule to replay"):
        check("05-charge-once", lambda sqs, queue_url, dynamodb: None).replay()


def does_not_ask(sqs, queue_url, apply, is_applied):
    while True:
        for message in sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20).get("Messages", []):
            apply(message["Body"])
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])


def test_a_fifo_queue_does_not_save_a_worker_that_books_what_is_booked():
    """Exercise 07 under every order of events: a crash before the delete books an event twice."""
    with Lab(seed=7) as lab:
        checked = playing.every_crash(["order-1 placed", "order-1 paid"])(lab, does_not_ask)
    problem = judging.every_crash(None, checked)
    assert problem.came_back == ["So order-1 placed was booked 2 times."]
    with problem.replay() as lab:
        assert "order-1 placed" in {change.body for change in lab.history.changes()}
