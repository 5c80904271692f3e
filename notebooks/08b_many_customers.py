# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 08b · Many customers, one queue
#
# A supermarket sends the orders of a whole week, and a minute later a flower shop sends one. The group does what lesson 08
# taught it: it grows from one machine to twenty. The flowers wait for more than five minutes all the same. On the next day
# the same orders come, and the flowers wait for twenty seconds; no machine was added, and the supermarket waits no longer
# than before. One parameter of `send_message` had changed. By the end of this lesson you can say which, and what more
# machines do for many customers and what they don't.
#
# **You will be able to**
#
# 1. scale two tiers apart, each by a measure of its own;
# 2. say why a backlog per instance shrinks a busy group, and what keeps a promise in a rush that you can foresee;
# 3. keep the flood of one customer from delaying the others, and name when a fair queue does and when it doesn't.
#
# About {minutes} minutes. Needs lesson 08. Exams: SAA-C03 domains 2 and 3, DVA-C03 domain 1, SAP-C02 domain 2.

# %%
import time

from labkit import Fleet, Lab, claims_of, fleet_size, predict, what_if

# %% [markdown]
# **Amazon SQS**, the Simple Queue Service, keeps messages until a worker has deleted them, and **Amazon EC2 Auto Scaling** keeps
# a group of machines at a wanted size. Here are both customers in one queue, and what a worker gets that asks for ten:

# %%
def send(sqs, url, shop, orders=1, **more):
    for _ in range(orders):
        sqs.send_message(QueueUrl=url, MessageBody=shop, **more)


with Lab(seed=8) as lab:
    sqs = lab.client("sqs")
    url = sqs.create_queue(QueueName="orders")["QueueUrl"]
    send(sqs, url, "supermarket", 12)
    send(sqs, url, "flowers")
    received = [one["Body"] for one in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]]
{shop: received.count(shop) for shop in ("supermarket", "flowers")}

# %% [markdown]
# The flowers stand behind, and for how long depends on who works off what stands before them. So the tools are those of
# lesson 08: a queue, a group of workers, and the target tracking policy that follows the backlog per instance. New is that
# a worker notes the longest that an order of each customer waited, since the time at which SQS says that it was sent.

# %%
def create_group(lab, name, most):
    """An Auto Scaling group of one instance, whose size CloudWatch records each minute."""
    image = {"ImageId": "ami-12c6146b", "InstanceType": "t3.micro"}
    lab.client("ec2").create_launch_template(LaunchTemplateName=name, LaunchTemplateData=image)
    autoscaling, sizes = lab.client("autoscaling"), {"MinSize": 1, "MaxSize": most, "DesiredCapacity": 1}
    template = {"LaunchTemplateName": name}
    autoscaling.create_auto_scaling_group(
        AutoScalingGroupName=name, **sizes, LaunchTemplate=template, AvailabilityZones=["us-east-1a"]
    )
    autoscaling.enable_metrics_collection(AutoScalingGroupName=name, Granularity="1Minute")
    return autoscaling


# %%
def query(id, namespace, name, dimension, value):
    metric = {"Namespace": namespace, "MetricName": name, "Dimensions": [{"Name": dimension, "Value": value}]}
    return {"Id": id, "MetricStat": {"Metric": metric, "Stat": "Average"}, "ReturnData": False}


def track(autoscaling, target):
    """The policy of lesson 08: visible messages over instances in service."""
    metrics = [
        query("messages", "AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", "orders"),
        query("instances", "AWS/AutoScaling", "GroupInServiceInstances", "AutoScalingGroupName", "workers"),
        {"Id": "backlog", "Expression": "messages / instances", "ReturnData": True},
    ]
    tracked = {"TargetValue": target, "CustomizedMetricSpecification": {"Metrics": metrics}}
    autoscaling.put_scaling_policy(
        AutoScalingGroupName="workers", PolicyName="backlog", PolicyType="TargetTrackingScaling",
        TargetTrackingConfiguration=tracked, EstimatedInstanceWarmup=60,
    )


# %%
def work(sqs, url, seconds, waited):
    while True:
        asked = {"WaitTimeSeconds": 20, "MessageSystemAttributeNames": ["SentTimestamp"]}
        for message in sqs.receive_message(QueueUrl=url, **asked).get("Messages", []):
            shop, sent = message["Body"], int(message["Attributes"]["SentTimestamp"]) / 1000
            waited[shop] = max(time.time() - sent, waited.get(shop, 0))
            time.sleep(seconds)
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


# %%
def open_shop(most=20, seconds=30):
    """A queue, and a group of workers that follows its backlog: an order takes 30 s and may wait for 120 s."""
    lab, waited = Lab(seed=8), {}
    sqs = lab.client("sqs")
    url = sqs.create_queue(QueueName="orders", Attributes={"VisibilityTimeout": "120"})["QueueUrl"]
    autoscaling = create_group(lab, "workers", most)
    lab.start_on("workers", lambda: work(sqs, url, seconds, waited))
    lab.clock.advance("1 min")
    track(autoscaling, target=120 / seconds)
    return lab, sqs, url, autoscaling, waited


# %% [markdown]
# ## Front and back, each at its own pace
#
# A shop has two tiers: web servers that take orders, and workers that fulfil them. A web server here takes an order in
# `20 s`, a worker fulfils it in `30 s`. Tied together one to one, the web server would have to wait for the worker, and both
# tiers would have the size of the slower one. With a queue between them they are two groups {tier-1}, and each has a
# measure of its own {tier-2}: the front its requests or its processors, the back its backlog. (Here you are the front's
# measure, and set its size by hand.)

# %%
lab, sqs, url, autoscaling, _ = open_shop()


def web():
    while True:
        time.sleep(20)
        send(sqs, url, "order")


create_group(lab, "web", most=4)
lab.start_on("web", web)

# %%
predict(
    "08b-noon",
    "At noon the visitors need four web servers, for ten minutes. Six workers would keep pace with four web servers. "
    "Nobody tells the workers. What does their group do?",
    ["it stays: nobody told it", "it grows at once, with the front", "it grows some minutes later, and beyond six"],
)

# %%
lab.clock.advance("5 min")
autoscaling.set_desired_capacity(AutoScalingGroupName="web", DesiredCapacity=4)
lab.clock.advance("10 min")
autoscaling.set_desired_capacity(AutoScalingGroupName="web", DesiredCapacity=1)
lab.clock.advance("20 min")
fleet_size(lab)

# %%
predict.reveal("08b-noon", "it grows some minutes later, and beyond six")

# %% [markdown]
# The front grew to four at once. The back followed later, and to eleven: until help came, forty-two orders had piled up, and
# at four for each instance that asks for eleven. The queue held what came in between. When the front shrank, the back
# finished the rest first. Neither group knows of the other.

# %% [markdown]
# ## A million orders
#
# Every call in a lab is a real call of boto3, and that has its price. What stands behind the calls, the rules of the queue
# and of the scaling policy, needs none of them. A `Fleet` plays the same story on the rules alone: customers send, instances
# receive up to ten orders, work on them and delete them, and a target tracking policy looks at the backlog each minute. With
# the same seed its history is that of a lab with actors, change by change; a test of this course compares them.

# %%
day = Fleet(orders=1_000_000, over="2 h", work="0.5 s", acceptable="1 min", minimum=1, maximum=200, seed=8)
predict(
    "08b-million",
    "Each order takes half a second and may wait a minute: a target of 120 per instance. How long do 99 of 100 wait?",
    ["up to one minute", "up to some minutes", "up to an hour"],
)

# %%
day.run()

# %%
predict.reveal("08b-million", "up to some minutes")

# %%
fleet_size(day)

# %% [markdown]
# Half of the orders were received at once, and yet the promise was broken again and again. The picture is a saw: the group
# shrinks in the middle of the rush, the orders pile up, and then help is three data points and a boot away. Why does it
# shrink? Look at a small queue, with a worker at work on each of its three orders:

# %%
with Lab(seed=8) as lab:
    sqs = lab.client("sqs")
    url = sqs.create_queue(QueueName="orders")["QueueUrl"]
    send(sqs, url, "order", 3)
    for _ in range(3):
        sqs.receive_message(QueueUrl=url)
    counts = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    busy = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=counts)["Attributes"]
busy

# %% [markdown]
# Three workers have all hands full, and the backlog is zero. It counts what *waits*, not what is being worked on
# {scaling-visible-only}, so a group that keeps up looks as if it had nothing to do, and the patient alarm sends it home.
#
# What would have kept the promise? Move the slider: the same two hours with a twentieth of the orders, and a group that is
# not allowed to become smaller than so many instances.

# %%
rush = Fleet(orders=50_000, over="2 h", work="0.5 s", acceptable="1 min", seed=8)


def smallest(fleet, minimum):
    fleet.run(minimum=minimum)


what_if(rush, smallest, "smallest size of the group", [1, 2, 4, 6], picture=fleet_size)

# %% [markdown]
# Six instances that stay cost fewer instance hours than one that calls for help, and nobody waits; four cost still less, and
# break the promise by half a minute. These hours are the model's: it removes at once whatever the metric doesn't ask for,
# and buys it back minutes later. How many instances AWS removes at a time it does not say, so there the saw may have
# smaller teeth, and help may be the cheaper one.
#
# What doesn't depend on the model is that the backlog doesn't see the work in hand {scaling-visible-only}, and that help takes
# minutes. Where you can foresee a rush, let the instances be there before the orders: a **scheduled action** raises the
# smallest size of a group by the clock, and another one lowers it.

# %% [markdown]
# ## One customer floods the queue
#
# More instances help when there is too much work. What do they do for a customer who has little, behind one who has much?
# Here is the day of the beginning: `120` orders of a supermarket, and after `70 s` one for flowers.

# %%
def flood(most=20, named=False):
    lab, sqs, url, autoscaling, waited = open_shop(most)
    for shop, orders, pause in (("supermarket", 120, 70), ("flowers", 1, 1800)):
        send(sqs, url, shop, orders, **({"MessageGroupId": shop} if named else {}))
        lab.clock.advance(pause)
    activities = autoscaling.describe_scaling_activities(AutoScalingGroupName="workers")["Activities"]
    lab.close()
    machines = sum(activity["Description"].startswith("Launching") for activity in activities)
    return lab, {shop: round(seconds) for shop, seconds in waited.items()} | {"machines": machines}


# %%
lab, day = flood()
day

# %%
fleet_size(lab)

# %% [markdown]
# The seconds are the longest that an order of each customer waited. The group did all that it was told, and the flowers
# stood behind the week of the supermarket.

# %%
predict(
    "08b-sixty",
    "The group may now have sixty instances, three times as many. How long do the flowers wait?",
    ["not at all", "a third of the time", "most of the time still"],
)

# %%
{most: flood(most)[1]["flowers"] for most in (20, 60)}

# %%
predict.reveal("08b-sixty", "most of the time still")

# %% [markdown]
# The data points and the boot are most of the wait, and no size of the group shortens them. A queue hands its messages out
# roughly as they came, so a small customer pays for a large one.

# %% [markdown]
# ### Say whose order it is
#
# Since 2025 a standard queue can tell its customers apart, if you say who is who: a `MessageGroupId` on each message names
# the **tenant** {missing-fair-queues}. It is an id, and takes no spaces:

# %% tags=["raises-ClientError:InvalidParameterValue"]
lab = Lab(seed=8)
sqs = lab.client("sqs")
url = sqs.create_queue(QueueName="orders")["QueueUrl"]
sqs.send_message(QueueUrl=url, MessageBody="tulips", MessageGroupId="flower shop")


# %%
def next_four(name, named=True, in_flight=35, pause=0):
    """Of a supermarket's 60 orders some are in flight, and one for flowers comes. What is received next?"""
    url = sqs.create_queue(QueueName=name, Attributes={"VisibilityTimeout": "3600"})["QueueUrl"]
    supermarket, flowers = [{"MessageGroupId": shop} if named else {} for shop in ("supermarket", "flowers")]
    send(sqs, url, "supermarket", 60, **supermarket)
    for _ in range(in_flight):
        sqs.receive_message(QueueUrl=url)
    time.sleep(pause)
    send(sqs, url, "flowers", **flowers)
    return [one["Body"] for one in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=4)["Messages"]]


next_four("without-groups", named=False)

# %%
predict(
    "08b-flowers",
    "The same with a MessageGroupId for each of the two shops. Where do the flowers come in the next receive?",
    ["behind the supermarket, as before: a queue is a queue", "first", "in the middle: the shops take turns"],
)

# %%
next_four("with-groups")

# %%
predict.reveal("08b-flowers", "first")

# %% [markdown]
# The supermarket had become **noisy**: it had {=fair-1} or more of its own in flight, and over a tenth of all. A tenth of the
# consumers' time would have done it too. Nobody slows a noisy tenant down or drops its messages; while others have messages
# waiting, theirs come first, and then it goes on as before {fair-3}. A message without a group is a tenant of its own
# {fair-2}, so name every customer, the large one first of all.
#
# A fair queue looks at who is noisy *now*. One in flight too few, or a pause too long before the flowers come, and they are
# behind again:

# %%
{
    "29 in flight": next_four("quiet-still", in_flight=29)[0],
    "30 in flight": next_four("noisy", in_flight=30)[0],
    "a pause of 299 s": next_four("noisy-still", pause=299)[0],
    "a pause of 300 s": next_four("quiet-again", pause=300)[0],
}

# %% [markdown]
# Who has sent nothing for {=fair-4} is quiet again, however long its backlog. A flood that arrives in one go and takes an hour to
# work off is held back for its first minutes; after them it stands in front of whoever comes later {fair-4}. A supermarket that
# goes on sending stays noisy.
#
# Is the queue a FIFO queue now? Look at two messages of one group:

# %%
url = sqs.create_queue(QueueName="two-of-one")["QueueUrl"]
for order in ("tulips", "roses"):
    sqs.send_message(QueueUrl=url, MessageBody=order, MessageGroupId="flowers")
[sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"] for _ in range(2)]

# %% [markdown]
# Both are in flight at once. On a standard queue the id of a group puts nothing in order and holds nothing back
# {missing-fair-queues}; it says whose message it is.

# %% [markdown]
# ### The same day, with names
#
# The day of the beginning once more, as it was and with the two customers named.

# %%
days = {"as it was": flood()[1], "with names": flood(named=True)[1]}
before, after = days["as it was"], days["with names"]
assert before["flowers"] > 5 * 60 and after["flowers"] < 30
assert after["supermarket"] <= before["supermarket"] and after["machines"] == before["machines"]
days

# %% [markdown]
# The first worker that was free took the flowers. With one worker the supermarket had a single order in flight; it was noisy by
# the consumers' time {fair-1}. Its last order waited as long as before, and no machine was added: fairness cost the
# supermarket one place in a line of `120`.

# %% [markdown]
# ## On the real service
#
# | AWS documents | runs here | what bridges them |
# |---|---|---|
# | A noisy tenant's thresholds are approximate, *recent* is not explained {fair-1} | exact; time counts half after five minutes | don't count on one message |
# | CloudWatch has metrics of noisy and quiet groups, such as `ApproximateNumberOfNoisyGroups` {missing-fair-queues} | none of them | watch how long a quiet tenant waits |
# | How much target tracking removes at a time is not said {scaling-visible-only} | what the metric asks for, at once | a smallest size |
# | Target tracking's own alarms have numbers that are not promised {scaling-target-alarms} | three data points up, fifteen down | read the alarms that your policy made |
# | An instance boots as long as it boots | a minute | measure yours |
# | Counts are approximate {queue-counters-lag} | exact | don't scale on single messages |
#
# Instances are billed while they run. A fair queue is an ordinary standard queue: there is nothing to switch on, the producers name
# their customers, and no consumer changes; a standard topic of SNS passes the id on {missing-fair-queues}. To clean up, delete both groups with their instances, their
# launch templates and the queue. With the AWS CLI:
#
# ```bash
# aws sqs send-message --queue-url "$URL" --message-body tulips --message-group-id flowers
# aws autoscaling put-scheduled-update-group-action --auto-scaling-group-name workers \
#     --scheduled-action-name before-noon --recurrence "50 11 * * *" --min-size 6
# aws autoscaling delete-auto-scaling-group --auto-scaling-group-name workers --force-delete
# aws autoscaling delete-auto-scaling-group --auto-scaling-group-name web --force-delete
# aws sqs delete-queue --queue-url "$URL"
# ```
#
# and in CloudFormation, the two tiers' measures and the instances before noon:
#
# ```yaml
# FrontByItsWork:
#   Type: AWS::AutoScaling::ScalingPolicy
#   Properties:
#     AutoScalingGroupName: !Ref Web
#     PolicyType: TargetTrackingScaling
#     TargetTrackingConfiguration:
#       TargetValue: 50
#       PredefinedMetricSpecification: {PredefinedMetricType: ASGAverageCPUUtilization}
# BackByItsBacklog:
#   Type: AWS::AutoScaling::ScalingPolicy
#   Properties:
#     AutoScalingGroupName: !Ref Workers
#     PolicyType: TargetTrackingScaling
#     TargetTrackingConfiguration:
#       TargetValue: 4
#       CustomizedMetricSpecification:
#         Metrics:
#           - Id: messages
#             ReturnData: false
#             MetricStat:
#               Stat: Average
#               Metric:
#                 Namespace: AWS/SQS
#                 MetricName: ApproximateNumberOfMessagesVisible
#                 Dimensions: [{Name: QueueName, Value: !GetAtt Orders.QueueName}]
#           - Id: instances
#             ReturnData: false
#             MetricStat:
#               Stat: Average
#               Metric:
#                 Namespace: AWS/AutoScaling
#                 MetricName: GroupInServiceInstances
#                 Dimensions: [{Name: AutoScalingGroupName, Value: !Ref Workers}]
#           - {Id: backlog, Expression: messages / instances, ReturnData: true}
# BeforeNoon:
#   Type: AWS::AutoScaling::ScheduledAction
#   Properties:
#     AutoScalingGroupName: !Ref Workers
#     Recurrence: "50 11 * * *"
#     MinSize: 6
# ```

# %% [markdown]
# ## In five lines
#
# - With a queue between them two tiers are two groups {tier-1}, each with a measure of its own {tier-2}.
# - A backlog counts what waits: a group that keeps up looks idle, and shrinks in the rush {scaling-visible-only}.
# - Help takes minutes, however large it is; for a rush that you foresee, let the instances be there before it.
# - More machines don't help a small customer behind a large one; a `MessageGroupId` on each message does {fair-3}.
# - It holds back who is noisy now, orders nothing {missing-fair-queues}, and forgets who has sent nothing for {=fair-4}.
#
# **Recall, without looking.** Why does a group that keeps up with a rush shrink? What does a message group id do on a
# standard queue, and what not? When does a large backlog stop being held back?
#
# <details><summary>The answers</summary>
#
# 1. Its backlog is near zero, because messages in flight don't count in it {scaling-visible-only}.
# 2. It names the tenant, so that quiet ones come before a noisy one {fair-3}. It puts nothing in order, and holds no
#    message back behind another of its group {missing-fair-queues}.
# 3. When nobody quiet has messages waiting {fair-3}, or once its tenant has sent nothing for {=fair-4}.
#
# </details>

# %% [markdown]
# ## The claims of this lesson
#
# Each line was an experiment just now, or names the page it was read in.

# %%
claims_of("08b")
