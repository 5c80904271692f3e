"""The story of a fleet as ordinary boto3 code: shops, instances and a scaling loop as actors of a lab."""

import time

from labkit import Fleet, Lab
from labkit.clock.length import SECOND
from labkit.fleet.fleet import ORDERS_OF_A_SHOP
from labkit.rules.scaling import Group, TargetTracking
from labkit.rules.termination import Candidate, chosen


class Actors:
    """What the learner would write, with the numbers of a fleet's options."""

    def __init__(self, lab, options):
        self.lab, self.options = lab, options
        self.sqs = lab.client("sqs")
        timeout = {"VisibilityTimeout": str(options.visibility_timeout)}
        self.url = self.sqs.create_queue(QueueName="orders", Attributes=timeout)["QueueUrl"]
        self.begun, self.instances, self.launched = lab.clock.now(), [], 0
        self.boot, self.warmup, self.work = (options.micros(name) / SECOND for name in ("boot", "warmup", "work"))

    def instant(self, seconds):
        return self.lab.history.start + round(seconds * SECOND)

    def seconds(self):
        return (self.lab.clock.now() - self.begun).total_seconds()

    def shop(self, arrivals):
        for second, number in enumerate(arrivals):
            if second > self.seconds():
                time.sleep(second - self.seconds())
            for first in range(0, number, 10):
                count = min(10, number - first)
                entries = [{"Id": str(place), "MessageBody": "order"} for place in range(count)]
                self.sqs.send_message_batch(QueueUrl=self.url, Entries=entries)

    def instance(self, own):
        if own["launched"] + self.boot > self.seconds():
            time.sleep(own["launched"] + self.boot - self.seconds())
        while not own["ending"]:
            wait = int(self.options.micros("wait") // SECOND)
            answer = self.sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10, WaitTimeSeconds=wait)
            if found := answer.get("Messages"):
                time.sleep(self.work * len(found))
                handles = [{"Id": str(place), "ReceiptHandle": one["ReceiptHandle"]} for place, one in enumerate(found)]
                self.sqs.delete_message_batch(QueueUrl=self.url, Entries=handles)
        self.instances.remove(own)

    def launch(self, number, at):
        for _ in range(number):
            self.launched += 1
            own = {"name": f"instance {self.launched}", "launched": at, "ending": False}
            self.instances.append(own)
            self.lab.start(self.instance, own, name=own["name"])

    def scale(self):
        values, policy = [], self.options.scaling
        while True:
            time.sleep(60)
            asked = self.sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=["ApproximateNumberOfMessages"])
            visible = int(asked["Attributes"]["ApproximateNumberOfMessages"])
            group = self.group()
            values.append(visible / group.in_service if group.in_service else None)
            if policy is None:
                continue
            seen = values if isinstance(policy, TargetTracking) else visible
            desired, staying = policy.desired(seen, group), [one for one in self.instances if not one["ending"]]
            self.launch(desired - len(staying), self.seconds())
            candidates = [Candidate(one["name"], "", self.instant(one["launched"])) for one in staying]
            for name in chosen(candidates, len(staying) - desired, self.instant(self.seconds()), seed=self.lab.seed):
                next(one for one in staying if one["name"] == name)["ending"] = True

    def group(self):
        now, staying = self.seconds(), [one for one in self.instances if not one["ending"]]
        in_service = sum(one["launched"] + self.boot <= now for one in staying)
        warming = sum(now < one["launched"] + self.boot + self.warmup for one in staying)
        return Group(self.options.minimum, self.options.maximum, len(staying), in_service, warming)

    def start(self):
        arrivals = self.options.arrivals()
        shops = -(-max(arrivals) // ORDERS_OF_A_SHOP)
        for number in range(shops):
            self.lab.start(self.shop, [(total + number) // shops for total in arrivals], name=f"shop {number + 1}")
        self.lab.start(self.scale, name="scaling")
        self.launch(self.options.minimum, -self.boot - self.warmup)


def history_of_a_lab(fleet):
    """All changes of the lab in which actors do what this fleet did, up to 2 s after its last delete."""
    options = fleet.options
    rules = {"sqs": options.rules}
    latency = options.micros("latency") / SECOND
    with Lab(options.seed, latency=latency, faults=options.faults, rules=rules) as lab:
        Actors(lab, options).start()
        lab.run(until=(fleet.last_delete - fleet.start) / SECOND + 2)
        return [
            (one.at - lab.history.start, one.by, one.queue, one.message, one.before, one.after, one.cause, one.receives)
            for one in lab.history.changes()
        ]


def history_of_a_fleet(fleet, **changes):
    """All changes of a fleet's run, in the same form."""
    found = []

    def record(noted, by, now):
        for one in noted:
            who = by if one.at == now else "time"
            found.append(
                (one.at - fleet.start, who, one.queue, one.message.id, one.before, one.after, one.cause, one.receives)
            )

    fleet.run(record, **changes)
    return sorted(found, key=lambda one: one[0])


def fleet_of(**options):
    """A small fleet: 400 orders in 10 minutes unless said otherwise."""
    return Fleet(**({"orders": 400, "over": "10 min", "work": "2 s", "maximum": 8, "boot": "30 s"} | options))
