# %% [markdown]
# # 06 · Exercise: one bad order among good ones
#
# About `20` minutes. You need lesson 06, *Dead letters*.
#
# A bookshop takes its orders through the queue `orders`. Its visibility timeout is `30 s`, and its redrive policy names
# a dead-letter queue and a `maxReceiveCount` of `3`. Two workers run on two machines, each in your function.
#
# One of twelve orders can't be sent: the label printer doesn't know a letter of its address. **It must lie in the
# dead-letter queue within `10 min`**, and when the printer has been repaired, a redrive brings it back to be sent. On the
# way **nobody may be charged twice, no parcel may be sent twice, and no good order may be lost or end among the dead letters**,
# also when the payment service is away for `45 s`. No one may be charged without getting books, and no books may go
# unpaid. A day may take up to `500` API calls.
#
# A machine may die at any moment, and another one takes its place: then a parcel may be sent twice, since nobody knows
# whether it was sent, but the rest holds.

# %%
from labkit import check, hint, solution

# %% [markdown]
# ## Your worker
#
# You are given four things:
#
# - `sqs`, a boto3 client, and `queue_url`, the address of the queue;
# - `pay(order, key)`, which takes the payment in `1 s`. The payment service charges once for each key: a repeated call with
#   the same key is accepted and charges nothing. While it is away, `pay` raises a `ConnectionError`;
# - `send(order)`, which prints the label and sends the books in `4 s`. For the bad order it raises a `ValueError`, until the
#   printer has been repaired.
#
# A worker that returns, or that ends with one of these two errors, is started again after one second, as supervisors do on
# AWS; an error that isn't announced here stops the check, which shows it.

# %% tags=["solution:06-dead-letters"]
def worker(sqs, queue_url, pay, send):
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20)
        for message in answer.get("Messages", []):
            ### BEGIN SOLUTION
            order = message["Body"]
            try:
                pay(order, order)
                send(order)
            except (ConnectionError, ValueError):
                continue
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
            ### END SOLUTION

# %% [markdown]
# ### Check it
#
# The check runs your function in labs of its own: a day, a day with a repair and a redrive, a day on which the payment
# service is away, and one with everything that AWS says may happen. It looks at what happened, not at how you wrote it.

# %% tags=["check:06-dead-letters"]
check("06-dead-letters", worker)

# %% [markdown]
# ### If you are stuck
#
# There are `4` hints. Run the cell again for the next one, or name one: `hint("06-dead-letters", 1)`.

# %%
hint("06-dead-letters")

# %% [markdown]
# The solution opens when your answer is right, or after three different tries.

# %%
solution("06-dead-letters")
