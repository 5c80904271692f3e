# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 22b · RabbitMQ on Amazon MQ: the same queue, another type
#
# An application declares its queues without naming a type, as most do. On the old broker they are classic queues; on
# Amazon MQ's RabbitMQ 4.2 the same line makes quorum queues. That is good news on the day a node dies, and bad news on
# the day you move: definitions that bring the old type along get your unchanged application refused.
#
# **You will be able to**
#
# 1. read an AMQP 0-9-1 application: exchanges, bindings, confirms, and what they promise;
# 2. move a RabbitMQ to Amazon MQ by definitions and a shovel, with no message lost and no line changed;
# 3. say what one dead node, two dead nodes and one frozen node cost a quorum queue and a classic one.
#
# About {minutes} minutes. Needs lesson 22. Exams: SAA-C03 domain 2 (resilient), SAP-C02 domains 2 and 4 (migration).
#
# The brokers are real ones, RabbitMQ in processes of this machine. A cluster takes half a minute to start, and
# everything here happens in *real time*: the cells print counts and verdicts, and no times.

# %%
import hashlib
import time
from pathlib import Path

from labkit import AmazonRabbitMQ, Lab, OnPremisesRabbitMQ, broker_or_recording, claims_of, predict

broker_or_recording("22b", "rabbitmq", recorded="2026-11-30")
APP = Path("invoices_app.py")
HASH = hashlib.sha256(APP.read_bytes()).hexdigest()

# %% [markdown]
# **Amazon MQ** is AWS's service that runs message brokers, and RabbitMQ is one of its two engines. A RabbitMQ is one server,
# called a *node*, or a *cluster* of three that share their queues. A **classic** queue lives on one of the nodes; a **quorum**
# queue keeps a copy on each, and has stored what a majority of them has. This is the cluster of this lesson:

# %%
BROKER = {
    "BrokerName": "orders",
    "EngineType": "RABBITMQ",
    "EngineVersion": "4.2",
    "HostInstanceType": "mq.m7g.large",
    "DeploymentMode": "CLUSTER_MULTI_AZ",
    "PubliclyAccessible": False,
    "AutoMinorVersionUpgrade": True,
    "Users": [{"Username": "orders", "Password": "a long word for orders"}],
}
running = {}

# %%
with Lab(seed=22) as lab:
    mq = lab.client("mq")
    asked = mq.describe_broker(BrokerId=mq.create_broker(**BROKER)["BrokerId"])
print(asked["EngineType"], asked["EngineVersion"], asked["DeploymentMode"])

# %% [markdown]
# The tools follow: the application and its AMQP library, the two brokers, and a way to wait in real time.

# %% tags=["needs-rabbitmq"]
import pika

from invoices_app import BINDINGS, InvoicesApp


# %%
def on_premises():
    """The old broker; it starts in the background at the first call."""
    if "old" not in running:
        running["old"] = OnPremisesRabbitMQ()
    return running["old"]


def amazon_mq():
    """The cluster that create_broker makes; it starts in the background at the first call."""
    if "new" not in running:
        with Lab(seed=22) as lab:
            broker_id = lab.client("mq").create_broker(**BROKER)["BrokerId"]
            running["new"] = AmazonRabbitMQ(lab, broker_id)
    return running["new"]


# %%
def wait_until(condition, seconds=50):
    """Real time: look again and again, and give up loudly."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not come"
        time.sleep(0.1)


def types(broker):
    return {queue["name"]: queue["type"] for queue in broker.call("GET", "/api/queues")}


# %% [markdown]
# ## The move
#
# The old broker, one node in the cellar without TLS. The new one is started already, since a cluster takes its time.

# %% tags=["needs-rabbitmq"]
old, new = on_premises(), amazon_mq()
old.wait()
app = InvoicesApp(*old.settings)
app.declare()

# %% [markdown]
# A producer in AMQP 0-9-1 knows no queue. It publishes to an *exchange* with a *routing key*, and the exchange puts a copy
# into each queue whose *binding* fits. The application's bindings: `#` stands for any number of words, `*` for one.

# %% tags=["needs-rabbitmq"]
print(BINDINGS)
for number in range(1, 21):
    app.publish("order.books.abroad" if number % 4 == 0 else "order.books.home", f"order-{number}")
{queue: app.waiting(queue) for queue in BINDINGS}

# %% [markdown]
# Each of these calls returned when the broker had *confirmed* the order: written down, in every queue it belongs to.
# (In SNS, `customs` would be a subscription with a filter policy.) With a key that fits no binding the
# application is lucky to have asked for an answer (`mandatory=True`): without it the broker confirms, and drops the order.

# %% tags=["needs-rabbitmq", "raises-UnroutableError"]
app.publish("invoice.books", "order-0")

# %% [markdown]
# Now the new broker. What Amazon MQ refuses, it refuses at `create_broker`, and the deployment mode is the place to get
# wrong: active and standby is ActiveMQ's word, a RabbitMQ is one node or a cluster of three.

# %% tags=["raises-ClientError:BadRequestException"]
with Lab(seed=22) as lab:
    lab.client("mq").create_broker(**BROKER | {"DeploymentMode": "ACTIVE_STANDBY_MULTI_AZ"})

# %% [markdown]
# The cluster was made with the right one. Its three nodes stand behind one name {mqr-one-name}, and they speak AMQP over
# TLS and nothing else {mqr-amqp-alone}: an application that talks STOMP or MQTT to RabbitMQ today finds no port to talk to.

# %% tags=["needs-rabbitmq"]
new.wait()
print("nodes:", len(new.nodes), "endpoint:", new.endpoint.replace(new.name, "b-..."))
print("states:", new.states())

# %% [markdown]
# Step one of AWS's migration guide: export the *definitions* from the old broker, import them into the new one
# {mqr-definitions}. They are JSON, and they hold no messages.

# %% tags=["needs-rabbitmq"]
definitions = old.call("GET", "/api/definitions")
moving = {part: definitions[part] for part in ("exchanges", "queues", "bindings", "policies")}
{part: len(found) for part, found in moving.items()}

# %% [markdown]
# RabbitMQ 4, and 3.13 in its last releases, writes each queue's type into what it exports, whether the application had named
# one or not {mqr-imported-type}. Here we do it, so that an older RabbitMQ's export says the same:

# %% tags=["needs-rabbitmq"]
for queue in moving["queues"]:
    queue["arguments"]["x-queue-type"] = types(old)[queue["name"]]
[queue["arguments"] for queue in moving["queues"]]

# %%
predict(
    "22b-imported",
    "The definitions say classic, the application names no type, and the new broker's default is quorum. The definitions "
    "are imported. What does the unchanged application get when it declares its queues there?",
    ["its queues, now quorum", "its queues, still classic", "a refusal"],
)

# %% tags=["needs-rabbitmq"]
new.call("POST", "/api/definitions", moving)
types(new)

# %% tags=["needs-rabbitmq", "raises-ChannelClosedByBroker"]
InvoicesApp(*new.settings).declare()

# %%
predict.reveal("22b-imported", "a refusal")

# %% [markdown]
# `406`: the import made what it was told to make, classic queues; the application's line now means "quorum"; and a queue can't
# be declared as two things. The way out is one word of JSON: remove the empty queues, name the other type, import again.

# %% tags=["needs-rabbitmq"]
for queue in moving["queues"]:
    new.call("DELETE", f"/api/queues/%2F/{queue['name']}")
    queue["arguments"]["x-queue-type"] = "quorum"
new.call("POST", "/api/definitions", moving)
print("old:", types(old))
print("new:", types(new))

# %% [markdown]
# The new type is worth the trouble. On RabbitMQ 4 a classic queue lives on one node {mqr-classic-one-node}, AWS's default
# is quorum {mqr-quorum-default}, and a RabbitMQ 3 broker that has classic queues left is not upgraded in place
# {mqr-upgrade}. It isn't for every queue, though: AWS advises against it for transient ones, for long backlogs, and where low
# latency comes first {mqr-quorum-not-for}.
#
# Step two, the messages. A *dynamic shovel* is a client inside the old broker: it consumes here, publishes there, and
# acknowledges here when the other side has confirmed {mqr-shovel}. It ends when what was in the queue has been moved.


# %%
def shovel(queue):
    """What the management API is told: PUT /api/parameters/shovel/{vhost}/{name}."""
    source = {"src-protocol": "amqp091", "src-uri": "amqp://", "src-queue": queue}
    to = {"dest-protocol": "amqp091", "dest-uri": new.uri_for_brokers(), "dest-queue": queue}
    return {"value": source | to | {"ack-mode": "on-confirm", "src-delete-after": "queue-length"}}


# %% tags=["needs-rabbitmq"]
old.know([new.host])
for queue in BINDINGS:
    old.call("PUT", f"/api/parameters/shovel/%2F/move-{queue}", shovel(queue))
wait_until(lambda: not old.call("GET", "/api/parameters/shovel"))

# %% [markdown]
# Step three, the application. The same file, other settings.

# %% tags=["needs-rabbitmq"]
print("left on the old broker:", {queue: app.waiting(queue) for queue in BINDINGS})
app.close()
changed = [name for name in old.settings._fields if getattr(old.settings, name) != getattr(new.settings, name)]
app = InvoicesApp(*new.settings)
app.declare()
print("settings changed:", changed)
print("file unchanged:", hashlib.sha256(APP.read_bytes()).hexdigest() == HASH)

# %% tags=["needs-rabbitmq"]
moved = {queue: sorted(app.take_all(queue), key=lambda order: int(order[6:])) for queue in BINDINGS}
print({queue: len(orders) for queue, orders in moved.items()}, "orders on the new broker")
assert moved["invoices"] == [f"order-{number}" for number in range(1, 21)]
running.pop("old").stop()
app.close()
moved["customs"]

# %% [markdown]
# Nothing lost, and the application that was refused has its queues: no line of it has changed. While both brokers live,
# the choice is yours: consumers on both sides for a while lose the order of messages; producers that move first, and
# consumers later, keep it, at the price of a pause.

# %% [markdown]
# ## When a node dies, and when it hangs
#
# A cluster of three. The application's queues are quorum queues: every confirmed order is on a majority of the nodes. Next
# to them one classic queue, made on purpose, on the first node.

# %% tags=["needs-rabbitmq"]
new = amazon_mq()
new.wait()
app = InvoicesApp(*new.settings)
app.declare()
app.channel.queue_declare("ledger", durable=True, arguments={"x-queue-type": "classic"})
lasting = pika.BasicProperties(delivery_mode=2)
app.channel.basic_publish("", "ledger", "entry-1", lasting)
for queue in new.call("GET", "/api/queues"):
    print(f"{queue['name']} ({queue['type']}):", queue.get("leader") or queue["node"])

# %%
predict(
    "22b-one-dead",
    "kill -9 of the first node, which leads the quorum queue and holds the classic one. What goes on?",
    ["both queues", "the quorum queue", "neither"],
)


# %% tags=["needs-rabbitmq"]
def publish(numbers):
    """Publish orders, each until it is confirmed; return how long each one took, in seconds."""
    took = []
    for number in numbers:
        began = time.monotonic()
        app.publish("order.books.home", f"order-{number}")
        took.append(time.monotonic() - began)
    return took


new.kill(1)
after_kill = publish(range(21, 41))
print("confirmed with one node dead:", len(after_kill), "of 20")
new.states()

# %% tags=["needs-rabbitmq", "raises-ChannelClosedByBroker"]
app.waiting("ledger")

# %%
predict.reveal("22b-one-dead", "the quorum queue")

# %% [markdown]
# The application met a broken connection, perhaps a negative acknowledgement while the two others elected a leader, and
# published the same order again: the file's `insist`, and there is no availability without it {mqr-quorum-majority}. The
# classic queue is not lost, it is *away*: `404`, its home node is down. Two of three now.

# %% tags=["needs-rabbitmq"]
new.kill(2)
wait_until(lambda: new.states()[2] == "waiting")
print(new.states())
try:
    InvoicesApp(*new.settings)
except pika.exceptions.AMQPConnectionError as refusal:
    print("refused:", type(refusal).__name__)

# %% [markdown]
# That is the kind of the error; pika gives it no text. The third node is alive and has closed its door. One of three can't
# know whether the others are dead or on the other side of a cut cable, going on without it; so a minority pauses instead of
# making its own truth {mqr-minority}. Which is why a cluster of three in three Availability Zones survives the loss of one
# zone and not of two.
#
# Both machines come back, one after the other, which takes its time.

# %% tags=["needs-rabbitmq"]
new.start()

# %% tags=["needs-rabbitmq"]
new.wait()
print(new.states())
print("ledger:", app.waiting("ledger"), "entry, as before")
came = set(app.take_all("invoices"))
print("confirmed orders that are there:", len(came & {f"order-{number}" for number in range(21, 41)}), "of 20")

# %% [markdown]
# ### Frozen
#
# A kill is the kind failure: the connection breaks, and everybody knows. Freeze the leader instead.

# %% tags=["needs-rabbitmq"]
leader = new.call("GET", "/api/queues/%2F/invoices")["leader"]
frozen = 1 + [node.name for node in new.nodes].index(leader)
new.freeze(frozen)
sorted(new.states())

# %%
predict(
    "22b-frozen",
    "The leader's process is frozen: its connections stay open, and it answers nothing. What happens to the next orders?",
    ["nothing: they are confirmed at once", "they are confirmed after a pause", "they are never confirmed"],
)

# %% tags=["needs-rabbitmq"]
beside_frozen = publish(range(41, 46))
print("confirmed beside a frozen leader:", len(beside_frozen), "of 5")
print("the longest took longer than after the kill:", max(beside_frozen) > max(after_kill))

# %%
predict.reveal("22b-frozen", "they are confirmed after a pause")

# %% [markdown]
# You felt it, too. Nothing broke; so the other nodes had to miss the leader's life signs for
# some seconds before they elected another one, and an application connected to the frozen node itself has nothing
# but its heart-beats to find out (`heartbeat=4` in the file; with pika's default it would be a minute). Compare lesson 22: an
# ActiveMQ standby waits for a lock, and a frozen process keeps it. A majority needs no lock. How long each of these takes on Amazon
# MQ is not documented; here it is this machine and our settings.
#
# Is all well again once the leader thaws? Not surely: it wakes up in a cluster that has gone on without it, and RabbitMQ 3
# may record a partition that an administrator has to end. What helps is what AWS does with a bad machine: away with
# it, and a new start from what the others have.

# %% tags=["needs-rabbitmq"]
new.kill(frozen)
new.start()

# %% tags=["needs-rabbitmq"]
new.wait()
came |= set(app.take_all("invoices"))
wanted = {f"order-{number}" for number in range(21, 46)}
print("confirmed orders that came:", len(came & wanted), "of 25")
assert wanted <= came
print(new.states())
running.pop("new").stop()

# %% [markdown]
# ## On the real service
#
# | Amazon MQ | runs here | what bridges them |
# |---|---|---|
# | RabbitMQ 4.2 or 4.3, on `mq.m7g` instances {mqr-instance} | the RabbitMQ that your system has; the outputs above are from `3.10.8` | `conda install -c conda-forge rabbitmq-server` brings a newer one |
# | quorum is the broker's default type {mqr-quorum-default} | the same setting of the virtual host, given by us | nothing to do |
# | an imported queue without a type takes the broker's default (since RabbitMQ 3.11) {mqr-imported-type} | `3.10.8` makes it classic | name the type, and both agree |
# | one load balancer for three nodes {mqr-one-name} | one name with three ports, tried in turn | the application sees one endpoint either way |
# | how a minority is treated: not documented; RabbitMQ 4.3 has no such setting any more {mqr-minority} | `pause_minority` | plan for "two zones away means away" |
# | a shovel on Amazon MQ can't have a private broker as its destination {mqr-shovel} | the shovel runs in the old broker | do the same: let the old one push |
# | nodes are replaced, and maintained one at a time {mq-maintenance} | you start them again | publish with confirms and insist |
#
# A cluster is billed as three instances, with their storage, for as long as it exists. With the AWS CLI:
#
# ```bash
# aws mq create-broker --broker-name orders --engine-type RABBITMQ --engine-version 4.2 \
#     --host-instance-type mq.m7g.large --deployment-mode CLUSTER_MULTI_AZ \
#     --no-publicly-accessible --auto-minor-version-upgrade \
#     --subnet-ids subnet-1 subnet-2 subnet-3 --users Username=orders,Password="$PASSWORD"
# curl -u "$OLD_LOGIN" "$OLD_CONSOLE/api/definitions" > all.json
# jq '{exchanges, queues, bindings, policies} | .queues[].arguments."x-queue-type" = "quorum"' all.json > definitions.json
# curl -u "$NEW_LOGIN" -X POST -H 'content-type: application/json' -d @definitions.json "$CONSOLE/api/definitions"
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
#     EngineType: RABBITMQ
#     EngineVersion: "4.2"
#     HostInstanceType: mq.m7g.large
#     DeploymentMode: CLUSTER_MULTI_AZ
#     PubliclyAccessible: false
#     AutoMinorVersionUpgrade: true
#     SubnetIds: [!Ref SubnetA, !Ref SubnetB, !Ref SubnetC]
#     Users: [{ Username: orders, Password: !Sub "{{resolve:secretsmanager:${Secret}:SecretString:password}}" }]
# ```

# %% [markdown]
# ## In five lines
#
# - Definitions carry the shape, a shovel carries the messages, and the application changes its settings {mqr-definitions}.
# - An import keeps the queue types it names; where the default is another, an unchanged application is refused {mqr-imported-type}.
# - A quorum queue survives one dead node of three; a classic one waits for its node {mqr-quorum-majority}.
# - A minority pauses: two of three dead is down, and nothing confirmed is lost {mqr-minority}.
# - A frozen node costs a pause that no error announces; confirms and heart-beats are what the application has.
#
# **Recall, without looking.** Who decides into which queues an order goes? Why was the unchanged application refused after
# the import? Why does the last of three nodes close its port?
#
# <details><summary>The answers</summary>
#
# 1. The exchange, by its bindings and the order's routing key; a producer names no queue.
# 2. The import had made classic queues, its own line now means quorum, and one queue can't be declared as both
#    {mqr-imported-type}.
# 3. Alone it can't tell dead nodes from a cut cable, so a minority pauses rather than make a truth of its own
#    {mqr-minority}.
#
# </details>

# %% [markdown]
# ## The claims of this lesson
#
# Each line was an experiment just now, or names the page it was read in. What the nodes did stands above, in the cells.

# %%
claims_of("22b")
