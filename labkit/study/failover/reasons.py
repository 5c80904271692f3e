"""Why an order is missing in the books, or there too often: read off the calls of the day."""

from __future__ import annotations

from labkit.study.failover.playing import Day, Step
from labkit.words import say
from labkit.words import survive_failover as words

SHOWN = 8
# Reports of what came of a call that is shown already.
REPORTS = ("stored", "acknowledged", "received nothing")
NAMES = {"book": "books.add", "look up": "in books", "wait_for_receipt": "wait_for_receipt"}


def of_missing(day: Day, body: str) -> str:
    """Return why an order is in the books less often than it was ordered."""
    sends, received = _steps(day, body, "send"), _steps(day, body, "received")
    if not sends:
        return words.WHY_NEVER_SENT
    if {step.id for step in _steps(day, body, "acknowledged")} - {row.id for row in day.rows}:
        return words.WHY_ACK_FIRST
    if len({step.id for step in received}) > len({row.id for row in day.rows if row.body == body}) > 0:
        return words.WHY_SAME_BODY
    if received:
        return words.WHY_NOT_WRITTEN
    if all(step.fate == "lost" for step in sends):
        return words.WHY_NO_RECEIPT
    if day.kills and not any(step.persistent for step in sends):
        return words.WHY_NOT_PERSISTENT
    return words.WHY_NOT_FETCHED


def of_too_many(day: Day, body: str) -> str:
    """Return why an order is in the books more often than it was ordered."""
    rows = [row for row in day.rows if row.body == body]
    if len({row.id for row in rows}) == len(rows):
        return words.WHY_NEW_ID
    # Whoever wrote each order once in each of its lives knew what it had written, until its machine failed.
    lines = [(row.id, row.start) for row in day.rows]
    return words.WHY_MEMORY if len(set(lines)) == len(lines) else words.WHY_TWICE


def calls_about(day: Day, body: str) -> list[str]:
    """Return the calls that concern an order, as lines."""
    ids = {step.id for step in day.steps if step.body == body}
    return _lines([step for step in day.steps if step.id in ids])


def last_calls(day: Day) -> list[str]:
    """Return the last calls of the day, as lines."""
    return _lines(day.steps)


def _steps(day: Day, body: str, call: str) -> list[Step]:
    return [step for step in day.steps if step.call == call and step.body == body]


def _lines(steps: list[Step]) -> list[str]:
    shown = [step for step in steps if step.call not in REPORTS][-SHOWN:]
    return [_line(step) for step in shown] or [say(words.NO_CALLS)]


def _line(step: Step) -> str:
    who = say(words.AGAIN) if step.start > 1 else step.who
    call = NAMES.get(step.call, step.call)
    return say(words.CALL, who=who, call=call, about=step.id) + say(words.FATES.get(step.fate, ""))
