# %% [markdown]
# # 01 · Exercise: an answer within three seconds
#
# About `15` minutes. You need lesson 01, *Synchronous and asynchronous*.
#
# A shop's page has a button to pay. **Whoever presses it has an answer within `3 s`**, whatever the payment service does:
# `"paid"` when the payment is confirmed, or `"accepted"` when the order lies in the queue `payments`, which a worker of the
# shop works through. Nobody sees an error page, **everybody pays once**, and while the payment service is well, everybody
# is told `"paid"`.

# %%
import time

from labkit import check, hint, solution

# %% [markdown]
# ## Your front end
#
# Your function is called for each visitor, on two machines. It is given the `order`, such as `"order-1"`, and
#
# - `pay(order, key, timeout=60)`, which takes `0.2 s`. On a slow day it takes up to `20 s`, and raises `TimeoutError` when
#   `timeout` seconds are over, by default `60 s`; the payment may be made all the same. Now and then the connection breaks,
#   and it raises `ConnectionError` after a tenth of a second. It charges once for each key;
# - `sqs`, a boto3 client, and `queue_url`. The shop's worker pays each order that it finds there as a message's body, and
#   uses the order as the key.
#
# A machine that dies, or a `TimeoutError` or `ConnectionError` that leaves your function, shows an error page, and the visitor
# comes again. An error that isn't announced here stops the check, which shows it.

# %% tags=["solution:01-time-budget"]
def checkout(order, pay, sqs, queue_url):
    ### BEGIN SOLUTION
    until = time.time() + 2.5
    while time.time() < until - 0.5:
        try:
            pay(order, order, timeout=min(1, until - time.time()))
            return "paid"
        except (TimeoutError, ConnectionError):
            continue
    sqs.send_message(QueueUrl=queue_url, MessageBody=order)
    return "accepted"
    ### END SOLUTION

# %% [markdown]
# ### Check it
#
# The check runs your function in labs of its own: on a day on which the payment service is well, on one on which it is slow,
# and through what else may happen. It looks at what happened, not at how you wrote it.

# %% tags=["check:01-time-budget"]
check("01-time-budget", checkout)

# %% [markdown]
# ### If you are stuck
#
# There are `4` hints. Run the cell again for the next one, or name one: `hint("01-time-budget", 1)`.

# %%
hint("01-time-budget")

# %% [markdown]
# The solution opens when your answer is right, or after three different tries.

# %%
solution("01-time-budget")
