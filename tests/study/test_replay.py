"""A schedule that a check tells can be watched through boto3."""

import uuid

import pytest

from labkit import LabError, check
from labkit.history import Call


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
