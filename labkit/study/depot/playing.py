"""A depot's queue of parcels and its group of packers, in virtual time; the packers go straight to the rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from moto.sqs.models import sqs_backends

from labkit.aws.acting import acting
from labkit.aws.sqs import data_plane, handles
from labkit.aws.sqs.stores import rules_of
from labkit.rules import SECOND, Message
from labkit.study.exercise import Function

if TYPE_CHECKING:
    from labkit.aws.lab import Lab

QUEUE, GROUP, MOST = "parcels", "packers", 20
WAIT = 20 * SECOND
ANSWER = "your function"
MOST_CALLS = 1_000
IMAGE = "ami-12c6146b"
MINUTE = 60


@dataclass(frozen=True)
class Day:
    """One day: a parcel takes `seconds` and may wait `promise` seconds; `rush` parcels come in five minutes.

    Before and after the rush one parcel comes every `gap` seconds. Lengths are seconds, `minutes` the whole day.
    """

    seconds: int
    promise: int
    rush: int
    gap: int
    minutes: int
    begins: int = 20 * MINUTE
    lasts: int = 5 * MINUTE

    def arrivals(self) -> list[float]:
        """When each parcel comes, in seconds since the day's beginning."""
        calm = [at for at in range(0, (self.minutes - 15) * MINUTE, self.gap) if not 0 <= at - self.begins < self.lasts]
        return sorted([*calm, *(self.begins + number * self.lasts / self.rush for number in range(self.rush))])


class Depot:
    """The queue and the group that an answer is given, and what is there at the end of the day."""

    def __init__(self, lab: Lab, day: Day) -> None:
        self.lab = lab
        self.day = day
        self.start = lab.scheduler.now
        self.autoscaling, self.cloudwatch = lab.client("autoscaling"), lab.client("cloudwatch")
        lab.client("sqs").create_queue(QueueName=QUEUE, Attributes={"VisibilityTimeout": "300"})
        self._queue: Any = sqs_backends[lab.account][lab.region].queues[QUEUE]
        self._make_group()
        lab.start_on(GROUP, self._pack)
        lab.start(self._bring, name="customers")
        self.alarms: list[dict[str, Any]] = []
        self.policies: list[dict[str, Any]] = []

    def _make_group(self) -> None:
        template = {"LaunchTemplateName": "packer"}
        ec2 = self.lab.client("ec2")
        ec2.create_launch_template(**template, LaunchTemplateData={"ImageId": IMAGE, "InstanceType": "t3.micro"})
        self.autoscaling.create_auto_scaling_group(
            AutoScalingGroupName=GROUP,
            MinSize=1,
            MaxSize=MOST,
            DesiredCapacity=1,
            LaunchTemplate=template,
            AvailabilityZones=[f"{self.lab.region}a"],
        )
        self.autoscaling.enable_metrics_collection(AutoScalingGroupName=GROUP, Granularity="1Minute")

    def _bring(self) -> None:
        scheduler = self.lab.scheduler
        for number, second in enumerate(self.day.arrivals(), 1):
            scheduler.sleep(max(0, self.start + round(second * SECOND) - scheduler.now))
            with acting(self.lab, "customers"):
                data_plane.send(self.lab, self._queue, {"MessageBody": f"parcel-{number}"})

    def _pack(self, instance: str) -> None:
        while True:
            message = self._receive(instance)
            self.lab.scheduler.sleep(self.day.seconds * SECOND)
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

    def close(self) -> Depot:
        """Note the alarms and policies that there are at the end of the day."""
        self.alarms = self.cloudwatch.describe_alarms()["MetricAlarms"]
        self.policies = self.autoscaling.describe_policies()["ScalingPolicies"]
        return self


def play(day: Day) -> Callable[[Lab, Function], Depot]:
    """Play one day, with the answer called once at its beginning; it may also go on and watch over the day."""

    def played(lab: Lab, function: Function) -> Depot:
        depot = Depot(lab, day)
        given = (depot.autoscaling, depot.cloudwatch, GROUP, QUEUE, day.seconds, day.promise)
        answer = lab.start(lambda: function(*given), name=ANSWER)
        end = depot.start + day.minutes * MINUTE * SECOND
        lab.scheduler.run(end, lambda: answer.made > MOST_CALLS)
        return depot.close()

    return played
