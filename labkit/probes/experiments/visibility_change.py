"""ChangeMessageVisibility: longer, shorter, at once, too late; and the heartbeat made of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from labkit.ledger import quota
from labkit.probes import wrong_answers as answers
from labkit.probes import wrong_rules as rules
from labkit.probes.bench import Bench
from labkit.probes.registry import probe
from labkit.probes.worlds import MOCK_ALONE

TIMEOUT = quota("sqs.visibility_timeout.default")
LONGEST = quota("sqs.visibility_timeout.maximum")
MOST = quota("sqs.batch.maximum_entries")
INSTANT = 0.001
GONE = "Message does not exist or is not available for visibility timeout change."
HOUR = 3600


def _received(bench: Bench) -> dict[str, Any]:
    bench.send()
    return bench.take()


def _change(bench: Bench, message: dict[str, Any], seconds: int) -> tuple[str, str]:
    handle = message["ReceiptHandle"]
    given = {"QueueUrl": bench.url, "ReceiptHandle": handle, "VisibilityTimeout": seconds}
    return bench.answer_text("change_message_visibility", **given)


@probe("vis-6", "10 s set at {set_at:clock}: received again at {back:clock}", wrong=rules.CHANGE_IGNORED)
def more_time(bench: Bench) -> None:
    message = _received(bench)
    bench.wait_until(TIMEOUT - 5)
    bench.change(message, 10)
    bench.see("set_at", bench.now)
    bench.see("back", bench.first_seen(TIMEOUT + 1, TIMEOUT + 5 - INSTANT, TIMEOUT + 5), TIMEOUT + 5)


@probe(
    "vis-change-from-call",
    "10 s set at {set_at:clock} on a queue of {timeout} s: received again at {back:clock}",
    wrong=rules.CHANGE_ADDS_UP,
)
def counts_from_the_call(bench: Bench) -> None:
    message = _received(bench)
    bench.wait_until(15)
    bench.change(message, 10)
    bench.see("set_at", bench.now)
    bench.see("timeout", TIMEOUT)
    bench.see("back", bench.first_seen(25 - INSTANT, 25), 25)


@probe(
    "vis-change-shortens",
    "5 s set at {set_at:clock} on a queue of {timeout} s: received again at {back:clock}",
    wrong=rules.CHANGE_ONLY_EXTENDS,
)
def shortens(bench: Bench) -> None:
    message = _received(bench)
    bench.wait_until(5)
    bench.change(message, 5)
    bench.see("set_at", bench.now)
    bench.see("timeout", TIMEOUT)
    bench.see("back", bench.first_seen(10 - INSTANT, 10), 10)


@probe(
    "vis-change-forgotten",
    "100 s set at the first receive: received again at {first:clock}, and the next time at {second:clock}",
    wrong=rules.CHANGE_REMEMBERED,
)
def forgotten_at_the_next_receive(bench: Bench) -> None:
    bench.change(_received(bench), 100)
    bench.see("first", bench.first_seen(100 - INSTANT, 100), 100)
    bench.see("second", bench.first_seen(100 + TIMEOUT - INSTANT, 100 + TIMEOUT), 100 + TIMEOUT)


@probe("vis-zero-change", "0 s set at 00:00:01.000: received again at {back:clock}", wrong=answers.ZERO_DOES_NOTHING)
def given_back_at_once(bench: Bench) -> None:
    message = _received(bench)
    bench.wait_until(1)
    bench.change(message, 0)
    bench.see("back", bench.first_seen(1), 1)


@probe("vis-twelve-hours", "An hour after the receive {seconds} s are set: {answers}", wrong=rules.CHANGE_WITHOUT_LIMIT)
def twelve_hours_in_all(bench: Bench) -> None:
    bench.send()
    bench.wait_until(HOUR)
    message = bench.take(VisibilityTimeout=2 * HOUR)
    bench.wait(HOUR)
    left = LONGEST - HOUR
    seen = [_change(bench, message, seconds)[0] for seconds in (LONGEST, left + 1, left)]
    bench.see("answers", seen, ["InvalidParameterValue", "InvalidParameterValue", "accepted"])
    bench.see("seconds", [LONGEST, left + 1, left])


@probe("vis-change-range", "{seconds} s are set: {answers}", wrong=answers.NEVER_REFUSED)
def range_of_a_change(bench: Bench) -> None:
    message = _received(bench)
    given = [-1, LONGEST + 1, 0]
    seen = [_change(bench, message, seconds)[0] for seconds in given]
    bench.see("answers", seen, ["InvalidParameterValue", "InvalidParameterValue", "accepted"])
    bench.see("seconds", given)


@probe(
    "vis-change-too-late",
    "60 s set 10 s after the timeout: {answer}; the next receive returned {there} message",
    wrong=MOCK_ALONE,
)
def change_too_late(bench: Bench) -> None:
    message = _received(bench)
    bench.wait_until(TIMEOUT + 10)
    bench.see("answer", _change(bench, message, 60)[0], "accepted")
    bench.see("there", len(bench.receive()), 1)


@probe("vis-change-deleted", "Changed after the delete: {code}, {text}", wrong=MOCK_ALONE)
def change_of_a_deleted_message(bench: Bench) -> None:
    message = _received(bench)
    bench.delete(message)
    code, text = _change(bench, message, 60)
    bench.see("code", code, "InvalidParameterValue")
    bench.see("text", text.partition("Reason: ")[2], GONE)


@probe("vis-change-no-handle", "{code}: {text}", wrong=answers.NEVER_REFUSED)
def change_without_a_handle(bench: Bench) -> None:
    code, text = _change(bench, {"ReceiptHandle": "INVALID"}, 60)
    bench.see("code", code, "ReceiptHandleIsInvalid")
    bench.see("text", text, 'The input receipt handle "INVALID" is not a valid receipt handle.')


@probe(
    "vis-change-batch",
    "{changed} messages changed to 60 s in one call, still hidden after 59 s, back at {back:clock}; with one entry "
    "more: {above}",
    wrong=MOCK_ALONE,
)
def change_of_a_batch(bench: Bench) -> None:
    bench.send_many(MOST)
    handles = [message["ReceiptHandle"] for message in bench.receive(MOST)]
    entries = [{"Id": str(n), "ReceiptHandle": one, "VisibilityTimeout": 60} for n, one in enumerate(handles)]
    answer = bench.sqs.change_message_visibility_batch(QueueUrl=bench.url, Entries=entries)
    bench.see("changed", len(answer["Successful"]), MOST)
    bench.see("back", bench.first_seen(59, 61), 61)
    entries.append(entries[0] | {"Id": "eleventh"})
    code = bench.answer("change_message_visibility_batch", QueueUrl=bench.url, Entries=entries)
    bench.see("above", code, "AWS.SimpleQueueService.TooManyEntriesInBatchRequest")


def _beating(bench: Bench, until: float) -> Callable[[], None]:
    """A worker on one message that sets the timeout anew every 20 seconds, up to an instant; then it just stops."""

    def worker() -> None:
        message = bench.take()
        while bench.now + 20 <= until:
            time.sleep(20)
            bench.change(message, TIMEOUT)

    return worker


@probe(
    "vis-heartbeat",
    "A job of {job} s with a heartbeat every 20 s on a queue of {timeout} s: another consumer polled {polls} times; "
    "received by it: {back}",
    wrong=rules.CHANGE_IGNORED,
)
def heartbeat(bench: Bench) -> None:
    job = 3 * TIMEOUT
    bench.send()
    bench.lab.start(_beating(bench, until=job))
    bench.lab.run("1 ms")
    polls = range(10, job, 10)
    bench.see("back", bench.first_seen(*polls) or "never", "never")
    bench.see("polls", len(polls))
    bench.see("job", job)
    bench.see("timeout", TIMEOUT)


@probe(
    "vis-heartbeat-stops",
    "Crash at 00:00:50.000 after a heartbeat at 00:00:40.000 that set {timeout} s: received again at {back:clock}",
    wrong=rules.CHANGE_ADDS_UP,
)
def heartbeat_stops(bench: Bench) -> None:
    bench.send()
    bench.lab.start(_beating(bench, until=50))
    bench.lab.run("1 ms")
    back = 40 + TIMEOUT
    bench.see("timeout", TIMEOUT)
    bench.see("back", bench.first_seen(back - INSTANT, back), back)
