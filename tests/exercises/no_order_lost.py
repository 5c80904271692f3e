"""Answers of 09-no-order-lost."""

import time

from labkit.study.crash import Stopped
from labkit.words.no_order_lost import Mistake
from labkit.words.shift import Mistake as Shared
from labkit.words.shift import Rests
from tests.exercises.answers import Answers

ANSWERS = Answers(
    "09-no-order-lost",
    read="key_message_id",
    text="""
Not yet: no order lost, none stored twice
In the run “after a rush: 60 orders wait, two of them were sent twice”:
What was called:
  - at 0.01 s: worker A: ReceiveMessage(WaitTimeSeconds=20, MaxNumberOfMessages=10) -> 10 messages: 'order-1', 'order-2', 'order-3', 'order-4', 'order-5', 'order-6', 'order-7', 'order-8', 'order-9', 'order-10'
  - at 1.16 s: worker A: ReceiveMessage(WaitTimeSeconds=20, MaxNumberOfMessages=10) -> 2 messages: 'order-7', 'order-31'
What came back:
  - at 0.22 s: worker A: row for order-7 under the key '3f33a5da-3e3'
  - at 1.37 s: worker A: row for order-7 under the key 'ab73fbdc-2ef'
What was expected:
  - Each order is stored once.
Why:
  - Both keys are message ids, and each message has another one: what is sent or moved again is a new message. Take a key that belongs to the order.
`hint('09-no-order-lost')` helps in steps.
""",
    unprotected={},
)
BODY, ROW, STOCK = 'order = message["Body"]', "[order, order]", "[new])"
NEW = f"new += connection.execute(insert, {ROW}).rowcount"
TAKE = f'connection.execute("update stock set remaining = remaining - ?", {STOCK}'
LONGER, BUSY = '{**one, "VisibilityTimeout": 60}', "except database.Busy:"
HOLD = "sqs.change_message_visibility_batch(QueueUrl=queue_url, Entries=longer)"
SLEEP, BACK_OFF = "time.sleep(pause)", "pause = min(2 * pause, 30)"
DELETE, PAUSE = "sqs.delete_message_batch(QueueUrl=queue_url, Entries=held)", "pause = 1"
HEAD, PLAIN = "def worker(sqs, queue_url, database):", {" on conflict do nothing": ""}
BEAR = "try:\n    connection.execute(insert, {})\nexcept Exception as error:\n    if 'UNIQUE' in str(error):\n        continue\n    raise\nnew += 1"
LOOK = "if not connection.execute('select id from orders where id = ?', [order]).fetchall():\n    {}"
ONE_CALL_EACH = "for one in held:\n    sqs.{}(QueueUrl=queue_url, ReceiptHandle=one['ReceiptHandle'], {})"
AWAY = "pause += 1\nif pause > 12:\n    longer = [{**one, 'VisibilityTimeout': 1200} for one in held]\n    {}\n    time.sleep(60)\n    held = []"

ANSWERS.edits(
    ("waits_as_long", {BACK_OFF: "pause = 25"}, None),
    ("smaller_batches", {"=10": "=6"}, None),
    ("extends_at_receive", {"=20)": "=20, VisibilityTimeout=45)"}, None),
    ("own_prefix", {ROW: '["shop-" + order, order]'}, None),
    ("bears_the_error", PLAIN | {NEW: BEAR.format(ROW)}, None),
    ("looks_first", PLAIN | {NEW: LOOK.format(NEW)}, None),
    ("one_call_a_message", {HOLD: ONE_CALL_EACH.format("change_message_visibility", "VisibilityTimeout=45"),
                            DELETE: ONE_CALL_EACH.format("delete_message", "")}, None),
    ("sends_away", {HOLD: "", SLEEP: "time.sleep(2)", BACK_OFF: AWAY.replace("{}", HOLD)}, None),
    ("again_and_again", {"held = []": "pass"}, Mistake.AGAIN),
    ("bare_except", {BUSY: "except:", HOLD: "", SLEEP: "", BACK_OFF: "pass"}, Mistake.HOT),
    ("busy_ends_it", {HOLD: "raise"}, Mistake.ENDED_BY_BUSY),
    ("catches_another_error", {PAUSE: f"{PAUSE}\nimport sqlite3", BUSY: "except sqlite3.OperationalError:"}, Mistake.ENDED_BY_BUSY),
    ("only_sleeps", {HOLD: ""}, Mistake.UNEXTENDED),
    ("fixed_pause", {BACK_OFF: "pause = 5"}, Mistake.SHORT_PAUSE),
    ("swallows_and_lets_go", {BUSY: "except Exception:", HOLD: "", SLEEP: "", BACK_OFF: "held = []", "insert into orders (id": "insert into orders (number"}, Mistake.ERROR),
    ("commits_by_hand", {TAKE: f"{TAKE}\nconnection.commit()"}, Stopped.LAB),
    ("counts_messages", {STOCK: "[len(messages)])"}, Mistake.STOCK_COUNTED),
    ("delete_first", {DELETE: "", PAUSE: f"if messages:\n    {DELETE}\n{PAUSE}", HOLD: ""}, Shared.DELETED_FIRST),
    ("deletes_in_the_end", {DELETE: "pass", "held = []": "pass", BUSY: f"except KeyError:\n    pass\nfinally:\n    {DELETE}\n    held = []\nif held:", HOLD: ""}, Shared.DELETED_FAILED),
    ("deletes_the_new_ones_only", {NEW: f"if connection.execute(insert, {ROW}).rowcount:\n    new += 1\nelse:\n    held = [one for one in held if one['ReceiptHandle'] != message['ReceiptHandle']]", DELETE: f"if held:\n    {DELETE}"}, Shared.NO_SECOND_DELETE),
    ("forgets_stock", {TAKE: ""}, Mistake.STOCK_FORGOTTEN),
    ("forgot_delete", {DELETE: ""}, Shared.NO_DELETE, "receive-removes"),
    ("gives_back", {LONGER: LONGER.replace("60", "0"), SLEEP: "time.sleep(60)", BACK_OFF: "held = []"}, Mistake.BURNED),
    ("hides_at_receive", {"=20)": "=20, VisibilityTimeout=7200)", HOLD: ""}, Shared.HIDDEN, "crash-returns-message"),
    ("hides_for_hours", {LONGER: LONGER.replace("60", "43000"), SLEEP: "", BACK_OFF: "held = []"}, Shared.HIDDEN),
    ("hot_retry", {HOLD: "", SLEEP: "", BACK_OFF: "continue"}, Mistake.HOT),
    ("key_date", {ROW: '[time.strftime("%d ") + order, order]'}, Rests.ONE_DAY),
    ("key_for_all", {ROW: '["shop", order]'}, Shared.KEY_SHARED),
    ("key_handle", {ROW: '[message["ReceiptHandle"], order]'}, Shared.KEY_IS_HANDLE),
    ("key_hash", {ROW: "[str(hash(order)), order]"}, Shared.KEY_CHANGES),
    ("key_host", {BODY: f"import socket\n{BODY}", ROW: "[order + socket.gethostname(), order]"}, Shared.KEY_CHANGES),
    ("key_message_id", {ROW: '[message["MessageId"], order]'}, Shared.KEY_IS_MESSAGE_ID),
    ("key_uuid", {BODY: f"import uuid\n{BODY}", ROW: "[str(uuid.uuid4()), order]"}, Shared.KEY_CHANGES),
    ("lets_go", {HOLD: "", SLEEP: "", BACK_OFF: "held = []"}, Mistake.BURNED),
    ("message_id_as_name", {ROW: '[order, message["MessageId"]]'}, Mistake.NO_ORDER),
    ("no_messages_key", {'.get("Messages", [])': '["Messages"]'}, Stopped.NO_MESSAGES),
    ("one_by_one", {"MaxNumberOfMessages=10, ": ""}, Mistake.COMMITS),
    ("plain_insert", PLAIN, Stopped.OTHER),
    ("remembers", {HEAD: f"SEEN = set()\n\n\n{HEAD}", NEW: f"if order not in SEEN:\n    SEEN.add(order)\n    {NEW}", ROW: '[message["MessageId"], order]'}, Shared.KEY_IS_MESSAGE_ID),
    ("replaces", {"insert into": "insert or replace into", " on conflict do nothing": ""}, Mistake.STOCK_COUNTED),
    ("replaces_with_one_key", {"insert into": "replace into", " on conflict do nothing": "", ROW: '["shop", order]'}, Shared.KEY_SHARED),
    ("short_pause", {PAUSE: "pause = 0.02", BACK_OFF: ""}, Mistake.HOT),
    ("stores_the_first", {"in messages:": "in messages[:1]:"}, Shared.DELETED_UNDONE),
    ("swallows", {BUSY: "except Exception:", "insert into orders": "insert into order_s"}, Mistake.ERROR),
    ("swallows_the_key", {" on conflict do nothing": "", BUSY: "except Exception:", HOLD: DELETE, SLEEP: "", BACK_OFF: "held = []"}, Shared.DELETED_FAILED),
    ("sends_again", {HOLD: "for one in messages:\n    sqs.send_message(QueueUrl=queue_url, MessageBody=one['Body'])", BACK_OFF: f"{DELETE}\nheld = []"}, Mistake.HOT),
    ("two_transactions", {TAKE: "pass", DELETE: f"with database.transaction() as connection:\n    {TAKE}\n{DELETE}"}, Mistake.STOCK_APART),
    ("typo_in_sql", {"insert into orders": "insert into order_s"}, Stopped.OTHER),
)


@ANSWERS.wrong(Shared.DELETED_UNDONE)
def deletes_only(sqs, queue_url, database):
    """Deletes what it receives and stores nothing."""
    for message in sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20).get("Messages", []):
        sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])


@ANSWERS.wrong(Mistake.NOT_INSERTED)
def only_receives(sqs, queue_url, database):
    """Receives, and does nothing with it."""
    sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10, WaitTimeSeconds=20)


@ANSWERS.wrong(Shared.NOT_RECEIVED)
def never_receives(sqs, queue_url, database):
    """Asks for nothing."""
    time.sleep(20)
