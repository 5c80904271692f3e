"""Deliveries to people: e-mails and text messages into the lab's outbox, and what an account knows of their numbers."""

from __future__ import annotations

import re
from typing import Any

from moto.sns.models import Subscription

from labkit.aws.asked import Asked, Given
from labkit.aws.records import Records
from labkit.causes import Obstacle
from labkit.ledger import quota
from labkit.rules.topics.envelope import NOTIFICATION
from labkit.rules.topics.publication import wrong

from .notices import Notice, unsubscribe_link
from .outbox import Outbox
from .outcomes import Arrived, Failed, Outcome
from .stores import TopicSettings

LONGEST_TEXT = quota("sns.sms.maximum_size")
NUMBER = re.compile(r"\+?[1-9]\d{1,14}")
DOCUMENTS = "email-json"
SUBJECTS = {
    NOTIFICATION: "AWS Notification Message",
    "SubscriptionConfirmation": "AWS Notification - Subscription Confirmation",
    "UnsubscribeConfirmation": "AWS Notification - Unsubscribe Confirmation",
}
FOOT = (
    "{text}\n\n--\nIf you wish to stop receiving notifications from this topic, please click or visit the link below "
    "to unsubscribe:\n{link}\n"
)


def mail(lab: Records, notice: Notice, subscription: Subscription) -> Outcome:
    """Send an e-mail: the text of a message with AWS's foot below it, or SNS's document."""
    outbox, to = lab.part(Outbox), subscription.endpoint
    if outbox.is_refusing(to):
        return Failed(Obstacle.UNREACHABLE)
    subject = notice.publication.subject or SUBJECTS[notice.kind]
    outbox.put(to, subscription.protocol, subject, _body(notice, subscription), notice.id, notice.link)
    return Arrived()


def _body(notice: Notice, subscription: Subscription) -> str:
    if subscription.protocol == DOCUMENTS:
        return notice.text_for(subscription)
    text = notice.publication.text_for(subscription.protocol)
    link = notice.link
    return FOOT.format(text=text, link=unsubscribe_link(subscription)) if link is None else f"{text}\n\n{link}\n"


def text(lab: Records, notice: Notice, subscription: Subscription) -> Outcome:
    """Send a text message, which begins with the topic's display name if it has one. [snspub-7]"""
    outbox, to = lab.part(Outbox), subscription.endpoint
    said = notice.publication.text_for(subscription.protocol)
    name = TopicSettings(notice.topic).text("DisplayName")
    said = f"{name}> {said}" if name else said
    if to in outbox.opted_out(notice.topic.account_id, notice.topic.sns_backend.region_name):
        return Failed(Obstacle.OPTED_OUT)
    if len(said) > LONGEST_TEXT:
        return Failed(Obstacle.TOO_LONG)
    if outbox.is_refusing(to):
        return Failed(Obstacle.UNREACHABLE)
    outbox.put(to, subscription.protocol, None, said, notice.id)
    return Arrived()


# What an account knows of telephone numbers


def check_if_phone_number_is_opted_out(lab: Records, asked: Asked) -> Given:
    """CheckIfPhoneNumberIsOptedOut."""
    return {"isOptedOut": _number(asked) in lab.part(Outbox).opted_out(asked.account, asked.region)}


def list_phone_numbers_opted_out(lab: Records, asked: Asked) -> Given:
    """ListPhoneNumbersOptedOut. AWS answers 100 at a time; a lab has fewer."""
    return {"phoneNumbers": list(lab.part(Outbox).opted_out(asked.account, asked.region))}


def opt_in_phone_number(lab: Records, asked: Asked) -> Given:
    """OptInPhoneNumber. That AWS allows it once in 30 days for a number is documented, its refusal is not known."""
    number, opted_out = _number(asked), lab.part(Outbox).opted_out(asked.account, asked.region)
    if number in opted_out:
        opted_out.remove(number)
    return {}


def _number(asked: Asked) -> str:
    number: Any = asked.given["phoneNumber"]
    if not NUMBER.fullmatch(number):
        raise wrong("PhoneNumber Reason: input incorrectly formatted")  # moto's, which has it from AWS
    return str(number)
