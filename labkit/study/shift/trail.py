"""The trail of one order: its jobs, the changes of its messages, and the calls that were made about it."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from labkit.causes import IN_FLIGHT, RECEIVES, STORED, Cause
from labkit.history import Call, StateChange
from labkit.study.evidence import cause
from labkit.study.record import Record
from labkit.study.shift.jobs import ANSWER, Job, Jobs

DELETE, EXTEND, RECEIVE, SEND = "DeleteMessage", "ChangeMessageVisibility", "ReceiveMessage", "SendMessage"
SET = "SetQueueAttributes"


def is_worker(by: str) -> bool:
    """Whether somebody is one of the answer's machines."""
    return by.startswith(("worker ", ANSWER))


def worker_calls(record: Record, *operations: str) -> list[Call]:
    """The machines' calls of these operations, or all of them."""
    return [call for call in record.calls if (not operations or call.operation in operations) and is_worker(call.by)]


class Trail:
    """One order in a run, known by the body of its messages."""

    def __init__(self, record: Record, story: Any, body: str) -> None:
        self.record, self.story, self.body = record, story, body
        self.changes = [change for change in record.changes if change.body == body]
        self.jobs = [job for job in story.jobs if job.name == body]
        self.messages = {change.message for change in self.changes}

    @cached_property
    def receives(self) -> list[StateChange]:
        """The changes by which somebody received it."""
        return [change for change in self.changes if change.cause in RECEIVES]

    def receive_calls(self, until: int | None = None) -> list[Call]:
        """The calls that received it, up to an instant."""
        found = [cause(self.record, change) for change in self.receives if until is None or change.at <= until]
        return [call for call in found if call is not None]

    def calls(self, operation: str, after: int = 0, before: int | None = None) -> list[Call]:
        """The machines' calls of an operation (or its batch form) that name one of its messages."""
        return [
            call
            for call in worker_calls(self.record, operation, f"{operation}Batch")
            if self.messages.intersection(call.messages) and after <= call.at and (before is None or call.at < before)
        ]

    def own_calls(self, operation: str, job: Job) -> list[Call]:
        """The calls about it by the machine of a job, from its beginning until that machine received it anew."""
        anew = next((one.at for one in self.receives if one.by == job.by and one.at > job.began), None)
        return [call for call in self.calls(operation, job.began, anew) if call.by == job.by]

    @property
    def was_sent_again(self) -> bool:
        """Whether a machine sent it as a new message."""
        return any(change.before is None and not change.earlier and is_worker(change.by) for change in self.changes)

    @property
    def newest(self) -> list[StateChange]:
        """The changes of the message that was sent last."""
        new = next((change.message for change in reversed(self.changes) if change.before is None), "")
        return [change for change in self.changes if change.message == new]

    @property
    def last(self) -> StateChange | None:
        """What happened to it last."""
        return self.newest[-1] if self.changes else None

    @property
    def left(self) -> StateChange | None:
        """What happened last to a message of it that is in a queue still; a customer may have sent several."""
        last = {change.message: change for change in self.changes}
        return next((change for change in last.values() if change.after in STORED), None)

    @property
    def is_hidden_on_purpose(self) -> bool:
        """Whether it is in flight for as long as a machine asked for, in a call or by the queue's setting."""
        last = self.last
        if last is None or last.after != IN_FLIGHT:
            return False
        if last.cause is Cause.TIMEOUT_CHANGED:
            return True
        received = cause(self.record, last)
        hides = [received.parameters] if received is not None else []
        hides += [
            call.parameters.get("Attributes", {}) for call in worker_calls(self.record, SET) if call.at <= last.at
        ]
        return any("VisibilityTimeout" in one for one in hides)

    def received_by(self, by: str, at: int) -> StateChange | None:
        """The last receive by a machine up to an instant."""
        return next((one for one in reversed(self.receives) if one.by == by and one.at <= at), None)

    def back_between(self, first: int, second: int) -> StateChange | None:
        """The first time after one instant and up to another at which it could be received again."""
        shown = (one for one in self.changes if one.after == "visible" and one.before is not None)
        return next((one for one in shown if first < one.at <= second), None)


def trails(record: Record, story: Jobs) -> list[Trail]:
    """The trail of each order, in the story's order."""
    return [Trail(record, story, name) for name in story.names]


def repeated(jobs: list[Job]) -> tuple[Job, Job] | None:
    """Return the first job that was done a second time, with its second time; None when there is none."""
    first: dict[str, Job] = {}
    for job in jobs:
        if job.name in first:
            return first[job.name], job
        first[job.name] = job
    return None


def refused(record: Record, operation: str = "") -> list[Call]:
    """The machines' calls that AWS refused, of an operation or of all."""
    return [call for call in worker_calls(record) if call.error and call.operation.startswith(operation)]
