"""Sentences of exercise 04-quiet-worker."""

from enum import Enum, unique

TITLE = "a quiet worker"
QUIET = "a quiet hour: seven orders, one worker"
BUSY_STOP = "told to stop in the middle of the work: ten orders wait"
IDLE_STOP = "told to stop while waiting: an order comes just then"
FAULTS = "everything that AWS says may happen: duplicates, lost answers, another order, short polls that miss messages"

HINTS = (
    "Count the calls that bring nothing. Who should do the waiting between two orders: your loop, by asking again and "
    "again, or SQS?",
    "`sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20)` waits inside SQS for up to 20 s and answers as soon "
    "as a message is there. A `time.sleep` between two polls is another thing: while it lasts, nobody asks.",
    "A poll cannot be called off, so ask `told_to_stop()` before each one. What an answer has brought is yours: handle "
    "and delete it, also when you have been told to stop meanwhile.",
    "After being told you have 30 s, of which the poll may take 20 and an order takes 5: receive one message at a time, "
    "or give the rest of a batch back at once with `change_message_visibility(..., VisibilityTimeout=0)`.",
)
RIGHT = "The worker is quiet, awake, and leaves nothing behind when it goes."
TOLD_QUIET = "In a quiet hour: {orders} orders, the slowest begun {slowest:.2f} s after it came, with {calls} API calls (budget {budget})."
TOLD_BUSY = "Told to stop in the middle of the work: gone after {seconds:.2f} s, and every order was made once, the last begun {slowest:.2f} s after it came."
TOLD_IDLE = "Told to stop while it waited: gone after {seconds:.2f} s, and every order was made once, the last begun {slowest:.2f} s after it came."
TOLD_FAULTS = "With everything that AWS says may happen: nothing lost, {again} of {jobs} orders made again. At least once is what a standard queue promises."

NO_ORDER = 'handle needs an order, not {given}: write handle(message["Body"]).'
ALL = "All orders are made once, and their messages are deleted then."
WITHIN = "At most {budget} API calls in an hour."
SOON = "An order is begun within {seconds} s of its arrival."
GONE = "The worker has returned within {seconds} s of being told to stop."

TOLD = "at {at:.2f} s: {by} was told to stop"
STILL_THERE = "at {at:.2f} s: {by} had not returned, and its machine was switched off"


@unique
class Mistake(Enum):
    """What an answer can do wrong in this exercise alone, each with the sentence that says why."""

    NO_BRACKETS = "No message was ever received, and `told_to_stop` was never asked: a condition needs the brackets, `told_to_stop()`."
    ASLEEP = "From {since:.2f} s to {until:.2f} s {by} did not ask. A pause between polls saves calls but makes orders wait; a long poll waits inside SQS, which answers as soon as a message is there."
    KEPT = "{by} received it at {at:.2f} s and began it {wait:.2f} s later, although it had nothing else to do."
    BUSY = "From {since:.2f} s to {until:.2f} s {by} did not ask, because it was at work on others."
    WHOLE_BATCH = "It had received {count} messages in one call and went on to the last of them: {count} times 5 s are more than 30 s. Receive what you can finish in time, or ask `told_to_stop()` between two orders and give the rest back."
    NOT_ASKED = (
        "It polled again after it had been told ({polls} times): ask `told_to_stop()` before each poll, not once."
    )
    STUCK = "It polled no more and did not return: look for what it was waiting for."
    DROPPED = "At {at:.2f} s {by} had received it, and returned without making it or giving it back. SQS does not know that the worker is gone: the message stays hidden until its visibility timeout ends. Handle what you have received, or set its visibility timeout to 0."
    SWITCHED_OFF = "It was with {by} when that machine was switched off, and SQS does not notice that: the message stays hidden until its visibility timeout ends."
