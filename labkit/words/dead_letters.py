"""Sentences of exercise 06-dead-letters."""

TITLE = "one bad order among good ones"
STORY = (
    "A bookshop takes its orders through the queue `orders`: visibility timeout 30 s, a dead-letter queue, and a "
    "maxReceiveCount of 3. Two workers run in your function. `pay(order, key)` takes the payment, once for each key: a "
    "second call with the same key charges nothing. `send(order)` prints the label and sends the books. For one order the "
    "label cannot be printed until the printer is repaired; then `send` raises a ValueError. Now and then the payment "
    "service is away, and `pay` raises a ConnectionError. No customer may be charged twice, no parcel may be sent twice, no "
    "good order may be lost or end among the dead letters, and the bad one must lie there within ten minutes, so that it "
    "can be brought back after the repair."
)
BUDGET = "Three receives of the bad order, which the queue's redrive policy counts."
DAY = "a day: twelve orders, of which one cannot be sent"
REPAIRED = "the printer is repaired, and the dead letters are brought back"
OUTAGE = "the payment service is away for the first 45 s"
FAULTS = "everything that AWS says may happen: duplicates, lost answers, another order"

HINTS = (
    "What becomes of the orders behind the bad one when your function ends with an exception in the middle of a batch? They "
    "stay hidden, and the receive has counted for each of them.",
    "You need not do anything to bring a message into the dead-letter queue: do not delete it. After its visibility timeout it "
    "comes back, and after the third receive SQS moves it. So catch the exception, and go on with the next message.",
    "Give SQS the time to help: a message that you give back at once (`VisibilityTimeout=0`) uses up its three tries within a "
    "second. Left alone it has three tries in a minute, which outlasts a short outage.",
    "A bad order is paid at each of its tries. The key decides whether that is one charge or several: it must be the same at "
    "each receive, and also after a redrive. The receipt handle changes with each receive, the message id with a redrive; the "
    'order itself, `message["Body"]`, stays.',
)
RIGHT = "The bad order was set aside and came back, nobody was charged twice, and no good order suffered from it."
TOLD_DAY = "A day: {orders} orders paid and sent once, and {order} lay among the dead letters at {at:.2f} s."
TOLD_REPAIRED = (
    "After the repair {order} was sent {seconds:.2f} s after the redrive began, and its customer was charged once."
)
TOLD_OUTAGE = (
    "With the payment service away for 45 s: all {orders} good orders paid and sent, none among the dead letters."
)
TOLD_FAULTS = "With everything that AWS says may happen: nothing lost, nobody charged twice, {again} of {orders} parcels sent again. At least once is what a standard queue promises."

LABEL = "The label cannot be printed: unknown letter in the address."
DOWN = "The payment service does not answer."
NO_ORDER = '{what} needs an order, not {given}: write {what}(message["Body"], ...).'
NO_KEY = "pay needs a key as its second argument, a text by which a repeated payment is recognised, not {given}."

ALL = "All {count} good orders are paid once and sent once, and their messages are deleted then."
ONCE = "Each customer is charged once, however often the order is received."
ASIDE = "The bad order lies in the dead-letter queue within ten minutes."
BACK = "After the repair the redrive brings the bad order back, and it is sent."

NOTHING_DONE = "no order was paid or sent"
PAID = "at {at:.2f} s: {by} charged {order} with the key {key!r}"
PAID_AGAIN = "at {at:.2f} s: {by} charged {order} again with the key {key!r}"
SENT = "at {at:.2f} s: {by} began to send {order}"
SENT_AGAIN = "at {at:.2f} s: {by} began to send {order} again"
NOT_SENT = "{order} was not sent: at the end it was {where}"
NOT_ASIDE = "after ten minutes {order} was {where}"
NOT_BACK = "two minutes after the repair {order} had not been sent: it was {where}"
IN_DEAD_LETTERS = "in the dead-letter queue"
WHERE = "{state} in queue {queue}"
STOPPED = "{calls} calls by {at:.2f} s, then the day was stopped"

WHY_NOT_RECEIVED = (
    "No message was ever received: call `sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20)` in a loop."
)
WHY_NOT_PAID = "Messages were received, but neither `pay` nor `send` was called with their Body."
WHY_KEY_ID = "Both keys are message ids. A redrive makes a new message with a new id, so the payment service could not know that it was the same order. Take a key that belongs to the order."
WHY_KEY_HANDLE = (
    "Both keys are receipt handles, and each receive brings another one. Take a key that belongs to the order."
)
WHY_KEY_OTHER = "The key was another one at the second try, so the payment service could not know that it was the same order. Take a key that belongs to the order."
WHY_SENT_MESSAGE = "New messages were sent to the queue: an order that is sent again is a new message, whose receives are counted from the beginning."
WHY_NO_DELETE = "The books were sent, but nothing told SQS so: a received message comes back unless `DeleteMessage` is called with its receipt handle."
WHY_TOO_LATE = "The message had been visible again since its visibility timeout of 30 s ended: an order takes 5 s, so a batch takes longer than its last messages are hidden. Receive what you can finish in time."
WHY_DELETED = "The message was deleted although its order was never sent: DeleteMessage says that the work is done."
WHY_BATCH = "Nothing was wrong with it. It was received together with the bad order, and each time your function ended there, the receive had counted for the whole batch. Catch what one order raises, and go on with the next."
WHY_NO_TIME = "Nothing was wrong with it. Its three tries lay within {seconds:.2f} s, because it was given back at once; the payment service was away for longer than that. A message that is left alone comes back after its visibility timeout."
WHY_DEAD = "Nothing was wrong with it, but it was received three times without a delete."
WHY_NOBODY = "The message was received, but nobody sent its order and nobody gave it back."
WHY_NOT_TAKEN = "Nobody received it: a worker that waits for the bad order, or stops at it, leaves the others waiting."
WHY_ENDLESS = "The same work was done again and again without time for anything else: leave a failed message alone until its visibility timeout ends."
WHY_SWALLOWED = "The message was deleted, so nobody will ever hear of this order again. An exception that is caught is no success: delete after the books were sent."
WHY_HIDDEN = "A change of its visibility timeout hid it for {seconds} s: until then nobody can receive it, and the next receive is what moves it."
WHY_DELETED_FIRST = "The message was deleted before its books were sent, so SQS could not bring it again when that failed. Delete after the work."
WHY_NOT_POLLED = (
    "It is a receive that moves a message whose tries are used up: keep receiving while there is nothing to do."
)
WHY_BY_HAND = "It was sent to the dead-letter queue by hand. SQS notes where a message comes from when SQS itself moves it; for this one the redrive failed with CouldNotDetermineMessageSource. Leave the message alone instead of sending it."
WHY_NOT_BACK = (
    "The redrive brings back what lies in the dead-letter queue, as a new message: receive it like any other."
)
