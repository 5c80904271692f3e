"""Subscriptions as they are made, confirmed, changed, asked for and ended; moto keeps them."""

from __future__ import annotations

from typing import Any

from moto.sns.models import Subscription, Topic

from labkit.aws.asked import Asked, Given
from labkit.aws.records import Records
from labkit.ledger import quota
from labkit.rules import Refused, filters
from labkit.rules.topics import attributes as of_topics
from labkit.rules.topics import subscribing
from labkit.rules.topics.publication import LARGEST, wrong

from . import access, replaying, to_http
from .confirming import ASKED_FIRST, ask, by_token, is_asked, is_valid, say_goodbye
from .errors import PARTS, parts_of, refusing
from .stores import TRUE, TopicSettings, kept_of, replay_of, subscription_of, topic_of

PENDING = "pending confirmation"
MOST_OF_LARGE = quota("sns.large_messages.maximum_subscriptions")
LOWER = ("RawMessageDelivery",)


def subscribe(lab: Records, asked: Asked) -> Given:
    """Subscribe: the subscription of that endpoint, made if there is none."""
    given = asked.given
    topic = access.topic(asked)
    made = make(lab, topic, asked.account, given["Protocol"], given.get("Endpoint"), given.get("Attributes") or {})
    tells = made.confirmed or given.get("ReturnSubscriptionArn")
    return {"SubscriptionArn": made.arn if tells else PENDING}


def make(
    lab: Records, topic: Topic, account: str, protocol: str, endpoint: str | None, attributes: dict[str, str]
) -> Subscription:
    """Make a subscription, or return the one that this repeats. Raises `Refused` as SNS words it. [public case n08]"""
    settings, kept = TopicSettings(topic), kept_of(topic)
    subscribing.check_endpoint(protocol, endpoint, settings.is_fifo, settings.largest)
    endpoint = endpoint or ""
    subscribing.check_attributes(attributes, protocol, endpoint, settings.is_fifo, at_subscribe=True)
    _check_filter(attributes, subscribing=True)
    replaying.check(lab, topic, attributes.get("ReplayPolicy"), "Attributes Reason: ")
    existing = kept.by_endpoint.get((protocol, endpoint))
    if existing is not None:
        if not all(of_topics.same(value, existing.attributes.get(name)) for name, value in attributes.items()):
            raise wrong("Attributes Reason: Subscription already exists with different attributes")
        if not existing.confirmed:
            ask(lab, existing)
        return existing
    if settings.largest > LARGEST and len(kept.subscribers) >= MOST_OF_LARGE:  # the wording is ours
        raise wrong(f"Topic Reason: a topic with MaximumMessageSize above {LARGEST} has at most {MOST_OF_LARGE}")
    to_http.check_reachable(protocol, endpoint)
    made = Subscription(topic.account_id, topic, endpoint, protocol)
    made.owner = account
    made.confirmed = not is_asked(topic, account, protocol, endpoint)
    made.attributes = {"RawMessageDelivery": "false"}
    for name, value in attributes.items():
        put(made, name, value)
    _enter(made)
    replaying.begin(lab, made, attributes.get("ReplayPolicy"))
    if not made.confirmed:
        ask(lab, made)
    return made


def put(subscription: Subscription, name: str, value: str) -> None:
    """Set one attribute of a subscription as AWS would show it."""
    subscription.attributes[name] = value.lower() if name in LOWER else value


@refusing
def make_for_service(backend: Any, topic_arn: str, endpoint: str, protocol: str) -> Subscription:
    """Subscribe as CloudFormation does inside moto."""
    from labkit.aws.current import current_lab

    topic = topic_of(topic_arn, backend.region_name)
    return make(current_lab(), topic, backend.account_id, protocol, endpoint, {})


def confirm_subscription(lab: Records, asked: Asked) -> Given:
    """ConfirmSubscription, by the token that the endpoint was sent; again, it changes nothing."""
    topic = topic_of(asked.given["TopicArn"], asked.region)
    kept, token = kept_of(topic), asked.given["Token"]
    returned = kept.ended.get(token)
    if returned is not None and is_valid(lab, returned):
        _enter(kept.ended.pop(token))
        return {"SubscriptionArn": returned.arn}
    subscription = by_token(lab, kept.subscribers.values(), token)
    if subscription is None:
        raise wrong("Token")
    if not subscription.confirmed:
        subscription.confirmed = True
        wishes = asked.given.get("AuthenticateOnUnsubscribe", "false").lower() == TRUE
        subscription.authenticated = asked.signed and wishes
    return {"SubscriptionArn": subscription.arn}


def _enter(subscription: Subscription) -> None:
    """Write a subscription down where topics, calls and moto look for it."""
    topic = subscription.topic
    kept, place = kept_of(topic), (subscription.protocol, subscription.endpoint)
    kept.subscribers[subscription.arn] = kept.by_endpoint[place] = subscription
    topic.sns_backend.subscriptions[subscription.arn] = subscription


def unsubscribe(lab: Records, asked: Asked) -> Given:
    """Unsubscribe: of a subscription that is not there, nothing. [public case n10]"""
    arn = asked.given["SubscriptionArn"]
    if len(parts_of(arn, "SubscriptionArn")) == PARTS:
        raise wrong("SubscriptionId")
    try:
        subscription = subscription_of(arn, asked.region)
    except Refused:
        return {}
    if not asked.signed and vars(subscription).get("authenticated"):  # documented; the wording is ours
        raise Refused("AuthorizationError", "This subscription ends by a signed request alone")
    kept = kept_of(subscription.topic)
    kept.subscribers.pop(arn, None)
    kept.by_endpoint.pop((subscription.protocol, subscription.endpoint), None)
    kept.deleted += 1
    subscription.topic.sns_backend.subscriptions.pop(arn, None)
    say_goodbye(lab, subscription)
    return {}


def set_subscription_attributes(lab: Records, asked: Asked) -> Given:
    """SetSubscriptionAttributes."""
    subscription = subscription_of(asked.given["SubscriptionArn"], asked.region)
    name, value = asked.given["AttributeName"], asked.given.get("AttributeValue") or ""
    is_fifo = TopicSettings(subscription.topic).is_fifo
    subscribing.check_attributes(
        {name: value}, subscription.protocol, subscription.endpoint, is_fifo, at_subscribe=False
    )
    _check_filter(subscription.attributes | {name: value})
    replay = value if name == "ReplayPolicy" else None
    replaying.check(lab, subscription.topic, replay)
    put(subscription, name, value)
    replaying.begin(lab, subscription, replay)
    return {}


def _check_filter(attributes: dict[str, str], subscribing: bool = False) -> None:
    """Raise `Refused` for a policy that SNS does not take in its scope. Open: whether it asks so of a changed scope."""
    if attributes.get("FilterPolicy"):
        scope = attributes.get("FilterPolicyScope") or filters.ATTRIBUTES
        filters.check(attributes["FilterPolicy"], scope, subscribing=subscribing)


def get_subscription_attributes(lab: Records, asked: Asked) -> Given:
    """GetSubscriptionAttributes."""
    return {"Attributes": attributes_of(subscription_of(asked.given["SubscriptionArn"], asked.region))}


def attributes_of(subscription: Subscription) -> dict[str, str]:
    """All attributes of a subscription as AWS answers them; the scope of a filter policy only beside one."""
    given = {name: value for name, value in subscription.attributes.items() if value != ""}
    if "FilterPolicy" in given:
        given.setdefault("FilterPolicyScope", subscribing.SCOPES[0])
    else:
        given.pop("FilterPolicyScope", None)
    if (replay := replay_of(subscription)) is not None:
        given["ReplayStatus"] = replay.status
    if subscription.protocol in to_http.PORTS:
        given["EffectiveDeliveryPolicy"] = to_http.effective_policy(subscription)
    return {
        "SubscriptionPrincipal": f"arn:aws:iam::{subscription.owner}:root",
        "Owner": subscription.owner,
        "TopicArn": subscription.topic.arn,
        "Endpoint": subscription.endpoint,
        "Protocol": subscription.protocol,
        "PendingConfirmation": str(not subscription.confirmed).lower(),
        "ConfirmationWasAuthenticated": str(_authenticated(subscription)).lower(),
        "SubscriptionArn": subscription.arn,
        **given,
    }


def _authenticated(subscription: Subscription) -> bool:
    if subscription.protocol in ASKED_FIRST:
        return bool(vars(subscription).get("authenticated", False))
    return True
