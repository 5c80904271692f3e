"""FIFO queues: which send is a duplicate, for how long, and what a consumer sees twice all the same."""

from __future__ import annotations

from labkit.ledger import quota
from labkit.probes import wrong_answers as answers
from labkit.probes import wrong_fifo as fifo
from labkit.probes.bench import Bench
from labkit.probes.fifo_bench import open_fifo, send, stored
from labkit.probes.registry import probe
from labkit.probes.worlds import MOCK_ALONE

INTERVAL = quota("sqs.fifo.deduplication_interval")
TIMEOUT = quota("sqs.visibility_timeout.default")
LONGEST = quota("sqs.message_group_id.maximum_length")
SPREADS = quota("sqs.attributes.propagation")
ATTEMPTS = quota("sqs.fifo.receive_attempt_id.interval")


@probe(
    "fifo-6",
    "Sent twice: {stored} stored; received {first}, and after the visibility timeout {again}",
    wrong=fifo.EXACTLY_ONCE,
)
def once_in_twice_out(bench: Bench) -> None:
    open_fifo(bench)
    send(bench, "a1", "a1")
    bench.see("stored", stored(bench), 1)
    bench.see("first", bench.bodies(), ["a1"])
    bench.wait(TIMEOUT)
    bench.see("again", bench.bodies(), ["a1"])


@probe("fifo-dedup-five-minutes", "The same message sent at {seconds} s: {stored} stored", wrong=fifo.FOR_EVER)
def five_minutes(bench: Bench) -> None:
    open_fifo(bench)
    numbers = []
    for second in (0, INTERVAL - 1, INTERVAL):
        bench.wait_until(second)
        send(bench, "a1")
        numbers.append(stored(bench))
    bench.see("seconds", [0, INTERVAL - 1, INTERVAL])
    bench.see("stored", numbers, [1, 1, 2])


@probe("fifo-dedup-after-delete", "Sent, received, deleted, sent again: received {received}", wrong=fifo.UNTIL_DELETED)
def after_delete(bench: Bench) -> None:
    open_fifo(bench)
    send(bench, "a1")
    bench.delete(bench.take())
    send(bench, "a1")
    bench.see("received", bench.bodies(), [])


@probe("fifo-dedup-required", "{code}: {text}", wrong=answers.other_default(ContentBasedDeduplication="true"))
def id_required(bench: Bench) -> None:
    bench.url = bench.create("orders.fifo", FifoQueue="true")
    code, text = bench.answer_text("send_message", QueueUrl=bench.url, MessageBody="a1", MessageGroupId="a")
    bench.see("code", code, "InvalidParameterValue")
    bench.see("text", text)


@probe("fifo-dedup-content", "The same body sent with two attributes: {stored} stored", wrong=fifo.WITH_ATTRIBUTES)
def body_alone(bench: Bench) -> None:
    open_fifo(bench)
    for kind in ("book", "film"):
        send(bench, "a1", MessageAttributes={"kind": {"DataType": "String", "StringValue": kind}})
    bench.see("stored", stored(bench), 1)


@probe(
    "fifo-equal-bodies",
    "Two customers send the same body: HTTP status {codes}; {stored} stored",
    wrong=fifo.NEVER_REMEMBERED,
)
def equal_bodies(bench: Bench) -> None:
    open_fifo(bench)
    codes = [send(bench, "deposit 10", MessageGroupId=group)[0]["ResponseMetadata"]["HTTPStatusCode"] for group in "ab"]
    bench.see("codes", codes, [200, 200])
    bench.see("stored", stored(bench), 1)


@probe("fifo-dedup-purge", "Sent, purged, sent again: {stored} stored", wrong=fifo.PURGE_KEEPS_IDS)
def purge_forgets(bench: Bench) -> None:
    open_fifo(bench)
    send(bench, "a1")
    bench.sqs.purge_queue(QueueUrl=bench.url)
    send(bench, "a1")
    bench.see("stored", stored(bench), 1)


@probe(
    "fifo-scope-group",
    "One id sent to two groups: {queue} stored with the scope queue, {messageGroup} with messageGroup",
    wrong=fifo.ALWAYS_QUEUE_WIDE,
)
def scopes(bench: Bench) -> None:
    for scope, expected in (("queue", 1), ("messageGroup", 2)):
        open_fifo(bench, f"{scope}.fifo", DeduplicationScope=scope)
        send(bench, "a1", "b1", MessageDeduplicationId="one")
        bench.see(scope, stored(bench), expected)


@probe(
    "fifo-scope-change",
    "One id sent to a, then to b right after the change to messageGroup: {at_once} stored; to c {seconds} s later: "
    "{later}",
    wrong=fifo.SCOPE_AT_ONCE,
)
def scope_changed(bench: Bench) -> None:
    open_fifo(bench)
    send(bench, "a1", MessageDeduplicationId="one")
    bench.set(DeduplicationScope="messageGroup")
    send(bench, "b1", MessageDeduplicationId="one")
    bench.see("at_once", stored(bench), 1)
    bench.wait(SPREADS)
    send(bench, "c1", MessageDeduplicationId="one")
    bench.see("later", stored(bench), 2)
    bench.see("seconds", SPREADS)


@probe(
    "fifo-id-syntax",
    "Ids of {longest} letters, of one more, with a space: as a group {groups}, for deduplication {ids}",
    wrong=MOCK_ALONE,
)
def id_syntax(bench: Bench) -> None:
    open_fifo(bench)
    ids = ["a" * LONGEST, "a" * (LONGEST + 1), "group 1"]
    seen = bench.answers("send_message", "MessageGroupId", ids, QueueUrl=bench.url, MessageBody="order-1")
    expected = ["accepted", "InvalidParameterValue", "InvalidParameterValue"]
    bench.see("groups", seen, expected)
    given = {"QueueUrl": bench.url, "MessageBody": "order-1", "MessageGroupId": "a"}
    bench.see("ids", bench.answers("send_message", "MessageDeduplicationId", ids, **given), expected)
    bench.see("longest", LONGEST)


@probe("fifo-id-on-standard", "A deduplication id sent to a standard queue: {code}", wrong=MOCK_ALONE)
def id_on_standard(bench: Bench) -> None:
    given = {"QueueUrl": bench.url, "MessageBody": "order-1", "MessageDeduplicationId": "one"}
    bench.see("code", bench.answer("send_message", **given), "InvalidParameterValue")


@probe(
    "fifo-batch-missing", "A batch of a good entry and one without a group: {code}; {stored} stored", wrong=MOCK_ALONE
)
def batch_missing(bench: Bench) -> None:
    open_fifo(bench)
    good = {"Id": "good", "MessageBody": "a1", "MessageGroupId": "a"}
    bad = {"Id": "bad", "MessageBody": "a2"}
    bench.see(
        "code", bench.answer("send_message_batch", QueueUrl=bench.url, Entries=[good, bad]), "InvalidParameterValue"
    )
    bench.see("stored", stored(bench), 0)


@probe("fifo-late-delete", "{code}: {reason} Received again: {again}", wrong=fifo.LATE_DELETE)
def late_delete(bench: Bench) -> None:
    open_fifo(bench)
    send(bench, "a1")
    message = bench.take()
    bench.wait(TIMEOUT)
    code, text = bench.answer_text("delete_message", QueueUrl=bench.url, ReceiptHandle=message["ReceiptHandle"])
    bench.see("code", code, "InvalidParameterValue")
    bench.see("reason", text.rpartition("Reason: ")[2], "The receipt handle has expired.")
    bench.see("again", bench.bodies(), ["a1"])


@probe(
    "fifo-attempt-id",
    "Repeated after 29 s with its id (good for {minutes} minutes): {received}, the same handles: {same_handles}; "
    "with another id: {other}",
    wrong=MOCK_ALONE,
)
def attempt_id(bench: Bench) -> None:
    open_fifo(bench)
    send(bench, "a1", "a2")
    first = bench.receive(10, ReceiveRequestAttemptId="attempt-1")
    bench.wait(TIMEOUT - 1)
    again = bench.receive(10, ReceiveRequestAttemptId="attempt-1")
    bench.see("received", [message["Body"] for message in again], ["a1", "a2"])
    handles = [[message["ReceiptHandle"] for message in one] for one in (first, again)]
    bench.see("same_handles", handles[0] == handles[1], True)
    bench.see("other", bench.receive(10, ReceiveRequestAttemptId="attempt-2"), [])
    bench.see("minutes", ATTEMPTS // 60)
