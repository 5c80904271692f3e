"""Judges the studio's evenings by what happened: outcome first, then which calls explain it."""

from __future__ import annotations

from labkit.history import StateChange
from labkit.study.evidence import first_calls
from labkit.study.exercise import Problem
from labkit.study.record import Record
from labkit.study.shift import SECOND, Job, judging, over_budget, repeated
from labkit.study.studio import reasons
from labkit.study.studio.playing import MOST_EVENTS, Studio
from labkit.words import heartbeat as words
from labkit.words import say

RECOVERY = 60
WHY_SO_MANY = {
    "ReceiveMessage": words.WHY_POLLS,
    "ChangeMessageVisibility": words.WHY_BEATS,
}


def evening(budget: int) -> judging.Judge:
    """Every video rendered exactly once and deleted, with at most `budget` calls."""

    def calls(record: Record, studio: Studio) -> Problem | None:
        return over_budget(record, budget, say(words.WITHIN, budget=budget), _why_so_many)

    def endless(record: Record, studio: Studio) -> Problem | None:
        """So many calls that the run was stopped before the videos were done."""
        return calls(record, studio) if len(record.events) > MOST_EVENTS else None

    return judging.first_of(_nothing, endless, _repeated, _unfinished, _left, calls)


def death() -> judging.Judge:
    """The video of the dead machine begun again within 60 s, finished and deleted."""

    def judge(record: Record, studio: Studio) -> Problem | None:
        dead = next((take for take in studio.jobs if take.died is not None), None)
        if dead is None:
            return _nothing(record, studio) or _unfinished(record, studio)
        rest = studio.jobs[studio.jobs.index(dead) + 1 :]
        return (
            _not_in_time(record, dead, rest)
            or _twice(record, rest)
            or _unfinished(record, studio)
            or _left(record, studio)
        )

    return judge


def night() -> judging.Judge:
    """Nothing lost and nothing left over; a duplicate may be rendered again."""
    return judging.first_of(_nothing, _unfinished, _left)


def _why_so_many(operation: str) -> str:
    return say(WHY_SO_MANY.get(operation, words.WHY_CALLS))


def message_of(record: Record, video: str) -> list[StateChange]:
    """Return the changes of a video's messages."""
    return [change for change in record.changes if change.body == video]


def _nothing(record: Record, studio: Studio) -> Problem | None:
    if any(take.done for take in studio.jobs):
        return None
    why = words.WHY_NOT_RENDERED
    if studio.asked:
        why = words.WHY_NOT_LOOPED
    elif not any(call.messages for call in record.calls if call.operation == "ReceiveMessage"):
        why = words.WHY_NOT_RECEIVED
    expected = say(words.ALL, count=len(studio.lengths))
    return Problem(first_calls(record), [say(words.NOTHING_RENDERED)], expected, say(why), belief=False)


def _repeated(record: Record, studio: Studio) -> Problem | None:
    return _twice(record, studio.jobs)


def _twice(record: Record, takes: list[Job]) -> Problem | None:
    found = repeated(takes)
    return reasons.of_repeat(record, message_of(record, found[0].name), *found) if found else None


def _unfinished(record: Record, studio: Studio) -> Problem | None:
    missing = studio.unfinished
    if not missing:
        return None
    called, why = reasons.of_missing(record, message_of(record, missing[0]))
    came_back = [say(words.UNFINISHED, video=missing[0])]
    return Problem(called, came_back, say(words.ALL, count=len(studio.lengths)), why)


def _left(record: Record, studio: Studio) -> Problem | None:
    for video in studio.lengths:
        changes = message_of(record, video)
        if changes[-1].after != "deleted":
            called, why = reasons.of_left(record, changes)
            came_back = [say(words.LEFT, video=video)]
            return Problem(called, came_back, say(words.ALL, count=len(studio.lengths)), why)
    return None


def _not_in_time(record: Record, dead: Job, rest: list[Job]) -> Problem | None:
    assert dead.died is not None
    again = next((take for take in rest if take.name == dead.name), None)
    if again is not None and again.began <= dead.died + RECOVERY * SECOND:
        return None
    return reasons.of_late_recovery(record, message_of(record, dead.name), dead, again)
