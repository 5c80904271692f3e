# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 05 · Delivery guarantees
#
# Look whether the order is done; if not, charge the card and note it. This recipe stands on many pages, and a worker built
# from it has passed every test for a year. Last night it charged a customer twice, and no call had failed. In this lesson
# a program runs such a worker under every order of events, and in less than a second it tells in three sentences how.
#
# **You will be able to**
#
# 1. name four ways in which one order reaches your code twice, and one in which it gets lost;
# 2. say what `at least once`, `at most once` and `exactly once` mean, and which of them a queue can give you;
# 3. make a consumer idempotent with one conditional write, and check it under every order of events.
#
# About {minutes} minutes. Needs lesson 03. Exams: SAA-C03 domain 2, DVA-C03 domain 1, SAP-C02 task 2.4.

# %%
from labkit import Faults, Lab, Story, claims_of, every_order, predict, swimlanes


def open_shop(seed=5, **options):
    """A lab with an empty queue of orders."""
    lab = Lab(seed=seed, **options)
    sqs = lab.client("sqs")
    return lab, sqs, sqs.create_queue(QueueName="orders")["QueueUrl"]


def open_table(lab, name, key="order_id"):
    """A DynamoDB table whose items are found by one text."""
    dynamodb = lab.client("dynamodb")
    schema = [{"AttributeName": key, "KeyType": "HASH"}]
    types = [{"AttributeName": key, "AttributeType": "S"}]
    given = {"KeySchema": schema, "AttributeDefinitions": types, "BillingMode": "PAY_PER_REQUEST"}
    dynamodb.create_table(TableName=name, **given)
    return dynamodb


# %% [markdown]
# ## One order, twice
#
# The till of a bookshop sends one order through SQS, the Simple Queue Service. SQS stores it and answers, and the answer
# gets lost on its way back. boto3, the client, waits in vain and makes the same request again by itself.

# %%
lab, sqs, url = open_shop(seed=1, faults=Faults(lost_response=0.5))
predict(
    "05-lost-answer",
    "The till calls send_message once. SQS has stored order-1, but the answer gets lost on the way. The call returns. How many messages are in the queue?",
    ["none", "1 message", "2 messages"],
)

# %%
sent = sqs.send_message(QueueUrl=url, MessageBody="order-1")
sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])["Attributes"]

# %%
predict.reveal("05-lost-answer", "2 messages")

# %% [markdown]
# boto3 could not know that its request had arrived. It makes up to {=delivery-sdk-attempts} for a call of SQS and four for one
# of DynamoDB, and each may have taken effect {delivery-sdk-attempts}. A standard queue does not compare bodies: it stored a
# second message {delivery-lost-send}. (A FIFO queue knows a repeated send for some minutes; lesson 07.)

# %%
batch = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
[(message["Body"], message["MessageId"][:8]) for message in batch]

# %% [markdown]
# The second way is SQS's own. It keeps copies of a message on several servers, and one that is away for a moment neither
# hides nor deletes its copy {std-10}. Here every receive and every delete meets such a server. Ann and Bob receive, Bob
# deletes with the newest receipt handle, and Ann looks again:

# %%
lab, sqs, url = open_shop(faults=Faults(duplicate=1, undelete=1))
sqs.send_message(QueueUrl=url, MessageBody="order-1")
ann = sqs.receive_message(QueueUrl=url)["Messages"][0]
bob = sqs.receive_message(QueueUrl=url)["Messages"][0]
sqs.delete_message(QueueUrl=url, ReceiptHandle=bob["ReceiptHandle"])
again = sqs.receive_message(QueueUrl=url)["Messages"][0]
ann["Body"], bob["Body"], again["Body"]

# %% [markdown]
# Two consumers held order-1 at the same instant, within its visibility timeout {duplicate-within-timeout}. The third way is
# the last line: it came back after its delete {delete-copy-returns}. Both are rare, says AWS, and publishes no rates. The
# fourth way needs no fault of AWS at all. A machine dies at the wrong moment:

# %%
lab, sqs, url = open_shop()
sqs.send_message(QueueUrl=url, MessageBody="order-1")
charged = []


def consumer(name, dies=False):
    message = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20)["Messages"][0]
    charged.append((name, message["Body"]))
    if not dies:
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


# %%
lab.start(consumer, "Ann", True, name="Ann")
lab.clock.advance("20 s")
lab.start(consumer, "Bob", name="Bob")
lab.run()
charged

# %% [markdown]
# Ann charged the card and died before she could delete the message. Bob got it when its visibility timeout was over, and
# nothing in it says that the card is charged {delivery-crash-repeats}.

# %% [markdown]
# ## The other way round
#
# Then delete first and charge afterwards?

# %%
lab, sqs, url = open_shop()
sqs.send_message(QueueUrl=url, MessageBody="order-1")
charged = []
predict(
    "05-delete-first",
    "A worker receives order-1, deletes it, and dies before it charges the card. A minute later another worker polls. What happens?",
    ["order-1 is charged once", "order-1 is charged twice", "order-1 is charged by nobody"],
)

# %%
message = sqs.receive_message(QueueUrl=url)["Messages"][0]
sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
lab.clock.advance("60 s")
charged += [one["Body"] for one in sqs.receive_message(QueueUrl=url).get("Messages", [])]
charged

# %%
predict.reveal("05-delete-first", "order-1 is charged by nobody")

# %% [markdown]
# The customer's order is gone, without a trace {delivery-delete-first}. So the place of the delete decides which of two
# guarantees you have:
#
# | the delete comes | the machine dies between the two | guarantee |
# |---|---|---|
# | after the work | the work is done again | at least once {delivery-crash-repeats} |
# | before the work | the work is left undone | at most once {delivery-delete-first} |
#
# There is no third place. A queue can't give you exactly once, whatever its name; what you can have is work that does no
# harm when it is done again. **Exactly-once processing is at-least-once delivery with an idempotent effect**
# {delivery-exactly-once}. (Nor does a standard queue promise the order {std-11}; lesson 07 shows it.)

# %% [markdown]
# ## The recipe
#
# Here is the worker of last night. `charge` is the card company; `done` is a table in DynamoDB, AWS's database of **items**:
# each is a few named values, found by its key. (`{"S": "order-1"}` is a text, `{"N": "20"}` a number.) The worker looks,
# charges, notes, and deletes at the end, as you would.

# %%
lab, sqs, url = open_shop()
dynamodb = open_table(lab, "done")
charged = []


# %%
def looks_first(sqs, queue_url, charge, dynamodb):
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20)
        for message in answer.get("Messages", []):
            note = {"order_id": {"S": message["Body"]}}
            if "Item" not in dynamodb.get_item(TableName="done", Key=note):
                charge(message["Body"])
                dynamodb.put_item(TableName="done", Item=note)
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])


# %%
for n in range(20):
    sqs.send_message(QueueUrl=url, MessageBody=f"order-{n}")
for name in ("Ann", "Bob"):
    lab.start(looks_first, sqs, url, charged.append, dynamodb, name=name)
lab.run(until="5 min")
len(charged), len(set(charged))

# %% [markdown]
# Twenty orders, twenty charges. You could run it a thousand times like this and would see nothing else, because nothing
# happens at the wrong moment. There are few wrong moments, but each has to be met.
#
# ### Every order of events
#
# A consumer touches the world in a handful of steps: a call, a charge, another call. Between any two of them its machine
# can die, the visibility timeout can end because it was slow, another consumer can take a step, an answer can get lost.
# For two orders and two consumers these are many schedules, yet not infinitely many. `every_order` runs them, each in a
# small world of its own, and every machine has its own memory, which dies with it. It begins with one order, one consumer
# and no fault, so that the first schedule that goes wrong is also the simplest one to read.
#
# A `Story` says what waits in the queue, what the consumer is given, and when the end is wrong:

# %%
def charged_once(end):
    for order in end.sent:
        times = end.calls["charge"].count((order,))
        if times != 1:
            return f"{order} was charged {times} times"


shop = Story(["order-1", "order-2"], charged_once, effects=["charge"], tables={"done": "order_id"})

# %%
predict(
    "05-recipe",
    "Look, charge, note, delete: two orders, two consumers, and at most one thing goes wrong. Is every order charged exactly once?",
    ["yes", "no, one can be charged twice", "no, one can be lost"],
)

# %%
found = every_order(looks_first, shop)
found

# %%
predict.reveal("05-recipe", "no, one can be charged twice")

# %% [markdown]
# Between the charge and the note there is a gap, and a machine can die in it {delivery-check-then-act}. A better look is no
# cure. `GetItem` may miss a write of a moment ago unless you pass `ConsistentRead=True` {delivery-read-consistency}, but the
# look above missed nothing: there was no note yet.
#
# The search talks to the rules of SQS directly, which makes it fast. `replay` runs the same schedule once more through
# boto3 and hands you its lab:

# %%
lab = found.replay()
swimlanes(lab)

# %% [markdown]
# The machine `A` died with the order in its hands; `A2`, in its place, received it as soon as it was visible again, charged
# it and deleted it. That took so little time that `A2`'s bar is drawn wider than it lasts: a bow tie marks it.
#
# The note could come first, then:

# %%
def notes_first(sqs, queue_url, charge, dynamodb):
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20)
        for message in answer.get("Messages", []):
            note = {"order_id": {"S": message["Body"]}}
            if "Item" not in dynamodb.get_item(TableName="done", Key=note):
                dynamodb.put_item(TableName="done", Item=note)
                charge(message["Body"])
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])


found = every_order(notes_first, shop)
found

# %% [markdown]
# Now the order is lost. And without a table, with a set in memory, which so many programs do?

# %%
known = set()


def remembers(sqs, queue_url, charge, dynamodb):
    while True:
        for message in sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20).get("Messages", []):
            if message["Body"] not in known:
                charge(message["Body"])
                known.add(message["Body"])
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])


found = every_order(remembers, shop)
found

# %% [markdown]
# The set is empty on the next machine {delivery-memory}. No place for the note is safe, as long as the note and the effect
# are two steps.

# %% [markdown]
# ## One step
#
# So make them one. A payment written into a table *is* its own note, if the order is its key. DynamoDB writes the row only
# if there is none with that key, when the write carries that **condition** {delivery-conditional-put}:

# %%
lab, sqs, url = open_shop()
dynamodb = open_table(lab, "payments")
payment = {"order_id": {"S": "order-1"}, "amount": {"N": "20"}}
absent = "attribute_not_exists(order_id)"
answer = dynamodb.put_item(TableName="payments", Item=payment, ConditionExpression=absent)
answer["ResponseMetadata"]["HTTPStatusCode"]

# %% tags=["raises-ConditionalCheckFailedException"]
dynamodb.put_item(TableName="payments", Item=payment, ConditionExpression=absent)

# %% [markdown]
# Looking and writing are one step on DynamoDB's side: of several consumers that try at the same instant, one is accepted
# {delivery-condition-atomic}. For the worker the refusal is good news, since the order is paid. It deletes the message
# in both cases.

# %%
def pays_once(sqs, queue_url, dynamodb):
    while True:
        for message in sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20).get("Messages", []):
            payment = {"order_id": {"S": message["Body"]}}
            try:
                dynamodb.put_item(TableName="payments", Item=payment, ConditionExpression=absent)
            except dynamodb.exceptions.ConditionalCheckFailedException:
                pass
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])


# %%
def paid_once(end):
    paid = [row["order_id"]["S"] for row in end.rows["payments"]]
    return None if sorted(paid) == sorted(set(end.sent)) else f"the payments are for {paid}"


bookshop = Story(["order-1", "order-2"], paid_once, tables={"payments": "order_id"})
every_order(pays_once, bookshop)

# %% [markdown]
# It holds in every one of them. That is no proof for a hundred consumers, but it is more wrong moments than many years of
# testing by luck would meet. And through a night with everything that AWS says may happen:

# %%
lab, sqs, url = open_shop(seed=7, faults=Faults.documented())
dynamodb = open_table(lab, "payments")
for n in range(30):
    sqs.send_message(QueueUrl=url, MessageBody=f"order-{n}")
for name in ("Ann", "Bob"):
    lab.start(pays_once, sqs, url, dynamodb, name=name)
lab.run(until="10 min")
deliveries = [change for change in lab.history.changes() if change.why.startswith("received")]
len(deliveries), len(dynamodb.scan(TableName="payments")["Items"])

# %% [markdown]
# ### Which key
#
# Why not the MessageId? It looks like the natural key of a message.

# %%
def by_message_id(sqs, queue_url, dynamodb):
    while True:
        for message in sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20).get("Messages", []):
            payment = {"payment_id": {"S": message["MessageId"]}, "order_id": {"S": message["Body"]}}
            dynamodb.put_item(TableName="payments", Item=payment)
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])


resent = Story(["order-1", "order-1"], paid_once, tables={"payments": "payment_id"})
found = every_order(by_message_id, resent)
found

# %% [markdown]
# A MessageId is the same in every delivery and another one in every send {delivery-message-id}. What names the work is in the order
# itself: an order number, a payment id of the till. Keep the row for as long as the message can come back, up to
# {=delivery-record-kept} for SQS, and longer if your producers send again.
#
# One more surprise with conditions. The answer to this write gets lost:

# %% tags=["raises-ConditionalCheckFailedException"]
lab, sqs, url = open_shop(seed=8)
dynamodb = open_table(lab, "payments")
lab.faults = Faults(lost_response=0.5)
dynamodb.put_item(TableName="payments", Item={"order_id": {"S": "order-1"}}, ConditionExpression=absent)

# %%
lab.faults = Faults.none()
dynamodb.scan(TableName="payments")["Items"]

# %% [markdown]
# The only writer there ever was is refused, by its own success: boto3 repeated the request, and the row was there
# {delivery-conditional-retry}. So read the refusal as *it is written*, not as *somebody else was faster*.

# %% [markdown]
# ## When the effect is elsewhere
#
# Two tables, such as a note and a customer's bill, become one step with `TransactWriteItems`: up to {=delivery-transaction},
# all or none. boto3 gives each transaction a token, so that its own second attempt succeeds on AWS within
# {=delivery-transaction-token}.

# %%
lab, sqs, url = open_shop()
open_table(lab, "done")
dynamodb = open_table(lab, "bills", "customer")
note = {"TableName": "done", "Item": {"order_id": {"S": "order-1"}}}
note["ConditionExpression"] = "attribute_not_exists(order_id)"
bill = {"TableName": "bills", "Key": {"customer": {"S": "c-17"}}, "UpdateExpression": "ADD owed :sum"}
bill["ExpressionAttributeValues"] = {":sum": {"N": "20"}}

# %%
for attempt in (1, 2):
    try:
        dynamodb.transact_write_items(TransactItems=[{"Put": note}, {"Update": bill}])
        print(attempt, "done")
    except dynamodb.exceptions.TransactionCanceledException as refusal:
        print(attempt, refusal.response["CancellationReasons"][0]["Code"])
dynamodb.scan(TableName="bills")["Items"]

# %% [markdown]
# A card company is in no table of yours. There the other side has to know the order: give it the key with each
# attempt, and let it do the work once for each key {delivery-pass-the-key}. AWS calls this a client token, card
# companies an idempotency key.
#
# So last night once more, with a company that keeps the first charge of each key. Dying between charge and delete, and
# all the rest, is among the schedules:

# %%
def passes_the_key(sqs, queue_url, charge):
    while True:
        for message in sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20).get("Messages", []):
            charge(message["Body"], 20)
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])


def taken_once(end):
    company = {}
    for key, amount in end.calls["charge"]:
        company.setdefault(key, amount)
    return None if company == dict.fromkeys(end.sent, 20) else f"the company took {company}"


# %%
last_night = every_order(passes_the_key, Story(["order-1", "order-2"], taken_once, effects=["charge"]))
assert last_night.right
last_night

# %% [markdown]
# No look and no note is left in it. What made last night's worker wrong was not the crash, but an effect that counted twice.

# %% [markdown]
# ## On the real service
#
# | AWS documents | runs here | what bridges them |
# |---|---|---|
# | Duplicates and returns are rare, without a rate {duplicate-within-timeout} | at the rate you ask for | `every_order` puts one into every place |
# | A FIFO receive whose answer got lost can be repeated {fifo-attempt-id}; of standard queues nothing is said | its messages stay hidden until their timeout {longpoll-lost-answer} | wait for it |
# | `GetItem` may miss a write of a moment ago {delivery-read-consistency} | every read sees the last write | ask for `ConsistentRead`, or write with a condition |
# | A repeated transaction with its token succeeds {delivery-transaction-token} | the mock keeps no tokens: it would be refused | `every_order` does not lose the answer of a transaction |
# | boto3's guide: five attempts, in the mode `legacy` {delivery-sdk-attempts} | what the installed boto3 does: three, for DynamoDB four | set `retries` in `Config` if it matters to you |
#
# For Lambda there is a library, Powertools for AWS Lambda. It notes `INPROGRESS` before the work, so that a second delivery
# waits, and lets that note expire when the invocation must have ended. After a crash the work is done again, so an effect
# elsewhere still needs the key {delivery-pass-the-key}.
#
# Clean up by deleting the queue and the table. With the AWS CLI:
#
# ```bash
# aws dynamodb create-table --table-name payments --billing-mode PAY_PER_REQUEST \
#   --attribute-definitions AttributeName=order_id,AttributeType=S --key-schema AttributeName=order_id,KeyType=HASH
# aws dynamodb put-item --table-name payments --item '{"order_id": {"S": "order-1"}}' \
#   --condition-expression "attribute_not_exists(order_id)"
# aws dynamodb delete-table --table-name payments
# ```
#
# and in CloudFormation:
#
# ```yaml
# Payments:
#   Type: AWS::DynamoDB::Table
#   Properties:
#     BillingMode: PAY_PER_REQUEST
#     AttributeDefinitions: [{AttributeName: order_id, AttributeType: S}]
#     KeySchema: [{AttributeName: order_id, KeyType: HASH}]
# ```

# %% [markdown]
# ## In five lines
#
# - One order can reach you twice by a lost answer {delivery-lost-send}, a copy {std-10}, or a crash {delivery-crash-repeats}.
# - Delete after the work: at least once. Delete before it: at most once {delivery-delete-first}.
# - Exactly once is an effect that may come again {delivery-exactly-once}; no queue does it for you.
# - Looking, acting and noting have to be one write: a condition on a key {delivery-conditional-put}.
# - The key comes from the order {delivery-message-id}, and goes on to whoever does the work {delivery-pass-the-key}.
#
# **Recall, without looking.** Why is the MessageId no key? What does a refused condition tell a worker, and what not?
# In which of its gaps did the recipe of last night fail?
#
# <details><summary>The answers</summary>
#
# 1. Each send makes another one, so an order that is sent twice has two {delivery-message-id}.
# 2. That the row is there. Not who wrote it: it may have been its own first try {delivery-conditional-retry}.
# 3. In the gap between the charge and the note: the machine dies, and the next one finds no note
#    {delivery-check-then-act}.
#
# </details>
#
# The exercise: one payment for each order. Open `exercises/05_delivery_guarantees.ipynb`.

# %% [markdown]
# ## The claims of this lesson
#
# Each line was an experiment just now, or names the page it was read in.

# %%
claims_of("05")
