"""Answers of 03-heartbeat."""

import threading
import time

from labkit.study.crash import Stopped
from labkit.words.heartbeat import Mistake
from labkit.words.shift import Mistake as Shared
from tests.exercises.answers import Answers

ANSWERS = Answers(
    "03-heartbeat",
    unprotected={},
    read="adds_up",
    text="""
Not yet: a heartbeat for long work
In the run “an ordinary evening: three videos of 90, 25 and 140 s”:
What was called:
  - at 0.01 s: worker A: ReceiveMessage(WaitTimeSeconds=20) -> 1 message: 'wedding.mov'
  - at 25.05 s: worker B: ReceiveMessage(WaitTimeSeconds=20) -> 1 message: 'wedding.mov'
What came back:
  - at 0.01 s: worker A began wedding.mov
  - at 25.05 s: worker B began wedding.mov again
What was expected:
  - Each video is rendered once.
Why:
  - The call at 10.02 s hid the message for 10 s from that moment, so until 20.02 s; the next call came only at 20.03 s. The seconds count from each call and do not add up.
Your code would be right if this were true: ChangeMessageVisibility adds its seconds to the time that is left. It is not so. The new visibility timeout counts from the moment of the call, so it can also make the time shorter.
`hint('03-heartbeat')` helps in steps.
""",
)
WORKER, START, WAIT, BODY = "def worker(sqs, queue_url, render):", "while True:", ", WaitTimeSeconds=20", 'message["Body"]'
HANDLE, RENDER, LOOP = 'handle = message["ReceiptHandle"]', f"render({BODY})", f"for scene in render({BODY}):"
EXTEND = "sqs.change_message_visibility(QueueUrl=queue_url, ReceiptHandle=handle, VisibilityTimeout=30)"
EVERY, THIRTY, BEAT = "scene % 4 == 0", "VisibilityTimeout=30", f"if scene % 4 == 0:\n{' ' * 20}{EXTEND}"
DELETE = "sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=handle)"
QUIET, TEN = {BEAT: "pass"}, {WAIT: f"{WAIT}, MaxNumberOfMessages=10"}
DONE = {WORKER: f"DONE = set()\n\n\n{WORKER}", HANDLE: f"if {BODY} in DONE:\n    continue\n{HANDLE}"}
NOTED = f"DONE.add({BODY})\n"
SEND = f"if scene == 5:\n    sqs.send_message(QueueUrl=queue_url, MessageBody={BODY})\n    break"
LONGER = 'sqs.set_queue_attributes(QueueUrl=queue_url, Attributes={"VisibilityTimeout": "200"})'
CRASHES, ADDS, ENDLESS = "crash-returns-message", "extension-adds-up", "hidden-until-deleted"


def before(line, new):
    """An edit that puts something before a line."""
    return {line: f"{new}\n{line}"}


def extend(seconds):
    return EXTEND.replace("=30", f"={seconds}")


ANSWERS.edits(
    ("sixty", {WAIT: f"{WAIT}, VisibilityTimeout=60", EVERY: "scene % 8 == 0", THIRTY: "VisibilityTimeout=60"}, None),
    ("adds_up", {EVERY: "scene % 2 == 0", THIRTY: "VisibilityTimeout=10"}, Mistake.NEXT_LATE, ADDS),
    ("batch_of_ten", TEN, Stopped.GONE),
    ("batch_of_ten_silent", TEN | {EXTEND: f"try:\n    {EXTEND}\nexcept Exception:\n    print('not extended')"}, Shared.HELD_TOO_LONG),
    ("delete_first", QUIET | {DELETE: ""} | before(LOOP, DELETE), Shared.DELETED_FIRST),
    ("delete_at_first_scene", QUIET | {DELETE: "", "pass": f"if scene == 1:\n    {DELETE}"}, Shared.DELETED_FIRST),
    ("one_scene_only", {BEAT: "break"}, Shared.DELETED_FIRST),
    ("every_scene", {EVERY: "True"}, Shared.MANY_EXTENSIONS),
    ("exits", QUIET | {DELETE: f"{DELETE}\nraise SystemExit(0)"}, Stopped.EXIT),
    ("forgot_delete", {DELETE: ""}, Shared.NO_DELETE),
    ("huge_at_receive", QUIET | {WAIT: f"{WAIT}, VisibilityTimeout=600"}, Mistake.HIDDEN_LONG, CRASHES),
    ("huge_at_start", QUIET | before(LOOP, extend(150)), Mistake.HIDDEN_LONG, CRASHES),
    ("huge_for_the_queue", QUIET | before(START, LONGER), Mistake.HIDDEN_LONG, CRASHES),
    ("grows", {THIRTY: "VisibilityTimeout=30 + 5 * scene"}, Mistake.HIDDEN_LONG, CRASHES),
    ("list_of_scenes", {RENDER: f"list({RENDER})"}, Mistake.FIRST_LATE, ENDLESS),
    ("message_id", {EXTEND: EXTEND.replace("=handle", '=message["MessageId"]')}, Stopped.NO_RECEIPT),
    ("milliseconds", {THIRTY: "VisibilityTimeout=30_000"}, Mistake.SECONDS),
    ("minutes", {THIRTY: "VisibilityTimeout=0.5"}, Stopped.PARAMETERS),
    ("no_heartbeat", QUIET, Shared.TOO_LATE),
    ("no_heartbeat_no_delete", QUIET | {DELETE: ""}, Shared.TOO_LATE, "receive-removes"),
    ("no_messages_key", {'.get("Messages", [])': '["Messages"]', "=20": "=1"}, Stopped.NO_MESSAGES),
    ("old_handle", {WORKER: f"HANDLES = {{}}\n\n\n{WORKER}", HANDLE: f"handle = HANDLES.setdefault({BODY}, {HANDLE[9:]})"}, Shared.OLD_RECEIPT, "old-handle-deletes"),
    ("once_at_the_start", QUIET | before(LOOP, extend(60)), Mistake.NO_FURTHER),
    ("once_in_the_middle", {EVERY: "scene == 4"}, Mistake.NO_FURTHER),
    ("poll_to_keep", {EXTEND: "sqs.receive_message(QueueUrl=queue_url)"}, Shared.TOO_LATE),
    ("render_not_looped", {f"{LOOP}\n{' ' * 16}{BEAT}": RENDER}, Mistake.NOT_LOOPED),
    ("rendered_twice", before(LOOP, f"list({RENDER})") | {WAIT: f"{WAIT}, VisibilityTimeout=60"}, Shared.TWICE_FOR_ONE),
    ("sends_again", {BEAT: SEND}, Shared.SENT_AGAIN),
    ("polls_without_a_wait", {WAIT: ""}, Shared.NO_WAIT),
    ("short_polls", {WAIT: ", WaitTimeSeconds=1"}, Shared.SHORT_WAIT),
    ("skips_begun", DONE | before(LOOP, NOTED), Shared.NO_SECOND_DELETE),
    ("skips_known", DONE | {DELETE: f"{DELETE}\n{NOTED}"}, Shared.NO_SECOND_DELETE),
    ("sleeps", {START: f"import time\n{START}\n    time.sleep(90)"}, Mistake.NOT_POLLED),
    ("sleeps_before_it", before(LOOP, "import time\ntime.sleep(25)"), Mistake.FIRST_LATE, ENDLESS),
    ("too_seldom", {EVERY: "scene % 6 == 0"}, Mistake.FIRST_LATE),
    ("typo_key", {"ReceiptHandle\"]": "ReceiptHandel\"]"}, Stopped.KEY),
    ("typo_method", {"change_message": "change_mesage"}, Stopped.ATTRIBUTE),
    ("typo_name", {f"({BODY})": '(mesage["Body"])'}, Stopped.NAME),
    ("whole_message", {RENDER: "render(message)"}, Stopped.LAB),
    ("wrong_parameter", {THIRTY: "VisibiltyTimeout=30"}, Stopped.PARAMETERS),
    ("wrong_signature", {"(sqs, queue_url, render)": "(queue_url)"}, Stopped.CALLED_AS),
    ("wrong_parameter_swallowed", {EXTEND: f"try:\n    {EXTEND.replace('Timeout=', 'Timout=')}\nexcept Exception:\n    pass"}, Shared.EXTENSION_FAILED),
    ("text_swallowed", {EXTEND: f"try:\n    {EXTEND.replace('=30', '=str(30)')}\nexcept Exception as error:\n    print(error)"}, Shared.EXTENSION_FAILED),
    ("text_for_a_number", {THIRTY: 'VisibilityTimeout="30"'}, Stopped.PARAMETERS),
    ("delete_swallowed", {DELETE: f"try:\n    {DELETE.replace('ReceiptHandle', 'Handle')}\nexcept Exception:\n    pass"}, Shared.NO_DELETE),
    ("queue_of_150_s", QUIET | before(START, LONGER.replace("200", "150")), Mistake.HIDDEN_LONG, CRASHES),
    ("zero", {THIRTY: "VisibilityTimeout=0"}, Shared.GIVEN_BACK),
)

POLLS = "while True:\n    try:\n        sqs.receive_message(QueueUrl=queue_url, WaitTimeSecond=20)\n    except Exception:\n        time.sleep(1)"

ANSWERS.bodies({"time": time}, ("receive_swallowed", POLLS, Shared.NOT_SENT))


@ANSWERS.right
def one_at_a_time(sqs, queue_url, render):
    """Handles one message and returns: its supervisor starts it again."""

    def keep(handle):
        sqs.change_message_visibility(QueueUrl=queue_url, ReceiptHandle=handle, VisibilityTimeout=45)

    messages = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20).get("Messages")
    if not messages:
        return
    (message,) = messages
    keep(message["ReceiptHandle"])
    for number, _ in enumerate(render(message["Body"]), start=1):
        if number % 6 == 0:
            keep(message["ReceiptHandle"])
    sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])


@ANSWERS.right
def by_the_clock(sqs, queue_url, render):
    """55 s from the receive on, renewed by the clock instead of by scenes, and deleted by a batch call."""
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20, VisibilityTimeout=55)
        for message in answer.get("Messages", []):
            handle, extended = message["ReceiptHandle"], time.time()
            for _ in render(message["Body"]):
                if time.time() - extended >= 40:
                    sqs.change_message_visibility(QueueUrl=queue_url, ReceiptHandle=handle, VisibilityTimeout=55)
                    extended = time.time()
            sqs.delete_message_batch(QueueUrl=queue_url, Entries=[{"Id": "done", "ReceiptHandle": handle}])


@ANSWERS.wrong(Shared.NOT_RECEIVED)
def idle(sqs, queue_url, render):
    """Looks at the queue's attributes."""
    sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["All"])


@ANSWERS.wrong(Stopped.LAB)
def thread(sqs, queue_url, render):
    """A heartbeat in a thread of its own."""

    def beat(handle):
        while True:
            time.sleep(20)
            sqs.change_message_visibility(QueueUrl=queue_url, ReceiptHandle=handle, VisibilityTimeout=30)

    for message in sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20).get("Messages", []):
        threading.Thread(target=beat, args=[message["ReceiptHandle"]]).start()
        list(render(message["Body"]))
        sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
