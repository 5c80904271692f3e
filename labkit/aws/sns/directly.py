"""Messages to one recipient without a topic: Publish to a telephone number, or to an app on a device."""

from __future__ import annotations

from typing import Any

from moto.sns.models import Subscription, Topic

from labkit.aws.acting import acting_as
from labkit.aws.asked import Asked, Given
from labkit.aws.records import Records
from labkit.causes import Step
from labkit.rules import identifier
from labkit.rules.topics import publication
from labkit.rules.topics.publication import wrong

from . import platforms
from .delivering import SNS, Way, Ways, short, write
from .notices import Notice
from .stores import backend_of, kept_of
from .to_people import LONGEST_TEXT

SMS, APPLICATION = "sms", "application"


def publish_to_phone(lab: Records, asked: Asked) -> Given:
    """Publish to a telephone number: accepted also for one that has opted out, which gets nothing. [snspub-7]"""
    number = asked.given["PhoneNumber"]
    publication.check_phone(number)
    taken = publication.read(asked.given, publication.LARGEST)
    if len(taken.text_for(SMS)) > LONGEST_TEXT:  # documented; the wording is that of other messages
        raise wrong("Message too long")
    return {"MessageId": send(lab, asked, SMS, number, number, taken)}


def publish_to_endpoint(lab: Records, asked: Asked) -> Given:
    """Publish to the endpoint of an app on a device; one that is turned off is an error at once."""
    endpoint, taken = platforms.target_of(asked.given)
    name = f"{endpoint.application.platform}/{endpoint.application.name}"
    return {"MessageId": send(lab, asked, APPLICATION, name, endpoint.arn, taken)}


def send(lab: Records, asked: Asked, protocol: str, name: str, endpoint: str, taken: Any) -> str:
    """Bring a message to one endpoint by the way that subscribers' messages take; returns its MessageId.

    The way knows topics and subscriptions, so here is one of each, which nobody else can see.
    """
    backend = backend_of(asked.account, asked.region)
    topic = Topic(name, backend)
    subscription = Subscription(asked.account, topic, endpoint, protocol)
    subscription.attributes = {}
    kept_of(topic).subscribers[subscription.arn] = subscription
    by = lab.who()
    sent = vars(backend).setdefault("sent_directly", 0) + 1
    backend.sent_directly = sent
    id = identifier(lab.seed, asked.account, asked.region, "direct", sent)
    notice = Notice(id, topic, taken, lab.scheduler.now, by)
    write(lab, notice, Step.PUBLISHED, protocol=protocol, endpoint=short(endpoint))
    with acting_as(lab, SNS):
        lab.part(Ways).begin(Way(notice, subscription))
    return id
