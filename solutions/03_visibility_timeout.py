# %% [markdown]
# # 03 · Exercise: a heartbeat for long work
#
# About `20` minutes. You need lesson 03, *Visibility timeout*.
#
# A studio renders the videos that its customers upload. Each upload is a message in the queue `uploads`, whose
# visibility timeout is the default, `30 s` {vis-2}. Two workers run on two machines, each in your function.
#
# Rendering costs money, so **no video may be rendered twice** while the machines live. Customers wait, so **when a
# machine dies, another worker begins its video again within `60 s`**, whenever that is. Calls cost money too: an evening
# of three videos has a budget of `40` API calls, both workers together, and is over within `10 min`.
#
# SQS may bring a message a second time, on any night, and then its video may be rendered a second time. But no video may be
# lost, and in the end **every message is deleted**.

# %%
from labkit import check, hint, solution

# %% [markdown]
# ## Your worker
#
# You are given three things:
#
# - `sqs`, a boto3 client, and `queue_url`, the address of the queue;
# - `render(name)`, which renders the video of that name while you loop over it. It hands you a number after each scene
#   of `5 s`: `for scene in render("goal.mov"):` runs `5` times. A wedding takes `90 s`, a concert `140 s`, and before
#   the last scene nobody knows how long a video is. Between two scenes your own code runs: that is the place for a
#   heartbeat. (Lab time does not reach threads.)
#
# A worker that returns is started again after one second, as supervisors do on AWS; an error that isn't announced here
# stops the check, which shows it. Write what belongs between the receive and the end of the message's life; you may also
# change the lines around it.

# %% tags=["solution:03-heartbeat"]
def worker(sqs, queue_url, render):
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20)
        for message in answer.get("Messages", []):
            ### BEGIN SOLUTION
            handle = message["ReceiptHandle"]
            for scene in render(message["Body"]):
                if scene % 4 == 0:
                    sqs.change_message_visibility(QueueUrl=queue_url, ReceiptHandle=handle, VisibilityTimeout=30)
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=handle)
            ### END SOLUTION

# %% [markdown]
# ### Check it
#
# The check runs your function in labs of its own: an ordinary evening, nights in which a machine dies at one moment after
# another, and one with everything that AWS says may happen. It looks at what happened, not at how you wrote it.

# %% tags=["check:03-heartbeat"]
check("03-heartbeat", worker)

# %% [markdown]
# ### If you are stuck
#
# There are `4` hints. Run the cell again for the next one, or name one: `hint("03-heartbeat", 1)`.

# %%
hint("03-heartbeat")

# %% [markdown]
# The solution opens when your answer is right, or after three different tries.

# %%
solution("03-heartbeat")
