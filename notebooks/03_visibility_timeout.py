# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 03 · Visibility timeout
#
# Three customers were charged twice last night. No worker crashed, no call failed, and every worker deleted the
# message it had processed; SQS answered each delete with success. By the end of this lesson you can say, to the
# second, how that happened, and write the few lines that prevent it.
#
# **You will be able to**
#
# 1. tell when a received message comes back, and to whom it belongs until then;
# 2. choose a visibility timeout by what too short and too long each cost;
# 3. keep a long job to yourself with a heartbeat, and give it back at once when you can't finish.
#
# About {minutes} minutes. Needs lesson 02. Exams: SAA-C03 domain 2 (resilient), DVA-C03 domains 1 and 4, SOA-C03 domain 2.

# %%
import time

from labkit import Lab, claims_of, predict, swimlanes, what_if


def open_shop(*orders, **settings):
    """A lab with a queue of orders: plain boto3, nothing hidden."""
    lab = Lab(seed=3)
    sqs = lab.client("sqs")
    url = sqs.create_queue(QueueName="orders", Attributes=settings)["QueueUrl"]
    for order in orders:
        sqs.send_message(QueueUrl=url, MessageBody=order)
    return lab, sqs, url


# %% [markdown]
# ## Receiving hides, it does not remove
#
# A print shop takes orders through a queue of the Simple Queue Service (SQS). One order is waiting.

# %%
lab, sqs, url = open_shop("order-1")
predict(
    "03-second-look",
    "You receive order-1 and do nothing with it. Ten seconds later a colleague calls receive_message. What comes back?",
    ["order-1 again", "nothing", "an error, because the message is locked"],
)

# %%
mine = sqs.receive_message(QueueUrl=url, MessageSystemAttributeNames=["All"])["Messages"][0]
mine["Body"], mine["Attributes"]["ApproximateReceiveCount"]

# %%
lab.clock.advance("10 s")
sqs.receive_message(QueueUrl=url).get("Messages")

# %%
predict.reveal("03-second-look", "nothing")

# %% [markdown]
# Nothing. The answer has no `Messages` key at all, which is why the cell uses `.get`. Your colleague has not been
# refused: for the length of the **visibility timeout** the message is simply not there for others {vis-1}. SQS
# counts it as *not visible*, the state the documentation calls **in flight** {vis-in-flight}.

# %%
counts = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[*counts, "VisibilityTimeout"])["Attributes"]

# %% [markdown]
# Nobody set a timeout here, so the queue has AWS's default of {=vis-2}. `10 s` of it are gone. Let us stop one
# millisecond before the end, and then step over it.

# %%
lab.clock.advance("19.999 s")
sqs.receive_message(QueueUrl=url).get("Messages")

# %%
lab.clock.advance("1 ms")
theirs = sqs.receive_message(QueueUrl=url, MessageSystemAttributeNames=["All"])["Messages"][0]
theirs["Body"], theirs["Attributes"]["ApproximateReceiveCount"]

# %% [markdown]
# The message is back {vis-4}, with a higher receive count {vis-receive-count}. So the default gives a consumer
# {=vis-3} to process the message *and* delete it; the clock started when SQS handed the message over. The passport of the
# message tells its life so far.

# %%
lab.passport(mine["MessageId"])

# %% [markdown]
# ## The handle belongs to the receive
#
# Two people have now received the same message. Do they hold the same thing?

# %%
lab, sqs, url = open_shop("order-1")
first = sqs.receive_message(QueueUrl=url)["Messages"][0]
time.sleep(30)
second = sqs.receive_message(QueueUrl=url)["Messages"][0]
first["MessageId"] == second["MessageId"], first["ReceiptHandle"] == second["ReceiptHandle"]

# %% [markdown]
# One message, two **receipt handles** {vis-new-handle}: a handle names one *delivery*, and deleting takes a handle. The message id is
# refused {delete-by-handle}.

# %% tags=["raises-ClientError:ReceiptHandleIsInvalid"]
sqs.delete_message(QueueUrl=url, ReceiptHandle=first["MessageId"])

# %%
predict(
    "03-late-delete",
    "The first consumer finishes late and deletes with its own handle, while the second holds the message. What happens?",
    ["the call fails", "the call succeeds and the message is gone", "the call succeeds and the message stays"],
)

# %%
answer = sqs.delete_message(QueueUrl=url, ReceiptHandle=first["ReceiptHandle"])
answer["ResponseMetadata"]["HTTPStatusCode"]

# %%
time.sleep(30)
again = sqs.receive_message(QueueUrl=url)["Messages"][0]
again["Body"]

# %%
predict.reveal("03-late-delete", "the call succeeds and the message stays")

# %% [markdown]
# There is the surprise: status `200`, and the order is still in the queue. AWS words it carefully: with an old handle
# *the request succeeds, but the message might not be deleted* {vis-stale-delete}. A worker that
# is late is told nothing. Its order will be printed and charged by whoever receives it next.

# %% [markdown]
# ## Too short: charged twice
#
# Now with ordinary workers. An order arrives every `50 s`; charging the card and printing takes `40 s`, ten more than the
# timeout. Two workers share the work.

# %%
lab, sqs, url = open_shop()
charged = []


# %%
def customers():
    for n in (1, 2, 3):
        sqs.send_message(QueueUrl=url, MessageBody=f"order-{n}")
        time.sleep(50)


def worker(name):
    while True:
        for message in sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20).get("Messages", []):
            charged.append((name, message["Body"]))
            time.sleep(40)
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


# %%
lab.start(customers)
for name in ("Ann", "Bob"):
    lab.start(worker, name, name=name)
lab.run(until="150 s")
charged

# %% [markdown]
# Three orders, six charges, and not one call has failed {vis-5}. Read a lane of the picture from left to right: the bar
# goes to the other worker while the first is still at work, which is the thin bar below. Where that ends stands a circle
# with a cross: the first one's delete, which takes nothing away.

# %%
swimlanes(lab)

# %% [markdown]
# The timeout ends during the work, somebody is idle, and the work is done twice {vis-8}. More workers make it worse, since
# more of them are idle. Had nobody been free, the late delete would have counted {vis-late-delete}, and nobody would have
# noticed: under load such a shop looks healthier than on a quiet night. An *idempotent* consumer, as in lesson 02, keeps
# the damage small; the work is done twice all the same.

# %% [markdown]
# ## Too long: nobody comes
#
# Then why not set the timeout to an hour and be safe? Let a worker die in the middle of a job.

# %%
lab, sqs, url = open_shop("order-1", VisibilityTimeout="3600")


# %%
def dies():
    sqs.receive_message(QueueUrl=url)
    time.sleep(1)


def survivor():
    while not (batch := sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20).get("Messages")):
        pass
    sqs.delete_message(QueueUrl=url, ReceiptHandle=batch[0]["ReceiptHandle"])


# %%
lab.start(dies, name="Ann")
lab.start(survivor, name="Bob")
lab.run()
lab.passport(lab.history.changes()[0].message)

# %% [markdown]
# Bob polled for an hour next to an order that nobody was working on. SQS cannot see that Ann is gone: a crash sends no
# message, and the timeout alone decides when the order is offered again {vis-7}.

# %% [markdown]
# ## One setting, two prices
#
# Same seed, same four orders, same three workers, of whom Ann dies during her second order. Move the slider: on the left
# one order is done again and again and each delete comes too late (a circle with a cross), on the right Ann's last order waits and waits.

# %%
lab = Lab(seed=3)


def story(lab, timeout):
    """Three workers need 40 s an order; Ann dies after 50 s."""
    sqs = lab.client("sqs")
    url = sqs.create_queue(QueueName="orders", Attributes={"VisibilityTimeout": str(timeout)})["QueueUrl"]
    for number in (1, 2, 3, 4):
        sqs.send_message(QueueUrl=url, MessageBody=f"order-{number}")
    for name, lifetime in (("Ann", 50), ("Bob", 400), ("Cem", 400)):
        lab.start(work, sqs, url, lifetime, name=name)
    lab.run(until="400 s")


# %%
def work(sqs, url, lifetime):
    end = time.time() + lifetime
    while time.time() < end:
        for message in sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20).get("Messages", []):
            time.sleep(min(40, end - time.time()))
            if time.time() < end:
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


# %%
what_if(lab, story, "visibility timeout in seconds", [20, 30, 45, 60, 120, 240])

# %% [markdown]
# ## The heartbeat
#
# There is a way out of the choice: keep the timeout short and ask for more time *while you work*, with
# `change_message_visibility` {vis-6}. The new timeout counts from the moment of the call.

# %%
lab, sqs, url = open_shop("order-1")
handle = sqs.receive_message(QueueUrl=url)["Messages"][0]["ReceiptHandle"]

# %%
predict(
    "03-counts-from",
    "At 25 s you set the visibility timeout to 10 s. When does the message come back, counted from its receive?",
    ["at 30 s", "at 35 s", "at 40 s"],
)

# %%
time.sleep(25)
sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=10)
lab.clock.advance("9.999 s")
print("34.999 s:", sqs.receive_message(QueueUrl=url).get("Messages"))
lab.clock.advance("1 ms")
print("35.000 s:", sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"])

# %%
predict.reveal("03-counts-from", "at 35 s")

# %% [markdown]
# Not what was left plus ten, and not from the receive: from the call {vis-change-from-call}. A **heartbeat** is a loop of
# small steps, each of which renews the timeout before it ends {vis-heartbeat}.

# %% [markdown]
# ## The edges
#
# A heartbeat can't go on for ever. In all, a message can stay hidden for {=vis-twelve-hours} after its receive, and
# asking for more is an error; SQS does not shorten your wish.

# %%
lab, sqs, url = open_shop("order-1")
handle = sqs.receive_message(QueueUrl=url)["Messages"][0]["ReceiptHandle"]
time.sleep(1)

# %% tags=["raises-ClientError:InvalidParameterValue"]
sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=43200)

# %% [markdown]
# The other edge is useful: zero gives the message back at once {vis-zero-change}. A worker that is told to stop does this with what it
# holds, so that nobody waits for the timeout.

# %%
sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=0)
sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"]

# %% [markdown]
# ## Last night again, with heartbeats
#
# Back to the shop that charged twice: the same orders at the same times, the same work of `40 s`, an idle colleague next
# to each worker. This time each renews its timeout before it ends {vis-heartbeat}.

# %%
lab, sqs, url = open_shop()
charged = []


# %%
def careful_worker(name):
    while True:
        for message in sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20).get("Messages", []):
            charged.append((name, message["Body"]))
            handle = message["ReceiptHandle"]
            for _ in range(2):
                time.sleep(20)
                sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=30)
            sqs.delete_message(QueueUrl=url, ReceiptHandle=handle)


# %%
for n in (1, 2, 3):
    sqs.send_message(QueueUrl=url, MessageBody=f"order-{n}", DelaySeconds=50 * (n - 1))
for name in ("Ann", "Bob"):
    lab.start(careful_worker, name, name=name)
lab.run(until="150 s")
assert sorted(order for _, order in charged) == ["order-1", "order-2", "order-3"]
charged

# %% [markdown]
# Every order is charged once. If Ann dies, her last heartbeat runs out and the order is back one timeout later
# {vis-heartbeat-stops}.

# %%
swimlanes(lab)

# %% [markdown]
# ## On the real service
#
# | AWS documents | runs here | what bridges them |
# |---|---|---|
# | On a standard queue a second delivery *within* the timeout is rare but possible {duplicate-within-timeout} | it does not happen | `Lab(faults=Faults.documented())`, lesson 02 |
# | A delete with an old handle succeeds, and the message might not be deleted {vis-stale-delete} | it is not deleted | nothing: be idempotent, whichever it is |
# | A change after the timeout has ended might result in an error {vis-change-late-warned} | it is accepted and does nothing, as was recorded on AWS {vis-change-too-late} | be ready for `MessageNotInflight`, and for a change without effect |
# | Nothing about changing the timeout with an old handle | it works, as was seen on AWS once {vis-change-old-handle} | open; use the newest handle |
# | The counters are approximate and lag behind {queue-counters-lag} | exact and instant | don't build on them to the second |
#
# Every heartbeat is a request, and requests are what SQS bills. A worker that renews every `20 s` makes three requests a
# minute while it works. There is nothing to clean up but the queue. With the AWS CLI:
#
# ```bash
# aws sqs create-queue --queue-name orders --attributes VisibilityTimeout=60
# aws sqs change-message-visibility --queue-url "$URL" --receipt-handle "$HANDLE" --visibility-timeout 30
# aws sqs delete-queue --queue-url "$URL"
# ```
#
# and in CloudFormation:
#
# ```yaml
# Orders:
#   Type: AWS::SQS::Queue
#   Properties:
#     VisibilityTimeout: 60
# ```

# %% [markdown]
# ## In five lines
#
# - Receiving hides a message for the visibility timeout; deleting removes it {vis-1}.
# - After the timeout it is offered again, with a new receipt handle {vis-4}.
# - Too short: work is done twice {vis-8}. Too long: after a crash nobody comes {vis-7}.
# - A heartbeat renews the timeout from the moment of the call {vis-change-from-call}, up to {=vis-twelve-hours} in all.
# - A late worker is told nothing, so make the work idempotent {vis-stale-delete}.
#
# **Recall, without looking.** Why did the late delete not fail? What would a timeout of one hour have cost after the
# crash? From which moment do the thirty seconds of a heartbeat count?
#
# <details><summary>The answers</summary>
#
# 1. A delete with an old handle succeeds by AWS's own words; it just might not delete, and says nothing
#    {vis-stale-delete}.
# 2. An hour without anybody working on the order: the timeout alone decides when it is offered again {vis-7}.
# 3. From the moment of the call, not from the receive, and not on top of what was left {vis-change-from-call}.
#
# </details>
#
# The exercise: a job of `90 s` on a queue of `30 s`, done once. Open `exercises/03_visibility_timeout.ipynb`.

# %% [markdown]
# ## The claims of this lesson
#
# Each line was an experiment just now, or names the page it was read in.

# %%
claims_of("03")
