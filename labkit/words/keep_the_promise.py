"""Sentences of exercise 08-keep-the-promise."""

from enum import Enum, unique

TITLE = "a fleet that keeps a promise"
ORDINARY = "an ordinary day: a parcel takes 20 s and may wait 10 min; a rush of 180 parcels"
GIFTS = "a day of gifts: a parcel takes 4 min and may wait 10 min; a rush of 15 parcels"
FAULTS = "an ordinary day with everything that AWS says may happen: duplicates, another order"

HINTS = (
    "What should the group follow? The length of the queue says how many parcels wait, not for how long: on one day a parcel "
    "takes 20 s, on the other 4 min. Lesson 08 divides the length by something.",
    "Let a target tracking policy follow the backlog per instance: metric math divides "
    "`ApproximateNumberOfMessagesVisible` of the queue by `GroupInServiceInstances` of the group. The two metrics have "
    "dimensions of their own, `QueueName` and `AutoScalingGroupName`.",
    "The target is how long a parcel may wait, divided by how long one takes: both are given to your function. A number that "
    "you write down is right for one of the two days at most. Minutes pass until a new instance works: stay a little below.",
    "`autoscaling.put_scaling_policy` wants `PolicyType='TargetTrackingScaling'` and a `TargetTrackingConfiguration` with the "
    "`TargetValue`, here `0.8 * promise / seconds`, and a `CustomizedMetricSpecification` with `Metrics`. Of these, the two of AWS "
    "have `ReturnData=False`, and the expression that divides them has True.",
)
RIGHT = "The promise was kept on both days, and the group was small again when the rush was over."
TOLD_ORDINARY = "On an ordinary day: the longest wait was {longest:.1f} min, with up to {most} instances and {spent} instance-minutes (budget {budget})."
TOLD_GIFTS = "On a day of gifts: {longest:.1f} min, {most} instances, {spent} instance-minutes (budget {budget})."
TOLD_FAULTS = "With everything that AWS says may happen: {longest:.1f} min, {most} instances."

IN_TIME = "No parcel waits longer than {minutes:.0f} min until somebody begins to pack it."
WITHIN = "At most {budget} instance-minutes in the day."
SPENT = "{minutes} instance-minutes, at most {most} instances at one time"
RESTLESS = "more than {calls:,} API calls of your function by minute {minute:.0f}"
CALM = "At most {calls:,} API calls of your function in the day."


@unique
class Mistake(Enum):
    """What an answer can do wrong in this exercise alone, each with the sentence that says why."""

    RESTLESS = "Metrics come once a minute, so a look each minute is enough: call `time.sleep(60)` in the loop. A scaling policy watches by itself, and your function may return."
    NOTHING = "Nothing that you called changes the size of the group or lets something change it: a scaling policy does, by an alarm on a metric."
    SAME_SIZE = "The group kept its size through the rush. A number that is set once at the beginning does not see the rush coming."
    LOOKED_ON = "Your function was at work in the rush and let the group keep its size: let the number that it asks for grow with what waits."
    TOO_EARLY = "The group was larger before the rush, and small again in it. Nobody knows when the rush comes: let the group follow what waits."
    NO_ALARM = "There is a scaling policy, but nothing invokes it: a step or simple policy needs a CloudWatch alarm whose `AlarmActions` name its PolicyARN. A target tracking policy makes its alarms itself."
    NO_DATA = "The alarm {alarm} had no data point in the whole day. A metric is found by its namespace, its name and all its dimensions: the queue is {queue!r}, the group {group!r}."
    NO_ACTION = (
        "The alarm {alarm} calls nobody: it has no `AlarmActions`, and an alarm without actions changes its state only."
    )
    SILENT = "Nothing came above the threshold of {threshold:g} of the alarm {alarm} for long enough, so nobody was asked for help. How many parcels may wait before an instance, if one takes so long?"
    OTHER_WAY = "The alarm {alarm} goes off when there is less than {threshold:g}: look at its ComparisonOperator, since a rush is more."
    NO_MORE = "The alarm {alarm} went off, and what it called did not make the group larger: look at what its `AlarmActions` name, and at the adjustment there."
    LENGTH = "The policy follows the length of the queue alone: it does not become smaller when an instance is added, and it does not know how long a parcel takes. Divide it by the instances in service."
    AGE = "It follows the age of the oldest message: that grows only while the promise is already running out, and it doesn't say how much work waits, so nobody can divide it among instances. Follow the backlog per instance."
    LATE = "The first helper was in service {reaction:.0f} min after the rush had begun, when the promise was already broken: ask for it sooner. An alarm calls sooner with fewer data points or a lower threshold."
    FEW = "{parcels} parcels of {seconds} s are {work:.0f} min of work. {most} instances need {drain:.0f} min for it, and the first helper came {reaction:.0f} min after the rush had begun: both together are longer than the promise. Ask for more: a target that is less than the whole promise does."
    GRADUAL = "{parcels} parcels of {seconds} s are {work:.0f} min of work, and {most} instances need {drain:.0f} min for it: they would have been enough if all had come with the first, {reaction:.0f} min after the rush had begun. Ask for as many as are needed at once."
    FIXED_FEW = "{parcels} parcels of {seconds} s are {work:.0f} min of work, and {most} instances need {drain:.0f} min for it. The group kept that size through the rush: let it grow with what waits."
    SHRANK = "Instances were taken away in the rush, while parcels waited: let the group follow what waits."
    FIXED = "The group had {most} instances all day long, and most of the day one is enough: let it grow with the rush and shrink after it."
    STAYED = "At the end of the day {last} instances were still there: nothing took them away when the queue was empty. A target tracking policy scales in by itself; a step policy needs a second alarm and a policy for less."
    LARGE_BEFORE = "Already before the rush there were {before} instances, and one is enough then: let the group grow with what waits."
    MANY = "Up to {most} instances were launched. About {needed:.0f} finish the rush within the promise, a few more make up for the minutes before they come: ask for fewer, as a larger target does."
    SLOW_DOWN = (
        "Up to {most} instances are no more than it takes, but they stayed long after the rush: take them away sooner."
    )
