"""What SNS takes as the delivery policy of an HTTP endpoint: of a topic, or of one subscription."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from labkit.ledger import quota
from labkit.rules.topics.retries import LONGEST, http_policy

MOST_RETRIES = quota("sns.retries.http_maximum")
RETRIES, PHASES = "numRetries", ("numNoDelayRetries", "numMinDelayRetries", "numMaxDelayRetries")
SHORTEST, LONG = "minDelayTarget", "maxDelayTarget"
NEEDED = (RETRIES, SHORTEST, LONG)
LIMITS = dict.fromkeys((RETRIES, *PHASES), (0, MOST_RETRIES)) | dict.fromkeys((SHORTEST, LONG), (1, LONGEST))
BACKOFFS = ("linear", "arithmetic", "geometric", "exponential")
# It becomes a header: one line of printable ASCII.
CONTENT_TYPE = re.compile(r"[!-~][ -~]*")
PACE = "maxReceivesPerSecond"
OF_TOPIC = ("http.", "defaultHealthyRetryPolicy", "defaultRequestPolicy", "defaultThrottlePolicy")
OF_SUBSCRIPTION = ("", "healthyRetryPolicy", "requestPolicy", "throttlePolicy")


def reason_against(text: str, of_topic: bool) -> str | None:
    """Why SNS refuses a delivery policy, or None. One of the sentences was seen, the others follow its form."""
    try:
        policy = json.loads(text)
    except (ValueError, RecursionError):
        policy = None
    if of_topic and isinstance(policy, dict):
        policy = policy.get("http", {})
    if not isinstance(policy, dict):
        return "DeliveryPolicy: failed to parse JSON."
    where, *parts = OF_TOPIC if of_topic else OF_SUBSCRIPTION
    for name, check in zip(parts, (_wrong_retries, _wrong_request, _wrong_pace), strict=True):
        given = policy.get(name)
        if given is not None and not isinstance(given, dict):
            return f"DeliveryPolicy: {where}{name} must be an object"
        wrong = None if given is None else check(given)
        if wrong is not None:
            return f"DeliveryPolicy: {where}{name}.{wrong}"
    return None


def _wrong_retries(given: Mapping[str, Any]) -> str | None:
    for name in NEEDED:
        if given.get(name) is None:
            return f"{name} must be specified"
    for name, (least, most) in LIMITS.items():
        value = given.get(name)
        if value is not None and (type(value) is not int or value < least):
            return f"{name} must be greater than or equal to {least}"  # seen: SNS developer guide, pull request 5
        if value is not None and value > most:
            return f"{name} must be less than or equal to {most}"
    return _wrong_together(given)


def _wrong_together(given: Mapping[str, Any]) -> str | None:
    if given[LONG] < given[SHORTEST]:
        return f"{LONG} must be greater than or equal to {SHORTEST}"
    if sum(given.get(name) or 0 for name in PHASES) > given[RETRIES]:
        return f"{RETRIES} must be greater than or equal to the sum of {', '.join(PHASES)}"
    backoff = given.get("backoffFunction")
    if backoff is not None and (not isinstance(backoff, str) or backoff.lower() not in BACKOFFS):
        return f"backoffFunction must be one of {', '.join(BACKOFFS)}"
    policy = http_policy(given)
    if sum(policy.seconds(retry) or 0 for retry in range(1, policy.retries + 1)) > LONGEST:
        return f"{RETRIES}: the retries must not take more than {LONGEST} seconds in all"
    return None


def _wrong_request(given: Mapping[str, Any]) -> str | None:
    kind = given.get("headerContentType")
    if kind is None or (isinstance(kind, str) and CONTENT_TYPE.fullmatch(kind)):
        return None
    return "headerContentType must be a content type"


def _wrong_pace(given: Mapping[str, Any]) -> str | None:
    most = given.get(PACE)
    if most is None or (type(most) is int and most >= 1):
        return None
    return f"{PACE} must be greater than or equal to 1"
