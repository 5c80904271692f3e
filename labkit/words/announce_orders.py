"""Sentences of exercise 10-announce-orders."""

from enum import Enum, unique

TITLE = "every service hears of every order"
DAY = "a day: eleven orders, and a service that is added after a minute"
GONE = "a day on which the queue of the letters is deleted"
FAULTS = "everything that AWS says may happen: answers get lost"

HINTS = (
    "Look at one message on its way: `fan_out(lab, message_id)` in the lesson says for each queue whether its copy was "
    "delivered, and why not. What does a queue need besides its subscription?",
    "`sqs.get_queue_attributes(QueueUrl=url, AttributeNames=['QueueArn'])` brings the ARN that Subscribe wants as its "
    "`Endpoint`. The queue's `Policy` is a JSON text: it allows `sqs:SendMessage` to the service `sns.amazonaws.com`, with a "
    "condition on `aws:SourceArn`.",
    "The workers read queues to which the page has sent the text itself. With "
    "`Attributes={{'RawMessageDelivery': 'true'}}` in Subscribe a copy looks just so, and its message attributes are those of "
    "Publish.",
    "A queue that is gone answers `QueueDoesNotExist`: catch `sqs.exceptions.QueueDoesNotExist`, and go on with the next one.",
)
RIGHT = "Each service hears of each order, whoever else is there, and no other topic gets in."
TOLD_DAY = "A day: {orders} orders in each of {services} queues, {late} in the queue that was added; {calls} API calls."
TOLD_GONE = "With the queue {queue} deleted: all other services have heard of every order."
TOLD_FAULTS = (
    "With lost answers: nothing is missing. Orders that came again, which the workers know by their text: {again}."
)

ALL = "Each queue that is connected holds each order, and the body is the order's text alone."
KIND = "Each copy has the message attribute `kind`, with the order's kind as a String."
ONCE = "Each queue holds each order once."
CLOSED = "No topic but the shop's may send to the queues."
RETURNS = "Both functions return when their work is done."
WITHIN = "At most {budget} API calls a day."
HOLDS = "queue {queue} does not hold {order}, but {body!r}"
HOLDS_NOT = "queue {queue} does not hold {order}"
HAS_KIND = "queue {queue}: {order} has the kind {kind}"
NO_KIND = "(none)"
SEVERAL = "queue {queue} holds {order} {number} times"
STRANGE = "queue {queue} took a message from topic {topic}"
POLICY = "the policy of queue {queue}: {policy}"
NOT_ANNOUNCED = "{order} was not announced by the end of the day"


@unique
class Mistake(Enum):
    """What an answer can do wrong in this exercise alone, each with the sentence that says why."""

    NOT_PUBLISHED = "`announce` was called for {order}, and nothing was published: `sns.publish(TopicArn=topic, Message=order, ...)`."
    SENT_ITSELF = "The order was sent to queues, not published: whoever sends has to know every queue, and the one that is added later it doesn't know."
    NOT_SUBSCRIBED = "Queue {queue} has no subscription to the topic: its URL was among the `queue_urls` of `connect`."
    OTHER_TOPIC = "Queue {queue} is subscribed to another topic than the one that `connect` was given."
    STOPPED_AT_GONE = "Queue {queue} has no subscription: `connect` has stopped at a queue that is gone, and not gone on with the others."
    LATE = "Queue {queue} was subscribed after {order} had been published: a topic keeps nothing for later subscribers."
    UNSUBSCRIBED = "Queue {queue} had been unsubscribed when {order} was published, and a topic keeps nothing: Subscribe can be repeated at each start without that."
    FILTERED = "The filter policy of the subscription keeps {order} back."
    NO_POLICY = "Queue {queue} is subscribed, but it has no policy that lets SNS in: each delivery is denied, and neither Subscribe nor Publish says so."
    WRONG_POLICY = "Queue {queue} has a policy, but not one that lets SNS send there for this topic: look at `Principal`, `Action`, `Resource` and `Condition`. `SetQueueAttributes` replaces what was there."
    NOT_DELIVERED = "SNS could not deliver {order} to {queue}, and discarded that copy."
    ENVELOPE = "The body is SNS's envelope, which the workers can't read: the subscription needs raw message delivery, `Attributes={{'RawMessageDelivery': 'true'}}`."
    OTHER_BODY = "What was published is not the order's text alone: the workers read the whole body as the order."
    NO_KIND = "The message attribute `kind` is missing: give `MessageAttributes={{'kind': {{'DataType': 'String', 'StringValue': kind}}}}` to Publish."
    WRONG_KIND = "The kind is {kind!r} where the order's is {right!r}."
    TWICE = "The order was published more than once although every call had an answer: a standard topic delivers each of them."
    SENT_TOO = "The order was published and sent to the queue besides, so the service hears of it twice."
    OPEN = "The policy lets SNS in for any topic: name yours in `Condition`, as `aws:SourceArn`."
    STILL_AT_IT = "`announce` did not come back: it is called once for each order, and the page waits for it."
    STILL_CONNECTING = "`connect` did not come back, so the page never opened: it is called once at each start."
