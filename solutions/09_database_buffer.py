# %% [markdown]
# # 09 · Exercise: no order lost, none stored twice
#
# About `30` minutes. You need lesson 09, *A queue in front of a database*.
#
# An art shop puts its orders into the queue `orders`: visibility timeout `30 s`, and a message that was received `5` times
# without a delete goes to the queue `dead-letters`. Two workers on two machines, each in your function, store them in the
# shop's database, a real SQLite that lets one transaction write at a time.
#
# **Every order is stored once**, and **takes one print off the stock**, although
#
# - a web server that has not seen SQS's answer sends its order again;
# - SQS brings a message a second time;
# - a machine dies in the middle of a transaction, or right after its commit;
# - tonight a migration locks the table for an hour; meanwhile Auto Scaling adds a machine now and then, and takes it away
#   again. `30 min` after the hour everything must be stored.
#
# Orders that wait are stored within `10 min`. The database is to be treated with care: `60` waiting orders may take `15`
# commits and `60` refused transactions, and the hour of the migration `400` refused ones. A night may take up to `600`
# transactions and `3,000` API calls.

# %%
import time

from labkit import check, hint, solution

# %% [markdown]
# ## Your worker
#
# You are given three things: `sqs`, a boto3 client; `queue_url`, the address of the queue; and `database`, as in the lesson:
#
# ```python
# with database.transaction() as connection:    # the end of the block commits, which takes 0.2 s
#     cursor = connection.execute("insert into orders (id, name) values (?, ?)", [id, name])
#     cursor.rowcount                           # how many rows that was
#     connection.execute("update stock set remaining = remaining - ?", [number])
# ```
#
# While another transaction writes, this raises `database.Busy` at once. In the table `orders`, `name` is the order (the
# message's Body), and `id` is the primary key: which one is for you to choose.
#
# A worker that returns, or that `database.Busy` has ended, is started again after one second, as supervisors do on AWS; an
# error that isn't announced here stops the check, which shows it.

# %% tags=["solution:09-no-order-lost"]
def worker(sqs, queue_url, database):
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10, WaitTimeSeconds=20)
        messages = answer.get("Messages", [])
        ### BEGIN SOLUTION
        held = [{"Id": str(n), "ReceiptHandle": one["ReceiptHandle"]} for n, one in enumerate(messages)]
        pause = 1
        while held:
            try:
                with database.transaction() as connection:
                    new = 0
                    for message in messages:
                        order = message["Body"]
                        insert = "insert into orders (id, name) values (?, ?) on conflict do nothing"
                        new += connection.execute(insert, [order, order]).rowcount
                    connection.execute("update stock set remaining = remaining - ?", [new])
            except database.Busy:
                longer = [{**one, "VisibilityTimeout": 60} for one in held]
                sqs.change_message_visibility_batch(QueueUrl=queue_url, Entries=longer)
                time.sleep(pause)
                pause = min(2 * pause, 30)
            else:
                sqs.delete_message_batch(QueueUrl=queue_url, Entries=held)
                held = []
        ### END SOLUTION

# %% [markdown]
# ### Check it
#
# The check runs your function in labs of its own: after a rush, with a machine that dies before and one that dies after
# its commit, through the hour of the migration, in a night with everything that AWS says may happen, and through what else
# real life brings. It looks at what is in the table, on the shelf and in the queues, not at how you wrote it.

# %% tags=["check:09-no-order-lost"]
check("09-no-order-lost", worker)

# %% [markdown]
# ### If you are stuck
#
# There are `4` hints. Run the cell again for the next one, or name one: `hint("09-no-order-lost", 1)`.

# %%
hint("09-no-order-lost")

# %% [markdown]
# The solution opens when your answer is right, or after three different tries.

# %%
solution("09-no-order-lost")
