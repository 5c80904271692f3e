"""Batches: what is refused as a whole, and what fails by entry."""

from __future__ import annotations

from typing import Any

from labkit.ledger import quota
from labkit.probes import wrong_answers as answers
from labkit.probes.bench import Bench
from labkit.probes.registry import probe
from labkit.probes.worlds import MOCK_ALONE

MOST = quota("sqs.batch.maximum_entries")
LARGEST = quota("sqs.batch.maximum_size")
LONGEST_ID = quota("sqs.batch.entry_id.maximum_length")
SQS = "AWS.SimpleQueueService."
TOO_MANY = SQS + "TooManyEntriesInBatchRequest"


def _entries(number: int, body: str = "order") -> list[dict[str, Any]]:
    return [{"Id": f"order-{n + 1}", "MessageBody": body} for n in range(number)]


def _send(bench: Bench, entries: list[dict[str, Any]]) -> tuple[str, str]:
    return bench.answer_text("send_message_batch", QueueUrl=bench.url, Entries=entries)


@probe(
    "produce-1",
    "A batch of {most} entries: {reported} reported; one more: {above}; stored with one single send: {stored}",
    wrong=answers.NEVER_REFUSED,
)
def one_or_ten(bench: Bench) -> None:
    bench.send()
    ten = bench.sqs.send_message_batch(QueueUrl=bench.url, Entries=_entries(MOST))
    bench.see("most", MOST)
    bench.see("reported", len(ten["Successful"]), MOST)
    bench.see("above", _send(bench, _entries(MOST + 1))[0], TOO_MANY)
    bench.see("stored", bench.counts()[0], 1 + MOST)


@probe(
    "batch-too-many",
    "One entry too many sent, deleted, changed: {answers}; {text} Still stored: {stored}",
    wrong=MOCK_ALONE,
)
def eleven_entries(bench: Bench) -> None:
    bench.send_many(MOST)
    handles = [{"Id": str(n), "ReceiptHandle": "none"} for n in range(MOST + 1)]
    changes = [one | {"VisibilityTimeout": 60} for one in handles]
    code, text = _send(bench, _entries(MOST + 1))
    deleted = bench.answer("delete_message_batch", QueueUrl=bench.url, Entries=handles)
    changed = bench.answer("change_message_visibility_batch", QueueUrl=bench.url, Entries=changes)
    bench.see("answers", [code, deleted, changed], [TOO_MANY] * 3)
    bench.see("text", text, f"Maximum number of entries per request are {MOST}. You have sent {MOST + 1}.")
    bench.see("stored", bench.counts()[0], MOST)


@probe(
    "batch-total-size",
    "Four entries of {size} bytes: {four}; one byte more: {more}; stored: {stored}",
    wrong=answers.NEVER_REFUSED,
)
def size_of_a_batch(bench: Bench) -> None:
    size = LARGEST // 4
    bench.see("four", _send(bench, _entries(4, "a" * size))[0], "accepted")
    more = [*_entries(4, "a" * size), {"Id": "more", "MessageBody": "a"}]
    bench.see("more", _send(bench, more)[0], SQS + "BatchRequestTooLong")
    bench.see("stored", bench.counts()[0], 4)
    bench.see("size", size)


@probe(
    "batch-partial-failure",
    "HTTP status {status}, Successful: {sent}; Failed: {failed}; stored: {stored}",
    wrong=MOCK_ALONE,
)
def fails_in_part(bench: Bench) -> None:
    entries = _entries(3)
    entries[1]["MessageBody"] = "order\x00"
    answer = bench.sqs.send_message_batch(QueueUrl=bench.url, Entries=entries)
    failed = answer.get("Failed", [])
    bench.see("status", answer["ResponseMetadata"]["HTTPStatusCode"], 200)
    bench.see("sent", [one["Id"] for one in answer["Successful"]], ["order-1", "order-3"])
    bench.see("failed", [f"{one['Id']} ({one['Code']})" for one in failed], ["order-2 (InvalidMessageContents)"])
    bench.see("stored", bench.counts()[0], 2)


@probe("batch-absent-keys", "Keys of a good answer and of a bad one: {keys}", wrong=MOCK_ALONE)
def keys_of_an_answer(bench: Bench) -> None:
    good = bench.sqs.send_message_batch(QueueUrl=bench.url, Entries=_entries(1))
    bad = bench.sqs.delete_message_batch(QueueUrl=bench.url, Entries=[{"Id": "1", "ReceiptHandle": "none"}])
    keys = [name for answer in (good, bad) for name in ("Successful", "Failed") if name in answer]
    bench.see("keys", keys, ["Successful", "Failed"])


@probe("batch-distinct-ids", "{code}: {text}", wrong=answers.NEVER_REFUSED)
def same_id_twice(bench: Bench) -> None:
    code, text = _send(bench, _entries(1) * 2)
    bench.see("code", code, SQS + "BatchEntryIdsNotDistinct")
    bench.see("text", text, "Id order-1 repeated.")


@probe("batch-empty", "{code}: {text}", wrong=answers.NEVER_REFUSED)
def empty_batch(bench: Bench) -> None:
    code, text = _send(bench, [])
    bench.see("code", code, SQS + "EmptyBatchRequest")
    bench.see("text", text, "There should be at least one SendMessageBatchRequestEntry in the request.")


@probe(
    "batch-entry-id",
    "Ids of {longest} letters, of one more, with a colon, empty: {answers}",
    wrong=answers.NEVER_REFUSED,
)
def id_of_an_entry(bench: Bench) -> None:
    ids = ["a" * LONGEST_ID, "a" * (LONGEST_ID + 1), "order:1", ""]
    seen = [_send(bench, [{"Id": one, "MessageBody": "order-1"}])[0] for one in ids]
    bench.see("answers", seen, ["accepted"] + [SQS + "InvalidBatchEntryId"] * 3)
    bench.see("longest", LONGEST_ID)


@probe(
    "delete-batch",
    "{most} handles, one of them garbage: {deleted} deleted, failed: {failed}; visible / in flight / delayed: "
    "{left}; one entry more: {above}",
    wrong=MOCK_ALONE,
)
def delete_by_batch(bench: Bench) -> None:
    bench.send_many(MOST)
    handles = [message["ReceiptHandle"] for message in bench.receive(MOST)]
    handles[4] = "garbage"
    entries = [{"Id": f"{n}", "ReceiptHandle": handle} for n, handle in enumerate(handles)]
    answer = bench.sqs.delete_message_batch(QueueUrl=bench.url, Entries=entries)
    bench.see("most", MOST)
    bench.see("deleted", len(answer["Successful"]), MOST - 1)
    failed = [f"{one['Id']} ({one['Code']})" for one in answer.get("Failed", [])]
    bench.see("failed", failed, ["4 (ReceiptHandleIsInvalid)"])
    bench.see("left", bench.counts(), [0, 1, 0])
    one_more = [*entries, entries[0] | {"Id": "eleventh"}]
    code = bench.answer("delete_message_batch", QueueUrl=bench.url, Entries=one_more)
    bench.see("above", code, TOO_MANY)
