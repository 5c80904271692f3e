# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 06 · Dead letters
#
# On Monday three orders lie in the queue for failed orders. Nothing is wrong with them, no worker has got to see them, and
# no worker has failed. On Friday somebody had looked at the queue, three times. By the end of this lesson you can say why
# a look is enough, and bring the orders back without charging anybody twice.
#
# **You will be able to**
#
# 1. keep a message that nobody can process from blocking the rest, and say at which receive it leaves;
# 2. choose `maxReceiveCount` and two retention periods by what each value costs;
# 3. bring dead letters back at a rate that your workers stand, and name what changes on the way.
#
# About {minutes} minutes. Needs lessons 03 and 04. Exams: SAA-C03 domain 2 (resilient), DVA-C03 domains 1 and 4, SOA-C03
# domains 1 and 2.

# %%
import json
import time

from labkit import Lab, claims_of, predict, swimlanes, what_if


def attribute(sqs, url, name):
    return sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[name])["Attributes"][name]


def arn_of(sqs, url):
    return attribute(sqs, url, "QueueArn")


def waiting(sqs, url):
    return int(attribute(sqs, url, "ApproximateNumberOfMessages"))


def dead_letters_of(sqs, url, name, receives):
    """Give a queue a dead-letter queue of this name, which takes what was received too often."""
    dead = sqs.create_queue(QueueName=name)["QueueUrl"]
    policy = {"deadLetterTargetArn": arn_of(sqs, dead), "maxReceiveCount": receives}
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedrivePolicy": json.dumps(policy)})
    return dead


def look(sqs, url):
    """What the console does to show messages."""
    answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0)
    return [message["Body"] for message in answer.get("Messages", [])]


def open_shop(*orders, receives=3):
    """A lab with a queue of orders and its dead-letter queue."""
    lab = Lab(seed=6)
    sqs = lab.client("sqs")
    url = sqs.create_queue(QueueName="orders")["QueueUrl"]
    dead = dead_letters_of(sqs, url, "dead-orders", receives)
    for order in orders:
        sqs.send_message(QueueUrl=url, MessageBody=order)
    return lab, sqs, url, dead


# %%
def worker(sqs, url, process, seconds=3600):
    """Deletes what could be processed; what failed comes back after its visibility timeout."""
    end = time.time() + seconds
    while time.time() < end:
        for message in sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20).get("Messages", []):
            try:
                process(message["Body"])
            except ValueError:
                continue
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


def charge(order):
    """Charges an order such as "order-7"; anything else is a bug in the shop."""
    int(order.removeprefix("order-"))


# %% [markdown]
# ## A poison message
#
# A customer's order has a form that the worker can't read. This first shop has no place for such orders: just a queue
# and a worker.

# %%
lab = Lab(seed=6)
sqs = lab.client("sqs")
url = sqs.create_queue(QueueName="orders")["QueueUrl"]
for order in ("order-1", "order-two", "order-3"):
    sqs.send_message(QueueUrl=url, MessageBody=order)
lab.start(worker, sqs, url, charge, name="worker")
lab.run(until="10 min")
poison = next(event for event in lab.history.changes() if event.body == "order-two")
len(lab.passport(poison.message).life.receives())

# %% [markdown]
# The worker is well: it caught the error and went on, and the two readable orders are charged. But `order-two` came `20`
# times in ten minutes, and it will come again until its retention ends {redrive-without-queue}. It is called a **poison
# message**. One of them costs requests; a thousand of them take the worker's time from everybody else.

# %% [markdown]
# ## Three tries, then aside
#
# A **dead-letter queue** is an ordinary queue that another queue names in its **redrive policy**, together with the
# number of receives that a message is allowed {missing-dead-letter-queues}. Here that number is `3`, and `open_shop`, in the
# first cell, names both.

# %%
lab, sqs, url, dead = open_shop("order-1", "order-two", "order-3", receives=3)
attribute(sqs, url, "RedrivePolicy")

# %%
predict(
    "06-tries",
    "maxReceiveCount is 3. How often does the worker get order-two?",
    ["twice: the third receive moves it", "three times: the fourth receive moves it", "four times"],
)

# %%
lab.start(worker, sqs, url, charge, name="worker")
lab.run(until="10 min")
letter = sqs.receive_message(QueueUrl=dead, MessageSystemAttributeNames=["All"])["Messages"][0]
letter["Body"], letter["Attributes"]["ApproximateReceiveCount"], letter["Attributes"]["DeadLetterQueueSourceArn"]

# %%
predict.reveal("06-tries", "three times: the fourth receive moves it")

# %%
lab.passport(letter["MessageId"])

# %% [markdown]
# Three tries {redrive-number}, and the fourth receive brought nothing: it found the count used up and moved the message.
# The life goes on in the other queue, with the same id and the next number {redrive-keeps-receive-count}; the one that you
# read above is your own receive. `DeadLetterQueueSourceArn` says where it came from.

# %% [markdown]
# ## A look is a receive
#
# Friday evening. Three healthy orders wait, no worker is running, and somebody opens the console to look. The console
# shows messages in the one way there is: it receives them.

# %%
lab, sqs, url, dead = open_shop("order-1", "order-2", "order-3", receives=3)

[look(sqs, url) for _ in range(3)]

# %%
predict(
    "06-monday",
    "Nobody has failed at anything. On Monday the worker starts. How many of the three orders does it charge?",
    ["three", "one", "none"],
)

# %%
lab.clock.advance("60 h")
lab.start(worker, sqs, url, charge, name="worker")
before = waiting(sqs, url), waiting(sqs, dead)
lab.run(until="1 min")
before, (waiting(sqs, url), waiting(sqs, dead))

# %%
predict.reveal("06-monday", "none")

# %% [markdown]
# `maxReceiveCount` counts receives, and nothing else {redrive-counts-receives}. SQS can't know what happened after it
# handed a message over. Look at the numbers again. All weekend the orders stayed where they were: it is the next
# receive that moves a message {redrive-next-receive}, and here that was the worker's first poll, which waited in vain.
# A long poll is no protection: it moves what it meets and goes on waiting.
#
# The same happens without anybody looking. Two workers need `45 s` for an order on a queue that hides it for `30 s`.

# %%
lab, sqs, url, dead = open_shop("order-1", receives=2)
for name in ("Ann", "Bob"):
    lab.start(worker, sqs, url, lambda order: time.sleep(45), name=name)
lab.run(until="150 s")
swimlanes(lab)

# %% [markdown]
# The two bars are what SQS counted: two receives, and two timeouts that ended. The thin bars below are what it can't see:
# Ann and Bob both did the order from start to end, and each called `delete_message` with success, `15 s` too late. Such a
# delete, which takes nothing away, is a circle with a cross. Now the order is a dead letter
# {redrive-lapsed-timeout}. A full dead-letter queue can mean that the orders are bad. It can also mean that the visibility timeout is too short.

# %% [markdown]
# ## How many tries?
#
# `1` looks like a fast failure. But an answer can get lost on its way, and SQS has counted it {redrive-one-receive}. And
# what if the orders are fine, and the payment service is away for two minutes? Same orders, same outage; move the slider.

# %%
lab = Lab(seed=6)


def outage(lab, receives):
    """Payments are down for the first two minutes; six orders arrive meanwhile."""
    sqs = lab.client("sqs")
    url = sqs.create_queue(QueueName="orders")["QueueUrl"]
    dead_letters_of(sqs, url, "dead-orders", receives)
    for number in range(6):
        sqs.send_message(QueueUrl=url, MessageBody=f"order-{number}", DelaySeconds=20 * number)
    lab.start(worker, sqs, url, lambda order: pay(lab), name="worker")
    lab.run(until="5 min")


def pay(lab):
    if lab.clock.now().minute < 2:
        raise ValueError("payments are down")


# %%
what_if(lab, outage, "maxReceiveCount", [1, 2, 3, 5, 10])

# %% [markdown]
# With `1` every order of the outage is dead, with `3` the first ones are, with `5` none. A number alone is a clumsy cure: for a
# longer outage you would need more tries, and a real poison message would go round more often too. Better give each
# try more time than the one before, with the call from lesson 03 {vis-change-from-call}.

# %%
def patient_worker(sqs, url, process):
    while True:
        answer = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20, MessageSystemAttributeNames=["All"])
        for message in answer.get("Messages", []):
            handle, tries = message["ReceiptHandle"], int(message["Attributes"]["ApproximateReceiveCount"])
            try:
                process(message["Body"])
                sqs.delete_message(QueueUrl=url, ReceiptHandle=handle)
            except ValueError:
                sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=30 * 2**tries)


# %%
lab, sqs, url, dead = open_shop(*(f"order-{number}" for number in range(6)), receives=3)
lab.start(patient_worker, sqs, url, lambda order: pay(lab), name="worker")
lab.run(until="5 min")
waiting(sqs, url), waiting(sqs, dead)

# %% [markdown]
# Three tries are enough now: they lie `60 s` and `120 s` apart. This is *exponential backoff*, and the queue does the waiting.
#
# With a number above three there is one more effect. A message that was received three times without a delete moves to the
# back of its queue {redrive-back-of-queue}, so that the others are not held up by it.

# %% [markdown]
# ## What may be a dead-letter queue
#
# SQS checks a redrive policy when you set it. The number goes up to `1,000` {redrive-range}, the queue has to exist, and
# its type has to be that of its source {redrive-same-type}.
#
# The dead-letter queue has a say as well. Unless you set its **redrive allow policy**, every queue of the account and Region
# may name it: that is `allowAll`, the default {redrive-allow}. `denyAll` lets none, `byQueue` up to {=redrive-allow} that you
# list. That keeps another team's failures out of your inbox.

# %%
lab, sqs, url, dead = open_shop()
payments = sqs.create_queue(QueueName="payments")["QueueUrl"]
allow = {"redrivePermission": "byQueue", "sourceQueueArns": [arn_of(sqs, url)]}
sqs.set_queue_attributes(QueueUrl=dead, Attributes={"RedriveAllowPolicy": json.dumps(allow)})
policy = json.dumps({"deadLetterTargetArn": arn_of(sqs, dead), "maxReceiveCount": 3})

# %% tags=["raises-ClientError:InvalidParameterValue"]
sqs.set_queue_attributes(QueueUrl=payments, Attributes={"RedrivePolicy": policy})

# %% [markdown]
# On a FIFO queue (lesson 07) think twice. There messages that belong together form a group, each blocks those behind it
# until it is deleted, and a dead-letter queue would open the way for them: *charge* and *ship* go on, although *reserve* has failed {redrive-breaks-order}.

# %% [markdown]
# ## How old is a dead letter?
#
# Both queues keep messages for four days from their sending, AWS's default {std-6}; and a move is no send. An order waits
# three days for a worker, fails, and is moved.

# %%
lab, sqs, url, dead = open_shop("order-two", receives=1)
lab.clock.advance("72 h")
sqs.receive_message(QueueUrl=url)
lab.clock.advance("30 s")
sqs.receive_message(QueueUrl=url).get("Messages"), waiting(sqs, dead)

# %%
predict(
    "06-days-left",
    "The order has just arrived in the dead-letter queue. For how long will it be kept there?",
    ["four days", "one day", "until somebody deletes it"],
)

# %%
lab.clock.advance("23 h")
print("after 95 hours:", waiting(sqs, dead))
lab.clock.advance("1 h")
print("after 96 hours:", waiting(sqs, dead))

# %%
predict.reveal("06-days-left", "one day")

# %% [markdown]
# The message kept its send time, and its retention goes on from there {redrive-keeps-send-time}. So a dead-letter queue
# needs the longer retention, and somebody who looks before it ends. AWS's longest is `14` days; nothing is won by less.
# (FIFO queues differ: there the clock starts anew at the move.)
#
# Somebody looks when an alarm calls, an alarm of CloudWatch, which collects the numbers of AWS's services. Which number
# should it watch? `NumberOfMessagesSent` seems made for it.

# %%
lab, sqs, url, dead = open_shop("order-two", receives=1)
cloudwatch = lab.client("cloudwatch")


def alarm_on(metric, statistic):
    """An alarm that rings when a metric of the dead-letter queue is above zero in a minute."""
    names = {"AlarmName": metric, "Namespace": "AWS/SQS", "MetricName": metric, "Statistic": statistic}
    queue = [{"Name": "QueueName", "Value": "dead-orders"}]
    rings = {"Period": 60, "EvaluationPeriods": 1, "Threshold": 0, "ComparisonOperator": "GreaterThanThreshold"}
    cloudwatch.put_metric_alarm(**names, Dimensions=queue, **rings)


alarm_on("NumberOfMessagesSent", "Sum")
alarm_on("ApproximateNumberOfMessagesVisible", "Maximum")
lab.start(worker, sqs, url, charge, name="worker")
lab.run(until="5 min")
{alarm["AlarmName"]: alarm["StateValue"] == "ALARM" for alarm in cloudwatch.describe_alarms()["MetricAlarms"]}

# %% [markdown]
# A message that SQS moves does not count as sent {redrive-not-sent}. Watch how many are *visible*: that alarm rings. Lesson 08 has
# more about alarms.

# %% [markdown]
# ## The way back
#
# Friday's orders again: three healthy ones, looked at three times. On Monday a worker polls, and they are dead. This time
# they come back.

# %%
lab, sqs, url, dead = open_shop("order-1", "order-2", "order-3", receives=3)
for _ in range(3):
    look(sqs, url)
lab.clock.advance("60 h")
lab.start(worker, sqs, url, charge, 60, name="Monday's worker")
lab.run(until="2 min")
waiting(sqs, url), waiting(sqs, dead)

# %% [markdown]
# A **redrive** moves them back. It is a task that runs inside SQS, so no script of yours has to stay alive. Without a
# destination it sends each message anew to the queue that it came from. It is the task's speed that you should choose: at
# up to {=redrive-rate} it can hit the workers like a wave.

# %%
task = sqs.start_message_move_task(SourceArn=arn_of(sqs, dead), MaxNumberOfMessagesPerSecond=1)
lab.clock.advance("2 s")
now = sqs.list_message_move_tasks(SourceArn=arn_of(sqs, dead))["Results"][0]
now["Status"], now["ApproximateNumberOfMessagesMoved"], now["ApproximateNumberOfMessagesToMove"]

# %%
predict(
    "06-back-again",
    "The orders come back to a queue with a maxReceiveCount of 3, and each has been received three times. What becomes of them?",
    ["the first receive moves them to the dead-letter queue again", "the worker gets each of them"],
)

# %% [markdown]
# While the task runs, a second one on the same queue is refused: a queue has {=redrive-one-task} at a time. Some seconds
# later the worker begins.

# %%
lab.clock.advance("10 s")
charged = []
lab.start(worker, sqs, url, charged.append, name="worker")
lab.run(until="5 min")
assert sorted(charged) == ["order-1", "order-2", "order-3"]
charged, waiting(sqs, dead), sqs.list_message_move_tasks(SourceArn=arn_of(sqs, dead))["Results"][0]["Status"]

# %%
predict.reveal("06-back-again", "the worker gets each of them")

# %%
lab.passport(lab.history.changes()[0].message)

# %% [markdown]
# Each order is charged once, and the dead-letter queue is empty. The task moves the oldest first {redrive-oldest-first}. None
# became a dead letter again, since what comes back is a **new message**: a new id, a new send time, and a receive count
# that starts anew {redrive-new-message}. The passport follows it across the change.
#
# That has a price. Whoever remembers message ids to recognise a duplicate won't recognise this one; an id of your own
# in the body stays the same. Here nobody had been charged on Friday. Before another redrive ask: had the worker charged the
# card *before* it failed? If so, whoever charges must know the order by an id of its own (lesson 05).
#
# A task can be cancelled; what has moved stays moved {redrive-task-cancel}. And it can fail: a message that somebody put into
# the dead-letter queue by hand has no known source. It stays, and the task ends as `FAILED` {redrive-unknown-source}; with
# a `DestinationArn` it would go. The task fails, too, when the destination is deleted on the way, with another reason
# {redrive-task-ends}. A redrive is meant for dead-letter queues: started on another queue it is refused
# {redrive-needs-source}.

# %% [markdown]
# ## On the real service
#
# | AWS documents | runs here | what bridges them |
# |---|---|---|
# | A changed redrive policy can take up to {=queue-settings-late} to act, as other settings do | at once, unless asked | `Faults(late_settings=1)`; set it before the first message comes |
# | A task without a rate: SQS chooses it by the backlog {redrive-rate} | the largest rate | set one |
# | A task runs for up to `36 h`, an account may run `100` at a time {redrive-task-length} | the same; the refusal's wording is ours | |
# | Which messages a task moves that arrive after its start: AWS is silent | those that were visible at its start | look at the queue afterwards |
# | What becomes of sources when an allow policy is tightened: silent {redrive-allow-existing} | they go on | check with ListDeadLetterSourceQueues |
# | What becomes of exhausted messages when the dead-letter queue is deleted: silent {redrive-deleted-queue} | they stay and are handed out | don't delete it |
# | The text of a refusal by an allow policy: not published | ours | rely on the code |
#
# A redrive needs permissions on both queues, and on their KMS keys if they have any. AWS publishes no price of its own for
# it; look at your requests. To clean up, delete both queues and the alarms. With the AWS CLI:
#
# ```bash
# aws sqs set-queue-attributes --queue-url "$URL" --attributes file://redrive-policy.json
# aws sqs start-message-move-task --source-arn "$DEAD_ARN" --max-number-of-messages-per-second 10
# aws sqs list-message-move-tasks --source-arn "$DEAD_ARN"
# aws sqs delete-queue --queue-url "$URL" && aws sqs delete-queue --queue-url "$DEAD_URL"
# ```
#
# and in CloudFormation:
#
# ```yaml
# DeadOrders:
#   Type: AWS::SQS::Queue
#   Properties:
#     MessageRetentionPeriod: 1209600
# Orders:
#   Type: AWS::SQS::Queue
#   Properties:
#     RedrivePolicy:
#       deadLetterTargetArn: !GetAtt DeadOrders.Arn
#       maxReceiveCount: 5
# ```

# %% [markdown]
# ## In five lines
#
# - Without a dead-letter queue a poison message comes back until it expires {redrive-without-queue}.
# - `maxReceiveCount` counts receives: a look, a lost answer, a slow worker {redrive-counts-receives}.
# - The receive after the last try moves the message {redrive-number}; nobody polls, nothing moves {redrive-next-receive}.
# - Retention goes on from the first send, so keep dead letters for longer {redrive-keeps-send-time}.
# - A redrive brings back new messages, at the rate that you choose {redrive-new-message}.
#
# **Recall, without looking.** Why were Friday's orders dead on Monday and not on Saturday? Which two settings would have
# kept the slow order alive? After a redrive, by what do you recognise an order that was charged before?
#
# <details><summary>The answers</summary>
#
# 1. A message moves at the receive after its last try, and until Monday's worker came nobody polled
#    {redrive-next-receive}.
# 2. A visibility timeout longer than the work, and a higher `maxReceiveCount`; the first is the cure
#    {redrive-lapsed-timeout}.
# 3. By an id of your own in the body: a redrive makes a new message with a new message id {redrive-new-message}.
#
# </details>
#
# The exercise: a poison order among good ones, and the way back after the repair. Open `exercises/06_dead_letters.ipynb`.

# %% [markdown]
# ## The claims of this lesson
#
# Each line was an experiment just now, or names the page it was read in.

# %%
claims_of("06")
