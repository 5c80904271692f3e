"""Sentences of exercise 05-charge-once."""

TITLE = "charge once"
STORY = (
    "A bookshop takes its orders through the queue `orders`. Each message's body is the order's id, such as order-1. Two "
    "workers charge them: each row of the DynamoDB table `payments` (key `payment_id`, with the attribute `order_id`) is "
    "collected by the bank at midnight. Machines die, answers get lost, deliveries come twice, and now and then the till "
    "sends an order a second time. Every order must have exactly one payment in the end, and no message may be left. A "
    "second table, `done` (key `order_id`), is there for notes of your own."
)
BUDGET = "No budget: what counts is one payment for each order."
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
WITHOUT_ORDER = "a payment has no order_id"
COUNTED = "{order} has {count} payments"
NONE = "{order} has no payment"
LEFT = "the message of {order} is still in the queue at the end"
TOO_MANY_CALLS = "after {calls} calls the orders were not paid yet"

WHY_ORDER_ID = 'The bank needs to know what it collects: give each payment an `order_id`, `{{"S": message["Body"]}}`.'
WHY_NOT_RECEIVED = (
    "No message was ever received: call `sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20)` in a loop."
)
WHY_NO_PAYMENT = "Messages were received, but no payment was written."
WHY_NO_DELETE = "The order was paid, but nothing told SQS so: a received message comes back unless `DeleteMessage` is called with its receipt handle."
WHY_SENT = "New messages were sent to the queue: an order that is sent again is charged again."
WHY_DELETE_FIRST = "DeleteMessage says that the work is done. It was deleted before the payment was written, so when the machine died nobody had the order any more: delete after the payment."
WHY_NOTE_FIRST = "The note said that the order was done before it was paid, and a machine can die between the two. There is no safe place for a note beside the payment: let the payment be its own note, by its key."
WHY_NOTE_AFTER = "Between the payment and the note that the order is done a machine can die, and the next one finds no note. There is no safe place for a note beside the payment: let the payment be its own note, by its key."
WHY_NEW_KEY = "Each delivery wrote a payment under another `payment_id`, so DynamoDB could not know that it was the same order. What a machine remembers is gone when it dies, and other machines cannot see it. The key has to be the same in every delivery."
WHY_MESSAGE_ID = "The till sent the order twice, which makes two messages, and each has a MessageId of its own. What is the same in both is the order itself, in the body."
WHY_STUCK = "The order was paid, but its message came back again and again: a consumer that finds an order paid has to delete the message all the same, and not to stop with an error."
WHY_NIGHT = "On a standard queue a message can be delivered again, and the SDK repeats a call whose answer was lost: the second time must change nothing."
