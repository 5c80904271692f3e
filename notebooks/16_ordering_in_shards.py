# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 16 · Ordering in shards
#
# Four trucks report how far they have come. On a busy day somebody splits the stream's shard, and the dispatcher sees
# trucks drive backwards, though every report is there and every truck had sent its own in order. By the end of this lesson
# no truck drives backwards, whatever is split or merged.
#
# **You will be able to**
#
# 1. say what of a stream is in order, and what a key has to do with it;
# 2. put records again that failed, without changing their order, and see when a key is too hot for any number of shards;
# 3. read a stream that was split or merged: parents first, and none forgotten.
#
# About {minutes} minutes. Needs lessons 07 and 15 ([Data streams](15_data_streams.ipynb)). Exams: DVA-C03 domain 1,
# SAA-C03 domain 3 (high-performing).

# %%
from hashlib import md5

from labkit import Lab, claims_of, predict, shard_lineage

TRUCKS = {"StreamName": "trucks"}
FLEET = ["black", "blue", "red", "white"]
FIRST, SECOND, THIRD = (f"shardId-{number:012}" for number in range(3))


# %%
def open_fleet(shards=1):
    """A lab with the stream of the trucks' reports."""
    lab = Lab(seed=16)
    kinesis = lab.client("kinesis")
    kinesis.create_stream(**TRUCKS, ShardCount=shards)
    kinesis.get_waiter("stream_exists").wait(**TRUCKS)
    return lab, kinesis


lab, kinesis = open_fleet()
kinesis.describe_stream_summary(**TRUCKS)["StreamDescriptionSummary"]["StreamStatus"]

# %% [markdown]
# A **stream** of Amazon Kinesis keeps **records**, and keeps them in **shards**. A record has a partition key, here the
# truck's name, and gets a sequence number. An **iterator** is a reader's place in a shard.
#
# The tools of all sections: `tell` puts a report, `drive` lets all trucks report some kilometres, `read` brings what a shard
# has and the ids of its children, `split` halves a shard, and `jumps` are the reports in which a truck has driven
# backwards. `put` puts many reports in one call, and `put_all` more than one call takes. So few records come in one call of GetRecords; more take more calls (lesson 15).


# %%
def tell(kinesis, truck, km):
    """Put a report; returns Kinesis's answer."""
    return kinesis.put_record(**TRUCKS, Data=f"{truck} {km}".encode(), PartitionKey=truck)


def drive(kinesis, *kilometres):
    """Each truck reports each of these."""
    for km in kilometres:
        for truck in FLEET:
            tell(kinesis, truck, km)


# %%
def read(kinesis, shard):
    """A shard's reports from its beginning, and the ids of its children if it has ended."""
    given = {"ShardId": shard, "ShardIteratorType": "TRIM_HORIZON"}
    place = kinesis.get_shard_iterator(**TRUCKS, **given)["ShardIterator"]
    answer = kinesis.get_records(ShardIterator=place)
    children = [child["ShardId"] for child in answer.get("ChildShards", [])]
    return [record["Data"].decode() for record in answer["Records"]], children


# %%
def split(lab, kinesis, shard=FIRST, at=2**127):
    """Split a shard at a hash key, and wait until it is done."""
    kinesis.split_shard(**TRUCKS, ShardToSplit=shard, NewStartingHashKey=str(at))
    lab.clock.advance("1 min")


def jumps(reports):
    """The reports of fewer kilometres than the same truck had reported before."""
    furthest, found = {}, []
    for truck, km in (report.split() for report in reports):
        if int(km) < furthest.get(truck, 0):
            found.append(f"{truck} {km}")
        furthest[truck] = max(int(km), furthest.get(truck, 0))
    return found


# %%
def put(kinesis, reports):
    """Put reports in one call; returns those that failed."""
    records = [{"Data": report.encode(), "PartitionKey": report.split()[0]} for report in reports]
    answers = kinesis.put_records(**TRUCKS, Records=records)["Records"]
    return [report for report, answer in zip(reports, answers, strict=True) if "ErrorCode" in answer]


def put_all(kinesis, reports, failed):
    """Put reports, 400 a call, and note those that failed."""
    for first in range(0, len(reports), 400):
        failed += put(kinesis, reports[first : first + 400])


# %% [markdown]
# ## Trucks that drive backwards
#
# Each truck reports 10, 20 and 30 kilometres; the shard is split, as more trucks are to come; they report 40, 50 and 60.
# The dispatcher's program reads all shards, and begins with the open ones: that's where the news is.

# %%
lab, kinesis = open_fleet()
drive(kinesis, 10, 20, 30)
split(lab, kinesis)
drive(kinesis, 40, 50, 60)
reports = [report for shard in (SECOND, THIRD, FIRST) for report in read(kinesis, shard)[0]]
len(reports), jumps(reports)

# %% [markdown]
# All 24 reports are there, and half of them come after later ones. Nothing is wrong in the stream: each shard was in order
# {kinord-2}. What order there is, and where it ends, are the next sections.

# %% [markdown]
# ## One key, one shard
#
# With two shards from the start:

# %%
lab, kinesis = open_fleet(2)
{truck: tell(kinesis, truck, 10)["ShardId"][-1] for truck in FLEET}

# %%
{truck: md5(truck.encode()).hexdigest()[:2] for truck in FLEET}

# %% [markdown]
# The MD5 hash of the key, a number of 128 bits, decides {kinord-1}: below `80` the first shard, from `80` on the second,
# as each has half of the numbers. So a key's records are in one shard, with growing sequence numbers {kds-4}.

# %%
answers = [tell(kinesis, "red", km) for km in (20, 30, 40)]
numbers = [int(answer["SequenceNumber"]) for answer in answers]
numbers == sorted(numbers), {answer["ShardId"] for answer in answers}

# %% [markdown]
# There is one condition: with the record distribution strategy `AUTO`, which on-demand streams can have, Kinesis ignores
# keys, and no key keeps its order {kds-4}. Now two trucks report by turns, `blue` in the first shard, `red` in the second.

# %%
lab, kinesis = open_fleet(2)
for km in (10, 20, 30):
    tell(kinesis, "blue", km)
    tell(kinesis, "red", km)
predict(
    "16-between",
    "Blue and red reported by turns. A reader reads the first shard and then the second. What does it get?",
    ["blue and red by turns", "blue's three, then red's three", "red and blue in any order"],
)

# %%
read(kinesis, FIRST)[0] + read(kinesis, SECOND)[0]

# %%
predict.reveal("16-between", "blue's three, then red's three")

# %% [markdown]
# Each truck is in order, and who was first of two trucks in different shards nobody can tell from the reading {kinord-2}. What must
# be in order belongs under one key: the truck, the account, the order. Two trucks of a convoy could share one.

# %% [markdown]
# ## Put again
#
# PutRecords takes many records in one call. Four trucks send 300 reports each, in three calls within a second, into
# one shard. Programs run in lab time here: `lab.start` starts one, and its calls count against a shard's limits, while those of a cell don't.

# %%
lab, kinesis = open_fleet()
REPORTS = [f"{truck} {km}" for km in range(1, 301) for truck in FLEET]
failed = []
lab.start(put_all, kinesis, REPORTS, failed, name="gateway")
lab.run()
len(failed), failed[:2]

# %% [markdown]
# No call failed, and 200 records did {shard-put-records}: a shard takes 1,000 records a second {shard-hot-key}, and what is
# beyond is refused record by record, with `ProvisionedThroughputExceededException`. Who looks at exceptions alone has lost them.
#
# The gateway puts them again a little later. In the meantime each truck has reported kilometre 301.

# %%
drive(kinesis, 301)
put(kinesis, failed)
reports, _ = read(kinesis, FIRST)
len(reports), len(jumps(reports)), jumps(reports)[:2]

# %% [markdown]
# All is there, and 200 reports are behind a later one. Even within one call PutRecords promises no order {shard-put-records}. AWS
# names the way for those who need it: PutRecord, one after the other, each time with the number of the last record of that key
# as `SequenceNumberForOrdering` {shard-number-for-ordering}. Without it, records are roughly in the order of their puts {shard-number-for-ordering}.

# %%
lab, kinesis = open_fleet()
last = {}
for km in (1, 2, 3):
    for truck in FLEET:
        after = {"SequenceNumberForOrdering": last[truck]} if truck in last else {}
        given = {"Data": f"{truck} {km}".encode(), "PartitionKey": truck}
        last[truck] = kinesis.put_record(**TRUCKS, **given, **after)["SequenceNumber"]
jumps(read(kinesis, FIRST)[0])

# %% [markdown]
# That costs a call for each record. With PutRecords, too, a key's order can be kept, if whoever puts lets nothing of a key go
# before what failed of it: one record of each key in a call, for example. It is the exercise.

# %% [markdown]
# ## One truck too many
#
# A test truck reports all the time: 1,500 reports in a second, under one key. Would four shards take them?


# %%
def busy_second(shards, keys):
    """How many of 1,500 reports the stream takes within a second."""
    lab, kinesis = open_fleet(shards)
    reports, failed = [f"truck-{number % keys} {number}" for number in range(1_500)], []
    lab.start(put_all, kinesis, reports, failed, name="gateway")
    lab.run()
    return len(reports) - len(failed)


busy_second(1, keys=1)

# %%
predict(
    "16-hot",
    "One shard took 1,000 of 1,500 reports of one key. How many do four shards take?",
    ["1,000", "1,500", "as many as chance has it"],
)

# %%
busy_second(4, keys=1), busy_second(4, keys=40)

# %%
predict.reveal("16-hot", "1,000")

# %% [markdown]
# The key has one shard, and the other three can't help {shard-hot-key}. Forty keys found room. A hot key needs a finer key, such
# as truck and sensor, if order by sensor is enough; a random suffix takes all order from it.

# %% [markdown]
# ## Beside FIFO queues
#
# A message group of lesson 07 is what a partition key is here: what must be in order. What differs is who waits
# {sqsord-4}. Black's first report can't be handled; black and blue are in one shard, or in one queue.

# %%
lab, kinesis = open_fleet()
sqs = lab.client("sqs")
fifo = {"FifoQueue": "true", "ContentBasedDeduplication": "true"}
url = sqs.create_queue(QueueName="trucks.fifo", Attributes=fifo)["QueueUrl"]
for truck in ("black", "blue"):
    tell(kinesis, truck, 10)
    sqs.send_message(QueueUrl=url, MessageBody=f"{truck} 10", MessageGroupId=truck)
held = sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"]
following = sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"]
held, following, read(kinesis, FIRST)[0][0]

# %% [markdown]
# The queue holds back black's group and brings blue. The shard's reader has one place for all keys: it stays before black,
# and blue waits, or it goes on, and black's order is its own business.
#
# | | SQS FIFO | Kinesis Data Streams |
# |---|---|---|
# | in order | a message group | a partition key, in its shard |
# | how many of them | any number, made by use {sqsord-4} | any number, sharing a number of shards {sqsord-4} |
# | who works at the same time | as many consumers as groups have messages | one reader a shard, for each application {sqsord-4} |
# | one that can't be handled | its group waits | its shard waits, for that reader {sqsord-4} |
# | afterwards | deleted | kept, readable again |

# %% [markdown]
# ## Parents and children
#
# To **reshard** is to change how the hash keys are shared among shards. SplitShard makes two **children** of one **parent**. The
# parent is closed: it takes no more records.

# %%
lab, kinesis = open_fleet()
drive(kinesis, 10, 20, 30)
lab.clock.advance("1 min")
split(lab, kinesis)
[tell(kinesis, truck, 40)["ShardId"][-1] for truck in FLEET], len(read(kinesis, FIRST)[0])

# %% [markdown]
# The key is as before, its hash is as before, and its shard is another one {reshard-children}. What was there has stayed in the parent, and
# is readable for as long as it is kept {reshard-parent-stays}. The children get smaller, or neighbours are merged:

# %%
lab.clock.advance("2 min")
kinesis.merge_shards(**TRUCKS, ShardToMerge=SECOND, AdjacentShardToMerge=THIRD)
lab.clock.advance("2 min")
drive(kinesis, 50)
shard_lineage(lab, "trucks")

# %% [markdown]
# A lineage: from now on a truck's reports are in three shards, one after the other. A merged shard has two parents
# {reshard-merge}. A closed one is not split again {reshard-closed}.

# %% tags=["raises-ClientError:InvalidArgumentException"]
split(lab, kinesis)

# %% [markdown]
# UpdateShardCount says how many shards there should be, and splits and merges by itself; the lineage is of the same kind.

# %% [markdown]
# ## Parents first
#
# How does a reader find the children? By reading to the end: a closed shard's last answer has no `NextShardIterator`,
# and names the children {reshard-end}.

# %%
lab, kinesis = open_fleet()
drive(kinesis, 10, 20)
split(lab, kinesis)
drive(kinesis, 30)
read(kinesis, FIRST)[1]

# %% [markdown]
# The first idea of many is to list the shards that are open, and to read those.

# %%
now = kinesis.list_shards(**TRUCKS, ShardFilter={"Type": "AT_LATEST"})["Shards"]
reports = [report for shard in now for report in read(kinesis, shard["ShardId"])[0]]
reports

# %% [markdown]
# Two thirds of the reports are lost to this reader: nobody has copied them to the children {reshard-parent-stays}. And children before
# parents is how the dispatcher's trucks drove backwards {reshard-parent-first}. So a reader begins where the oldest records are, and
# goes to a child when *all* its parents have come to their end:


# %%
def follow(kinesis):
    """All reports of the stream, each shard after its parents."""
    names, reports, done = ("ParentShardId", "AdjacentParentShardId"), [], []
    waiting = {one["ShardId"]: one for one in kinesis.list_shards(**TRUCKS)["Shards"]}
    while waiting:
        ready = [id for id, one in waiting.items() if not waiting.keys() & {one.get(name) for name in names}]
        for shard in ready:
            reports += read(kinesis, shard)[0]
            done.append(waiting.pop(shard)["ShardId"][-1])
    return reports, done


reports, shards = follow(kinesis)
jumps(reports), shards

# %% [markdown]
# It asks whether a parent still *waits*, not whether it is listed: once the last records of a parent have expired, it is
# gone from the list {reshard-parent-stays}, and nobody has to wait for it. `follow` reads what is there once; a reader that stays goes on
# in each open shard until it ends. The Kinesis Client Library does all this by itself {reshard-parent-first} (lesson 17).

# %% [markdown]
# ### The busy day again
#
# The same reports, the same split, and a merge on top. The reader follows the lineage.

# %%
lab, kinesis = open_fleet()
drive(kinesis, 10, 20, 30)
split(lab, kinesis)
drive(kinesis, 40, 50, 60)
kinesis.merge_shards(**TRUCKS, ShardToMerge=SECOND, AdjacentShardToMerge=THIRD)
lab.clock.advance("1 min")
drive(kinesis, 70)
reports, shards = follow(kinesis)
assert len(reports) == 7 * len(FLEET) and jumps(reports) == []
shards, reports[-4:]

# %% [markdown]
# ## On the real service
#
# | AWS documents | runs here | what bridges them |
# |---|---|---|
# | Without SequenceNumberForOrdering records are roughly in order {shard-number-for-ordering} | always in the order of the calls | give the number |
# | PutRecords promises no order within a call {shard-put-records} | records go in as the call has them; only those that fail move | expect more |
# | A reshard takes a while | the same while each time | the waiter `stream_exists`, also after a reshard |
# | A shard's limits hold for every call {shard-hot-key} | for calls of programs; calls in a cell take no time | the SDK repeats calls, and not records of PutRecords |
# | AUTO distribution ignores keys {kds-4} | not there | leave it off where order matters |
#
# With the AWS CLI:
#
# ```bash
# aws kinesis create-stream --stream-name trucks --shard-count 1
# aws kinesis describe-stream-summary --stream-name trucks    # until it is ACTIVE
# aws kinesis split-shard --stream-name trucks --shard-to-split shardId-000000000000 \
#   --new-starting-hash-key 170141183460469231731687303715884105728
# aws kinesis list-shards --stream-name trucks
# aws kinesis delete-stream --stream-name trucks
# ```
#
# and in CloudFormation, where another `ShardCount` in an update is a reshard:
#
# ```yaml
# Trucks:
#   Type: AWS::Kinesis::Stream
#   Properties:
#     Name: trucks
#     ShardCount: 2
#     StreamModeDetails: {StreamMode: PROVISIONED}
# ```

# %% [markdown]
# ## In five lines
#
# - A key's records are in one shard and in order there; between shards nothing is {kinord-2}.
# - PutRecords fails record by record, and what is put again stands behind what came after it {shard-put-records}.
# - One key has one shard's capacity, 1,000 records or 1 MiB a second, however many shards there are {shard-hot-key}.
# - A reshard closes parents and leaves their records there; what is new goes to the children {reshard-children}.
# - Read all parents to their end, then the children; the open shards alone are not the stream {reshard-parent-first}.
#
# **Recall, without looking.** A program puts again what failed, and a truck drives backwards: why? A stream of one hot key gets
# twice as many shards: what changes? After a merge a reader waits for `ParentShardId` to end, and still sees a few keys out
# of order: what has it missed?
#
# <details><summary>The answers</summary>
#
# 1. Later records of the key had succeeded, and those that failed now stand behind them {shard-put-records}.
# 2. Nothing for that key: it is in one shard still {shard-hot-key}.
# 3. The other parent, `AdjacentParentShardId` {reshard-merge}.
#
# </details>
#
# The exercise: put reports in few calls, and keep the order of each truck. Open `exercises/16_ordering_in_shards.ipynb`.

# %% [markdown]
# ## The claims of this lesson
#
# Each line was an experiment just now, or names the page it was read in.

# %%
claims_of("16")
