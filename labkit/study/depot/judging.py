"""Judges a depot's day by what happened: no parcel waited too long, and few instance-minutes were spent."""

from __future__ import annotations

from labkit.rules import SECOND
from labkit.study.depot import reasons
from labkit.study.depot.playing import ANSWER, MINUTE, MOST_CALLS, QUEUE, Depot
from labkit.study.exercise import Problem
from labkit.study.record import Record
from labkit.study.shift.judging import Judge, first_of
from labkit.words import promise_kept as words
from labkit.words import say


def day(budget: int | None = None) -> Judge:
    """Every parcel begun in time, with at most `budget` instance-minutes."""

    def spent(record: Record, depot: Depot) -> Problem | None:
        minutes = instance_minutes(record, depot)
        if budget is None or minutes <= budget:
            return None
        came_back = [say(words.SPENT, minutes=minutes, most=most(record))]
        return Problem(
            reasons.calls(record),
            came_back,
            say(words.WITHIN, budget=budget),
            reasons.of_cost(record, depot),
            belief=False,
        )

    return first_of(_restless, _late, spent)


def _restless(record: Record, depot: Depot) -> Problem | None:
    """So many calls that the day was stopped."""
    own = [call for call in record.calls if call.by == ANSWER]
    if len(own) < MOST_CALLS:
        return None
    seen = say(words.RESTLESS, calls=len(own), minute=record.seconds(record.events[-1].at) / MINUTE)
    return Problem(reasons.calls(record), [seen], say(words.CALM), say(words.WHY_RESTLESS), belief=False)


def waits(record: Record, depot: Depot) -> dict[str, float]:
    """How long each parcel waited until somebody began it, in seconds; to the end of the day if nobody did."""
    end = depot.day.minutes * MINUTE
    sent: dict[str, float] = {}
    begun: dict[str, float] = {}
    for change in record.changes:
        if change.queue == QUEUE and change.before is None:
            sent[change.body] = record.seconds(change.at)
        elif change.receives:
            begun.setdefault(change.body, record.seconds(change.at))
    return {parcel: begun.get(parcel, end) - at for parcel, at in sent.items()}


def _late(record: Record, depot: Depot) -> Problem | None:
    found = waits(record, depot)
    longest = max(found, key=lambda parcel: found[parcel])
    if found[longest] <= depot.day.promise:
        return None
    came_back = [
        say(words.WAITED, parcel=longest, minutes=found[longest] / MINUTE),
        say(words.GREW, most=most(record), at=reasons.grew_at(record)),
    ]
    expected = say(words.IN_TIME, minutes=depot.day.promise / MINUTE)
    return Problem(reasons.calls(record), came_back, expected, reasons.of_wait(record, depot), belief=False)


def instance_minutes(record: Record, depot: Depot) -> int:
    """The minutes from each instance's launch to its end, all instances together."""
    end = depot.day.minutes * MINUTE * SECOND
    total, before, number = 0, 0, 0
    for at, value in [*reasons.launched(record), (end, 0)]:
        total += number * (min(at, end) - before)
        before, number = min(at, end), value
    return round(total / (MINUTE * SECOND))


def most(record: Record) -> int:
    """The highest number of instances at one time."""
    return max(number for _, number in reasons.launched(record))
