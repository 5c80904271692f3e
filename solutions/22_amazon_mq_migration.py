# %% [markdown]
# # 22 · Exercise: survive three failovers
#
# About `30` minutes. You need lesson 22, *Amazon MQ*, and the idempotent consumer of lesson 05.
#
# A print shop sells through a pair of Amazon MQ brokers. A *producer* sends each order to a queue; a *consumer* on another
# machine writes it into the books, and what is in the books is printed, sent and charged.
#
# During one day the broker that serves is killed three times, a line breaks while nothing is on its way, and the consumer's
# machine loses power at one step after another. In the end **every order is in the books once**, and **no message is left**
# in the queue.

# %%
from labkit import check, hint, solution

# %% [markdown]
# ## Your producer and your consumer
#
# Each is a program of its own, on a machine of its own. Both are given `connect`: it returns a new *line* to the broker that
# serves, and raises `ConnectionError` when none does. A line has four methods:
#
# - `line.send(body, id, persistent=False)` puts a message on the line and returns at once;
# - `line.wait_for_receipt(id)` is `True` when the broker has confirmed that message, and `False` when the line is over first;
# - `line.receive()` returns a message, with `id` and `body`, or `None` when there is nothing for now;
# - `line.ack(message)` tells the broker that a message is done with.
#
# On a line that is over, `send`, `receive` and `ack` raise `ConnectionError`. A line doesn't come back: get a new one.
#
# The producer's `orders` are pairs of an id and a body. The consumer's `books` are kept on a third machine, which doesn't
# fail: `books.add(id, body)` writes a line, and `id in books` says whether there is one.
#
# A program that a `ConnectionError` ends is started again, as supervisors do on AWS, with nothing in its memory, up to `10`
# times: the producer with all its orders once more. So is a consumer that returns, or whose machine fails. An error that
# isn't announced here stops the check, which shows it.
#
# A day ends early when a program makes no call for `15 s`, sends an order or waits for its receipt more than `8` times, or
# has received nothing `3` times, and after `600` calls.


# %% tags=["solution:22-survive-failover"]
def produce(connect, orders):
    ### BEGIN SOLUTION
    line = connect()
    for id, body in orders:
        while True:
            try:
                line.send(body, id, persistent=True)
                if line.wait_for_receipt(id):
                    break
            except ConnectionError:
                pass  # the order may be there or not, so it goes again, as it was
            line = connect()
    ### END SOLUTION


def consume(connect, books):
    ### BEGIN SOLUTION
    while True:
        line = connect()
        try:
            while True:
                message = line.receive()
                if message is None:
                    continue
                if message.id not in books:
                    books.add(message.id, message.body)
                line.ack(message)
        except ConnectionError:
            pass  # what was not acknowledged comes again
    ### END SOLUTION


# %% [markdown]
# ### Check it
#
# The check starts real brokers, plays an ordinary day, and then one with three `kill -9`. It takes about `20 s`: failovers are
# real ones. It looks at what is in the books and in the queue, not at how you wrote it.

# %% tags=["check:22-survive-failover", "needs-activemq"]
check("22-survive-failover", produce, consume)

# %% [markdown]
# ### If you are stuck
#
# There are `4` hints. Run the cell again for the next one, or name one: `hint("22-survive-failover", 1)`.

# %%
hint("22-survive-failover")

# %% [markdown]
# The solution opens when your answer is right, or after three different tries.

# %%
solution("22-survive-failover")
