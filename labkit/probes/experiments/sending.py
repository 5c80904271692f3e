"""What SQS accepts in a message, and what it answers."""

from __future__ import annotations

import json
from hashlib import md5
from typing import Any

from labkit.ledger import quota
from labkit.probes import wrong_answers as answers
from labkit.probes.bench import Bench
from labkit.probes.registry import probe
from labkit.probes.worlds import MOCK_ALONE

LARGEST = quota("sqs.message_size.maximum")
SMALLEST_SETTING = quota("sqs.message_size.minimum_setting")
MOST_ATTRIBUTES = quota("sqs.message_attributes.maximum")
FORMER_LARGEST = 256 * 1024
INVALID = "InvalidParameterValue"


def _text(value: str, kind: str = "String") -> dict[str, str]:
    return {"DataType": kind, "StringValue": value}


def _sends(bench: Bench, *bodies: str, **options: Any) -> list[str]:
    return bench.answers("send_message", "MessageBody", list(bodies), QueueUrl=bench.url, **options)


def _attributes(bench: Bench, *attributes: dict[str, Any]) -> list[str]:
    given = {"QueueUrl": bench.url, "MessageBody": "order-1"}
    return bench.answers("send_message", "MessageAttributes", list(attributes), **given)


@probe("std-9", "Messages of {sizes} bytes: {answers}", wrong=answers.other_default(MaximumMessageSize=FORMER_LARGEST))
def largest_message(bench: Bench) -> None:
    sizes = [FORMER_LARGEST + 1, LARGEST, LARGEST + 1]
    bench.see("answers", _sends(bench, *("a" * size for size in sizes)), ["accepted", "accepted", INVALID])
    bench.see("sizes", sizes)


@probe("send-too-large", "One byte too many: {code}, {text} Stored: {stored}", wrong=answers.CUT)
def too_large(bench: Bench) -> None:
    given = {"QueueUrl": bench.url, "MessageBody": "a" * (LARGEST + 1)}
    code, text = bench.answer_text("send_message", **given)
    bench.see("code", code, INVALID)
    bench.see("text", text.partition("Reason: ")[2], f"Message must be shorter than {LARGEST} bytes.")
    bench.see("stored", bench.counts()[0], 0)


@probe(
    "send-queue-size",
    "MaximumMessageSize {smallest}: that many bytes and one more: {sent}; a setting one lower: {lower}",
    wrong=MOCK_ALONE,
)
def limit_of_a_queue(bench: Bench) -> None:
    bench.set(MaximumMessageSize=SMALLEST_SETTING)
    bench.see("sent", _sends(bench, "a" * SMALLEST_SETTING, "a" * (SMALLEST_SETTING + 1)), ["accepted", INVALID])
    lower = {"MaximumMessageSize": str(SMALLEST_SETTING - 1)}
    code = bench.answer("set_queue_attributes", QueueUrl=bench.url, Attributes=lower)
    bench.see("lower", code, "InvalidAttributeValue")
    bench.see("smallest", SMALLEST_SETTING)


@probe("send-size-in-bytes", "{characters} times é: {answers}", wrong=MOCK_ALONE)
def size_in_bytes(bench: Bench) -> None:
    fits = LARGEST // len("é".encode())
    bench.see("answers", _sends(bench, "é" * fits, "é" * (fits + 1)), ["accepted", INVALID])
    bench.see("characters", [fits, fits + 1])


@probe(
    "send-size-attributes",
    "Bodies of {sizes} bytes, the first without, the others with one attribute: {answers}",
    wrong=MOCK_ALONE,
)
def attributes_count(bench: Bench) -> None:
    attribute = {"customer": _text("42")}
    added = len("customer") + len("String") + len("42")
    alone = _sends(bench, "a" * LARGEST)
    beside = _sends(bench, "a" * (LARGEST - added), "a" * (LARGEST - added + 1), MessageAttributes=attribute)
    bench.see("answers", alone + beside, ["accepted", "accepted", INVALID])
    bench.see("sizes", [LARGEST, LARGEST - added, LARGEST - added + 1])


@probe("send-empty-body", "Bodies of no and of one character: {answers}", wrong=MOCK_ALONE)
def empty_body(bench: Bench) -> None:
    bench.see("answers", _sends(bench, "", "a"), ["MissingParameter", "accepted"])


@probe(
    "send-allowed-characters",
    "{allowed} bodies with tab, line feed, umlaut, emoji, U+E000, U+FFFD accepted; U+0000, U+001F, U+FFFE: {refused}",
    wrong=MOCK_ALONE,
)
def allowed_characters(bench: Bench) -> None:
    allowed = _sends(bench, "tab\tand\nline", "Bücher", "order 📦", "\ue000", "\ufffd")
    bench.see("allowed", allowed.count("accepted"), len(allowed))
    bench.see("refused", _sends(bench, "a\x00b", "\x1f", "\ufffe"), ["InvalidMessageContents"] * 3)


@probe("produce-4", "JSON and an attribute came back unchanged: {same}; a body with U+0000: {nul}", wrong=MOCK_ALONE)
def order_with_attributes(bench: Bench) -> None:
    order = json.dumps({"order": 1, "customer": "customer-42"})
    bench.send(order, MessageAttributes={"priority": _text("high")})
    message = bench.take(MessageAttributeNames=["All"])
    bench.see("same", message["Body"] == order and message["MessageAttributes"]["priority"] == _text("high"), True)
    bench.see("nul", _sends(bench, "order\x00")[0], "InvalidMessageContents")


@probe("send-ten-attributes", "{numbers} attributes: {answers}", wrong=MOCK_ALONE)
def ten_attributes(bench: Bench) -> None:
    ten = {f"attribute-{number}": _text("1") for number in range(MOST_ATTRIBUTES)}
    bench.see("answers", _attributes(bench, ten, ten | {"more": _text("1")}), ["accepted", INVALID])
    bench.see("numbers", [MOST_ATTRIBUTES, MOST_ATTRIBUTES + 1])


@probe("send-attribute-value", "12.50 as Number, abc as Number, an empty String: {answers}", wrong=MOCK_ALONE)
def value_of_an_attribute(bench: Bench) -> None:
    given = [{"amount": value} for value in (_text("12.50", "Number"), _text("abc", "Number"), _text(""))]
    bench.see("answers", _attributes(bench, *given), ["accepted", INVALID, INVALID])


@probe("send-attribute-name", "Names {names}: {answers}", wrong=MOCK_ALONE)
def name_of_an_attribute(bench: Bench) -> None:
    names = ["trace", "aws.trace", "AMAZON.trace", ".trace", "trace."]
    seen = _attributes(bench, *({name: _text("1")} for name in names))
    bench.see("answers", seen, ["accepted", INVALID, INVALID, INVALID, INVALID])
    bench.see("names", names)


@probe(
    "send-message-id",
    "One send and two receives: {ids} message id; MD5 of the body each time: {digests}",
    wrong=answers.NEW_ID,
)
def message_id(bench: Bench) -> None:
    sent = bench.sqs.send_message(QueueUrl=bench.url, MessageBody="order-1")
    received = [bench.take(VisibilityTimeout=0) for _ in range(2)]
    bench.see("ids", len({sent["MessageId"], *(message["MessageId"] for message in received)}), 1)
    digest = md5(b"order-1").hexdigest()
    digests = {sent["MD5OfMessageBody"], *(message["MD5OfBody"] for message in received)}
    bench.see("digests", digests == {digest}, True)
