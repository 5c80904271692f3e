"""Subscriptions as they are listed, a hundred a page; one that waits for its confirmation has no ARN there."""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Iterable
from itertools import islice
from typing import Any

from moto.sns.models import Subscription

from labkit.aws.asked import Asked, Given
from labkit.aws.records import Records
from labkit.rules.topics.publication import wrong

from . import access
from .stores import backend_of, kept_of

PAGE = 100
PENDING = "PendingConfirmation"


def list_subscriptions(lab: Records, asked: Asked) -> Given:
    """ListSubscriptions: those of the caller's topics."""
    return _page(backend_of(asked.account, asked.region).subscriptions.values(), asked)


def list_subscriptions_by_topic(lab: Records, asked: Asked) -> Given:
    """ListSubscriptionsByTopic."""
    return _page(kept_of(access.topic(asked)).subscribers.values(), asked)


def _page(subscriptions: Iterable[Subscription], asked: Asked) -> Given:
    begin = _place(asked.given.get("NextToken"))
    found = list(islice(subscriptions, begin, begin + PAGE + 1))
    answer: Given = {"Subscriptions": [_told(one) for one in found[:PAGE]]}
    if len(found) > PAGE:
        answer["NextToken"] = b64encode(str(begin + PAGE).encode()).decode()
    return answer


def _place(token: str | None) -> int:
    try:
        return int(b64decode(token, validate=True)) if token else 0
    except (Error, ValueError):
        raise wrong("NextToken") from None


def _told(subscription: Subscription) -> dict[str, Any]:
    return {
        "SubscriptionArn": subscription.arn if subscription.confirmed else PENDING,
        "Owner": subscription.owner,
        "Protocol": subscription.protocol,
        "Endpoint": subscription.endpoint,
        "TopicArn": subscription.topic.arn,
    }
