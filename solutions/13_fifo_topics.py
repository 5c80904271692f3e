# %% [markdown]
# # 13 · Exercise: every service has the same stock
#
# About `20` minutes. You need lesson 13, *FIFO topics*.
#
# A shop's tills tell each change of its stock: `"tea -1"`, `"piano +2"`. Two services apply them, `shop` and `buyers`, each
# with two clerks who read a FIFO queue; the `audit` collects them in a standard queue. All three read the body of a message
# as the change.
#
# **Shop and buyers apply the changes of each article in their order, and each change once.** Two customers may buy the same
# thing: equal changes are two changes, each with a receipt of its own. A change of a piano takes `40 s` of a clerk's time, any
# other one second, and **no other article waits for a piano**: it is begun within `20 s` after it was told. The audit has to
# have each change; in which order, and whether twice, does not matter to it.
#
# The tills' program runs on two machines, and connects the queues at each start. A machine may die at any moment, also when
# a change has been told and not yet written down; then another one tells it once more, at once and with the same receipt.
# Answers may get lost. A day may take up to `60` API calls.

# %%
from labkit import check, hint, solution

# %% [markdown]
# ## Your two functions
#
# - `connect(sns, sqs, queue_urls)` is called at each start. It is given two boto3 clients and the URLs of the three queues, of
#   which each lets in the topics of your account already. It makes the topic, connects the queues, and returns the topic's ARN.
# - `announce(sns, topic, receipt, change)` is called for each change, with what `connect` has returned, a receipt such as
#   `"receipt-7"`, and the change. The changes of one article are told one after another.
#
# Both return when they are done. They share nothing but what they are given. An error that they raise stops the check, which
# shows it.


# %% tags=["solution:13-stock-in-order"]
def connect(sns, sqs, queue_urls):
    ### BEGIN SOLUTION
    topic = sns.create_topic(Name="stock.fifo", Attributes={"FifoTopic": "true"})["TopicArn"]
    for url in queue_urls:
        answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        queue = answer["Attributes"]["QueueArn"]
        raw = {"RawMessageDelivery": "true"}
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue, Attributes=raw)
    return topic
    ### END SOLUTION


def announce(sns, topic, receipt, change):
    ### BEGIN SOLUTION
    article = change.split()[0]
    sns.publish(TopicArn=topic, Message=change, MessageGroupId=article, MessageDeduplicationId=receipt)
    ### END SOLUTION


# %% [markdown]
# ### Check it
#
# The check plays days in labs of its own, in which its clerks work. How you got the changes there is up to you.

# %% tags=["check:13-stock-in-order"]
check("13-stock-in-order", connect, announce)

# %% [markdown]
# ### If you are stuck
#
# There are `3` hints. Run the cell again for the next one, or name one: `hint("13-stock-in-order", 1)`.

# %%
hint("13-stock-in-order")

# %% [markdown]
# The solution opens when your answer is right, or after three different tries.

# %%
solution("13-stock-in-order")
