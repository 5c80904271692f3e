"""Through both doors every call comes out the same: answer, error, history, state and time."""

from dataclasses import replace

import pytest

from labkit.aws.adapters import adapters
from labkit.aws.door import door
from labkit.rules import Faults
from tests.aws.door import calls
from tests.aws.door.twins import through_both, told

FEW_LOSSES = replace(Faults.documented(), lost_response=0.4)
LOSSY = (calls.sending, calls.receiving, calls.looking, calls.items, calls.many_items)


@pytest.mark.parametrize("play", calls.PLAYERS, ids=lambda play: play.__name__)
def test_a_call_comes_out_the_same(play):
    through_both(play)


@pytest.mark.parametrize("play", LOSSY, ids=lambda play: play.__name__)
def test_a_call_comes_out_the_same_where_answers_get_lost(play):
    _, over_http = through_both(play, faults=FEW_LOSSES)
    assert sum(number > 1 for _, number in over_http.requests) > len(over_http.requests) / 5


@pytest.mark.parametrize(
    ("service", "operation"),
    [(service, operation) for service, adapter in adapters().items() for operation in adapter.answers],
)
def test_every_operation_is_called_well_and_badly(service, operation):
    """Well: answered without a request. Badly: refused, or answered over HTTP for what only botocore can write."""
    method = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in operation)[1:]
    outcomes, numbers = zip(*((one[1], sent) for one, sent in _everything() if one[0] == method), strict=True)
    assert any(isinstance(answer, dict) and sent == 0 for answer, sent in zip(outcomes, numbers, strict=True))
    assert any(isinstance(answer, list) for answer in outcomes)


def _everything(found=[]):  # noqa: B006 - made once
    if not found:
        for play in calls.PLAYERS:
            one = told(play, through_http=False)
            found += zip(one.outcomes, (number for _, number in one.requests), strict=True)
    return found


def test_a_known_refusal_is_told_without_a_request():
    def play(lab, call):
        sqs, url = calls.orders(lab)
        for _ in range(3):
            call(sqs.delete_message, QueueUrl=url, ReceiptHandle="none")

    in_process, over_http = through_both(play)
    assert [number for _, number in in_process.requests] == [1, 0, 0]
    assert [number for _, number in over_http.requests] == [1, 1, 1]


def test_what_a_caller_does_to_an_answer_or_to_parameters_changes_nothing_kept():
    def play(lab, call):
        dynamodb = calls.payments(lab)
        item = {"order_id": {"S": "order-1"}, "lines": {"L": [{"S": "a"}]}}
        call(dynamodb.put_item, TableName="payments", Item=item)
        item["lines"]["L"].append({"S": "b"})
        answer = call(dynamodb.get_item, TableName="payments", Key=calls.KEY)
        answer["Item"]["lines"]["L"].clear()
        answer["ResponseMetadata"]["HTTPHeaders"].clear()
        call(dynamodb.get_item, TableName="payments", Key=calls.KEY)

    through_both(play)
    through_both(calls.errors_kept)


def test_actors_move_alike():
    """With latency, long polls, throttled FIFO calls, lost answers and everything that AWS leaves to chance."""

    def play(lab, call):
        sqs, url = calls.orders(lab, FifoQueue="true", ContentBasedDeduplication="true")
        standard = sqs.create_queue(QueueName="plain", Attributes={"VisibilityTimeout": "2"})["QueueUrl"]
        dynamodb = calls.payments(lab)

        def produce(name):
            for number in range(60):
                call(sqs.send_message, QueueUrl=url, MessageBody=f"{name} {number}", MessageGroupId=name)
                call(sqs.send_message, QueueUrl=standard, MessageBody=f"{name} {number}")

        def consume(address):
            while True:
                answer = call(sqs.receive_message, QueueUrl=address, WaitTimeSeconds=5, MaxNumberOfMessages=3)
                for message in answer.get("Messages", []):
                    key = {"order_id": {"S": message["Body"]}}
                    call(dynamodb.put_item, TableName="payments", Item=key, ConditionExpression=calls.ABSENT)
                    call(sqs.delete_message, QueueUrl=address, ReceiptHandle=message["ReceiptHandle"])

        for name in ("Ann", "Bob", "Cy"):
            lab.start(produce, name, name=name)
        for number, address in enumerate((url, standard, standard)):
            lab.start(consume, address, name=f"consumer {number}")
        lab.run(until="2 min")

    in_process, over_http = through_both(play, faults=Faults.documented(), latency="3 ms")
    numbers = [sum(number for _, number in one.requests) for one in (in_process, over_http)]
    assert numbers[0] < numbers[1] / 4, numbers


def test_throttled_calls_are_tried_again_alike():
    def play(lab, call):
        sqs, url = calls.orders(lab, FifoQueue="true", ContentBasedDeduplication="true")

        def produce(name):
            for number in range(150):
                call(sqs.send_message, QueueUrl=url, MessageBody=f"{name} {number}", MessageGroupId=name)

        for name in "ABCD":
            lab.start(produce, name, name=name)
        lab.run()

    _, over_http = through_both(play, latency="1 ms")
    assert any(number > 1 for _, number in over_http.requests)


def test_resources_and_paginators_need_nothing_of_their_own():
    in_process, _ = through_both(calls.resources)
    assert {name for name, number in in_process.requests if number} <= {"put_item"}


def test_the_door_can_be_shut_for_a_whole_run(monkeypatch):
    monkeypatch.setenv("LABKIT_DOOR", "http")
    assert not type(door)().is_open
    monkeypatch.delenv("LABKIT_DOOR")
    assert type(door)().is_open
