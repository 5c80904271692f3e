"""Answers of 06-dead-letters."""

from itertools import count

from labkit.study.crash import Stopped
from labkit.words.dead_letters import Mistake
from labkit.words.shift import Mistake as Shared
from labkit.words.shift import Rests
from tests.exercises.answers import Answers

ANSWERS = Answers(
    "06-dead-letters",
    read="key_handle",
    text="""
Not yet: one bad order among good ones
In the run “a day: twelve orders, of which one cannot be sent”:
What was called:
  - at 10.05 s: worker A: ReceiveMessage(WaitTimeSeconds=20) -> 1 message: 'order-5'
  - at 40.05 s: worker A: ReceiveMessage(WaitTimeSeconds=20) -> 1 message: 'order-5'
What came back:
  - at 11.05 s: worker A: charge for order-5 under the key 'AQEBwUI1lNAG'
  - at 41.05 s: worker A: charge for order-5 under the key 'AQEBmXob74tE'
What was expected:
  - Each customer is charged once, however often the order is received.
Why:
  - Both keys are receipt handles, and each receive brings another one. Take a key that belongs to the order.
`hint('06-dead-letters')` helps in steps.
""",
    unprotected={
        "try": "of one message at a time an exception ends only this try, and a supervisor starts the worker again",
        "except ConnectionError": "as above",
        "except ValueError": "as above",
    },
)
BODY, PAY, GUARD = 'order = message["Body"]', "pay(order, order)", "except (ConnectionError, ValueError):"
DELETE = 'sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])'
HIDE = DELETE.replace("delete_message", "change_message_visibility").replace('"])', '"], VisibilityTimeout={})\ncontinue')
TRIES = 'int(message["Attributes"]["ApproximateReceiveCount"])'
LOOP = "while True:\n    try:\n        pay(order, order), send(order)\n        break\n    except (ConnectionError, ValueError):\n        continue"
BY_HAND = 'sqs.send_message(QueueUrl=sqs.get_queue_url(QueueName="dead-orders")["QueueUrl"], MessageBody=order)'
SENDS_FIRST = {f"{PAY}\n{' ' * 16}send(order)": f"send(order)\n{PAY}"}

ANSWERS.edits(
    ("small_batches", {"=20)": "=20, MaxNumberOfMessages=3)"}, None),
    ("backs_off", {"=20)": '=20, MessageSystemAttributeNames=["All"])', "continue": HIDE.format(f"15 * 2**{TRIES}")}, None),
    ("batch_crashes", {"=20)": "=20, MaxNumberOfMessages=5)", "continue": "raise"}, Mistake.BATCH),
    ("batch_of_ten", {"=20)": "=20, MaxNumberOfMessages=10)"}, Shared.TOO_LATE),
    ("by_hand", {GUARD: f"except ValueError:\n    {BY_HAND}\nexcept ConnectionError:"}, Mistake.BY_HAND),
    ("polls_without_a_wait", {", WaitTimeSeconds=20": ""}, Shared.NO_WAIT),
    ("deletes_first", {BODY: f"{BODY}\n{DELETE}"}, Shared.DELETED_FIRST),
    ("forgot_delete", {DELETE: ""}, Shared.NO_DELETE),
    ("gives_back_at_once", {"continue": HIDE.format(0)}, Mistake.NO_TIME),
    ("hides_it", {"continue": HIDE.format(3600)}, Shared.HIDDEN),
    ("key_for_all", {PAY: 'pay(order, "bookshop")'}, Shared.KEY_SHARED),
    ("key_handle", {PAY: 'pay(order, message["ReceiptHandle"])'}, Shared.KEY_IS_HANDLE),
    ("key_hash", {PAY: "pay(order, str(hash(order)))"}, Shared.KEY_CHANGES),
    ("key_message_id", {PAY: 'pay(order, message["MessageId"])'}, Shared.KEY_IS_MESSAGE_ID, "redrive-keeps-id"),
    ("key_of_the_day", {PAY: 'import datetime\npay(order, f"{datetime.date.today()} {order}")'}, Rests.ONE_DAY),
    ("key_of_the_host", {PAY: "import socket\npay(order, order + socket.gethostname())"}, Shared.KEY_CHANGES),
    ("never_pays", {PAY: "pass"}, Mistake.UNPAID),
    ("no_key", {PAY: "pay(order)"}, Stopped.OTHER),
    ("only_looks", {PAY: "order.upper()", "send(order)": "pass"}, Shared.NOT_HANDLED),
    ("sends_before_it_pays", SENDS_FIRST, Mistake.SENT_FIRST),
    ("sends_before_it_pays_and_crashes", SENDS_FIRST | {"continue": "raise"}, Mistake.SENT_FIRST),
    ("sleeps_between_polls", {", WaitTimeSeconds=20": "", "while True:": "import time\nwhile True:\n    time.sleep(1)"}, None),
    ("sends_again", {"continue": "sqs.send_message(QueueUrl=queue_url, MessageBody=order, DelaySeconds=30)"}, Shared.SENT_AGAIN),
    ("swallows", {"continue": "pass"}, Shared.DELETED_FAILED),
    ("tries_in_a_loop", {"send(order)": "pass", PAY: LOOP}, Shared.NOT_ASKING),
    ("whole_message", {BODY: "order = message"}, Stopped.LAB),
)


@ANSWERS.right
def let_it_crash(sqs, queue_url, pay, send):
    """No exception is caught: the supervisor starts it again."""
    while True:
        for message in sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20).get("Messages", []):
            pay(message["Body"], f"bookshop-{message['Body']}")
            send(message["Body"])
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])


@ANSWERS.wrong(Shared.NOT_RECEIVED)
def idle(sqs, queue_url, pay, send):
    """Looks at the queue's attributes."""
    sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["All"])


NUMBERS = count(1)


@ANSWERS.wrong(Shared.KEY_CHANGES)
def key_counts(sqs, queue_url, pay, send):
    """Numbers its payments."""
    while True:
        for message in sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20).get("Messages", []):
            try:
                pay(message["Body"], f"payment-{next(NUMBERS)}")
                send(message["Body"])
            except (ConnectionError, ValueError):
                continue
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
