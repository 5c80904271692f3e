"""Sentences of exercise 06-dead-letters."""

from enum import Enum, unique

TITLE = "one bad order among good ones"
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
CALLS = "At most {calls} API calls a day."
BACK = "After the repair the redrive brings the bad order back, and it is sent."


@unique
class Mistake(Enum):
    """What an answer can do wrong in this exercise alone, each with the sentence that says why."""

    BATCH = "Nothing was wrong with it. It was received together with the bad order, and each time your function ended there, the receive had counted for the whole batch. Catch what one order raises, and go on with the next."
    NO_TIME = "Nothing was wrong with it. Its three tries lay within {seconds:.2f} s, because it was given back at once; the payment service was away for longer than that. A message that is left alone comes back after its visibility timeout."
    NOT_POLLED = (
        "It is a receive that moves a message whose tries are used up: keep receiving while there is nothing to do."
    )
    BY_HAND = "It was sent to the dead-letter queue by hand. SQS notes where a message comes from when SQS itself moves it; for this one the redrive failed with CouldNotDetermineMessageSource. Leave the message alone instead of sending it."
    NOT_BACK = (
        "The redrive brings back what lies in the dead-letter queue, as a new message: receive it like any other."
    )
    SENT_FIRST = "The books were sent, then `pay` failed, and the next try sent them again. What can't be taken back comes last: pay first, because a repeated payment with the same key charges nothing."
    NO_PARCEL = "The customer was charged, and the books were never sent."
    UNPAID = "The books were sent, and nobody was charged for them: call `pay` before `send`."
