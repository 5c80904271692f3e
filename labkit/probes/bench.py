"""The bench of an experiment: a fresh lab, its few usual calls, and what was seen against what AWS says."""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any

from botocore.exceptions import ClientError

from labkit.aws.lab import Lab
from labkit.aws.sqs import data_plane
from labkit.clock.length import SECOND
from labkit.probes.worlds import AS_DOCUMENTED, World
from labkit.rules import Faults
from labkit.words import probes as words
from labkit.words import say

ACCEPTED = "accepted"
COUNTERS = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)


class Refuted(Exception):
    """An experiment cannot go on, because something that AWS promises did not happen."""


class AtLeast:
    """An expected number that may be more."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __eq__(self, seen: object) -> bool:
        return isinstance(seen, int) and seen >= self.number

    __hash__ = None  # type: ignore[assignment]

    def __str__(self) -> str:
        return say(words.AT_LEAST, number=self.number)


class Bench:
    """A fresh lab and, at first use, the queue `orders`; made for one run of one experiment in one world."""

    def __init__(self, options: dict[str, Any], world: World = AS_DOCUMENTED) -> None:
        self.world = world
        self.lab = world.open(options)
        self._start = self.lab.scheduler.now
        self._clients: dict[str, Any] = {}
        self.seen: dict[str, Any] = {}
        self.expected: dict[str, Any] = {}

    def see(self, name: str, seen: Any, expected: Any = None) -> None:
        """Note what was seen under the name that the claim's sentence uses, and what AWS says (None: anything)."""
        self.seen[name] = seen
        self.expected[name] = seen if expected is None else expected

    # The lab

    def client(self, service: str) -> Any:
        """The client of a service in this world."""
        if service not in self._clients:
            self._clients[service] = self.world.client(service)
        return self._clients[service]

    @property
    def sqs(self) -> Any:
        """The SQS client."""
        return self.client("sqs")

    @cached_property
    def url(self) -> str:
        """The queue `orders` with AWS's defaults."""
        return self.create("orders")

    def create(self, name: str, **attributes: Any) -> str:
        """Create a queue and return its URL."""
        given = {key: str(value) for key, value in attributes.items()}
        url: str = self.sqs.create_queue(QueueName=name, **({"Attributes": given} if given else {}))["QueueUrl"]
        return url

    def let_sns(self, url: str, topic: str) -> str:
        """Let SNS send to a queue for a topic, and return the queue's ARN."""
        return let_sns(self.sqs, url, topic)

    @property
    def now(self) -> float:
        """Seconds since the lab was opened."""
        return (self.lab.scheduler.now - self._start) / SECOND

    def wait(self, seconds: float) -> None:
        """Let lab time pass."""
        self.lab.clock.advance(seconds)

    def wait_until(self, second: float) -> None:
        """Let lab time pass up to an instant, in seconds since the lab was opened."""
        self.lab.scheduler.sleep(self._start + round(second * SECOND) - self.lab.scheduler.now)

    # The usual calls

    def send(self, *bodies: str, **options: Any) -> None:
        """Send messages, one call each."""
        for body in bodies or ("order-1",):
            self.sqs.send_message(QueueUrl=self.url, MessageBody=body, **options)

    def send_many(self, number: int) -> None:
        """Send order-1, order-2 and so on, ten a call."""
        for first in range(0, number, 10):
            some = range(first + 1, min(first + 10, number) + 1)
            entries = [{"Id": str(n), "MessageBody": f"order-{n}"} for n in some]
            self.sqs.send_message_batch(QueueUrl=self.url, Entries=entries)

    def receive(self, most: int | None = None, **options: Any) -> list[dict[str, Any]]:
        """Receive up to `most` messages (None: it does not say); an empty list when none came."""
        if most is not None:
            options["MaxNumberOfMessages"] = most
        answer = self.sqs.receive_message(QueueUrl=self.url, **options)
        messages: list[dict[str, Any]] = answer.get("Messages", [])
        return messages

    def take(self, **options: Any) -> dict[str, Any]:
        """Receive one message. Raises `Refuted` when none came."""
        messages = self.receive(**options)
        if not messages:
            raise Refuted(say(words.NOTHING_RECEIVED, at=clock(self.now)))
        return messages[0]

    def bodies(self, most: int = 10) -> list[str]:
        """The bodies that one receive returns."""
        return [message["Body"] for message in self.receive(most)]

    def delete(self, message: dict[str, Any]) -> None:
        """Delete by the receipt handle of this delivery."""
        self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])

    def change(self, message: dict[str, Any], seconds: int) -> None:
        """Change the visibility timeout of this delivery."""
        handle = message["ReceiptHandle"]
        self.sqs.change_message_visibility(QueueUrl=self.url, ReceiptHandle=handle, VisibilityTimeout=seconds)

    def crash(self) -> None:
        """Let the consumer's machine die now: AWS does not notice; the rules of a myth may."""
        if isinstance(self.lab, Lab):
            data_plane.crash(self.lab, "you")

    def lose_answers(self, rate: float) -> None:
        """From now on so many answers get lost on their way back; in moto alone none does."""
        if isinstance(self.lab, Lab):
            self.lab.faults = Faults(lost_response=rate)

    def set(self, **attributes: Any) -> None:
        """Set attributes of the queue."""
        given = {key: str(value) for key, value in attributes.items()}
        self.sqs.set_queue_attributes(QueueUrl=self.url, Attributes=given)

    def attribute(self, name: str) -> int:
        """Read one number of the queue's attributes."""
        answer = self.sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=[name])
        return int(answer["Attributes"][name])

    def counts(self) -> list[int]:
        """How many messages are visible, in flight and delayed."""
        answer = self.sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=list(COUNTERS))
        return [int(answer["Attributes"][name]) for name in COUNTERS]

    # Observations

    def first_seen(self, *seconds: float) -> float | None:
        """Poll at each of these instants; the first at which a message came, None when none did."""
        for second in seconds:
            self.wait_until(second)
            if self.receive():
                return second
        return None

    def answer(self, operation: str, service: str = "sqs", **parameters: Any) -> str:
        """What a call answers: "accepted", or AWS's error code."""
        return self.answer_text(operation, service, **parameters)[0]

    def answer_text(self, operation: str, service: str = "sqs", **parameters: Any) -> tuple[str, str]:
        """What a call answers, and the text of the error."""
        try:
            getattr(self.client(service), operation)(**parameters)
        except ClientError as refusal:
            return refusal.response["Error"]["Code"], refusal.response["Error"]["Message"]
        return ACCEPTED, ""

    def answers(self, operation: str, name: str, values: list[Any], **parameters: Any) -> list[str]:
        """What a call answers for each value of one parameter."""
        return [self.answer(operation, **{name: value}, **parameters) for value in values]


def let_sns(sqs: Any, url: str, topic: str) -> str:
    """Let SNS send to a queue for a topic, and return the queue's ARN."""
    arn: str = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    statement = {
        "Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage",
        "Resource": arn, "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
    }  # fmt: skip
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    return arn


def clock(second: float | None) -> str:
    """An instant since the lab was opened, as a clock shows it."""
    if second is None:
        return say(words.NEVER)
    days, rest = divmod(round(second * 1000), 86_400_000)
    hours, minutes, seconds = rest // 3_600_000, rest // 60_000 % 60, rest % 60_000
    text = f"{hours:02}:{minutes:02}:{seconds / 1000:06.3f}"
    return say(words.DAYS, days=days, text=text) if days else text
