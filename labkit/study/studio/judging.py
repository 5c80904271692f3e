"""Judges the studio's evenings by what happened: outcome first, then which calls explain it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from labkit.history import StateChange
from labkit.study.exercise import Problem
from labkit.study.record import Record
from labkit.study.studio import reasons
from labkit.study.studio.playing import MOST_EVENTS, SECOND, Studio, Take
from labkit.words import heartbeat as words
from labkit.words import say

RECOVERY = 60
Judge = Callable[[Record, Studio], Problem | None]


def evening(budget: int) -> Judge:
    """Every video rendered exactly once and deleted, with at most `budget` calls."""

    def judge(record: Record, studio: Studio) -> Problem | None:
        return (
            _nothing(record, studio)
            or _endless(record, budget)
            or _repeated(record, studio.takes)
            or _unfinished(record, studio)
            or _left(record, studio)
            or _over_budget(record, budget)
        )

    return judge


def death() -> Judge:
    """The video of the dead machine begun again within 60 s, finished and deleted."""

    def judge(record: Record, studio: Studio) -> Problem | None:
        dead = next((take for take in studio.takes if take.died is not None), None)
        if dead is None:
            return _nothing(record, studio) or _unfinished(record, studio)
        rest = studio.takes[studio.takes.index(dead) + 1 :]
        return (
            _not_in_time(record, dead, rest)
            or _repeated(record, rest)
            or _unfinished(record, studio)
            or _left(record, studio)
        )

    return judge


def night() -> Judge:
    """Nothing lost and nothing left over; a duplicate may be rendered again."""
    return lambda record, studio: _nothing(record, studio) or _unfinished(record, studio) or _left(record, studio)


def message_of(record: Record, video: str) -> list[StateChange]:
    """Return the changes of a video's messages."""
    return [change for change in record.changes if change.body == video]


def _nothing(record: Record, studio: Studio) -> Problem | None:
    if any(take.done for take in studio.takes):
        return None
    why = words.WHY_NOT_RENDERED
    if studio.asked:
        why = words.WHY_NOT_LOOPED
    elif not any(call.messages for call in record.calls if call.operation == "ReceiveMessage"):
        why = words.WHY_NOT_RECEIVED
    expected = say(words.ALL, count=len(studio.lengths))
    return Problem(reasons.first_calls(record), [say(words.NOTHING_RENDERED)], expected, say(why), belief=False)


def _repeated(record: Record, takes: list[Take]) -> Problem | None:
    for nth, second in enumerate(takes):
        first = next((take for take in takes[:nth] if take.video == second.video), None)
        if first is not None:
            return reasons.of_repeat(record, message_of(record, first.video), first, second)
    return None


def _unfinished(record: Record, studio: Studio) -> Problem | None:
    finished = {take.video for take in studio.takes if take.finished is not None}
    missing = [video for video in studio.lengths if video not in finished]
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


def _not_in_time(record: Record, dead: Take, rest: list[Take]) -> Problem | None:
    assert dead.died is not None
    again = next((take for take in rest if take.video == dead.video), None)
    if again is not None and again.began <= dead.died + RECOVERY * SECOND:
        return None
    return reasons.of_late_recovery(record, message_of(record, dead.video), dead, again)


def _endless(record: Record, budget: int) -> Problem | None:
    """So many calls that the run was stopped before the videos were done."""
    return _over_budget(record, budget) if len(record.events) > MOST_EVENTS else None


def _over_budget(record: Record, budget: int) -> Problem | None:
    calls = count_calls(record)
    if sum(calls.values()) <= budget:
        return None
    most = calls.most_common(1)[0][0]
    why = {"ReceiveMessage": words.WHY_POLLS, "ChangeMessageVisibility": words.WHY_BEATS}.get(most, words.WHY_CALLS)
    parts = ", ".join(f"{number} {operation}" for operation, number in calls.most_common())
    counted = say(words.COUNTED, calls=sum(calls.values()), parts=parts)
    return Problem(reasons.first_calls(record), [counted], say(words.WITHIN, budget=budget), say(why), belief=False)


def count_calls(record: Record) -> Counter[str]:
    """Count the workers' calls by operation; the run ends when the last video is done."""
    return Counter(call.operation for call in record.calls if call.by != "you")
