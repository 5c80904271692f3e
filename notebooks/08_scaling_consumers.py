# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 08 · Scaling consumers
#
# On Monday forty orders waited in the queue, the last of them for less than a minute. On Tuesday forty orders waited again,
# and the last customer was served after twenty minutes. The alarm on the length of the queue stayed silent on both days, and it
# was right: at no time was the queue long. By the end of this lesson you can say what to measure instead, and let a fleet of
# machines grow and shrink by it without losing the work in their hands.
#
# **You will be able to**
#
# 1. read what a queue tells CloudWatch, and build an alarm that changes its state when you want it to;
# 2. let an Auto Scaling group follow the *backlog per instance*, and calculate its target from a promise to customers;
# 3. scale in without interrupting busy workers.
#
# About {minutes} minutes. Needs lessons 02 and 03. Exams: SAA-C03 domains 2 and 3, SOA-C03 domain 2, SAP-C02 domain 2.

# %%
import time
from datetime import timedelta

from labkit import Lab, claims_of, fleet_size, predict

DIMENSIONS = [{"Name": "QueueName", "Value": "orders"}]

# %% [markdown]
# Three services play together. **Amazon SQS**, the Simple Queue Service, keeps the orders until a worker has deleted them.
# **Amazon CloudWatch** keeps numbers over time and watches them. **Amazon EC2 Auto Scaling** keeps a group of virtual machines
# at a wanted size. Here is such a queue with forty orders, and its length, the one number that Monday's alarm knew:

# %%
def send(sqs, url, orders, every=0):
    for number in range(orders):
        sqs.send_message(QueueUrl=url, MessageBody=f"order-{number}")
        time.sleep(every)


with Lab(seed=8) as lab:
    sqs = lab.client("sqs")
    url = sqs.create_queue(QueueName="orders")["QueueUrl"]
    send(sqs, url, 40)
    length = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])["Attributes"]
length

# %% [markdown]
# The tools that several sections share follow: a shop with one queue and one group, and what is asked of CloudWatch. They are
# ordinary calls of boto3, and come back where they are used; run the cells and read on.

# %%
def create_group(lab, name, instances, most=20):
    """An Auto Scaling group whose size CloudWatch records each minute."""
    image = {"ImageId": "ami-12c6146b", "InstanceType": "t3.micro"}
    lab.client("ec2").create_launch_template(LaunchTemplateName=name, LaunchTemplateData=image)
    group = {"AutoScalingGroupName": name, "MinSize": 1, "MaxSize": most, "DesiredCapacity": instances}
    autoscaling = lab.client("autoscaling")
    autoscaling.create_auto_scaling_group(
        **group, LaunchTemplate={"LaunchTemplateName": name}, AvailabilityZones=["us-east-1a"]
    )
    autoscaling.enable_metrics_collection(AutoScalingGroupName=name, Granularity="1Minute")
    return autoscaling


# %%
def work(lab, url, seconds, instance):
    sqs = lab.client("sqs")
    while True:
        for message in sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20).get("Messages", []):
            time.sleep(seconds)
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


def open_shop(seconds=30, instances=1, worker=work):
    """A queue of orders, and a group whose instances need so many seconds an order."""
    lab = Lab(seed=8)
    sqs = lab.client("sqs")
    url = sqs.create_queue(QueueName="orders", Attributes={"VisibilityTimeout": "120"})["QueueUrl"]
    autoscaling = create_group(lab, "workers", instances)
    lab.start_on("workers", lambda instance: worker(lab, url, seconds, instance))
    lab.clock.advance("1 min")
    return lab, sqs, url, autoscaling


# %%
def maximum(lab, metric, minutes=60):
    """The highest value of one of the queue's metrics in the last minutes."""
    now = lab.clock.now()
    answer = lab.client("cloudwatch").get_metric_statistics(
        Namespace="AWS/SQS", MetricName=metric, Dimensions=DIMENSIONS, Statistics=["Maximum"],
        StartTime=now - timedelta(minutes=minutes), EndTime=now, Period=60 * minutes,
    )
    return answer["Datapoints"][0]["Maximum"] if answer["Datapoints"] else None


def alarm_above(lab, threshold, *actions, periods=1):
    """An alarm on the queue's length, which also invokes these actions."""
    watched = {"Namespace": "AWS/SQS", "MetricName": "ApproximateNumberOfMessagesVisible", "Dimensions": DIMENSIONS}
    lab.client("cloudwatch").put_metric_alarm(
        AlarmName="many-orders", **watched, Statistic="Maximum", Period=60, EvaluationPeriods=periods,
        ComparisonOperator="GreaterThanThreshold", Threshold=threshold, AlarmActions=list(actions),
    )


# %%
def query(id, namespace, name, dimension, value):
    metric = {"Namespace": namespace, "MetricName": name, "Dimensions": [{"Name": dimension, "Value": value}]}
    return {"Id": id, "MetricStat": {"Metric": metric, "Stat": "Average"}, "ReturnData": False}


def backlog_per_instance(target, group="workers"):
    metrics = [
        query("messages", "AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", "orders"),
        query("instances", "AWS/AutoScaling", "GroupInServiceInstances", "AutoScalingGroupName", group),
        {"Id": "backlog", "Expression": "messages / instances", "ReturnData": True},
    ]
    return {"TargetValue": target, "CustomizedMetricSpecification": {"Metrics": metrics}}


def track(autoscaling, target):
    return autoscaling.put_scaling_policy(
        AutoScalingGroupName="workers", PolicyName="backlog", PolicyType="TargetTrackingScaling",
        TargetTrackingConfiguration=backlog_per_instance(target), EstimatedInstanceWarmup=60,
    )


# %% [markdown]
# ## One consumer, many consumers
#
# Before machines come and go by themselves, add some by hand. Sixty orders wait, each of `30 s`; one worker would need half
# an hour.

# %%
predict(
    "08-six",
    "Six workers poll the same queue. When is the last of the sixty orders done?",
    ["after half an hour: a queue is served in order", "after fifteen minutes", "after five minutes"],
)


# %%
def until_empty(sqs, url):
    while batch := sqs.receive_message(QueueUrl=url, VisibilityTimeout=60).get("Messages"):
        time.sleep(30)
        sqs.delete_message(QueueUrl=url, ReceiptHandle=batch[0]["ReceiptHandle"])


# %%
def drain(workers):
    with Lab(seed=8) as lab:
        sqs = lab.client("sqs")
        url = sqs.create_queue(QueueName="orders")["QueueUrl"]
        send(sqs, url, 60)
        for _ in range(workers):
            lab.start(until_empty, sqs, url)
        lab.run()
        return lab.clock.now().strftime("%H:%M:%S")


{workers: drain(workers) for workers in (1, 2, 6)}

# %%
predict.reveal("08-six", "after five minutes")

# %% [markdown]
# Six workers, a sixth of the time: a standard queue hands each message to whoever asks, and no worker knows of the
# others {multi-5}. So the question is not *whether* more workers help. It is how many, from when on, and who decides at
# three in the morning.

# %% [markdown]
# ## What a queue tells
#
# SQS sends numbers about each active queue to CloudWatch, one data point every {=metric-active}, at no charge. Nobody has to
# ask for it, and nothing in the queue changes by it.

# %%
lab, sqs, url, autoscaling = open_shop()
send(sqs, url, 20, every=6)
maximum(lab, "ApproximateNumberOfMessagesVisible"), maximum(lab, "ApproximateAgeOfOldestMessage")

# %%
cloudwatch = lab.client("cloudwatch")
sorted(metric["MetricName"] for metric in cloudwatch.list_metrics(Namespace="AWS/SQS")["Metrics"])

# %% [markdown]
# **Counts** such as `NumberOfMessagesSent` say what happened in a minute; a receive that brings nothing counts in
# `NumberOfEmptyReceives`, and a message that redrive moves into a dead-letter queue is *not* sent {metric-counts}. **Gauges**
# such as `ApproximateNumberOfMessagesVisible` say how it is at the end of a minute. The one that your customers feel is
# `ApproximateAgeOfOldestMessage`: the seconds that the oldest order has been in the queue. One message that fails
# again and again doesn't spoil it, for after {=metric-age} without a delete it is left out.

# %%
predict(
    "08-asleep",
    "The queue is emptied, and nobody calls it for eight hours. What is its number of visible messages in the last hour?",
    ["0", "no data at all", "the last number before it fell asleep"],
)

# %%
lab.clock.advance("15 min")
sqs.purge_queue(QueueUrl=url)
autoscaling.update_auto_scaling_group(AutoScalingGroupName="workers", MinSize=0, DesiredCapacity=0)
lab.clock.advance("8 h")
print(maximum(lab, "ApproximateNumberOfMessagesVisible"))

# %%
predict.reveal("08-asleep", "no data at all")

# %% [markdown]
# A queue without messages and without calls falls asleep after six hours; from then on its data is *missing*, which is not
# the same as zero {metric-active}. Remember it for the alarm.

# %% [markdown]
# ## An alarm waits for its threshold
#
# You may read elsewhere that *when the queue reaches a threshold, an alarm is created*. Look at when it is made.

# %%
lab, sqs, url, autoscaling = open_shop()
cloudwatch = lab.client("cloudwatch")
alarm_above(lab, 10, periods=2)
cloudwatch.describe_alarms()["MetricAlarms"][0]["StateValue"]

# %%
lab.clock.advance("2 min")
send(sqs, url, 20)
lab.clock.advance("8 min")
history = cloudwatch.describe_alarm_history(HistoryItemType="StateUpdate", ScanBy="TimestampAscending")
for item in history["AlarmHistoryItems"]:
    print(item["Timestamp"].strftime("%H:%M"), item["HistorySummary"])
cloudwatch.describe_alarms()["MetricAlarms"][0]["StateReason"]

# %% [markdown]
# The alarm was there before the first order {asg-1}. It began with too little data to say anything, was content with the
# empty queue, and went to `ALARM` when two data points in a row were above ten {alarm-states}. Its reason is told too.
#
# And when data is missing, as with the sleeping queue? Then the alarm does what its `TreatMissingData` says: with the default
# it goes back to `INSUFFICIENT_DATA`; `breaching` makes silence an alarm, `notBreaching` makes it a good sign, `ignore`
# keeps what was {alarm-missing}.

# %% [markdown]
# ## The alarm calls for help
#
# An alarm has actions. One of them can be a **scaling policy** of an Auto Scaling group. This *step* policy adds one instance
# for a small excess and three for a large one {scaling-steps}.

# %%
lab, sqs, url, autoscaling = open_shop()
steps = [
    {"MetricIntervalLowerBound": 0, "MetricIntervalUpperBound": 20, "ScalingAdjustment": 1},
    {"MetricIntervalLowerBound": 20, "ScalingAdjustment": 3},
]
policy = autoscaling.put_scaling_policy(
    AutoScalingGroupName="workers", PolicyName="help", PolicyType="StepScaling", AdjustmentType="ChangeInCapacity",
    StepAdjustments=steps, EstimatedInstanceWarmup=60,
)
policy["PolicyARN"].split(":")[-1]

# %% [markdown]
# Now an ordinary morning: for ten minutes an order every `6 s`, and each takes `30 s`. Five workers would be just enough.

# %%
alarm_above(lab, 10, policy["PolicyARN"])
lab.start(send, sqs, url, 100, 6, name="customers")
lab.run(until="20 min")
fleet_size(lab)

# %% [markdown]
# The group grew without anybody at the keyboard {asg-2}. Look closely at three things. Five would have been enough for
# the stream of orders, and it became twelve: the policy sees how long the queue is, not that it is shrinking. Between *launched* and *in service*
# lies the time to boot, here a minute; help that is called is not help that works. And the alarm did not act only once: as
# long as it stays in `ALARM` it invokes the policy again every minute {alarm-actions}, while the policy counts instances
# that still warm up as asked for {scaling-warmup}. A topic, in contrast, is told once.
#
# Nobody has taken an instance away, by the way. A step policy does what you wrote; for the way down you need a second alarm
# and a second policy. And a group has limits, whoever asks:

# %% tags=["raises-ClientError:ValidationError"]
autoscaling.set_desired_capacity(AutoScalingGroupName="workers", DesiredCapacity=21)

# %% [markdown]
# ## The length of a queue misleads
#
# Monday and Tuesday from the beginning of this lesson, with one worker each and one alarm for both: above fifty orders.
# On Monday an order takes `1 s`, on Tuesday a gift box is wrapped with each, which takes `30 s`.

# %%
def day(seconds):
    lab, sqs, url, _ = open_shop(seconds)
    alarm_above(lab, 50)
    send(sqs, url, 40)
    sent = lab.clock.now().timestamp() * 1e6
    lab.run(until="25 min")
    begun = [change.at for change in lab.history.changes() if change.after == "in flight"]
    state = lab.client("cloudwatch").describe_alarms()["MetricAlarms"][0]["StateValue"]
    lab.close()
    return f"{len(begun)} orders, the last one begun after {(begun[-1] - sent) / 1e6:.0f} s; alarm {state}"


{"Monday": day(1), "Tuesday": day(30)}

# %% [markdown]
# The same queue, thirty times the wait, and not a word from the alarm {scaling-length}. How long a queue may be depends on
# how fast it is emptied: on the time one message takes, and on how many are at work. The queue's length knows neither.

# %% [markdown]
# ## Backlog per instance
#
# So divide. The **backlog per instance** is the number of visible messages over the number of instances in service. Its
# acceptable value follows from a promise: how long may an order wait, divided by the time one order takes. In AWS's own
# example a message takes `0.1 s` and may wait `10 s`, so an instance may have {=scaling-length} before it.

# %%
predict(
    "08-example",
    "AWS's example goes on: 1,500 messages wait, 10 instances work, the target is 100 each. By how many does the group grow?",
    ["by 1", "by 5", "by 15"],
)

# %%
acceptable = 10 / 0.1
backlog = 1500 / 10
round(10 * backlog / acceptable) - 10

# %%
predict.reveal("08-example", "by 5")

# %% [markdown]
# Nobody has to calculate that at night. A **target tracking** policy takes the two metrics, divides them by *metric math*
# {metric-math}, and makes its own two alarms: one for growing, and a more patient one for shrinking {scaling-target-alarms}.
# This is what the tool `track` tells it:

# %%
backlog_per_instance(target=4)["CustomizedMetricSpecification"]["Metrics"]

# %% [markdown]
# Tuesday once more. The shop promises two minutes and an order takes `30 s`, so the target is four.

# %%
lab, sqs, url, autoscaling = open_shop(30)
print([alarm["AlarmName"].split("-")[2] for alarm in track(autoscaling, target=120 / 30)["Alarms"]])
send(sqs, url, 40)
lab.run(until="30 min")
fleet_size(lab)

# %%
maximum(lab, "ApproximateAgeOfOldestMessage")

# %% [markdown]
# The oldest order was six minutes old, instead of twenty. It isn't two, and the picture shows where the other four went: three data points before the
# alarm believes it, a minute to boot, and then the work began. No policy is faster than that, so a promise of two
# minutes needs instances that are there before the orders {scaling-target-alarms}. Then, a quarter of an hour after the
# last order, the group went back by itself.
#
# One trap is left. With a smallest size of zero the group may end up with no instance at all, and then there is nothing to
# divide by: no data point, no alarm, no help {metric-math}. Keep one, or watch the queue's length for that one case.

# %% [markdown]
# ## Scale-in and busy workers
#
# A fleet that shrinks takes machines away. Which ones? It can't choose the idle ones: Auto Scaling does not know what an
# instance is doing {scaling-termination}. Here two instances each wrap a parcel of ten minutes, and the group is asked to become one.

# %%
lab, sqs, url, autoscaling = open_shop(600, instances=2)
sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "900"})
send(sqs, url, 2)
lab.clock.advance("5 min")
autoscaling.set_desired_capacity(AutoScalingGroupName="workers", DesiredCapacity=1)
activity = autoscaling.describe_scaling_activities(AutoScalingGroupName="workers")["Activities"][0]
activity["Cause"].split("  ")[0]

# %%
lab.clock.advance("30 min")
interrupted = next(change.message for change in lab.history.changes() if change.receives == 2)
lab.passport(interrupted)

# %% [markdown]
# The machine was taken away in the middle of its work. The order lay hidden until its visibility timeout ended, and then
# somebody began it from nothing. It was not lost, for nobody had deleted it {vis-7}. But the wait was long, and work was
# thrown away.
#
# An instance can say that it is busy: **scale-in protection** {scaling-protection}. The worker below protects its own instance
# while it has an order in its hands. `lab.start_on` gave it the id that a real instance would read from its metadata.

# %%
def careful(lab, url, seconds, instance):
    sqs, autoscaling = lab.client("sqs"), lab.client("autoscaling")
    hands = {"AutoScalingGroupName": "workers", "InstanceIds": [instance]}
    while True:
        for message in sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20).get("Messages", []):
            autoscaling.set_instance_protection(**hands, ProtectedFromScaleIn=True)
            time.sleep(seconds)
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            autoscaling.set_instance_protection(**hands, ProtectedFromScaleIn=False)


# %%
lab, sqs, url, autoscaling = open_shop(600, instances=2, worker=careful)
sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "900"})
send(sqs, url, 2)
lab.clock.advance("5 min")
autoscaling.set_desired_capacity(AutoScalingGroupName="workers", DesiredCapacity=1)
lab.clock.advance("30 min")
group = autoscaling.describe_auto_scaling_groups()["AutoScalingGroups"][0]
receives = {change.body: change.receives for change in lab.history.changes() if change.after == "deleted"}
{"instances": len(group["Instances"]), "receives": receives}

# %% [markdown]
# Both orders were received once and done, and the group became one as soon as somebody was free. Protection holds against
# scale-in alone: a person who terminates the instance, a failed health check or a Spot interruption don't ask. The queue does.
#
# ### Monday and Tuesday, cured
#
# Now the two days of the beginning with all of it: the promise of two minutes gives the target of each day, the group follows
# its backlog, and its workers protect themselves.

# %%
def cured(seconds):
    lab, sqs, url, autoscaling = open_shop(seconds, worker=careful)
    track(autoscaling, target=120 / seconds)
    send(sqs, url, 40)
    sent, sizes = lab.clock.now().timestamp() * 1e6, []
    for _ in range(30):
        lab.clock.advance("1 min")
        group = autoscaling.describe_auto_scaling_groups()["AutoScalingGroups"][0]
        sizes.append(len(group["Instances"]))
    begun = [change for change in lab.history.changes() if change.after == "in flight"]
    lab.close()
    waited, again = round((begun[-1].at - sent) / 1e6), sum(change.receives > 1 for change in begun)
    return {"last one begun after": waited, "most instances": max(sizes), "begun again": again}


# %%
days = {"Monday": cured(1), "Tuesday": cured(30)}
assert all(day["begun again"] == 0 for day in days.values())
assert days["Tuesday"]["last one begun after"] < 20 * 60 / 3
days

# %% [markdown]
# On Monday one instance was enough, and one it stayed. On Tuesday, with the same length of queue, the group grew to nine, and
# the last customer was served after less than a third of the twenty minutes; no order was begun twice. The length alone kept
# the alarm silent. Divided by the instances, and held against a promise, it says when to grow.

# %% [markdown]
# ## On the real service
#
# | AWS documents | runs here | what bridges them |
# |---|---|---|
# | The metrics of a queue arrive each minute; after a pause the first can be up to `15 min` late {metric-active} | at the full minute, at once | leave time in your thresholds |
# | A changed visibility timeout of a queue can take up to {=queue-settings-late} to act | at once, unless asked | `Faults(late_settings=1)` |
# | Counts are approximate {queue-counters-lag} | exact | don't scale on single messages |
# | CloudWatch looks further back than the evaluation periods when data is missing; how far depends on the alarm {alarm-missing} | two data points further, as in AWS's example | open |
# | Target tracking scales in *more gradually*; its alarms' numbers are not promised {scaling-target-alarms} | three data points up, fifteen down, in proportion | read the alarms that your policy made |
# | An instance boots as long as it boots | a minute, or `start_on(..., boot="3 min")` | measure yours, and set the warm-up to it |
# | A terminated instance gets a little time to stop | its program ends at that instant | lifecycle hooks, heartbeats |
#
# Instances are billed while they run, and alarms too, in small amounts. The metrics of SQS cost nothing {metric-active},
# and neither do those of a group, but somebody has to enable them {scaling-group-metrics}. To clean up, delete the group with its instances, then the launch template, the alarm and the queue. With the AWS CLI:
#
# ```bash
# aws autoscaling put-scaling-policy --auto-scaling-group-name workers --policy-name backlog \
#     --policy-type TargetTrackingScaling --target-tracking-configuration file://backlog.json
# aws autoscaling set-instance-protection --auto-scaling-group-name workers --instance-ids "$ID" --protected-from-scale-in
# aws autoscaling delete-auto-scaling-group --auto-scaling-group-name workers --force-delete
# aws cloudwatch delete-alarms --alarm-names many-orders
# ```
#
# and in CloudFormation, the alarm:
#
# ```yaml
# ManyOrders:
#   Type: AWS::CloudWatch::Alarm
#   Properties:
#     Namespace: AWS/SQS
#     MetricName: ApproximateNumberOfMessagesVisible
#     Dimensions: [{Name: QueueName, Value: !GetAtt Orders.QueueName}]
#     Statistic: Maximum
#     Period: 60
#     EvaluationPeriods: 1
#     Threshold: 10
#     ComparisonOperator: GreaterThanThreshold
#     AlarmActions: [!Ref Help]
# ```

# %% [markdown]
# ## In five lines
#
# - A queue's metrics come every {=metric-active} while it is active; without data an alarm does what you told it {alarm-missing}.
# - An alarm exists before its threshold and changes its state there {asg-1}; a policy behind it changes a group {asg-2}.
# - The length of a queue says little {scaling-length}; the backlog per instance follows from a promise.
# - Help takes minutes: data points, boot, warm-up {scaling-warmup}.
# - Scale-in takes busy instances too {scaling-termination}, unless they are protected {scaling-protection}.
#
# **Recall, without looking.** Which two numbers make the target of a backlog per instance? Why does a group of size zero
# stay at zero by it? What happens to an order whose instance is taken away?
#
# <details><summary>The answers</summary>
#
# 1. How long an order may wait, and how long one order takes: the first divided by the second {scaling-length}.
# 2. The backlog is divided by the number of instances. With none there is no data point, so no alarm and no help
#    {metric-math}.
# 3. It is hidden until its visibility timeout ends, and then begun from nothing by another instance
#    {scaling-termination}.
#
# </details>
#
# The exercise: a policy that keeps a promise with the fewest instance-minutes. Open `exercises/08_scaling_consumers.ipynb`.
# Lesson 08b asks *whose* orders wait.

# %% [markdown]
# ## The claims of this lesson
#
# Each line was an experiment just now, or names the page it was read in.

# %%
claims_of("08")
