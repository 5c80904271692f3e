"""Answers of 07-orders-in-order."""

import time

from labkit.study.crash import Stopped
from labkit.words.orders_in_order import Mistake
from labkit.words.shift import Mistake as Shared
from tests.exercises.answers import Answers

ANSWERS = Answers(
    "07-orders-in-order",
    unprotected={},
    read="goes_on",
    text="""
Not yet: orders in order
In the run “an ordinary day: ten orders, and the bank says to each machine once: not now”:
What was called:
  - at 16.04 s: worker B: ReceiveMessage(WaitTimeSeconds=20, MaxNumberOfMessages=2) -> 2 messages: 'order-4 placed', 'order-4 paid'
What came back:
  - at 16.04 s: worker B asked for order-4 placed, and was told: not now
  - at 18.04 s: worker B began order-4 paid
What was expected:
  - An event is booked when the one before it in its order has been.
Why:
  - `order-4 placed` had not been booked, and you went on to what follows it. A FIFO queue holds back what it has not handed out; of a batch that you hold already, you keep the order: pass over the rest of the order, and let it come again.
Your code would be right if this were true: A receive hands out one message of a group only, and waits for its deletion. It is not so. One receive hands out up to ten messages of the same group, in their order.
`hint('07-orders-in-order')` helps in steps.
""",
)
WORKER, START, WAIT = "def worker(sqs, queue_url, apply, is_applied):", "while True:", ", WaitTimeSeconds=20"
TWO, MESSAGES, EVENT = "MaxNumberOfMessages=2", 'answer.get("Messages", [])', 'event = message["Body"]'
ASK, BOTH, WAITING = "is_applied(event) or apply(event)", "if is_applied(event) or apply(event):", "waiting = set()"
DELETE = 'sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])'
UNTIL, LATER = "while not is_applied(event):\n    apply(event)", "waiting.add(order)"
BOOKED = {WORKER: f"BOOKED = []\n\n\n{WORKER}", ASK: "event in BOOKED or apply(event)", DELETE: f"BOOKED.append(event)\n{DELETE}"}
SEND = "sqs.send_message(QueueUrl=queue_url, MessageBody=event, MessageGroupId=order, MessageDeduplicationId=str(len(event) + 1))"
HIDE = 'sqs.change_message_visibility(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=3600)'
ONE_AT_ONCE = "one-of-a-group-at-once"

ANSWERS.edits(
    ("ends_the_batch", {LATER: "break"}, None),
    ("starts_again", {LATER: "return"}, None),
    ("asks_the_bank_again", {BOTH: "while not is_applied(event) and not apply(event):\n    pass\nif True:"}, None),
    ("goes_on", {LATER: "pass"}, Mistake.WENT_ON, ONE_AT_ONCE),
    ("deletes_whatever", {BOTH: f"{BOTH}\n    pass\n{DELETE}\nif False:"}, Mistake.DELETED_REFUSED),
    ("deletes_the_refused", {LATER: f"{LATER}\n{DELETE}"}, Mistake.DELETED_REFUSED),
    ("delete_first", {DELETE: "pass", BOTH: f"{DELETE}\n{UNTIL}\n{BOTH}"}, Shared.DELETED_FIRST),
    ("batch_of_ten", {TWO: "MaxNumberOfMessages=10"}, Stopped.EXPIRED),
    ("batch_of_five", {TWO: "MaxNumberOfMessages=5"}, Stopped.EXPIRED),
    ("batch_of_five_swallows", {TWO: "MaxNumberOfMessages=5", DELETE: f"try:\n    {DELETE}\nexcept Exception:\n    pass"}, Shared.TOO_LATE),
    ("group_not_requested", {"event.split()[0]": 'message["Attributes"]["MessageGroupId"]'}, Stopped.NOT_ASKED_FOR),
    ("group_requested", {"event.split()[0]": 'message["Attributes"]["MessageGroupId"]', WAIT: f'{WAIT}, MessageSystemAttributeNames=["MessageGroupId"]'}, None),
    ("batch_of_three", {TWO: "MaxNumberOfMessages=3"}, Shared.TOO_LATE),
    ("never_asks", {ASK: "apply(event)"}, Mistake.NOT_ASKED),
    ("asks_after", {ASK: "apply(event) and is_applied(event)"}, Mistake.NOT_ASKED),
    ("own_memory", BOOKED, Mistake.NOT_ASKED),
    ("one_at_a_time", {TWO: "MaxNumberOfMessages=1"}, Shared.ONE_AT_A_TIME),
    ("tight_loop", {WAIT: ""}, Shared.NO_WAIT),
    ("short_polls", {WAIT: ", WaitTimeSeconds=1"}, Shared.SHORT_WAIT),
    ("forgot_delete", {DELETE: "pass"}, Shared.NO_DELETE),
    ("sorts", {f"in {MESSAGES}": f'in sorted({MESSAGES}, key=lambda one: one["Body"])', TWO: "MaxNumberOfMessages=3"}, Mistake.ORDER, ONE_AT_ONCE),
    ("last_first", {MESSAGES: f"reversed({MESSAGES})"}, Mistake.ORDER, ONE_AT_ONCE),
    ("waits_for_ever", {WAITING: "pass", START: f"{WAITING}\n{START}"}, Mistake.PASSED_OVER),
    ("sends_again", {LATER: f"{SEND}\n{DELETE}"}, Mistake.WENT_ON),
    ("hides_it", {LATER: f"{LATER}\n{HIDE}"}, Shared.HIDDEN),
    ("applies_message", {ASK: "apply(message)"}, Stopped.LAB),
    ("only_looks", {ASK: "is_applied(event)"}, Mistake.ONLY_ASKED),
    ("only_receives", {BOTH: "if False:"}, Shared.NOT_HANDLED),
    ("no_messages_key", {MESSAGES: 'answer["Messages"]'}, Stopped.NO_MESSAGES),
    ("eleven", {TWO: "MaxNumberOfMessages=11"}, Stopped.REFUSED),
)


@ANSWERS.right
def gives_back(sqs, queue_url, apply, is_applied):
    """What is not booked is given back at once, the last first."""
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=2, WaitTimeSeconds=20)
        messages = answer.get("Messages", [])
        while messages and (is_applied(messages[0]["Body"]) or apply(messages[0]["Body"])):
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=messages.pop(0)["ReceiptHandle"])
        for message in reversed(messages):
            handle = message["ReceiptHandle"]
            sqs.change_message_visibility(QueueUrl=queue_url, ReceiptHandle=handle, VisibilityTimeout=0)
        if messages:
            time.sleep(5)


@ANSWERS.right
def long_timeout(sqs, queue_url, apply, is_applied):
    """Ten at once, hidden long enough for all of them."""
    answer = sqs.receive_message(
        QueueUrl=queue_url, MaxNumberOfMessages=10, WaitTimeSeconds=20, VisibilityTimeout=150,
        MessageSystemAttributeNames=["MessageGroupId"],
    )  # fmt: skip
    refused = []
    for message in answer.get("Messages", []):
        if message["Attributes"]["MessageGroupId"] in refused:
            continue
        if not is_applied(message["Body"]) and not apply(message["Body"]):
            refused.append(message["Attributes"]["MessageGroupId"])
            continue
        sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])


@ANSWERS.right
def stops_the_batch(sqs, queue_url, apply, is_applied):
    """Two at once, deleted together; the batch ends with the first refusal."""
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=2, WaitTimeSeconds=20)
        done = []
        for message in answer.get("Messages", []):
            if not is_applied(message["Body"]) and not apply(message["Body"]):
                break
            done.append({"Id": str(len(done)), "ReceiptHandle": message["ReceiptHandle"]})
        if done:
            sqs.delete_message_batch(QueueUrl=queue_url, Entries=done)


@ANSWERS.wrong(Mistake.DELETED_REFUSED)
def deletes_in_finally(sqs, queue_url, apply, is_applied):
    """An exception for what was refused, and a delete for all."""
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=1, WaitTimeSeconds=20)
        for message in answer.get("Messages", []):
            try:
                if not is_applied(message["Body"]) and not apply(message["Body"]):
                    raise RuntimeError("not now")
            except RuntimeError:
                continue
            finally:
                sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
