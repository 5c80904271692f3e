# %% [markdown]
# # 07 · Exercise: orders in order
#
# About `25` minutes. You need lesson 07, *FIFO queues*.
#
# A shop writes what happens to its orders into the FIFO queue `events.fifo`: *order-1 placed*, *order-1 paid*,
# *order-1 shipped*, one message each. The order is the message group, and the visibility timeout is `30 s`. Two workers
# run on two machines, each in your function.
#
# **Each order's events are booked in their order, and every event once**, though the bank sometimes says *not now*,
# though machines die, though some days are slow, and each message is deleted in the end. Ten orders have a budget of `55`
# API calls, both workers together, and `15 min`.

# %%
from labkit import check, hint, solution

# %% [markdown]
# ## Your worker
#
# You are given four things:
#
# - `sqs`, a boto3 client, and `queue_url`, the address of the queue;
# - `apply(event)`, which books the event of that name, such as `"order-1 paid"`. It takes `8 s`, on slow days `14 s`. It
#   returns `True` when the event is booked, and `False` when the bank says *not now*: then nothing has been booked;
# - `is_applied(event)`, which tells whether an event has been booked already, by whomever.
#
# A worker that returns is started again after one second, as supervisors do on AWS; an error that isn't announced here
# stops the check, which shows it. Each machine has its own memory, and loses it when it dies.

# %% tags=["solution:07-orders-in-order"]
def worker(sqs, queue_url, apply, is_applied):
    while True:
        ### BEGIN SOLUTION
        answer = sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=2, WaitTimeSeconds=20)
        waiting = set()
        for message in answer.get("Messages", []):
            event = message["Body"]
            order = event.split()[0]
            if order in waiting:
                continue
            if is_applied(event) or apply(event):
                sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
            else:
                waiting.add(order)
        ### END SOLUTION

# %% [markdown]
# ### Check it
#
# The check runs your function in labs of its own: an ordinary day, a slow one, days on which a machine dies at one moment
# after another, and one worker under every order of deliveries, crashes, timeouts and lost answers. It looks at what
# happened, not at how you wrote it.

# %% tags=["check:07-orders-in-order"]
check("07-orders-in-order", worker)

# %% [markdown]
# ### If you are stuck
#
# There are `4` hints. Run the cell again for the next one, or name one: `hint("07-orders-in-order", 1)`.

# %%
hint("07-orders-in-order")

# %% [markdown]
# The solution opens when your answer is right, or after three different tries.

# %%
solution("07-orders-in-order")
