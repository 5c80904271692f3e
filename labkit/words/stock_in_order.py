"""Sentences of exercise 13-stock-in-order."""

from enum import Enum, unique

TITLE = "every service has the same stock"
DAY = "twelve changes of three articles, one of which is slow work"
FAULTS = "everything that AWS says may happen: answers get lost"
HINTS = (
    "What does a FIFO topic need of each message, and what does it do with each of the two? Write down for two changes of "
    "one article, and for one change that is told twice, what should be the same and what should differ.",
    "`sns.create_topic(Name='stock.fifo', Attributes={{'FifoTopic': 'true'}})['TopicArn']` is the same at each start. "
    "`sqs.get_queue_attributes(QueueUrl=url, AttributeNames=['QueueArn'])` brings the ARN that Subscribe wants, of each of "
    "the three queues, and `Attributes={{'RawMessageDelivery': 'true'}}` the change's text as the body.",
    "What must stay in order is an article: it is the group. What is told again is a receipt: it is the deduplication id. "
    "Equal texts are no repetition, so content-based deduplication is of no use here.",
)
RIGHT = "Each service has each change, in the order of its article and once, whoever is slow."
TOLD = "A day: {changes} changes at each service, in order, with {calls} API calls."
TOLD_FAULTS = "With lost answers: nothing is missing, nothing is there twice, and each article is in order."

ALL = "Each queue gets each change that was told, and the body is the change's text alone."
ONCE = "Shop and buyers apply each change once."
IN_ORDER = "A service begins a change of an article when the one before it is done."
SOON = "But for pianos, a change is begun within 20 s after it was told."
RETURNS = "`connect` returns the topic's ARN, and both functions return when their work is done."
WITHIN = "At most {budget} API calls a day."
LACKS = "{queue} has not got {change!r} of {receipt}"
TOO_OFTEN = "{queue}: {change!r} was applied {times} times; receipts with this text: {wanted}"
BEGAN = "at {at:.2f} s: {by} began {change!r}"
WAITED = "{queue}: {change!r} of {receipt} was begun {seconds:.0f} s after it was told"
NOT_TOLD = "{receipt} was not told by the end of the day"
RETURNED = "`connect` returned {given}"


@unique
class Mistake(Enum):
    """What an answer can do wrong in this exercise alone, each with the sentence that says why."""

    NO_TOPIC = "`announce` is given what `connect` returns: return the topic's ARN."
    NOT_PUBLISHED = "`announce` was called for {receipt}, and nothing was published."
    SAME_TEXT = "The topic took {receipt} for a repetition, since an earlier change had the same text: content-based deduplication knows texts, and equal changes are two changes here."
    SAME_ID = "The topic took {receipt} for a repetition: its deduplication id had been that of another change. Take an id that belongs to this change alone; its receipt does."
    QUEUE_DUPLICATE = "{queue} took {receipt} for a duplicate: a FIFO queue deduplicates once more, in the whole queue, by the id that the topic hands on."
    FILTERED = "The filter policy of {queue}'s subscription keeps {receipt} back."
    NOT_SUBSCRIBED = "{queue} has no subscription that {receipt} could come by: its URL was among the `queue_urls` of `connect`. FIFO topics deliver to standard queues, too."
    ENVELOPE = "What comes to {queue} is SNS's envelope: with `Attributes={{'RawMessageDelivery': 'true'}}` in Subscribe it is the text alone."
    OTHER_BODY = (
        "What was published is not the change's text alone: the clerks of {queue} read the whole body as the change."
    )
    NEW_ID = "A change that is told again, because a machine died, is known by its deduplication id alone, and it had another one: make the id of what belongs to the change, such as its receipt."
    GROUPS = "Two clerks had changes of {article} at the same time: order holds within a message group, so all changes of an article need the same one."
    HELD_BACK = "{article} waited for a piano: it was in the same message group, and a group is worked through one by one. Give each article a group of its own."
    STILL_AT_IT = "`announce` did not come back: it is called once for each change, and the till waits for it."
    STILL_CONNECTING = "`connect` did not come back, so no change was told: it is called once at each start."
