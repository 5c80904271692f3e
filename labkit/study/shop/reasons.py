"""Why an hour in the shop went wrong: the calls that explain it, and the reason in words."""

from __future__ import annotations

from statistics import median

from labkit.causes import RECEIVES
from labkit.history import Call, StateChange
from labkit.study.evidence import call_line, cause, first_calls
from labkit.study.record import Record
from labkit.study.shift import SECOND, Job
from labkit.study.shop.playing import MAKING, OLD, Shop
from labkit.words import quiet_worker as words
from labkit.words import say

RECEIVE, DELETE = "ReceiveMessage", "DeleteMessage"
Reason = tuple[list[str], str]


def changes_of(record: Record, order: str) -> list[StateChange]:
    """Return the changes of an order's messages."""
    return [change for change in record.changes if change.body == order]


def receives(record: Record, changes: list[StateChange]) -> list[Call]:
    """Return the calls that received an order."""
    found = [cause(record, change) for change in changes if change.cause in RECEIVES]
    return [call for call in found if call is not None]


def of_calls(record: Record, operation: str) -> str:
    """Say why there were so many calls."""
    if operation != RECEIVE:
        return say(words.WHY_CALLS)
    empty = [call.at - call.began for call in record.calls if call.operation == RECEIVE and not call.messages]
    wait = round(median(empty) / SECOND) if empty else 0
    return say(words.WHY_SHORT_WAIT, wait=wait, polls=3600 // wait) if wait else say(words.WHY_TIGHT)


def of_repeat(record: Record, first: Job, second: Job) -> Reason:
    """Explain why an order was made a second time."""
    changes = changes_of(record, first.name)
    calls = receives(record, changes)
    lines = [call_line(record, call) for call in calls if call.at <= second.began]
    if sum(change.before is None for change in changes) > 1:
        return lines, say(words.WHY_SENT)
    if len([call for call in calls if call.at <= second.began]) < 2:
        return lines, say(words.WHY_HANDLED_TWICE)
    ended = first.finished or first.began
    deletes = [call for call in record.calls if call.operation.startswith(DELETE) and ended <= call.at < second.began]
    message = changes[0].message
    if not any(message in call.messages for call in deletes):
        return lines, say(words.WHY_NO_DELETE)
    back = [change for change in changes if change.after == "visible" and first.began < change.at <= second.began]
    return lines, say(words.WHY_AGAIN, why=back[-1].why if back else changes[-1].why)


def of_late(record: Record, shop: Shop, order: str, job: Job | None) -> tuple[list[str], str, bool]:
    """Explain why an order was begun late or not at all, and whether a belief about SQS may be behind it."""
    changes = changes_of(record, order)
    calls = receives(record, changes)
    lines = [call_line(record, call) for call in calls][:2] or first_calls(record)
    if calls and (job is None or calls[0].at < job.began - MAKING * SECOND):
        return lines, _why_held(record, shop, changes, calls[0]), True
    return lines, _why_nobody_asked(record, shop.came[order]), False


def _why_held(record: Record, shop: Shop, changes: list[StateChange], held: Call) -> str:
    if changes[-1].after == "deleted" and len(changes) == 3:
        return say(words.WHY_DELETED_UNDONE)
    if shop.switched_off_at is not None:
        return say(words.WHY_SWITCHED_OFF, by=held.by)
    if shop.gone_at is not None:
        return say(words.WHY_DROPPED, by=held.by, at=record.seconds(held.at))
    return say(words.WHY_LOST)


def _why_nobody_asked(record: Record, came: int) -> str:
    after = next((call for call in record.calls if call.operation == RECEIVE and call.began >= came), None)
    if after is None:
        return say(words.WHY_NOT_ASKING)
    before = [call.at for call in record.calls if call.by == after.by and call.at < came]
    since, until = record.seconds(before[-1]) if before else 0.0, record.seconds(after.began)
    return say(words.WHY_ASLEEP, since=since, until=until, by=after.by)


def of_staying(record: Record, shop: Shop) -> Reason:
    """Explain why a worker that was told to stop had not returned in time."""
    told = shop.told_at or 0
    own = [call for call in record.calls if call.by == OLD]
    later = [call for call in own if call.began >= told]
    batch = next((call for call in reversed(own) if call.operation == RECEIVE), None)
    if batch is not None and len(batch.messages) * MAKING > 30 and batch.at <= told:
        return [call_line(record, batch)], say(words.WHY_BATCH, count=len(batch.messages))
    if any(call.operation == RECEIVE for call in later):
        return [call_line(record, call) for call in later[:4]], say(words.WHY_NOT_ASKED, calls=len(later))
    return [call_line(record, call) for call in own[-3:]], say(words.WHY_STUCK)


def of_missing(record: Record, order: str) -> Reason:
    """Explain why an order was made by nobody."""
    changes = changes_of(record, order)
    lines = [call_line(record, call) for call in receives(record, changes)][-3:]
    if changes[-1].after == "deleted":
        return lines, say(words.WHY_DELETED_UNDONE)
    if not lines:
        return first_calls(record), say(words.WHY_NOT_ASKING)
    return lines, say(words.WHY_LOST)
