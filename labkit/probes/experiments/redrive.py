"""The way back from a dead-letter queue: what a move task does, how fast, and how it ends."""

from __future__ import annotations

from labkit.ledger import quota
from labkit.probes import wrong_answers as answers
from labkit.probes import wrong_dead_letters as wrong
from labkit.probes.bench import Bench
from labkit.probes.dead_letter_bench import (
    ALL,
    arn,
    dead_letter,
    task_of,
    waiting,
)
from labkit.probes.registry import probe

TIMEOUT = quota("sqs.visibility_timeout.default")
DAY = 24 * 3_600
INSTANT = 0.001


@probe(
    "redrive-new-message",
    "Before and after a redrive: the same message id: {same}; sent {younger} s later; receive counts {counts}",
    wrong=wrong.SAME_ID,
)
def comes_back_as_a_new_one(bench: Bench) -> None:
    source = dead_letter(bench)
    dead = bench.url.replace("orders", "dead-orders")
    before = bench.sqs.receive_message(QueueUrl=dead, VisibilityTimeout=0, **ALL)["Messages"][0]
    bench.wait(DAY)
    bench.sqs.start_message_move_task(SourceArn=source)
    bench.wait(1)
    after = bench.take(**ALL)
    sent = [int(one["Attributes"]["SentTimestamp"]) // 1_000 for one in (before, after)]
    bench.see("same", before["MessageId"] == after["MessageId"], False)
    bench.see("younger", sent[1] - sent[0], DAY)
    counts = [int(one["Attributes"]["ApproximateReceiveCount"]) for one in (before, after)]
    bench.see("counts", counts, [2, 1])


@probe(
    "redrive-rate",
    "Two messages per second: {moved} were back after 2.5 s; {above} per second: {answer}",
    wrong=wrong.RATE_IGNORED,
)
def as_fast_as_asked(bench: Bench) -> None:
    source = dead_letter(bench, 10)
    bench.sqs.start_message_move_task(SourceArn=source, MaxNumberOfMessagesPerSecond=2)
    bench.wait(2.5)
    bench.see("moved", waiting(bench, bench.url), 5)
    bench.wait(10)
    above = quota("sqs.move_task.maximum_rate") + 1
    answer = bench.answer("start_message_move_task", SourceArn=source, MaxNumberOfMessagesPerSecond=above)
    bench.see("above", above)
    bench.see("answer", answer, "InvalidParameterValue")


@probe(
    "redrive-oldest-first",
    "Three dead letters, one per second, and an order sent at 00:00:01.500: {bodies}",
    wrong=wrong.NEWEST_FIRST,
)
def oldest_first_among_the_new(bench: Bench) -> None:
    source = dead_letter(bench, 3)
    bench.sqs.start_message_move_task(SourceArn=source, MaxNumberOfMessagesPerSecond=1)
    bench.wait(1.5)
    bench.send("new order")
    bench.wait(2)
    bench.see("bodies", bench.bodies(), ["order-1", "new order", "order-2", "order-3"])


@probe(
    "redrive-one-task",
    "A task of three seconds, another one started at 0 / 1 / 10 s: {answers}",
    wrong=answers.NEVER_REFUSED,
)
def one_at_a_time(bench: Bench) -> None:
    source = dead_letter(bench, 3)
    seen = []
    for second in (0, 1, 10):
        bench.wait_until(second)
        seen.append(bench.answer("start_message_move_task", SourceArn=source, MaxNumberOfMessagesPerSecond=1))
    bench.see("answers", seen, ["accepted", "InvalidParameterValue", "accepted"])


@probe(
    "redrive-task-ends",
    "The destination was deleted after two of five messages: {status}, {reason}; left in the dead-letter queue: {left}",
    wrong=wrong.PROTECTED,
)
def the_destination_goes_away(bench: Bench) -> None:
    source = dead_letter(bench, 5)
    bench.sqs.start_message_move_task(SourceArn=source, MaxNumberOfMessagesPerSecond=1)
    bench.wait(2)
    bench.sqs.delete_queue(QueueUrl=bench.url)
    bench.wait(10)
    task = task_of(bench, source)
    bench.see("status", task["Status"], "FAILED")
    bench.see("reason", task.get("FailureReason"), "AWS.SimpleQueueService.NonExistentQueue")
    bench.see("left", waiting(bench, bench.url.replace("orders", "dead-orders")), 3)


@probe(
    "redrive-task-cancel",
    "Cancelled after {moved} of five messages: {statuses}; ten seconds later in queue / dead-letter queue: {left}",
    wrong=wrong.CANCEL_UNDOES,
)
def cancelled_on_the_way(bench: Bench) -> None:
    source = dead_letter(bench, 5)
    started = bench.sqs.start_message_move_task(SourceArn=source, MaxNumberOfMessagesPerSecond=1)
    bench.wait(2)
    moved = bench.sqs.cancel_message_move_task(TaskHandle=started["TaskHandle"])["ApproximateNumberOfMessagesMoved"]
    seen = [task_of(bench, source)["Status"]]
    bench.wait(10)
    bench.see("moved", moved, 2)
    bench.see("statuses", [*seen, task_of(bench, source)["Status"]], ["CANCELLING", "CANCELLED"])
    dead = bench.url.replace("orders", "dead-orders")
    bench.see("left", [waiting(bench, bench.url), waiting(bench, dead)], [2, 3])


@probe(
    "redrive-unknown-source",
    "A message sent by hand, no destination: {status}, {reason}; with a destination: {then}",
    wrong=wrong.SOURCE_IS_KNOWN,
)
def sent_by_hand(bench: Bench) -> None:
    source = dead_letter(bench, 0)
    dead = bench.url.replace("orders", "dead-orders")
    bench.sqs.send_message(QueueUrl=dead, MessageBody="sent by hand")
    bench.sqs.start_message_move_task(SourceArn=source)
    bench.wait(1)
    task = task_of(bench, source)
    bench.see("status", task["Status"], "FAILED")
    bench.see("reason", task.get("FailureReason"), "CouldNotDetermineMessageSource")
    bench.sqs.start_message_move_task(SourceArn=source, DestinationArn=arn(bench, bench.url))
    bench.wait(1)
    bench.see("then", task_of(bench, source)["Status"], "COMPLETED")


@probe(
    "redrive-needs-source",
    "A task on a queue that is nobody's dead-letter queue: {answer}",
    wrong=answers.NEVER_REFUSED,
)
def any_other_queue(bench: Bench) -> None:
    dead_letter(bench)
    seen = bench.answer("start_message_move_task", SourceArn=arn(bench, bench.url))
    bench.see("answer", seen, "InvalidParameterValue")
