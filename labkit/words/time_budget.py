"""Sentences of exercise 01-time-budget."""

from enum import Enum, unique

TITLE = "an answer within three seconds"
WELL = "a day on which the payment service is well; now and then a connection breaks"
SLOW = "a day on which it is slow for a while"
FAULTS = "everything that AWS says may happen, on a slow day"
HINTS = (
    "How long may `pay` take, at the longest, before the visitor must have an answer? It waits for as long as you let it: "
    "pass a `timeout`.",
    "All tries together, and the send, share the three seconds. A broken connection shows within 0.1 s, so a second try is "
    "cheap; after a time-out of a second there is time for one more at most.",
    "What can't be paid in time is written into the queue, `sqs.send_message(QueueUrl=queue_url, MessageBody=order)`, and "
    'answered with `"accepted"`. Catch both `ConnectionError` and `TimeoutError`.',
    "A payment that timed out may have been made. The shop's worker pays under the order's id, so pay under that key, too.",
)
RIGHT = "Every visitor had an answer in time, it was true, and everybody paid once."
TOLD = "{visitors} visitors, {paid} of them paid at once, the slowest answered after {slowest:.2f} s."

NO_ORDER = "pay needs the order and a key, not {given}: write pay(order, order, timeout=...)."
BLIP = "The connection to the payment service broke."
GAVE_UP = "The payment service did not answer in time."
IN_TIME = "A visitor has an answer within {seconds:.0f} s."
ANSWER = 'A visitor is answered "paid" or "accepted".'
TRUE = '"paid" is what pay has confirmed, "accepted" what is in the queue.'
AT_ONCE = "While the payment service is well, a visitor pays at once."
ONCE = "Every visitor who was answered pays once, at once or a little later."
TRIED = "at {at:.2f} s: {by}: pay({order!r})"
ANSWERED = "at {at:.2f} s: the visitor of {order} was answered {answer} after {seconds:.2f} s"


@unique
class Mistake(Enum):
    """What an answer can do wrong in this exercise alone, each with the sentence that says why."""

    ONE_TOO_LONG = "One call of `pay` took {longest:.1f} s: whoever calls without a `timeout`, or with a large one, is as slow as the slowest that it calls."
    ALL_TOO_LONG = "No single call took too long, but all together did, {tries} tries and what lay between them: they share one budget. Look at the clock before another try, and leave time for the send."
    NEVER_ENDS = "The visitor waited until the end of the day, through {tries} tries: let the loop end with the budget, and send the order to the queue then."
    ERROR_PAGE = "An exception left your function, so the visitor saw an error page: catch `TimeoutError` and `ConnectionError`, and answer with what can still be done."
    OTHER_WORD = 'Your function returned something else: return "paid" or "accepted", also where it ends early.'
    NOT_QUEUED = "It was *accepted*, and nobody will ever do it: write the order into the queue before you say so."
    NOT_PAID = "It was *paid* in words only: no call of `pay` for it had succeeded by then."
    NOT_AGAIN = "A connection broke, which happens and took 0.1 s, and `pay` was not tried once more: most of the budget was left."
    NEVER_TRIED = (
        "`pay` was never called for it. A queue is for what can't be done now; who can be told *paid* should be."
    )
