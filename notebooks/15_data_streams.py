# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 15 · Data streams
#
# A shop counted its clicks for a day, and counted them wrong. The mistake was found in the evening and mended in a minute,
# and it did not help: the clicks had gone, one by one, as they were counted. By the end of this lesson the same day is counted
# again, and a second team has counted something else in it, without asking the first.
#
# **You will be able to**
#
# 1. say where a record of a stream goes, how long it stays there, and why nobody who reads takes it away;
# 2. begin to read at any place of a shard, go on after a pause or a crash, and see how far behind a reader is;
# 3. replay a day, and tell what comes twice then and what is lost for good.
#
# About {minutes} minutes. Needs lessons 02 and 05. Exams: SAA-C03 domain 3 (high-performing), DVA-C03 domain 1.

# %%
import time
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from hashlib import md5

from labkit import Faults, Lab, claims_of, hash_ring, predict, readers_over_time

CLICKS = ["Ada tea", "Ben teapot", "Cleo tea", "Ada teapot", "Ben cup", "Dan tea", "Cleo teapot", "Dan teapot"]

lab = Lab(seed=15)
url = lab.client("sqs").create_queue(QueueName="clicks")["QueueUrl"]
url

# %% [markdown]
# The tools of all sections. `open_shop` makes a stream, `put` writes a click into it, and `make_day` writes all of them, an
# hour apart. `iterator` and `texts` are for looking into a stream; `read` is a whole reader, and `dying_at` lets its machine
# die. What they do is told where they are first used. `count_wrong` is what the shop counted with.

# %%
def open_shop(shards=2, **options):
    """A lab, Kinesis, and a stream of clicks, which is being made."""
    lab = Lab(seed=15, **options)
    kinesis = lab.client("kinesis")
    kinesis.create_stream(StreamName="clicks", ShardCount=shards)
    return lab, kinesis


def put(kinesis, click):
    """Write a click; returns Kinesis's answer."""
    visitor = click.split()[0]
    return kinesis.put_record(StreamName="clicks", Data=click.encode(), PartitionKey=visitor)

# %%
def make_day(shards=2, **options):
    """A lab whose stream has a day's clicks, an hour apart."""
    lab, kinesis = open_shop(shards, **options)
    kinesis.get_waiter("stream_exists").wait(StreamName="clicks")
    for click in CLICKS:
        put(kinesis, click)
        lab.clock.advance("1 h")
    return lab, kinesis


def count_wrong(counts, click):
    """Count the article of a click; it means to be quick."""
    counts[click.split()[1][:3]] += 1

# %%
def iterator(kinesis, shard, kind="TRIM_HORIZON", **more):
    """A place in a shard."""
    given = {"StreamName": "clicks", "ShardId": shard, "ShardIteratorType": kind, **more}
    return kinesis.get_shard_iterator(**given)["ShardIterator"]


def texts(answer):
    """The clicks in an answer of GetRecords."""
    return [record["Data"].decode() for record in answer["Records"]]

# %%
def read(kinesis, checkpoints, handle):
    """Handle what is in all shards and was not handled yet; notes a checkpoint after each record."""
    for shard in kinesis.list_shards(StreamName="clicks")["Shards"]:
        id = shard["ShardId"]
        noted = {"StartingSequenceNumber": checkpoints[id]} if id in checkpoints else {}
        place = iterator(kinesis, id, "AFTER_SEQUENCE_NUMBER" if noted else "TRIM_HORIZON", **noted)
        for record in kinesis.get_records(ShardIterator=place)["Records"]:
            handle(record)
            checkpoints[id] = record["SequenceNumber"]

# %%
def dying_at(number, handle):
    """A handler whose machine dies when it has handled so many records."""
    handled = []

    def handle_and_die(record):
        handle(record)
        handled.append(record)
        if len(handled) == number:
            raise RuntimeError("the machine is gone")

    return handle_and_die

# %% [markdown]
# ## Counted wrong, and gone
#
# Each click names a visitor and an article. The web page sends them to a queue of **SQS**, and a worker of the team
# *suggestions*, which learns what to suggest to whom, receives each click, counts it and deletes it, as you would.

# %%
lab = Lab(seed=15)
sqs = lab.client("sqs")
url = sqs.create_queue(QueueName="clicks")["QueueUrl"]
for click in CLICKS:
    sqs.send_message(QueueUrl=url, MessageBody=click)
counts = Counter()
while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
    for message in messages:
        count_wrong(counts, message["Body"])
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
counts, sqs.receive_message(QueueUrl=url).get("Messages", [])

# %% [markdown]
# Seven clicks on *tea* and none on *teapot*, which has the same first three letters. The mend is one line, and there is nothing left
# to count. A queue is made for work that is done once: who has done it deletes the message. A second team, *fraud*, asks for the same
# clicks; at this queue each team would get a part of them, and miss the others.

# %% [markdown]
# ## A stream
#
# **Amazon Kinesis Data Streams** keeps **streams** {kin-3}. A stream is no heap of work but a log: **records** are
# written at its end, and stay {kds-3}. It has one or more **shards**, each a log of its own. Logs of applications, measurements and a
# site's clicks are what it is made for {kin-2}.
#
# CreateStream answers at once, and the stream is not there yet {stream-creating}. Who writes too early is refused.

# %% tags=["raises-ClientError:ResourceNotFoundException"]
lab, kinesis = open_shop()
put(kinesis, "Ada tea")

# %%
kinesis.get_waiter("stream_exists").wait(StreamName="clicks")
answer = put(kinesis, "Ada tea")
answer["ShardId"], answer["SequenceNumber"]

# %% [markdown]
# The answer names the shard, and the record's **sequence number**. It is no count from 1: it has some 56 digits, differs
# from every other in the stream, and grows within the shard {kinesis-number}. A record is these two, the data, which are
# bytes that Kinesis does not look into, the key, and the time of its arrival. No operation changes or deletes one {kds-3}.

# %% [markdown]
# ## Where a record goes
#
# The visitor is the record's **partition key**. Kinesis takes the key's MD5 hash, a number of 128 bits, and each shard has a
# range of these numbers {stream-placement}. You can compute it yourself. Two shards cut the numbers in the middle; here
# all are divided by 2^128, and run from 0 to 1.

# %%
lab, kinesis = make_day()
shards = kinesis.list_shards(StreamName="clicks")["Shards"]
starts = {shard["ShardId"]: int(shard["HashKeyRange"]["StartingHashKey"]) / 2**128 for shard in shards}
hashes = {visitor: int(md5(visitor.encode()).hexdigest(), 16) / 2**128 for visitor in ("Ada", "Ben", "Cleo", "Dan")}
starts, hashes

# %%
hash_ring(lab, "clicks")

# %% [markdown]
# The same key, the same shard: that is what keeps a visitor's clicks together, and it is no promise of an even share. With few
# keys a shard can stay empty. An `ExplicitHashKey` takes the place of the hash {stream-placement}. What order that
# gives, and what a busy key does, is lesson 16.

# %% [markdown]
# ## Reading
#
# A reader asks each shard for an **iterator**, which is a place in it, and reads from there. `TRIM_HORIZON` is the oldest
# record that the shard has. Each answer brings records and the next iterator.

# %%
lab, kinesis = make_day(1)
shard = kinesis.list_shards(StreamName="clicks")["Shards"][0]["ShardId"]
first = kinesis.get_records(ShardIterator=iterator(kinesis, shard), Limit=3)
second = kinesis.get_records(ShardIterator=first["NextShardIterator"])
predict(
    "15-fraud",
    "Suggestions has read all eight clicks. Now fraud begins at the oldest. How many will it find?",
    ["none: they were read", "half of them, as at a queue", "all eight"],
)

# %%
texts(kinesis.get_records(ShardIterator=iterator(kinesis, shard)))

# %%
predict.reveal("15-fraud", "all eight")

# %% [markdown]
# A read changes nothing in the stream. It does not know its readers either: each keeps its place by itself, and finds every
# record {stream-readers}. So an old place is as good as a new one, and reading from there again is a **replay** {kds-2}.
#
# An iterator can begin at five kinds of places {stream-iterator-kinds}. Besides the oldest record these are a record, the one
# after it, a time, and `LATEST`.

# %%
lab, kinesis = make_day(1)
shard = kinesis.list_shards(StreamName="clicks")["Shards"][0]["ShardId"]
records = kinesis.get_records(ShardIterator=iterator(kinesis, shard))["Records"]
after_sixth = {"StartingSequenceNumber": records[5]["SequenceNumber"]}
since = {"Timestamp": lab.clock.now() - timedelta(minutes=90)}
places = {"AFTER_SEQUENCE_NUMBER": after_sixth, "AT_TIMESTAMP": since}
{kind: texts(kinesis.get_records(ShardIterator=iterator(kinesis, shard, kind, **more))) for kind, more in places.items()}

# %%
latest = iterator(kinesis, shard, "LATEST")
put(kinesis, "Ada cup")
predict(
    "15-latest",
    "An iterator of the type LATEST was asked for, then Ada clicked on a cup. What does it bring?",
    ["all nine clicks", "the last of the eight, and Ada's", "Ada's click on the cup"],
)

# %%
texts(kinesis.get_records(ShardIterator=latest))

# %%
predict.reveal("15-latest", "Ada's click on the cup")

# %% [markdown]
# `LATEST` begins behind all that is there {stream-latest}. A new reader that uses it misses what came before, and one that
# uses it after each pause misses what came meanwhile, without any error.

# %% [markdown]
# ## How far behind
#
# A stream cannot say how many records a reader has not read yet. An answer says how far it is from the tip of the shard, as a
# time: `MillisBehindLatest` {stream-behind}. Zero is caught up. CloudWatch has a stream's metric of that kind, which an alarm can
# watch: `GetRecords.IteratorAgeMilliseconds`, how old the last record was that somebody got {stream-metrics}.

# %%
lab, kinesis = make_day(1)
shard = kinesis.list_shards(StreamName="clicks")["Shards"][0]["ShardId"]
answer = kinesis.get_records(ShardIterator=iterator(kinesis, shard), Limit=7)
behind = timedelta(milliseconds=answer["MillisBehindLatest"])
rest = kinesis.get_records(ShardIterator=answer["NextShardIterator"])
empty = kinesis.get_records(ShardIterator=rest["NextShardIterator"])
put(kinesis, "Dan cup")
after_empty = kinesis.get_records(ShardIterator=empty["NextShardIterator"])
str(behind), rest["MillisBehindLatest"], texts(empty), texts(after_empty)

# %% [markdown]
# After seven clicks the reader was an hour behind, after the eighth it had caught up. The third answer was empty, and that is
# no end {stream-next}: the shard is open, and its next record comes when it comes. On AWS an
# answer can also be empty in the middle, on the way to a part of the shard that has records. So a reader is a loop that goes
# on, with a pause: a shard answers {=stream-polls}, to all its readers together, and AWS recommends a second between calls
# {stream-polls}.
#
# Here two teams follow the clicks for some minutes. Suggestions asks each `7 s`. Fraud is slow, and asks for one record each
# `40 s`.

# %%
def follow(kinesis, shard, pause, limit, handle):
    """Read a shard for ever, some records at a time."""
    place = iterator(kinesis, shard)
    while place:
        answer = kinesis.get_records(ShardIterator=place, Limit=limit)
        for text in texts(answer):
            handle(text)
        place = answer.get("NextShardIterator")
        time.sleep(pause)

# %%
lab, kinesis = open_shop(1)
kinesis.get_waiter("stream_exists").wait(StreamName="clicks")
shard = kinesis.list_shards(StreamName="clicks")["Shards"][0]["ShardId"]
seen = {"suggestions": [], "fraud": []}
lab.start(follow, kinesis, shard, 7, 100, seen["suggestions"].append, name="suggestions")
lab.start(follow, kinesis, shard, 40, 1, seen["fraud"].append, name="fraud")
for click in CLICKS:
    put(kinesis, click)
    lab.clock.advance("20 s")

# %%
readers_over_time(lab)

# %% [markdown]
# Fraud falls behind, and it costs suggestions nothing, nor does it cost the page that writes. That holds for as long as the
# records are kept. What readers of one shard do share is its throughput; lesson 17 is about that.

# %% [markdown]
# ## A place that lasts
#
# Where does a reader begin after a pause? The iterator of the last answer is at hand, so somebody keeps that. Suggestions
# reads three clicks, and goes for lunch.

# %%
lab, kinesis = make_day(1)
shard = kinesis.list_shards(StreamName="clicks")["Shards"][0]["ShardId"]
answer = kinesis.get_records(ShardIterator=iterator(kinesis, shard), Limit=3)
time.sleep(600)

# %% tags=["raises-ClientError:ExpiredIteratorException"]
kinesis.get_records(ShardIterator=answer["NextShardIterator"])

# %% [markdown]
# An iterator lives for {=stream-iterator-expires} {stream-iterator-expires}. What lasts is the sequence number of a
# record. A reader that notes the number of the last one it has handled has a **checkpoint**, and goes on *after* it
# {stream-checkpoint}. For each shard it needs one.
#
# The checkpoints have to outlive the machine. The Kinesis Client Library keeps them in a table of DynamoDB (lesson 17); here
# a dict that belongs to no machine will do. A machine dies when it has counted the fifth click and not noted it. Another one goes on.

# %%
lab, kinesis = make_day()
counted, checkpoints = [], {}
with suppress(RuntimeError):
    read(kinesis, checkpoints, dying_at(5, counted.append))
predict(
    "15-died",
    "The fifth click was counted and not noted. Another machine goes on. How many counts will there be of eight clicks?",
    ["seven: the fifth is lost", "eight", "nine: the fifth is counted twice"],
)

# %%
read(kinesis, checkpoints, counted.append)
len(counted), len({record["SequenceNumber"] for record in counted})

# %%
predict.reveal("15-died", "nine: the fifth is counted twice")

# %% [markdown]
# Work first and the note after it: a crash between them brings the record twice. The other way round it would be lost
# {stream-checkpoint-crash}. So a consumer has to be idempotent, as in lesson 05; a record's shard and sequence number
# name it. They don't name a *click*: a record that the SDK puts again, since an answer got lost, is another record with a
# number of its own {stream-put-twice}. Only an id in the data says that they are one click
# {stream-put-twice}.

# %%
lab, kinesis = make_day(1, faults=Faults(lost_response=0.2))
shard = kinesis.list_shards(StreamName="clicks")["Shards"][0]["ShardId"]
texts(kinesis.get_records(ShardIterator=iterator(kinesis, shard)))

# %% [markdown]
# ## How long records stay
#
# Nobody deletes a record; its time runs out. A stream keeps records for {=stream-retention-default}, read or not, unless it is told
# otherwise {stream-retention-default}. Up to {=kds-1} can be had, at a price {kds-1}. On the evening of the next day somebody remembers
# yesterday's clicks, and raises the period to a week.

# %%
lab, kinesis = make_day(1)
shard = kinesis.list_shards(StreamName="clicks")["Shards"][0]["ShardId"]
lab.clock.advance("20.5 h")
kinesis.increase_stream_retention_period(StreamName="clicks", RetentionPeriodHours=168)
predict(
    "15-retention",
    "The first click was written 28.5 hours ago, the last 21.5. The period was a day and is a week now. What will be read?",
    ["all eight: the period is a week", "those of the last 24 hours", "none"],
)

# %%
texts(kinesis.get_records(ShardIterator=iterator(kinesis, shard)))

# %%
predict.reveal("15-retention", "those of the last 24 hours")

# %% [markdown]
# What had expired stays away {stream-retention-raised}. Lowering the period takes older records away at once, and raising it
# again does not bring them back. Choose it before you need it: it is how late a mistake may be found.
#
# A shard ends, too, when it is split or merged. It takes no more records then; what it has can be read until its time runs
# out, and the last answer has no `NextShardIterator` but names the shards that go on {stream-end}. `follow` ends there, and
# lesson 16 goes on.

# %%
kinesis.split_shard(StreamName="clicks", ShardToSplit=shard, NewStartingHashKey=str(2**127))
lab.clock.advance("1 min")
answer = kinesis.get_records(ShardIterator=iterator(kinesis, shard))
"NextShardIterator" in answer, [child["ShardId"] for child in answer["ChildShards"]]

# %% [markdown]
# ## The day once more
#
# The same clicks, into a stream that keeps a week. Suggestions counts them wrong, fraud counts visitors. In the evening the mistake
# is found, and the day is replayed: from the oldest record, with new checkpoints. A machine dies in the middle of that, and brings a
# record twice; `counting` keeps what it has counted beside its counts, as a table would, and knows it.

# %%
def counting(count, into):
    """A handler that counts each record once, whoever brings it again."""
    done = set()

    def handle(record):
        if record["SequenceNumber"] not in done:
            done.add(record["SequenceNumber"])
            count(into, record["Data"].decode())

    return handle

# %%
lab, kinesis = open_shop()
kinesis.get_waiter("stream_exists").wait(StreamName="clicks")
kinesis.increase_stream_retention_period(StreamName="clicks", RetentionPeriodHours=168)
wrong, visitors, places, places_of_fraud = Counter(), Counter(), {}, {}
for click in CLICKS:
    put(kinesis, click)
    read(kinesis, places, counting(count_wrong, wrong))
    lab.clock.advance("1 h")
read(kinesis, places_of_fraud, counting(lambda into, click: into.update([click.split()[0]]), visitors))
dict(wrong), dict(visitors)

# %%
right, places = Counter(), {}
mended = counting(lambda into, click: into.update([click.split()[1]]), right)
with suppress(RuntimeError):
    read(kinesis, places, dying_at(5, mended))
read(kinesis, places, mended)
assert right == Counter(click.split()[1] for click in CLICKS)
assert visitors == Counter(click.split()[0] for click in CLICKS)
dict(right), dict(visitors)

# %% [markdown]
# ## On the real service
#
# | AWS documents | runs here | what bridges them |
# |---|---|---|
# | A new stream is CREATING for a while {stream-creating} | for ten seconds, and is not found by writers until then | the waiter |
# | An answer may be empty in the middle of a shard {stream-next} | it is empty at the tip | a loop that goes on |
# | A shard answers {=stream-polls} {stream-polls} | it counts the calls of programs; calls in a cell take no time and are not counted | the SDK tries again |
# | Producers can be the SDK, the Kinesis Producer Library or the Kinesis Agent {kds-5} | the SDK | the other two write the same records |
#
# A provisioned stream costs by the hour and shard, read or not, and what is kept beyond a day costs extra; the prices are on
# AWS's page. To clean up, delete the stream. With the AWS CLI:
#
# ```bash
# aws kinesis create-stream --stream-name clicks --shard-count 2
# aws kinesis wait stream-exists --stream-name clicks
# aws kinesis increase-stream-retention-period --stream-name clicks --retention-period-hours 168
# aws kinesis put-record --stream-name clicks --partition-key Ada --data "Ada tea" --cli-binary-format raw-in-base64-out
# aws kinesis get-shard-iterator --stream-name clicks --shard-id shardId-000000000000 \
#   --shard-iterator-type TRIM_HORIZON
# aws kinesis get-records --shard-iterator "$ITERATOR" --limit 100
# aws kinesis delete-stream --stream-name clicks
# ```
#
# (The data in an answer of the CLI is in base64.) And in CloudFormation:
#
# ```yaml
# Clicks:
#   Type: AWS::Kinesis::Stream
#   Properties:
#     Name: clicks
#     ShardCount: 2
#     RetentionPeriodHours: 168
# ```

# %% [markdown]
# ## In five lines
#
# - A stream is a log of records in shards; reading takes nothing away, and each reader has a place of its own {stream-readers}.
# - The MD5 hash of the partition key chooses the shard {stream-placement}.
# - A reader begins at the oldest record, at a record, after it, at a time, or behind all that is there {stream-iterator-kinds}.
# - An iterator lives for {=stream-iterator-expires} {stream-iterator-expires}; a checkpoint is a sequence number {stream-checkpoint}.
# - Records stay for their retention period, and what has expired does not come back {stream-retention-raised}.
#
# **Recall, without looking.** A reader is restarted each night and misses some records, without an error: what do you look at?
# A loop over a quiet shard ended after one answer: why? A worker notes its checkpoint before it works: what happens in a crash?
#
# <details><summary>The answers</summary>
#
# 1. Where it begins: with `LATEST` it misses what came while it was away {stream-latest}.
# 2. It took an empty answer for the end; an open shard has none {stream-next}.
# 3. The record is lost: the next worker goes on after it {stream-checkpoint-crash}.
#
# </details>
#
# The exercise: a reader that can be stopped at any moment. Open `exercises/15_data_streams.ipynb`.

# %% [markdown]
# ## The claims of this lesson
#
# Each line was an experiment just now, or names the page it was read in.

# %%
claims_of("15")
