"""Deliveries to HTTP and HTTPS endpoints: a real POST to a server on this machine, and what its answer means."""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import urllib3
from moto.sns.models import Subscription

from labkit.aws.gate import LOOPBACK
from labkit.aws.records import Records
from labkit.causes import Obstacle
from labkit.clock.watch import Watch
from labkit.ledger import quota
from labkit.rules.message import SECOND
from labkit.rules.refused import Refused
from labkit.rules.topics import HTTP_DEFAULT, DeliveryPolicy, http_policy
from labkit.rules.topics.envelope import NOTIFICATION
from labkit.rules.topics.publication import wrong

from .notices import Notice
from .outcomes import Arrived, Failed, Outcome, Underway
from .stores import TopicSettings, is_raw

TIMEOUT = quota("sns.http.timeout")
AGENT = "Amazon Simple Notification Service Agent"
TEXT = "text/plain; charset=UTF-8"
PORTS = {"http": 80, "https": 443}
# AWS's page calls everything outside 200 to 4xx a failure, and says of client errors that they are not tried again.
# Open: that 429 is, as it is here.
THROTTLED, CLIENT_ERRORS, SERVER_ERRORS = 429, 400, 500


def deliver(lab: Records, notice: Notice, subscription: Subscription) -> Outcome | Underway:
    """POST a subscriber's copy of a message to its address; in real time the lab goes on meanwhile."""
    host = _host(subscription.endpoint)
    if host not in LOOPBACK:
        return Failed(Obstacle.ELSEWHERE, host)
    body = notice.text_for(subscription).encode()
    send = partial(post, subscription.endpoint, headers_of(notice, subscription), body)
    if lab.scheduler.is_real:
        return Underway(send)
    outcome = send()
    Watch.excuse()  # an actor that publishes does not stand still while an endpoint thinks
    timed_out = isinstance(outcome, Failed) and outcome.obstacle is Obstacle.TIMED_OUT
    return Failed(Obstacle.TIMED_OUT, took=round(TIMEOUT * SECOND)) if timed_out else outcome


def _host(endpoint: str) -> str:
    with suppress(ValueError):
        return urlsplit(endpoint).hostname or ""
    return ""


def headers_of(notice: Notice, subscription: Subscription) -> dict[str, str]:
    """The headers of a POST (recorded: localstack's tests, 2023-10-12 and 2024-10-03). [public case n23]"""
    headers = {
        "x-amz-sns-message-type": notice.kind,
        "x-amz-sns-message-id": notice.id,
        "x-amz-sns-topic-arn": notice.topic.arn,
        "Content-Type": TEXT,
        "User-Agent": AGENT,
        "Accept-Encoding": "gzip,deflate",
    }
    if notice.was_published or notice.outlives:
        headers["x-amz-sns-subscription-arn"] = subscription.arn
    if notice.kind == NOTIFICATION:
        headers["Content-Type"] = _request_policy(subscription).get("headerContentType") or TEXT
        if is_raw(subscription):
            headers["x-amz-sns-rawdelivery"] = "true"
    return headers


def post(address: str, headers: Mapping[str, str], body: bytes) -> Outcome:
    """Send one POST and wait for the status of its answer, 15 real seconds at most. No proxy and no redirection."""
    try:
        with urllib3.PoolManager(num_pools=1) as pool:
            answer = pool.request(
                "POST", address, body=body, headers=headers, timeout=float(TIMEOUT), retries=False, redirect=False
            )  # fmt: skip
            status: int = answer.status
    except urllib3.exceptions.SSLError:
        return Failed(Obstacle.NOT_TRUSTED)
    except urllib3.exceptions.NewConnectionError:
        return Failed(Obstacle.UNREACHABLE)
    except urllib3.exceptions.TimeoutError:
        return Failed(Obstacle.TIMED_OUT)
    except urllib3.exceptions.HTTPError:
        return Failed(Obstacle.UNREACHABLE)
    return _meaning(status)


def _meaning(status: int) -> Outcome:
    if status == THROTTLED or status >= SERVER_ERRORS:
        return Failed(Obstacle.UNAVAILABLE, str(status))
    return Failed(Obstacle.REFUSED, str(status)) if status >= CLIENT_ERRORS else Arrived()


def check_reachable(protocol: str, endpoint: str) -> None:
    """Raise `Refused`, as Subscribe does, where nobody listens at an address of this machine; others count as there."""
    host = _host(endpoint)
    if protocol not in PORTS or host not in LOOPBACK:
        return
    try:
        socket.create_connection((host, urlsplit(endpoint).port or PORTS[protocol]), timeout=TIMEOUT).close()
    except (OSError, ValueError):
        raise _UNREACHABLE from None


_UNREACHABLE: Refused = wrong("Unreachable Endpoint")


# Delivery policies


def policy_of(subscription: Subscription) -> DeliveryPolicy:
    """When a failed POST is tried again: by the topic's delivery policy, and over it the subscription's."""
    of_topic, own = _policies(subscription)
    return http_policy(of_topic.get("defaultHealthyRetryPolicy") or {}, own.get("healthyRetryPolicy") or {})


def _policies(subscription: Subscription) -> tuple[dict[str, Any], dict[str, Any]]:
    of_topic: dict[str, Any] = TopicSettings(subscription.topic).delivery_policy.get("http") or {}
    if of_topic.get("disableSubscriptionOverrides"):
        return of_topic, {}
    return of_topic, json.loads(subscription.attributes.get("DeliveryPolicy") or "{}")


def _request_policy(subscription: Subscription) -> dict[str, Any]:
    of_topic, own = _policies(subscription)
    return (of_topic.get("defaultRequestPolicy") or {}) | (own.get("requestPolicy") or {})


def most_a_second(subscription: Subscription) -> int | None:
    """How many POSTs a second the delivery policy allows at most, retries among them; None where it sets no limit."""
    of_topic, own = _policies(subscription)
    policy = own.get("throttlePolicy") or of_topic.get("defaultThrottlePolicy") or {}
    most: int | None = policy.get("maxReceivesPerSecond")
    return most


def effective_policy(subscription: Subscription) -> str:
    """The EffectiveDeliveryPolicy of a subscription (recorded: localstack's tests, 2024-10-03)."""
    of_topic, own = _policies(subscription)
    retries = HTTP_DEFAULT | (of_topic.get("defaultHealthyRetryPolicy") or {}) | (own.get("healthyRetryPolicy") or {})
    policy = {
        "healthyRetryPolicy": retries,
        "sicklyRetryPolicy": None,
        "throttlePolicy": own.get("throttlePolicy") or of_topic.get("defaultThrottlePolicy"),
        "requestPolicy": {"headerContentType": _request_policy(subscription).get("headerContentType") or TEXT},
        "guaranteed": False,
    }
    return json.dumps(policy, separators=(",", ":"))
