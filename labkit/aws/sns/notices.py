"""One published message on its way: its ids, and the document that each subscriber gets of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from moto.sns.models import Subscription, Topic

from labkit.aws.current import current_lab
from labkit.rules.filters import Published
from labkit.rules.topics.envelope import NOTIFICATION, attributes_as_json, document, string_to_sign, timestamp
from labkit.rules.topics.publication import Publication

from . import signing
from .stores import TopicSettings, is_raw


@dataclass(frozen=True, slots=True)
class Notice:
    """A message that a topic has taken: `at` in microseconds since 1970; the last three are of a FIFO topic alone."""

    id: str
    topic: Topic
    publication: Publication
    at: int
    by: str
    sequence: int | None = None
    deduplication: str | None = None
    replayed: bool = False
    filtered: Published = field(init=False)
    # What SNS says of its own about a subscription is no message of the topic, and its last word outlives it.
    kind: ClassVar[str] = NOTIFICATION
    was_published: ClassVar[bool] = True
    outlives: ClassVar[bool] = False

    def __post_init__(self) -> None:
        # Read once for all filter policies of the topic. Open: whether they see the text for their own protocol.
        seen = Published(self.publication.attributes, self.publication.message)
        object.__setattr__(self, "filtered", seen)

    @property
    def link(self) -> str | None:
        """The address that says yes to what this asks; a message asks nothing."""
        return None

    def text_for(self, subscription: Subscription) -> str:
        """What a subscriber gets: the message alone, or SNS's document, which no FIFO topic signs."""
        message = self.publication.text_for(subscription.protocol)
        return message if is_raw(subscription) else document(self.fields(subscription, message))

    def fields(self, subscription: Subscription, message: str) -> dict[str, Any]:
        """The fields of SNS's document by their names."""
        settings = TopicSettings(self.topic)
        fields: dict[str, Any] = {
            "Type": NOTIFICATION,
            "MessageId": self.id,
            "TopicArn": self.topic.arn,
            "Subject": self.publication.subject,
            "Message": message,
            "Timestamp": timestamp(self.at),
            "UnsubscribeURL": unsubscribe_link(subscription),
            "MessageAttributes": attributes_as_json(self.publication.attributes) or None,
        }
        if self.sequence is not None:
            # AWS says that a replayed message has the attribute and not where: open, here beside the number.
            replayed = {"Replayed": "true"} if self.replayed else {}
            return fields | {"SequenceNumber": str(self.sequence)} | replayed
        return fields | signed(self.topic, {name: one for name, one in fields.items() if one is not None}, settings)


def signed(topic: Topic, fields: dict[str, Any], settings: TopicSettings) -> dict[str, str]:
    """The signature of a document's fields, how it was made and where its certificate is."""
    version = settings.signature_version
    return {
        "SignatureVersion": version,
        "Signature": signing.signature(string_to_sign(fields), version),
        "SigningCertURL": f"{address(topic)}/{signing.certificate_name()}",
    }


def unsubscribe_link(subscription: Subscription) -> str:
    """The address that ends a subscription."""
    return f"{address(subscription.topic)}/?Action=Unsubscribe&SubscriptionArn={subscription.arn}"


def address(topic: Topic) -> str:
    """Where SNS answers in the topic's Region: AWS's own address, or that of the server on this machine."""
    return current_lab().address or f"https://sns.{topic.sns_backend.region_name}.amazonaws.com"
