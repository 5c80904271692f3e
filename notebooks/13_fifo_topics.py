# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 13 · FIFO topics
#
# The bank of lesson 07 had its bookings in order, in one FIFO queue. Then fraud and letters wanted to hear of them too, and
# somebody put a topic before three queues. That night three services kept three different books of the same eight events.
# By the end of this lesson they keep one, and a fourth service, founded on Friday, has Monday in it.
#
# **You will be able to**
#
# 1. publish so that every subscriber has each account's events in order and once, also when answers get lost;
# 2. say who deduplicates what, for how long and in which scope: the topic, and then each queue once more;
# 3. tell which failure leaves a gap in the order, and bring a service what was published before it was there.
#
# About {minutes} minutes. Needs lessons 07, 10 and 12. Exams: SAA-C03 domain 2 (resilient), DVA-C03 domain 1.

# %%
import json
import time
from contextlib import suppress
from dataclasses import replace

from labkit import Faults, Lab, claims_of, fan_out, predict

RAW, FIFO_TOPIC, FIFO_QUEUE = {"RawMessageDelivery": "true"}, {"FifoTopic": "true"}, {"FifoQueue": "true"}
EVENTS = ["Ada open", "Ada +10", "Ada +10", "Ben open", "Ada -15", "Ben +30", "Ada -5", "Ben -20"]
MONDAY = {f"e{number}": event for number, event in enumerate(EVENTS, 1)}
MIXED = Faults(reorder=0.5)


def open_bank(name="events.fifo", **settings):
    """A lab with a topic of the bank's events."""
    lab = Lab(seed=12, faults=MIXED)
    sns = lab.client("sns")
    given = (FIFO_TOPIC if name.endswith(".fifo") else {}) | settings
    return lab, sns, lab.client("sqs"), sns.create_topic(Name=name, Attributes=given)["TopicArn"]


lab, sns, sqs, topic = open_bank("events")
topic

# %% [markdown]
# **Amazon SNS** keeps topics, and hands a copy of what is published to each subscription; here each leads to an SQS queue.
# `MONDAY` holds eight events of two accounts, each with an id that the app gave it before it was first sent. Ada pays in `10`
# twice, and she means it. `MIXED` is how often a standard queue mixes up what comes in: more often than AWS's would, so that
# eight events are enough to see it.
#
# The tools of all sections: `connect` makes a queue that a topic may send to and subscribes it, `read` takes everything out
# of a queue, `tell` publishes an event to a topic that keeps order, `play_monday` publishes them all while answers get lost, and
# `keep_books` is what each service makes of what it reads: the balances, and what it could not book.


# %%
def let_in(sqs, url, topic):
    """Let SNS send to a queue for a topic; returns the queue's ARN."""
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    who = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": arn}
    statement = who | {"Condition": {"ArnEquals": {"aws:SourceArn": topic}}}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    return arn


def connect(sns, sqs, topic, name, **attributes):
    """A queue of this name that gets what is published, as its text alone; returns its URL."""
    url = sqs.create_queue(QueueName=name, Attributes=FIFO_QUEUE if name.endswith(".fifo") else {})["QueueUrl"]
    given = {"Endpoint": let_in(sqs, url, topic), "Attributes": RAW | attributes}
    sns.subscribe(TopicArn=topic, Protocol="sqs", **given)
    return url


# %%
def read(sqs, url):
    """All that a queue brings, deleted as it comes."""
    found = []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for message in messages:
            found.append(message["Body"])
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return found


def tell(sns, topic, id, event):
    """Publish an event; returns SNS's answer."""
    given = {"MessageGroupId": event.split()[0], "MessageDeduplicationId": id}
    return sns.publish(TopicArn=topic, Message=event, **given)


# %%
def play_monday(lab, publish):
    """Publish the events while answers get lost."""
    lab.faults = replace(MIXED, lost_response=0.3)
    for id, event in MONDAY.items():
        publish(id, event)
    lab.faults = MIXED


# %%
def keep_books(events):
    """The balances of the accounts, and the events that could not be booked."""
    balances, refused = {}, []
    for event in events:
        account, what = event.split()
        if what == "open":
            balances[account] = 0
        elif account not in balances or balances[account] + int(what) < 0:
            refused.append(event)
        else:
            balances[account] += int(what)
    return balances, refused


keep_books(MONDAY.values())

# %% [markdown]
# ## Three services, three books
#
# So it should be in the evening: Ada has nothing, Ben has `10`, and everything could be booked. Now through a
# standard topic and three standard queues, while answers get lost on the way to the app, so that boto3 publishes again.


# %%
lab, sns, sqs, topic = open_bank("events")
urls = {name: connect(sns, sqs, topic, name) for name in ("ledger", "fraud", "letters")}
play_monday(lab, lambda id, event: sns.publish(TopicArn=topic, Message=event))
{name: keep_books(read(sqs, url)) for name, url in urls.items()}

# %% [markdown]
# All three had the same copies, and too many of them: what was published twice is delivered twice, to everybody {publish-twice}.
# And each queue has mixed them up in a way of its own {sqsord-1}. One FIFO queue would do better, so somebody subscribes
# one, and is refused {fifo-topic-no-fifo-queue}: order that is lost at the topic can't be had at a queue.

# %% tags=["raises-ClientError:InvalidParameter"]
connect(sns, sqs, topic, "ledger.fifo")

# %% [markdown]
# ## A topic that keeps order
#
# A **FIFO topic** is another type of topic. Its name ends in `.fifo` {snsfifo-1}, and it knows the two words of FIFO queues
# {snsfifo-2}: each message names its message group and has a deduplication id. `tell` takes the account for the one and
# the event's own id for the other.

# %%
lab, sns, sqs, topic = open_bank()
urls = {name: connect(sns, sqs, topic, f"{name}.fifo") for name in ("ledger", "fraud", "letters")}
answers = [tell(sns, topic, id, event) for id, event in MONDAY.items()]
{name: keep_books(read(sqs, url)) for name, url in urls.items()}

# %% [markdown]
# One story, three times {fifofan-1}. Order belongs to the group {snsfifo-3}: Ada's five events are in order everywhere,
# and between Ada and Ben nothing is promised, as in lesson 07. This became of the first event:

# %%
fan_out(lab, answers[0]["MessageId"])

# %% [markdown]
# Both ids travel with each copy. The sequence number does not: the topic's is in the answer of Publish, and the queue gives
# its own {fifo-topic-number}. And a message without a group is refused {snsfifo-3}, with another code than a queue's.

# %%
number = tell(sns, topic, "e9", "Ben +5")["SequenceNumber"]
message = sqs.receive_message(QueueUrl=urls["ledger"], MessageSystemAttributeNames=["All"])["Messages"][0]
names = ("MessageGroupId", "MessageDeduplicationId", "SequenceNumber")
number, {name: message["Attributes"][name] for name in names}

# %% tags=["raises-ClientError:InvalidParameter"]
sns.publish(TopicArn=topic, Message="Ben -5", MessageDeduplicationId="e10")

# %% [markdown]
# ## Published twice
#
# The app gets no answer and publishes again.

# %%
lab, sns, sqs, topic = open_bank()
ledger = connect(sns, sqs, topic, "ledger.fifo")
first, again = (tell(sns, topic, "e2", "Ada +10") for attempt in range(2))
first["MessageId"] == again["MessageId"], first["SequenceNumber"] == again["SequenceNumber"], read(sqs, ledger)

# %% [markdown]
# The repetition is no error. It is answered as the first was, and nobody gets it {fifo-topic-repeat}; the text doesn't
# matter, the id does. Every message has one {fifo-topic-required}: with `ContentBasedDeduplication` the topic takes the
# SHA-256 of the text, and hands it on, so that its queues need no setting {fifo-topic-content}. That is handy if no two
# texts are equal. Two of Ada's are:

# %%
lab, sns, sqs, topic = open_bank(ContentBasedDeduplication="true")
ledger = connect(sns, sqs, topic, "ledger.fifo")
for event in MONDAY.values():
    sns.publish(TopicArn=topic, Message=event, MessageGroupId=event.split()[0])
keep_books(read(sqs, ledger))

# %% [markdown]
# Her second `10` is missing {fifo-topic-content}, and every service agrees on it. An id that belongs to the event and was
# made before its first try is the same at each repetition, and another one for another event.
#
# The topic remembers an id for {=fifo-topic-interval}. So does each queue, for itself. The app was offline for longer, and
# publishes `e2` once more after six minutes:

# %%
lab, sns, sqs, topic = open_bank()
ledger = connect(sns, sqs, topic, "ledger.fifo")
tell(sns, topic, "e2", "Ada +10")
before = read(sqs, ledger)
time.sleep(6 * 60)
tell(sns, topic, "e2", "Ada +10")
before, read(sqs, ledger)

# %% [markdown]
# A new message, for all subscribers {fifo-topic-interval}. Who retries for longer puts the id into the text, and the
# services know it again (lesson 05).

# %% [markdown]
# ## Two memories
#
# The topic and each queue have a scope of their own, too. At the topic an id counts in the whole topic, or, with the
# attribute `FifoThroughputScope` set to `MessageGroup`, in its group {fifo-topic-scope}. Somebody has set it so, and each
# account counts its events from `1`. The queues are as they were: each looks for duplicates in the whole queue.

# %%
lab, sns, sqs, topic = open_bank(FifoThroughputScope="MessageGroup")
ledger = connect(sns, sqs, topic, "ledger.fifo")
answers = [tell(sns, topic, "1", event) for event in ("Ada open", "Ben open")]
predict(
    "13-scopes",
    "Two accounts, both with the id 1: for the topic two messages. How many will the ledger's queue bring?",
    ["none", "one", "two"],
)

# %%
read(sqs, ledger)

# %%
predict.reveal("13-scopes", "one")

# %%
lab.passport(answers[1]["MessageId"])

# %% [markdown]
# *Delivered*, says SNS, and the copy that it names is Ada's: the queue has accepted Ben's event and taken it for a duplicate
# {fifo-topic-queue-scope}. Set the queues' `DeduplicationScope` to `messageGroup` as well, or give ids that are unique anyway.

# %% [markdown]
# ## Who is slow, who is away
#
# Fraud takes its time: it holds *Ada open*, and has not deleted it yet. What does that cost the others?

# %%
lab, sns, sqs, topic = open_bank()
urls = {name: connect(sns, sqs, topic, f"{name}.fifo") for name in ("ledger", "fraud")}
tell(sns, topic, "e1", "Ada open")
held = sqs.receive_message(QueueUrl=urls["fraud"])["Messages"]
for id in ("e2", "e3", "e4"):
    tell(sns, topic, id, MONDAY[id])
{name: read(sqs, url) for name, url in urls.items()}

# %% [markdown]
# The ledger nothing, and Ben nothing either: what waits is Ada, at fraud {fifo-topic-own-pace}. Deliveries are as separate.
# While SQS fails to take a copy, SNS tries again, and what follows of that *group* waits at that *subscription*; other
# groups and other subscriptions go on {fifo-topic-holds-group}.
#
# Not every failure is tried again. A colleague tidies up the policy of the ledger's queue, and soon puts it back.

# %%
lab, sns, sqs, topic = open_bank()
urls = {name: connect(sns, sqs, topic, f"{name}.fifo") for name in ("ledger", "fraud")}
tell(sns, topic, "e1", "Ada open")
sqs.set_queue_attributes(QueueUrl=urls["ledger"], Attributes={"Policy": ""})
lost = tell(sns, topic, "e2", "Ada +10")
let_in(sqs, urls["ledger"], topic)
tell(sns, topic, "e3", "Ada +10")
predict(
    "13-policy",
    "The ledger's queue had no policy while the second of three events was published. What will it bring?",
    ["the first: the third waits for the second", "the first and the third", "all three: SNS tries again"],
)

# %%
read(sqs, urls["ledger"])

# %%
predict.reveal("13-policy", "the first and the third")

# %%
fan_out(lab, lost["MessageId"])

# %% [markdown]
# A denied delivery is discarded {publish-no-policy} and holds nothing up: what comes is in order, with a gap {fifo-topic-gap}.
# A dead-letter queue of the *subscription* saves the copy. For a FIFO queue it has to be a FIFO queue, where the dead letters
# lie in their groups and in order {fifo-topic-dead-letters}. The ledger has gone on meanwhile, so bringing them back repairs
# the loss and not the order: have an alarm on that queue (lesson 06). A standard queue is refused:

# %% tags=["raises-ClientError:InvalidParameter"]
dead = let_in(sqs, sqs.create_queue(QueueName="dead-events")["QueueUrl"], topic)
connect(sns, sqs, topic, "letters.fifo", RedrivePolicy=json.dumps({"deadLetterTargetArn": dead}))

# %% [markdown]
# ## Who may listen, and how much there may be
#
# You may read elsewhere that FIFO queues are all that can subscribe. Since September 2023 standard queues can, too
# {snsfifo-5}. Order ends there, and the ids do not arrive {fifo-topic-standard-queue}; the topic still keeps out what is
# published twice. A FIFO topic takes up to `100` subscriptions {fifofan-1}. Web addresses, mailboxes, telephones and functions
# are refused, since they could keep no order {snsfifo-5}; a Lambda function reads one of the queues.

# %%
lab, sns, sqs, topic = open_bank()
statistics = connect(sns, sqs, topic, "statistics")
play_monday(lab, lambda id, event: tell(sns, topic, id, event))
read(sqs, statistics)

# %% tags=["raises-ClientError:InvalidParameter"]
sns.subscribe(TopicArn=topic, Protocol="https", Endpoint="https://bank.example.com/events")

# %% [markdown]
# Filter policies (lesson 12) work as anywhere, and what passes stays in order {fifo-topic-filter}. And how much can be
# published? You may read `300` messages a second, the number of the first years. Forty programs try it for a second, each
# with a call every `10 ms`.


# %%
def busy_second(scope, groups):
    """How many messages a topic takes in a second."""
    lab, sns, sqs, topic = open_bank(ContentBasedDeduplication="true", FifoThroughputScope=scope)
    taken = []

    def program(name):
        with suppress(sns.exceptions.ThrottledException):
            for n in range(99):
                sns.publish(TopicArn=topic, Message=f"{name} {n}", MessageGroupId=f"{name % groups}")
                taken.append(n)

    for name in range(40):
        lab.start(program, name, name=f"program {name}")
    lab.run(until="999 ms")
    return len(taken)


busy_second("Topic", 40), busy_second("MessageGroup", 40), busy_second("MessageGroup", 1)

# %% [markdown]
# By default a topic takes {=snsfifo-6}, or 20 MB {snsfifo-6}. With `MessageGroup` each group has a quota of its own,
# {=fifo-topic-group-quota} {fifo-topic-group-quota}, up to what the account has in its Region {snsfifo-6}: many groups are
# fast, one group is not. There is no way back from `MessageGroup` {fifo-topic-scope}.

# %% [markdown]
# ## Founded on Friday
#
# A standard topic keeps nothing for those who come later (lesson 10). A FIFO topic can: with an **archive policy** it keeps
# what is published, for up to {=archive-retention} {archive-retention}. The bank keeps a week, and founds its audit on
# Friday. `BeginningArchiveTime` says how far back a **replay policy** of its subscription may go.

# %%
lab, sns, sqs, topic = open_bank(ArchivePolicy=json.dumps({"MessageRetentionPeriod": "7"}))
ledger = connect(sns, sqs, topic, "ledger.fifo")
for id, event in MONDAY.items():
    tell(sns, topic, id, event)
booked = keep_books(read(sqs, ledger))
lab.clock.advance("4 d")
beginning = sns.get_topic_attributes(TopicArn=topic)["Attributes"]["BeginningArchiveTime"]
beginning

# %%
since = {"PointType": "Timestamp", "StartingPoint": beginning}
audit = connect(sns, sqs, topic, "audit.fifo", ReplayPolicy=json.dumps(since), RawMessageDelivery="false")
subscription = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"][-1]["SubscriptionArn"]
before = sns.get_subscription_attributes(SubscriptionArn=subscription)["Attributes"]["ReplayStatus"]
time.sleep(60)
before, sns.get_subscription_attributes(SubscriptionArn=subscription)["Attributes"]["ReplayStatus"]

# %%
tell(sns, topic, "e9", "Ben +5")
envelopes = [json.loads(body) for body in read(sqs, audit)]
assert keep_books(one["Message"] for one in envelopes[:-1]) == booked
[(one["Timestamp"][:10], one["Message"], one.get("Replayed")) for one in envelopes[-3:]]

# %% [markdown]
# Monday's events came in order, with their old ids and times, and marked as replayed; then Friday's, as to everybody
# {replay-catches-up}. A replay also helps a service that has lost what it had. With an `EndingPoint` it brings a stretch and
# then *stops*: the subscription is paused, until a replay without an end {replay-end}.

# %%
end = {"EndingPoint": lab.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")}
given = {"SubscriptionArn": subscription, "AttributeName": "ReplayPolicy"}
sns.set_subscription_attributes(**given, AttributeValue=json.dumps(since | end))
lab.clock.advance("1 h")
fan_out(lab, tell(sns, topic, "e10", "Ben -5")["MessageId"])

# %% [markdown]
# Ben's new event has not reached the audit. A replayed copy has its old deduplication id, so a FIFO queue that has had
# it just now drops it as a duplicate {replay-duplicate}. And a topic with an archive is not deleted by mistake: first its
# archive must end, with the policy `{}`, which deletes what it holds {archive-delete}.

# %% tags=["raises-ClientError:InvalidState"]
sns.delete_topic(TopicArn=topic)

# %% [markdown]
# ## Monday again
#
# The same events, the same lost answers, the same chance of another order. A FIFO topic with an archive, FIFO queues,
# the account as the group and the event's own id as the deduplication id; and on Friday the audit. Four services, one book.

# %%
lab, sns, sqs, topic = open_bank(ArchivePolicy=json.dumps({"MessageRetentionPeriod": "7"}))
urls = {name: connect(sns, sqs, topic, f"{name}.fifo") for name in ("ledger", "fraud", "letters")}
play_monday(lab, lambda id, event: tell(sns, topic, id, event))
books = {name: keep_books(read(sqs, url)) for name, url in urls.items()}
lab.clock.advance("4 d")
since = {"PointType": "Timestamp", "StartingPoint": "2026-01-01T00:00:00Z"}
audit = connect(sns, sqs, topic, "audit.fifo", ReplayPolicy=json.dumps(since))
time.sleep(60)
books["audit"] = keep_books(read(sqs, audit))
assert all(book == ({"Ada": 0, "Ben": 10}, []) for book in books.values()), books
books

# %% [markdown]
# ## On the real service
#
# | AWS documents | runs here | what bridges them |
# |---|---|---|
# | A copy that SQS fails to take is tried again, and its group waits {fifo-topic-holds-group} | SQS does not fail here; the experiment behind the claim lets it fail | `labkit claims fifo-topic-holds-group` |
# | A FIFO topic has a quota of subscriptions {fifofan-1} | it is not counted | a quota that can be raised |
# | A FIFO queue has quotas of its own {fifo-4} | they don't apply to what SNS sends | a queue as fast as its topic |
# | Messages beyond a topic's quota are refused {snsfifo-6} | as the calls of programs come in each second; calls in a cell take no time and are not counted | the SDK tries again |
# | A replay is pending at first {replay-catches-up} | for a second | ask for `ReplayStatus` |
# | A replayed message has an attribute `Replayed` {replay-catches-up} | in the envelope, of which AWS shows no example | look at one of yours |
#
# What the archive and its replays cost is on AWS's page of prices. To clean up, end the archive, and delete the topic, which
# ends its subscriptions, and the queues. With the AWS CLI:
#
# ```bash
# aws sns create-topic --name orders.fifo --attributes FifoTopic=true
# aws sns set-topic-attributes --topic-arn "$TOPIC" --attribute-name ArchivePolicy \
#   --attribute-value '{"MessageRetentionPeriod": "7"}'
# aws sns publish --topic-arn "$TOPIC" --message "Ada open" --message-group-id Ada --message-deduplication-id e1
# aws sns subscribe --topic-arn "$TOPIC" --protocol sqs --notification-endpoint "$QUEUE_ARN"
# aws sns set-topic-attributes --topic-arn "$TOPIC" --attribute-name ArchivePolicy --attribute-value '{}'
# aws sns delete-topic --topic-arn "$TOPIC"
# ```
#
# and in CloudFormation:
#
# ```yaml
# Events:
#   Type: AWS::SNS::Topic
#   Properties:
#     TopicName: events.fifo
#     FifoTopic: true
#     ArchivePolicy: {MessageRetentionPeriod: "7"}
# AuditHears:
#   Type: AWS::SNS::Subscription
#   Properties:
#     TopicArn: !Ref Events
#     Protocol: sqs
#     Endpoint: !GetAtt Audit.Arn
#     RawMessageDelivery: true
#     ReplayPolicy: {PointType: Timestamp, StartingPoint: "2026-01-01T00:00:00Z"}
# ```

# %% [markdown]
# ## In five lines
#
# - Order and deduplication begin at the topic; a FIFO queue behind a standard topic is refused {fifo-topic-no-fifo-queue}.
# - Order holds in a group, at each FIFO queue by itself {snsfifo-3}; a standard queue gets the events without it {fifo-topic-standard-queue}.
# - A repeated id is answered as the first, for {=fifo-topic-interval}; each queue looks once more, in its own scope {fifo-topic-queue-scope}.
# - A failing delivery holds up its group {fifo-topic-holds-group}; a denied one leaves a gap {fifo-topic-gap}.
# - With an archive, a service that comes later hears what came before {replay-catches-up}.
#
# **Recall, without looking.** A topic was set to `MessageGroup`, and since then some events are missing, although all were delivered:
# what do you look at? Which id would you give an event, and when is it made? A service asked for yesterday's events between
# two points, got them, and has been quiet since: why?
#
# <details><summary>The answers</summary>
#
# 1. The queues' `DeduplicationScope`: by default an id counts in the whole queue {fifo-topic-queue-scope}.
# 2. One that belongs to this event and no other, made before the first try {fifo-topic-repeat}.
# 3. A replay with an end leaves the subscription paused; a replay without one ends that {replay-end}.
#
# </details>
#
# The exercise: a shop's stock, in order for each article, at every service. Open `exercises/13_fifo_topics.ipynb`.

# %% [markdown]
# ## The claims of this lesson
#
# Each line was an experiment just now, or names the page it was read in.

# %%
claims_of("13")
