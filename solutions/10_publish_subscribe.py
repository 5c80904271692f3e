# %% [markdown]
# # 10 · Exercise: every service hears of every order
#
# About `20` minutes. You need lesson 10, *Publish and subscribe*.
#
# A bookshop's page has sent each order to the queues of three services: `invoices`, `letters` and `parcels`. Their workers
# have run for years. They read the body of a message as the order, and its message attribute `kind`, which is `book` or
# `gift`. Now the page shall publish to a topic instead.
#
# **Each service gets each order, as its workers know it**, and on an ordinary day once. The page runs on two machines and
# connects the queues at each start. The second machine starts after `60 s` with a newer version of the page, whose list has one
# queue more, `reports`: **from then on that service hears of every order too.** Each queue is open to this topic alone; another
# team's topic must not get in. A day may take up to `120` API calls.
#
# On another day somebody deletes the queue `letters` after `30 s`, and **the other services must not suffer from it**, the new
# one included. A machine may die at any moment, and answers may get lost: then a service may hear of an order twice, since
# its workers know an order by its text, but none may be missing.

# %%
import json

from labkit import check, hint, solution

# %% [markdown]
# ## Your two functions
#
# - `connect(sns, sqs, topic, queue_urls)` is called at each start of the page, before its first order. It is given two
#   boto3 clients, the topic's ARN and the URLs of the queues of all services that the page knows. A queue has no policy yet.
# - `announce(sns, topic, order, kind)` is called once for each order, such as `"order-7"`, with its kind. If the machine dies
#   in the middle, the page calls it again on another one.
#
# Both return when they are done. They share nothing but what they are given. An error that they raise stops the check, which
# shows it.


# %% tags=["solution:10-announce-orders"]
def connect(sns, sqs, topic, queue_urls):
    ### BEGIN SOLUTION
    for url in queue_urls:
        try:
            answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        except sqs.exceptions.QueueDoesNotExist:
            continue
        queue = answer["Attributes"]["QueueArn"]
        allow = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage"}
        allow |= {"Resource": queue, "Condition": {"ArnEquals": {"aws:SourceArn": topic}}}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
        raw = {"RawMessageDelivery": "true"}
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue, Attributes=raw)
    ### END SOLUTION


def announce(sns, topic, order, kind):
    ### BEGIN SOLUTION
    attributes = {"kind": {"DataType": "String", "StringValue": kind}}
    sns.publish(TopicArn=topic, Message=order, MessageAttributes=attributes)
    ### END SOLUTION


# %% [markdown]
# ### Check it
#
# The check plays days in labs of its own and looks into the queues in the evening. How you got the orders there is up to you.

# %% tags=["check:10-announce-orders"]
check("10-announce-orders", connect, announce)

# %% [markdown]
# ### If you are stuck
#
# There are `4` hints. Run the cell again for the next one, or name one: `hint("10-announce-orders", 1)`.

# %%
hint("10-announce-orders")

# %% [markdown]
# The solution opens when your answer is right, or after three different tries.

# %%
solution("10-announce-orders")
