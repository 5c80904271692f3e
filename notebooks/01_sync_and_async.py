# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 01 · Synchronous and asynchronous
#
# A shop has a page to browse and a button to pay. For one minute the payment service does not answer, and in that
# minute people cannot even *browse*, although browsing does not call the payment service. Here you build that failure,
# look at it, and take it apart with a queue.
#
# **You will be able to**
#
# 1. explain how a fault travels through a synchronous call, and by what means;
# 2. say what a queue in between changes, and what it costs;
# 3. name the three brokered models, the AWS service behind each, and the two services beside them.
#
# About {minutes} minutes. Needs lesson 00. Exams: SAA-C03 task 2.1, DVA-C03 skills 1.1.1 and 1.1.2.

# %%
import time
from collections import Counter, deque

from labkit import Lab, claims_of, outcomes_over_time, predict, queue_depth


def since(start):
    return round(time.time() - start, 3)


# %% [markdown]
# The cure is made of one part, so look at that first. **Amazon SQS**, the Simple Queue Service, keeps **queues**: a
# producer sends a **message** to a queue, a **consumer** receives it, works on it and deletes it {async-3}. A **client**
# is the object whose methods are the calls of one service.

# %%
lab = Lab(seed=1)
sqs = lab.client("sqs")
url = sqs.create_queue(QueueName="payments")["QueueUrl"]
url

# %%
sqs.send_message(QueueUrl=url, MessageBody="a payment")
message = sqs.receive_message(QueueUrl=url)["Messages"][0]
sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
message["Body"]

# %% [markdown]
# The sender was done when its call came back, whether or not anybody was there to receive. Keep that in mind.
#
# And here is the shop. It serves each visitor on one of a few connections, as a web server with a small pool does; whoever
# wants to pay makes that connection wait for the payment service.


# %%
def payment(broken=(60, 120)):
    """Answers after 0.2 s, but not at all between the two instants; the caller gives up after 10 s."""
    if broken[0] <= since(start) < broken[1]:
        time.sleep(10)
        raise TimeoutError("payment timed out")
    time.sleep(0.2)


# %%
def visitors():
    for n in range(960):
        line.append((since(start), "pay" if n % 4 == 0 else "browse"))
        time.sleep(0.25)


# %%
def connection(pay):
    """One connection of the pool: takes the next visitor, who stays for three seconds."""
    while since(start) < 250:
        came, wish = line.popleft() if line else (None, None)
        if wish is None:
            time.sleep(0.05)
        elif since(start) - came > 3:
            outcomes.append((since(start), f"{wish}: visitor left"))
        else:
            outcomes.append((since(start), f"{wish}: {serve(wish, pay)}"))


# %%
def serve(wish, pay):
    time.sleep(0.05)
    try:
        if wish == "pay":
            pay()
    except TimeoutError:
        return "failed"
    return "served"


# %% [markdown]
# ## Two services, one call
#
# Applications that are deployed apart still have to talk {intro-1}, and there are two ways: the caller waits for the
# answer, or it does not {intro-2}. Our shop waits. Four visitors a second come to its `4` connections, and one of them
# wants to pay.

# %%
lab = Lab(seed=1)
start, line, outcomes = time.time(), deque(), []


# %%
predict(
    "01-browse",
    "Payment is down from 60 s to 120 s. What happens in that minute to visitors who only browse?",
    ["nothing, they don't need payment", "a few have to wait a little", "most of them leave without a page"],
)

# %%
lab.start(visitors)
for n in range(4):
    lab.start(connection, payment, name=f"connection {n + 1}")
lab.run()
Counter(outcome for _, outcome in outcomes)

# %%
outcomes_over_time(outcomes, step=20)

# %%
predict.reveal("01-browse", "most of them leave without a page")

# %% [markdown]
# Browsing broke *because* the connections are shared. One visitor a second wants to pay and holds a connection for ten
# seconds; four connections are all taken within four seconds, and whoever comes next, for whatever page, stands in line
# until patience ends. A fault of one service has become a fault of the other {async-1}, through the pool. Time-outs, and
# circuit breakers, which stop calling for a while, make the time shorter; they do not cut the tie.

# %% [markdown]
# ## Slow is enough
#
# Nothing has to be down. Let payment answer, correctly, after five seconds instead of a fifth of one.

# %%
lab = Lab(seed=1)
start, line, outcomes = time.time(), deque(), []


def slow_payment():
    time.sleep(5 if 60 <= since(start) < 120 else 0.2)


# %%
lab.start(visitors)
for n in range(4):
    lab.start(connection, slow_payment, name=f"connection {n + 1}")
lab.run()
Counter(outcome for _, outcome in outcomes)

# %% [markdown]
# Not one call to payment failed, and yet nearly as many visitors left without a page as in the outage: slowness spreads
# through the pool, too. Those who wanted to pay fared better, since payment answered each call in the end.

# %% [markdown]
# ## Three brokered models
#
# What can stand in between is a **broker**, and there are three kinds. They differ in what happens to a message when
# somebody has taken it.
#
# | model | service | a message ... | taken by |
# |---|---|---|---|
# | queue {async-3} | Amazon SQS, Simple Queue Service | is handed to one consumer at a time and stays until it is deleted or expires | one of many workers |
# | publish and subscribe {async-4} | Amazon SNS, Simple Notification Service | is pushed as a copy to every subscription | each subscriber |
# | stream {async-5} | Amazon Kinesis Data Streams | is kept in order for a time, and can be read again | each reader, at its own place |
#
# Two more names stand beside the three. **Amazon EventBridge** is an event bus: rules look into each event and choose its
# targets {async-event-bus}. **Amazon MQ** runs ActiveMQ and RabbitMQ brokers for you, for programs that speak their
# protocols already {mq-2}.
#
# Our payments are work to be done by one worker each, which is the first line: two workers, ten messages, and none is
# taken by both.

# %%
lab = Lab(seed=1)
sqs = lab.client("sqs")
url = sqs.create_queue(QueueName="payments")["QueueUrl"]
for n in range(10):
    sqs.send_message(QueueUrl=url, MessageBody=f"payment-{n}")
taken = []


# %%
def take(name):
    while batch := sqs.receive_message(QueueUrl=url).get("Messages"):
        taken.append((name, batch[0]["Body"]))
        time.sleep(1)
        sqs.delete_message(QueueUrl=url, ReceiptHandle=batch[0]["ReceiptHandle"])


# %%
lab.start(take, "Ann", name="Ann")
lab.start(take, "Bob", name="Bob")
lab.run()
Counter(name for name, _ in taken), len({body for _, body in taken})

# %% [markdown]
# ## A queue in between
#
# Now the shop does not wait for payment. It writes the wish into a queue, tells the visitor *accepted*, and a worker
# talks to the payment service at its own pace {async-2}.

# %%
lab = Lab(seed=1)
sqs = lab.client("sqs")
url = sqs.create_queue(QueueName="payments")["QueueUrl"]
start, line, outcomes, paid = time.time(), deque(), [], []


# %%
def accept():
    sqs.send_message(QueueUrl=url, MessageBody="a payment")


def payment_worker():
    while batch := sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20).get("Messages"):
        try:
            payment()
        except TimeoutError:
            continue
        sqs.delete_message(QueueUrl=url, ReceiptHandle=batch[0]["ReceiptHandle"])
        paid.append(since(start))


# %%
predict(
    "01-with-queue",
    "Same outage, with the queue in between. How many of the 240 payments are lost?",
    ["all that were made during the outage", "the ones whose message was being tried", "none"],
)

# %%
lab.start(visitors)
lab.start(payment_worker)
for n in range(4):
    lab.start(connection, accept, name=f"connection {n + 1}")
lab.run()
assert all(outcome.endswith(": served") for _, outcome in outcomes)
assert len(paid) == 240
Counter(outcome for _, outcome in outcomes), len(paid), paid[-1]

# %%
predict.reveal("01-with-queue", "none")

# %%
queue_depth(lab)

# %% [markdown]
# The same minute, and the cell would have failed had one visitor left or one payment been lost. Everybody was served, and
# every payment was made, some of them late. During the outage the queue grew; afterwards the worker caught up. A message
# that could not be paid was not deleted, so it came back by itself and was tried again, which is the subject of lesson 03.

# %% [markdown]
# What if the queue's address is wrong? Then the send fails at once, where the mistake is:

# %% tags=["raises-ClientError:AWS.SimpleQueueService.NonExistentQueue"]
sqs.send_message(QueueUrl=f"{url}-old", MessageBody="a payment")

# %% [markdown]
# Here is the price. *Accepted* is not *paid*: the visitor got an answer that means less. There is a backlog to watch, a
# message can be delivered twice, and the queue is one more part to run. Each side can now be scaled by itself, which is
# the other gain {async-6}.

# %% [markdown]
# ## On the real service
#
# | AWS documents | runs here | what bridges them |
# |---|---|---|
# | A message is stored in several Availability Zones before its send is acknowledged {std-stored-across-zones} | the broker never fails | a call can fail all the same: keep time-outs and retries around `SendMessage`, too |
# | Topics, streams, event buses, and the brokers of Amazon MQ {async-4} {async-5} {async-event-bus} {mq-2} | named here | Amazon MQ has lesson 22, with real brokers |
#
# The shop's side in the AWS CLI is one line, and it returns as soon as the message is stored:
#
# ```bash
# aws sqs send-message --queue-url "$URL" --message-body "a payment"
# ```
#
# and the queue in CloudFormation:
#
# ```yaml
# Payments:
#   Type: AWS::SQS::Queue
# ```
#
# An idle queue costs nothing but its polls. Delete it with `aws sqs delete-queue` when you are done.

# %% [markdown]
# ## In five lines
#
# - A synchronous call ties the caller to the callee's faults *and* to its pace {async-1}.
# - The tie is a shared resource, here the pool of connections.
# - With a queue between, the caller is done when the message is stored {async-2}.
# - What you pay: *accepted* instead of *done*, a backlog, duplicates, one more part.
# - Queue, topic, stream: handed to one, copied to each, read by each at its own place {async-3} {async-4} {async-5}.
#
# **Recall, without looking.** Why did browsing fail? Which number would you watch to see that payment is down? When is
# a synchronous call the right choice?
#
# <details><summary>The answers</summary>
#
# 1. Its visitors stand in the same line for the same connections, and each connection was waiting for payment
#    {async-1}.
# 2. The length of the queue: sends go on as before, and what is not taken out piles up behind them {async-2}.
# 3. When the caller can't go on without the answer, and waits for it or fails with it knowingly {intro-2}.
#
# </details>
#
# The exercise: an answer within three seconds, whatever payment does. Open `exercises/01_sync_and_async.ipynb`.

# %% [markdown]
# ## The claims of this lesson
#
# Each line was an experiment just now, or names the page it was read in.

# %%
claims_of("01")
