# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 07 · FIFO queues
#
# A bank moved its bookings to a FIFO queue, because *exactly-once processing* stands on the product page. One night
# Ada's deposit was booked twice, and Ben's was not booked at all; his app had been told `200`. Every rule of FIFO queues
# was kept. By the end of this lesson you can say which rule did it in each case, and what to write instead.
#
# **You will be able to**
#
# 1. choose message groups so that order holds where you need it, and work runs side by side where you don't;
# 2. say which sends a FIFO queue takes for duplicates, for how long, and which it loses for you;
# 3. tell what *exactly once* covers, and what stays your consumer's job.
#
# About {minutes} minutes. Needs lessons 02 and 03. Exams: SAA-C03 domains 2 and 3, DVA-C03 domains 1 and 4, SOA-C03 domain 2.

# %%
import time

from labkit import Faults, Lab, claims_of, group_lanes, predict, what_if


def open_bank(**settings):
    """A lab with a FIFO queue of bookings that knows duplicates by their bodies: plain boto3, nothing hidden."""
    lab = Lab(seed=7)
    sqs = lab.client("sqs")
    given = {"FifoQueue": "true", "ContentBasedDeduplication": "true"} | settings
    return lab, sqs, sqs.create_queue(QueueName="bookings.fifo", Attributes=given)["QueueUrl"]


def book(sqs, url, *bookings, **more):
    """Send bookings such as "Ada deposit 10"; the account is the message group."""
    for booking in bookings:
        sqs.send_message(QueueUrl=url, MessageBody=booking, MessageGroupId=booking.split()[0], **more)


def bodies(answer):
    return [message["Body"] for message in answer.get("Messages", [])]


# %% [markdown]
# ## Where order holds
#
# An account is opened, money comes in, money goes out. On a standard queue this may arrive in another order {sqsord-1};
# here AWS's chance is turned up so that six messages are enough to see it.

# %%
steps = ["Ada open", "Ada deposit 10", "Ada withdraw 5", "Ada deposit 20", "Ada withdraw 15", "Ada close"]
lab = Lab(seed=7, faults=Faults(reorder=0.5))
sqs = lab.client("sqs")
url = sqs.create_queue(QueueName="bookings")["QueueUrl"]
for step in steps:
    sqs.send_message(QueueUrl=url, MessageBody=step)
bodies(sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10))

# %% [markdown]
# A **FIFO queue** (first in, first out) is another type of queue. Its name ends in `.fifo`, and the type cannot be changed
# later {fifo-1}. Each message names its **message group**, and order belongs to the group {sqsord-2}: a receive takes as much
# of one group as it can, and then goes on to the next. Two accounts send in turn; we ask for ten messages.

# %%
lab, sqs, url = open_bank()
book(sqs, url, "Ada open", "Ben open", "Ada deposit 10", "Ben deposit 10", "Ada close", "Ben close")
predict(
    "07-first-batch",
    "Ada's and Ben's bookings were sent in turn. In which order does one receive for ten bring them?",
    ["in turn, as they were sent", "all of Ada's in order, then all of Ben's", "the first of each"],
)

# %%
bodies(sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10))

# %%
predict.reveal("07-first-batch", "all of Ada's in order, then all of Ben's")

# %% [markdown]
# Between groups nothing is promised {fifo-2}. There may be as many groups as you like {kvso-4}: take an account, an order, a
# customer as the group, whatever must stay in order by itself. One constant group gives one order for everything, and one
# lane for everybody. You may read elsewhere that without a group everything is in one order. It is not even accepted
# {sqsord-3}:

# %% tags=["raises-ClientError:MissingParameter"]
sqs.send_message(QueueUrl=url, MessageBody="Cem open")

# %% [markdown]
# ## A group is a lane
#
# Six bookings, of which we receive the first two. A colleague asks for ten at the same moment.

# %%
lab, sqs, url = open_bank()
book(sqs, url, "Ada open", "Ada deposit 10", "Ada close", "Ben open", "Ben deposit 10", "Ben close")
mine = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=2)["Messages"]
predict(
    "07-colleague",
    "We hold two of Ada's bookings, to be done in their order; one more of hers is in the queue. What does the colleague's receive for ten bring?",
    ["Ada close and Ben's three", "Ben's three", "nothing, the queue is locked"],
)

# %%
bodies(sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10))

# %%
predict.reveal("07-colleague", "Ben's three")

# %% [markdown]
# While a message of a group is in flight, nothing that follows it is handed out {fifo-7}; that is how order survives two
# consumers. One receive may well bring several messages of one group, up to {=fifo-group-batch}, in their order. We delete
# the first of our two and ask again.

# %%
sqs.delete_message(QueueUrl=url, ReceiptHandle=mine[0]["ReceiptHandle"])
print("one deleted: ", bodies(sqs.receive_message(QueueUrl=url)))
sqs.delete_message(QueueUrl=url, ReceiptHandle=mine[1]["ReceiptHandle"])
print("both deleted:", bodies(sqs.receive_message(QueueUrl=url)))

# %% [markdown]
# ## More workers, more groups
#
# Eight bookings of `10 s` each and four workers. How long it takes is decided by the producer, who chooses the groups.

# %%
lab = Lab(seed=7)


def clerk(sqs, url):
    while batch := sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20).get("Messages"):
        time.sleep(10)
        sqs.delete_message(QueueUrl=url, ReceiptHandle=batch[0]["ReceiptHandle"])


# %%
def story(lab, groups):
    """Eight bookings in so many groups, four clerks."""
    sqs = lab.client("sqs")
    given = {"FifoQueue": "true", "ContentBasedDeduplication": "true"}
    url = sqs.create_queue(QueueName="bookings.fifo", Attributes=given)["QueueUrl"]
    for number in range(8):
        group = f"account-{number % groups + 1}"
        sqs.send_message(QueueUrl=url, MessageBody=f"b{number + 1}", MessageGroupId=group)
    for name in ("Ann", "Bob", "Cem", "Dan"):
        lab.start(clerk, sqs, url, name=name)
    lab.run(until="90 s")


# %%
what_if(lab, story, "message groups", [1, 2, 4, 8], picture=group_lanes)

# %% [markdown]
# With one group three workers look on {fifo-parallel-groups}. With four each has a lane of its own, and with eight nothing
# gets faster any more: now the workers are what is scarce.

# %% [markdown]
# ## When something fails
#
# A worker receives three bookings, is heard of no more, and the visibility timeout ends. The group resumes where it
# stood {fifo-resume-head}.

# %%
lab, sqs, url = open_bank()
book(sqs, url, "Ada open", "Ada deposit 10", "Ada close")
late = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
time.sleep(31)
again = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
bodies({"Messages": again})

# %% [markdown]
# But the worker wasn't dead. It was slow, it has booked *Ada open* by now, and it deletes the message with its handle. On
# a standard queue such a late delete succeeds and may do nothing. Here it is told {fifo-late-delete}:

# %% tags=["raises-ClientError:InvalidParameterValue"]
sqs.delete_message(QueueUrl=url, ReceiptHandle=late[0]["ReceiptHandle"])

# %% [markdown]
# That is worth an alarm in your logs: *Ada open* has been booked, and it is in somebody else's hands. Lesson 03's
# heartbeat is the cure. A batch takes care, too. If the second of three fails, the third must wait, since SQS handed out
# all three; we give the two back and keep the order. Were the second one still hidden, nothing of the group would come
# {fifo-up-to-invisible}. A message that fails for ever blocks its account for ever; a dead-letter queue frees the account, and
# gives up the order {fifo-dead-letter-order}.

# %%
first, second, third = again
sqs.delete_message(QueueUrl=url, ReceiptHandle=first["ReceiptHandle"])
for message in (second, third):
    handle = message["ReceiptHandle"]
    sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=0)
bodies(sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10))

# %% [markdown]
# ## No send twice
#
# Ada's app sends a deposit. The answer gets lost on the way, as in lesson 02, so the app sends once more.

# %%
lab, sqs, url = open_bank()
first, second = (sqs.send_message(QueueUrl=url, MessageBody="Ada deposit 10", MessageGroupId="Ada") for _ in range(2))
first["MessageId"] == second["MessageId"], bodies(sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10))

# %% [markdown]
# Both sends succeeded and one message is there. Each message has a **deduplication id**; with
# `ContentBasedDeduplication` it is the SHA-256 of the body, and of nothing else {fifo-dedup-content}. Without one a send is
# refused {fifo-dedup-required}: a FIFO queue cannot be had without deduplication. SQS keeps the ids by themselves, whatever
# becomes of their messages. Ada's deposit is booked now, and its message deleted.

# %%
lab, sqs, url = open_bank()
book(sqs, url, "Ada deposit 10")
message = sqs.receive_message(QueueUrl=url)["Messages"][0]
sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
predict(
    "07-after-delete",
    "The deposit was booked and deleted. A minute later the app sends it again. Is it delivered?",
    ["yes, the first copy is gone", "no, the id is still known", "the send is refused"],
)

# %%
time.sleep(60)
book(sqs, url, "Ada deposit 10")
bodies(sqs.receive_message(QueueUrl=url))

# %%
predict.reveal("07-after-delete", "no, the id is still known")

# %% [markdown]
# The id outlives the message {fifo-dedup-after-delete}. It is remembered for {=fifo-dedup-five-minutes} from the accepted
# send. An app that was offline for six minutes and retries then books twice:

# %%
time.sleep(5 * 60)
book(sqs, url, "Ada deposit 10")
bodies(sqs.receive_message(QueueUrl=url))

# %% [markdown]
# This is how Ada's deposit was booked twice. Now to Ben, whose deposit was not booked at all. His friend Bea pays in the
# same sum in the same minute, and the app sends what the accountant wanted to see, the plain booking text:

# %%
lab, sqs, url = open_bank()
codes = []
for customer in ("Bea", "Ben"):
    answer = sqs.send_message(QueueUrl=url, MessageBody="deposit 10", MessageGroupId=customer)
    codes.append(answer["ResponseMetadata"]["HTTPStatusCode"])
codes, len(sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"])

# %% [markdown]
# Two customers, twice `200`, one message {fifo-equal-bodies}. Equal bodies are one message in the whole queue. Give every
# booking an id of its own, made *before* the first try, so that a retry repeats it and another booking does not: as
# `MessageDeduplicationId`, or in the body.

# %% [markdown]
# ## What exactly once does not mean
#
# It means: no duplicate enters the queue within those five minutes {fifo-6}. On the other side of the queue the visibility
# timeout rules as it does everywhere. A clerk needs `40 s` for a booking and does not extend the timeout:

# %%
lab, sqs, url = open_bank()
book(sqs, url, "Ada deposit 10", "Ada close")
booked = []


# %%
def slow_clerk(name):
    while True:
        for message in sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20).get("Messages", []):
            booked.append((name, message["Body"]))
            time.sleep(40)
            try:
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            except sqs.exceptions.ClientError as refusal:
                booked.append((name, refusal.response["Error"]["Code"]))


for name in ("Ann", "Bob"):
    lab.start(slow_clerk, name, name=name)
lab.run(until="100 s")
booked

# %%
group_lanes(lab)

# %% [markdown]
# Ada's deposit is booked again and again, nobody gets as far as closing her account, and the lane shows why: the
# thin bars below are the work, and where one ends stands a diamond with a cross, a delete that is refused. None is in
# time, so the group gets nowhere. Order and deduplication do not make a consumer idempotent. What a FIFO queue adds is a handy
# key: the **sequence number**, which grows within a group {fifo-sequence-number}. Is it enough? The last experiment tries it.

# %% [markdown]
# ## Throughput and its price
#
# Order costs throughput. You may read elsewhere of `300` messages a second; what is counted is {=fifo-4}, each action by
# itself. Four tills make a hundred sends each, one every `10 ms`.


# %%
def opening_hours(**modes):
    """Send 400 bookings from four tills in four groups; how many are stored after one second?"""
    lab = Lab(seed=7, latency="10 ms")
    sqs = lab.client("sqs")
    given = {"FifoQueue": "true", "ContentBasedDeduplication": "true"} | modes
    url = sqs.create_queue(QueueName="bookings.fifo", Attributes=given)["QueueUrl"]
    for till in ("A", "B", "C", "D"):
        lab.start(lambda till=till: book(sqs, url, *(f"{till} {n}" for n in range(100))), name=f"till {till}")
    lab.run(until="1.005 s")
    name = "ApproximateNumberOfMessages"
    return int(sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[name])["Attributes"][name])


opening_hours()

# %% [markdown]
# The rest were refused with `ThrottlingException` {fifo-3}. No till noticed: the SDK waits and tries again, so a queue at
# its limit looks like a slow network. Batches help, as a batch of ten counts as one call: up to {=fifo-5}. More than that
# takes **high throughput**, two attributes that belong together {fifo-modes-combination}.

# %%
opening_hours(DeduplicationScope="messageGroup", FifoThroughputLimit="perMessageGroupId")

# %% [markdown]
# All of them. How many there can be depends on the Region: {=fifo-high-virginia} of each action in N. Virginia,
# {=fifo-high-elsewhere} in Seoul. A single group stays where it was, since it lies in one partition of
# {=fifo-group-partition}. And high throughput is not the same thing made faster: deduplication now counts within a
# group {fifo-scope-group}.

# %%
for scope in ("queue", "messageGroup"):
    lab, sqs, url = open_bank(DeduplicationScope=scope)
    for customer in ("Bea", "Ben"):
        sqs.send_message(QueueUrl=url, MessageBody="deposit 10", MessageGroupId=customer)
    print(f"{scope:12}", len(sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]))

# %% [markdown]
# ## The edges
#
# A message of a FIFO queue has no delay of its own; the queue has one for all {fifo-message-delay}. And SQS looks for open
# groups among the first {=fifo-look-ahead} only: let one account block while a greater backlog of it piles up, and no other
# account is found behind it.
#
# When the answer to a *receive* gets lost, its messages are in flight with nobody, and their groups wait. A receive with a
# `ReceiveRequestAttemptId` can be repeated {fifo-attempt-id} and brings the same messages:

# %%
lab, sqs, url = open_bank()
book(sqs, url, "Ada open", "Ada deposit 10")
for attempt in ("attempt-1", "attempt-2", "attempt-1"):
    print(attempt, bodies(sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, ReceiveRequestAttemptId=attempt)))

# %% [markdown]
# ## The night once more
#
# Now each booking begins with an id of its own. Bea and Ben pay in the same sum, Ada's app sends again after six minutes,
# and each message comes to the clerk twice, as when a timeout ends too early. The first clerk notes the highest sequence
# number that was booked of each account.

# %%
def night(clerk):
    """The night of the bank, with a clerk who is given each message that is received."""
    lab, sqs, url = open_bank()
    for minutes, account in ((0, "Ada"), (0, "Bea"), (0, "Ben"), (6, "Ada")):
        time.sleep(60 * minutes)
        sqs.send_message(QueueUrl=url, MessageBody=f"{account}-1 deposit 10", MessageGroupId=account)
        for hidden in (0, 30):
            given = {"VisibilityTimeout": hidden, "MessageSystemAttributeNames": ["All"]}
            message = sqs.receive_message(QueueUrl=url, **given)["Messages"][0]
            clerk(message)
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


# %%
accounts, booked = {}, []


def by_number(message):
    account = message["Attributes"]["MessageGroupId"]
    number = int(message["Attributes"]["SequenceNumber"])
    if number > accounts.get(account, 0):
        booked.append(message["Body"])
        accounts[account] = number


night(by_number)
booked

# %% [markdown]
# The number knows what was *delivered* twice: Bea's and Ben's bookings are there once each. It can't know what was *sent*
# twice, since Ada's second send is a new message with a higher number. The id in the booking knows both. (A real clerk
# writes id and booking in one step, as in lesson 05.)

# %%
ledger = {}


def by_id(message):
    booking, what = message["Body"].split(maxsplit=1)
    ledger.setdefault(booking, what)


night(by_id)
assert list(ledger) == ["Ada-1", "Bea-1", "Ben-1"]
ledger

# %% [markdown]
# ## On the real service
#
# | AWS documents | runs here | what bridges them |
# |---|---|---|
# | A duplicate send is accepted and not delivered; the answer's ids are not specified {fifo-dedup-answer} | the ids of the first message | open: don't build on them |
# | Which of several groups comes first is left open {fifo-2} | the one that has waited longest | don't build on it |
# | A changed setting can take up to {=queue-settings-late} to act | a changed `DeduplicationScope` takes exactly so long {fifo-scope-change} | change it while nobody sends |
# | Calls beyond the quota are throttled {fifo-3} | by the calls of actors in each second; calls in a cell take no time and are not counted | AWS doesn't say how it measures |
# | No duplicate enters for five minutes {fifo-6} | the same, after a delete too {fifo-dedup-after-delete}; and a group resumes in order after a timeout {fifo-resume-head} | labkit's rules: the plain mock breaks both |
#
# A FIFO request costs a quarter more than a standard one: `0.50` USD a million in N. Virginia, by the page of June 2026
# that lesson 04 names. There is nothing to clean up but the queue. With the AWS CLI:
#
# ```bash
# aws sqs create-queue --queue-name bookings.fifo --attributes FifoQueue=true
# aws sqs send-message --queue-url "$URL" --message-body "Ada open" \
#     --message-group-id Ada --message-deduplication-id booking-1
# aws sqs delete-queue --queue-url "$URL"
# ```
#
# and in CloudFormation:
#
# ```yaml
# Bookings:
#   Type: AWS::SQS::Queue
#   Properties:
#     QueueName: bookings.fifo
#     FifoQueue: true
#     DeduplicationScope: messageGroup
#     FifoThroughputLimit: perMessageGroupId
# ```

# %% [markdown]
# ## In five lines
#
# - Order holds within a message group, and every message needs one {sqsord-3}.
# - A group is a lane: while something of it is in flight, what follows waits {fifo-7}.
# - A send is a duplicate if its id was accepted in the last {=fifo-dedup-five-minutes}, even if the message is gone {fifo-dedup-after-delete}.
# - Exactly once ends at the queue: a late consumer books twice {fifo-6}, and its delete is refused {fifo-late-delete}. An id
#   in the booking ends that.
# - The quota is {=fifo-4}; batches and high throughput raise it, one group's lane stays one lane {fifo-group-partition}.
#
# **Recall, without looking.** Who lost Ben's deposit, and who booked Ada's twice? What would a fifth worker have done for
# one group? Which id would you give a booking, and when would you make it?
#
# <details><summary>The answers</summary>
#
# 1. Ben's: Bea's booking had the same body, so his was taken for a duplicate {fifo-equal-bodies}. Ada's: an app
#    that sent again after the id was forgotten {fifo-dedup-five-minutes}.
# 2. Nothing: one group is one lane, whoever is free {fifo-parallel-groups}.
# 3. An id of this booking and no other, made before the first try, so that each retry repeats it
#    {fifo-dedup-content}. It is part of the booking, so that your clerk still knows it when SQS has forgotten it.
#
# </details>
#
# The exercise: orders in order, though payments fail and machines die. Open `exercises/07_fifo.ipynb`.

# %% [markdown]
# ## The claims of this lesson
#
# Each line was an experiment just now, or names the page it was read in.

# %%
claims_of("07")
