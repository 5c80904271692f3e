"""Consumers with a throughput of their own: registered, described, listed and taken away; moto keeps them."""

from __future__ import annotations

from typing import Any

from moto.kinesis.models import Consumer, Stream

from labkit.aws.asked import Asked, Given
from labkit.aws.records import Records
from labkit.ledger import quota
from labkit.rules import SECOND, Refused

from .errors import LIMIT, in_use, invalid, missing
from .stores import rules_of, stream_of

MOST = quota("kinesis.consumers")
# AWS says that it takes a while, and not how long.
CREATING_FOR = 5 * SECOND
PAGE = 1_000


def register_stream_consumer(lab: Records, asked: Asked) -> Given:
    """RegisterStreamConsumer: up to 20, each CREATING at first. [cap-3]"""
    stream, name, now = stream_of(lab, asked), asked.given["ConsumerName"], lab.scheduler.now
    rules_of(stream, lab).check_active()
    if any(one.consumer_name == name for one in stream.consumers):
        where = f"stream {stream.stream_name} under account {stream.account_id}"
        raise in_use(f"Consumer {name} of {where} already exists.")  # our wording
    if len(stream.consumers) >= MOST:
        raise Refused(LIMIT, f"A stream has at most {MOST} registered consumers.")  # our wording
    made = Consumer(name, stream.account_id, stream.region, stream.arn)
    made.consumer_arn = f"{stream.arn}/consumer/{name}:{now // SECOND}"
    made.since = now
    stream.consumers.append(made)
    return {"Consumer": _told(made, lab)}


def _told(consumer: Consumer, lab: Records) -> Given:
    is_new = lab.scheduler.now < vars(consumer)["since"] + CREATING_FOR
    return {
        "ConsumerName": consumer.consumer_name,
        "ConsumerARN": consumer.consumer_arn,
        "ConsumerStatus": "CREATING" if is_new else "ACTIVE",
        "ConsumerCreationTimestamp": vars(consumer)["since"] // SECOND,
    }


def _named(lab: Records, asked: Asked) -> tuple[Stream, Consumer]:
    """The consumer that a call names by its ARN, or by its stream's and its name."""
    given = asked.given
    arn, name = given.get("ConsumerARN"), given.get("ConsumerName")
    if arn is None and (name is None or given.get("StreamARN") is None):
        raise invalid("Give either ConsumerARN, or both StreamARN and ConsumerName.")  # our wording
    stream = stream_of(lab, asked, given if arn is None else {"StreamARN": arn.partition("/consumer/")[0]})
    found: list[Any] = [one for one in stream.consumers if name in (None, one.consumer_name)]
    found = [one for one in found if arn in (None, one.consumer_arn)]
    if not found:
        raise missing(f"Consumer {arn or name}, account {stream.account_id} not found.")
    return stream, found[0]


def describe_stream_consumer(lab: Records, asked: Asked) -> Given:
    """DescribeStreamConsumer."""
    stream, consumer = _named(lab, asked)
    return {"ConsumerDescription": _told(consumer, lab) | {"StreamARN": stream.arn}}


def list_stream_consumers(lab: Records, asked: Asked) -> Given:
    """ListStreamConsumers, a page at a time."""
    stream, given = stream_of(lab, asked), asked.given
    begin = given.get("NextToken") or "0"
    if not begin.isdecimal():
        raise invalid("Invalid NextToken.")  # our wording
    limit = given.get("MaxResults") or PAGE
    page = stream.consumers[int(begin) : int(begin) + limit]
    answer: Given = {"Consumers": [_told(one, lab) for one in page]}
    if int(begin) + limit < len(stream.consumers):
        answer["NextToken"] = str(int(begin) + limit)
    return answer


def deregister_stream_consumer(lab: Records, asked: Asked) -> Given:
    """DeregisterStreamConsumer: that one and no other."""
    stream, consumer = _named(lab, asked)
    stream.consumers.remove(consumer)
    return {}
