"""Deleting: by which handle, how often, and whether it is final."""

from __future__ import annotations

from labkit.ledger import quota
from labkit.probes import wrong_answers as answers
from labkit.probes import wrong_rules as rules
from labkit.probes.bench import AtLeast, Bench
from labkit.probes.registry import probe
from labkit.rules import Faults

TIMEOUT = quota("sqs.visibility_timeout.default")
NO_HANDLE = "ReceiptHandleIsInvalid"


@probe(
    "consume-5",
    "Received, deleted by its handle: after the timeout {received} messages",
    wrong=answers.DELETE_DOES_NOTHING,
)
def deleted_by_its_handle(bench: Bench) -> None:
    bench.send()
    bench.delete(bench.take())
    bench.wait(TIMEOUT)
    bench.see("received", len(bench.receive()), 0)


@probe(
    "delete-by-handle",
    "Deleted by the message id: {by_id}; visible / in flight / delayed: {left}",
    wrong=answers.NEVER_REFUSED,
)
def not_by_message_id(bench: Bench) -> None:
    bench.send()
    message = bench.take()
    bench.see(
        "by_id", bench.answer("delete_message", QueueUrl=bench.url, ReceiptHandle=message["MessageId"]), NO_HANDLE
    )
    bench.see("left", bench.counts(), [0, 1, 0])


@probe(
    "delete-is-final",
    "Visible / in flight / delayed after the delete: {counts}; received again: {back}",
    wrong=answers.DELETE_DOES_NOTHING,
)
def final(bench: Bench) -> None:
    bench.send()
    bench.delete(bench.take())
    bench.see("counts", bench.counts(), [0, 0, 0])
    bench.see("back", bench.first_seen(TIMEOUT, 3600) or "never", "never")


@probe("delete-twice", "Deleted twice by one handle: {answers}", wrong=answers.SECOND_DELETE_FAILS)
def twice(bench: Bench) -> None:
    bench.send()
    handle = bench.take()["ReceiptHandle"]
    seen = [bench.answer("delete_message", QueueUrl=bench.url, ReceiptHandle=handle) for _ in range(2)]
    bench.see("answers", seen, ["accepted", "accepted"])


@probe(
    "delete-copy-returns",
    "50 messages deleted, with a server away during one delete of ten (a teaching rate): {again} received again",
    wrong=rules.DELETED_FOR_GOOD,
    faults=Faults(undelete=0.1),
)
def copy_returns(bench: Bench) -> None:
    bench.send_many(50)
    while messages := bench.receive(10):
        entries = [{"Id": str(n), "ReceiptHandle": one["ReceiptHandle"]} for n, one in enumerate(messages)]
        bench.sqs.delete_message_batch(QueueUrl=bench.url, Entries=entries)
    bench.wait(TIMEOUT)
    bench.see("again", len(bench.receive(10)), AtLeast(1))


@probe("delete-other-queue", "{code}: {text}", wrong=answers.NEVER_REFUSED)
def handle_of_another_queue(bench: Bench) -> None:
    payments = bench.create("payments")
    bench.send()
    handle = bench.take()["ReceiptHandle"]
    code, text = bench.answer_text("delete_message", QueueUrl=payments, ReceiptHandle=handle)
    bench.see("code", code, NO_HANDLE)
    bench.see("text", text.replace(handle, "..."), 'The receipt handle "..." is not valid for this queue.')
