# %% [markdown]
# # 16 · Exercise: no truck drives backwards
#
# About `20` minutes. You need lesson 16, *Ordering in shards*.
#
# Six trucks have been without a network for a while. Their gateway has collected `48` reports, eight of each, some with a
# photo, and puts them into the stream `trucks`, which has two shards. The photos are more than a shard takes in one second,
# so that some records fail.
#
# **Every report gets into the stream, and no report of a truck stands there behind a later one of that truck.** The same
# report may be there again, next to itself: answers can get lost, and the SDK then repeats the call. Between trucks any order
# will do. You may make up to `30` API calls, so a call for each report is too many.

# %%
import time

from labkit import check, hint, solution

# %% [markdown]
# ## Your function
#
# `put_in_order(kinesis, stream, reports)` is called once. It is given a boto3 client, the stream's name, and a list of pairs of
# a truck's name and a report, such as `("red", b"red 1")`, in the order in which they were made. The report's bytes are the
# record's data, and the truck is its partition key. It returns when all is in the stream. An error that it raises stops the
# check, which shows it.


# %% tags=["solution:16-reports-in-order"]
def put_in_order(kinesis, stream, reports):
    ### BEGIN SOLUTION
    waiting = {}
    for truck, data in reports:
        waiting.setdefault(truck, []).append({"Data": data, "PartitionKey": truck})
    while any(waiting.values()):
        some = [records for records in waiting.values() if records]
        answer = kinesis.put_records(StreamName=stream, Records=[records[0] for records in some])
        for records, one in zip(some, answer["Records"], strict=True):
            if "ErrorCode" not in one:
                del records[0]
        if answer["FailedRecordCount"]:
            time.sleep(1)
    ### END SOLUTION


# %% [markdown]
# ### Check it
#
# The check calls your function in labs of its own, and reads the stream afterwards.

# %% tags=["check:16-reports-in-order"]
check("16-reports-in-order", put_in_order)

# %% [markdown]
# ### If you are stuck
#
# There are `3` hints. Run the cell again for the next one, or name one: `hint("16-reports-in-order", 1)`.

# %%
hint("16-reports-in-order")

# %% [markdown]
# The solution opens when your answer is right, or after three different tries.

# %%
solution("16-reports-in-order")
