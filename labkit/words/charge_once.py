"""Sentences of exercise 05-charge-once."""

from enum import Enum, unique

TITLE = "charge once"
ORDINARY = "an ordinary morning: three orders, two workers, nothing goes wrong"
EVERY_ORDER = "every order of events: two orders and two workers with a fault in every place, one order with two faults"
SENT_TWICE = "the same, when the till has sent one order twice"
FAULTS = "a night with everything that AWS says may happen, through boto3"

HINTS = (
    "Whatever you do first, a machine can die right after it. So no order of steps helps: the step that writes the payment "
    "has to be harmless when it comes a second time.",
    "DynamoDB has one row for each key. What would be the same in every delivery of an order, on every machine, after "
    "every crash, and when the till sends the order again?",
    '`dynamodb.put_item(TableName="payments", Item={{...}}, ConditionExpression="attribute_not_exists(payment_id)")` writes '
    "the row only if there is none with that key. If there is one, boto3 raises "
    "`dynamodb.exceptions.ConditionalCheckFailedException`: the order is paid, and that is no reason to stop.",
    "Use the order's id as `payment_id`, catch the exception, and delete the message in both cases, after the payment. "
    "The table `done` is not needed.",
)
RIGHT = "Each order is paid once, in whatever order things happen, and no message is left."
TOLD_ORDINARY = "On an ordinary morning: {orders} orders, {payments} payments."
TOLD_EVERY = "Under every order of events: {schedules:,} schedules, none of which goes wrong."
TOLD_TWICE = "With an order that was sent twice: {schedules:,} schedules, none of which goes wrong."
TOLD_FAULTS = "With everything that AWS says may happen: {orders} orders came in {deliveries} deliveries, and {payments} payments were written."

ONCE = "One payment for each order, and an empty queue."
CALLS = "At most {calls} API calls."
UNAVAILABLE = "DynamoDB could not process the request."
WITHOUT_ORDER = "a payment has no order_id"
FOR_WHAT = "a payment has the order_id {given!r}, which is no order"


@unique
class Count(Enum):
    """How many payments an order has at the end of a schedule, other than one."""

    NONE = "{order} has no payment"
    SEVERAL = "{order} has {count} payments"


@unique
class Mistake(Enum):
    """What an answer can do wrong in this exercise alone, each with the sentence that says why."""

    NO_ORDER_ID = (
        'The bank needs to know what it collects: give each payment an `order_id`, `{{"S": message["Body"]}}`.'
    )
    NO_PAYMENT = "Messages were received, but no payment was written."
    NOTED_FIRST = "The note on {body} was written before the payment, and a machine can die between the two: whoever finds the note can't know that the payment is missing. There is no safe place for a note beside the payment: let the payment be its own note, by its key."
    NOTED_AFTER = "Between the payment and the note that {body} is done a machine can die, and the next one finds no note. There is no safe place for a note beside the payment: let the payment be its own note, by its key."
    CLAIMED = "A claim says that somebody has begun {body}, not whether it was paid: its machine can die before the payment, or right after it, and the next one has to guess. There is no safe place for a note beside the payment: let the payment be its own note, by its key."
    LOOKED_FIRST = "Between the look at the payments and the payment another machine can do the same for {body}: this is check-then-act. Let DynamoDB look and write in one step: the same key each time, or a condition on it."
    NEW_KEY = "Each delivery wrote a payment under another `payment_id`, so DynamoDB could not know that it was the same {body}. What a machine remembers is gone when it dies, and other machines cannot see it. The key has to be the same in every delivery."
    BLIND_CONDITION = "A condition sees only the row that has the same key. Each delivery of {body} came with a `payment_id` of its own, under which there was no row yet, so the condition always held. The key has to be the same in every delivery."
    OVERWRITTEN = "The payment of {body} and another one have the same `payment_id`, and DynamoDB has one row for each key. Take a key that belongs to the order alone."
    STUCK = "The order was paid, but its message came back again and again: a consumer that finds an order paid has to delete the message all the same, and not to stop with an error."
