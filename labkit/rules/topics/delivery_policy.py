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
OF_TOPIC = ("http.", "defaultHealthyRetryPolicy", "defaultRequestPolicy")
OF_SUBSCRIPTION = ("", "healthyRetryPolicy", "requestPolicy")


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
    where, retry, request = OF_TOPIC if of_topic else OF_SUBSCRIPTION
    for name in (retry, request):
        if policy.get(name) is not None and not isinstance(policy[name], dict):
            return f"DeliveryPolicy: {where}{name} must be an object"
    wrong = _wrong_retries(policy.get(retry)) or _wrong_request(policy.get(request))
    return None if wrong is None else f"DeliveryPolicy: {where}{retry if wrong[0] else request}.{wrong[1]}"


def _wrong_retries(given: Mapping[str, Any] | None) -> tuple[bool, str] | None:
    if given is None:
        return None
    for name in NEEDED:
        if given.get(name) is None:
            return True, f"{name} must be specified"
    for name, (least, most) in LIMITS.items():
        value = given.get(name)
        if value is not None and (type(value) is not int or value < least):
            return True, f"{name} must be greater than or equal to {least}"  # seen: SNS developer guide, pull request 5
        if value is not None and value > most:
            return True, f"{name} must be less than or equal to {most}"
    return _wrong_together(given)


def _wrong_together(given: Mapping[str, Any]) -> tuple[bool, str] | None:
    if given[LONG] < given[SHORTEST]:
        return True, f"{LONG} must be greater than or equal to {SHORTEST}"
    if sum(given.get(name) or 0 for name in PHASES) > given[RETRIES]:
        return True, f"{RETRIES} must be greater than or equal to the sum of {', '.join(PHASES)}"
    backoff = given.get("backoffFunction")
    if backoff is not None and (not isinstance(backoff, str) or backoff.lower() not in BACKOFFS):
        return True, f"backoffFunction must be one of {', '.join(BACKOFFS)}"
    policy = http_policy(given)
    if sum(policy.seconds(retry) or 0 for retry in range(1, policy.retries + 1)) > LONGEST:
        return True, f"{RETRIES}: the retries must not take more than {LONGEST} seconds in all"
    return None


def _wrong_request(given: Mapping[str, Any] | None) -> tuple[bool, str] | None:
    kind = None if given is None else given.get("headerContentType")
    if kind is None or (isinstance(kind, str) and CONTENT_TYPE.fullmatch(kind)):
        return None
    return False, "headerContentType must be a content type"
