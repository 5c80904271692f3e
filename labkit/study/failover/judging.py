"""Judges a day of the print shop by its books and its queue."""

from __future__ import annotations

from collections import Counter

from labkit.study.exercise import Problem
from labkit.study.failover import reasons
from labkit.study.failover.playing import MOST_CALLS, ORDERS, QUIET, Day
from labkit.study.record import Record
from labkit.words import say
from labkit.words import survive_failover as words

ORDERED = Counter(body for _, body in ORDERS)


def books(record: Record, day: Day) -> Problem | None:
    """Each order once in the books, and nothing left in the queue."""
    return _ended(day) or _uneven(day) or _left(day)


def _ended(day: Day) -> Problem | None:
    if day.ended == "silent":
        seen = say(words.SILENT, who=day.ended_by, seconds=QUIET)
        return _problem(reasons.last_calls(day), seen, words.WHY_SILENT)
    if day.ended == "gone":
        return _problem(reasons.last_calls(day), say(words.GONE, who=day.ended_by), words.WHY_GONE)
    if day.ended == "restless":
        return _problem(reasons.last_calls(day), say(words.TOO_MANY, calls=MOST_CALLS), words.WHY_TOO_MANY)
    return None


def _uneven(day: Day) -> Problem | None:
    """The first order that is not as often in the books as it was ordered."""
    booked = Counter(row.body for row in day.rows)
    for body in [*ORDERED, *booked]:
        if booked[body] != ORDERED[body]:
            seen = say(words.NOT_BOOKED, body=body, booked=booked[body], ordered=ORDERED[body])
            fewer = booked[body] < ORDERED[body]
            why = reasons.of_missing(day, body) if fewer else reasons.of_too_many(day, body)
            return _problem(reasons.calls_about(day, body), seen, why)
    return None


def _left(day: Day) -> Problem | None:
    if not day.left:
        return None
    return _problem(reasons.last_calls(day), say(words.LEFT_OVER, left=day.left), words.WHY_NO_ACK)


def _problem(called: list[str], seen: str, why: str) -> Problem:
    return Problem(called, [seen], say(words.ONCE), say(why), belief=False)
