"""Deliveries to SQS: what the queue gets, and who must have allowed it."""

from __future__ import annotations

from typing import Any

from moto.sns.models import Subscription, Topic

from labkit.aws.records import Records
from labkit.aws.sqs import data_plane, letting
from labkit.aws.sqs.stores import queue_of_arn
from labkit.causes import Obstacle
from labkit.ledger import quota
from labkit.rules import Refused

from .errors import SERVICE
from .notices import Notice
from .outcomes import Arrived, Failed, Outcome
from .stores import TopicSettings, is_raw

MOST_ATTRIBUTES = quota("sns.raw_delivery.maximum_attributes")


def deliver(lab: Records, notice: Notice, subscription: Subscription) -> Outcome:
    """Send a subscriber's copy of a message to its queue. [fanout-1] [fanout-4]"""
    queue = queue_of_arn(subscription.endpoint)
    if queue is None:
        return Failed(Obstacle.NO_QUEUE)
    if is_raw(subscription) and len(notice.publication.attributes) > MOST_ATTRIBUTES:
        return Failed(Obstacle.TOO_MANY_ATTRIBUTES)
    return send(lab, notice.topic, queue, entry_for(notice, subscription, queue))


def entry_for(notice: Notice, subscription: Subscription, queue: Any) -> dict[str, Any]:
    """What is sent to a queue of a message, be it the subscriber's or that of its dead letters.

    Open: whether a message group of a standard topic travels to the dead letters too, as it does here.
    """
    entry: dict[str, Any] = {"MessageBody": notice.text_for(subscription)}
    if is_raw(subscription):
        entry["MessageAttributes"] = dict(notice.publication.attributes)
    return entry | _ids(notice, queue)


def _ids(notice: Notice, queue: Any) -> dict[str, Any]:
    """Group and deduplication id, as far as they travel on: a standard queue gets none from a FIFO topic."""
    if not TopicSettings(notice.topic).is_fifo:
        return {"MessageGroupId": notice.publication.group} if notice.publication.group else {}
    if not queue.fifo_queue:
        return {}
    return {"MessageGroupId": notice.publication.group, "MessageDeduplicationId": notice.deduplication}


def send(lab: Records, topic: Topic, queue: Any, entry: dict[str, Any]) -> Outcome:
    """Let SNS send to a queue for a topic, if the queue's policy and its key let it."""
    obstacle = letting.obstacle(lab, queue, SERVICE, topic.arn, topic.account_id)
    if obstacle is not None:
        return Failed(obstacle)
    try:
        return Arrived(data_plane.send(lab, queue, entry).id)
    except Refused as refused:
        return Failed(Obstacle.REFUSED, refused.code)
