"""Judges the office's days by what happened: each order's events in order, each once, nothing left, few calls."""

from __future__ import annotations

from itertools import pairwise

from labkit.causes import RECEIVES
from labkit.history import StateChange
from labkit.interleavings import Checked
from labkit.study.evidence import call_line, cause, first_calls
from labkit.study.exercise import Problem
from labkit.study.office.playing import MOST_EVENTS, STEPS, Office
from labkit.study.record import Record
from labkit.study.shift import Job, first_of, over_budget, repeated
from labkit.study.shift.judging import Judge
from labkit.words import orders_in_order as words
from labkit.words import say


def day(budget: int | None = None) -> Judge:
    """Every event once, in order, and deleted; with at most `budget` calls, if one is given."""

    def calls(record: Record, office: Office) -> Problem | None:
        if budget is None:
            return None
        return over_budget(record, budget, say(words.WITHIN, budget=budget), _why_so_many)

    def endless(record: Record, office: Office) -> Problem | None:
        return calls(record, office) if len(record.events) > MOST_EVENTS else None

    return first_of(_nothing, _overtaken, _repeated, _undeleted, endless, _unfinished, _left, calls)


def every_crash(record: Record, checked: Checked) -> Problem | None:
    """No order of events goes wrong; the shortest that does tells itself."""
    if checked.right:
        return None
    steps, verdict = checked.sentences[:-1], checked.sentences[-1:]
    return Problem(steps, verdict, say(words.ALL_ONCE), say(words.WHY_ANY_TIME), replay=checked.replay)


def _why_so_many(operation: str) -> str:
    return say(words.WHY_DELETES if operation == "DeleteMessage" else words.WHY_POLLS)


def _nothing(record: Record, office: Office) -> Problem | None:
    if office.jobs or office.refusals:
        return None
    received = any(call.messages for call in record.calls if call.operation == "ReceiveMessage")
    why = words.WHY_NOT_APPLIED if received else words.WHY_NOT_RECEIVED
    return Problem(first_calls(record), [say(words.NOTHING)], say(words.ALL_ONCE), say(why), belief=False)


def _overtaken(record: Record, office: Office) -> Problem | None:
    """An event that began before the one in front of it had been applied."""
    for order in dict.fromkeys(name.split()[0] for name in office.names):
        for before, after in pairwise(f"{order} {step}" for step in STEPS):
            began = next((job for job in office.jobs if job.name == after), None)
            done = next((job.finished for job in office.jobs if job.name == before and job.finished is not None), None)
            if began is not None and (done is None or began.began < done):
                return _of_overtaking(record, office, before, began)
    return None


def _of_overtaking(record: Record, office: Office, before: str, after: Job) -> Problem:
    refused = next((job for job in office.refusals if job.name == before and job.began <= after.began), None)
    came_back = []
    if refused is not None and refused.finished is not None:
        at = record.seconds(refused.finished)
        came_back.append(say(words.REFUSED, at=at, by=refused.by, event=before))
    came_back.append(say(words.BEGAN, at=record.seconds(after.began), by=after.by, event=after.name))
    why = words.WHY_REFUSED if refused is not None else words.WHY_ORDER
    deleted = [change for change in _changes(record, before) if change.after == "deleted" and change.at <= after.began]
    if deleted:
        died = any(job.name == before and job.died is not None for job in office.jobs)
        why = words.WHY_DELETED_EARLY if died else words.WHY_DELETED_UNDONE
    return Problem(_receives(record, after.name), came_back, say(words.IN_ORDER), say(why, before=before))


def _repeated(record: Record, office: Office) -> Problem | None:
    found = repeated(office.jobs)
    if found is None or found[0].finished is None:
        return None  # what a machine left undone has to be done again
    first, again = found
    changes = _changes(record, first.name)
    back = next((c for c in changes if c.before == "in flight" and c.after == "visible" and c.at > first.began), None)
    came_back = [say(words.APPLIED, at=record.seconds(first.finished or 0), by=first.by, event=first.name)]
    if back is not None and back.at <= again.began:
        came_back.insert(
            back.at >= (first.finished or 0), say(words.SHOWN, at=record.seconds(back.at), event=first.name)
        )
    came_back.append(say(words.BEGAN_AGAIN, at=record.seconds(again.began), by=again.by, event=first.name))
    return Problem(
        _receives(record, first.name), came_back, say(words.ALL_ONCE), _why_again(record, first, again, back)
    )


def _why_again(record: Record, first: Job, again: Job, back: StateChange | None) -> str:
    if first.died is not None:
        return say(words.WHY_NOT_ASKED, event=first.name, by=first.by)
    if back is None or back.at > again.began:
        return say(words.WHY_APPLIED_TWICE)
    if back.at < (first.finished or 0):
        return say(words.WHY_TIMEOUT, end=record.seconds(back.at), by=first.by)
    return say(words.WHY_NO_DELETE)


def _unfinished(record: Record, office: Office) -> Problem | None:
    if not office.unfinished:
        return None
    event = office.unfinished[0]
    changes = _changes(record, event)
    deleted = changes[-1].after == "deleted"
    died = any(job.name == event and job.died is not None for job in office.jobs)
    why = words.WHY_STOPPED
    if deleted:
        why = words.WHY_DELETED_EARLY if died else words.WHY_DELETED_UNDONE
    call = cause(record, changes[-1]) if deleted else None
    called = [call_line(record, call)] if call else _receives(record, event) or first_calls(record)
    return Problem(called, [say(words.UNFINISHED, event=event)], say(words.ALL_ONCE), say(why))


def _undeleted(record: Record, office: Office) -> Problem | None:
    """Events booked, and no call that deletes."""
    deletes = any(call.operation.startswith("DeleteMessage") for call in record.calls)
    return None if deletes or all(job.finished is None for job in office.jobs) else _left(record, office)


def _left(record: Record, office: Office) -> Problem | None:
    for event in office.names:
        if _changes(record, event)[-1].after != "deleted":
            return Problem(
                _receives(record, event), [say(words.LEFT, event=event)], say(words.ALL_ONCE), say(words.WHY_NO_DELETE)
            )
    return None


def _changes(record: Record, event: str) -> list[StateChange]:
    return [change for change in record.changes if change.body == event]


def _receives(record: Record, event: str) -> list[str]:
    received = [change for change in _changes(record, event) if change.cause in RECEIVES]
    calls = [cause(record, change) for change in received]
    return [call_line(record, call) for call in calls if call is not None][-3:]
