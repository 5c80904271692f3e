"""SQS's data-plane answers, in AWS's shape: one function an operation, whichever door a call comes through."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from hashlib import md5
from typing import Any

from labkit.aws.asked import Answering, Asked, Given
from labkit.aws.records import Records
from labkit.ledger import quota
from labkit.rules import Message, Refused, limits
from labkit.rules.message_attributes import attributes_md5

from . import access, control_plane, data_plane, encryption, handles, redrive_answers
from .errors import as_service_error
from .stores import rules_of

MOST = quota("sqs.receive.maximum_messages")
LONGEST_WAIT = quota("sqs.wait_time.maximum")
MOST_ENTRIES = quota("sqs.batch.maximum_entries")
SENDER = "AIDAIOSFODNN7EXAMPLE"
BATCH, MISSING = "AWS.SimpleQueueService.", "MissingParameter"
ENTRY_ID = re.compile(r"[A-Za-z0-9_-]{1,80}")
Action = Callable[["Records", Any, Given], Given]


def send_message(lab: Records, queue: Any, given: Given) -> Given:
    """SendMessage."""
    return _sent(data_plane.send(lab, queue, given), given)


def _sent(message: Message, entry: dict[str, Any]) -> dict[str, Any]:
    answer = {"MessageId": message.id, "MD5OfMessageBody": md5(entry["MessageBody"].encode()).hexdigest()}
    if entry.get("MessageAttributes"):
        answer["MD5OfMessageAttributes"] = attributes_md5(entry["MessageAttributes"])
    if entry.get("MessageSystemAttributes"):
        answer["MD5OfMessageSystemAttributes"] = attributes_md5(entry["MessageSystemAttributes"])
    if message.sequence is not None:
        answer["SequenceNumber"] = str(message.sequence)
    return answer


def send_message_batch(lab: Records, queue: Any, given: Given) -> Given:
    """SendMessageBatch: entries fail one by one, the whole call only for its form or total size."""
    encryption.check_key(queue)
    entries = _entries(given, "Send")
    total = sum(limits.size(entry["MessageBody"], entry.get("MessageAttributes") or {}) for entry in entries)
    if total > limits.LARGEST_BATCH:
        text = f"Batch requests cannot be longer than {limits.LARGEST_BATCH} bytes. You have sent {total} bytes."
        raise Refused(BATCH + "BatchRequestTooLong", text)
    data_plane.check_required(lab, queue, entries)
    return _batch(entries, lambda entry: _sent(data_plane.send(lab, queue, entry, "cannot be validated"), entry))


def delete_message(lab: Records, queue: Any, given: Given) -> Given:
    """DeleteMessage."""
    data_plane.delete(lab, queue, given["ReceiptHandle"])
    return {}


def delete_message_batch(lab: Records, queue: Any, given: Given) -> Given:
    """DeleteMessageBatch."""

    def delete_one(entry: dict[str, Any]) -> dict[str, Any]:
        data_plane.delete(lab, queue, entry["ReceiptHandle"])
        return {}

    return _batch(_entries(given, "Delete"), delete_one)


def change_message_visibility(lab: Records, queue: Any, given: Given) -> Given:
    """ChangeMessageVisibility."""
    data_plane.change_visibility(lab, queue, given["ReceiptHandle"], int(given["VisibilityTimeout"]))
    return {}


def change_message_visibility_batch(lab: Records, queue: Any, given: Given) -> Given:
    """ChangeMessageVisibilityBatch; an entry without a timeout fails, although the model does not require one."""

    def change_one(entry: dict[str, Any]) -> dict[str, Any]:
        if entry.get("VisibilityTimeout") is None:
            raise Refused(MISSING, "The request must contain the parameter VisibilityTimeout.")
        data_plane.change_visibility(lab, queue, entry["ReceiptHandle"], int(entry["VisibilityTimeout"]))
        return {}

    return _batch(_entries(given, "ChangeMessageVisibility"), change_one, missing=MISSING)


def purge_queue(lab: Records, queue: Any, given: Given) -> Given:
    """PurgeQueue."""
    data_plane.purge(lab, queue)
    return {}


def list_queue_tags(lab: Records, queue: Any, given: Given) -> Given:
    """ListQueueTags, without a key for tags when there are none."""
    return {"Tags": queue.tags} if queue.tags else {}


def _entries(given: Given, action: str) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = given.get("Entries") or []
    ids = [entry["Id"] for entry in entries]
    if not entries:
        text = f"There should be at least one {action}MessageBatchRequestEntry in the request."
        text = text.replace("VisibilityMessageBatch", "VisibilityBatch")
        raise Refused(BATCH + "EmptyBatchRequest", text)
    if len(entries) > MOST_ENTRIES:
        text = f"Maximum number of entries per request are {MOST_ENTRIES}. You have sent {len(entries)}."
        raise Refused(BATCH + "TooManyEntriesInBatchRequest", text)
    if not all(ENTRY_ID.fullmatch(one) for one in ids):
        text = "A batch entry id can only contain alphanumeric characters, hyphens and underscores."
        raise Refused(BATCH + "InvalidBatchEntryId", f"{text} It can be at most 80 letters long.")
    repeated = next((one for place, one in enumerate(ids) if one in ids[:place]), None)
    if repeated is not None:
        raise Refused(BATCH + "BatchEntryIdsNotDistinct", f"Id {repeated} repeated.")
    return entries


def _batch(
    entries: list[dict[str, Any]], act: Callable[[dict[str, Any]], dict[str, Any]], missing: str = "EmptyValue"
) -> Any:
    successful, failed = [], []
    for entry in entries:
        try:
            successful.append({"Id": entry["Id"], **act(entry)})
        except Refused as refused:
            code = missing if refused.code == MISSING else refused.code
            failed.append({"Id": entry["Id"], "SenderFault": True, "Code": code, "Message": refused.message})
    return {name: part for name, part in (("Successful", successful), ("Failed", failed)) if part}


def receive_message(lab: Records, queue: Any, given: Given) -> Given:
    """ReceiveMessage; a long poll has waited before the call came here."""
    limit = int(given.get("MaxNumberOfMessages", 1))
    limits.check_between(limit, "MaxNumberOfMessages", 1, MOST, "Must be between {} and {}")
    wait = given.get("WaitTimeSeconds")
    wait = int(queue.receive_message_wait_time_seconds) if wait is None else int(wait)
    limits.check_between(wait, "WaitTimeSeconds", 0, LONGEST_WAIT)
    timeout = given.get("VisibilityTimeout")
    if timeout is not None:
        limits.check_between(int(timeout), "VisibilityTimeout", 0, limits.LONGEST_HIDDEN)
    attempt = given.get("ReceiveRequestAttemptId")
    limits.check_attempt(attempt)
    messages = data_plane.receive(lab, queue, limit, timeout, wait > 0, attempt)
    names = given.get("MessageSystemAttributeNames") or given.get("AttributeNames") or []
    wanted = given.get("MessageAttributeNames") or []
    owner = rules_of(queue, lab).owner
    shown = [_received(message, owner, queue, set(names), wanted) for message in messages]
    return {"Messages": shown} if shown else {}


def _received(
    message: Message, owner: tuple[object, ...], queue: Any, names: set[str], wanted: list[str]
) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "MessageId": message.id,
        "ReceiptHandle": handles.handle(owner, message.receipt),
        "MD5OfBody": md5(message.body.encode()).hexdigest(),
        "Body": message.body,
    }
    attributes = {name: value for name, value in message.attributes.items() if _is_wanted(name, wanted)}
    if attributes:
        answer["MessageAttributes"] = attributes
        answer["MD5OfMessageAttributes"] = attributes_md5(attributes)
    system = {
        name: value
        for name, value in _system_attributes(message).items()
        if value is not None and ("All" in names or name in names)
    }
    if system:
        answer["Attributes"] = system
    return answer


def _is_wanted(name: str, wanted: list[str]) -> bool:
    return any(
        rule in ("All", ".*", "*", name) or (rule.endswith(".*") and name.startswith(rule[:-2])) for rule in wanted
    )


def _system_attributes(message: Message) -> dict[str, str | None]:
    trace = message.system.get("AWSTraceHeader") or {}
    first = message.first_received
    return {
        "SenderId": SENDER,
        "SentTimestamp": str(message.sent // 1_000),
        "ApproximateReceiveCount": str(message.receives),
        "ApproximateFirstReceiveTimestamp": None if first is None else str(first // 1_000),
        "MessageGroupId": message.group,
        "MessageDeduplicationId": message.deduplication,
        "SequenceNumber": None if message.sequence is None else str(message.sequence),
        "AWSTraceHeader": trace.get("StringValue"),
        "DeadLetterQueueSourceArn": message.system.get("DeadLetterQueueSourceArn"),
    }


def _on_queue(action: Action, counted: str = "") -> Answering:
    """Answer for the queue that the call means, after it is counted against a FIFO queue's throughput."""

    @wraps(action)
    def answer(lab: Records, asked: Asked) -> Given:
        queue = access.queue(asked)
        try:
            if counted and queue.fifo_queue:
                data_plane.admit(lab, queue, counted, asked.given.get("Entries") or [asked.given])
            return action(lab, queue, asked.given)
        except Refused as refused:
            raise as_service_error(refused) from None

    return answer


ANSWERS: dict[str, Answering] = {
    "SendMessage": _on_queue(send_message, "send_message"),
    "SendMessageBatch": _on_queue(send_message_batch, "send_message"),
    "ReceiveMessage": _on_queue(receive_message, "receive_message"),
    "DeleteMessage": _on_queue(delete_message, "delete_message"),
    "DeleteMessageBatch": _on_queue(delete_message_batch, "delete_message"),
    "ChangeMessageVisibility": _on_queue(change_message_visibility, "change_message_visibility"),
    "ChangeMessageVisibilityBatch": _on_queue(change_message_visibility_batch, "change_message_visibility"),
    "PurgeQueue": _on_queue(purge_queue),
    "ListQueueTags": _on_queue(list_queue_tags),
    **control_plane.ANSWERS,
    **redrive_answers.ANSWERS,
}
