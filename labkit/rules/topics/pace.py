"""How many messages a second FIFO topics take: by topic or by group, and in an account and Region together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from labkit.ledger import quota
from labkit.rules.throughput import Throughput
from labkit.rules.topics.fifo_topic import WHOLE_TOPIC

OF_TOPIC, BYTES_OF_TOPIC = quota("sns.fifo.topic_messages"), quota("sns.fifo.topic_bytes")
OF_GROUP = quota("sns.fifo.group_messages")
REGIONS = {"us-east-1": "first", "us-west-2": "second", "eu-west-1": "second"}
OF_REGION = {tier: quota(f"sns.fifo.region_messages.{tier}_tier") for tier in ("first", "second", "third")}
CODE = "Throttled"


class Pace:
    """The messages that the FIFO topics of one account have taken in the last second. [snsfifo-6]

    Here no second ever holds more than a quota; AWS does not say how it measures, nor of which quota a burst is over.
    """

    def __init__(self) -> None:
        self._throughput = Throughput(CODE)

    def admit(self, topic: str, scope: str, sizes: Sequence[tuple[str, int]], region: str, now: int) -> None:
        """Count a call with these (group, bytes). Raises `Refused` (Throttled), counting none of them."""
        limits: list[tuple[object, int]] = [((region,), OF_REGION[REGIONS.get(region, "third")])]
        amounts: dict[object, int] = {(region,): len(sizes)}
        if scope == WHOLE_TOPIC:
            limits += [((topic,), OF_TOPIC), ((topic, "bytes"), BYTES_OF_TOPIC)]
            amounts |= {(topic,): len(sizes), (topic, "bytes"): sum(size for _, size in sizes)}
        else:
            groups = Counter(group for group, _ in sizes)
            limits += [((topic, "group", group), OF_GROUP) for group in groups]
            amounts |= {(topic, "group", group): number for group, number in groups.items()}
        self._throughput.admit(limits, now, amounts)
