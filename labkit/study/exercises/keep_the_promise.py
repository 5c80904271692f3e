"""Exercise 08-keep-the-promise: the scaling policy that keeps a promise to customers with few instance-minutes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from moto.sqs.models import sqs_backends

from labkit.aws.acting import acting
from labkit.aws.sqs import data_plane, handles
from labkit.aws.sqs.stores import rules_of
from labkit.causes import StateUpdated
from labkit.pictures.fleet_size import Points, sizes
from labkit.rules import Faults, Message
from labkit.study.exercise import Exercise, Problem, Run, broken
from labkit.study.record import Record
from labkit.study.shift import promises as shared
from labkit.study.shift.jobs import ANSWER, SECOND, Job, Jobs
from labkit.study.shift.shift import Shift
from labkit.study.shift.standing import Standing, standing
from labkit.study.shift.trail import Trail, refused
from labkit.study.shift.why import Why, why_refused
from labkit.words import keep_the_promise as words
from labkit.words import say, told
from labkit.words.keep_the_promise import Mistake

if TYPE_CHECKING:
    from labkit.aws.lab import Lab

QUEUE, GROUP, MOST = "parcels", "packers", 20
MINUTE, BUDGET, PROMISE = 60, 320, 600
MOST_CALLS, MOST_EVENTS = 1_000, 2_500
WAIT, IMAGE = 20 * SECOND, "ami-12c6146b"
VISIBLE, AGE = "ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage"
CHANGING = ("SetDesiredCapacity", "UpdateAutoScalingGroup", "PutScalingPolicy", "PutMetricAlarm")


@dataclass(frozen=True)
class Day:
    """One day: a parcel takes `seconds`; but for a rush of five minutes one parcel comes every `gap` seconds."""

    seconds: int
    rush: int
    gap: int
    minutes: int = 120
    begins: int = 20 * MINUTE
    lasts: int = 5 * MINUTE

    def arrivals(self, late: float) -> list[float]:
        """When each parcel comes, in seconds since the day's beginning."""
        calm = [at for at in range(0, (self.minutes - 15) * MINUTE, self.gap) if not 0 <= at - self.begins < self.lasts]
        rush = [self.begins + number * self.lasts / self.rush for number in range(self.rush)]
        return [at + late for at in sorted([*calm, *rush])]


ORDINARY, GIFTS = Day(seconds=20, rush=180, gap=120), Day(seconds=240, rush=15, gap=480)
SHORT = Day(seconds=20, rush=180, gap=120, minutes=45)


class Depot(Jobs):
    """A queue of parcels and a group of packers, who go straight to the rules; who rules the group is the answer."""

    def __init__(self, lab: Lab, day: Day, late: float = 0) -> None:
        start, arrivals = lab.scheduler.now, day.arrivals(late)
        super().__init__(lab, [f"parcel-{number}" for number in range(1, len(arrivals) + 1)])
        self.came = {name: start + round(at * SECOND) for name, at in zip(self.names, arrivals, strict=True)}
        self.day, self.rush_at = day, day.begins + late
        self.alarms: list[dict[str, Any]] = []
        self.policies: list[dict[str, Any]] = []
        self._scaling, self._cloudwatch = lab.client("autoscaling"), lab.client("cloudwatch")
        lab.client("sqs").create_queue(QueueName=QUEUE, Attributes={"VisibilityTimeout": "300"})
        self._queue: Any = sqs_backends[lab.account][lab.region].queues[QUEUE]
        self._make_group()
        lab.start_on(GROUP, self._pack)
        lab.start(self._bring, name="customers")
        self.given = (self._scaling, self._cloudwatch, GROUP, QUEUE, day.seconds, PROMISE)

    def _make_group(self) -> None:
        template = {"LaunchTemplateName": "packer"}
        ec2 = self.lab.client("ec2")
        ec2.create_launch_template(**template, LaunchTemplateData={"ImageId": IMAGE, "InstanceType": "t3.micro"})
        self._scaling.create_auto_scaling_group(
            AutoScalingGroupName=GROUP,
            MinSize=1,
            MaxSize=MOST,
            DesiredCapacity=1,
            LaunchTemplate=template,
            AvailabilityZones=[f"{self.lab.region}a"],
        )
        self._scaling.enable_metrics_collection(AutoScalingGroupName=GROUP, Granularity="1Minute")

    def _bring(self) -> None:
        for name, at in self.came.items():
            self.lab.scheduler.sleep(max(0, at - self.lab.scheduler.now))
            with acting(self.lab, "customers"):
                data_plane.send(self.lab, self._queue, {"MessageBody": name})

    def _pack(self, instance: str) -> None:
        while True:
            message = self._receive(instance)
            self.do(message.body, self.day.seconds)
            with acting(self.lab, instance):
                handle = handles.handle(rules_of(self._queue, self.lab).owner, message.receipt)
                data_plane.delete(self.lab, self._queue, handle)

    def _receive(self, instance: str) -> Message:
        """Wait for a parcel as a long poll does, however long it takes."""
        while True:
            with acting(self.lab, instance):
                got = data_plane.receive(self.lab, self._queue, 1, None, long_poll=True, attempt=None)
            if got:
                return got[0]
            self.lab.scheduler.wait(self._queue, self.lab.scheduler.now + WAIT)

    def is_over(self) -> bool:
        """A day is over when its time is: whoever still works then costs money."""
        return False

    def is_dismissed(self) -> bool:
        """An answer that has set up what looks after the day is not called again."""
        return True

    def close(self) -> None:
        """Note the alarms and policies that there are at the end of the day."""
        self.alarms = self._cloudwatch.describe_alarms()["MetricAlarms"]
        self.policies = self._scaling.describe_policies()["ScalingPolicies"]


def watch(day: Day = SHORT, late: float = 0) -> Shift:
    """Play one day, whose parcels come so many seconds late."""
    return Shift(lambda lab: Depot(lab, day, late), day.minutes * MINUTE + late, MOST_EVENTS, [ANSWER])


# What is promised


def launched(record: Record) -> Points:
    """How many instances the group had: (microseconds since the start, number)."""
    return sizes(record.calls, record.start)[GROUP][0]


def restless(record: Record, depot: Depot) -> Problem | None:
    """So many calls that watching is all that the function does."""
    own = shared.own_calls(record, MOST_CALLS + 1)
    if len(own) <= MOST_CALLS:
        return None
    lines = [told(words.RESTLESS, calls=MOST_CALLS, minute=record.seconds(own[-1].at) / MINUTE)]
    return broken(own[:4], lines, told(words.CALM, calls=MOST_CALLS), Mistake.RESTLESS, belief=False)


def cheap(record: Record, depot: Depot) -> Problem | None:
    """Few instance-minutes."""
    minutes = instance_minutes(record, depot)
    if minutes <= BUDGET:
        return None
    lines = [told(words.SPENT, minutes=minutes, most=max(number for _, number in launched(record)))]
    mistake, numbers = why_dear(record, depot)
    expected = told(words.WITHIN, budget=BUDGET)
    return broken(shared.own_calls(record), lines, expected, mistake, belief=False, **numbers)


def instance_minutes(record: Record, depot: Depot) -> int:
    """The minutes from each instance's launch to its end, all instances together."""
    points = [*launched(record), (depot.day.minutes * MINUTE * SECOND, 0)]
    spans = pairwise(points)
    return round(sum(number * (until - at) for (at, number), (until, _) in spans) / (MINUTE * SECOND))


# Why it was not kept


def at_second(points: Points, second: float) -> int:
    """How many there were at a second."""
    return [number for at, number in points if at <= second * SECOND][-1]


def why_late(trail: Trail, job: Job | None) -> Why:
    """Why a parcel waited too long: by the instances that worked in the rush."""
    record, depot = trail.record, trail.story
    working, rush, day = sizes(record.calls, record.start)[GROUP][1], depot.rush_at, depot.day
    until = record.seconds(job.began if job else record.events[-1].at)
    before = at_second(working, rush)
    in_rush = [(at / SECOND, number) for at, number in working if at >= rush * SECOND]
    most = max([before, *(number for _, number in in_rush)])
    if most <= 1:
        was_larger = any(number > 1 for _, number in working)
        return (Mistake.TOO_EARLY, {}) if was_larger else why_not_grown(record, depot)
    work = day.rush * day.seconds / MINUTE
    numbers = {"parcels": day.rush, "seconds": day.seconds, "work": work, "most": most, "drain": work / most}
    grew = next((at for at, number in in_rush if number > before), None)
    if grew is None:
        return (Mistake.SHRANK if in_rush and in_rush[0][0] <= until else Mistake.FIXED_FEW), numbers
    numbers["reaction"] = (grew - rush) / MINUTE
    if follows_age(depot):
        return Mistake.AGE, {}
    if grew >= min(rush + PROMISE, until):
        return Mistake.LATE, numbers
    if any(tracks_length(policy) for policy in depot.policies):
        return Mistake.LENGTH, numbers
    enough = (numbers["drain"] + numbers["reaction"]) * MINUTE < PROMISE
    return (Mistake.GRADUAL if enough else Mistake.FEW), numbers


def tracks_length(policy: dict[str, Any]) -> bool:
    """Whether a target tracking policy follows the number of visible messages, undivided."""
    given = policy.get("TargetTrackingConfiguration", {}).get("CustomizedMetricSpecification", {})
    queries = given.get("Metrics", [])
    names = [query["MetricStat"]["Metric"]["MetricName"] for query in queries if "MetricStat" in query]
    divided = any("Expression" in query for query in queries)
    return VISIBLE in (*names, given.get("MetricName")) and not divided


def follows_age(depot: Depot) -> bool:
    """Whether an alarm, its own or a policy's, looks at the age of the oldest message."""
    return any(repr(AGE) in repr(alarm) for alarm in depot.alarms)


def why_not_grown(record: Record, depot: Depot) -> Why:
    """Why there was one instance all day."""
    if found := [call for call in refused(record) if call.operation in CHANGING]:
        return why_refused(found[0])
    if depot.alarms:
        return why_silent(record, depot.alarms)
    if depot.policies:
        return Mistake.NO_ALARM, {}
    own = [call for call in shared.own_calls(record, MOST_CALLS) if call.operation in CHANGING]
    if not own:
        return Mistake.NOTHING, {}
    return (Mistake.SAME_SIZE if record.seconds(own[-1].at) < depot.rush_at else Mistake.LOOKED_ON), {}


def why_silent(record: Record, alarms: list[dict[str, Any]]) -> Why:
    """Why no alarm made the group larger: by the states that each has been in."""
    states: dict[str, set[str]] = {alarm["AlarmName"]: set() for alarm in alarms}
    for call in record.calls:
        if isinstance(call.result, StateUpdated) and call.resource in states:
            states[call.resource] |= {call.result.before, call.result.after}
    rising = [alarm for alarm in alarms if alarm["ComparisonOperator"].startswith("Greater")]
    alarm = max(rising or alarms, key=lambda one: one.get("Threshold", 0))
    numbers = {"alarm": alarm["AlarmName"], "threshold": alarm.get("Threshold", 0), "queue": QUEUE, "group": GROUP}
    seen = states[alarm["AlarmName"]]
    if seen <= {"INSUFFICIENT_DATA"}:
        return Mistake.NO_DATA, numbers
    if not alarm["AlarmActions"]:
        return Mistake.NO_ACTION, numbers
    if not rising:
        return Mistake.OTHER_WAY, numbers
    return (Mistake.NO_MORE if "ALARM" in seen else Mistake.SILENT), numbers


def why_dear(record: Record, depot: Depot) -> Why:
    """Why a day needed so many instance-minutes."""
    points, rush, day = launched(record), depot.rush_at, depot.day
    most, last = max(number for _, number in points), points[-1][1]
    needed = day.rush * day.seconds / PROMISE
    if points[-1][0] <= rush * SECOND:
        return Mistake.FIXED, {"most": most}
    before = at_second(points, rush)
    if before > 2 or min(before, last) > 1:
        return Mistake.LARGE_BEFORE, {"before": before}
    if follows_age(depot):
        return Mistake.AGE, {}
    if last > 2:
        return Mistake.STAYED, {"last": last}
    return (Mistake.MANY if most > 2 * needed else Mistake.SLOW_DOWN), {"most": most, "needed": needed}


IN_TIME = shared.in_time(PROMISE, told(words.IN_TIME, minutes=PROMISE / MINUTE), why_late)
KEPT = shared.first_of(restless, IN_TIME)
ON_A_DAY = shared.first_of(KEPT, cheap)

# What is told


def tell(sentence: str) -> Callable[[Record, Depot], str]:
    """Say how long the slowest parcel waited and what it took."""

    def told_of(record: Record, depot: Depot) -> str:
        most, spent = max(number for _, number in launched(record)), instance_minutes(record, depot)
        longest = shared.slowest(depot) / MINUTE
        return say(sentence, longest=longest, most=most, spent=spent, budget=BUDGET)

    return told_of


EXERCISE = Exercise(
    id="08-keep-the-promise",
    title=words.TITLE,
    signatures=["scale(autoscaling, cloudwatch, group, queue, seconds, promise)"],
    runs=[
        Run(words.ORDINARY, watch(ORDINARY), ON_A_DAY, tell(words.TOLD_ORDINARY)),
        Run(words.GIFTS, watch(GIFTS), ON_A_DAY, tell(words.TOLD_GIFTS)),
        Run(words.FAULTS, watch(ORDINARY), KEPT, tell(words.TOLD_FAULTS), faults=Faults.documented(), seed=2),
        *standing(
            watch,
            KEPT,
            fails={},
            without={
                Standing.FAILING: "the answer is given nothing but AWS, whose calls the SDK repeats",
                Standing.NEXT_DAY: "it is called at the beginning of each day",
                Standing.TOGETHER: "a third more work than was told breaks any promise of time",
            },
            deaths=2,
            late=25 * MINUTE,
        ),
    ],
    right=words.RIGHT,
    hints=words.HINTS,
    claims=["asg-2", "scaling-length", "metric-math", "scaling-target-alarms", "scaling-warmup", "alarm-missing"],
    myths=[],
    source="solutions/08_scaling_consumers.py",
    limits=["320", "10 min", "1,000"],
)
