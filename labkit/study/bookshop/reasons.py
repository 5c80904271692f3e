"""Why a day in the bookshop went wrong: the calls that explain it, and the reason in words."""

from __future__ import annotations

from labkit.causes import RECEIVES
from labkit.history import StateChange
from labkit.study.bookshop.playing import VISIBILITY, Bookshop, Payment
from labkit.study.evidence import call_line, cause
from labkit.study.record import Record
from labkit.study.shift import SECOND, Job
from labkit.words import dead_letters as words
from labkit.words import say

DELETE, EXTEND = "DeleteMessage", "ChangeMessageVisibility"
Changes = list[StateChange]


def receives_until(record: Record, order: str, at: int) -> list[str]:
    """Return the calls that received an order, up to an instant, as lines."""
    changes = [change for change in record.changes if change.body == order and change.at <= at]
    found = [cause(record, change) for change in changes if _is_receive(change)]
    return [call_line(record, call) for call in found if call is not None]


def of_keys(record: Record, first: Payment, second: Payment) -> str:
    """Explain why two keys of one order differ."""
    ids = {change.message for change in record.changes}
    if {first.key, second.key} <= ids:
        return say(words.WHY_KEY_ID)
    return say(words.WHY_KEY_HANDLE if first.key.startswith("AQEB") else words.WHY_KEY_OTHER)


def of_repeat(record: Record, first: Job, second: Job) -> str:
    """Explain why an order was sent a second time."""
    changes = [change for change in record.changes if change.body == first.name]
    if sum(change.before is None and change.earlier is None for change in changes) > 1:
        return say(words.WHY_SENT_MESSAGE)
    deletes = [call for call in record.calls if call.operation.startswith(DELETE) and call.at < second.began]
    if not any(changes[0].message in call.messages for call in deletes):
        lapsed = (first.finished or first.began) - _received_before(changes, first.began) > VISIBILITY * SECOND
        return say(words.WHY_TOO_LATE if lapsed else words.WHY_NO_DELETE)
    return say(words.WHY_TOO_LATE)


def of_missing(record: Record, changes: Changes) -> str:
    """Explain why an order with which nothing is wrong was not sent."""
    receives = [change for change in changes if _is_receive(change)]
    if changes[-1].after == "deleted":
        return say(words.WHY_DELETED)
    if any(change.after == "dead-lettered" for change in changes):
        calls = [call for change in receives if (call := cause(record, change)) is not None]
        if any(len(call.messages) > 1 for call in calls):
            return say(words.WHY_BATCH)
        spread = (receives[-1].at - receives[0].at) / SECOND
        return say(words.WHY_NO_TIME if spread < VISIBILITY else words.WHY_DEAD, seconds=spread)
    return say(words.WHY_NOBODY if receives else words.WHY_NOT_TAKEN)


def of_staying(shop: Bookshop, changes: Changes, last: StateChange) -> str:
    """Explain why the broken order is not in the dead-letter queue, but where its last change left it."""
    if sum(change.before is None and change.earlier is None for change in changes) > 1:
        return say(words.WHY_SENT_MESSAGE)
    if last.after == "deleted":
        tried = [job for job in shop.jobs if job.name == last.body and (job.died or 0) <= last.at]
        return say(words.WHY_SWALLOWED if tried else words.WHY_DELETED_FIRST)
    if last.until is not None and last.until - last.at > VISIBILITY * SECOND:
        return say(words.WHY_HIDDEN, seconds=(last.until - last.at) // SECOND)
    return say(words.WHY_NOT_POLLED)


def of_no_return(record: Record, changes: Changes) -> str:
    """Explain why the broken order did not come back after the repair."""
    by_hand = any(change.before is None and change.queue == "dead-orders" for change in changes)
    return say(words.WHY_BY_HAND if by_hand else words.WHY_NOT_BACK)


def _received_before(changes: Changes, at: int) -> int:
    found = [change.at for change in changes if _is_receive(change) and change.at <= at]
    return found[-1] if found else at


def _is_receive(change: StateChange) -> bool:
    return change.cause in RECEIVES
