"""Sentences of exercise 04-quiet-worker."""

TITLE = "a quiet worker"
STORY = (
    "A flower shop takes its orders through the queue `orders`, whose visibility timeout is 5 minutes. Few orders come, "
    "and the worker asks for them in a tight loop, all day. `handle(order)` makes one order, which takes 5 s. Every "
    "order must be begun within 2 s of its arrival when the worker is free. When the shop puts a new version into "
    "service, `told_to_stop()` becomes True for the old worker, which then has 30 s before its machine is switched off; "
    "a new worker is there already. No order may be made twice, and none may wait for more than 60 s because of it."
)
BUDGET = "At most {calls} API calls in a quiet hour."
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
ALL = "All {count} orders are made once, and their messages are deleted then."
WITHIN = "At most {budget} API calls in an hour."
SOON = "An order is begun within {seconds} s of its arrival."
GONE = "The worker has returned within {seconds} s of being told to stop."

ARRIVED = "at {at:.2f} s: {order} came"
BEGAN = "at {at:.2f} s: {by} began {order}"
BEGAN_AGAIN = "at {at:.2f} s: {by} began {order} again"
NOBODY_BEGAN = "nobody began {order}"
NOTHING_MADE = "no order was made"
LEFT = "{order} was made, but its message is still in the queue at the end"
UNFINISHED = "{order} was not made by anybody"
TOLD = "at {at:.2f} s: {by} was told to stop"
STILL_THERE = "at {at:.2f} s: {by} had not returned, and its machine was switched off"
IN_THE_FIRST = "in the first {at:.2f} s: {counted}"

WHY_NOT_RECEIVED = "No message was ever received: call `sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20)` in a loop. (A condition needs the brackets: `told_to_stop()`.)"
WHY_NOT_HANDLED = "Messages were received, but `handle` was never called with their Body."
WHY_NO_DELETE = "The order was made, but nothing told SQS so: a received message comes back unless `DeleteMessage` is called with its receipt handle."
WHY_NOT_DELETED = "DeleteMessage was called, but not for the latest receive of this message: each delivery needs its own delete, with its own receipt handle."
WHY_AGAIN = "Its message was visible again ({why}), so anybody could receive it."
WHY_SENT = "New messages were sent to the queue: an order that is sent again is made again."
WHY_HANDLED_TWICE = "`handle` was called twice for one receive of the message."
WHY_TIGHT = "Most calls were ReceiveMessage without a wait: each answers at once, mostly with nothing, and is billed like any other. With `WaitTimeSeconds` the call itself waits."
WHY_SHORT_WAIT = "Each empty poll came back after {wait} s, so an idle hour alone takes {polls:,} of them. A wait of 20 s takes 180, and costs no delay: a message ends the wait."
WHY_CALLS = "Look for calls that bring nothing."
WHY_ASLEEP = "From {since:.2f} s to {until:.2f} s {by} did not ask. A pause between polls saves calls but makes orders wait; a long poll waits inside SQS, which answers as soon as a message is there."
WHY_BATCH = "It had received {count} messages in one call and went on to the last of them: {count} times 5 s are more than 30 s. Receive what you can finish in time, or ask `told_to_stop()` between two orders and give the rest back."
WHY_NOT_ASKED = "It made {calls} more calls after it had been told: ask `told_to_stop()` before each poll, not once."
WHY_STUCK = "It made no further call and did not return: look for what it was waiting for."
WHY_DROPPED = "At {at:.2f} s {by} had received it, and returned without making it or giving it back. SQS does not know that the worker is gone: the message stays hidden until its visibility timeout ends. Handle what you have received, or set its visibility timeout to 0."
WHY_SWITCHED_OFF = "It was with {by} when that machine was switched off, and SQS does not notice that: the message stays hidden until its visibility timeout ends."
WHY_DELETED_UNDONE = (
    "The message was deleted although its order was never made: DeleteMessage says that the work is done."
)
WHY_NOT_ASKING = "Nobody asked for it any more: a worker that has not been told to stop keeps receiving."
WHY_LOST = "The message was received, but nobody made its order and nobody gave it back."
