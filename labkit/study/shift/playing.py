"""Lets workers run an answer in lab time: what arrives for them, who starts them again, when the shift ends."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError, HTTPClientError

from labkit.study.exercise import Function
from labkit.study.shift.jobs import SECOND, WORKERS, Jobs

if TYPE_CHECKING:
    from labkit.aws.lab import Lab


def arrive(lab: Lab, queue_url: str, times: Mapping[str, float], by: str = "customers", **more: Any) -> None:
    """Send messages to a queue, each body at its second from now; `more` are parameters of every SendMessage."""
    sqs, start = lab.client("sqs"), lab.scheduler.now

    def send() -> None:
        for body, second in sorted(times.items(), key=lambda one: one[1]):
            lab.scheduler.sleep(max(0, start + round(second * SECOND) - lab.scheduler.now - lab.latency))
            sqs.send_message(QueueUrl=queue_url, MessageBody=body, **more)

    lab.start(send, name=by)


def start_workers(
    lab: Lab,
    function: Function,
    given: tuple[Any, ...],
    names: Iterable[str] = WORKERS,
    *,
    forgiving: bool = False,
    failures: tuple[type[Exception], ...] = (),
    until: Callable[[], bool] = lambda: False,
    ended_by: Callable[[Exception], None] = lambda failure: None,
) -> None:
    """Start an answer as workers; one that returns is started again after a second, unless `until()` says no more.

    `forgiving`: also one that AWS's answer has stopped; `failures`: also one that these have stopped, which the work
    itself raises and the story announces; `ended_by` hears of each. Any other exception of the answer ends the run.
    """

    survived = (*failures, ClientError, HTTPClientError) if forgiving else failures

    def supervised() -> None:
        while True:
            try:
                function(*given)
            except survived as failure:
                ended_by(failure)
            if until():
                return
            lab.scheduler.sleep(SECOND)

    for name in names:
        lab.start(supervised, name=name)


def let_pass(
    jobs: Jobs,
    seconds: float,
    most_events: int,
    *,
    over: Callable[[], bool] = lambda: False,
    repeats: bool = False,
) -> None:
    """Let lab time pass: for so long, or until `over()`, or until the history has more than `most_events` events.

    Unless `repeats` are right it also ends, under a myth's rules, with the first job done twice: that decides it.
    """
    lab = jobs.lab
    decided = jobs.has_repeat if lab.rules and not repeats else lambda: False
    events = lab.history.events
    lab.scheduler.run(
        lab.scheduler.now + round(seconds * SECOND), lambda: over() or len(events) > most_events or decided()
    )
    jobs.was_stopped = len(events) > most_events
