"""Publish and PublishBatch: what a topic takes, and what is answered before anybody has got it."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

from moto.sns.models import Topic

from labkit.aws.asked import Asked, Given
from labkit.aws.records import Records
from labkit.aws.sqs.data_plane import has_rate
from labkit.causes import Step
from labkit.ledger import quota
from labkit.rules import Refused, identifier
from labkit.rules.limits import size
from labkit.rules.topics import fifo_topic, publication
from labkit.rules.topics.pace import Pace
from labkit.rules.topics.publication import wrong

from . import access, directly, encrypting, platforms
from .delivering import fan_out, write
from .notices import Notice
from .replaying import keep
from .stores import TopicSettings, kept_of

MOST_ENTRIES = quota("sns.batch.maximum_entries")
ENTRY_ID = re.compile(r"[A-Za-z0-9_-]+")
LONGEST_ID = 80
BATCH = "BatchRequestTooLong"


def publish(lab: Records, asked: Asked) -> Given:
    """Publish to a topic, to a telephone number or to an app on a device."""
    if asked.given.get("PhoneNumber") is not None:
        return directly.publish_to_phone(lab, asked)
    if platforms.is_endpoint(asked.given.get("TargetArn")):
        return directly.publish_to_endpoint(lab, asked)
    topic = access.topic(asked, _target(asked.given))
    taken = _taken(topic, asked.given)
    encrypting.check_call(lab, topic, asked.account)
    _admit(lab, asked, topic, [taken[0]])
    return _answer(announce(lab, topic, taken))


def _target(given: Given) -> str:
    arn = given.get("TopicArn", given.get("TargetArn"))
    if arn is None:  # documented; the wording is ours
        raise wrong("TopicArn or TargetArn Reason: no value for required parameter")
    return str(arn)


def _taken(topic: Topic, given: Given, entry: int | None = None) -> tuple[publication.Publication, str | None]:
    """The message that parameters give, and its deduplication id at the topic. Raises `Refused`."""
    settings = TopicSettings(topic)
    taken = publication.read(given, settings.largest, entry=entry)
    return taken, fifo_topic.check(taken, settings.is_fifo, settings.content_based)


def _admit(lab: Records, asked: Asked, topic: Topic, messages: list[publication.Publication]) -> None:
    """Count messages against the quotas of FIFO topics. Raises `Refused` (Throttled)."""
    settings = TopicSettings(topic)
    if settings.is_fifo and has_rate(lab):
        sizes = [(one.group or "", size(one.message, one.attributes)) for one in messages]
        paces = lab.part(Paces)
        paces[topic.account_id].admit(topic.arn, settings.scope, sizes, asked.region, lab.scheduler.now)


class Paces(defaultdict[str, Pace]):
    """The pace of each account's FIFO topics."""

    def __init__(self, lab: Records) -> None:
        super().__init__(Pace)


def announce(lab: Records, topic: Topic, taken: tuple[publication.Publication, str | None]) -> Notice:
    """Let a topic take a message: number it, write it down, and bring it to every subscriber. [sns-1] [sns-4]"""
    message, deduplication = taken
    kept, by, now = kept_of(topic), lab.who(), lab.scheduler.now
    kept.sent[by] += 1
    id = identifier(lab.seed, topic.arn, "publish", by, kept.sent[by])
    if deduplication is None:
        notice = Notice(id, topic, message, now, by)
    else:
        numbered = kept.fifo.take(id, message, deduplication, TopicSettings(topic).scope, now)
        notice = Notice(numbered.repeats or id, topic, message, now, by, numbered.sequence, deduplication)
        if numbered.repeats is not None:
            write(lab, notice, Step.REPEATED)
            return notice
    write(lab, notice, Step.PUBLISHED, size=size(message.message, message.attributes))
    keep(notice)
    fan_out(lab, notice)
    return notice


def _answer(notice: Notice) -> Given:
    answer: Given = {"MessageId": notice.id}
    if notice.sequence is not None:
        answer["SequenceNumber"] = str(notice.sequence)
    return answer


def publish_batch(lab: Records, asked: Asked) -> Given:
    """PublishBatch: what is wrong with one entry's form refuses them all (recorded: localstack's tests, 2023-08-24)."""
    topic = access.topic(asked)
    entries = asked.given.get("PublishBatchRequestEntries") or []
    _check_entries(entries)
    taken = [_taken(topic, entry, place) for place, entry in enumerate(entries, start=1)]
    total = sum(size(one.message, one.attributes) for one, _ in taken)
    if total > TopicSettings(topic).largest:
        raise Refused(BATCH, "The length of all the messages put together is more than the limit.")
    encrypting.check_call(lab, topic, asked.account)
    _admit(lab, asked, topic, [one for one, _ in taken])
    successful = [
        {"Id": entry["Id"], **_answer(announce(lab, topic, one))} for entry, one in zip(entries, taken, strict=True)
    ]
    return {"Successful": successful, "Failed": []}


def _check_entries(entries: list[dict[str, Any]]) -> None:
    if not entries:
        raise Refused("EmptyBatchRequest", "The batch request doesn't contain any entries.")
    if len(entries) > MOST_ENTRIES:
        text = "The batch request contains more entries than permissible."
        raise Refused("TooManyEntriesInBatchRequest", text)
    ids = [entry["Id"] for entry in entries]
    if len(set(ids)) != len(ids):
        raise Refused("BatchEntryIdsNotDistinct", "Two or more batch entries in the request have the same Id.")
    for id in ids:
        if len(id) > LONGEST_ID:
            text = f"The Id of a batch entry in the batch request is too long: {id}"
            raise Refused("InvalidBatchEntryId", text)
        if not ENTRY_ID.fullmatch(id):
            text = f"The Id of a batch entry in the batch request contains an impermissible character: {id}"
            raise Refused("InvalidBatchEntryId", text)


def check_service(lab: Records, topic: Topic, service: str, source: str, account: str) -> None:
    """Raise `Refused` where a topic's policy, or its key's, keeps a service out."""
    access.check_service(lab, topic, service, source, account)
    encrypting.check_service(lab, topic, service, source, account)


def publish_as(lab: Records, topic: Topic, service: str, source: str, account: str, message: str, subject: str) -> None:
    """Publish as a service does for a resource of an account, `source` its ARN. Raises `Refused` if it may not."""
    check_service(lab, topic, service, source, account)
    announce(lab, topic, _taken(topic, {"Message": message, "Subject": subject}))


def publish_for_service(
    topic: Topic,
    message: str,
    subject: str | None = None,
    message_attributes: dict[str, Any] | None = None,
    group_id: str | None = None,
    deduplication_id: str | None = None,
    message_structure: str | None = None,
) -> str:
    """Publish as CloudWatch's alarms, S3, EventBridge and Step Functions do inside moto."""
    from labkit.aws.current import current_lab

    given = {
        "Message": message,
        "Subject": subject,
        "MessageAttributes": _as_given(message_attributes or {}),
        "MessageGroupId": group_id,
        "MessageDeduplicationId": deduplication_id,
        "MessageStructure": message_structure,
    }
    return announce(current_lab(), topic, _taken(topic, given)).id


def _as_given(attributes: dict[str, Any]) -> dict[str, Any]:
    """Attributes as moto hands them on inside, as a caller would have given them."""
    return {
        name: one if "DataType" in one else {"DataType": one["Type"], "StringValue": one["Value"]}
        for name, one in attributes.items()
    }
