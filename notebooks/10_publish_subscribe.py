# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 10 · Publish and subscribe
#
# Some customers have paid, have read *something went wrong*, and will get no parcel. Payments worked, the stock was full.
# What was away, for half a minute, was the service that writes e-mails. By the end of this lesson one call stands where
# three stood, and the same half minute costs nobody a parcel.
#
# **You will be able to**
#
# 1. replace a chain of calls by one event on a topic, and add a service without touching who publishes;
# 2. say what the answer of `Publish` promises and what it doesn't, and find the subscriber that gets nothing;
# 3. choose between envelope and raw delivery, and keep within the sizes.
#
# About {minutes} minutes. Needs lessons 01 and 02. Exams: SAA-C03 domain 2 (resilient), DVA-C03 domain 1, SOA-C03 domain 1.

# %%
import json
import time
from collections import Counter

from labkit import Faults, Lab, claims_of, fan_out, predict

SERVICES = ("payments", "mail", "stock")


def second():
    """Seconds since the shop opened; a lab starts at midnight."""
    return time.time() % (24 * 60 * 60)


def count(done):
    return {service: len(orders) for service, orders in done.items()}


# %% [markdown]
# **Amazon SNS**, the Simple Notification Service, keeps **topics**. Whoever has news **publishes** it to a topic, once. Who
# wants to hear of it has a **subscription** there, and SNS delivers a copy to each subscription {sns-1}. The pattern is
# called publish and subscribe {sns-3}.


# %%
def open_shop(**options):
    """A lab with a topic."""
    lab = Lab(seed=10, **options)
    sns = lab.client("sns")
    return lab, sns, lab.client("sqs"), sns.create_topic(Name="orders")["TopicArn"]


lab, sns, sqs, topic = open_shop()
topic

# %% [markdown]
# That is the topic's ARN, its name in the API. Creating it again is no error: the answer is the ARN of the topic that there
# is {snspub-2}, so every program may create what it needs at its start.
#
# The tools of the sections below: `connect` makes a queue that gets a copy of what is published, `texts` receives what it
# holds, and `sell` plays a minute of a shop, in which each service does its `work`.


# %%
def let_in(queue, topic):
    """A policy by which SNS may send to a queue for a topic, both named by their ARNs."""
    statement = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage"}
    statement |= {"Resource": queue, "Condition": {"ArnEquals": {"aws:SourceArn": topic}}}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def new_queue(sqs, name):
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    return url, sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]


# %%
def connect(sns, sqs, topic, name, **attributes):
    """A queue that gets a copy of what is published; returns its URL."""
    url, arn = new_queue(sqs, name)
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": let_in(arn, topic)})
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes=attributes)
    return url


def texts(sqs, url):
    """The published texts that a receive brings, out of their envelopes."""
    messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    return [json.loads(message["Body"])["Message"] for message in messages]


# %%
def work(done, service, order):
    """A service does its part of an order."""
    if service == "mail" and 10 <= second() < 40:
        time.sleep(5)
        raise TimeoutError("mail does not answer")
    time.sleep(0.2)
    done[service].append(order)


# %%
def sell(lab, place):
    """A minute with twenty orders, and what their customers saw."""
    seen = Counter()

    def customer(order, at):
        time.sleep(at)
        try:
            place(order)
            seen["thank you"] += 1
        except TimeoutError:
            seen["something went wrong"] += 1

    for n in range(20):
        lab.start(customer, f"order-{n + 1}", 3 * n, name=f"request {n + 1}")
    lab.run(until="1 min")
    return dict(seen)


# %% [markdown]
# ## Three calls in turn
#
# Before the topic, the shop. For each order its front end calls three services in turn: payments, mail, stock. Each takes
# `0.2 s`. From second `10` to second `40` mail is away, and whoever calls it gives up after five seconds. Twenty orders
# come, one every three seconds, each in a request of its own.


# %%
predict(
    "10-in-turn",
    "Mail is away for half of the minute. How many of the twenty customers pay and get no parcel?",
    ["none: mail has nothing to do with parcels", "ten", "twenty"],
)

# %%
lab, sns, sqs, topic = open_shop()
done = {service: [] for service in SERVICES}
sell(lab, lambda order: [work(done, service, order) for service in SERVICES]), count(done)

# %%
predict.reveal("10-in-turn", "ten")

# %% [markdown]
# The calls stand in one row, so the stock never heard of an order whose mail failed {async-1}. Putting mail last helps this
# time, until the next service is added behind it. And a retry of the whole row would charge again. The fault is the form: the
# front end knows every service, waits for every one, and fails with any of them.

# %% [markdown]
# ## One event
#
# A topic delivers to many kinds of endpoints. Here each service gets an SQS queue, so that a copy waits until the service
# has time. Two things connect a queue, and `connect` does both: the subscription, and a **queue policy** that lets SNS send
# there for this topic.


# %%
lab, sns, sqs, topic = open_shop()
urls = {name: connect(sns, sqs, topic, name) for name in SERVICES}
published = sns.publish(TopicArn=topic, Message="order-1")
published["MessageId"]

# %% [markdown]
# One call with the topic's ARN {snspub-1}, one message {sns-4}. Its answer is an id, and this is what became of the message with that id:

# %%
fan_out(lab, published["MessageId"])

# %% [markdown]
# Three copies in three queues. A fourth service joins, and nobody touches the line that publishes {sns-2}.

# %%
connect(sns, sqs, topic, "statistics")
published = sns.publish(TopicArn=topic, Message="order-2")
len(lab.passport(published["MessageId"]).rows())

# %% [markdown]
# A subscriber gets each message of the topic, unless it has a filter {sns-6}; filters are lesson 12. As many subscribers as
# you need may listen {sns-5}. You may read that a topic takes `12.5 million` subscriptions: that is the default of standard
# topics, FIFO topics have a smaller one {sns-7}. An account has a quota of topics as well {sns-8}. Many of AWS's own services
# publish to topics, too {snssrc-1}.

# %% [markdown]
# ## What the answer of Publish says
#
# Somebody cleans up and deletes the queue of the mail service. The subscription stays.

# %%
lab, sns, sqs, topic = open_shop()
urls = {name: connect(sns, sqs, topic, name) for name in ("mail", "payments", "stock")}
sqs.delete_queue(QueueUrl=urls.pop("mail"))
list(urls)

# %%
predict(
    "10-deleted",
    "The queue of mail is gone, and its subscription is the first of three. What does Publish do?",
    ["it raises an error", "it succeeds, and nobody gets a copy", "it succeeds, and the other two get their copies"],
)

# %%
published = sns.publish(TopicArn=topic, Message="order-1")
lab.passport(published["MessageId"])

# %%
predict.reveal("10-deleted", "it succeeds, and the other two get their copies")

# %% [markdown]
# `Publish` answers when SNS has *saved* the message {publish-saved}. Delivering it is SNS's own work, for each subscription
# by itself: no failure of one is felt by another {publish-independent}. That is what the shop wanted. It is also why no
# exception will tell you that somebody gets nothing: even for a topic without any subscriber `Publish` succeeds, and the message
# is gone {publish-no-subscriber}. The usual case is harder to see. Two queues, both subscribed; for one of them somebody forgot
# the policy.

# %%
lab, sns, sqs, topic = open_shop()
connect(sns, sqs, topic, "stock")
url, arn = new_queue(sqs, "mail")
sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
published = sns.publish(TopicArn=topic, Message="order-1")
fan_out(lab, published["MessageId"])

# %% [markdown]
# *Discarded*, and the words of the picture say why: SQS has denied the delivery, and a denied delivery is not tried again {publish-no-policy}. `Subscribe` did not
# warn, `Publish` did not fail, and the queue is as empty as one that nobody writes to. Lesson 11 shows how to notice, and what a
# dead-letter queue of the subscription saves.

# %% [markdown]
# ## Who wasn't there
#
# The fraud team subscribes on Tuesday. It would like to look at Monday's orders.

# %%
lab, sns, sqs, topic = open_shop()
connect(sns, sqs, topic, "stock")
sns.publish(TopicArn=topic, Message="Monday's order")
lab.clock.advance("24 h")
fraud = connect(sns, sqs, topic, "fraud")
sns.publish(TopicArn=topic, Message="Tuesday's order")["MessageId"]

# %%
predict(
    "10-late",
    "What does the fraud team's queue hold?",
    ["both orders", "Tuesday's order", "nothing until the next start of the shop"],
)


# %%
texts(sqs, fraud)

# %%
predict.reveal("10-late", "Tuesday's order")

# %% [markdown]
# A standard topic keeps nothing once it has delivered {publish-late-subscriber}. It is a loudspeaker, and the queues are the
# recordings: what a service wants to hear later, its queue must have been there for. (FIFO topics can keep an archive; that is
# lesson 13.)
#
# The fraud team's program subscribes at each start. Does that make two copies of each order?

# %%
endpoint = {"Protocol": "sqs", "Endpoint": new_queue(sqs, "fraud")[1]}
arns = {sns.subscribe(TopicArn=topic, **endpoint)["SubscriptionArn"] for start in range(3)}
len(arns)

# %% [markdown]
# One subscription, whoever asks again; with another attribute the call is refused instead of changing it in silence
# {publish-subscribe-again}. An address on the web or a mailbox is not subscribed that easily: SNS sends a token there, and
# delivers nothing until it comes back {snspub-3}.

# %% [markdown]
# ## What a queue gets

# %%
lab, sns, sqs, topic = open_shop()
wrapped = connect(sns, sqs, topic, "stock")
raw = connect(sns, sqs, topic, "payments", RawMessageDelivery="true")
gift = {"kind": {"DataType": "String", "StringValue": "gift"}}
sns.publish(TopicArn=topic, Message="order-1", MessageAttributes=gift)["MessageId"]


# %%
def take(sqs, url):
    return sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"])["Messages"][0]


envelope = json.loads(take(sqs, wrapped)["Body"])
{key: envelope[key] for key in ("Type", "TopicArn", "Message", "Timestamp", "MessageAttributes")}

# %%
message = take(sqs, raw)
message["Body"], message["MessageAttributes"]

# %% [markdown]
# By default the body is an **envelope**: a JSON document with your text under `Message`, the message attributes inside, and a
# signature {publish-envelope}. A worker that was written for a queue of orders can't read that. With **raw message delivery**, an
# attribute of the subscription, it gets your text as the body and your attributes as those of the SQS message {publish-raw}.
#
# Raw has a limit that the envelope has not: an SQS message holds {=publish-raw-attributes}. One more, and the copy is
# discarded, in silence again. The id differs as well: the copy's `MessageId` is the queue's. SNS's own stands in the envelope.
#
# If subscribers of different kinds need different texts, one message can carry them: with `MessageStructure="json"` it
# is an object with a text a protocol, and `default` for all others {publish-structure}.

# %%
both = json.dumps({"default": "Order 1 is on its way.", "sqs": '{"order": 1}'})
sns.publish(TopicArn=topic, Message=both, MessageStructure="json")
take(sqs, raw)["Body"]

# %% [markdown]
# ## How large, how many, how often
#
# A topic that sets nothing else takes {=publish-size} a message: 256 KiB {publish-size}. You may read 256 *thousand characters*.
# It is bytes, and attributes count {publish-size}. This text of `150,000` letters is too long:

# %% tags=["raises-ClientError:InvalidParameter"]
sns.publish(TopicArn=topic, Message="ä" * 150_000)

# %% [markdown]
# Since September 2026 a topic can be set to take up to 1 MiB {missing-sns-payloads}. Then it has fewer subscriptions, of queues,
# functions and Firehose.

# %%
sns.set_topic_attributes(TopicArn=topic, AttributeName="MaximumMessageSize", AttributeValue="1048576")
sns.publish(TopicArn=topic, Message="ä" * 150_000)["ResponseMetadata"]["HTTPStatusCode"]

# %% [markdown]
# `PublishBatch` takes {=publish-batch-ten} in one call, together as large as one message may be {publish-batch-ten}. Here one
# of three is empty.

# %% tags=["raises-ClientError:InvalidParameter"]
entries = [{"Id": f"{n}", "Message": text} for n, text in enumerate(["order-1", "", "order-3"])]
sns.publish_batch(TopicArn=topic, PublishBatchRequestEntries=entries)

# %% [markdown]
# All three were refused {publish-batch-whole}: one malformed message holds up nine good ones, so check them before. The other
# way to fail raises nothing: an answer with status `200` can have entries under `Failed`, and those have not been published
# {publish-batch-answers}.
#
# And how often? The network loses answers. boto3 then calls again, as it should, since it can't know whether the first call arrived.

# %%
lab, sns, sqs, topic = open_shop(faults=Faults(lost_response=0.2))
stock = connect(sns, sqs, topic, "stock")
ids = [sns.publish(TopicArn=topic, Message=f"order-{n}")["MessageId"] for n in range(6)]
lab.faults = Faults.none()
len(ids), sorted(texts(sqs, stock))

# %% [markdown]
# Six calls with six answers, and more than six orders. A standard topic doesn't recognise a message that it was given before
# {publish-twice}, and each repetition reaches *every* subscriber. So what lesson 05 says of one consumer holds for all of
# them: an id of your own in the text, and services that know it again.

# %% [markdown]
# ## The half minute again
#
# The same twenty orders, the same outage. The front end publishes; each service works through its own queue. What fails is not
# deleted, so it comes back after the visibility timeout (lesson 03).


# %%
def service(sqs, url, name, done):
    while True:
        for message in sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20).get("Messages", []):
            try:
                work(done, name, json.loads(message["Body"])["Message"])
            except TimeoutError:
                continue
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


# %%
lab, sns, sqs, topic = open_shop()
done = {name: [] for name in SERVICES}
for name in SERVICES:
    lab.start(service, sqs, connect(sns, sqs, topic, name), name, done, name=name)
saw, after_a_minute = sell(lab, lambda order: sns.publish(TopicArn=topic, Message=order)), count(done)
lab.run(until="1 min")
assert all(sorted(found) == sorted(f"order-{n + 1}" for n in range(20)) for found in done.values())
saw, after_a_minute, count(done)

# %% [markdown]
# Everybody was thanked, and no parcel waited for a letter. The letters were late, and that is all. The customer hears less,
# too: *thank you* means now that the order was accepted, and whether the card is good the front end doesn't know yet. Where
# the answer is needed at once, call and wait (lesson 01), and publish what has happened afterwards.

# %% [markdown]
# ## On the real service
#
# | AWS documents | runs here | what bridges them |
# |---|---|---|
# | A batch can fail in part {publish-batch-answers} | no entry fails by itself | look at `Failed` |
# | Deliveries take a moment, and SQS endpoints that fail are tried again {missing-sns-retries} | at once; queues here don't fail | lesson 11 |
#
# That a malformed entry refuses its batch stands on none of AWS's pages; it is recorded. What requests and deliveries cost
# is on AWS's page of prices. To clean up, delete the topic, which ends its subscriptions, and the queues. With the AWS CLI:
#
# ```bash
# TOPIC=$(aws sns create-topic --name orders --query TopicArn --output text)
# aws sqs set-queue-attributes --queue-url "$URL" --attributes file://queue-policy.json
# aws sns subscribe --topic-arn "$TOPIC" --protocol sqs --notification-endpoint "$QUEUE_ARN" \
#   --attributes RawMessageDelivery=true
# aws sns publish --topic-arn "$TOPIC" --message order-1
# aws sns delete-topic --topic-arn "$TOPIC"
# ```
#
# and in CloudFormation:
#
# ```yaml
# Orders:
#   Type: AWS::SNS::Topic
# Stock:
#   Type: AWS::SQS::Queue
# StockHears:
#   Type: AWS::SNS::Subscription
#   Properties:
#     TopicArn: !Ref Orders
#     Protocol: sqs
#     Endpoint: !GetAtt Stock.Arn
#     RawMessageDelivery: true
# LetOrdersIn:
#   Type: AWS::SQS::QueuePolicy
#   Properties:
#     Queues: [!Ref Stock]
#     PolicyDocument:
#       Version: "2012-10-17"
#       Statement:
#         - Effect: Allow
#           Principal: {Service: sns.amazonaws.com}
#           Action: sqs:SendMessage
#           Resource: !GetAtt Stock.Arn
#           Condition: {ArnEquals: {"aws:SourceArn": !Ref Orders}}
# ```

# %% [markdown]
# ## In five lines
#
# - One event, published once; each subscription gets its copy {sns-1}.
# - `Publish` says that SNS has the message, and nothing about who got it {publish-saved}.
# - A subscriber that fails harms no other, and tells nobody {publish-independent}.
# - A standard topic keeps nothing: queues do, from their subscription on {publish-late-subscriber}.
# - Published twice is delivered twice, to everybody {publish-twice}.
#
# **Recall, without looking.** Your new service's queue stays empty, and every Publish succeeds: what do you look at first? Why does
# a worker that read the queue for a year fail on the day on which the queue is subscribed to a topic? A batch of ten
# raised no error: what do you still look at?
#
# <details><summary>The answers</summary>
#
# 1. Its queue policy, which must let SNS send for this topic {publish-no-policy}; then whether the subscription was made before
#    the messages {publish-late-subscriber}.
# 2. The body is an envelope now; raw message delivery brings the text as before {publish-raw}.
# 3. `Failed` in the answer {publish-batch-answers}.
#
# </details>
#
# The exercise: connect a shop's services, so that each hears of every order. Open `exercises/10_publish_subscribe.ipynb`.

# %% [markdown]
# ## The claims of this lesson
#
# Each line was an experiment just now, or names the page it was read in.

# %%
claims_of("10")
