# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 12 · Message filtering
#
# For a week the fraud team has had a quiet time. No order above `1000` has reached it, and yet the shop has sold more of
# them than before. Nothing has failed, no alarm has rung, no dead-letter queue holds a message. By the end of this lesson you can say
# which word in the shop's code has held the orders back, and find such a word before a week is over.
#
# **You will be able to**
#
# 1. write the policy that lets a service get its messages and no others, and say of any message which key holds it back;
# 2. choose between the attributes and the body of a message, and between filtering at the topic and in the consumer;
# 3. name the messages that a policy loses in silence: without the key, in another case, with a number as text.
#
# About {minutes} minutes. Needs lessons 02 and 06. Exams: SAA-C03 domain 2 (resilient) and 4 (cost), DVA-C03 domain 1.

# %%
import json

from labkit import Lab, claims_of, filter_matrix, predict, try_policy


def text(value):
    return {"DataType": "String", "StringValue": value}


def number(value):
    return {"DataType": "Number", "StringValue": str(value)}


def subscribe(lab, topic, name, policy=None):
    """Make a queue of this name, let SNS send to it, and subscribe it with a filter policy."""
    sqs = lab.client("sqs")
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    who = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": arn}
    statement = who | {"Condition": {"ArnEquals": {"aws:SourceArn": topic}}}
    allowed = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": allowed})
    attributes = {"RawMessageDelivery": "true"} | ({"FilterPolicy": json.dumps(policy)} if policy else {})
    return lab.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes=attributes)["SubscriptionArn"]


# %%
def publish(lab, topic, messages):
    """Publish each message; returns what HTTP answered."""
    sns = lab.client("sns")
    answers = [sns.publish(TopicArn=topic, **message) for message in messages.values()]
    return [answer["ResponseMetadata"]["HTTPStatusCode"] for answer in answers]


def waiting(lab, name):
    sqs = lab.client("sqs")
    url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
    return int(found["Attributes"]["ApproximateNumberOfMessages"])


def open_topic():
    lab = Lab(seed=12)
    return lab, lab.client("sns").create_topic(Name="events")["TopicArn"]


FRAUD = {"price": [{"numeric": [">=", 1000]}]}
SPAIN = {"country": ["ES"]}
week = {
    "order-1": {"Message": "order-1", "MessageAttributes": {"price": text("20"), "country": text("ES")}},
    "order-2": {"Message": "order-2", "MessageAttributes": {"price": text("4800"), "country": text("ES")}},
    "order-3": {"Message": "order-3", "MessageAttributes": {"price": text("1200"), "country": text("FR")}},
}


def open_shop():
    """A lab with the topic and the shop's three services."""
    lab, topic = open_topic()
    for name, policy in (("warehouse", None), ("mail", SPAIN), ("fraud", FRAUD)):
        subscribe(lab, topic, name, policy)
    return lab, topic


# %% [markdown]
# ## A quiet week
#
# Amazon SNS takes a message once, at a **topic**, and hands a copy to each **subscription** of that topic; here each
# subscription leads to an SQS queue. A message has a body and **attributes**: named values beside it, each with a type.
#
# Three services want the shop's orders. The warehouse wants them all, the mail service those from Spain, and fraud those
# from `1000` up. The last two say so in a **filter policy**: JSON that belongs to a subscription. They are `SPAIN` and
# `FRAUD` in the cell above, and `week` has three orders of that week.

# %%
lab, topic = open_shop()
publish(lab, topic, week)

# %%
{name: waiting(lab, name) for name in ("warehouse", "mail", "fraud")}

# %% [markdown]
# Publish answered `200` three times. What a policy holds back is no failure: there is no error, no other try, and nothing
# for a dead-letter queue {filter-silent}. The history of this lab knows of each message which key held it back, and a
# matrix of messages by subscriptions shows it.

# %%
filter_matrix(lab)

# %% [markdown]
# A hatched box names the key that failed, and why in short; `str(filter_matrix(lab))` says it in sentences. For
# `fraud` the price is there, and it is *of another type*. On Monday the shop had moved to a library that writes
# each value as text. `4800` is a number and `"4800"` is four characters, and a numeric rule compares numbers {filter-number}.
#
# The warehouse has no policy, so it gets all {filter-2}. Without it nobody would have noticed that there were orders at all.

# %% [markdown]
# ## One idea: each key, any value
#
# Whatever a policy does follows from one sentence: **every key must match, and for a key one of its values is enough**
# {filter-keys-and-values}. Keys are joined by *and*, the values in a key's list by *or*. Attributes that the policy does not
# name play no part.

# %%
events = {
    "a": {"Message": "a", "MessageAttributes": {"kind": text("order"), "country": text("ES"), "price": number(20)}},
    "b": {"Message": "b", "MessageAttributes": {"kind": text("refund"), "country": text("ES"), "price": number(4800)}},
    "c": {"Message": "c", "MessageAttributes": {"kind": text("order"), "country": text("FR"), "price": number(1000)}},
    "d": {"Message": "d", "MessageAttributes": {"kind": text("Order"), "price": text("4800")}},
    "e": {"Message": '{"kind": "order", "price": 4800}'},
}

# %%
predict(
    "12-two-keys",
    'The policy is {"kind": ["order", "refund"], "country": ["ES"]}. Which of a, b, c pass?',
    ["all three", "a and b", "only a"],
)

# %%
try_policy(events, {"kind": ["order", "refund"], "country": ["ES"]})

# %%
predict.reveal("12-two-keys", "a and b")

# %% [markdown]
# Where a notebook runs, this is a form: type another policy, and the table says at once what passes, and what fails where.
# Nothing is published for it. Try `{"country": [{"anything-but": ["ES"]}]}`, then turn it to `MessageBody`.

# %% [markdown]
# ## The attributes or the body
#
# A policy looks at one of the two. By default these are the attributes; with `FilterPolicyScope` set to `MessageBody` it is
# the body, which must be a JSON object {filter-1} {filter-body-json}. In the week of the incident somebody had tried to help:
# the price went into the body, as a number, and the policy stayed as it was.

# %%
helped = {"order-4": {"Message": '{"order": 4, "price": 4800}', "MessageAttributes": {"country": text("ES")}}}

try_policy(helped, FRAUD)

# %%
try_policy(helped, FRAUD, scope="MessageBody")

# %% [markdown]
# You may read elsewhere that SNS can't look into a message. Since November 2022 it can {filter-1}. In a body a policy may also
# be nested, as the body is; a list that holds the rules ends each path.

# %%
nested = {"customer": {"country": ["ES", "PT"]}}
bodies = {
    "inside": {"Message": '{"customer": {"country": "PT"}}'},
    "outside": {"Message": '{"country": "PT"}'},
    "no JSON": {"Message": "country: PT"},
}
try_policy(bodies, nested, scope="MessageBody")

# %% [markdown]
# On attributes a nested policy is refused {filter-nested}. Which one to take? Attributes say what a message is about without
# anybody opening it, and they work when the body is encrypted. The body saves you from saying a thing twice, in
# two places that can come to differ.

# %% [markdown]
# ## What is not there
#
# A message that lacks a key of the policy does not pass {filter-missing}. What about a rule that is content with nearly
# everything? `anything-but` lists what is *not* wanted.

# %%
predict(
    "12-anything-but",
    'The policy is {"kind": [{"anything-but": ["test"]}]}. A message has a country and no kind. Does it pass?',
    ["yes: it is no test", "no: it has no kind"],
)

# %%
kinds = {
    "a test": {"Message": "1", "MessageAttributes": {"kind": text("test")}},
    "an order": {"Message": "2", "MessageAttributes": {"kind": text("order")}},
    "no kind": {"Message": "3", "MessageAttributes": {"country": text("ES")}},
    "nothing": {"Message": "4"},
}
try_policy(kinds, {"kind": [{"anything-but": ["test"]}]})

# %%
predict.reveal("12-anything-but", "no: it has no kind")

# %% [markdown]
# *Anything* but a test is still something {filter-anything-but}. If a message without the key is welcome, say so in the same
# list: `exists`. It takes `true` for any value, and `false` for none.

# %%
try_policy(kinds, {"kind": [{"anything-but": ["test"]}, {"exists": False}]})

# %% [markdown]
# And the last one? A message without any attribute passes no policy on attributes: even `"exists": false` asks for some
# other attribute {filter-exists}. This is how a publisher that forgets its attributes loses all its filtered readers at once.

# %% [markdown]
# ## Numbers and text
#
# A numeric rule is one comparison, or a lower bound with an upper one {filter-numeric}. Look at the bounds: an equal value is
# in with `>=` and `<=`, and out with `>` and `<`.

# %%
prices = [99.99, 100, 499.99, 500]
priced = {f"{price}": {"Message": "order", "MessageAttributes": {"price": number(price)}} for price in prices}

try_policy(priced, {"price": [{"numeric": [">=", 100, "<", 500]}]})

# %% [markdown]
# Numbers are compared with {=filter-digits} after the decimal point {filter-digits}. Text is compared case by case, the
# names of keys too {filter-case}. An attribute of type `String.Array` has several values, and one that matches is enough
# {filter-array}; what looks like an array in a plain `String` is one text with brackets.

# %%
both = json.dumps(["rugby", "tennis"])
likes = {
    "an array": {"Message": "1", "MessageAttributes": {"likes": {"DataType": "String.Array", "StringValue": both}}},
    "a text": {"Message": "2", "MessageAttributes": {"likes": text(both)}},
    "in capitals": {"Message": "3", "MessageAttributes": {"likes": text("Tennis")}},
    "another key": {"Message": "4", "MessageAttributes": {"Likes": text("tennis")}},
}
try_policy(likes, {"likes": ["tennis"]})

# %% [markdown]
# Parts of a text have rules of their own: `prefix`, `suffix`, `wildcard`, `equals-ignore-case`, and `cidr` for the addresses
# of a network {filter-text} {filter-cidr}. `anything-but` takes values, a prefix, a suffix or a wildcard. You may read elsewhere that there
# is no wildcard; it came in July 2025 {filter-text}. One topic, one event, five subscriptions:

# %%
lab, topic = open_topic()
rules = {
    "prefix": {"prefix": "order."},
    "suffix": {"suffix": ".paid"},
    "wildcard": {"wildcard": "o*paid"},
    "any-case": {"equals-ignore-case": "ORDER.PAID"},
    "but": {"anything-but": {"prefix": "order."}},
}
for name, rule in rules.items():
    subscribe(lab, topic, name, {"event": [rule]})
names = ["order.placed", "order.paid", "refund.paid", "Order.paid"]
publish(lab, topic, {name: {"Message": name, "MessageAttributes": {"event": text(name)}} for name in names})
filter_matrix(lab)

# %% [markdown]
# ## This key or that one
#
# Fraud has a further wish: from `1000` up, *or* from a new customer whatever the price. Two keys in a policy mean *and*, so this
# needs `$or`, with a list of groups of which one must match {filter-or}. What stands beside it must match as well.

# %%
either = {"kind": ["order"], "$or": [{"price": [{"numeric": [">=", 1000]}]}, {"customer": ["new"]}]}
wished = {
    "dear": {"price": number(4800), "customer": text("old")},
    "new": {"price": number(20), "customer": text("new")},
    "neither": {"price": number(20), "customer": text("old")},
}
orders = {name: {"Message": name, "MessageAttributes": {"kind": text("order")} | one} for name, one in wished.items()}
try_policy(orders, either)

# %% [markdown]
# `neither` fails on both ways through the `$or`. The table names the keys of the way that lacked the fewest.

# %% [markdown]
# ## What SNS refuses
#
# A policy is read when it is set. One that SNS can't read is refused, and the policy before it stays {filter-refused}. That is
# the friendly kind of mistake: it is loud.

# %%
lab, topic = open_shop()
fraud = lab.client("sns").list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"][2]["SubscriptionArn"]


def change(policy):
    sns = lab.client("sns")
    given = {"AttributeName": "FilterPolicy", "AttributeValue": json.dumps(policy)}
    return sns.set_subscription_attributes(SubscriptionArn=fraud, **given)["ResponseMetadata"]["HTTPStatusCode"]


# %% tags=["raises-ClientError:InvalidParameter"]
change({"price": [{"greater-than": 1000}]})

# %% [markdown]
# Read the end of such a message: SNS names the column where its reader stood. Two limits are refused in the same way. A
# policy has up to {=filter-keys-limit} {filter-keys-limit}, and up to {=filter-combinations}: the numbers of values of all keys,
# multiplied {filter-combinations}.

# %%
fine = {"size": list("abcde"), "colour": list("vwxyz"), "shelf": list("123456")}
too_many = fine | {"shelf": list("1234567")}
change(fine), 5 * 5 * 6, 5 * 5 * 7

# %% tags=["raises-ClientError:InvalidParameter"]
change(too_many)

# %% [markdown]
# ## At the topic or in the consumer
#
# A consumer can also take all messages and throw away what it does not want. What does that cost? A hundred orders, of which
# five are from `950` up. The consumer receives ten at a time, deletes each one, and stops at the first empty answer.

# %%
lab, topic = open_topic()
subscribe(lab, topic, "everything")
subscribe(lab, topic, "wanted", {"price": [{"numeric": [">=", 950]}]})
hundred = {n: {"Message": f"order-{n}", "MessageAttributes": {"price": number(10 * n)}} for n in range(100)}
publish(lab, topic, hundred)

waiting(lab, "everything"), waiting(lab, "wanted")


# %%
def empty(lab, name):
    """Receive and delete until nothing comes; returns the number of requests."""
    sqs = lab.client("sqs")
    url, requests = sqs.get_queue_url(QueueName=name)["QueueUrl"], 0
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
        for message in messages:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        requests += 1 + len(messages)
    return requests + 1


empty(lab, "everything"), empty(lab, "wanted")

# %% [markdown]
# What the topic holds back is neither delivered, nor received, nor deleted {filter-saves-calls}. The consumer that filters by itself
# makes `111` requests for five orders, and `7` with a policy. But its code sees what it throws away, and can count it; a policy is silent.
# Rules that change every day, or that need a database, belong into the consumer. So does a wish that loses money when a
# word is wrong, unless somebody counts.

# %% [markdown]
# ## The week once more
#
# Monday, the same three orders. Two things are different. The shop publishes its prices as numbers; and there is a **control
# subscription**: a queue that gets what fraud's policy could not judge, because the price is missing or is no number.

# %%
predict(
    "12-control",
    'The control policy is {"price": [{"exists": false}, {"wildcard": "*"}]}. Which of a price that is missing, a price as text, and a price as a number pass?',
    ["all three", "missing, and as text", "only missing"],
)


# %%
def replay(orders):
    lab, topic = open_shop()
    subscribe(lab, topic, "control", {"price": [{"exists": False}, {"wildcard": "*"}]})
    publish(lab, topic, orders)
    return lab


def repaired(order):
    """The order with its price as a number."""
    attributes = order["MessageAttributes"]
    return order | {"MessageAttributes": attributes | {"price": number(attributes["price"]["StringValue"])}}


# %%
before = replay(week)
counts = waiting(before, "fraud"), waiting(before, "control")
lab = replay({name: repaired(order) for name, order in week.items()})
assert counts == (0, 3)
assert (waiting(lab, "fraud"), waiting(lab, "control")) == (2, 0)
filter_matrix(lab)

# %%
predict.reveal("12-control", "missing, and as text")

# %% [markdown]
# Fraud has both orders from `1000` up {filter-number}. And with Monday's release as it was, the control queue would have held `3`
# messages by the first minute: an alarm on a queue that ought to be empty, as in lesson 06, ends such a week on its first
# day. CloudWatch counts whatever policies hold back {filter-metric}, and most of it is held back by right; the control queue
# gets only what went wrong. One asterisk matches any text, so it finds what is no number: a policy can also ask for what
# ought not to be.

# %% [markdown]
# ## On the real service
#
# | AWS documents | runs here | what bridges them |
# |---|---|---|
# | A new or changed policy takes up to {=filter-late} to act in full {filter-late} | at once | publish a test message, and wait, before you rely on it |
# | {=filter-policies-quota} with a filter for a topic {filter-policies-quota} | not counted | a quota that can be raised |
# | Five digits after the decimal point; of further digits AWS is silent {filter-digits} | they are cut off | whole cents |
# | Whether digits in a String count as a number: shown in examples only {filter-number} | they don't | publish a Number |
# | What a wildcard is: an asterisk for any characters of a text {filter-text}. Of `"*"` alone it has no example | any text, and no number | try the control policy once at AWS |
# | An array with a value that anything-but lists and one that it does not: the page says both {filter-anything-but} | it passes | don't rely on it |
#
# This lesson has no price for filtering. What others write is that it is free on attributes and not on the body, so read AWS's
# price page before you choose. To clean up, delete the subscriptions, the topic and the queues. With the AWS CLI:
#
# ```bash
# aws sns subscribe --topic-arn "$TOPIC" --protocol sqs --notification-endpoint "$QUEUE_ARN" \
#   --attributes '{"FilterPolicy": "{\"price\": [{\"numeric\": [\">=\", 1000]}]}", "FilterPolicyScope": "MessageAttributes"}'
# aws sns set-subscription-attributes --subscription-arn "$SUBSCRIPTION" \
#   --attribute-name FilterPolicy --attribute-value file://policy.json
# aws sns publish --topic-arn "$TOPIC" --message order-2 \
#   --message-attributes '{"price": {"DataType": "Number", "StringValue": "4800"}}'
# aws sns unsubscribe --subscription-arn "$SUBSCRIPTION" && aws sns delete-topic --topic-arn "$TOPIC"
# ```
#
# and in CloudFormation:
#
# ```yaml
# Fraud:
#   Type: AWS::SNS::Subscription
#   Properties:
#     TopicArn: !Ref Events
#     Protocol: sqs
#     Endpoint: !GetAtt FraudQueue.Arn
#     FilterPolicyScope: MessageAttributes
#     FilterPolicy:
#       price:
#         - numeric: [">=", 1000]
# ```

# %% [markdown]
# ## In five lines
#
# - Every key must match, and for a key one of its values is enough {filter-keys-and-values}; `$or` joins groups {filter-or}.
# - A policy looks at the attributes or at the body, not at both {filter-1}.
# - A missing key does not pass, unless the list has `"exists": false` {filter-missing}.
# - A number as text is text {filter-number}, and `Shoes` are no `shoes` {filter-case}.
# - What is held back is no error, so let somebody count it {filter-silent}.
#
# **Recall, without looking.** Which word in the shop's code held the orders back? Why did nobody see an error? Which messages
# does `"exists": false` not let pass, although the key is missing?
#
# <details><summary>The answers</summary>
#
# 1. The type of the attribute: `String` instead of `Number` {filter-number}.
# 2. Publish says that the topic took the message; a policy that holds it back is no failure {filter-silent}.
# 3. Those without any attribute {filter-exists}.
#
# </details>
#
# The exercise: four services tell their wishes, and you write their policies. Open `exercises/12_message_filtering.ipynb`.

# %% [markdown]
# ## The claims of this lesson
#
# Each line was an experiment just now, or names the page it was read in.

# %%
claims_of("12")
