"""Sentences of exercise 07-orders-in-order."""

from enum import Enum, unique

TITLE = "orders in order"
DAY = "an ordinary day: ten orders, and the bank says to each machine once: not now"
SLOW = "a slow day: 14 s an event"
EVERY_ORDER = "one worker, every moment at which its machine can die, a timeout end or an answer get lost"
FAULTS = "everything that AWS says may happen to a FIFO queue: answers that get lost"

HINTS = (
    "One receive can bring several messages of one order. If the second of them says *not now*, what may you do with the "
    "third? SQS holds back what it has not handed out yet, and cannot take back what you hold.",
    'Remember the orders for which `apply` returned False (`message["Attributes"]["MessageGroupId"]`, or the first '
    "word of the body) and pass over the rest of them in this batch: neither apply nor delete. They come again, in "
    "order, when their visibility timeout ends.",
    "The timeout of 30 s counts for the whole batch from its receive. How many events of 14 s fit into it? Ask for so "
    "many with `MaxNumberOfMessages`, or extend with `change_message_visibility` while you work.",
    "A machine can die between `apply` and `delete_message`. The message comes again then, and its event has been booked: "
    "ask `is_applied(event)` first, and delete without applying if it is so.",
)
RIGHT = "Each order's events were booked once and in their order, whatever happened in between."
TOLD_DAY = "An ordinary day: {events} events booked in order, with {calls} API calls."
TOLD_SLOW = "A slow day: {events} events, each booked once."
TOLD_EVERY_ORDER = "Right in all of {schedules:,} orders of events."
TOLD_FAULTS = "Answers got lost: {events} events booked once, with {calls} API calls."

NO_EVENT = 'apply needs an event, not {given}: write apply(message["Body"]).'
NOT_ONCE = "{event} was booked {times} times"
NOT_AT_ALL = "{event} was not booked"
OVERTAKEN = "{later} was booked before {before}"
ALL = "Every event is booked once, and its message is deleted then."
IN_ORDER = "An event is booked when the one before it in its order has been."
WITHIN = "At most {budget} API calls until the last event is booked."

REFUSED = "at {at:.2f} s: {by} asked for {event}, and was told: not now"
BEGAN = "at {at:.2f} s: {by} began {event}"


@unique
class Mistake(Enum):
    """What an answer can do wrong in this exercise alone, each with the sentence that says why."""

    ONLY_ASKED = "`is_applied` was asked, and `apply` was never called."
    WENT_ON = "`{before}` had not been booked, and you went on to what follows it. A FIFO queue holds back what it has not handed out; of a batch that you hold already, you keep the order: pass over the rest of the order, and let it come again."
    ORDER = "`{before}` had not been booked yet. Work through the messages of a receive in the order in which they come, and delete a message when its event has been booked, not before."
    NOT_ASKED = "{first} had booked `{body}` when its machine died, and had not deleted the message; so it was handed out again. Exactly once ends at the queue: ask `is_applied(event)` before you apply."
    DELETED_REFUSED = "The message was deleted although its event had not been booked: `apply` had returned False. DeleteMessage says that the work is done."
    PASSED_OVER = "The bank had said *not now*, and after that {by} received the event {times} more times and did not try it again: pass over the rest of an order in one batch, and forget about it with the next."
    LOST = "Nobody had it any more when the machine died: delete a message when its event has been booked, not before."
    ANY_TIME = "A machine can die, a timeout end and an answer get lost at any moment, also between `apply` and `delete_message`: each message may come again, and its event may have been booked."
