"""Exercise 07's run under every order: it holds for a right worker, and tells the shortest schedule of a wrong one."""

import pytest

from labkit.study.exercise import exercise
from labkit.study.judge import play

OFFICE = exercise("07-orders-in-order")
(EVERY_ORDER,) = [run for run in OFFICE.runs if "every moment" in run.name]


def messages(sqs, queue_url):
    return sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10, WaitTimeSeconds=20).get("Messages", [])


def asks(sqs, queue_url, apply, is_applied):
    for message in messages(sqs, queue_url):
        if is_applied(message["Body"]) or apply(message["Body"]):
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])


def never_asks(sqs, queue_url, apply, is_applied):
    for message in messages(sqs, queue_url):
        if apply(message["Body"]):
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])


def deletes_first(sqs, queue_url, apply, is_applied):
    for message in messages(sqs, queue_url):
        sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
        apply(message["Body"])


def takes_the_last_first(sqs, queue_url, apply, is_applied):
    for message in reversed(messages(sqs, queue_url)):
        if is_applied(message["Body"]) or apply(message["Body"]):
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])


seen = set()


def remembers(sqs, queue_url, apply, is_applied):
    """What a machine remembers dies with it."""
    for message in messages(sqs, queue_url):
        if message["Body"] not in seen:
            apply(message["Body"])
            seen.add(message["Body"])
        sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])


def test_a_worker_that_asks_is_right_in_every_order():
    outcome = play(OFFICE, EVERY_ORDER, [asks])
    assert outcome.state == "right", outcome.problem
    assert outcome.told[0].startswith("Right in all of ")


@pytest.mark.parametrize(
    ("worker", "sentence"),
    [
        (never_asks, "order-1 placed was booked 2 times"),
        (remembers, "order-1 placed was booked 2 times"),
        (deletes_first, "order-1 placed was not booked"),
        (takes_the_last_first, "order-1 paid was booked before order-1 placed"),
    ],
    ids=lambda part: getattr(part, "__name__", ""),
)
def test_a_wrong_worker_is_told_its_shortest_schedule(worker, sentence):
    outcome = play(OFFICE, EVERY_ORDER, [worker])
    assert outcome.state == "wrong"
    assert sentence in outcome.problem.came_back[0]
    assert len(outcome.problem.called) + len(outcome.problem.came_back) <= 6
