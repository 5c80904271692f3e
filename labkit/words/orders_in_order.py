"""Sentences of exercise 07-orders-in-order."""

TITLE = "orders in order"
STORY = (
    "A shop writes what happens to its orders into the FIFO queue `events.fifo`: placed, paid, shipped, one message "
    "each, with the order as the message group and a visibility timeout of 30 s. Two workers run on two machines, each "
    "in your function. `apply(event)` books one event. It takes 8 s, on slow days 14 s, and it returns False when the "
    "bank says *not now*: then nothing has been booked. `is_applied(event)` tells whether an event has been booked "
    "already. Every event must be booked once, and each order's events in their order, though machines die."
)
BUDGET = "At most {calls} API calls for ten orders, both workers together."
DAY = "an ordinary day: ten orders, and the bank says once: not now"
SLOW = "a slow day: 14 s an event"
CRASH_BEFORE = "a machine dies in the middle of an event"
CRASH_AFTER = "a machine dies right after booking an event"
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
TOLD_CRASH = "A machine died: {events} events booked once all the same."
TOLD_EVERY_ORDER = "Right in all of {schedules:,} orders of events."
TOLD_FAULTS = "Answers got lost: {events} events booked once, with {calls} API calls."

NO_EVENT = 'apply needs an event, not {given}: write apply(message["Body"]).'
NOT_ONCE = "{event} was booked {times} times"
NOT_AT_ALL = "{event} was not booked"
OVERTAKEN = "{later} was booked before {earlier}"
ALL_ONCE = "Every event is booked once, and its message is deleted then."
IN_ORDER = "An event is booked when the one before it in its order has been."
WITHIN = "At most {budget} API calls until the last event is booked."

NOTHING = "no event was booked"
REFUSED = "at {at:.2f} s: {by} was told about {event}: not now"
BEGAN = "at {at:.2f} s: {by} began {event}"
APPLIED = "at {at:.2f} s: {by} had booked {event}"
SHOWN = "at {at:.2f} s: the message of {event} was visible again"
BEGAN_AGAIN = "at {at:.2f} s: {by} began {event} again"
UNFINISHED = "{event} was not booked by anybody"
LEFT = "{event} was booked, but its message is still in the queue at the end"

WHY_REFUSED = "`{before}` had not been booked, and you went on to what follows it. A FIFO queue holds back what it has not handed out; of a batch that you hold already, you keep the order: pass over the rest of the order, and let it come again."
WHY_ORDER = "`{before}` had not been booked yet. Work through the messages of a receive in the order in which they come, and delete a message when its event has been booked, not before."
WHY_NOT_ASKED = "{by} had booked `{event}` when its machine died, and had not deleted the message; so it was handed out again. Exactly once ends at the queue: ask `is_applied(event)` before you apply."
WHY_APPLIED_TWICE = "`apply` was called twice for one receive of the message."
WHY_TIMEOUT = "The visibility timeout of the batch ended at {end:.2f} s, while {by} was still at work on it. It counts from the receive, for all messages together: receive fewer at once, or extend it while you work."
WHY_NO_DELETE = "The event was booked, but its message was not deleted in time: a received message comes back unless `DeleteMessage` is called with its receipt handle before its visibility timeout ends."
WHY_DELETED_UNDONE = "The message was deleted although its event had not been booked: `apply` returned False, or was not called. DeleteMessage says that the work is done."
WHY_DELETED_EARLY = "The message was deleted before its event was booked, so when the machine died nobody had it any more: delete after the work."
WHY_STOPPED = "Nobody booked it in time: a worker that has nothing to do keeps receiving, and what you pass over comes again after its visibility timeout."
WHY_NOT_RECEIVED = (
    "No message was ever received: call `sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20)` in a loop."
)
WHY_NOT_APPLIED = "Messages were received, but `apply` was never called with their Body."
WHY_POLLS = "Most calls were ReceiveMessage: one receive can bring several messages (`MaxNumberOfMessages`), and a poll that waits (`WaitTimeSeconds=20`) costs one call instead of hundreds."
WHY_DELETES = "Most calls were DeleteMessage, one for each event: receive several messages in one call, or delete several with `delete_message_batch`, when each of them has been booked."
WHY_ANY_TIME = "A machine can die, a timeout end and an answer get lost at any moment, also between `apply` and `delete_message`: each message may come again, and its event may have been booked."
