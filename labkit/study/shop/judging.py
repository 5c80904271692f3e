"""Judges the shop's hours by what happened: every order once, soon, with few calls, and nothing left by who goes."""

from __future__ import annotations

from dataclasses import replace

from labkit.study.evidence import call_line, first_calls
from labkit.study.exercise import Problem
from labkit.study.record import Record
from labkit.study.shift import SECOND, Job, over_budget, repeated
from labkit.study.shift.judging import Judge, first_of
from labkit.study.shop import reasons
from labkit.study.shop.playing import GRACE, MOST_EVENTS, OLD, Shop
from labkit.words import quiet_worker as words
from labkit.words import say

SOON = 2
AFTER_STOP = 60


def quiet_hour(budget: int) -> Judge:
    """Every order made once and deleted, begun within 2 s, with at most `budget` calls."""

    def calls(record: Record, shop: Shop) -> Problem | None:
        expected = say(words.WITHIN, budget=budget)
        return over_budget(record, budget, expected, lambda operation: reasons.of_calls(record, operation))

    def endless(record: Record, shop: Shop) -> Problem | None:
        """So many calls that the hour was stopped."""
        problem = calls(record, shop) if len(record.events) > MOST_EVENTS else None
        if problem is None:
            return None
        at = record.seconds(record.events[-1].at)
        return replace(problem, came_back=[say(words.IN_THE_FIRST, at=at, counted=problem.came_back[0])])

    return first_of(_nothing, endless, _repeated, _late(SOON), _unfinished, _left, calls)


def stop() -> Judge:
    """The worker gone within 30 s of being told, every order made once, none waiting for more than 60 s."""
    return first_of(_nothing, _still_there, _repeated, _late(AFTER_STOP), _unfinished, _left)


def night() -> Judge:
    """Nothing lost and nothing left over; a duplicate may be made again."""
    return first_of(_nothing, _unfinished, _left)


def slowest(shop: Shop) -> float:
    """The longest that an order waited until it was begun, in seconds."""
    begun: dict[str, int] = {}
    for job in shop.jobs:
        begun.setdefault(job.name, job.began)
    return max(began - shop.came[order] for order, began in begun.items()) / SECOND


def _all(shop: Shop) -> str:
    return say(words.ALL, count=len(shop.names))


def _nothing(record: Record, shop: Shop) -> Problem | None:
    if shop.jobs or len(record.events) > MOST_EVENTS:
        return None
    received = any(call.messages for call in record.calls if call.operation == "ReceiveMessage")
    why = words.WHY_NOT_HANDLED if received else words.WHY_NOT_RECEIVED
    return Problem(first_calls(record), [say(words.NOTHING_MADE)], _all(shop), say(why), belief=False)


def _repeated(record: Record, shop: Shop) -> Problem | None:
    found = repeated(shop.jobs)
    if found is None:
        return None
    first, second = found
    called, why = reasons.of_repeat(record, *found)
    lines = [
        say(words.BEGAN, at=record.seconds(first.began), by=first.by, order=first.name),
        say(words.BEGAN_AGAIN, at=record.seconds(second.began), by=second.by, order=second.name),
    ]
    return Problem(called, lines, _all(shop), why)


def _late(seconds: int) -> Judge:
    """The first order that nobody began so many seconds after it came."""

    def judge(record: Record, shop: Shop) -> Problem | None:
        for order in shop.names:
            came = shop.came[order]
            job = next((job for job in shop.jobs if job.name == order and job.died is None), None)
            if record.events[-1].at <= came + seconds * SECOND:
                return None
            if job is None or job.began > came + seconds * SECOND:
                lines = _what_came(record, shop, order, job)
                called, why, belief = reasons.of_late(record, shop, order, job)
                return Problem(called, lines, say(words.SOON, seconds=seconds), why, belief)
        return None

    return judge


def _what_came(record: Record, shop: Shop, order: str, job: Job | None) -> list[str]:
    """When the order came, when the worker was told, and when somebody began the order, as it happened."""
    at = record.seconds
    happened = [(shop.came[order], say(words.ARRIVED, at=at(shop.came[order]), order=order))]
    if shop.told_at is not None:
        happened.append((shop.told_at, say(words.TOLD, at=at(shop.told_at), by=OLD)))
    if job is not None:
        happened.append((job.began, say(words.BEGAN, at=at(job.began), by=job.by, order=order)))
    lines = [line for _, line in sorted(happened)]
    return lines if job else [*lines, say(words.NOBODY_BEGAN, order=order)]


def _still_there(record: Record, shop: Shop) -> Problem | None:
    if shop.switched_off_at is None:
        return None
    told, off = record.seconds(shop.told_at or 0), record.seconds(shop.switched_off_at)
    lines = [say(words.TOLD, at=told, by=OLD), say(words.STILL_THERE, at=off, by=OLD)]
    called, why = reasons.of_staying(record, shop)
    return Problem(called, lines, say(words.GONE, seconds=GRACE), why, belief=False)


def _unfinished(record: Record, shop: Shop) -> Problem | None:
    if not shop.unfinished:
        return None
    order = shop.unfinished[0]
    called, why = reasons.of_missing(record, order)
    return Problem(called, [say(words.UNFINISHED, order=order)], _all(shop), why)


def _left(record: Record, shop: Shop) -> Problem | None:
    for order in shop.names:
        changes = reasons.changes_of(record, order)
        made = max(job.finished or 0 for job in shop.jobs if job.name == order)
        # What was finished in the last second of the run may still be deleted.
        if changes[-1].after != "deleted" and made + SECOND < record.events[-1].at:
            calls = [call for call in record.calls if call.operation.startswith("DeleteMessage")]
            why = words.WHY_NOT_DELETED if calls else words.WHY_NO_DELETE
            called = [call_line(record, call) for call in reasons.receives(record, changes)][-3:]
            return Problem(called, [say(words.LEFT, order=order)], _all(shop), say(why))
    return None
