"""Sentences of exercise 08-keep-the-promise."""

TITLE = "a fleet that keeps a promise"
STORY = (
    "A depot packs parcels. They wait in the queue `parcels`, and the instances of the Auto Scaling group `packers` pack "
    "them, one at a time. Most of the day one instance is enough; then, within five minutes, a rush comes. The depot "
    "promises its customers how long a parcel waits at most until somebody begins to pack it. Instances cost money by the "
    "minute, from their launch to their end."
)
BUDGET = "At most {minutes} instance-minutes a day of two hours."
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
    "you write down is right for one of the two days at most.",
    "`autoscaling.put_scaling_policy` wants `PolicyType='TargetTrackingScaling'` and a `TargetTrackingConfiguration` with the "
    "`TargetValue`, here `promise / seconds`, and a `CustomizedMetricSpecification` with `Metrics`. Of these, the two of AWS "
    "have `ReturnData=False`, and the expression that divides them has True.",
)
RIGHT = "The promise was kept on both days, and the group was small again when the rush was over."
TOLD_ORDINARY = "On an ordinary day: the longest wait was {longest:.1f} min, with up to {most} instances and {spent} instance-minutes (budget {budget})."
TOLD_GIFTS = "On a day of gifts: {longest:.1f} min, {most} instances, {spent} instance-minutes (budget {budget})."
TOLD_FAULTS = "With everything that AWS says may happen: {longest:.1f} min, {most} instances."

IN_TIME = "No parcel waits longer than {minutes:.0f} min until somebody begins to pack it."
WITHIN = "At most {budget} instance-minutes in the day."
WAITED = "{parcel} waited {minutes:.1f} min"
GREW = "the group had at most {most} instances; a second one was in service {at}"
AT_NO_TIME = "at no time"
AT_MINUTE = "from minute {minute:.0f} on"
SPENT = "{minutes} instance-minutes, at most {most} instances at one time"

RESTLESS = "{calls} API calls of your function by minute {minute:.0f}"
CALM = "A function that watches over the day sleeps between its looks."
WHY_RESTLESS = "Metrics come once a minute, so a look each minute is enough: call `time.sleep(60)` in the loop. A scaling policy watches by itself, and your function may return."
WHY_NOTHING = "Nothing that you called changes the size of the group or lets something change it: a scaling policy does, by an alarm on a metric."
WHY_SAME_SIZE = (
    "The group kept its size through the rush. A number that is set once at the beginning does not see the rush coming."
)
WHY_NO_ALARM = "There is a scaling policy, but nothing invokes it: a step or simple policy needs a CloudWatch alarm whose `AlarmActions` name its PolicyARN. A target tracking policy makes its alarms itself."
WHY_NO_DATA = "The alarm {alarm} had no data point in the whole day. A metric is found by its namespace, its name and all its dimensions: the queue is {queue!r}, the group {group!r}."
WHY_NO_ACTION = "The alarm {alarm} went off for nobody: it has no `AlarmActions`, and an alarm without actions changes its state only."
WHY_SILENT = "Nothing came above the threshold of {threshold:g} of the alarm {alarm} for long enough, so nobody was asked for help. How many parcels may wait before an instance, if one takes so long?"
WHY_LENGTH = "The policy follows the length of the queue alone: it does not become smaller when an instance is added, and it does not know how long a parcel takes. Divide it by the instances in service."
WHY_LATE = "The first helper was in service {minutes:.0f} min after the rush had begun, when the promise was already broken: fewer data points, or a lower threshold, would have called sooner."
WHY_FEW = "{parcels} parcels of {seconds} s are {work:.0f} min of work. {most} instances need {drain:.0f} min for it, and the first helper came {reaction:.0f} min after the rush had begun: both together are longer than the promise. Leave the target less than the whole promise."
WHY_FIXED_FEW = "{parcels} parcels of {seconds} s are {work:.0f} min of work, and {most} instances need {drain:.0f} min for it. The group kept that size through the rush: let it grow with what waits."
WHY_FIXED = "The group had {most} instances all day long, and most of the day one is enough: let it grow with the rush and shrink after it."
WHY_STAYED = "At the end of the day {last} instances were still there: nothing took them away when the queue was empty. A target tracking policy scales in by itself; a step policy needs a second alarm and a policy for less."
WHY_MANY = "Up to {most} instances were launched, and they stay for a quarter of an hour when they are no longer needed. About {needed:.0f} finish the rush within the promise, a few more make up for the minutes before they come: a larger target launches fewer."
