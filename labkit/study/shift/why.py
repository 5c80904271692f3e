"""Why a promise was broken, by the answer's own calls: nothing is blamed that was not looked for in them."""

from __future__ import annotations

from enum import Enum
from typing import Any

from labkit.aws.sqs import handles
from labkit.causes import Batch, Cause, Effect
from labkit.history import Call, StateChange
from labkit.study.record import Record
from labkit.study.shift.jobs import SECOND, Job, Outside
from labkit.study.shift.trail import DELETE, EXTEND, RECEIVE, Trail, refused, worker_calls
from labkit.words.shift import Mistake

Why = tuple[Enum, dict[str, Any]]
NOT_SENT = "ParamValidationError"  # what boto3 itself refuses


def why_nothing(record: Record) -> Why:
    """Why nobody has begun anything."""
    asked = worker_calls(record, RECEIVE)
    if any(call.messages for call in asked):
        return Mistake.NOT_HANDLED, {}
    if found := refused(record):
        return why_refused(found[0])
    return (Mistake.RECEIVED_NOTHING, {"calls": len(asked)}) if asked else (Mistake.NOT_RECEIVED, {})


def why_refused(call: Call) -> Why:
    """Why a call that failed did nothing: by AWS, or before it was sent at all."""
    mistake = Mistake.NOT_SENT if call.error == NOT_SENT else Mistake.REFUSED
    return mistake, {"operation": call.operation, "error": call.error}


def why_again(trail: Trail, first: Job, second: Job) -> Why:
    """Why an order was done a second time."""
    numbers: dict[str, Any] = {"body": trail.body, "by": second.by, "first": first.by}
    if trail.was_sent_again:
        return Mistake.SENT_AGAIN, numbers
    received, again = trail.received_by(first.by, first.began), trail.received_by(second.by, second.began)
    if again is None:
        return Mistake.NOT_ITS_OWN, numbers
    if received is again:
        return Mistake.TWICE_FOR_ONE, numbers
    if received is None or again.order < received.order:
        return Mistake.HELD_TOO_LONG, numbers
    back = trail.back_between(received.at, again.at)
    if back is None:
        return Mistake.DUPLICATE, numbers
    return _why_back(trail, first, back, numbers)


def _why_back(trail: Trail, first: Job, back: StateChange, numbers: dict[str, Any]) -> Why:
    """Why its message could be received again."""
    at = back.at
    received = trail.received_by(first.by, first.began)
    hidden = (at - received.at) / SECOND if received else 0
    numbers |= {"hidden": hidden, "back": trail.record.seconds(at)}
    if back.cause is Cause.GIVEN_BACK:
        return Mistake.GIVEN_BACK, numbers
    died = trail.story.lost.get(first.by)
    if died is not None and died <= at and not trail.calls(DELETE, first.began, at):
        return Mistake.DIED, numbers
    deletes = trail.own_calls(DELETE, first)
    if first.finished is None or at < first.finished:
        return _why_short(trail, first, received.at if received else 0, at, numbers)
    before = [call for call in deletes if call.at <= at]
    if before:
        return _why_kept(trail, before[-1], numbers)
    return (Mistake.DELETED_TOO_LATE if deletes else _why_no_delete(trail, first)), numbers


def _why_no_delete(trail: Trail, job: Job) -> Mistake:
    """Why no call has deleted what a machine has done: there was none, or its entry of a batch failed."""
    calls = (call for call in trail.record.calls if call.operation.startswith(DELETE) and call.by == job.by)
    failed = any(isinstance(call.result, Batch) and call.result.failed for call in calls if call.at >= job.began)
    return Mistake.DELETE_FAILED if failed else Mistake.NO_DELETE


def _why_short(trail: Trail, first: Job, since: int, until: int, numbers: dict[str, Any]) -> Why:
    """Why its visibility timeout ended before the work did."""
    if any(not call.error for call in trail.calls(EXTEND, since, until)):
        return Mistake.EXTENDED_TOO_LITTLE, numbers
    failed = [call for call in refused(trail.record, EXTEND) if call.by == first.by and since <= call.at < until]
    if failed:
        return Mistake.EXTENSION_FAILED, numbers | {"error": failed[-1].error}
    return Mistake.TOO_LATE, numbers


def _why_kept(trail: Trail, delete: Call, numbers: dict[str, Any]) -> Why:
    """Why a message is there still, or again, although a call was to delete it."""
    if delete.error:
        return Mistake.DELETE_REFUSED, numbers | {"error": delete.error}
    if Effect.OLD_RECEIPT in {done.effect for done in delete.effects if done.message in trail.messages}:
        return Mistake.OLD_RECEIPT, numbers
    return Mistake.DUPLICATE, numbers


def why_missing(trail: Trail) -> Why:
    """Why nobody has finished an order."""
    last, numbers = trail.last, {"body": trail.body, "receives": len(trail.receives)}
    if last is None:
        return Mistake.NOT_TAKEN, numbers
    numbers |= {"at": trail.record.seconds(last.at), "by": last.by}
    if last.after == "deleted":
        if not trail.jobs:
            return Mistake.DELETED_UNDONE, numbers
        failed = all(job.died is not None and job.died <= last.at for job in trail.jobs)
        return (Mistake.DELETED_FAILED if failed else Mistake.DELETED_FIRST), numbers
    if any(change.after == "dead-lettered" for change in trail.changes):
        return Mistake.DEAD_LETTERED, numbers
    if not trail.receives:
        return _why_untaken(trail, numbers)
    if last.until is not None and trail.is_hidden_on_purpose:
        return Mistake.HIDDEN, numbers | {"seconds": (last.until - last.at) / SECOND}
    return Mistake.NOBODY, numbers


def _why_untaken(trail: Trail, numbers: dict[str, Any]) -> Why:
    came = trail.changes[0].at
    asked = any(call.at > came for call in worker_calls(trail.record, RECEIVE))
    return (Mistake.NOT_TAKEN if asked else Mistake.NOT_ASKING), numbers


def why_left(trail: Trail) -> Why:
    """Why an order that was done has a message in the queue still."""
    numbers = {"body": trail.body, "by": trail.jobs[-1].by}
    if trail.was_sent_again:
        return Mistake.SENT_AGAIN, numbers
    deletes = [call for call in trail.calls(DELETE) if trail.left is None or trail.left.message in call.messages]
    if deletes:
        kept, numbers = _why_kept(trail, deletes[-1], numbers)
        is_later = trail.receives[-1].at > deletes[-1].at
        return (Mistake.NO_SECOND_DELETE if kept is Mistake.DUPLICATE and is_later else kept), numbers
    if found := refused(trail.record, DELETE):
        return Mistake.DELETE_REFUSED, numbers | {"error": found[-1].error}
    # A customer whose answer was lost has sent it twice: the answer deletes, but not what it takes for a repetition.
    return (Mistake.NO_SECOND_DELETE if trail.calls(DELETE) else _why_no_delete(trail, trail.jobs[-1])), numbers


def why_keys(trail: Trail, first: Outside, second: Outside) -> Why:
    """Why an effect happened twice: its two keys differ."""
    keys, ids = {first.key, second.key}, {change.message for change in trail.record.changes}
    numbers = {"body": trail.body, "kind": first.kind}
    if keys <= ids:
        return Mistake.KEY_IS_MESSAGE_ID, numbers
    is_handle = all(key.startswith(handles.START) for key in keys)
    return (Mistake.KEY_IS_HANDLE if is_handle else Mistake.KEY_CHANGES), numbers
