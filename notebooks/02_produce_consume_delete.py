# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 02 · Produce, consume, delete
#
# Thirty orders went through a queue into a bookkeeping database, and the books show more than thirty. The queue kept
# every promise it made. This lesson is about what exactly it promises.
#
# **You will be able to**
#
# 1. send, receive and delete messages, one by one and by tens, and say what each call answers;
# 2. tell how long an unprocessed message stays, how large it may be, and what removes it;
# 3. write a consumer whose result is right although messages can arrive twice.
#
# About {minutes} minutes. Needs lesson 01. Exams: SAA-C03 domain 2, DVA-C03 domain 1, SAP-C02 task 2.4.

# %%
import sqlite3
import time

from labkit import Faults, Lab, claims_of, predict, queue_depth, swimlanes


def open_shop(seed=2, **options):
    """A lab with an empty queue of orders."""
    lab = Lab(seed=seed, **options)
    sqs = lab.client("sqs")
    return lab, sqs, sqs.create_queue(QueueName="orders")["QueueUrl"]


# %% [markdown]
# ## One order
#
# The Simple Queue Service (SQS) keeps messages in queues. `CreateQueue` needs a name and nothing else: no server, no size,
# no capacity {std-2}.

# %%
lab, sqs, url = open_shop()
url

# %%
sent = sqs.send_message(
    QueueUrl=url,
    MessageBody='{"order": "order-1", "customer": "c-17"}',
    MessageAttributes={"channel": {"DataType": "String", "StringValue": "web"}},
)
sent["MessageId"], sent["MD5OfMessageBody"]

# %% [markdown]
# A producer is any program with an SDK that calls `SendMessage` {produce-1}; the order goes into the body, as JSON here
# because the shop likes JSON {produce-4}. A consumer asks for messages; SQS sends nothing by itself {consume-2}.

# %%
message = sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"])["Messages"][0]
message["Body"], message["MessageAttributes"]["channel"]["StringValue"]

# %%
predict(
    "02-after-receive",
    "The message has been received. How many messages are in the queue now?",
    ["none: receiving takes it out", "one, and it waits to be deleted", "two: the original and the copy"],
)

# %%
names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]

# %%
predict.reveal("02-after-receive", "one, and it waits to be deleted")

# %% [markdown]
# It is still there, **in flight**: received, not deleted, and hidden from others for now. Processing is your business {consume-4}, here `12 s` of it, and so is the delete: SQS waits
# for it {multi-4}. The delete takes the receipt handle of the delivery {consume-5}.

# %%
time.sleep(12)
sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
lab.passport(sent["MessageId"])

# %% [markdown]
# ## By tens
#
# One call can carry up to {=consume-3} in either direction. That is faster, and cheaper for small orders: AWS charges by
# request, and a call counts as one for each chunk of `64 KB` in it, says
# [a page of June 2026](https://www.factualminds.com/blog/amazon-sqs-pricing-64kb-rule-fifo-vs-standard/). Ten small orders
# in a batch are one request; ten of `64 KB` are ten, batch or not.

# %%
lab, sqs, url = open_shop()
orders = [{"Id": f"n{n}", "MessageBody": f"order-{n}"} for n in range(12)]
answer = sqs.send_message_batch(QueueUrl=url, Entries=orders[:10])
len(answer["Successful"]), "Failed" in answer

# %% [markdown]
# There is no `Failed` key when nothing failed {batch-absent-keys}, so consumers of this answer use `.get("Failed", [])`. Twelve entries
# are too many:

# %% tags=["raises-TooManyEntriesInBatchRequest"]
sqs.send_message_batch(QueueUrl=url, Entries=orders)

# %% [markdown]
# A batch that is accepted can still fail in part, with status `200` {batch-partial-failure}. Here the second entry asks for
# a delay that SQS does not offer:

# %%
mixed = [orders[10], {**orders[11], "DelaySeconds": 901}]
answer = sqs.send_message_batch(QueueUrl=url, Entries=mixed)
[entry["Id"] for entry in answer["Successful"]], answer["Failed"]

# %% [markdown]
# The other direction: `MaxNumberOfMessages` says how many a receive may bring, and is one unless you set it
# {receive-default-one}.

# %%
predict(
    "02-how-many",
    "Eleven messages wait. What does receive_message(QueueUrl=url) return?",
    ["1 message", "10 messages", "11 messages"],
)

# %%
len(sqs.receive_message(QueueUrl=url)["Messages"])

# %%
predict.reveal("02-how-many", "1 message")

# %% [markdown]
# One. Asked for ten, SQS gives up to ten {consume-3}.

# %%
batch = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
[message["Body"] for message in batch]

# %% [markdown]
# ## What fits in
#
# A message holds up to {=std-9}, counted in bytes {send-size-in-bytes}, and the attributes count too
# {send-size-attributes}. You may read elsewhere that it is `256 KB`; that was so until August 2025.

# %%
lab, sqs, url = open_shop()
limit = int(
    sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["MaximumMessageSize"])["Attributes"]["MaximumMessageSize"]
)
limit

# %%
sqs.send_message(QueueUrl=url, MessageBody="x" * limit)["ResponseMetadata"]["HTTPStatusCode"]

# %% [markdown]
# The letter `é` is one character and two bytes {send-size-in-bytes}, so half as many of them and one more byte are over
# the limit:

# %% tags=["raises-ClientError:InvalidParameterValue"]
sqs.send_message(QueueUrl=url, MessageBody="é" * (limit // 2) + "x")

# %% [markdown]
# A batch gets no more than that either: its messages share one limit of {=batch-total-size}, and a batch beyond it is
# refused as a whole. Two messages of `600 KB` each fit one by one, not together:

# %% tags=["raises-ClientError:AWS.SimpleQueueService.BatchRequestTooLong"]
sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": name, "MessageBody": "x" * 600_000} for name in ("a", "b")])

# %% [markdown]
# Larger payloads go to S3, and the message carries the address. AWS has a client library that does this, for payloads
# of up to 2 GB, for Java and Python {std-9}.

# %% [markdown]
# ## How long it waits
#
# A message that nobody deletes is not kept for ever {produce-2}. The queue's **retention period** is {=std-6} unless
# you set another, at most {=std-7}; then the message is gone, without a word to anybody {produce-3}. An
# answer that brings nothing has no `Messages` at all {receive-absent-key}:

# %%
lab, sqs, url = open_shop()
sqs.send_message(QueueUrl=url, MessageBody="order-1")
lab.clock.advance("4 days")
"Messages" in sqs.receive_message(QueueUrl=url)

# %%
lab.table().where(what="change")

# %% [markdown]
# Retention belongs to the queue, not to the message: setting it lower also ends messages that wait already
# {retention-lowered}.

# %%
sqs.send_message(QueueUrl=url, MessageBody="order-2")
lab.clock.advance("2 h")
sqs.set_queue_attributes(QueueUrl=url, Attributes={"MessageRetentionPeriod": "3600"})
"Messages" in sqs.receive_message(QueueUrl=url)

# %% [markdown]
# ## Many consumers
#
# Each worker below needs two seconds an order. One of them would need a minute for thirty.

# %%
lab, sqs, url = open_shop()
for n in range(30):
    sqs.send_message(QueueUrl=url, MessageBody=f"order-{n}")
done = []


# %%
def worker(name):
    while batch := sqs.receive_message(QueueUrl=url, WaitTimeSeconds=5).get("Messages"):
        time.sleep(2)
        sqs.delete_message(QueueUrl=url, ReceiptHandle=batch[0]["ReceiptHandle"])
        done.append((time.time(), name, batch[0]["Body"]))


# %%
start = time.time()
for name in ("Ann", "Bob", "Cem"):
    lab.start(worker, name, name=name)
lab.run()
round(done[-1][0] - start), len(done), len({order for _, _, order in done})

# %% [markdown]
# Three workers, a third of the time, and each order done once: a message in flight is hidden from the other workers
# {multi-1}, so adding consumers adds throughput {multi-5}. The workers did not have to know of each other.

# %%
queue_depth(lab)

# %% [markdown]
# ## At least once
#
# So far this AWS has been kinder than the real one. A standard queue delivers *at least* once {std-10}, in an order it
# does not guarantee {std-11}. `Faults.documented()` makes the lab do what AWS says may happen, far more often than AWS
# does, so that you can watch it.

# %%
lab, sqs, url = open_shop(seed=7, faults=Faults.documented())
books = sqlite3.connect(":memory:")
books.execute("CREATE TABLE sale (order_id TEXT)")
for n in range(30):
    sqs.send_message(QueueUrl=url, MessageBody=f"order-{n}")


# %%
def bookkeeper(statement):
    while batch := sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20, MaxNumberOfMessages=10).get("Messages"):
        for message in batch:
            time.sleep(1)
            books.execute(statement, [message["Body"]])
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


# %%
for name in ("Ada", "Ben"):
    lab.start(bookkeeper, "INSERT INTO sale VALUES (?)", name=name)
lab.run()
books.execute("SELECT count(*), count(DISTINCT order_id) FROM sale").fetchone()

# %% [markdown]
# More rows than orders, and nothing failed. Which orders came twice?

# %%
twice = books.execute("SELECT order_id, count(*) FROM sale GROUP BY order_id HAVING count(*) > 1").fetchall()
twice

# %%
lab.table().where(message="order-21", what="change")

# %% [markdown]
# Order 21 is one message that SQS handed out twice: its first receive did not hide it {duplicate-within-timeout}.
# Order 2 is another story, and not the queue's fault. Look for it in the picture:

# %%
swimlanes(lab)

# %% [markdown]
# It stands there as two messages. The answer to its `SendMessage` was lost on the way, so the SDK sent it again, as SDKs
# do. No setting of a standard queue prevents either. The consumer has to be **idempotent**: doing the same order again
# changes nothing. A key does it: the database refuses the second row of an order, whoever brings it. The same orders and
# the same duplicates once more, in a cell that fails unless the books are right:

# %%
lab, sqs, url = open_shop(seed=7, faults=Faults.documented())
books = sqlite3.connect(":memory:")
books.execute("CREATE TABLE sale (order_id TEXT PRIMARY KEY)")
for n in range(30):
    sqs.send_message(QueueUrl=url, MessageBody=f"order-{n}")
for name in ("Ada", "Ben"):
    lab.start(bookkeeper, "INSERT OR IGNORE INTO sale VALUES (?)", name=name)
lab.run()
rows = books.execute("SELECT count(*), count(DISTINCT order_id) FROM sale").fetchone()
assert rows == (30, 30)
rows

# %% [markdown]
# ## A start that is late
#
# A queue can also hold a message back. `DelaySeconds` hides it *before* its first delivery, as the visibility timeout of
# lesson 03 hides it after one {delay-hides}, for up to {=delay-maximum}. Set at the queue, which is then called a **delay
# queue**, it holds for each message that doesn't name a delay of its own {delay-of-message-wins}. Here the second of two
# orders is in a hurry; the first one is there, too, and counted apart from those that wait for a consumer {queue-counters}:

# %%
lab, sqs, url = open_shop()
sqs.set_queue_attributes(QueueUrl=url, Attributes={"DelaySeconds": "60"})
sqs.send_message(QueueUrl=url, MessageBody="order-1")
sqs.send_message(QueueUrl=url, MessageBody="order-2", DelaySeconds=0)
print([message["Body"] for message in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]])
sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessagesDelayed"])["Attributes"]

# %% [markdown]
# ## On the real service
#
# | AWS documents | runs here | what bridges them |
# |---|---|---|
# | Duplicates, reordering and short polls that see a part of the queue {receive-fewer} | none of them, unless asked | `Faults.documented()`, at rates far above AWS's, which it does not publish |
# | A deleted message can, rarely, be delivered again {delete-copy-returns} | the same switch | |
# | The counters are approximate {queue-counters-lag} | exact and instant | |
# | A changed setting can take up to {=queue-settings-late} to act, the retention up to {=retention-settings-late} | at once, unless asked | `Faults(late_settings=1)` |
# | Deleting a queue takes up to {=queue-recreate} | at once, but its name is blocked as on AWS | |
# | "Nearly unlimited" calls a second, no published latency {std-4} {std-8} | nothing to measure | a mock proves nothing about speed |
#
# AWS bills by request, empty answers included {longpoll-billed}, and a batch by what it holds, as above. With the AWS CLI:
#
# ```bash
# aws sqs create-queue --queue-name orders
# aws sqs send-message --queue-url "$URL" --message-body '{"order": "order-1"}'
# aws sqs receive-message --queue-url "$URL" --max-number-of-messages 10 --wait-time-seconds 20
# aws sqs delete-message --queue-url "$URL" --receipt-handle "$HANDLE"
# ```
#
# and in CloudFormation:
#
# ```yaml
# Orders:
#   Type: AWS::SQS::Queue
#   Properties:
#     MessageRetentionPeriod: 1209600
# ```

# %% [markdown]
# ## In five lines
#
# - Send, receive, process, delete: the delete is yours {multi-4}.
# - A call carries up to {=consume-3}, and a batch can fail in part {batch-partial-failure}.
# - A message holds up to {=std-9} in bytes, attributes included {send-size-attributes}, and so does a whole batch.
# - Undeleted, it is gone after {=std-6} by default, at most {=std-7}.
# - Delivery is at least once and in no sure order {std-10} {std-11}: key your work by the order, not by the delivery.
#
# **Recall, without looking.** Which key is missing in the answer of an empty receive? What becomes of the second
# entry of a batch when the first is refused? Why did the primary key repair the books?
#
# <details><summary>The answers</summary>
#
# 1. `Messages`: the key is absent, not an empty list, so ask with `.get("Messages", [])` {receive-absent-key}.
# 2. It is sent all the same: the answer has status `200`, and `Failed` names the first {batch-partial-failure}.
# 3. It is the order's own: whichever delivery, copy or second send brings the order, its row can be written once
#    {std-10}.
#
# </details>
#
# The exercise: your first consumer, quick and with few calls. Open `exercises/02_produce_consume_delete.ipynb`.

# %% [markdown]
# ## The claims of this lesson
#
# Each line was an experiment just now, or names the page it was read in.

# %%
claims_of("02")
