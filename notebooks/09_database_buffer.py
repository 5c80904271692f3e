# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 09 · A queue in front of a database
#
# A database that can take `300` orders a minute was given `100`, and refused `47` of them. Nothing was broken, and for
# most of that minute it had nothing to do. By the end of this lesson you have seen where those orders went, and built
# the front that loses none: a queue, a worker, a key.
#
# **You will be able to**
#
# 1. tell when a queue in front of a database helps, what it costs, and when it is the wrong answer;
# 2. write the worker that stores each order once, whatever crashes between commit and delete;
# 3. get through an hour without a database, with no order lost and none in the dead-letter queue.
#
# About {minutes} minutes. Needs lessons 02 and 03. Exams: SAA-C03 domains 2 (resilient) and 3 (performance), DVA-C03 domain 1,
# SAP-C02 domain 2.

# %%
import json
import time
from collections import Counter

from labkit import Database, Lab, claims_of, outcomes_over_time, predict, queue_depth

TABLES = [
    "create table orders (id text primary key)",
    "create table stock (remaining integer)",
    "insert into stock values (500)",
]
INSERT = "insert into orders (id) values (?)"
INSERT_IF_NEW = INSERT + " on conflict do nothing"

# %% [markdown]
# Two places keep an order here. **Amazon SQS**, the Simple Queue Service, keeps it as a *message* until a *consumer* has
# received and deleted it. The **database** keeps it as a row; it is a real one, SQLite in a temporary file. An art shop
# sells one print, and each order is a transaction: a row in `orders`, and one off the `stock`. `database.transaction()` hands
# out a connection, Python's own `sqlite3`; the end of the `with` commits. After that come the customers of the sale, and the
# entries of a batch.


# %%
def open_sale():
    """A lab with an empty database, 500 prints in stock, and a queue of orders."""
    lab = Lab(seed=9)
    database = Database(lab, commit_seconds=0.2)
    database.prepare(*TABLES)
    sqs = lab.client("sqs")
    return lab, database, sqs, sqs.create_queue(QueueName="orders")["QueueUrl"]


lab, database, sqs, url = open_sale()


# %%
def store(database, *orders, insert=INSERT):
    """One transaction: a row for each order, and as many prints off the stock."""
    with database.transaction() as connection:
        new = sum(connection.execute(insert, [order]).rowcount for order in orders)
        connection.execute("update stock set remaining = remaining - ?", [new])


def rows(database):
    return database.rows("select count(*) from orders")[0][0]


def ended(database):
    return dict(Counter(one.ended for one in database.transactions))


store(database, "order-1")
rows(database), database.rows("select remaining from stock"), ended(database)

# %%
RUSH = sorted([1.5 * n for n in range(40)] + [30 + n / 20 for n in range(60)])
ARRIVALS = {f"order-{number}": at for number, at in enumerate(RUSH, 1)}


def open_doors(lab, buy, arrivals=ARRIVALS):
    """Each order comes at its second, in a request of its own that calls buy(order)."""

    def request(order, at):
        time.sleep(at)
        buy(order)

    for order, at in arrivals.items():
        lab.start(request, order, at, name=f"request for {order}")


def entries(messages, **more):
    return [{"Id": str(n), "ReceiptHandle": one["ReceiptHandle"], **more} for n, one in enumerate(messages)]


# %% [markdown]
# ## One order at a time
#
# SQL takes next to no time here, so the lab adds what a commit costs elsewhere (a disk, a copy in another Availability
# Zone): `0.2 s` of lab time, with the locks held. Two customers now, the second one while the first transaction is open.
# Both take from the same row of `stock`, and who changes a row holds its lock until the commit.

# %% tags=["raises-Busy"]
lab, database, sqs, url = open_sale()


def bob():
    time.sleep(0.1)
    store(database, "order-2")


lab.start(store, database, "order-1", name="Ann")
lab.start(bob, name="Bob")
lab.run()

# %% [markdown]
# That sentence is the database's own. Every order of this sale takes from the same row of `stock`, so the orders stand
# in line for its lock, here as in PostgreSQL or Aurora. (SQLite locks its whole file; the row would be enough.) Whether Bob
# then waits or is refused is a *setting*: PostgreSQL waits unless told otherwise, Python's `sqlite3` waits five seconds, and
# this course's database refuses at once. We come to waiting in a moment.
#
# So the limit is one transaction in `0.2 s`, five a second, `300` a minute.

# %% [markdown]
# ## A rush, straight into the database
#
# Now the sale. Forty customers come one by one over a minute; when a newspaper's page goes online, sixty more come within
# `3 s`.


# %%
def buy(order):
    try:
        store(database, order)
        outcomes.append((time.time() - began, "stored"))
    except database.Busy:
        outcomes.append((time.time() - began, "refused"))


predict(
    "09-how-many",
    "One hundred orders in a minute, in a database that can take three hundred. How many are stored?",
    ["all 100", "about 90", "about half"],
)

# %%
lab, database, sqs, url = open_sale()
began, outcomes = time.time(), []
open_doors(lab, buy)
lab.run()
print(dict(Counter(what for _, what in outcomes)), "in the table:", rows(database))
outcomes_over_time(outcomes, step=1, limit=5)

# %%
predict.reveal("09-how-many", "about half")

# %% [markdown]
# Forty-seven customers have no print {dbfront-1}. The average says that there is room for three times as many; a database
# doesn't live on averages but from one moment to the next {dbfront-average}.
#
# One can be patient instead, and try again every tenth of a second until the order is in.

# %%
(lab, database, sqs, url), waits = open_sale(), []


def buy_patiently(order):
    came = time.time()
    while True:
        try:
            store(database, order)
            return waits.append(time.time() - came)
        except database.Busy:
            time.sleep(0.1)


open_doors(lab, buy_patiently)
lab.run()
rows(database), ended(database), f"longest wait {max(waits):.1f} s"

# %% [markdown]
# With enough patience every order gets in. But look at what was built: sixty requests hang for many seconds, each with a
# customer and a connection, and knock on the door until it happens to be open. It *is* a queue, without an order, kept in
# the memory of servers that may crash. To wait for the lock inside the database is the same, with the line moved there.
# And a read replica, the other reflex, takes no writes off anybody.

# %% [markdown]
# ## The same rush, through a queue
#
# The web servers now send the order to SQS and answer "accepted". One worker, and only one transaction open, writes at
# the database's pace {dbfront-2}.

# %%
lab, database, sqs, url = open_sale()
began, outcomes, waits = time.time(), [], []


def worker():
    while True:
        for message in sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20).get("Messages", []):
            store(database, message["Body"])
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            outcomes.append((time.time() - began, "stored"))
            waits.append(time.time() - began - ARRIVALS[message["Body"]])


# %%
predict(
    "09-last-one",
    "Sixty orders come within 3 s, and the worker stores a bit more than four a second. How long does the slowest wait?",
    ["under 1 s", "about 3 s", "about 12 s", "it is lost"],
)

# %%
open_doors(lab, lambda order: sqs.send_message(QueueUrl=url, MessageBody=order))
lab.start(worker)
lab.run("34 s")
print(f"after 34 s: {sum(at < 34 for at in RUSH)} orders are accepted, {rows(database)} are stored")
lab.run("26 s")
print(f"after the minute: {rows(database)} are stored, {ended(database)}, longest wait {max(waits):.1f} s")
outcomes_over_time(outcomes, step=1, limit=5)

# %%
predict.reveal("09-last-one", "about 12 s")

# %% [markdown]
# All hundred are stored, and the database has refused nothing {dbfront-2}. The arrivals were those of the first picture,
# twenty a second at the peak; the writes stay under the limit, and go on until the peak is worked off.
#
# It isn't SQS that caps the writes: it takes in nearly any number of orders {std-4} and hands out as many as it is asked
# for. The cap is the worker, of which there is one. Start a second one, and the two meet at the lock.
#
# And nothing has become quicker. The queue has moved the writes to a time when the database was free, and the price is
# the wait: what stands before you, divided by the pace {dbfront-waiting}. Until then the customer has been told
# "accepted", which isn't "stored" {dbfront-accepted}. In between the order stands in this line:

# %%
queue_depth(lab)

# %% [markdown]
# ## Ten orders, one commit
#
# The commit is what costs. One receive can bring up to {=dbfront-batch}, and one transaction can store them all. The same
# minute, once more:

# %%
lab, database, sqs, url = open_sale()
began, waits = time.time(), []


def ten_at_once():
    while True:
        if messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=20).get("Messages"):
            store(database, *(message["Body"] for message in messages))
            sqs.delete_message_batch(QueueUrl=url, Entries=entries(messages))
            waits.extend(time.time() - began - ARRIVALS[message["Body"]] for message in messages)


open_doors(lab, lambda order: sqs.send_message(QueueUrl=url, MessageBody=order))
lab.start(ten_at_once, name="worker")
lab.run("1 min")
rows(database), ended(database), f"longest wait {max(waits):.1f} s"

# %% [markdown]
# Half the commits, and the longest wait has shrunk from twelve seconds to less than one: as soon as orders pile up, each
# commit stores more of them. (In the quiet part they come one by one, and so do the commits.) Could two receives share one
# transaction, and their twenty messages one delete?

# %% tags=["raises-ClientError:AWS.SimpleQueueService.TooManyEntriesInBatchRequest"]
messages = [{"ReceiptHandle": f"handle-{n}"} for n in range(20)]
sqs.delete_message_batch(QueueUrl=url, Entries=entries(messages))

# %% [markdown]
# One transaction yes, one delete no {delete-batch}. And a batch has a price of its own: its orders are stored together or
# not at all. One that breaks a rule of the table takes nine good ones with it, so a worker that meets this goes on one by
# one and leaves the bad one to the queue.

# %% [markdown]
# ## A crash between commit and delete
#
# The worker does two things that no transaction holds together: it commits in the database, and deletes in SQS. Let it
# die in between, once with the delete first and once with the commit first.

# %%
lab, database, sqs, url = open_sale()


def dies_between(steps):
    """A worker takes one order and does the first of its two steps; then its machine is gone."""
    message = sqs.receive_message(QueueUrl=url)["Messages"][0]
    if steps == "delete, then commit":
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    else:
        store(database, message["Body"])


def waiting():
    return [message["Body"] for message in sqs.receive_message(QueueUrl=url).get("Messages", [])]


# %%
predict(
    "09-which-first",
    "The machine dies between the two steps. After which order of steps is the customer's order gone for good?",
    ["commit, then delete", "delete, then commit", "in both cases", "in neither"],
)

# %%
for order, steps in {"order-1": "delete, then commit", "order-2": "commit, then delete"}.items():
    sqs.send_message(QueueUrl=url, MessageBody=order)
    dies_between(steps)
    time.sleep(30)
    print(f"{order}, {steps}: in the table {database.rows('select id from orders')}, in the queue {waiting()}")

# %%
predict.reveal("09-which-first", "delete, then commit")

# %% [markdown]
# Deleted first, the order is in neither place. Committed first, it is in both, and that can be repaired: the message
# comes back after its timeout {vis-4}. So commit, then delete {dbfront-after-commit}. The next worker then meets an order
# that is stored already:

# %% tags=["raises-IntegrityError"]
store(database, "order-2")

# %% [markdown]
# The primary key has prevented a second row. But a worker that falls over this error can't delete the message either: it
# comes back again and again. SQL has the words for "it is there, fine":

# %%
print(INSERT_IF_NEW)
store(database, "order-2", insert=INSERT_IF_NEW)
rows(database), database.rows("select remaining from stock")

# %% [markdown]
# One row, one print {dbfront-idempotent}. Mind the second statement of `store`: it takes off what is *new*. With the number
# of messages there, each second delivery would take another print off the stock, and no key would complain. Crashes aside,
# a standard queue may deliver any message twice {std-10}, so this path is walked.
#
# Which key? The message's id looks handy. But a shop that sends an order again, because it has not seen the answer, makes
# two messages with two ids: lesson 05 shows it {delivery-message-id}. The key has to come from the order, given by whoever made it
# {dbfront-order-key}.

# %% [markdown]
# ## An hour without a database
#
# Somebody runs a migration, and the table is locked for an hour. To a worker this looks like any outage: every transaction
# is refused. The queue has a dead-letter queue (lesson 06) behind it: what was received three times without a delete goes
# there. The first worker does what many do: it gives up on an error, and lets the message come back.


# %%
def migration(database):
    with database.transaction() as connection:
        connection.execute("alter table orders add column gift text")
        time.sleep(3600)


# %%
def open_night():
    """A sale whose queue gives up after three receives, twenty orders waiting, and a migration."""
    lab, database, sqs, url = open_sale()
    letters = sqs.create_queue(QueueName="dead-letters")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=letters, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 3})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedrivePolicy": policy})
    for number in range(1, 21):
        sqs.send_message(QueueUrl=url, MessageBody=f"order-{number}")
    lab.start(migration, database)
    return lab, database, sqs, url


# %%
lab, database, sqs, url = open_night()


def lets_go():
    while True:
        for message in sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20).get("Messages", []):
            try:
                store(database, message["Body"], insert=INSERT_IF_NEW)
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            except database.Busy:
                pass


# %%
predict(
    "09-after-the-hour",
    "The database is back after an hour. Where are the twenty orders?",
    ["in the database", "in the queue", "in the dead-letter queue"],
)

# %%
lab.start(lets_go, name="worker")
lab.run("65 min")
print(rows(database), "rows,", ended(database))
queue_depth(lab)

# %%
predict.reveal("09-after-the-hour", "in the dead-letter queue")

# %% [markdown]
# After a minute and a half the queue was empty. Each try was a receive, and receives are what `maxReceiveCount` counts:
# SQS can't tell a bad order from a bad day {dbfront-outage-receives}. The orders aren't lost, they can be moved back; but
# somebody has to notice.
#
# The other worker keeps what it holds. It renews the timeout, waits, tries again, and takes nothing new meanwhile.

# %%
lab, database, sqs, url = open_night()


def holds_on():
    while True:
        messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=20).get("Messages")
        while messages:
            try:
                store(database, *(message["Body"] for message in messages), insert=INSERT_IF_NEW)
                failed = sqs.delete_message_batch(QueueUrl=url, Entries=entries(messages)).get("Failed", [])
                messages = [messages[int(entry["Id"])] for entry in failed]
            except database.Busy:
                sqs.change_message_visibility_batch(QueueUrl=url, Entries=entries(messages, VisibilityTimeout=60))
                time.sleep(30)


# %%
lab.start(holds_on, name="worker")
lab.run("65 min")
receives = Counter(change.receives for change in lab.history.changes() if change.after == "deleted")
print("orders deleted, by number of receives:", dict(receives))
print(f"last commit at {database.transactions[-1].at:.1f} s")
rows(database), ended(database)

# %% [markdown]
# All twenty are stored as soon as the next try comes, each from its first receive {dbfront-outage-hold}.
# A delete that fails is answered in `Failed`, with the `Id` of its entry and no receipt handle, so the worker looks up the
# message that it belongs to. The ten that the worker did not hold waited in the queue untouched. They could have waited for {=std-6}, which is why the
# retention period of such a queue should be longer than any outage you can think of. What is held can be held for
# {=vis-twelve-hours}.

# %% [markdown]
# ## When a queue is the wrong answer
#
# Thirty-four seconds into the sale, eighty-three customers had been told "accepted", and thirty-seven orders were in the
# table. Whoever of the others opened the page "my orders" found nothing. Who has to *read back* what they have just written, or needs the answer now ("was it the last
# print?"), needs the database itself {dbfront-accepted}. And a queue takes a refusal away that somebody may need: a caller
# that is told "no" slows down, one that hears "accepted" goes on.
#
# Then there is the peak that is no peak. An order every `0.15 s`, all the time, and one worker that stores each by itself:

# %%
lab, database, sqs, url = open_sale()
STEADY = {f"order-{number}": 0.15 * number for number in range(150)}


def one_by_one():
    while True:
        for message in sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20).get("Messages", []):
            store(database, message["Body"])
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


open_doors(lab, lambda order: sqs.send_message(QueueUrl=url, MessageBody=order), STEADY)
lab.start(one_by_one, name="worker")
lab.run("22 s")
queue_depth(lab)

# %% [markdown]
# The backlog has no reason to end, and with it grows the wait of everybody who comes {dbfront-standing-backlog}. A queue
# levels a peak; it adds no capacity. Batches do, a quicker database does, a table that isn't one hot row does.

# %% [markdown]
# ## The sale once more
#
# The minute of the beginning, with all that was learnt: the queue takes the orders, one worker stores what came together,
# commits before it deletes, and inserts what is new. Then the rush is over; is anybody missing? To make it harder, the
# worker's machine dies once in the middle of the rush, between commit and delete, and another one takes over.

# %%
lab, database, sqs, url = open_sale()


def cured(dies=False):
    while True:
        if messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=20).get("Messages"):
            store(database, *(message["Body"] for message in messages), insert=INSERT_IF_NEW)
            if dies and len(messages) > 1:
                return
            sqs.delete_message_batch(QueueUrl=url, Entries=entries(messages))


# %%
def machines():
    cured(dies=True)
    cured()


open_doors(lab, lambda order: sqs.send_message(QueueUrl=url, MessageBody=order))
lab.start(machines, name="worker")
lab.run("2 min")
assert rows(database) == 100 and "refused" not in ended(database)
receives = Counter(change.receives for change in lab.history.changes() if change.after == "deleted")
print("orders deleted, by number of receives:", dict(receives))
rows(database), database.rows("select remaining from stock")

# %% [markdown]
# One hundred orders, one hundred prints off the stock, and nothing refused, where the same database had refused forty-seven.
# Some orders were received twice, after the machine's death; the key has absorbed them {dbfront-idempotent}.

# %% [markdown]
# ## On the real service
#
# | AWS and its databases | runs here | what bridges them |
# |---|---|---|
# | PostgreSQL and Aurora run many transactions at once; what they run out of is locks on one row, connections, disk | SQLite: one writer, whatever the rows | the same cells on PostgreSQL: set `LABKIT_DATABASE=postgresql://user@localhost/name` before you open the course |
# | Waiting for a lock is the default | nobody waits, a lock refuses at once | while a real lock is waited for, lab time would stand still |
# | A commit takes what it takes | `0.2 s` of lab time, our number | `Database(lab, commit_seconds=...)` |
# | A Lambda function as worker: its event source's maximum concurrency is the cap, from two upwards {dbfront-lambda} | workers are functions of yours | start no more of them than the database bears |
# | A changed redrive policy can take up to {=queue-settings-late} to act | at once, unless asked | `Faults(late_settings=1)` |
# | RDS Proxy keeps connections, not orders {dbfront-proxy} | not here | use both: a proxy for connections, a queue for orders |
#
# AWS writes of a *buffer*, others of queue-based load leveling {dbfront-3}.
#
# What it costs: a request for each send, receive and delete, up to ten messages in each. A queue that holds back the
# database of a shop belongs to what is watched: the age of its oldest message, and any message in its dead-letter queue.
# With the AWS CLI:
#
# ```bash
# aws sqs create-queue --queue-name orders --attributes MessageRetentionPeriod=1209600,VisibilityTimeout=60
# aws lambda create-event-source-mapping --function-name store-orders --event-source-arn "$QUEUE_ARN" \
#     --batch-size 10 --scaling-config MaximumConcurrency=2
# aws sqs delete-queue --queue-url "$URL"
# ```
#
# and in CloudFormation:
#
# ```yaml
# Orders:
#   Type: AWS::SQS::Queue
#   Properties:
#     MessageRetentionPeriod: 1209600
#     VisibilityTimeout: 60
# StoreOrders:
#   Type: AWS::Lambda::EventSourceMapping
#   Properties:
#     EventSourceArn: !GetAtt Orders.Arn
#     FunctionName: store-orders
#     BatchSize: 10
#     ScalingConfig: { MaximumConcurrency: 2 }
# ```

# %% [markdown]
# ## In five lines
#
# - A database refuses by the moment, not by the average {dbfront-average}; what it refuses nobody keeps {dbfront-1}.
# - Behind a queue the workers set the pace {dbfront-2}; the price is the wait {dbfront-waiting}.
# - Commit, then delete {dbfront-after-commit}; the order's own key absorbs what comes twice {dbfront-order-key}.
# - When the database is away, hold what you have and take nothing new {dbfront-outage-hold}.
# - A backlog that stays is no peak: the database is too small {dbfront-standing-backlog}.
#
# **Recall, without looking.** Why did a database with room for three times as many refuse half of them? Which two places
# must agree on an order, and which one is told first? Why were good orders in the dead-letter queue?
#
# <details><summary>The answers</summary>
#
# 1. It refuses by the moment: sixty orders came within three seconds, and an idle half minute before is of no use
#    then {dbfront-average}.
# 2. The database and the queue. The database first: commit, then delete, so that a crash leaves the order in both
#    {dbfront-after-commit}.
# 3. Each try during the outage was a receive, and receives are what `maxReceiveCount` counts
#    {dbfront-outage-receives}.
#
# </details>
#
# The exercise: the worker that loses no order, stores none twice, and has an hour without a database to get through. Open
# `exercises/09_database_buffer.ipynb`.

# %% [markdown]
# ## The claims of this lesson
#
# Each line was an experiment just now, or names the page it was read in.

# %%
claims_of("09")
