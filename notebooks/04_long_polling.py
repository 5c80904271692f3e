# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 04 · Long polling
#
# Two workers watch the same kind of quiet queue. One asks for orders every five seconds, the other rarely asks at all. The
# one that hardly asks gets each order sooner, and its bill is smaller. How often you ask and how soon you hear are not
# the same thing.
#
# **You will be able to**
#
# 1. say what a poll with and without a wait costs, in requests and in delay, on a quiet and on a busy queue;
# 2. set the wait where it belongs, and tell what ends it;
# 3. name what an empty answer proves, and what becomes of a poll whose client has gone.
#
# About {minutes} minutes. Needs lesson 03. Exams: SAA-C03 domains 2, 3 and 4 (cost), DVA-C03 task 4.3 (optimize messaging).

# %%
import time
from collections import Counter

from labkit import Faults, Lab, calls_over_time, claims_of, predict, price, what_if


def open_shop(**options):
    """A lab with an empty queue of orders."""
    lab = Lab(seed=4, **options)
    sqs = lab.client("sqs")
    return lab, sqs, sqs.create_queue(QueueName="orders")["QueueUrl"]


# %%
def send_at(sqs, url, *seconds):
    """A customer who orders at these seconds; the body is the moment of the order."""
    start = time.time()
    for second in seconds:
        time.sleep(max(0, start + second - time.time()))
        sqs.send_message(QueueUrl=url, MessageBody=str(time.time()))


def worker(sqs, url, wait, pause, delays):
    """Polls for ever with this wait and this pause, and notes how long each order had waited."""
    while True:
        answer = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=wait, MaxNumberOfMessages=10)
        for message in answer.get("Messages", []):
            delays.append(round(time.time() - float(message["Body"]), 2))
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        time.sleep(pause)


# %% [markdown]
# ## Who waits: you, or SQS?
#
# To ask a queue of the Simple Queue Service (SQS) for messages is to **poll** it. A plain receive answers at once, message
# or not. That is a **short poll**, and it is the default
# {receive-short-poll}.

# %%
lab, sqs, url = open_shop()
before = time.time()
sqs.receive_message(QueueUrl=url).get("Messages"), time.time() - before

# %% [markdown]
# With `WaitTimeSeconds` the call itself waits for a message, up to {=longpoll-1}: a **long poll**. In the next cell it has to
# wait all the time, because nobody orders; after that a customer does.

# %%
sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20).get("Messages"), time.time() - before

# %%
predict(
    "04-how-long",
    "You call receive_message with WaitTimeSeconds=20. An order comes 3 seconds later. How long does your call take?",
    ["3 seconds", "20 seconds", "23 seconds"],
)

# %%
lab.start(send_at, sqs, url, 3, name="customer")
before = time.time()
found = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20)["Messages"]
len(found), round(time.time() - before, 1)

# %%
predict.reveal("04-how-long", "3 seconds")

# %% [markdown]
# The order ended the wait {longpoll-3} {receive-wait-ends-early}. So the number is no delay, it is the most you are
# willing to wait for nothing. Then why not an hour?

# %% tags=["raises-ClientError:InvalidParameterValue"]
sqs.receive_message(QueueUrl=url, WaitTimeSeconds=3600)

# %% [markdown]
# ## A quiet minute
#
# Three workers, three queues, and nobody orders. A call takes `100 ms` to get to AWS here. The first worker asks without
# a wait, again and again; the second waits for `1 s`, the third for `20 s`.

# %%
lab, sqs, _ = open_shop(latency="100 ms")
for wait in (0, 1, 20):
    queue = sqs.create_queue(QueueName=f"orders-{wait}")["QueueUrl"]
    lab.start(worker, sqs, queue, wait, 0, [], name=f"wait {wait}")
predict(
    "04-quiet-minute",
    "How many requests does the worker with WaitTimeSeconds=20 make in this minute?",
    ["about 3", "about 60", "about 600, as the first one"],
)

# %%
lab.run(until="1 min")
calls_over_time(lab, by="actor")

# %%
predict.reveal("04-quiet-minute", "about 3")

# %% [markdown]
# Each hollow circle is a request that brought nothing {longpoll-2}. Where they come too close together, a larger mark
# stands for several, and the end of the lane says how many there were. AWS bills a request whether it finds something or
# not, and a long poll like a short one {longpoll-billed}. The time between two polls tells what an *idle* queue comes to in
# a month of thirty days. If calls took no time on the way, the longest wait would make `4,320` of them a day
# {longpoll-idle-day}; its third was still waiting when the minute ended. And that is one worker: each worker that waits
# makes requests of its own, at each queue it waits at.
#
# What does it come to in money? No page of AWS that names a price *and* a day could be read, so the bill below takes the
# price that [a page of June 2026](https://www.factualminds.com/blog/amazon-sqs-pricing-64kb-rule-fifo-vs-standard/) tells
# for N. Virginia: `0.40` USD for a million requests of a standard queue, after a first million of the account that is free
# each month. Yours is at `aws.amazon.com/sqs/pricing`. The longest wait stays within what is free; the worker that asks
# without a pause costs some ten dollars a month, and so does each colleague beside it.

# %%
a_million = price("sqs.standard.requests")
print(a_million.currency, "a month in", a_million.region, "at the list price of", a_million.date)
for name in ("wait 0", "wait 1", "wait 20"):
    polls = [call.at for call in lab.history.calls() if call.by == name]
    seconds_between = (polls[-1] - polls[0]) / (len(polls) - 1) / 1_000_000
    requests = round(30 * 24 * 60 * 60 / seconds_between)
    print(f"{name:<8}{requests:>10,} requests{a_million.of_a_month(requests) or 'free':>8}")

# %% [markdown]
# ## On a busy queue
#
# And when the work does not run out? Fifty orders wait for each of two workers.

# %%
lab, sqs, _ = open_shop()
for wait in (0, 20):
    queue = sqs.create_queue(QueueName=f"busy-{wait}")["QueueUrl"]
    send_at(sqs, queue, *[0] * 50)
    lab.start(worker, sqs, queue, wait, 0.1, [], name=f"wait {wait}")
lab.run(until="1 s")
Counter((call.by, call.operation) for call in lab.history.calls() if call.by != "you")

# %% [markdown]
# No difference at all: a long poll beside a message does not wait. Long polling costs nothing on a busy queue and saves on
# a quiet one, and queues become quiet at night.

# %% [markdown]
# ## Turn the wait yourself
#
# Three orders, one worker, and each time another wait. A call takes `200 ms` here. Watch the hollow circles, and the last
# delete: it stays where it is.

# %%
lab = Lab(seed=4, latency="200 ms")


def story(lab, wait):
    """Three orders in a minute, and a worker that polls with this wait."""
    sqs = lab.client("sqs")
    url = sqs.create_queue(QueueName="orders")["QueueUrl"]
    lab.start(send_at, sqs, url, 12, 21, 47, name="customer")
    lab.start(worker, sqs, url, wait, 0, [], name="worker")
    lab.run(until="1 min")


# %%
what_if(lab, story, "WaitTimeSeconds", [0, 1, 2, 5, 10, 20], picture=calls_over_time)

# %% [markdown]
# ## What an empty answer proves
#
# Not that the queue is empty. A standard queue lives on many servers: a long poll asks all of them, a short poll a sample
# {receive-fewer}. The lab leaves servers out when it is told to, here seven of ten.

# %%
lab, sqs, url = open_shop(faults=Faults(sample=0.7))
for number in range(1, 7):
    sqs.send_message(QueueUrl=url, MessageBody=f"order-{number}")
predict(
    "04-drain",
    "Six orders wait. A program makes short polls for ten, and stops at an empty answer. Is it sure to have all six?",
    ["yes: an empty answer means an empty queue", "yes, because it asks for ten", "no, some may stay behind"],
)


# %%
def drain(wait):
    done = []
    while batch := sqs.receive_message(QueueUrl=url, WaitTimeSeconds=wait, MaxNumberOfMessages=10).get("Messages"):
        for message in batch:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            done.append(message["Body"])
    return done


drain(wait=0)

# %%
predict.reveal("04-drain", "no, some may stay behind")

# %% [markdown]
# The program would report that all is done. AWS calls this a *false empty answer* {longpoll-false-empty}; it is likeliest
# where few messages wait. The long poll finds what is left:

# %%
drain(wait=1)

# %% [markdown]
# Even then an empty answer says "nothing to hand out", not "nothing there": messages in flight and delayed ones do not
# show {empty-answer}.

# %% [markdown]
# ## Where the wait is set
#
# `WaitTimeSeconds` is a parameter of `ReceiveMessage` {longpoll-5}, and the queue has an attribute,
# `ReceiveMessageWaitTimeSeconds`, for all receives that do not name a wait.

# %%
lab, sqs, url = open_shop()
sqs.set_queue_attributes(QueueUrl=url, Attributes={"ReceiveMessageWaitTimeSeconds": "10"})
before = time.time()
sqs.receive_message(QueueUrl=url)
of_the_queue, before = time.time() - before, time.time()
sqs.receive_message(QueueUrl=url, WaitTimeSeconds=0)
of_the_queue, time.time() - before

# %% [markdown]
# The call wins {receive-wait-of-call-wins}. That also means that a library that sends `WaitTimeSeconds=0` of its own accord
# turns your attribute off: look into the calls, not into the settings.

# %% [markdown]
# ### It does not collect
#
# Three orders come, a second apart. One long poll asks for ten.

# %%
lab, sqs, url = open_shop()
predict(
    "04-collect",
    "A receive with MaxNumberOfMessages=10 and WaitTimeSeconds=20; orders come after 1, 2 and 3 seconds. What comes back?",
    ["one order after 1 second", "three orders after 3 seconds", "three orders after 20 seconds"],
)

# %%
lab.start(send_at, sqs, url, 1, 2, 3, name="customer")
before = time.time()
batch = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=20)["Messages"]
len(batch), round(time.time() - before, 1)

# %%
predict.reveal("04-collect", "one order after 1 second")

# %% [markdown]
# A long poll goes back with the first message {longpoll-not-filled}. Full batches come from a queue that has a backlog, not
# from a longer wait.
#
# Where several workers wait at one queue, one of them gets the message and the others wait on {longpoll-one-wakes}. One
# worker at several queues is another matter: while it waits at one, the messages of the others wait for it. So AWS's advice
# is a thread for each queue {longpoll-two-queues}.

# %% [markdown]
# ## The client that is not there any more
#
# A poll keeps a connection open, and connections break. Here one does: the order has been handed out, and the answer is
# lost on its way.

# %%
lab, sqs, url = open_shop(faults=Faults(lost_response=0.3))
sent = sqs.send_message(QueueUrl=url, MessageBody="order-1")
sqs.receive_message(QueueUrl=url).get("Messages", "nothing")

# %%
lab.clock.advance("31 s")
sqs.receive_message(QueueUrl=url)
lab.passport(sent["MessageId"])

# %% [markdown]
# The SDK noticed and asked again without a word; the second try found nothing, because the first one had hidden the order
# {longpoll-lost-answer}. You saw an empty answer, nobody worked on the order, and it came back with its visibility timeout.
#
# A client can do this to itself. Its **read timeout** says how long it listens to a connection, and it must be longer than
# the wait {longpoll-client-timeout}. With boto3 nothing is to be done, until somebody sets it:

# %%
sqs.meta.config.read_timeout

# %% [markdown]
# With `Config(read_timeout=10)` and `WaitTimeSeconds=20` the client gives up in the middle of each wait on AWS, and calls again.
# The poll that it has left goes on, users report, and may take an order that nobody will see {longpoll-ghost}. The same
# happens to a process that is killed in the middle of a long poll. AWS gives a second rule: a visibility timeout
# longer than the read timeout {longpoll-visibility-and-client}. A queue and a client that set nothing break it: {=vis-2} there,
# `60 s` here.
#
# A worker that is told to stop should therefore finish its poll, handle what it brings, and then go. How long that takes is your
# exercise.

# %% [markdown]
# ## The two workers again
#
# Asking less often sounds like hearing later. So here are the two of the first paragraph, each with a queue of its own and
# the same orders at the same times. One is modest and asks every five seconds; the other makes long polls.

# %%
lab, sqs, _ = open_shop()
modest = sqs.create_queue(QueueName="modest")["QueueUrl"]
patient = sqs.create_queue(QueueName="patient")["QueueUrl"]
delays = {"modest": [], "patient": []}
predict(
    "04-sooner",
    "Ten orders in two quiet minutes. Which worker has the longer delay between an order's arrival and its receive?",
    ["the one that asks every 5 seconds", "the one with long polls of 20 seconds", "both the same"],
)

# %%
for queue in (modest, patient):
    lab.start(send_at, sqs, queue, 7, 11.5, 29.5, 40.7, 42, 68, 77.9, 91.9, 95, 107.6)
lab.start(worker, sqs, modest, 0, 5, delays["modest"], name="modest")
lab.start(worker, sqs, patient, 20, 0, delays["patient"], name="patient")
lab.run(until="2 min")
delays

# %%
predict.reveal("04-sooner", "the one that asks every 5 seconds")

# %%
polls = Counter(call.by for call in lab.history.calls() if call.operation == "ReceiveMessage")
assert max(delays["patient"]) < min(delays["modest"])
assert polls["patient"] < polls["modest"]
polls

# %% [markdown]
# The modest worker sleeps on its own side of the line, where no order can wake it. The patient one waits *inside SQS*, and
# the `0.01 s` are the customer's call on its way. It hears sooner and asks less often, so AWS calls long polling preferable in
# most cases {longpoll-4}. What remains for short polls is a program that has to answer in the next instant.

# %% [markdown]
# ## On the real service
#
# | AWS documents | runs here | what bridges them |
# |---|---|---|
# | A short poll asks a sample of the servers {longpoll-false-empty} | it asks all of them, unless asked | `Faults(sample=0.5)`, far more than on AWS, which gives no number |
# | The client's read timeout ends a long poll {longpoll-client-timeout} | it never strikes: no time passes on a connection | nothing; the card is all there is |
# | Nothing about a poll whose client has gone | it ends with its actor; on AWS, users report, it may still take a message {longpoll-ghost} | `Faults(lost_response=...)` has the same effect |
# | A queue's changed wait can take up to {=queue-settings-late} to act | at once, unless asked | `Faults(late_settings=1)`; a receive that names its own wait needs no setting |
# | At the limit of messages in flight a long poll finds nothing {in-flight-long-poll} | the same | an empty answer proves nothing: watch the number in flight |
# | Each request is billed {longpoll-billed} | a list price of one day and one Region | look up yours |
#
# There is nothing to clean up but the queue. With the AWS CLI:
#
# ```bash
# aws sqs create-queue --queue-name orders --attributes ReceiveMessageWaitTimeSeconds=20
# aws sqs receive-message --queue-url "$URL" --wait-time-seconds 20 --max-number-of-messages 10
# aws sqs delete-queue --queue-url "$URL"
# ```
#
# and in CloudFormation:
#
# ```yaml
# Orders:
#   Type: AWS::SQS::Queue
#   Properties:
#     ReceiveMessageWaitTimeSeconds: 20
# ```

# %% [markdown]
# ## In five lines
#
# - A long poll waits inside SQS for up to {=longpoll-1} and ends with the first message {longpoll-3}.
# - It saves requests on a quiet queue and costs nothing on a busy one {longpoll-4}; empty answers are billed, too {longpoll-billed}.
# - A short poll can be empty beside a waiting message {longpoll-false-empty}.
# - The wait is set at the queue or in the call, and the call wins {longpoll-5}.
# - The client must listen for longer than the wait {longpoll-client-timeout}, and one thread serves one queue {longpoll-two-queues}.
#
# **Recall, without looking.** Why does a pause between polls delay orders, and a long poll not? How many orders does a long
# poll for ten bring to a quiet queue? What has happened to an order whose answer was lost?
#
# <details><summary>The answers</summary>
#
# 1. A pause is spent on your side of the line, where no order wakes you; a long poll ends with the order
#    {longpoll-3}.
# 2. One, as a rule: the poll goes back with the first message and does not collect {longpoll-not-filled}.
# 3. It is in flight with nobody, and comes back when its visibility timeout ends {longpoll-lost-answer}.
#
# </details>
#
# The exercise: a worker that is quiet, prompt, and gone when it is told to. Open `exercises/04_long_polling.ipynb`.

# %% [markdown]
# ## The claims of this lesson
#
# Each line was an experiment just now, or names the page it was read in.

# %%
claims_of("04")
