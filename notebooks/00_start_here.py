# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 00 · Start here
#
# This course has no slides. You write the code you would write against AWS, with boto3, and it runs in a **lab**: a
# private AWS inside this notebook. No account, no bill, no network. And no waiting: a cell below waits for fourteen
# days and is done before you look up.
#
# **You will be able to**
#
# 1. run a lesson: predict, run, see, verify;
# 2. move the lab clock, and start programs that live in its time;
# 3. read a message's passport, and tell what the lab shows from what AWS does.
#
# About {minutes} minutes. Needs a little Python. Run a cell with Shift+Enter.

# %%
import time
from datetime import datetime

from labkit import Lab, lessons, predict, progress

# %% [markdown]
# ## The lab clock
#
# A lab starts on the first of January and its clock stands still until something waits.

# %%
lab = Lab(seed=0)
time.sleep(14 * 24 * 60 * 60)
datetime.now()

# %% [markdown]
# That was plain `time.sleep`. Inside a cell your code sees lab time; your computer's own clock is not touched. The same
# cells give the same output on every machine, to the last letter, so what you see is what the text talks about.

# %% [markdown]
# ## Predict, run, see, verify
#
# Reading a result makes it look obvious. So each experiment asks you first. Pick an answer and say how sure you are;
# leaving it open is fine, too, nothing here is graded.

# %%
predict(
    "00-receive",
    "A queue holds one message. You receive it and do nothing else. You receive again at once. What do you get?",
    ["the same message", "nothing", "an error"],
)

# %% [markdown]
# Now run it. Everything in the next cells is ordinary boto3 that would do the same on AWS.

# %%
lab = Lab(seed=0)
sqs = lab.client("sqs")
url = sqs.create_queue(QueueName="orders")["QueueUrl"]
sent = sqs.send_message(QueueUrl=url, MessageBody="order-1")
first = sqs.receive_message(QueueUrl=url).get("Messages")
second = sqs.receive_message(QueueUrl=url).get("Messages")

# %%
first[0]["Body"], second

# %%
predict.reveal("00-receive", "nothing")

# %% [markdown]
# The message is not gone, it is hidden for a while; lesson 03 is about that while. To *verify* is to look at what
# happened rather than at what you were told. A lab writes down every call and every change:

# %%
lab.table()

# %% [markdown]
# Errors are AWS's own, too, with its codes and its words. A cell that fails on purpose is part of the lesson:

# %% tags=["raises-ClientError:AWS.SimpleQueueService.NonExistentQueue"]
sqs.get_queue_url(QueueName="oders")

# %% [markdown]
# ## The passport of a message
#
# Most questions in messaging are about one message: where is it, who has it, why did it come back? Ask for its passport.

# %%
lab = Lab(seed=0)
sqs = lab.client("sqs")
url = sqs.create_queue(QueueName="orders")["QueueUrl"]
sent = sqs.send_message(QueueUrl=url, MessageBody="order-1")
sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"]

# %%
time.sleep(60)
lab.passport(sent["MessageId"])

# %% [markdown]
# ## Programs that live in lab time
#
# `lab.start` takes an ordinary function, and `lab.run` lets time pass for all of them together. Here a customer orders
# every ten seconds and a worker needs four for each.

# %%
lab = Lab(seed=0)
sqs = lab.client("sqs")
url = sqs.create_queue(QueueName="orders")["QueueUrl"]


# %%
def customer():
    for n in range(3):
        sqs.send_message(QueueUrl=url, MessageBody=f"order-{n}")
        time.sleep(10)


def worker():
    while batch := sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20).get("Messages"):
        time.sleep(4)
        sqs.delete_message(QueueUrl=url, ReceiptHandle=batch[0]["ReceiptHandle"])


# %%
lab.start(customer)
lab.start(worker)
lab.run(until="2 min")
lab.table().where(by="worker")

# %% [markdown]
# Change a number above and run again; nothing can break. If you want the shipped notebook back, `labkit reset 00` in a
# terminal restores it and keeps yours.

# %% [markdown]
# ## What is real here
#
# Your code is real. The answers come from moto, a mock of AWS, with SQS's documented rules behind it, because the mock
# alone gets many of them wrong. Three things to know:
#
# - Every number about AWS in these lessons is a link to its row in the table at the lesson's end, with the page it
#   was read in and the day; behind a sentence a small † is that link. `shown` means the experiment ran in this notebook; `cited` and `open` mean it did not.
# - Where AWS leaves something to chance, the lab leaves it out until a lesson turns it on.
# - Where the lab can't show what AWS does, an *honesty card* says so.

# %% [markdown]
# ## The way through
#
# Each lesson starts from something that went wrong, or looked wrong. They build on each other in this order; if you know
# SQS already, begin with the one whose question you can't answer. A click opens it.
#
# The minutes at the head of a lesson are calculated, and nobody was timed: one for each `100` words and for each
# prediction, half of one for each code cell, rounded to five.
#
# | lesson | the question |
# |---|---|
# | [01 Synchronous and asynchronous](01_sync_and_async.ipynb) | Why does a shop stop selling because another service is slow? |
# | [02 Produce, consume, delete](02_produce_consume_delete.ipynb) | What exactly does a queue promise, and why do the books show too many orders? |
# | [03 Visibility timeout](03_visibility_timeout.ipynb) | How were three customers charged twice although no call failed? |
# | [04 Long polling](04_long_polling.ipynb) | How can the worker that asks less often hear sooner? |
# | [05 Delivery guarantees](05_delivery_guarantees.ipynb) | How do you write a consumer that is right whatever arrives twice, late or out of order? |
# | [06 Dead letters](06_dead_letters.ipynb) | What becomes of a message that nobody can process, and how does it come back? |
# | [07 FIFO](07_fifo.ipynb) | What does "exactly once" mean, and in which order do groups move? |
# | [08 Scaling consumers](08_scaling_consumers.ipynb) | How many workers does a backlog need, and who starts them? |
# | [08b Many customers](08b_many_customers.ipynb) | What do more machines do for a small customer behind a large one? |
# | [09 Database buffer](09_database_buffer.ipynb) | Why does a fleet lose writes that a queue in between would have kept? |
# | [10 Publish and subscribe](10_publish_subscribe.ipynb) | How does one event reach many services, and who is told when one of them gets nothing? |
# | [11 Fan-out](11_fan_out.ipynb) | Why does each service need a queue of its own, and who lets the topic into it? |
# | [12 Message filtering](12_message_filtering.ipynb) | Which services get a message, and why does another one miss it without any error? |
# | [13 FIFO topics](13_fifo_topics.ipynb) | How do several services hear of the same events in one order and once, even a service that comes later? |
# | [14 Push to people and devices](14_push_to_people_and_devices.ipynb) | Who has to agree first, how long does SNS try, and what is left then? |
# | [15 Data streams](15_data_streams.ipynb) | Who reads what, from where on, and how is a day counted again that was counted wrong? |
# | [16 Ordering in shards](16_ordering_in_shards.ipynb) | What of a stream is in order, and what do records put again and split shards do to it? |
# | [22 Amazon MQ migration](22_amazon_mq_migration.ipynb) | How does an application with a broker of its own move to AWS as it is? |
# | [22b RabbitMQ](22b_rabbitmq.ipynb) | What does a cluster of three survive, and which queues with it? |

# %% [markdown]
# ## Where you stopped
#
# The lessons, and how far you are. Your notes, answers and progress are in the folder you see at the left; that folder
# is what to back up.

# %%
lessons()

# %%
progress()
