"""Why a night in the shop went wrong: the calls that explain it, and the reason in words."""

from __future__ import annotations

from labkit.causes import RECEIVES
from labkit.history import Call, StateChange
from labkit.study.evidence import call_line, cause, first_calls
from labkit.study.exercise import Problem
from labkit.study.record import Record
from labkit.study.sale.playing import Sale
from labkit.words import no_order_lost as words
from labkit.words import say


def of_repeat(record: Record, sale: Sale, name: str, expected: str) -> Problem:
    """Explain why an order is stored twice."""
    stored = [(commit, id) for commit in sale.till.commits for id, stored_name in commit.rows if stored_name == name]
    lines = [
        say(words.STORED, at=record.seconds(commit.at), by=commit.by, name=name, id=short(id)) for commit, id in stored
    ]
    messages = {change.message for change in _changes_of(record, name)}
    why = words.WHY_MESSAGE_ID if {id for _, id in stored} <= messages else words.WHY_DELIVERY_KEY
    return Problem(_receives(record, name), lines, expected, say(why))


def of_missing(record: Record, sale: Sale, name: str, expected: str) -> Problem:
    """Explain why an order is not in the table."""
    changes = _changes_of(record, name)
    last = changes[-1]
    lines = [say(words.NOT_STORED, name=name)]
    if sale.till.died is not None:
        died = sale.till.died
        lines.insert(0, say(words.DIED, at=record.seconds(died.at), by=died.by, when=sale.till.when))
    dead = next((change for change in changes if change.after == "dead-lettered"), None)
    if dead is not None:
        lines.insert(0, say(words.DEAD, at=record.seconds(dead.at), name=name, receives=dead.receives))
        return Problem(_receives(record, name), lines, expected, say(words.WHY_BURNED))
    if last.after == "deleted":
        found = cause(record, last)
        called = _receives(record, name, 1) + ([call_line(record, found)] if found else [])
        received = next(change.at for change in reversed(changes) if change.cause in RECEIVES)
        own = [one for one in sale.till.transactions if one.by == last.by and one.ended == "committed"]
        committed = any(record.seconds(received) < one.at <= record.seconds(last.at) for one in own)
        tried = bool(sale.till.transactions) and not committed
        return Problem(called, lines, expected, say(words.WHY_DELETED_FIRST if tried else words.WHY_DELETED_UNSTORED))
    if not last.receives:
        return Problem(first_calls(record), lines, expected, say(words.WHY_STOPPED), belief=False)
    return Problem(_receives(record, name), lines, expected, _why_unstored(record, last))


def _why_unstored(record: Record, last: StateChange) -> str:
    end = record.events[-1].at
    if last.until is not None and last.until > end:
        seconds = (last.until - last.at) // 1_000_000
        return say(words.WHY_HIDDEN, at=record.seconds(last.until), seconds=seconds)
    return say(words.WHY_UNSTORED)


def of_left(record: Record, left: StateChange) -> Problem:
    """Explain why the message of a stored order was never deleted."""
    lines = [say(words.LEFT, name=left.body, queue=left.queue)]
    return Problem(_receives(record, left.body), lines, say(words.DELETED), say(words.WHY_NO_DELETE))


def _changes_of(record: Record, name: str) -> list[StateChange]:
    return [change for change in record.changes if change.body == name]


def _receives(record: Record, name: str, most: int = 3) -> list[str]:
    """The last calls that received an order, as lines."""
    changes = [change for change in _changes_of(record, name) if change.cause in RECEIVES]
    calls: list[Call | None] = [cause(record, change) for change in changes]
    return [call_line(record, call) for call in calls if call is not None][-most:] or first_calls(record)


def short(id: str) -> str:
    """Cut what is too long for a line."""
    return id if len(id) <= 14 else f"{id[:12]}..."
