"""Answers of 05-charge-once."""

import uuid

from labkit.study.crash import Stopped
from labkit.words.charge_once import Mistake
from labkit.words.shift import Mistake as Shared
from labkit.words.shift import Rests
from tests.exercises.answers import Answers

ANSWERS = Answers(
    "05-charge-once",
    read="key_new",
    text="""
Not yet: charge once
In the run “every order of events: two orders and two workers with a fault in every place, one order with two faults”:
What was called:
  - Consumer A received order-1 and wrote order-1 into payments, and then its machine died.
  - 30 s after its receive order-1 was visible again, and consumer A2, started anew without its memory, received order-1 as well and wrote order-1 into payments.
What came back:
  - So order-1 has 2 payments.
What was expected:
  - One payment for each order, and an empty queue.
Why:
  - Each delivery wrote a payment under another `payment_id`, so DynamoDB could not know that it was the same order-1. What a machine remembers is gone when it dies, and other machines cannot see it. The key has to be the same in every delivery.
To watch it through boto3: `result = check('05-charge-once', worker)`, then `lab = result.replay()` and `swimlanes(lab)`.
`hint('05-charge-once')` helps in steps.
""",
    unprotected={
        "ConditionExpression='attribute_not_exists(payment_id)'": "the same row again is the same row",
    },
)
BODY, KEY, FOR = 'order = message["Body"]', '"payment_id": {"S": order}', ', "order_id": {"S": order}'
DELETE = 'sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])'
REFUSED = "dynamodb.exceptions.ConditionalCheckFailedException"
CONDITION = 'ConditionExpression="attribute_not_exists(payment_id)",'
PASS, WAIT = "pass  # somebody", ", WaitTimeSeconds=20"
PAID = 'dynamodb.put_item(TableName="payments", Item={"payment_id": {"S": f"!{order}"}, "order_id": {"S": order}})'
START, BACK = "def worker(", 'sqs.send_message(QueueUrl=queue_url, MessageBody=order)'


def key(text, imports=""):
    """The edit that gives a payment another key."""
    return {KEY: f'"payment_id": {{"S": {text}}}', BODY: f"{imports}\n{BODY}" if imports else BODY}


NEW = key("str(uuid.uuid4())", "import uuid")
HEAD = """
while True:
    for message in sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20).get("Messages", []):
        order, new = {"S": message["Body"]}, {"S": str(uuid.uuid4())}
"""
TAIL = '\n        sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])\n'

ANSWERS.edits(
    ("overwrites", {CONDITION: ""}, None),
    ("in_tens", {WAIT: f"{WAIT}, MaxNumberOfMessages=10"}, None),
    ("key_of_its_own", key("hashlib.md5(order.encode()).hexdigest()", "import hashlib"), None),
    ("key_new_on_a_condition", NEW, Mistake.BLIND_CONDITION),
    ("key_new", NEW | {CONDITION: ""}, Mistake.NEW_KEY),
    ("key_of_the_time", key("str(time.time())", "import time"), Mistake.BLIND_CONDITION),
    ("key_receipt_handle", key('message["ReceiptHandle"]'), Shared.KEY_IS_HANDLE),
    ("key_message_id", key('message["MessageId"]'), Shared.KEY_IS_MESSAGE_ID),
    ("key_hash", key("str(hash(order))"), Shared.KEY_CHANGES),
    ("key_of_the_host", key("order + socket.gethostname()", "import socket"), Shared.KEY_CHANGES),
    ("key_of_the_day", key('f"{datetime.date.today()} {order}"', "import datetime"), Rests.ONE_DAY),
    ("key_of_the_process", key("RUN + order") | {START: f"import uuid\n\nRUN = str(uuid.uuid4())\n\n\n{START}"}, Shared.KEY_CHANGES),
    ("key_for_all", key('"bookshop"'), Mistake.OVERWRITTEN),
    ("key_for_all_overwrites", key('"bookshop"') | {CONDITION: ""}, Mistake.OVERWRITTEN),
    ("deletes_first", {BODY: f"{BODY}\n{DELETE}"}, Shared.DELETED_FIRST),
    ("forgot_delete", {DELETE: ""}, Shared.NO_DELETE, "receive-removes"),
    ("forgot_order_id", {FOR: ""}, Mistake.NO_ORDER_ID),
    ("order_id_message_id", {FOR: ', "order_id": {"S": message["MessageId"]}'}, Mistake.NO_ORDER_ID),
    ("only_notes", {'"payments"': '"done"', CONDITION: ""}, Mistake.NO_PAYMENT),
    ("never_pays", {"dynamodb.put_item(": "dict("}, Mistake.NO_PAYMENT),
    ("keeps_when_paid", {PASS: "continue  # somebody"}, Mistake.STUCK),
    ("stops_when_paid", {PASS: "raise  # somebody"}, Mistake.STUCK),
    ("swallows", {KEY: '"payment_id": {"N": "1"}', REFUSED: "Exception"}, Shared.REFUSED),
    ("sends_back", key('message["MessageId"]') | {DELETE: f"{BACK}\n{DELETE}"}, Shared.SENT_AGAIN),
    ("sends_back_when_paid", {PASS: f"{BACK}  # somebody"}, Stopped.LAB),
    ("swallows_all", {REFUSED: "Exception"}, Shared.DELETED_FAILED),
    ("notes_on_a_condition", {'"payments"': '"done"', f"{KEY}{FOR}": '"order_id": {"S": order}', "(payment_id)": "(order_id)", f"except {REFUSED}": f"    {PAID}\nexcept {REFUSED}"}, Mistake.NOTED_FIRST),
    ("tight_loop", {WAIT: ""}, Shared.NO_WAIT),
    ("plain_value", {KEY: '"payment_id": order'}, Stopped.PARAMETERS),
    ("no_key", {f"{KEY}, ": ""}, Stopped.REFUSED),
)
LOOK = '        if "Item" not in dynamodb.get_item(TableName="done", Key={"order_id": order}):\n            '
SCAN = '        if order not in [row["order_id"] for row in dynamodb.scan(TableName="payments")["Items"]]:\n            '
CLAIM = 'dynamodb.put_item(TableName="done", Item={"order_id": order, "is": {"S": "in progress"}})'
CLAIM_ONCE = 'dynamodb.put_item(TableName="done", Item={"order_id": order, "is": {"S": "in progress"}}, ConditionExpression="attribute_not_exists(order_id)")'
FINISHED = '"Item" in (found := dynamodb.get_item(TableName="done", Key={"order_id": order})) and found["Item"]["is"]["S"] == "paid"'
FINISH = 'dynamodb.put_item(TableName="done", Item={"order_id": order, "is": {"S": "paid"}})'
PAY = 'dynamodb.put_item(TableName="payments", Item={"payment_id": new, "order_id": order})'
NOTE = 'dynamodb.put_item(TableName="done", Item={"order_id": order})'

ANSWERS.bodies(
    globals(),
    ("deletes_in_the_end", f"{HEAD}        try:\n            {PAY.replace('new', 'order')}\n        finally:\n    {TAIL[1:]}", Shared.DELETED_FAILED),
    ("looks_first", f"{HEAD}{LOOK}{PAY}\n            {NOTE}{TAIL}", Mistake.NOTED_AFTER),
    ("looks_at_the_payments", f"{HEAD}{SCAN}{PAY}{TAIL}", Mistake.LOOKED_FIRST),
    ("notes_first", f"{HEAD}{LOOK}{NOTE}\n            {PAY}{TAIL}", Mistake.NOTED_FIRST),
    ("claims_and_takes_over", f"{HEAD}        if not ({FINISHED}):\n            {CLAIM}\n            {PAY}\n            {FINISH}{TAIL}", Mistake.CLAIMED),
    ("claims_once", f"{HEAD}        try:\n            {CLAIM_ONCE}\n            {PAY}\n            {FINISH}\n        except dynamodb.exceptions.ConditionalCheckFailedException:\n            if not ({FINISHED}):\n                continue{TAIL}", Mistake.NOTED_FIRST),
    ("looks_for_its_own_key", f"{HEAD}        if 'Item' not in dynamodb.get_item(TableName='payments', Key={{'payment_id': order}}):\n            {PAY.replace('new', 'order')}{TAIL}", None),
    ("never_receives", 'sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["All"])', Shared.NOT_RECEIVED),
    ("asks_for_ever", 'while True:\n    sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["All"])', Shared.NOT_RECEIVED),
)


@ANSWERS.right
def transaction(sqs, queue_url, dynamodb):
    """A payment with a new key and a note with a condition, in one step."""
    while True:
        for message in sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20).get("Messages", []):
            order, new = {"S": message["Body"]}, {"S": str(uuid.uuid4())}
            note = {"TableName": "done", "Item": {"order_id": order}}
            note["ConditionExpression"] = "attribute_not_exists(order_id)"
            payment = {"TableName": "payments", "Item": {"payment_id": new, "order_id": order}}
            try:
                dynamodb.transact_write_items(TransactItems=[{"Put": note}, {"Put": payment}])
            except dynamodb.exceptions.TransactionCanceledException:
                pass
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])


@ANSWERS.right
def updates(sqs, queue_url, dynamodb):
    """UpdateItem writes the row if there is none, and the same again if there is one; deleted in a batch."""
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20, MaxNumberOfMessages=10)
        for message in answer.get("Messages", []):
            order = {"S": message["Body"]}
            values = {"UpdateExpression": "SET order_id = :order", "ExpressionAttributeValues": {":order": order}}
            dynamodb.update_item(TableName="payments", Key={"payment_id": order}, **values)
            entry = {"Id": "1", "ReceiptHandle": message["ReceiptHandle"]}
            sqs.delete_message_batch(QueueUrl=queue_url, Entries=[entry])


charged = set()


@ANSWERS.wrong(Mistake.NEW_KEY)
def memory(sqs, queue_url, dynamodb):
    """Remembers in a set which orders are charged."""
    while True:
        for message in sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20).get("Messages", []):
            order, new = {"S": message["Body"]}, {"S": str(uuid.uuid4())}
            if message["Body"] not in charged:
                dynamodb.put_item(TableName="payments", Item={"payment_id": new, "order_id": order})
                charged.add(message["Body"])
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
