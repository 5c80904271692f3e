"""What SNS says about a subscription itself: whether it is wanted, by a token, and that it has ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from moto.sns.models import Subscription, Topic

from labkit.aws.acting import acting_as
from labkit.aws.records import Records
from labkit.ledger import quota
from labkit.rules import identifier
from labkit.rules.chance import digest
from labkit.rules.message import SECOND
from labkit.rules.topics.envelope import CONFIRMATION, UNSUBSCRIBED, document, timestamp
from labkit.rules.topics.publication import Publication

from .delivering import SNS, Way, Ways
from .notices import Notice, address, signed
from .stores import TopicSettings, kept_of

VALID = quota("sns.confirmation.token_validity") * SECOND
# Who must say first that it wants the messages. A queue says so by its owner's own Subscribe: see `is_asked`.
ASKED_FIRST = ("http", "https", "email", "email-json")
# AWS's own texts (recorded: localstack's tests, 2023-10-12).
ASKS = (
    "You have chosen to subscribe to the topic {topic}.\n"
    "To confirm the subscription, visit the SubscribeURL included in this message."
)
TELLS = (
    "You have chosen to deactivate subscription {subscription}.\n"
    "To cancel this operation and restore the subscription, visit the SubscribeURL included in this message."
)


@dataclass(frozen=True, slots=True)
class Question(Notice):
    """Whether a subscription is wanted, with the token that says yes."""

    token: str = field(kw_only=True)
    kind = CONFIRMATION
    was_published = False

    def text_for(self, subscription: Subscription) -> str:
        """SNS's document with the token, which is never sent raw."""
        fields: dict[str, Any] = {
            "Type": self.kind,
            "MessageId": self.id,
            "Token": self.token,
            "TopicArn": self.topic.arn,
            "Message": self.publication.message,
            "SubscribeURL": self.link,
            "Timestamp": timestamp(self.at),
        }
        return document(fields | signed(self.topic, fields, TopicSettings(self.topic)))

    @property
    def link(self) -> str:
        """The address that says yes to whoever opens it."""
        return f"{address(self.topic)}/?Action=ConfirmSubscription&TopicArn={self.topic.arn}&Token={self.token}"


@dataclass(frozen=True, slots=True)
class Farewell(Question):
    """That a subscription has ended, with the token that brings it back."""

    kind = UNSUBSCRIBED
    outlives = True


def is_asked(topic: Topic, account: str, protocol: str, endpoint: str) -> bool:
    """Whether an endpoint is asked before it gets messages; a queue is, by a topic of another account. [snspub-3]

    Not when its own account subscribes it. What a FIFO topic asks is open: a FIFO queue takes nothing without a group.
    """
    if protocol == "sqs":
        return endpoint.split(":")[4] not in (topic.account_id, account) and not TopicSettings(topic).is_fifo
    return protocol in ASKED_FIRST


def token_of(lab: Records, subscription: Subscription, purpose: str = "token") -> str:
    """The token that confirms a subscription: 288 hexadecimal digits, of which nobody else knows. [public case n23]"""
    return b"".join(digest(lab.seed, subscription.arn, purpose, part, size=48) for part in range(3)).hex()


def ask(lab: Records, subscription: Subscription) -> None:
    """Send a subscriber the token; asked again, the same once more, valid for another two days."""
    subscription.asked_at = lab.scheduler.now
    _send(lab, subscription, Question, token_of(lab, subscription), ASKS.format(topic=subscription.topic.arn))


def is_valid(lab: Records, subscription: Subscription) -> bool:
    """Whether the token of a subscription can still be used. [sns-api-subscribe]"""
    return bool(lab.scheduler.now - vars(subscription).get("asked_at", lab.scheduler.now) <= VALID)


def say_goodbye(lab: Records, subscription: Subscription) -> None:
    """Tell a subscriber that it is one no longer, if it was asked before it became one."""
    if subscription.protocol in ASKED_FIRST and subscription.confirmed:
        token = token_of(lab, subscription, "return")
        kept_of(subscription.topic).ended[token] = subscription
        subscription.asked_at = lab.scheduler.now
        _send(lab, subscription, Farewell, token, TELLS.format(subscription=subscription.arn))


def _send(lab: Records, subscription: Subscription, kind: type[Question], token: str, text: str) -> None:
    number = subscription.notices = vars(subscription).get("notices", 0) + 1
    id = identifier(lab.seed, subscription.arn, "about", number)
    said = Publication(text, None, {}, None, None, None)
    notice = kind(id, subscription.topic, said, lab.scheduler.now, lab.who(), token=token)
    with acting_as(lab, SNS):
        lab.part(Ways).begin(Way(notice, subscription))


def by_token(lab: Records, subscribers: Iterable[Subscription], token: str) -> Subscription | None:
    """The subscription that a token confirms, if there is one and the token is not too old."""
    found = next((one for one in subscribers if token_of(lab, one) == token), None)
    return found if found is not None and (found.confirmed or is_valid(lab, found)) else None
