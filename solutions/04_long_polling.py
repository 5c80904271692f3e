# %% [markdown]
# # 04 · Exercise: a quiet worker
#
# About `15` minutes. You need lesson 04, *Long polling*.
#
# A flower shop takes its orders through the queue `orders`, whose visibility timeout is `5 min`. Few orders come, and
# the worker asks for them in a tight loop, all day and all night.
#
# Calls cost money: **a quiet hour may take up to `300` API calls**. Customers wait, so **an order that finds the worker
# free is begun within `2 s`**. And the shop often puts a new version of its worker into service: the old one is told to
# stop and **must have returned `30 s` later**, when its machine is switched off. A new one has begun by then. No order may
# be made twice, and none may wait for more than `60 s` because of the change.
#
# The check also tells what an answer rests on that AWS doesn't promise, such as a machine that lives for ever or a night
# without duplicates.

# %%
from labkit import check, hint, solution

# %% [markdown]
# ## Your worker
#
# You are given four things:
#
# - `sqs`, a boto3 client, and `queue_url`, the address of the queue;
# - `handle(order)`, which makes the order of that body; it takes `5 s`;
# - `told_to_stop()`, which is `False` until the shop wants the worker to end.
#
# A worker that returns before it was told is started again after one second, as supervisors do on AWS; an error that isn't
# announced here stops the check, which shows it. Today it looks like this:
#
# ```python
# def worker(sqs, queue_url, handle, told_to_stop):
#     while True:
#         answer = sqs.receive_message(QueueUrl=queue_url)
#         for message in answer.get("Messages", []):
#             handle(message["Body"])
#             sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
# ```

# %% tags=["solution:04-quiet-worker"]
def worker(sqs, queue_url, handle, told_to_stop):
    ### BEGIN SOLUTION
    while not told_to_stop():
        answer = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20)
        for message in answer.get("Messages", []):
            handle(message["Body"])
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
    ### END SOLUTION

# %% [markdown]
# ### Check it
#
# The check runs your function in labs of its own: a quiet hour, a stop in the middle of the work, a stop while it waits,
# and a night with everything that AWS says may happen. It looks at what happened, not at how you wrote it.

# %% tags=["check:04-quiet-worker"]
check("04-quiet-worker", worker)

# %% [markdown]
# ### If you are stuck
#
# There are `4` hints. Run the cell again for the next one, or name one: `hint("04-quiet-worker", 1)`.

# %%
hint("04-quiet-worker")

# %% [markdown]
# The solution opens when your answer is right, or after three different tries.

# %%
solution("04-quiet-worker")
