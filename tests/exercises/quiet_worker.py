"""Answers of 04-quiet-worker."""

import time

from labkit.study.crash import Stopped
from labkit.words.quiet_worker import Mistake
from labkit.words.shift import Mistake as Shared
from labkit.words.shift import Rests
from tests.exercises.answers import Answers

ANSWERS = Answers(
    "04-quiet-worker",
    unprotected={},
    read="drops_the_last",
    text="""
Not yet: a quiet worker
In the run “told to stop in the middle of the work: ten orders wait”:
What was called:
  - at 15.07 s: worker A: ReceiveMessage(WaitTimeSeconds=20) -> 1 message: 'order-5'
  - at 315.07 s: worker B: ReceiveMessage(WaitTimeSeconds=20) -> 1 message: 'order-5'
What came back:
  - at 0.00 s: order-5 came
  - at 12.00 s: worker A was told to stop
  - at 315.07 s: worker B began order-5
What was expected:
  - An order is begun within 60 s of its arrival.
Why:
  - At 15.07 s worker A had received it, and returned without making it or giving it back. SQS does not know that the worker is gone: the message stays hidden until its visibility timeout ends. Handle what you have received, or set its visibility timeout to 0.
Your code would be right if this were true: When a consumer crashes, SQS notices and its messages return to the queue at once. It is not so. SQS does not watch its consumers: the message stays hidden until its visibility timeout ends.
`hint('04-quiet-worker')` helps in steps.
""",
)
ASK, WAIT, HANDLE, FOR = "not told_to_stop()", ", WaitTimeSeconds=20", 'handle(message["Body"])', "for message in "
DELETE = 'sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])'
TEN, LEAVE = {WAIT: f"{WAIT}, MaxNumberOfMessages=10"}, "if told_to_stop():\n    return\n"
START, PAUSE = f"while {ASK}:", f"import time\nwhile {ASK}:\n    time.sleep({{}})"
SEND = 'sqs.send_message(QueueUrl=queue_url, MessageBody=message["Body"])'
LONGER = 'sqs.set_queue_attributes(QueueUrl=queue_url, Attributes={"ReceiveMessageWaitTimeSeconds": "20"})'

ANSWERS.edits(
    ("queue_attribute", {WAIT: "", START: f"{LONGER}\n{START}"}, None),
    ("today", {ASK: "True", WAIT: ""}, Shared.NO_WAIT),
    ("tight_loop", {WAIT: ""}, Shared.NO_WAIT),
    ("one_second", {WAIT: ", WaitTimeSeconds=1"}, Shared.SHORT_WAIT),
    ("wait_for_an_hour", {WAIT: ", WaitTimeSeconds=3600"}, Stopped.REFUSED),
    ("wrong_parameter", {WAIT: ", ReceiveMessageWaitTimeSeconds=20"}, Stopped.PARAMETERS),
    ("sleeps", {WAIT: "", START: PAUSE.format(15)}, Mistake.ASLEEP),
    ("naps_and_waits", {START: PAUSE.format(5)}, Mistake.ASLEEP),
    ("naps_over_it", {FOR: f"import time\ntime.sleep(5)\n{FOR}"}, Mistake.KEPT),
    ("never_asks", {ASK: "True"}, Mistake.NOT_ASKED),
    ("no_brackets", {ASK: "not told_to_stop"}, Mistake.NO_BRACKETS),
    ("batch_of_ten", TEN, Mistake.WHOLE_BATCH),
    ("drops_the_rest", TEN | {HANDLE: f"{LEAVE}{HANDLE}"}, Mistake.DROPPED, "crash-returns-message"),
    ("drops_the_last", {ASK: "True", FOR: f"{LEAVE}{FOR}"}, Mistake.DROPPED, "crash-returns-message"),
    ("sends_back", TEN | {HANDLE: f"if told_to_stop():\n    {SEND}\n    continue\n{HANDLE}"}, Shared.SENT_AGAIN),
    ("deletes_first", {HANDLE: f"{DELETE}\n{HANDLE}"}, Rests.DELETES_FIRST),
    ("asks_after_a_message", {ASK: "True", DELETE: f"{DELETE}\nif told_to_stop():\n    return"}, Mistake.NOT_ASKED),
    ("deletes_the_last_of_a_batch", {WAIT: f"{WAIT}, MaxNumberOfMessages=3", DELETE: f'if message is answer["Messages"][-1]:\n    {DELETE}'}, Shared.NO_DELETE),
    ("leaves_without_a_delete", {DELETE: f"{LEAVE}{DELETE}"}, Shared.NO_DELETE),
    ("forgot_delete", {DELETE: ""}, Shared.NO_DELETE, "receive-removes"),
    ("never_handles", {HANDLE: ""}, Shared.NOT_HANDLED),
    ("handles_message", {HANDLE: "handle(message)"}, Stopped.LAB),
    ("no_messages_key", {'.get("Messages", [])': '["Messages"]'}, Stopped.NO_MESSAGES),
)


@ANSWERS.right
def gives_back(sqs, queue_url, handle, told_to_stop):
    """Takes up to ten, asks between two orders, and gives the rest back at once when told."""
    while not told_to_stop():
        answer = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=18, MaxNumberOfMessages=10)
        messages = answer.get("Messages", [])
        while messages and not told_to_stop():
            message = messages.pop(0)
            handle(message["Body"])
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
        for left in messages:
            sqs.change_message_visibility(QueueUrl=queue_url, ReceiptHandle=left["ReceiptHandle"], VisibilityTimeout=0)


@ANSWERS.right
def one_poll_each(sqs, queue_url, handle, told_to_stop):
    """One poll, one order, and back: the supervisor starts it again."""
    messages = [] if told_to_stop() else sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20).get("Messages")
    if messages:
        handle(messages[0]["Body"])
        sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=messages[0]["ReceiptHandle"])


@ANSWERS.wrong(Mistake.STUCK)
def sleeps_when_told(sqs, queue_url, handle, told_to_stop):
    """Waits for a while after it was told, to be on the safe side."""
    while not told_to_stop():
        for message in sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20).get("Messages", []):
            handle(message["Body"])
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
    time.sleep(60)


@ANSWERS.wrong(Shared.NOT_ASKING)
def stops_for_good(sqs, queue_url, handle, told_to_stop):
    """An empty answer taken for an empty queue: after it the worker waits for orders that it does not ask for."""
    while messages := sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20).get("Messages"):
        handle(messages[0]["Body"])
        sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=messages[0]["ReceiptHandle"])
    while not told_to_stop():
        time.sleep(10)
