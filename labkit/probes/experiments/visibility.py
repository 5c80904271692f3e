"""The visibility timeout: who sees a message, and when it comes back."""

from __future__ import annotations

import time

from labkit.ledger import quota
from labkit.probes import wrong_answers as answers
from labkit.probes import wrong_rules as rules
from labkit.probes.bench import Bench
from labkit.probes.registry import probe
from labkit.probes.worlds import MOCK_ALONE

TIMEOUT = quota("sqs.visibility_timeout.default")
LONGEST = quota("sqs.visibility_timeout.maximum")
INSTANT = 0.001


@probe("vis-1", "Of two receives the first returned {first} message, the second {second}", wrong=rules.NOT_HIDDEN)
def hidden_from_others(bench: Bench) -> None:
    bench.send()
    bench.see("first", len(bench.receive()), 1)
    bench.see("second", len(bench.receive()), 0)


@probe(
    "vis-2",
    "VisibilityTimeout of a new queue: {attribute}; received at 00:00:00.000, received again at {back:clock}",
    wrong=answers.other_default(VisibilityTimeout=TIMEOUT + 1),
)
def default_timeout(bench: Bench) -> None:
    bench.send()
    bench.take()
    bench.see("attribute", bench.attribute("VisibilityTimeout"), TIMEOUT)
    bench.see("back", bench.first_seen(TIMEOUT - INSTANT, TIMEOUT), TIMEOUT)


@probe(
    "vis-3",
    "One consumer works for {work} s: after {seconds} s another one receives the message ({received} received)",
    wrong=answers.other_default(VisibilityTimeout=2 * TIMEOUT),
)
def time_to_process(bench: Bench) -> None:
    def consumer() -> None:
        message = bench.take()
        time.sleep(TIMEOUT + 1)
        bench.delete(message)

    bench.send()
    bench.lab.start(consumer)
    bench.wait(TIMEOUT)
    bench.see("received", len(bench.receive()), 1)
    bench.see("seconds", TIMEOUT)
    bench.see("work", TIMEOUT + 1)


@probe(
    "vis-4",
    "Received at 00:00:00.000, hidden at {hidden_at:clock}, received again at {back:clock}; another handle: "
    "{other_handle}; ApproximateReceiveCount {counts}",
    wrong=rules.RESTARTS_AT_POLL,
)
def comes_back(bench: Bench) -> None:
    bench.send()
    first = bench.take(MessageSystemAttributeNames=["All"])
    bench.wait_until(TIMEOUT - INSTANT)
    bench.see("hidden_at", bench.now if not bench.receive() else None, TIMEOUT - INSTANT)
    bench.wait_until(TIMEOUT)
    again = bench.take(MessageSystemAttributeNames=["All"])
    bench.see("back", bench.now, TIMEOUT)
    bench.see("other_handle", again["ReceiptHandle"] != first["ReceiptHandle"], True)
    bench.see("counts", [int(one["Attributes"]["ApproximateReceiveCount"]) for one in (first, again)], [1, 2])


def _charges(bench: Bench, timeout: int, work: int) -> int:
    """How often one order is charged by two consumers that need `work` seconds for it."""
    charged: list[str] = []

    def consumer() -> None:
        for message in bench.receive(WaitTimeSeconds=20) or bench.receive(WaitTimeSeconds=20):
            charged.append(message["Body"])
            time.sleep(work)
            bench.delete(message)

    bench.url = bench.create(f"orders-{timeout}", VisibilityTimeout=timeout)
    bench.send()
    bench.lab.start(consumer, name="consumer 1")
    bench.lab.start(consumer, name="consumer 2")
    bench.lab.run()
    return len(charged)


@probe(
    "vis-5",
    "Two consumers that need {work} s on a queue of {seconds} s charged one order {charges} times",
    wrong=rules.HIDDEN_UNTIL_DELETED,
)
def processed_twice(bench: Bench) -> None:
    work = TIMEOUT + 15
    bench.see("charges", _charges(bench, TIMEOUT, work), 2)
    bench.see("seconds", TIMEOUT)
    bench.see("work", work)


@probe(
    "vis-7",
    "A consumer crashes after its receive: the next one gets the message {short:clock} later, or {long:clock} later "
    "with a timeout of an hour",
    wrong=rules.CRASH_RETURNS,
)
def crash_blocks(bench: Bench) -> None:
    for name, timeout in (("short", TIMEOUT), ("long", 3600)):
        bench.url = bench.create(name, VisibilityTimeout=timeout)
        bench.send()
        bench.take()
        crash = bench.now
        bench.crash()
        back = bench.first_seen(crash + timeout - INSTANT, crash + timeout)
        bench.see(name, back and back - crash, timeout)


@probe(
    "vis-8",
    "Jobs of 15 s: {short} runs with a timeout of 10 s, {long} with one of 20 s",
    wrong=rules.HIDDEN_UNTIL_DELETED,
)
def too_short(bench: Bench) -> None:
    bench.see("short", _charges(bench, timeout=10, work=15), 2)
    bench.see("long", _charges(bench, timeout=20, work=15), 1)


@probe(
    "vis-starts-at-receive",
    "Sent at 00:00:00.000, received at 01:00:00.000, received again at {back:clock}",
    wrong=rules.COUNTS_FROM_SEND,
)
def starts_at_receive(bench: Bench) -> None:
    bench.send()
    bench.wait_until(3600)
    bench.take()
    bench.see("back", bench.first_seen(3600 + TIMEOUT - INSTANT, 3600 + TIMEOUT), 3600 + TIMEOUT)


@probe("vis-per-message", "Three receives in a row, none deleted: {bodies}", wrong=rules.ONE_AT_A_TIME)
def others_stay_visible(bench: Bench) -> None:
    bench.send("order-1", "order-2", "order-3")
    bench.see("bodies", [bench.take()["Body"] for _ in range(3)], ["order-1", "order-2", "order-3"])


@probe(
    "vis-new-handle",
    "Two receives of one message: {handles} receipt handles, {ids} message id",
    wrong=answers.ONE_HANDLE,
)
def new_handle(bench: Bench) -> None:
    bench.send()
    first = bench.take(VisibilityTimeout=0)
    second = bench.take()
    bench.see("handles", len({first["ReceiptHandle"], second["ReceiptHandle"]}), 2)
    bench.see("ids", len({first["MessageId"], second["MessageId"]}), 1)


@probe("vis-receive-count", "ApproximateReceiveCount at three receives: {counts}", wrong=answers.COUNTS_FAILURES)
def receive_count(bench: Bench) -> None:
    bench.send()
    options = {"VisibilityTimeout": 0, "MessageSystemAttributeNames": ["ApproximateReceiveCount"]}
    counts = [int(bench.take(**options)["Attributes"]["ApproximateReceiveCount"]) for _ in range(3)]
    bench.see("counts", counts, [1, 2, 3])


@probe(
    "vis-first-receive-time",
    "Seconds from SentTimestamp to ApproximateFirstReceiveTimestamp, at receives at {receives:clock}: {after}",
    wrong=answers.LATEST_RECEIVE_TIME,
)
def first_receive_time(bench: Bench) -> None:
    bench.send()
    seen, receives = [], [10, 10 + TIMEOUT]
    for second in receives:
        bench.wait_until(second)
        attributes = bench.take(MessageSystemAttributeNames=["All"])["Attributes"]
        sent, first = int(attributes["SentTimestamp"]), int(attributes["ApproximateFirstReceiveTimestamp"])
        seen.append((first - sent) / 1000)
    bench.see("after", seen, [10.0, 10.0])
    bench.see("receives", receives)


@probe(
    "vis-late-delete",
    "Deleted {late} s after the receive; visible / in flight / delayed afterwards: {counts}",
    wrong=rules.LATE_DELETE_FAILS,
)
def late_delete(bench: Bench) -> None:
    bench.send()
    message = bench.take()
    late = TIMEOUT + 10
    bench.wait(late)
    bench.delete(message)
    bench.see("late", late)
    bench.see("counts", bench.counts(), [0, 0, 0])


@probe(
    "vis-stale-delete",
    "Received twice, deleted by the first handle: {answer}; received again at {back:clock}",
    wrong=rules.OLD_HANDLE_DELETES,
)
def stale_delete(bench: Bench) -> None:
    bench.send()
    old = bench.take()
    bench.wait_until(TIMEOUT)
    bench.take()
    answer = bench.answer("delete_message", QueueUrl=bench.url, ReceiptHandle=old["ReceiptHandle"])
    bench.see("answer", answer, "accepted")
    bench.see("back", bench.first_seen(2 * TIMEOUT), 2 * TIMEOUT)


@probe(
    "vis-zero-receive",
    "A receive with VisibilityTimeout 0, then two without: {numbers} messages",
    wrong=answers.QUEUE_TIMEOUT_WINS,
)
def zero_at_receive(bench: Bench) -> None:
    bench.send()
    numbers = [len(bench.receive(VisibilityTimeout=0)), len(bench.receive()), len(bench.receive())]
    bench.see("numbers", numbers, [1, 1, 0])


@probe(
    "vis-receive-override",
    "Received with VisibilityTimeout 120 on a queue of {timeout} s: back at {back:clock}; received without: back at "
    "{then:clock}",
    wrong=answers.QUEUE_TIMEOUT_WINS,
)
def override_at_receive(bench: Bench) -> None:
    bench.send()
    bench.take(VisibilityTimeout=120)
    bench.see("timeout", TIMEOUT)
    bench.see("back", bench.first_seen(120 - INSTANT, 120), 120)
    bench.see("then", bench.first_seen(120 + TIMEOUT - INSTANT, 120 + TIMEOUT), 120 + TIMEOUT)


@probe(
    "vis-in-flight",
    "Visible / in flight / delayed: {hidden} after the receive, {later} after the timeout",
    wrong=rules.NOT_HIDDEN,
)
def counted_in_flight(bench: Bench) -> None:
    bench.send()
    bench.take()
    bench.see("hidden", bench.counts(), [0, 1, 0])
    bench.wait(TIMEOUT)
    bench.see("later", bench.counts(), [1, 0, 0])


@probe("vis-queue-maximum", "VisibilityTimeout 0, {longest} and one second more: {answers}", wrong=MOCK_ALONE)
def longest_of_a_queue(bench: Bench) -> None:
    values = [{"VisibilityTimeout": str(seconds)} for seconds in (0, LONGEST, LONGEST + 1)]
    seen = bench.answers("set_queue_attributes", "Attributes", values, QueueUrl=bench.url)
    bench.see("answers", seen, ["accepted", "accepted", "InvalidAttributeValue"])
    bench.see("longest", LONGEST)
