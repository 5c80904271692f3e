"""Exercise 07's run under every order: it holds for a right worker, and tells the shortest schedule of a wrong one."""

import pytest

from labkit.study.exercise import exercise
from labkit.study.judge import play
from labkit.words.orders_in_order import EVERY_ORDER, Mistake
from labkit.words.shift import Mistake as Shared

OFFICE = exercise("07-orders-in-order")
(RUN,) = [run for run in OFFICE.runs if run.name == EVERY_ORDER]


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


def deletes_nothing(sqs, queue_url, apply, is_applied):
    for message in messages(sqs, queue_url):
        is_applied(message["Body"]) or apply(message["Body"])


seen = set()


def remembers(sqs, queue_url, apply, is_applied):
    """What a machine remembers dies with it."""
    for message in messages(sqs, queue_url):
        if message["Body"] not in seen:
            apply(message["Body"])
            seen.add(message["Body"])
        sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])


def test_a_worker_that_asks_is_right_in_every_order():
    outcome = play(OFFICE, RUN, [asks])
    assert outcome.state == "right", outcome.problem
    assert outcome.told[0].startswith("Right in all of ")


@pytest.mark.parametrize(
    ("worker", "code", "sentence"),
    [
        (never_asks, Mistake.ANY_TIME, "order-1 placed was booked 2 times"),
        (remembers, Mistake.ANY_TIME, "order-1 placed was booked 2 times"),
        (deletes_first, Mistake.LOST, "order-1 placed was not booked"),
        (takes_the_last_first, Mistake.ORDER, "order-1 paid was booked before order-1 placed"),
        (deletes_nothing, Shared.NO_DELETE, "because nobody deleted it"),
    ],
    ids=lambda part: getattr(part, "__name__", ""),
)
def test_a_wrong_worker_is_told_its_shortest_schedule(worker, code, sentence):
    outcome = play(OFFICE, RUN, [worker])
    assert (outcome.state, outcome.problem.mistake) == ("wrong", code)
    assert sentence in outcome.problem.came_back[0]
    assert str(outcome.problem.why)
    assert len(outcome.problem.called) + len(outcome.problem.came_back) <= 6


def test_the_schedule_that_goes_wrong_runs_again_through_boto3():
    """A FIFO queue does not save a worker that books what is booked."""
    problem = play(OFFICE, RUN, [never_asks]).problem
    assert problem.came_back == ["So order-1 placed was booked 2 times."]
    with problem.replay() as lab:
        assert "order-1 placed" in {change.body for change in lab.history.changes()}
