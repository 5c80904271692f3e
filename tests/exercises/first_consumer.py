"""Answers of 02-first-consumer."""

from labkit.study.crash import Stopped
from labkit.words.shift import Mistake
from tests.exercises.answers import Answers

ANSWERS = Answers(
    "02-first-consumer",
    unprotected={},
    read="one_delete_each",
    text="""
Not yet: your first consumer
In the run “a morning: 60 orders wait, two more come later”:
What was called:
  - at 0.01 s: worker A: ReceiveMessage(WaitTimeSeconds=20, MaxNumberOfMessages=10) -> 1 message: 'order-1'
  - at 0.02 s: worker B: ReceiveMessage(WaitTimeSeconds=20, MaxNumberOfMessages=10) -> 1 message: 'order-2'
  - at 1.02 s: worker A: DeleteMessage(ReceiptHandle='AQEBpzzT...') -> ok, deleted: 'order-1'
  - at 1.03 s: worker B: DeleteMessage(ReceiptHandle='AQEBa4mX...') -> ok, deleted: 'order-2'
What came back:
  - 78 API calls by 111.01 s: 62 DeleteMessage, 16 ReceiveMessage
What was expected:
  - At most 60 API calls.
Why:
  - Most calls were DeleteMessage, one for each message: `delete_message_batch` deletes up to ten of which the work is done.
`hint('02-first-consumer')` helps in steps.
""",
)
BAKE, NOTE = 'bake(message["Body"])', 'done.append({"Id": str(len(done)), "ReceiptHandle": message["ReceiptHandle"]})'
TEN, WAIT, DELETE = "MaxNumberOfMessages=10, ", ", WaitTimeSeconds=20", "sqs.delete_message_batch(QueueUrl=queue_url, Entries=done)"
EACH = 'sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])'
MESSAGES, ALL = 'answer.get("Messages", [])', "while True:"

ANSWERS.edits(
    ("five_at_once", {TEN: "MaxNumberOfMessages=5, "}, None),
    ("shorter_wait", {WAIT: ", WaitTimeSeconds=15"}, None),
    ("returns_each_time", {DELETE: f"{DELETE}\nreturn"}, None),
    ("forgot_delete", {DELETE: "pass"}, Mistake.NO_DELETE, "receive-removes"),
    ("deletes_first", {BAKE: f"{EACH}\n{BAKE}", NOTE: "", TEN: "MaxNumberOfMessages=10, "}, Mistake.MANY_DELETES),
    ("one_at_a_time", {TEN: ""}, Mistake.ONE_AT_A_TIME),
    ("one_delete_each", {NOTE: EACH}, Mistake.MANY_DELETES),
    ("tight_loop", {WAIT: ""}, Mistake.NO_WAIT),
    ("no_messages_key", {MESSAGES: 'answer["Messages"]'}, Stopped.NO_MESSAGES),
    ("only_the_first", {MESSAGES: f"{MESSAGES}[:1]"}, Mistake.BROUGHT_AGAIN),
    ("message_id_for_handle", {'"ReceiptHandle": message["ReceiptHandle"]': '"ReceiptHandle": message["MessageId"]'}, Mistake.DELETE_FAILED),
    ("same_id_for_all", {"str(len(done))": '"done"'}, Stopped.REFUSED),
    ("empty_batch", {"if done:": "if True:"}, Stopped.REFUSED),
    ("bakes_the_message", {BAKE: "bake(message)"}, Stopped.LAB),
    ("never_bakes", {BAKE: ""}, Mistake.NOT_HANDLED),
    ("stops_at_the_first_empty_answer", {ALL: f"import time\n{ALL}", "done = []": f"done = []\nif not {MESSAGES}:\n    time.sleep(3600)"}, Mistake.NOT_ASKING),
    ("hidden_too_short", {WAIT: f"{WAIT}, VisibilityTimeout=5"}, Mistake.DELETED_TOO_LATE),
    ("once_and_no_more", {ALL: "if True:"}, None),
)

FIRST = """
while True:
    found = sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10, WaitTimeSeconds=20).get("Messages", [])
    entries = [{"Id": str(number), "ReceiptHandle": one["ReceiptHandle"]} for number, one in enumerate(found)]
    if entries:
        sqs.delete_message_batch(QueueUrl=queue_url, Entries=entries)
    for one in found:
        bake(one["Body"])
"""

ANSWERS.bodies({}, ("deletes_the_batch_first", FIRST, Mistake.DELETED_FIRST))
