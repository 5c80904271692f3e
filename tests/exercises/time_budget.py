"""Answers of 01-time-budget."""

from labkit.study.crash import Stopped
from labkit.words.shift import Mistake as Shared
from labkit.words.time_budget import Mistake
from tests.exercises.answers import Answers

ANSWERS = Answers(
    "01-time-budget",
    unprotected={"continue": "the loop goes on by itself"},
    read="no_timeout",
    text="""
Not yet: an answer within three seconds
In the run “a day on which it is slow for a while”:
What was called:
  - at 10.40 s: worker A: pay('order-5')
  - at 10.50 s: worker A: pay('order-5')
What came back:
  - at 30.50 s: the visitor of order-5 was answered 'paid' after 20.10 s
What was expected:
  - A visitor has an answer within 3 s.
Why:
  - One call of `pay` took 20.0 s: whoever calls without a `timeout`, or with a large one, is as slow as the slowest that it calls.
`hint('01-time-budget')` helps in steps.
""",
)
PAY, LIMIT, BOTH = "pay(order, order, timeout=min(1, until - time.time()))", ", timeout=min(1, until - time.time())", "(TimeoutError, ConnectionError)"
SEND, PAID, AGAIN = "sqs.send_message(QueueUrl=queue_url, MessageBody=order)", 'return "paid"', "continue"
LOOP, LAST = "while time.time() < until - 0.5:", 'return "accepted"'

ANSWERS.edits(
    ("half_a_second", {LIMIT: ", timeout=0.5"}, None),
    ("two_tries", {LOOP: "for _ in range(2):", LIMIT: ", timeout=1"}, None),
    ("no_timeout", {LIMIT: ""}, Mistake.ONE_TOO_LONG),
    ("ten_seconds", {LIMIT: ", timeout=10"}, Mistake.ONE_TOO_LONG),
    ("three_tries", {LOOP: "for _ in range(3):", LIMIT: ", timeout=1"}, Mistake.ALL_TOO_LONG),
    ("sleeps_between_tries", {LOOP: "for _ in range(2):", AGAIN: "time.sleep(1)"}, Mistake.ALL_TOO_LONG),
    ("until_it_works", {LOOP: "while True:", LIMIT: ", timeout=1"}, Mistake.ALL_TOO_LONG),
    ("never_again", {AGAIN: "break"}, Mistake.NOT_AGAIN),
    ("only_time_outs", {BOTH: "TimeoutError"}, Mistake.ERROR_PAGE),
    ("only_connections", {BOTH: "ConnectionError"}, Mistake.ERROR_PAGE),
    ("queues_everything", {LOOP: "while False:"}, Mistake.NEVER_TRIED),
    ("says_so_only", {SEND: "pass"}, Mistake.NOT_QUEUED),
    ("paid_in_words", {AGAIN: PAID}, Mistake.NOT_PAID),
    ("a_key_of_the_time", {PAY: PAY.replace("order, order", "order, str(time.time())")}, Shared.KEY_SHARED),
    ("a_key_for_each_try", {PAY: "import uuid\n" + PAY.replace("order, order", "order, str(uuid.uuid4())")}, Shared.KEY_CHANGES),
    ("never_ends", {LOOP: "while True:"}, Mistake.NEVER_ENDS),
    ("a_key_of_its_own", {PAY: PAY.replace("order, order", 'order, f"checkout-{order}"')}, Shared.KEY_CHANGES),
    ("forgets_the_answer", {LAST: "pass"}, Mistake.ERROR_PAGE),
    ("another_word", {LAST: "return True"}, Mistake.OTHER_WORD),
    ("no_key", {PAY: "pay(order)"}, Stopped.OTHER),
)
