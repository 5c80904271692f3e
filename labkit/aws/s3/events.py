"""A bucket's events on their way: to queues, topics, functions and EventBridge, if these let S3 in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from moto.s3 import notifications
from moto.s3.exceptions import InvalidArgumentError, InvalidNotificationDestination
from moto.s3.models import FakeBucket, NotificationConfiguration
from moto.s3.responses import S3Response

from labkit.aws.acting import acting_as
from labkit.aws.current import current_lab
from labkit.aws.records import Records
from labkit.aws.sqs import data_plane, letting
from labkit.aws.sqs.stores import queue_of_arn
from labkit.rules import Refused, bucket_events
from labkit.rules.bucket_events import Wanted

S3 = "S3"
SERVICE = "s3.amazonaws.com"
KINDS = ("topic", "queue", "cloud_function")
ABSENT = {"sqs": "The destination queue does not exist", "sns": "The destination topic does not exist"}
FORBIDDEN = "Permissions on the destination {} do not allow S3 to publish notifications from this bucket"
NOUNS = {"sqs": "queue", "sns": "topic"}
SKIP = "SkipDestinationValidation"
_configuration_from_body = S3Response._notification_config_from_body


def read_configuration(response: Any) -> dict[str, Any]:
    """What PutBucketNotificationConfiguration asks for, with what its header says."""
    asked: dict[str, Any] = _configuration_from_body(response)
    skips = str(response.headers.get("x-amz-skip-destination-validation", "")).lower() == "true"
    return asked | {SKIP: skips} if asked else asked


def set_configuration(bucket: FakeBucket, asked: dict[str, Any] | None) -> None:
    """Set where a bucket's events go: all of it or, where S3 refuses one part, nothing. [s3fan-1] [public case s05]"""
    skips = bool((asked or {}).get(SKIP))
    given = {name: value for name, value in (asked or {}).items() if name != SKIP}
    if not given:
        bucket.notification_configuration = None
        return
    made = NotificationConfiguration(
        topic=given.get("TopicConfiguration"),
        queue=given.get("QueueConfiguration"),
        cloud_function=given.get("CloudFunctionConfiguration"),
        event_bridge=given.get("EventBridgeConfiguration"),
    )
    lab, settings = current_lab(), list(_wanted(made))
    if any(one.destination.split(":")[3] != bucket.region_name for one in settings):
        raise InvalidNotificationDestination
    try:
        bucket_events.check(settings)
    except Refused as refused:
        raise InvalidArgumentError(refused.message, "", "") from None
    if not skips:
        for one in settings:
            reason = _problem(lab, bucket, one.destination)
            if reason is not None:
                raise InvalidArgumentError(bucket_events.UNREACHABLE, one.destination, reason)
    bucket.notification_configuration = made
    for destination in dict.fromkeys(one.destination for one in settings):
        told = bucket_events.test_event(bucket.name, lab.scheduler.now, _next(bucket))
        _deliver(lab, bucket, destination, json.dumps(told))


def _wanted(configuration: NotificationConfiguration) -> Iterator[Wanted]:
    for kind in KINDS:
        for one in getattr(configuration, kind):
            yield as_wanted(one)


def as_wanted(one: Any) -> Wanted:
    """One of moto's settings as the rules read it."""
    given = one.filters.get("S3Key", {}).get("FilterRule", [])
    filters = {rule["Name"].lower(): rule["Value"] for rule in given}
    return Wanted(one.id, one.arn, tuple(one.events), filters.get("prefix", ""), filters.get("suffix", ""))


def _next(bucket: FakeBucket) -> int:
    """Count the events of a bucket."""
    number: int = vars(bucket).get("events_sent", 0) + 1
    bucket.events_sent = number
    return number


# Destinations


def _problem(lab: Records, bucket: FakeBucket, arn: str) -> str | None:
    """Why S3 cannot send to a destination; None when it can, and for functions, which are not looked at here."""
    service = arn.split(":")[2]
    found = _found(arn)
    if service not in ABSENT:
        return None
    if found is None:
        return ABSENT[service]
    if service == "sqs" and found.fifo_queue:
        return "FIFO SQS queues are not supported"
    return None if _may(lab, bucket, arn, found) else FORBIDDEN.format(NOUNS[service])


def _found(arn: str) -> Any:
    service = arn.split(":")[2]
    if service == "sqs":
        return queue_of_arn(arn)
    if service == "sns":
        from moto.sns.models import sns_backends

        _, _, _, region, account, *_ = arn.split(":")
        return sns_backends[account][region].topics.get(arn)
    return None


def _may(lab: Records, bucket: FakeBucket, arn: str, found: Any) -> bool:
    """Whether a queue or topic lets S3 in for a bucket: its policy, and that of the key that encrypts it."""
    by = (SERVICE, bucket.arn, bucket.account_id)
    if arn.split(":")[2] == "sqs":
        return letting.obstacle(lab, found, *by) is None
    from labkit.aws.sns.publishing import check_service

    try:
        check_service(lab, found, *by)
    except Refused:
        return False
    return True


def send(account_id: str, event_name: str, bucket: FakeBucket, key: Any) -> None:
    """Tell every destination that wants it of an event; none of them is felt by who changed the object."""
    configuration = bucket.notification_configuration
    if configuration is None:
        return
    lab = current_lab()
    for kind in KINDS:
        for one in getattr(configuration, kind):
            if one.matches(event_name, key.name):
                told = _event(lab, str(getattr(event_name, "value", event_name)), bucket, one.id, key)
                _deliver(lab, bucket, one.arn, json.dumps(told))
    if configuration.event_bridge is not None:
        notifications._send_event_bridge_message(account_id, bucket, event_name, key)


def _event(lab: Records, name: str, bucket: FakeBucket, wanted: str, key: Any) -> dict[str, Any]:
    thing: dict[str, Any] = {"key": key.name}
    if "ObjectRemoved" not in name:
        thing |= {"size": key.size, "eTag": key.etag.strip('"')}
    if bucket.is_versioned:
        thing["versionId"] = key.version_id
    now, nth = lab.scheduler.now, _next(bucket)
    return bucket_events.event(name, bucket.region_name, bucket.name, bucket.account_id, wanted, thing, now, nth)


def _deliver(lab: Records, bucket: FakeBucket, arn: str, text: str) -> None:
    """Bring an event to its destination. What has gone since, or lets S3 in no more, gets nothing, in silence."""
    service, found = arn.split(":")[2], _found(arn)
    if service == "lambda":
        notifications._invoke_awslambda(bucket.account_id, json.loads(text), arn, arn.split(":")[3])
    if found is None or not _may(lab, bucket, arn, found):
        return
    # An event that the destination does not take is lost; its history shows that nothing came.
    with suppress(Refused), acting_as(lab, S3):
        if service == "sqs":
            data_plane.send(lab, found, {"MessageBody": text})
        else:
            from labkit.aws.sns.publishing import publish_for_service

            publish_for_service(found, text, subject="Amazon S3 Notification")
