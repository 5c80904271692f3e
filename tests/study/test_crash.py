"""An answer's exceptions in words, with the learner's own line."""

import boto3
import pytest

from labkit import Lab
from labkit.study.crash import Stopped, crash

SIGNATURE = "worker(sqs, queue_url, render)"


@pytest.fixture(scope="module")
def queue():
    """A lab's SQS client and a queue with one message in flight."""
    with Lab() as lab:
        sqs = lab.client("sqs")
        url = sqs.create_queue(QueueName="orders")["QueueUrl"]
        sqs.send_message(QueueUrl=url, MessageBody="order-1")
        (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
        yield sqs, url, message


def told(function, *given):
    """What a learner reads when the function fails."""
    with pytest.raises(BaseException) as failure:  # noqa: PT011
        function(*given)
    return crash(failure.value, SIGNATURE)


def hide(sqs, url, handle, seconds=30):
    sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=seconds)


WRONG_CALLS = {
    "a message id": (lambda sqs, url, message: hide(sqs, url, message["MessageId"]), "got a MessageId"),
    "no handle": (lambda sqs, url, message: hide(sqs, url, "handle"), "something that is no receipt handle"),
    "too long": (
        lambda sqs, url, message: hide(sqs, url, message["ReceiptHandle"], 43_201),
        "AWS refused ChangeMessageVisibility with InvalidParameterValue: Value 43201",
    ),
    "text for a number": (
        lambda sqs, url, message: hide(sqs, url, message["ReceiptHandle"], "30"),
        "VisibilityTimeout must be a whole number, not '30'",
    ),
    "no messages": (lambda sqs, url, message: sqs.receive_message(QueueUrl=url)["Messages"], "has no key `Messages`"),
    "a mistyped key": (lambda sqs, url, message: message["Bodi"], "no key `Bodi` in it. Did you mean `Body`?"),
    "attributes nobody asked for": (
        lambda sqs, url, message: message["Attributes"],
        'only if the receive asked for them: add `MessageSystemAttributeNames=["All"]`',
    ),
    "a mistyped method": (lambda sqs, url, message: sqs.delete_mesage, "Did you mean `delete_message`"),
}


@pytest.mark.parametrize(("call", "sentence"), WRONG_CALLS.values(), ids=WRONG_CALLS)
def test_a_wrong_call_is_told_in_words(queue, call, sentence):
    assert sentence in told(call, *queue).told


def test_a_late_delete_on_a_fifo_queue_is_told_by_its_cause():
    with Lab() as lab:
        sqs = lab.client("sqs")
        url = sqs.create_queue(QueueName="orders.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
        sqs.send_message(QueueUrl=url, MessageBody="order-1", MessageGroupId="1", MessageDeduplicationId="1")
        (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
        lab.clock.advance("31 s")
        late = told(lambda: sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"]))
    assert late.code is Stopped.EXPIRED
    assert "The timeout counts from the receive, for all messages of a batch" in late.told


def test_extending_a_deleted_message_is_told_in_words(queue):
    sqs, url, message = queue
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    assert "for a message that is deleted already" in told(hide, sqs, url, message["ReceiptHandle"]).told


def mistyped(messages):
    return mesages  # noqa: F821


def unknown():
    return no_such_thing_anywhere  # noqa: F821


@pytest.mark.parametrize(
    ("function", "given", "sentence"),
    [
        (mistyped, [[]], "There is no name `mesages` here. Did you mean `messages`?"),
        (unknown, [], "There is no name `no_such_thing_anywhere` here."),
        (lambda: {}[(1, 2)], [], "There is no key `(1, 2)` in it."),
        (lambda: exit(3), [], "sys.exit"),
        (lambda: [][0], [], "Python says IndexError: list index out of range."),
        (lambda: 1 / 0, [], "Python says ZeroDivisionError"),
        (lambda: boto3.no_such_thing, [], "There is no `no_such_thing` in this module."),
    ],
)
def test_python_s_errors_are_told_in_words(function, given, sentence):
    assert sentence in told(function, *given).told


def test_the_line_is_the_learner_s_own():
    found = told(mistyped, [])
    assert found.line == "return mesages  # noqa: F821"
    assert found.number == mistyped.__code__.co_firstlineno + 1


def test_an_error_without_a_line_of_the_learner_is_about_the_call():
    found = crash(TypeError("worker() takes 1 positional argument but 3 were given"), SIGNATURE)
    assert found.line == ""
    assert found.told.startswith(f"The check calls `{SIGNATURE}`")
