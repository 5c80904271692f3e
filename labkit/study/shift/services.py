"""Services of a story that read queues of their own: what their clerks were given, in which order, and when."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from labkit.aws.sqs.stores import all_queues, rules_of
from labkit.study.shift.jobs import SECOND

if TYPE_CHECKING:
    from labkit.aws.lab import Lab


@dataclass
class Handled:
    """One message that a clerk has worked on; instants are microseconds since 1970."""

    body: str
    by: str
    began: int
    finished: int | None = None


def open_queue(lab: Lab, name: str, **settings: str) -> str:
    """Make a queue, a FIFO queue by its name, that lets in each topic of the lab's account; returns its URL."""
    statement = {
        "Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage",
        "Resource": f"arn:aws:sqs:{lab.region}:{lab.account}:{name}",
        "Condition": {"StringEquals": {"aws:SourceAccount": lab.account}},
    }  # fmt: skip
    given = settings | {"Policy": json.dumps({"Version": "2012-10-17", "Statement": [statement]})}
    given |= {"FifoQueue": "true"} if name.endswith(".fifo") else {}
    url: str = lab.client("sqs").create_queue(QueueName=name, Attributes=given)["QueueUrl"]
    return url


def stored(lab: Lab, name: str) -> list[str]:
    """The bodies that a queue holds."""
    queue = next(one for one in all_queues() if one.name == name)
    return [one.body for one in rules_of(queue, lab).stored()]


class Service:
    """A queue and its clerks, who work on one message at a time, for as many seconds as `takes(body)` says."""

    def __init__(self, lab: Lab, name: str, clerks: int, takes: Callable[[str], float], **settings: str) -> None:
        self.url = open_queue(lab, name, **settings)
        self.handled: list[Handled] = []
        self._lab, self._takes = lab, takes
        for number in range(1, clerks + 1):
            lab.start(self._clerk, name=f"clerk {number} of {name.partition('.')[0]}")

    def _clerk(self) -> None:
        sqs, scheduler = self._lab.client("sqs"), self._lab.scheduler
        actor = scheduler.current()
        assert actor is not None
        while True:
            for message in sqs.receive_message(QueueUrl=self.url, WaitTimeSeconds=20).get("Messages", []):
                handled = Handled(message["Body"], actor.name, scheduler.now)
                self.handled.append(handled)
                scheduler.sleep(round(self._takes(handled.body) * SECOND))
                handled.finished = scheduler.now
                sqs.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
