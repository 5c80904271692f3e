# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 22 · Amazon MQ: moving a broker without touching the application
#
# An application of some age talks to a message broker in the company's cellar. By the end of this lesson it talks to
# Amazon MQ, not one byte of its file has changed, and when its broker is killed in the middle of `400` orders it loses
# none of them. The surprise is another one: freeze the same broker instead of killing it, and nobody takes over.
#
# **You will be able to**
#
# 1. tell what an application relies on in a broker, and what a port to SQS and SNS would have to build again;
# 2. create a broker in the right deployment mode, and move to it without losing a message or changing the program;
# 3. say what multi-AZ promises and what it doesn't, and choose between Amazon MQ and SQS with SNS.
#
# About {minutes} minutes. Needs lessons 02 and 06. Exams: SAA-C03 domains 1 (decoupling) and 2 (resilient), SAP-C02 domains 2
# and 4 (migration).
#
# The brokers here are real ones, Apache ActiveMQ in processes of this machine, and they live in *real time*: nothing is
# simulated, and no two runs take equally long. So this lesson prints counts and verdicts, and no times.

# %%
import hashlib
import threading
import time
from pathlib import Path

from labkit import AmazonMQ, Lab, OnPremises, broker_or_recording, claims_of, pauses, predict

APP = Path("orders_app.py")
HASH = hashlib.sha256(APP.read_bytes()).hexdigest()
broker_or_recording("22", "activemq", recorded="2026-11-30")

# %% [markdown]
# A **message broker** is a server that programs keep a connection to: it takes their messages, keeps them in queues, and
# pushes them to whoever has subscribed. **Amazon MQ** is AWS's service that runs such servers for you. You ask for one with
# `CreateBroker`, and from then on programs talk to the broker, not to AWS. This is the one of this lesson:

# %%
BROKER = {
    "BrokerName": "orders",
    "EngineType": "ACTIVEMQ",
    "EngineVersion": "5.19",
    "HostInstanceType": "mq.m5.large",
    "DeploymentMode": "ACTIVE_STANDBY_MULTI_AZ",
    "PubliclyAccessible": False,
    "AutoMinorVersionUpgrade": True,
    "Users": [{"Username": name, "Password": f"a long word for {name}"} for name in ("orders", "bridge")],
}
running = {}

# %%
with Lab(seed=22) as lab:
    mq = lab.client("mq")
    asked = mq.describe_broker(BrokerId=mq.create_broker(**BROKER)["BrokerId"])
print(asked["EngineType"], asked["DeploymentMode"], "instances:", len(asked["BrokerInstances"]))

# %% [markdown]
# The tools of this lesson follow: the application, the two brokers, and two ways to wait in real time.

# %% tags=["needs-activemq"]
from orders_app import OrdersApp


# %%
def on_premises():
    """The old broker; started at the first call."""
    if "old" not in running:
        running["old"] = OnPremises()
    return running["old"]


def amazon_mq():
    """The broker that create_broker makes; started at the first call, and brought back if a part of it is gone."""
    if "new" not in running:
        with Lab(seed=22) as lab:
            running["new"] = AmazonMQ(lab, lab.client("mq").create_broker(**BROKER)["BrokerId"])
    running["new"].start()
    return running["new"]


# %%
def orders(app, count, wait=10):
    """The numbers of the next `count` orders that come in, each acknowledged, sorted; fewer if no more come."""
    came = []
    while len(came) < count and (message := app.receive(wait)):
        came.append(message.headers["order"])
        app.ack(message)
    return sorted(came, key=lambda order: int(order.split("-")[1]))


def wait_until(condition, seconds=30):
    """Wait, in real time, for something that a broker will have done in a moment; give up loudly."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not come"
        time.sleep(0.01)


# %% [markdown]
# ## What the application relies on
#
# `orders_app.py`, beside this notebook, is the application: a short program that speaks STOMP, a protocol that ActiveMQ
# has known for years. Open it. It has four settings, an address, a user, a password and the file of a certificate
# authority, and it knows nothing of AWS.
#
# A **queue** deals its messages out: each goes to one consumer. A **topic** gives each message to everybody who has
# subscribed.

# %% tags=["needs-activemq"]
old = on_premises()
first, second = OrdersApp(*old.settings), OrdersApp(*old.settings)
print("user:", old.settings.user, "· TLS:", "ssl" in old.settings.urls, "· authority:", old.settings.ca or None)
for app in (first, second):
    app.subscribe("/queue/paid")
    app.subscribe("/topic/prices")
for number in range(1, 11):
    first.send("/queue/paid", "", f"order-{number}")
    first.send("/topic/prices", "", f"price-{number}")

# %% tags=["needs-activemq"]
for app in (first, second):
    came = [app.receive() for _ in range(15)]
    [app.ack(message) for message in came]
    kinds = [message.headers["destination"] for message in came]
    print(kinds.count("/queue/paid"), "of 10 orders,", kinds.count("/topic/prices"), "of 10 prices")

# %% [markdown]
# Each order went to one of the two, each price to both. Nobody asked for them: the broker *pushes*, and takes turns.
#
# Now an **acknowledgement**. The application takes three orders, says "done" for the first, and its machine is switched
# off.

# %%
predict(
    "22-switched-off",
    "Three taken, one acknowledged, then the power fails. Which of them does another application get?",
    ["all three", "the two without acknowledgement", "none"],
)

# %% tags=["needs-activemq"]
for number in (1, 2, 3):
    second.send("/queue/fragile", "", f"order-{number}")
first.subscribe("/queue/fragile")
taken = [first.receive() for _ in range(3)]
first.ack(taken[0])
wait_until(lambda: old.waiting("fragile") == 2)
first.hang_up()
second.subscribe("/queue/fragile")
again = [second.receive() for _ in range(2)]
print([(message.headers["order"], message.headers["redelivered"]) for message in again])

# %%
predict.reveal("22-switched-off", "the two without acknowledgement")

# %% [markdown]
# At once, and marked `redelivered`. SQS gives a message back, too, but after a timeout of its own {vis-4}: a broker sees
# the connection break, a service behind HTTPS sees nothing.
#
# Two habits more. An order that can't be processed is refused with NACK, a negative acknowledgement. Over STOMP this broker puts it aside at once, into
# its dead-letter queue `ActiveMQ.DLQ`. An application on JMS sees something else on the same broker: its client library
# hands the message out again first, as often as its
# [redelivery policy](https://activemq.apache.org/redelivery-policy.html) says (six times by default), and after that tells
# the broker to put it aside. Which of the two your application counts on is part of what you move. And a **selector**: the
# consumer says which messages of a queue it wants, and the others wait for somebody else.

# %% tags=["needs-activemq"]
second.ack(again[0])
second.nack(again[1])
second.subscribe("/queue/ActiveMQ.DLQ")
print("put aside:", orders(second, 1))
third = OrdersApp(*old.settings)
for number in range(1, 7):
    third.send("/queue/world", "", f"order-{number}", region=("eu", "us")[number % 2])
third.subscribe("/queue/world", selector="region = 'eu'")
print("eu:", orders(third, 3))
wait_until(lambda: old.waiting("world") <= 3)
print(old.waiting("world"), "wait for somebody else")

# %% [markdown]
# ## Port it to SQS and SNS instead?
#
# Applications are written against all of this, and count on it. Remember that when somebody says "it's just queues", and
# try what looks easiest: a selector, on a receive.

# %% tags=["raises-ParamValidationError"]
with Lab(seed=22) as lab:
    sqs = lab.client("sqs")
    url = sqs.create_queue(QueueName="world")["QueueUrl"]
    sqs.receive_message(QueueUrl=url, Selector="region = 'eu'")

# %% [markdown]
# There is none. A consumer of SQS takes what comes; who wants a part gives that part a queue of its own, filled by an SNS
# subscription with a filter policy. And so it goes on, line by line:
#
# | an application relies on | on SQS and SNS |
# |---|---|
# | a protocol (STOMP, AMQP, MQTT, OpenWire, JMS on top) {mq-1} | AWS's API over HTTPS: another client library, another error handling |
# | the broker pushes over an open connection | long polling, a loop of yours {receive-wait-ends-early} |
# | acknowledgement on the connection, redelivery when it breaks | receipt handles and a timeout to choose {vis-4} |
# | NACK over STOMP puts a message aside at once; JMS redelivers first | a count of receives, then the dead-letter queue (lesson 06) |
# | selectors | a queue for each selection, filter policies in SNS |
# | transactions over several sends and acknowledgements, all or none | none, and a batch isn't one: it can fail in part {batch-partial-failure}. Idempotent consumers, an outbox |
# | topics with wildcards, durable subscriptions | an SNS topic with a queue for each subscriber |
# | priorities, an expiry for each message | a queue for each priority, one retention period a queue {std-6} |
#
# None of it is impossible, and a new system is better off with it. But it is a redevelopment, with a test of
# everything, and that is what Amazon MQ is there to save {mq-1}.

# %% [markdown]
# ## A broker that AWS looks after
#
# Amazon MQ runs Apache ActiveMQ and RabbitMQ {mq-2}. The first thing to choose is the deployment mode, for it can't be
# changed later: `UpdateBroker` doesn't know it {missing-mq-deployment}.

# %% tags=["raises-ClientError:BadRequestException"]
lab = Lab(seed=22)
mq = lab.client("mq")
mq.create_broker(**BROKER | {"DeploymentMode": "CLUSTER_MULTI_AZ"})

# %% [markdown]
# A cluster of three is RabbitMQ's way; lesson 22b has one. For ActiveMQ it is one broker, or an active and a standby one in
# two Availability Zones {missing-mq-deployment}. (The code of this error is AWS's; its wording is ours, no recording of it
# was found.) A password of fewer than {=mq-password} is refused in the same way, and so is one without four different
# characters, or with a comma, a colon or an equals sign.

# %%
broker = mq.describe_broker(BrokerId=mq.create_broker(**BROKER)["BrokerId"])
endpoints = [endpoint for instance in broker["BrokerInstances"] for endpoint in instance["Endpoints"]]
print("\n".join(endpoints).replace(broker["BrokerId"], "b-..."))
lab.close()

# %% [markdown]
# Two brokers, `-1` and `-2`, and for each of them five protocols. Every address begins with a TLS scheme: there is no plain
# one {mq-endpoints}. One endpoint of each pair is alive at a time: both brokers share one store, the active one holds a lock
# on it, and the standby waits for that lock. The brokers of this lesson are such a pair, two processes that share a folder;
# what else differs from AWS stands at the end.

# %% [markdown]
# ## Five refused connections
#
# The broker is there. Before the application moves, five ways not to get in. Each is one setting, and each is met in real
# migrations.

# %% tags=["needs-activemq"]
new = amazon_mq()
print("user:", new.settings.user, "· TLS:", "ssl" in new.settings.urls, "· authority:", Path(new.settings.ca).name)


def try_with(**changed):
    """Connect once, with some settings changed; say why it failed."""
    try:
        OrdersApp(*new.settings._replace(**changed), patience=0).close()
        return "connected"
    except OSError as reason:
        return getattr(reason, "verify_message", None) or reason.strerror or reason


# %% tags=["needs-activemq"]
serving = new.wait() - 1
port = new.nodes[serving].ports["stomp+ssl"]
urls = new.urls("stomp+ssl")
attempts = {
    "no certificate authority": {"urls": urls[serving], "ca": ""},
    "another name for the host": {"urls": f"stomp+ssl://localhost:{port}"},
    "no TLS": {"urls": urls[serving].replace("+ssl", "")},
    "the standby": {"urls": urls[1 - serving]},
    "a wrong password": {"urls": urls[serving], "password": "not this one"},
    "as it should be": {},
}
print("\n".join([f"{what:26} {try_with(**changed)}" for what, changed in attempts.items()]))

# %% [markdown]
# Five reasons, and with the settings right it is connected. The standby doesn't listen at all: its port refuses, and
# that is how a client that knows both addresses finds the active one {mq-two-endpoints}.

# %% [markdown]
# ## Moving, with the shop open
#
# Twenty orders are sent while the shop still talks to the old broker. Then comes a **network connector**: the old broker
# opens a connection to the new one, and `duplex` makes it a road in both directions {mq-network}. One opening in the
# firewall is enough, from the inside out. ActiveMQ logs in as one user on both sides, which is what the second user of our
# broker is for. The consumers will move first, so that the old broker empties itself.

# %% tags=["needs-activemq"]
old, new = on_premises(), amazon_mq()
shop = OrdersApp(*old.settings)
for number in range(1, 21):
    shop.send("/queue/orders", "a print", f"order-{number}")
print(old.waiting("orders"), "orders wait on the old broker,", new.waiting("orders"), "on the new one")
old.bridge_to(new, user="bridge")

# %%
predict(
    "22-consumer-moves",
    "Twenty orders wait on the old broker, the producer still sends there, the consumer connects to the new one. "
    "What does the consumer get?",
    ["nothing before the producer moves", "new orders only", "all orders"],
)

# %% tags=["needs-activemq"]
workshop = OrdersApp(*new.settings)
workshop.subscribe("/queue/orders")
came = orders(workshop, 20, wait=30)
print(len(came), "came, from", came[0], "to", came[-1])

# %%
predict.reveal("22-consumer-moves", "all orders")

# %% [markdown]
# A broker of a network hands its messages to the other one as soon as somebody waits there. The shop goes on selling all
# the while; then it moves, too: it is started again with the new settings.

# %% tags=["needs-activemq"]
for number in range(21, 31):
    shop.send("/queue/orders", "a print", f"order-{number}")
shop.close()
shop = OrdersApp(*new.settings)
for number in range(31, 41):
    shop.send("/queue/orders", "a print", f"order-{number}")
came += orders(workshop, 20, wait=30)
settings = [name for name, before, after in zip(old.settings._fields, old.settings, new.settings) if before != after]
same = hashlib.sha256(APP.read_bytes()).hexdigest() == HASH
print("orders:", len(set(came)), "of 40, twice:", len(came) - len(set(came)), "left behind:", old.waiting("orders"))
print("settings changed:", settings, "the application's file is the same:", same)
running.pop("old").stop()

# %% [markdown]
# Forty of forty, nothing left behind, and the file is what it was, byte for byte. Three of its four settings changed. The
# old broker has been switched off.

# %% [markdown]
# ## kill -9 while orders flow
#
# A broker that must not be away is created as a pair. `400` orders now, each sent again until the broker has *confirmed* it,
# that is: has written it to its store. On the way the active broker is killed: `kill -9`, which a process can't even notice.

# %% tags=["needs-activemq"]
new = amazon_mq()
shop, workshop = OrdersApp(*new.settings), OrdersApp(*new.settings)
workshop.subscribe("/queue/prints")
confirmed, times, came = [], [], []


def sell(count):
    for number in range(1, count + 1):
        shop.send("/queue/prints", "a print", f"order-{number}")
        confirmed.append(f"order-{number}")
        times.append(time.monotonic())
        time.sleep(0.002)


# %%
predict(
    "22-killed",
    "The active broker is killed in the middle of 400 orders. Of those that were confirmed, how many are lost?",
    ["none", "the one on its way", "those the consumer had not fetched yet"],
)

# %% tags=["needs-activemq"]
selling = threading.Thread(target=sell, args=[400])
selling.start()
wait_until(lambda: len(confirmed) > 110)
killed = new.kill()
took_over, more = new.wait(), True
while selling.is_alive() or (more and set(confirmed) - set(came)):
    came += (more := orders(workshop, 1, wait=5))
assert len(set(confirmed)) == 400 and set(confirmed) <= set(came)
print("confirmed:", len(confirmed), "received:", len(set(came)), "lost:", len(set(confirmed) - set(came)))
print("another broker serves now:", took_over != killed)
pauses(times, block=100, longer_than=0.75)

# %%
predict.reveal("22-killed", "none")

# %% [markdown]
# None is lost, and there is a gap. The shop notices that its line is dead, tries both addresses, and gets through when the
# standby has the lock on the store and has read it. How long that takes depends on how often the standby asks for the lock:
# our setting here, AWS's there, and AWS speaks of a few seconds for a planned failover {mq-reboot}. Multi-AZ doesn't mean
# that nothing is noticed {mq-3}.
#
# And two things were the application's own work. It waits for a receipt and sends an order *again* that has none: without
# that the order on its way would be lost. And it may have sent one twice, when the receipt was what got lost, or received one
# twice, when it was the acknowledgement; `set` hides that above. Whoever charges money looks at the order's number first, as in
# lesson 05.

# %% [markdown]
# ## A frozen broker
#
# A machine can also hang. Its process is there, its connections are open, its port accepts. `SIGSTOP` does that here.

# %% tags=["needs-activemq"]
new = amazon_mq()
wait_until(lambda: sorted(new.states()) == ["active", "standby"])
shop = OrdersApp(*new.settings, patience=6)
shop.send("/queue/frames", "", "order-1")
frozen = new.freeze()

# %%
predict(
    "22-frozen",
    "The active broker is frozen, not dead. What does the standby do?",
    ["it takes over, as after the kill", "nothing"],
)

# %% tags=["needs-activemq", "raises-TimeoutError"]
shop.send("/queue/frames", "", "order-2")

# %% tags=["needs-activemq"]
sorted(new.states())

# %%
predict.reveal("22-frozen", "nothing")

# %% [markdown]
# The standby waits for a lock, and a frozen process still holds its lock. To the standby everything is in order; to the
# application nothing is. `RebootBroker` is AWS's documented way out of a broker that no longer responds {mq-reboot}:

# %% tags=["needs-activemq"]
new.reboot()
print("another broker serves now:", new.wait() != frozen)
OrdersApp(*new.settings).send("/queue/frames", "", "order-2")
print(new.waiting("frames"), "orders in the queue, of 2 confirmed")
assert new.waiting("frames") == 2
running.pop("new").stop()

# %% [markdown]
# Both confirmed orders are there. (`new.reboot()` tells the processes directly; while a lab is open,
# `mq.reboot_broker(BrokerId=...)` does the same.) What we can't show: AWS takes an instance that malfunctions out of service,
# and says that this needs "a short while". Whether it counts one that merely hangs, and how soon, no page says
# {mq-hang}. So heart-beats in the application and an alarm on what it can't send are yours to have.

# %% [markdown]
# ## Amazon MQ, or SQS and SNS?
#
# | | Amazon MQ | SQS and SNS |
# |---|---|---|
# | choose it for | an application that exists and speaks a broker's protocol {mq-1} | everything new |
# | capacity | an instance type and its storage, yours to choose and to change {mq-2} | grows by itself {std-4} |
# | availability | the mode that you pay for: one broker, a pair, a cluster {mq-3} | several Availability Zones, without asking |
# | maintenance | a weekly window, in which it may restart {mq-maintenance} | none that you see |
# | you pay for | instances, busy or idle, and their storage | requests |
#
# The exam's keyword is the *protocol*. "JMS", "AMQP", "MQTT", "ActiveMQ", "RabbitMQ", "without rewriting" point to Amazon MQ. "Decouple",
# "serverless", "scale" point to SQS and SNS.

# %% [markdown]
# ## On the real service
#
# | Amazon MQ | runs here | what bridges them |
# |---|---|---|
# | a broker takes some minutes to come up, in the state `CREATION_IN_PROGRESS` | `RUNNING` at once | nothing here depends on it |
# | ActiveMQ 5.18 or 5.19 on AWS's machines, two Availability Zones | ActiveMQ 6.1.7 in two processes of this machine | the same project, the same store (KahaDB), the same lock on it |
# | the store on Amazon EFS | a folder that both processes share | the standby waits for the lock on that store, there as here |
# | names in public or private DNS, certificates that browsers trust | the same names, led to this machine in this process alone; a certificate authority of the lab's | `ca` is the one setting that you leave out on AWS |
# | STOMP, OpenWire, AMQP, MQTT, WebSocket | STOMP and OpenWire | the jar of this broker has no more |
#
# The pair of this lesson is billed for as long as it exists; `delete-broker` ends that, and all messages with it. A
# private broker is reached from its VPC, so the migration needs a VPN or Direct Connect. With the AWS CLI:
#
# ```bash
# aws mq create-broker --broker-name orders --engine-type ACTIVEMQ --engine-version 5.19 \
#     --host-instance-type mq.m5.large --deployment-mode ACTIVE_STANDBY_MULTI_AZ \
#     --no-publicly-accessible --auto-minor-version-upgrade --subnet-ids subnet-1 subnet-2 \
#     --users Username=orders,Password="$PASSWORD"
# aws mq describe-broker --broker-id "$BROKER" --query 'BrokerInstances[].Endpoints[]'
# aws mq reboot-broker --broker-id "$BROKER"
# aws mq delete-broker --broker-id "$BROKER"
# ```
#
# and in CloudFormation:
#
# ```yaml
# OrdersBroker:
#   Type: AWS::AmazonMQ::Broker
#   Properties:
#     BrokerName: orders
#     EngineType: ACTIVEMQ
#     EngineVersion: "5.19"
#     HostInstanceType: mq.m5.large
#     DeploymentMode: ACTIVE_STANDBY_MULTI_AZ
#     PubliclyAccessible: false
#     AutoMinorVersionUpgrade: true
#     SubnetIds: [!Ref SubnetA, !Ref SubnetB]
#     Users: [{ Username: orders, Password: !Sub "{{resolve:secretsmanager:${Secret}:SecretString:password}}" }]
# ```

# %% [markdown]
# ## In five lines
#
# - Amazon MQ saves the redevelopment of an application that speaks a broker's protocol {mq-1}: its settings change, its code doesn't.
# - The deployment mode decides about availability, and it is chosen at creation {mq-3}.
# - Move with a duplex network connector: consumers first, producers later, nothing lost {mq-network}.
# - A killed broker costs a pause and no confirmed message; the application sends again what was not confirmed.
# - A frozen broker is not a dead one: the standby waits, and somebody has to reboot {mq-reboot}.
#
# **Recall, without looking.** Which of the four settings changed, and which one is not needed on AWS? Why do the consumers move
# before the producers? What must the application do so that a failover loses nothing?
#
# <details><summary>The answers</summary>
#
# 1. The address, the password and the certificate authority's file; that last one is left out on AWS, whose
#    certificates are trusted anyway {mq-endpoints}.
# 2. So that the old broker empties itself, over the connector, while producers still send to it {mq-network}.
# 3. Wait for the broker's confirmation, try both addresses, and send again what was not confirmed
#    {mq-two-endpoints}. And recognise an order that came twice.
#
# </details>
#
# The exercise: a producer and a consumer of your own, and three brokers that die. Open `exercises/22_amazon_mq_migration.ipynb`.

# %% [markdown]
# ## The claims of this lesson
#
# Each line was an experiment just now, or names the page it was read in. What the real brokers showed stands above, in the
# cells.

# %%
claims_of("22")
