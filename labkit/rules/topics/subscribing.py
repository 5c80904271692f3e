"""What SNS takes of a subscription: protocols and their endpoints, attributes and their values, in AWS's words."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from labkit.rules.refused import Refused
from labkit.rules.topics.delivery_policy import reason_against
from labkit.rules.topics.publication import INVALID, LARGEST, wrong

PROTOCOLS = ("http", "https", "email", "email-json", "sms", "sqs", "application", "lambda", "firehose")
ATTRIBUTES = ("DeliveryPolicy", "FilterPolicy", "FilterPolicyScope", "RawMessageDelivery", "RedrivePolicy",
              "ReplayPolicy", "SubscriptionRoleArn")  # fmt: skip
OF_LARGE_MESSAGES = ("sqs", "lambda", "firehose")
RAW = ("sqs", "http", "https", "firehose")
SCOPES = ("MessageAttributes", "MessageBody")
ARN = re.compile(r"arn:[^:]+:[^:]+:[^:]*:[^:]*:.+")
PHONE = re.compile(r"\+?[1-9]\d{1,14}")
MAIL = re.compile(r"[^@\s]+@[^@\s]+")
NOT_TO_STANDARD = "FIFO SQS Queues can not be subscribed to standard SNS topics"
FIFO = ".fifo"


def check_endpoint(protocol: str, endpoint: str | None, is_fifo: bool, largest: int) -> None:
    """Raise `Refused` for a protocol, or an endpoint of it, that a topic does not take. [snsfifo-3] [sns-7]"""
    if protocol not in PROTOCOLS:
        raise wrong(f"Amazon SNS does not support this protocol string: {protocol}")
    if not endpoint:
        raise wrong("Endpoint Reason: Please use a non-empty endpoint")
    _check_form(protocol, endpoint)
    if protocol == "sqs" and endpoint.endswith(FIFO) and not is_fifo:
        raise wrong(f"Invalid parameter: Endpoint Reason: {NOT_TO_STANDARD}")
    if is_fifo and protocol != "sqs":  # that it is refused is documented, its words are ours
        raise wrong(f"Protocol Reason: only SQS queues can be subscribed to FIFO topics, not {protocol}")
    if largest > LARGEST and protocol not in OF_LARGE_MESSAGES:
        raise wrong(f"Protocol Reason: topics with MaximumMessageSize above {LARGEST} do not support {protocol}")


def _check_form(protocol: str, endpoint: str) -> None:
    if protocol in ("http", "https") and not endpoint.startswith(f"{protocol}://"):
        raise wrong("Endpoint must match the specified protocol")
    if protocol == "sms" and not PHONE.fullmatch(endpoint):
        raise Refused(INVALID, f"Invalid SMS endpoint: {endpoint}")
    if protocol == "sqs" and not ARN.fullmatch(endpoint):
        raise wrong("SQS endpoint ARN")
    if protocol in ("lambda", "firehose", "application") and not ARN.fullmatch(endpoint):  # the wording is ours
        raise wrong(f"Endpoint Reason: {endpoint} is not the ARN of a subscriber by {protocol}")
    if protocol.startswith("email") and not MAIL.fullmatch(endpoint):
        raise wrong("Email address")


def check_attributes(given: Mapping[str, str], protocol: str, endpoint: str, is_fifo: bool, at_subscribe: bool) -> None:
    """Raise `Refused` for an attribute, or a value of it, that a subscription does not take.

    Filter policies have rules of their own, in `labkit.rules.filters`.
    """
    where = "Attributes Reason: " if at_subscribe else ""
    for name, value in given.items():
        if name not in ATTRIBUTES:
            raise wrong(f"{where}AttributeName")
        check = _CHECKS.get(name)
        if check is not None:
            reason = check(value, protocol, endpoint, is_fifo)
            if reason is not None:
                raise wrong(f"{where}{reason}")
    if protocol == "firehose" and at_subscribe and not given.get("SubscriptionRoleArn"):
        raise wrong("SubscriptionRoleArn Reason: no value for required parameter")


def _raw(value: str, protocol: str, endpoint: str, is_fifo: bool) -> str | None:
    if value.lower() not in ("true", "false"):
        return f"RawMessageDelivery: Invalid value [{value}]. Must be true or false."
    if value.lower() == "true" and protocol not in RAW:
        return f"Delivery protocol [{protocol}] does not support raw message delivery."
    return None


def _scope(value: str, protocol: str, endpoint: str, is_fifo: bool) -> str | None:
    if value in SCOPES:
        return None
    return f"FilterPolicyScope: Invalid value [{value}]. Please use either MessageBody or MessageAttributes"


def _redrive(value: str, protocol: str, endpoint: str, is_fifo: bool) -> str | None:
    if not value:
        return None
    try:
        policy = json.loads(value)
    except ValueError:
        return "RedrivePolicy: failed to parse JSON."
    target = policy.get("deadLetterTargetArn") if isinstance(policy, dict) else None
    if not isinstance(target, str) or not ARN.fullmatch(target) or target.split(":")[2] != "sqs":
        return "RedrivePolicy: deadLetterTargetArn is an invalid arn"
    if is_fifo and endpoint.endswith(FIFO) and not target.endswith(FIFO):
        return "RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic."
    if not is_fifo and target.endswith(FIFO):  # documented; the wording is ours
        return "RedrivePolicy: must use a standard queue as DLQ for a subscription to a standard topic."
    return None


def _replay(value: str, protocol: str, endpoint: str, is_fifo: bool) -> str | None:
    """What the archive of the topic says of it, is asked where the archive is known."""
    return None if is_fifo else "ReplayPolicy: only subscriptions to FIFO topics can replay."


def _delivery(value: str, protocol: str, endpoint: str, is_fifo: bool) -> str | None:
    return reason_against(value, of_topic=False) if value else None


_CHECKS = {
    "RawMessageDelivery": _raw,
    "FilterPolicyScope": _scope,
    "RedrivePolicy": _redrive,
    "DeliveryPolicy": _delivery,
    "ReplayPolicy": _replay,
}
