"""Topics as they are made, changed, asked for and deleted; moto keeps them."""

from __future__ import annotations

import json
from typing import Any

from moto.core.utils import camelcase_to_underscores
from moto.sns.models import Topic

from labkit.aws.asked import Asked, Given
from labkit.aws.current import current_lab
from labkit.aws.records import Records
from labkit.rules import Refused
from labkit.rules import topics as rules
from labkit.rules.topics import attributes as rules_of_attributes
from labkit.rules.topics.envelope import timestamp

from . import access, replaying, to_http
from .errors import NO_TOPIC, refusing
from .stores import TRUE, backend_of, kept_of

TRUTHS = ("FifoTopic", "ContentBasedDeduplication")
# Of an SDK's CreateTopic; CloudFormation gives its own words beside them, of which SNS never hears.
NOT_OF_SNS = ("TopicName", "Subscription", "Tags")
DEFAULT_REQUEST = {"headerContentType": to_http.TEXT}


def create_topic(lab: Records, asked: Asked) -> Given:
    """CreateTopic: the topic of that name, made if there is none."""
    given = asked.given
    tags = {tag["Key"]: tag["Value"] for tag in given.get("Tags") or []}
    backend = backend_of(asked.account, asked.region)
    return {"TopicArn": make(backend, given["Name"], given.get("Attributes"), tags).arn}


@refusing
def make(
    backend: Any, name: str, attributes: dict[str, Any] | None = None, tags: dict[str, str] | None = None
) -> Topic:
    """Make a topic as SNS does, for a caller of the API or for another service of moto."""
    given = {
        key: _text(value) for key, value in (attributes or {}).items() if key not in NOT_OF_SNS and value is not None
    }
    is_fifo = given.get("FifoTopic", "").lower() == TRUE
    rules_of_attributes.check_name(name, is_fifo)
    rules_of_attributes.check(given, is_fifo, at_create=True)
    topic = Topic(name, backend)
    existing = backend.topics.get(topic.arn)
    if existing is not None:
        rules_of_attributes.check_same(given, attributes_of(existing), tags or {}, existing._tags)
        return existing
    topic.given = {}
    for key, value in given.items():
        put(topic, key, value)
    topic._tags = dict(tags or {})
    backend.topics[topic.arn] = topic
    return topic


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else value if isinstance(value, str) else json.dumps(value)


def put(topic: Topic, name: str, value: str) -> None:
    """Set one attribute: as it was given, and in moto's own field, which its other services read."""
    if name == "Policy":
        return access.put_policy(topic, value)
    if name == "ArchivePolicy":
        value = replaying.put_archive_policy(topic, value, current_lab().scheduler.now)
    vars(topic).setdefault("given", {})[name] = value
    return setattr(topic, camelcase_to_underscores(name), value.lower() == TRUE if name in TRUTHS else value)


def set_topic_attributes(lab: Records, asked: Asked) -> Given:
    """SetTopicAttributes."""
    topic = access.topic(asked)
    name, value = asked.given["AttributeName"], asked.given.get("AttributeValue") or ""
    rules_of_attributes.check({name: value}, bool(topic.fifo_topic), at_create=False)
    rules_of_attributes.check_change(name, value, vars(topic).get("given", {}).get(name))
    put(topic, name, value)
    return {}


def get_topic_attributes(lab: Records, asked: Asked) -> Given:
    """GetTopicAttributes."""
    return {"Attributes": attributes_of(access.topic(asked))}


def attributes_of(topic: Topic) -> dict[str, str]:
    """All attributes of a topic as AWS answers them."""
    kept = kept_of(topic)
    pending = sum(not one.confirmed for one in kept.subscribers.values())
    given = {name: value for name, value in vars(topic).get("given", {}).items() if value != ""}
    return {
        "Policy": topic.policy,
        "Owner": topic.account_id,
        "SubscriptionsPending": str(pending),
        "TopicArn": topic.arn,
        "EffectiveDeliveryPolicy": json.dumps({"http": effective_policy(topic)}, separators=(",", ":")),
        "SubscriptionsConfirmed": str(len(kept.subscribers) - pending),
        "DisplayName": "",
        "SubscriptionsDeleted": str(kept.deleted),
        **({"ContentBasedDeduplication": "false"} if topic.fifo_topic else {}),
        **{name: value for name, value in given.items() if name != "Policy"},
        **_archive_time(topic),
    }


def _archive_time(topic: Topic) -> dict[str, str]:
    beginning = replaying.beginning_of(topic, current_lab().scheduler.now)
    return {} if beginning is None else {"BeginningArchiveTime": timestamp(beginning)}


def effective_policy(topic: Topic) -> dict[str, Any]:
    """The HTTP delivery policy of a topic with AWS's defaults filled in."""
    http = json.loads(vars(topic).get("given", {}).get("DeliveryPolicy") or "{}").get("http") or {}
    return {
        "disableSubscriptionOverrides": False,
        **http,
        "defaultHealthyRetryPolicy": rules.HTTP_DEFAULT | (http.get("defaultHealthyRetryPolicy") or {}),
        "defaultRequestPolicy": DEFAULT_REQUEST | (http.get("defaultRequestPolicy") or {}),
    }


def delete_topic(lab: Records, asked: Asked) -> Given:
    """DeleteTopic: the topic with its subscriptions; of one that is not there, nothing. [public case n10]"""
    try:
        topic = access.topic(asked)
    except Refused as refused:
        if refused.code != NO_TOPIC.code:
            raise
        return {}
    if kept_of(topic).archive is not None:  # AWS's words are in the CDK's pull request 37113
        raise Refused("InvalidState", "Invalid state: Cannot delete a topic with an ArchivePolicy")
    backend = topic.sns_backend
    for subscription in list(kept_of(topic).subscribers):
        backend.subscriptions.pop(subscription, None)
    kept_of(topic).subscribers.clear()
    del backend.topics[topic.arn]
    return {}
