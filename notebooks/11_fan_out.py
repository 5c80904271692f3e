# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 11 · Fan-out: a topic and a queue each
#
# On Monday the fraud team of a bookshop wanted to see every order. The orders were in the warehouse's queue, so it
# started a worker there. There was no error on Monday, and none all week. On Friday the warehouse had packed half of the
# parcels. By the end of this lesson the same week is played again. Both get every order, although one of them is away for
# a day.
#
# **You will be able to**
#
# 1. give each of several services every event at its own pace, and say what a subscriber without a queue loses;
# 2. let one topic into a queue and nobody else: queue policy, key policy, another account;
# 3. find the copy that did not arrive, and keep the next one.
#
# About {minutes} minutes. Needs lessons 05, 06 and 10. Exams: SAA-C03 domain 2, DVA-C03 domain 1, SOA-C03 domain 1.

# %%
import json
import time
from urllib.parse import unquote_plus

from labkit import Lab, Story, claims_of, every_order, fan_out, predict, queue_depth


# %%
def open_shop(**options):
    """A lab with a topic."""
    lab = Lab(seed=11, **options)
    sns = lab.client("sns")
    return lab, sns, lab.client("sqs"), sns.create_topic(Name="orders")["TopicArn"]


def new_queue(sqs, name, **attributes):
    """The URL and the ARN of a new queue."""
    url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    return url, sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]


lab, sns, sqs, topic = open_shop()
new_queue(sqs, "warehouse")[1]


# %% [markdown]
# A topic **hands over now**, a queue **keeps**. This lesson joins the two. The joint is the queue's policy, and as most
# of the lesson is about it, its parts have names: `allow` writes a statement, `set_policy` sets the policy of a queue.


# %%
def for_topic(topic):
    return {"ArnEquals": {"aws:SourceArn": topic}}


def allow(queue, condition):
    """A statement that lets SNS send to a queue under a condition."""
    statement = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage"}
    return statement | {"Resource": queue, "Condition": condition}


def set_policy(sqs, url, *statements):
    policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})


# %%
RAW = {"RawMessageDelivery": "true"}


def connect(sns, sqs, topic, name, **attributes):
    """A queue that gets a raw copy of what is published; returns its URL."""
    url, arn = new_queue(sqs, name, **attributes)
    set_policy(sqs, url, allow(arn, for_topic(topic)))
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes=RAW)
    return url


# %%
def bodies(sqs, url):
    return [one["Body"] for one in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])]


def serve(sqs, url, done, seconds):
    """A service, which works on each order for so many seconds."""
    while True:
        for message in sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20).get("Messages", []):
            time.sleep(seconds)
            done.append(message["Body"])
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


# %% [markdown]
# ## One queue for two services, and one for each
#
# Monday. Twenty orders, two services at one queue, a second of work for an order.

# %%
lab, sns, sqs, topic = open_shop()
url, _ = new_queue(sqs, "warehouse")
packed, checked = [], []
for name, done in (("warehouse", packed), ("fraud", checked)):
    lab.start(serve, sqs, url, done, 1, name=name)
for n in range(20):
    sqs.send_message(QueueUrl=url, MessageBody=f"order-{n + 1}")
lab.run(until="1 min")
len(packed), len(checked), len({*packed, *checked})

# %% [markdown]
# Consumers of one queue *share* its messages {fanout-shared-queue}. That is what you want of ten machines of one service,
# and what you don't want of two services. SQS can't tell one from the other, so nothing warned them.
#
# Now the shop publishes, and each service gets a queue of its own {fanout-1}. Fraud has a new check, which takes `12 s`.

# %%
lab, sns, sqs, topic = open_shop()
packed, checked = [], []
for name, done, seconds in (("warehouse", packed, 1), ("fraud", checked, 12)):
    lab.start(serve, sqs, connect(sns, sqs, topic, name), done, seconds, name=name)
for n in range(20):
    sns.publish(TopicArn=topic, Message=f"order-{n + 1}")
lab.run(until="1 min")
after_a_minute = len(packed), len(checked)
lab.run(until="4 min")
after_a_minute, (len(packed), len(checked))

# %% [markdown]
# A slow service delays nobody, because each receives and deletes at its own rate {fanout-5}. Who joins adds a queue with
# its policy and a subscription {fanout-7}; who leaves takes them away. The line that publishes is the same before and
# after {fanout-2}.

# %% [markdown]
# ## A day away
#
# An order comes every ten minutes. The fraud team's machine is down for a day, and its queue is there.

# %%
lab, sns, sqs, topic = open_shop()
url, checked = connect(sns, sqs, topic, "fraud"), []


def customers():
    for n in range(144):
        sns.publish(TopicArn=topic, Message=f"order-{n + 1}")
        time.sleep(600)


lab.start(customers)
lab.run(until="24 h")

# %%
predict(
    "11-day",
    "The machine is back after a day with 144 orders. How many does its worker find?",
    ["none", "the last one", "all"],
)

# %%
lab.start(serve, sqs, url, checked, 12, name="fraud")
lab.run(until="2 h")
queue_depth(lab, "fraud")

# %%
predict.reveal("11-day", "all")

# %% [markdown]
# The line climbs by one every ten minutes for a day, and falls within half an hour. Nothing was lost, because the topic had
# somebody to hand over to. The limit is the queue's retention period: {=std-6} unless you raise it, and {=fanout-4} at the
# longest. Set it to the longest absence that you want to survive.
#
# Now without a queue. SNS also delivers to **AWS Lambda**, which runs a function of yours for each event. In a lab this
# is a Python function. It can't reach its database, for the same day.

# %%
lab, sns, sqs, topic = open_shop()
well_again, runs, checked = time.time() + 24 * 60 * 60, [], []


def fraud(event, context):
    runs.append(event)
    if time.time() < well_again:
        raise TimeoutError("the database does not answer")
    checked.append(event["Records"][0]["Sns"]["Message"])


sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=lab.function("fraud", fraud))
lab.start(customers)
lab.run(until="26 h")
len(runs), len(checked)

# %% [markdown]
# For each event the function ran three times within minutes, and Lambda gave it up {fanout-function-down}. For SNS it was
# delivered. A web server is no better off. SNS itself tries it again, by a policy that ends within the hour
# {missing-sns-retries}. A queue between the topic and the function, or the server, turns minutes into days.

# %% [markdown]
# ## The copy that did not come
#
# So a queue each, and a policy each. Somebody forgets the second.

# %%
lab, sns, sqs, topic = open_shop()
url, arn = new_queue(sqs, "fraud")
subscription = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes=RAW)["SubscriptionArn"]
sns.publish(TopicArn=topic, Message="order-1")
lab.clock.advance("1 h")
set_policy(sqs, url, allow(arn, for_topic(topic)))
lab.clock.advance("24 h")
sns.publish(TopicArn=topic, Message="order-2")["ResponseMetadata"]["HTTPStatusCode"]

# %%
predict(
    "11-repaired",
    "The policy was set an hour after order-1. What does the queue hold a day later?",
    ["both orders", "order-2", "nothing"],
)

# %%
bodies(sqs, url)

# %%
predict.reveal("11-repaired", "order-2")

# %% [markdown]
# What the queue's policy doesn't let in is denied {fanout-8}, and a denied delivery is an error of the client, SNS in
# this case. It is not tried again {fanout-not-retried}. Neither `Subscribe` nor `Publish` says so. What does, then?
# CloudWatch counts it, as `NumberOfNotificationsFailed` of the topic {topic-metrics}, and a **dead-letter queue of the
# subscription** keeps what SNS could not deliver {fanout-dead-letters}. You may read that a topic has one. It is an
# attribute of each subscription, and not the one of lesson 06, which belongs to a queue.

# %%
dead, dead_arn = new_queue(sqs, "undelivered")
redrive = json.dumps({"deadLetterTargetArn": dead_arn})
sns.set_subscription_attributes(
    SubscriptionArn=subscription, AttributeName="RedrivePolicy", AttributeValue=redrive
)
set_policy(sqs, url, allow(arn, for_topic(topic + "s")))
sns.publish(TopicArn=topic, Message="order-3")
bodies(sqs, dead)

# %%
set_policy(sqs, dead, allow(dead_arn, for_topic(topic)))
connect(sns, sqs, topic, "warehouse")
published = sns.publish(TopicArn=topic, Message="order-4")
fan_out(lab, published["MessageId"])

# %% [markdown]
# A slip in the ARN, so both deliveries to fraud were denied, and of the first there is no dead letter either: SNS needs
# permission for *this* queue as well {fanout-dead-letters-policy}. The second has been kept.
#
# Watch that queue, or that metric, with an alarm (lesson 06): one message in it means that somebody misses all. To bring
# dead letters of SNS back, a worker of your own reads them; a redrive doesn't know where they came from
# {redrive-unknown-source}. A deleted queue is the same case as a wrong policy: denied, and kept if there is a dead-letter
# queue {fanout-3}.

# %% [markdown]
# ## This topic, and no other
#
# Anybody can subscribe your queue to a topic of theirs. What keeps them out is the condition in your policy. Here three
# queues have three conditions, and three topics are subscribed to each, one of them in another account. Whose messages
# lie in which queue?

# %%
lab, sns, sqs, topic = open_shop()
strangers, mine = lab.client("sns", account="222233334444"), {"aws:SourceAccount": "123456789012"}
senders = {"orders": (sns, topic), "news": (sns, sns.create_topic(Name="news")["TopicArn"])}
senders["spam"] = strangers, strangers.create_topic(Name="spam")["TopicArn"]
conditions = {"nothing": {}, "my-account": {"StringEquals": mine}, "my-topic": for_topic(topic)}
queues = {name: new_queue(sqs, name) for name in conditions}
for name, (url, arn) in queues.items():
    set_policy(sqs, url, allow(arn, conditions[name]))
    for client, source in senders.values():
        client.subscribe(TopicArn=source, Protocol="sqs", Endpoint=arn)
        client.publish(TopicArn=source, Message="hello")

# %%
def came(url):
    """From which topics something lies in a queue, and of what type it is."""
    found = [json.loads(body) for body in bodies(sqs, url)]
    return sorted({(one["TopicArn"].split(":")[-1], one["Type"]) for one in found})


{name: came(url) for name, (url, arn) in queues.items()}

# %% [markdown]
# `sns.amazonaws.com` is everybody's SNS. Without a condition strangers let it work for them, which is called the confused
# deputy; `aws:SourceAccount` lets in all topics of an account, and `aws:SourceArn` one topic {fanout-source-arn}. What
# came from the strangers is a question: when another account than its own subscribes a queue, SNS asks it first, and
# delivers after `ConfirmSubscription` with the token in that message {fanout-asked}. A worker that opened every link
# would confirm.
#
# When a second topic shall be let in, mind that a policy is one attribute: setting it replaces all statements that there
# were {fanout-policy-replaced}. Read, add, write:

# %%
had = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])["Attributes"].get("Policy")
statements = json.loads(had)["Statement"] if had else []
set_policy(sqs, url, *statements, allow(arn, for_topic(senders["news"][1])))
sns.subscribe(TopicArn=senders["news"][1], Protocol="sqs", Endpoint=arn)
for client, source in (senders["orders"], senders["news"]):
    client.publish(TopicArn=source, Message="hello again")
came(url)

# %% [markdown]
# ## Encrypted queues
#
# The same policy at three queues. The first is encrypted by SQS itself (SSE-SQS), the others with keys of KMS, AWS's
# service for keys: with the one that AWS manages for SQS, and with one of your own.

# %%
lab, sns, sqs, topic = open_shop()
kms = lab.client("kms")
key = kms.create_key(Description="orders")["KeyMetadata"]["KeyId"]
connect(sns, sqs, topic, "by-sqs", SqsManagedSseEnabled="true")
connect(sns, sqs, topic, "key-of-aws", KmsMasterKeyId="alias/aws/sqs")
connect(sns, sqs, topic, "own-key", KmsMasterKeyId=key)
published = sns.publish(TopicArn=topic, Message="order-1")
fan_out(lab, published["MessageId"])

# %% [markdown]
# SSE-SQS needs nothing more {fanout-sse-sqs}. With KMS whoever sends must be allowed to use the *key*, and SNS is not.
# The key that AWS manages lets in the account's own principals, and nobody can change its policy, so there is no cure but
# another key {fanout-managed-key}. Your own key has a policy of your own; by default it names your account alone. Add
# what SNS needs {fanout-own-key}:

# %%
policy = json.loads(kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"])
use = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Resource": "*"}
policy["Statement"].append(use | {"Action": ["kms:GenerateDataKey*", "kms:Decrypt"]})
kms.put_key_policy(KeyId=key, PolicyName="default", Policy=json.dumps(policy))
[row[:2] for row in lab.passport(sns.publish(TopicArn=topic, Message="order-2")["MessageId"]).rows()]

# %% [markdown]
# ## Across accounts
#
# A partner's account wants the orders in its queue, and subscribes it. That takes two consents: the topic's policy must let
# the partner subscribe {snssec-6}, the queue's policy must let the topic send {fanout-8}. Here the first is missing.

# %% tags=["raises-ClientError:AuthorizationError"]
lab, sns, sqs, topic = open_shop()
partner = {service: lab.client(service, account="222233334444") for service in ("sns", "sqs")}
url, arn = new_queue(partner["sqs"], "partner")
set_policy(partner["sqs"], url, allow(arn, for_topic(topic)))
partner["sns"].subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes=RAW)

# %%
sns.add_permission(TopicArn=topic, Label="partner", AWSAccountId=["222233334444"], ActionName=["Subscribe"])
partner["sns"].subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes=RAW)
sns.publish(TopicArn=topic, Message="order-1")
bodies(partner["sqs"], url)

# %% [markdown]
# ## One upload, many services
#
# **Amazon S3** keeps files, as objects in buckets, and can tell of each new one. Two services want to hear of pictures.
# S3 is kinder than SNS: it looks at once whether it may send there, and refuses the setting if not {snssec-7}.

# %% tags=["raises-ClientError:InvalidArgument"]
lab, sns, sqs, topic = open_shop()
s3, to_topic = lab.client("s3"), {"TopicArn": topic, "Events": ["s3:ObjectCreated:*"]}
s3.create_bucket(Bucket="covers")


def notify(*settings):
    given = {"TopicConfigurations": list(settings)}
    s3.put_bucket_notification_configuration(Bucket="covers", NotificationConfiguration=given)


notify(to_topic)

# %% tags=["raises-ClientError:InvalidArgument"]
lets = {"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "SNS:Publish", "Resource": topic}
lets |= {"Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::covers"}}}
policy = json.dumps({"Version": "2012-10-17", "Statement": [lets]})
sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=policy)
notify(to_topic, to_topic)

# %% [markdown]
# Now S3 may publish, and refuses something else. You may read that it takes one setting a prefix. The rule is that no
# event of a key may be meant by two settings {s3fan-1}, so two services that want the same event need something that
# copies: the topic {s3fan-2}.

# %%
urls = [connect(sns, sqs, topic, name) for name in ("thumbnails", "archive")]
notify(to_topic)
s3.put_object(Bucket="covers", Key="my cover.jpg", Body=b"...")
events = [json.loads(body) for url in urls for body in bodies(sqs, url)]
keys = [event.get("Event") or event["Records"][0]["s3"]["object"]["key"] for event in events]
keys, unquote_plus(keys[-1])

# %% [markdown]
# Two things trip a first consumer. The first message is a test of S3's, which has no `Records` {s3fan-2}. And the key is
# encoded as in a web address {s3fan-key}; `unquote_plus` brings back the object's own.

# %% [markdown]
# ## Twice, in two places
#
# On its way to a service an event can be doubled in two places: `Publish` is called again when its answer got lost
# (lesson 10), and a queue may bring a message again (lesson 05). Here an order is published twice. Is SNS's `MessageId`
# in the envelope good enough to know it by? `every_order` tries a service that keeps its letters under that id.

# %%
lab, sns, sqs, topic = open_shop()
url, arn = new_queue(sqs, "letters")
set_policy(sqs, url, allow(arn, for_topic(topic)))
sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
for attempt in range(2):
    sns.publish(TopicArn=topic, Message="order-1")
copies = bodies(sqs, url)


def one_letter(end):
    return "there are two letters for one order" if len(end.rows["letters"]) > 1 else None


[(json.loads(body)["Message"], json.loads(body)["MessageId"]) for body in copies]


# %%
def writing(key):
    def service(sqs, queue_url, dynamodb):
        while True:
            for message in sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20).get("Messages", []):
                event = json.loads(message["Body"])
                letter = {"letter": {"S": event[key]}, "order": {"S": event["Message"]}}
                dynamodb.put_item(TableName="letters", Item=letter)
                sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])

    return service


story = Story(copies, one_letter, tables={"letters": "letter"})
every_order(writing("MessageId"), story)

# %% [markdown]
# It recognises what the *queue* repeats, which has the same envelope, and not what was published again
# {fanout-two-repeats}. The order's own number is the key that recognises both:

# %%
assert every_order(writing("Message"), story).right

# %% [markdown]
# ## The week again
#
# An order every ten minutes, a queue for each service, a dead-letter queue for both subscriptions. The fraud team's
# machine is away on the first day. On the second day somebody tidies up, and the fraud queue's policy has a slip for an
# hour. What is denied meanwhile is sent on from the dead letters.

# %%
lab, sns, sqs, topic = open_shop()
packed, checked = [], []
urls = {name: connect(sns, sqs, topic, name) for name in ("warehouse", "fraud")}
dead, dead_arn = new_queue(sqs, "undelivered", MessageRetentionPeriod="1209600")
set_policy(sqs, dead, allow(dead_arn, for_topic(topic)))
redrive = {"AttributeName": "RedrivePolicy", "AttributeValue": json.dumps({"deadLetterTargetArn": dead_arn})}
for one in sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]:
    sns.set_subscription_attributes(SubscriptionArn=one["SubscriptionArn"], **redrive)


# %%
def customers():
    for n in range(720):
        sns.publish(TopicArn=topic, Message=f"order-{n + 1}")
        time.sleep(600)


lab.start(customers)
lab.start(serve, sqs, urls["warehouse"], packed, 12, name="warehouse")
lab.run(until="24 h")
lab.start(serve, sqs, urls["fraud"], checked, 12, name="fraud")
lab.run(until="12 h")

# %%
arn = dead_arn.replace("undelivered", "fraud")
set_policy(sqs, urls["fraud"], allow(arn, for_topic(topic + "s")))
lab.run(until="1 h")
set_policy(sqs, urls["fraud"], allow(arn, for_topic(topic)))
lab.run(until="120 h")
lost = bodies(sqs, dead)
for body in lost:
    sqs.send_message(QueueUrl=urls["fraud"], MessageBody=body)
lab.run(until="5 min")
assert {*packed} == {*checked} == {f"order-{n + 1}" for n in range(720)}
len(packed), len(checked), lost

# %% [markdown]
# ## On the real service
#
# | AWS documents | runs here | what bridges them |
# |---|---|---|
# | A new policy takes up to a minute to act {fanout-settings-late} | at once | publish after a test message has arrived |
# | SQS endpoints that fail are tried again, for days {missing-sns-retries} | queues here don't fail | nothing to do, except to know that they may be late |
# | S3's events come within seconds, now and then later {s3fan-2} | at once | don't wait for one |
#
# KMS bills a customer managed key and its use. To clean up, end the subscriptions, then delete queues and topic, and
# schedule the deletion of the key. With the AWS CLI:
#
# ```bash
# aws sqs set-queue-attributes --queue-url "$URL" --attributes file://queue-policy.json
# aws sns subscribe --topic-arn "$TOPIC" --protocol sqs --notification-endpoint "$QUEUE_ARN" \
#   --attributes RawMessageDelivery=true
# aws sns set-subscription-attributes --subscription-arn "$SUBSCRIPTION" --attribute-name RedrivePolicy \
#   --attribute-value "{\"deadLetterTargetArn\": \"$DEAD_ARN\"}"
# aws sns unsubscribe --subscription-arn "$SUBSCRIPTION"
# ```
#
# and in CloudFormation:
#
# ```yaml
# LetOrdersIn:
#   Type: AWS::SQS::QueuePolicy
#   Properties:
#     Queues: [!Ref Fraud, !Ref Undelivered]
#     PolicyDocument:
#       Version: "2012-10-17"
#       Statement:
#         - Effect: Allow
#           Principal: {Service: sns.amazonaws.com}
#           Action: sqs:SendMessage
#           Resource: "*"
#           Condition: {ArnEquals: {"aws:SourceArn": !Ref Orders}}
# FraudHears:
#   Type: AWS::SNS::Subscription
#   Properties:
#     TopicArn: !Ref Orders
#     Protocol: sqs
#     Endpoint: !GetAtt Fraud.Arn
#     RawMessageDelivery: true
#     RedrivePolicy: {deadLetterTargetArn: !GetAtt Undelivered.Arn}
# ```

# %% [markdown]
# ## In five lines
#
# - Consumers of one queue share; subscribers of one topic each get a copy {fanout-shared-queue}.
# - A topic hands over now, a queue keeps: a day away costs nothing behind a queue {fanout-4}, and
#   without one it costs the day {fanout-function-down}.
# - A queue's policy lets in one topic by `aws:SourceArn` {fanout-source-arn}; with KMS the key's policy must, too {fanout-own-key}.
# - What is denied is not tried again {fanout-not-retried}; a dead-letter queue of the subscription, which has a policy of its own, keeps it {fanout-dead-letters}.
# - S3 takes one setting for an event; a topic behind it copies {s3fan-1}.
#
# **Recall, without looking.** You encrypt a queue with `alias/aws/sqs`, and since then it is empty: what now? The
# dead-letter queue of a subscription is empty, and so is the queue: what do you look at? How does a service recognise an
# event that was published twice?
#
# <details><summary>The answers</summary>
#
# 1. Another key, customer managed, whose policy lets SNS use it {fanout-managed-key}, or SSE-SQS {fanout-sse-sqs}.
# 2. Both policies: the dead-letter queue needs one as well {fanout-dead-letters-policy}. `lab.passport` of a message says it.
# 3. By an id of its own in the text; SNS's `MessageId` is another one {fanout-two-repeats}.
#
# </details>
#
# The exercise: let a topic into three queues, and nobody else. Open `exercises/11_fan_out.ipynb`.

# %% [markdown]
# ## The claims of this lesson
#
# Each line was an experiment just now, or names the page it was read in.

# %%
claims_of("11")
