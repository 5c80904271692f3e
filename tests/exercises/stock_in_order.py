"""Answers of 13-stock-in-order."""

from labkit.study.crash import Stopped
from labkit.words.stock_in_order import Mistake
from tests.exercises.answers import Answers

ANSWERS = Answers(
    "13-stock-in-order",
    unprotected={},
    read="one_group",
    text="""
Not yet: every service has the same stock
In the run “twelve changes of three articles, one of which is slow work”:
What was called:
  - at 6.08 s: worker B: Publish(Message='piano +2', MessageGroupId='stock', MessageDeduplicationId='receipt-2', TopicArn='stock.fifo') -> ok
  - at 8.59 s: worker A: Publish(Message='tea -1', MessageGroupId='stock', MessageDeduplicationId='receipt-3', TopicArn='stock.fifo') -> ok
What came back:
  - shop.fifo: 'tea -1' of receipt-3 was begun 37 s after it was told
What was expected:
  - But for pianos, a change is begun within 20 s after it was told.
Why:
  - tea waited for a piano: it was in the same message group, and a group is worked through one by one. Give each article a group of its own.
`hint('13-stock-in-order')` helps in steps.
""",
)
GROUP, ID = "MessageGroupId=article", "MessageDeduplicationId=receipt"
BOTH = f"{GROUP}, {ID}"
FIFO = 'Name="stock.fifo", Attributes={"FifoTopic": "true"}'
CONTENT = 'Name="stock.fifo", Attributes={"FifoTopic": "true", "ContentBasedDeduplication": "true"}'
SCOPE = 'Name="stock.fifo", Attributes={"FifoTopic": "true", "FifoThroughputScope": "MessageGroup"}'
RAW, LOOP = ", Attributes=raw", "for url in queue_urls:"
PUBLISH = f"sns.publish(TopicArn=topic, Message=change, {BOTH})"
BATCH = 'entry = {"Id": "1", "Message": change, "MessageGroupId": article, "MessageDeduplicationId": receipt}\nsns.publish_batch(TopicArn=topic, PublishBatchRequestEntries=[entry])'

ANSWERS.edits(
    ("content_and_ids", {FIFO: CONTENT}, None),
    ("scope_of_groups", {FIFO: SCOPE}, None),
    ("in_a_batch", {PUBLISH: BATCH}, None),
    ("tells_twice_with_one_id", {PUBLISH: f"{PUBLISH}\n{PUBLISH}"}, None),
    ("one_group", {GROUP: 'MessageGroupId="stock"'}, Mistake.HELD_BACK),
    ("a_group_each", {GROUP: "MessageGroupId=receipt"}, Mistake.GROUPS),
    ("random_group", {PUBLISH: f"import uuid\n{PUBLISH.replace(GROUP, 'MessageGroupId=str(uuid.uuid4())')}"}, Mistake.GROUPS),
    ("random_id", {PUBLISH: f"import uuid\n{PUBLISH.replace(ID, 'MessageDeduplicationId=str(uuid.uuid4())')}"}, Mistake.NEW_ID),
    ("id_with_the_time", {PUBLISH: f"import time\n{PUBLISH.replace(ID, 'MessageDeduplicationId=str(time.time())')}"}, Mistake.NEW_ID),
    ("id_is_a_hash", {PUBLISH: f"import hashlib\n{PUBLISH.replace(ID, 'MessageDeduplicationId=hashlib.sha256(change.encode()).hexdigest()')}"}, Mistake.SAME_ID),
    ("id_is_the_article", {ID: "MessageDeduplicationId=article"}, Mistake.SAME_ID),
    ("content_based", {FIFO: CONTENT, f", {ID}": ""}, Mistake.SAME_TEXT),
    ("content_by_group", {FIFO: CONTENT.replace("}", ', "FifoThroughputScope": "MessageGroup"}'), f", {ID}": ""}, Mistake.SAME_TEXT),
    ("counts_a_digit", {FIFO: SCOPE, ID: "MessageDeduplicationId=receipt[-1]"}, Mistake.QUEUE_DUPLICATE),
    ("envelope", {RAW: ""}, Mistake.ENVELOPE),
    ("as_json", {"Message=change": "Message='\"' + change + '\"'"}, Mistake.OTHER_BODY),
    ("fifo_queues_alone", {LOOP: 'for url in [one for one in queue_urls if one.endswith(".fifo")]:'}, Mistake.NOT_SUBSCRIBED),
    ("first_queue", {LOOP: "for url in queue_urls[:1]:"}, Mistake.NOT_SUBSCRIBED),
    ("sales_alone", {"Attributes=raw": 'Attributes=raw | {"FilterPolicy": \'{"kind": ["sale"]}\'}'}, Mistake.FILTERED),
    ("says_nothing", {PUBLISH: "print(change)"}, Mistake.NOT_PUBLISHED),
    ("returns_nothing", {"return topic": ""}, Mistake.NO_TOPIC),
    ("standard_topic", {FIFO: 'Name="stock"'}, Stopped.REFUSED),
    ("no_group", {f"{GROUP}, ": ""}, Stopped.REFUSED),
    ("no_id", {f", {ID}": ""}, Stopped.REFUSED),
    ("never_opens", {LOOP: f"import time\nwhile True:\n    time.sleep(1)\n{LOOP}"}, Mistake.STILL_CONNECTING),
    ("waits_for_more", {PUBLISH: f"{PUBLISH}\nimport time\nwhile True:\n    time.sleep(1)"}, Mistake.STILL_AT_IT),
)


@ANSWERS.right
class SmallSteps:
    """Guesses the ARNs, makes the queues raw afterwards, and has an id of its own making."""

    def connect(sns, sqs, queue_urls):
        import json

        given = {"FifoTopic": "true", "ArchivePolicy": json.dumps({"MessageRetentionPeriod": "7"})}
        topic = sns.create_topic(Name="changes-of-stock.fifo", Attributes=given)["TopicArn"]
        account, region = topic.split(":")[4], topic.split(":")[3]
        for url in queue_urls:
            endpoint = f"arn:aws:sqs:{region}:{account}:{url.rpartition('/')[2]}"
            one = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=endpoint, ReturnSubscriptionArn=True)
            given = {"AttributeName": "RawMessageDelivery", "AttributeValue": "true"}
            sns.set_subscription_attributes(SubscriptionArn=one["SubscriptionArn"], **given)
        return topic

    def announce(sns, topic, receipt, change):
        import hashlib

        id = hashlib.sha256(f"{receipt} {change}".encode()).hexdigest()
        kind = {"receipt": {"DataType": "String", "StringValue": receipt}}
        group = change.partition(" ")[0]
        sns.publish(TargetArn=topic, Message=change, MessageGroupId=group, MessageDeduplicationId=id, MessageAttributes=kind)


@ANSWERS.wrong(Mistake.NEW_ID)
class CountsItself:
    """Numbers what this machine has told: the other one's numbers are others."""

    def connect(sns, sqs, queue_urls):
        import socket

        topic = sns.create_topic(Name="stock.fifo", Attributes={"FifoTopic": "true"})["TopicArn"]
        for url in queue_urls:
            arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]["QueueArn"]
            sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "true"})
        return f"{topic} {socket.gethostname().split()[-1]}"

    def announce(sns, topic, receipt, change):
        topic, host = topic.split()
        id = f"{host}-{receipt}"
        group = change.split()[0]
        sns.publish(TopicArn=topic, Message=change, MessageGroupId=group, MessageDeduplicationId=id)
