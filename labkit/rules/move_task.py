"""A message move task as a state machine: what StartMessageMoveTask starts and time goes on with."""

from __future__ import annotations

from collections.abc import Callable

from labkit.ledger import quota
from labkit.rules.change import Change
from labkit.rules.message import SECOND, Message
from labkit.rules.queue import StandardQueue
from labkit.rules.refused import Refused

RUNNING = "RUNNING"
COMPLETED = "COMPLETED"
CANCELLING = "CANCELLING"
CANCELLED = "CANCELLED"
FAILED = "FAILED"
ACTIVE = (RUNNING, CANCELLING)
FASTEST = quota("sqs.move_task.maximum_rate")
LONGEST = quota("sqs.move_task.longest") * SECOND

Source = Callable[[], StandardQueue]
Route = Callable[[Message], StandardQueue]


class MoveTask:
    """Moves what is visible in a dead-letter queue at the start, oldest first, one message every 1/`rate` seconds.

    `source` and `route` give the queues at each step; a `Refused` of theirs ends the task, its code is the reason.
    Every instant is microseconds since 1970. [redrive-new-message] [redrive-rate] [redrive-task-ends]
    """

    def __init__(self, source: Source, route: Route, now: int, rate: int | None = None) -> None:
        self.started = now
        self.status = RUNNING
        self.moved = 0
        self.reason: str | None = None
        self._source = source
        self._route = route
        self._rate = rate or FASTEST
        self._steps = 0
        self.to_move = source().counts(now)[0]["visible"]

    @property
    def is_active(self) -> bool:
        """Whether the task still has something to do; one queue has at most one such task. [redrive-one-task]"""
        return self.status in ACTIVE

    @property
    def due(self) -> int | None:
        """When the task does its next step; None when it has ended."""
        if not self.is_active:
            return None
        return min(self.started + (self._steps + 1) * SECOND // self._rate, self.started + LONGEST)

    def settle(self, now: int) -> list[Change]:
        """Do every step that fell due up to `now`, each at its own instant."""
        changes: list[Change] = []
        while (due := self.due) is not None and due <= now:
            changes += self._step(due)
        return changes

    def cancel(self) -> int:
        """Stop at the next step and return how many have moved; those stay where they are. [redrive-task-cancel]

        Raises `Refused` (InvalidParameterValue) for a task that is not running.
        """
        if self.status != RUNNING:
            text = f"The task is {self.status}: only a task whose status is RUNNING can be cancelled."
            raise Refused("InvalidParameterValue", text)
        self.status = CANCELLING
        return self.moved

    def _step(self, at: int) -> list[Change]:
        self._steps += 1
        if self.status == CANCELLING:
            self.status = CANCELLED
            return []
        if at == self.started + LONGEST:
            self.status = FAILED
            return []
        try:
            return self._move(self._source(), at)
        except Refused as refused:
            self.status, self.reason = FAILED, refused.code
            return []

    def _move(self, source: StandardQueue, at: int) -> list[Change]:
        message, changes = source.first_visible(at)
        if message is not None and self.moved < self.to_move:
            changes += source.redrive(message, self._route(message), at)
            self.moved += 1
        if message is None or self.moved == self.to_move:
            self.status = COMPLETED
        return changes
