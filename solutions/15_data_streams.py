# %% [markdown]
# # 15 · Exercise: a reader that goes on
#
# About `20` minutes. You need lesson 15, *Data streams*.
#
# A shop's clicks are in a stream of two shards, which keeps them for a week. One machine reads them, and **handles each click**,
# from the oldest on. Some are there when it begins; others come while it reads, and nobody says when the last has come.
#
# Most clicks take a second. One on a film takes `6 min`, and the machine does nothing else meanwhile.
#
# The machine may die at any moment. Then another one is started: at once, or a day later. What outlives a machine are the
# **checkpoints**: for each shard a sequence number, which you save. **A click is handled once**; after a crash one click that was
# handled and not yet saved may be handled again, and no other.
#
# Answers may get lost. A day may take up to `300` API calls.

# %%
import time

from labkit import check, hint, solution

# %% [markdown]
# ## Your function
#
# `read(kinesis, stream, load, save, handle)` is called when a machine starts, and stays for as long as it lives. It is given
# a boto3 client, the stream's name, and three functions:
#
# - `load(shard_id)` returns the sequence number that was saved last for a shard, or `None`;
# - `save(shard_id, sequence_number)` saves one; when it returns, it is stored;
# - `handle(click)` works on a click: its text, which is a record's data, decoded.
#
# It shares nothing else with the machine before it. An error that it raises stops the check, which shows it.


# %% tags=["solution:15-read-on"]
def read(kinesis, stream, load, save, handle):
    ### BEGIN SOLUTION
    shards = [shard["ShardId"] for shard in kinesis.list_shards(StreamName=stream)["Shards"]]
    places = {}
    while True:
        for shard in shards:
            if shard not in places:
                start = {"ShardIteratorType": "TRIM_HORIZON"}
                if load(shard):
                    start = {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "StartingSequenceNumber": load(shard)}
                answer = kinesis.get_shard_iterator(StreamName=stream, ShardId=shard, **start)
                places[shard] = answer["ShardIterator"]
            try:
                answer = kinesis.get_records(ShardIterator=places.pop(shard))
            except kinesis.exceptions.ExpiredIteratorException:
                continue
            for record in answer["Records"]:
                handle(record["Data"].decode())
                save(shard, record["SequenceNumber"])
            places[shard] = answer["NextShardIterator"]
        time.sleep(1)
    ### END SOLUTION


# %% [markdown]
# ### Check it
#
# The check plays days in labs of its own, and lets the machine die in the middle of its work and of its calls.

# %% tags=["check:15-read-on"]
check("15-read-on", read)

# %% [markdown]
# ### If you are stuck
#
# There are `3` hints. Run the cell again for the next one, or name one: `hint("15-read-on", 1)`.

# %%
hint("15-read-on")

# %% [markdown]
# The solution opens when your answer is right, or after three different tries.

# %%
solution("15-read-on")
