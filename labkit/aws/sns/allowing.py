"""Whether a queue lets SNS send to it for a topic: its own policy, and that of the KMS key that encrypts it."""

from __future__ import annotations

from typing import Any

from moto.sns.models import Topic

from labkit.aws.records import Records
from labkit.causes import Obstacle
from labkit.rules import queue_policy

SERVICE = "sns.amazonaws.com"


def obstacle(lab: Records, topic: Topic, queue: Any) -> Obstacle | None:
    """What keeps SNS from sending to a queue; None when nothing does. [fanout-2] [snssec-6]"""
    if not queue_policy.lets_in(queue._policy_json, SERVICE, "SendMessage"):
        return Obstacle.NOT_ALLOWED
    return None
