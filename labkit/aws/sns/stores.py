"""moto's topics and subscriptions, where the configuration lives, and what a lab keeps of each topic beside it."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

from moto.sns.models import Subscription, Topic, sns_backends

from labkit.rules.filters import ATTRIBUTES, FilterPolicy
from labkit.rules.topics import FifoTopic
from labkit.rules.topics.archive import Archive, Replay, days_of
from labkit.rules.topics.fifo_topic import WHOLE_TOPIC
from labkit.rules.topics.publication import LARGEST, wrong

from .errors import NO_SUBSCRIPTION, NO_TOPIC, parts_of

ACCOUNT = re.compile(r"\d{12}")
TRUE = "true"


def backend_of(account: str, region: str) -> Any:
    """moto's backend of an account and Region."""
    return sns_backends[account][region]


class Kept:
    """What a topic has beside its settings: its subscribers in order, its numbers, and each sender's count."""

    def __init__(self) -> None:
        self.subscribers: dict[str, Subscription] = {}
        self.by_endpoint: dict[tuple[str, str], Subscription] = {}
        self.fifo = FifoTopic()
        self.sent: Counter[str] = Counter()
        self.deleted = 0
        self.archive: Archive | None = None
        # Who has unsubscribed and may come back, by the token that was sent then.
        self.ended: dict[str, Subscription] = {}


def kept_of(topic: Topic) -> Kept:
    """Return what belongs to one of moto's topics; made at its first use. Nothing grows with the number of topics."""
    kept: Kept | None = vars(topic).get("kept")
    if kept is None:
        kept = topic.kept = Kept()
    return kept


def topic_of(arn: str, region: str) -> Topic:
    """The topic of an ARN, whichever account's it is. Raises `Refused` as SNS words it."""
    parts = parts_of(arn, "TopicArn")
    if parts[3] != region:
        raise wrong("TopicArn")
    found = backend_of(parts[4], region).topics.get(arn) if ACCOUNT.fullmatch(parts[4]) else None
    if found is None:
        raise NO_TOPIC
    return found


def subscription_of(arn: str, region: str) -> Subscription:
    """The subscription of an ARN. Raises `Refused` as SNS words it."""
    parts = parts_of(arn, "SubscriptionArn")
    usable = parts[3] == region and ACCOUNT.fullmatch(parts[4])
    found = backend_of(parts[4], region).subscriptions.get(arn) if usable else None
    if found is None:
        raise NO_SUBSCRIPTION
    return found


class TopicSettings:
    """The settings of one topic, read anew at each use. Beside moto's own fields stand the texts that were given."""

    def __init__(self, topic: Topic) -> None:
        self._topic = topic

    def text(self, name: str, default: str = "") -> str:
        """A setting by AWS's name, as it was given."""
        given: dict[str, str] = vars(self._topic).get("given", {})
        return given.get(name, default)

    @property
    def is_fifo(self) -> bool:
        return bool(self._topic.fifo_topic)

    @property
    def content_based(self) -> bool:
        return str(self._topic.content_based_deduplication).lower() == TRUE

    @property
    def largest(self) -> int:
        return int(self.text("MaximumMessageSize") or LARGEST)

    @property
    def scope(self) -> str:
        return self.text("FifoThroughputScope") or WHOLE_TOPIC

    @property
    def archive_days(self) -> int:
        """For how many days the topic keeps its messages; 0 where it has no archive."""
        return days_of(self.text("ArchivePolicy")) or 0

    @property
    def signature_version(self) -> str:
        return self.text("SignatureVersion") or "1"

    @property
    def delivery_policy(self) -> dict[str, Any]:
        """The HTTP delivery policy of the topic, parsed; empty when it has none."""
        return json.loads(self.text("DeliveryPolicy") or "{}")


def filter_of(subscription: Subscription) -> FilterPolicy | None:
    """The filter policy of a subscription, compiled each time that it or its scope is set; None when there is none."""
    text = subscription.attributes.get("FilterPolicy")
    if not text:
        return None
    scope = subscription.attributes.get("FilterPolicyScope") or ATTRIBUTES
    kept: tuple[str, str, FilterPolicy] | None = vars(subscription).get("compiled_filter")
    if kept is None or kept[:2] != (text, scope):
        kept = subscription.compiled_filter = (text, scope, FilterPolicy(text, scope))
    return kept[2]


def is_raw(subscription: Subscription) -> bool:
    """Whether a subscriber gets the message alone, without SNS's document around it."""
    return str(subscription.attributes.get("RawMessageDelivery")).lower() == TRUE


def dead_letter_queue_of(subscription: Subscription) -> str | None:
    """The ARN of the queue that takes what cannot be delivered; None when there is none."""
    policy = subscription.attributes.get("RedrivePolicy")
    return json.loads(policy).get("deadLetterTargetArn") if policy else None


def replay_of(subscription: Subscription) -> Replay | None:
    """The replay that a subscription has asked for last; None when there is none."""
    found: Replay | None = vars(subscription).get("replay")
    return found
