# %% [markdown]
# # 02 · Exercise: your first consumer
#
# About `10` minutes. You need lesson 02, *Produce, consume, delete*.
#
# A bakery takes its orders through the queue `orders`. `60` of them wait when it opens, and a few more come later.
# **Within `10 min` every order is baked and its message deleted, with up to `60` API calls**, both machines together.
# A machine may die at any moment, and SQS may bring a message again: then an order may be baked twice, but none may be lost.

# %%
from labkit import check, hint, solution

# %% [markdown]
# ## Your worker
#
# Two workers run on two machines, each in your function. You are given three things:
#
# - `sqs`, a boto3 client, and `queue_url`, the address of the queue, whose settings are the defaults;
# - `bake(order)`, which bakes the order of that body; it takes `1 s`.
#
# A worker that returns is started again after one second, as supervisors do on AWS; an error that isn't announced here
# stops the check, which shows it.

# %% tags=["solution:02-first-consumer"]
def worker(sqs, queue_url, bake):
    ### BEGIN SOLUTION
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10, WaitTimeSeconds=20)
        done = []
        for message in answer.get("Messages", []):
            bake(message["Body"])
            done.append({"Id": str(len(done)), "ReceiptHandle": message["ReceiptHandle"]})
        if done:
            sqs.delete_message_batch(QueueUrl=queue_url, Entries=done)
    ### END SOLUTION

# %% [markdown]
# ### Check it
#
# The check runs your function in labs of its own: a morning, and what AWS and machines may do besides. It looks at what
# happened, not at how you wrote it.

# %% tags=["check:02-first-consumer"]
check("02-first-consumer", worker)

# %% [markdown]
# ### If you are stuck
#
# There are `3` hints. Run the cell again for the next one, or name one: `hint("02-first-consumer", 1)`.

# %%
hint("02-first-consumer")

# %% [markdown]
# The solution opens when your answer is right, or after three different tries.

# %%
solution("02-first-consumer")
