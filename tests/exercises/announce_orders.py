"""Answers of 10-announce-orders."""

import json

from labkit.study.crash import Stopped
from labkit.words.announce_orders import Mistake
from tests.exercises.answers import Answers

ANSWERS = Answers(
    "10-announce-orders",
    unprotected={},
    read="forgot_the_policy",
    text="""
Not yet: every service hears of every order
In the run “a day: eleven orders, and a service that is added after a minute”:
What was called:
  - at 0.02 s: worker A: Subscribe(Endpoint='invoices', TopicArn='orders') -> ok
  - at 10.07 s: worker A: Publish(Message='order-1', TopicArn='orders') -> ok
What came back:
  - not delivered to invoices, discarded: the queue's policy does not allow SNS to send for this topic
  - queue invoices does not hold order-1
What was expected:
  - Each queue that is connected holds each order, and the body is the order's text alone.
Why:
  - Queue invoices is subscribed, but it has no policy that lets SNS in: each delivery is denied, and neither Subscribe nor Publish says so.
`hint('10-announce-orders')` helps in steps.
""",
)
SET = 'sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})'
RAW, KIND = "Attributes=raw", ", MessageAttributes=attributes"
CONDITION = ', "Condition": {"ArnEquals": {"aws:SourceArn": topic}}'
PUBLISH = "sns.publish(TopicArn=topic, Message=order, MessageAttributes=attributes)"
SUBSCRIBE = 'sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue, Attributes=raw)'
LOOP = "for url in queue_urls:"
SEND = 'import boto3\nsqs = boto3.client("sqs")\nurl = sqs.get_queue_url(QueueName="parcels")["QueueUrl"]\nsqs.send_message(QueueUrl=url, MessageBody=order, MessageAttributes=attributes)'
ANEW = 'for one in sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]:\n    sns.unsubscribe(SubscriptionArn=one["SubscriptionArn"])\n'
BATCH = 'entry = {"Id": "1", "Message": order, "MessageAttributes": attributes}\nsns.publish_batch(TopicArn=topic, PublishBatchRequestEntries=[entry])'

ANSWERS.edits(
    ("raw_afterwards", {SUBSCRIBE: f'arn = {SUBSCRIBE.replace(", " + RAW, "")}["SubscriptionArn"]\nsns.set_subscription_attributes(SubscriptionArn=arn, AttributeName="RawMessageDelivery", AttributeValue="true")'}, None),
    ("in_a_batch", {PUBLISH: BATCH}, None),
    ("arn_like", {"ArnEquals": "ArnLike"}, None),
    ("everybody_for_this_topic", {'{"Service": "sns.amazonaws.com"}': '"*"'}, None),
    ("forgot_the_policy", {SET: ""}, Mistake.NO_POLICY),
    ("any_topic", {CONDITION: ""}, Mistake.OPEN),
    ("another_service", {"sns.amazonaws.com": "sqs.amazonaws.com"}, Mistake.WRONG_POLICY),
    ("another_action", {"sqs:SendMessage": "sqs:ReceiveMessage"}, Mistake.WRONG_POLICY),
    ("source_is_the_queue", {'"aws:SourceArn": topic': '"aws:SourceArn": queue'}, Mistake.WRONG_POLICY),
    ("resource_is_the_topic", {'"Resource": queue': '"Resource": topic'}, Mistake.WRONG_POLICY),
    ("envelope", {f", {RAW}": ""}, Mistake.ENVELOPE),
    ("no_kind", {KIND: ""}, Mistake.NO_KIND),
    ("one_kind", {'"StringValue": kind': '"StringValue": "book"'}, Mistake.WRONG_KIND),
    ("as_json", {"Message=order": 'Message=json.dumps({"order": order})'}, Mistake.OTHER_BODY),
    ("twice", {PUBLISH: f"{PUBLISH}\n{PUBLISH}"}, Mistake.TWICE),
    ("sends_too", {PUBLISH: f"{PUBLISH}\n{SEND}"}, Mistake.SENT_TOO),
    ("sends_instead", {PUBLISH: SEND}, Mistake.SENT_ITSELF),
    ("says_nothing", {PUBLISH: "print(order)"}, Mistake.NOT_PUBLISHED),
    ("stops_at_a_gap", {"continue": "break"}, Mistake.STOPPED_AT_GONE),
    ("first_queue", {LOOP: "for url in queue_urls[:1]:"}, Mistake.NOT_SUBSCRIBED),
    ("own_topic", {LOOP: f'topic = sns.create_topic(Name="shop")["TopicArn"]\n{LOOP}'}, Mistake.OTHER_TOPIC),
    ("gifts_alone", {RAW: 'Attributes=raw | {"FilterPolicy": \'{"kind": ["gift"]}\'}'}, Mistake.FILTERED),
    ("subscribes_anew", {LOOP: f"{ANEW}{LOOP}"}, Mistake.UNSUBSCRIBED),
    ("guards_against_nothing", {"sqs.exceptions.QueueDoesNotExist": "ValueError"}, Stopped.REFUSED),
    ("url_for_arn", {"Endpoint=queue": "Endpoint=url"}, Stopped.REFUSED),
    ("policy_is_no_text", {"policy = json.dumps(": "policy = dict("}, Stopped.PARAMETERS),
    ("never_opens", {LOOP: f"import time\nwhile True:\n    time.sleep(1)\n{LOOP}"}, Mistake.STILL_CONNECTING),
    ("waits_for_more", {PUBLISH: f"{PUBLISH}\nimport time\nwhile True:\n    time.sleep(1)"}, Mistake.STILL_AT_IT),
)


@ANSWERS.right
class SmallSteps:
    """Guesses the ARN from the URL, and catches what AWS says of a queue that is gone."""

    def connect(sns, sqs, topic, queue_urls):
        account, region = topic.split(":")[4], topic.split(":")[3]
        for url in queue_urls:
            arn = f"arn:aws:sqs:{region}:{account}:{url.rpartition('/')[2]}"
            statement = {
                "Sid": "orders", "Effect": "Allow", "Principal": {"Service": ["sns.amazonaws.com"]}, "Action": ["sqs:*"],
                "Resource": "*", "Condition": {"StringEquals": {"aws:SourceArn": [topic]}},
            }  # fmt: skip
            try:
                sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps({"Statement": statement})})
            except Exception as failure:
                print(failure)
            sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "True"})

    def announce(sns, topic, order, kind):
        value = {"DataType": "String", "StringValue": kind}
        sns.publish(TargetArn=topic, Message=order, Subject="An order", MessageAttributes={"kind": value})


@ANSWERS.wrong(Mistake.NOT_SUBSCRIBED)
class Swallows:
    """A slip in its first line, which nobody hears of."""

    def connect(sns, sqs, topic, queue_urls):
        for url in queue_urls:
            try:
                arn = sqs.get_queue_attributes(QueueUrl=url)["Attributes"]["QueueArn"]
                sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
            except Exception:
                pass

    def announce(sns, topic, order, kind):
        sns.publish(TopicArn=topic, Message=order)
