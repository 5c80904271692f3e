"""What stories promise, each written once: begun, once, done, deleted, in time, calm, within a budget, in pairs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from enum import Enum
from operator import itemgetter
from statistics import median
from typing import Any

from labkit.history import Call
from labkit.study.exercise import Problem, broken
from labkit.study.record import Record
from labkit.study.shift.jobs import SECOND, Job, Jobs, Outside
from labkit.study.shift.trail import DELETE, EXTEND, RECEIVE, Trail, repeated, trails, worker_calls
from labkit.study.shift.why import Why, why_again, why_keys, why_left, why_missing, why_nothing
from labkit.words import Told, told
from labkit.words import shift as words
from labkit.words.shift import Mistake

Judge = Callable[[Record, Any], Problem | None]
MOST_CALLS = 4
MANY = {EXTEND: Mistake.MANY_EXTENSIONS, DELETE: Mistake.MANY_DELETES}
NO_BELIEF = {
    Mistake.SENT_AGAIN,
    Mistake.NO_SECOND_DELETE,
    Mistake.TWICE_FOR_ONE,
    Mistake.NOT_ITS_OWN,
    Mistake.NOT_ASKING,
    Mistake.NOT_TAKEN,
}


def first_of(*judges: Judge) -> Judge:
    """Return the judge that finds the first problem which any of these finds, in their order."""

    def judge(record: Record, story: Any) -> Problem | None:
        return next((problem for one in judges if (problem := one(record, story)) is not None), None)

    return judge


def problem(
    calls: list[Call], came_back: list[Told], expected: Told | str, why: tuple[Enum, dict[str, Any]]
) -> Problem:
    """A broken promise with its reason."""
    mistake, numbers = why
    return broken(calls, came_back, expected, mistake, belief=mistake not in NO_BELIEF, **numbers)


def own_calls(record: Record, most: int = MOST_CALLS) -> list[Call]:
    """The machines' first calls."""
    return worker_calls(record)[:most]


def begun(expected: Told, why: Callable[[Record], Why] = why_nothing) -> Judge:
    """Some work was begun."""

    def judge(record: Record, story: Jobs) -> Problem | None:
        if story.jobs or story.effects:
            return None
        mistake, numbers = why(record)
        if story.was_stopped and mistake is Mistake.RECEIVED_NOTHING:
            return None
        names = ", ".join(f"`{one.__name__}`" for one in story.given if hasattr(one, "__name__"))
        numbers |= {"names": names}
        return broken(own_calls(record), [told(words.NOTHING_DONE)], expected, mistake, belief=False, **numbers)

    return judge


def once(expected: Told, why: Callable[[Trail, Job, Job], Why] = why_again, *, begun: bool = False) -> Judge:
    """No order was done twice; `begun`: nor begun a second time while the first machine lived."""

    def judge(record: Record, story: Jobs) -> Problem | None:
        found = repeated([job for job in story.jobs if job.died is None] if begun else story.finished)
        if found is None:
            return None
        first, second = found
        trail = Trail(record, story, first.name)
        lines = [
            told(sentence, at=record.seconds(job.began), by=job.by, body=job.name)
            for sentence, job in ((words.BEGAN, first), (words.BEGAN_AGAIN, second))
        ]
        return problem(trail.receive_calls(second.began), lines, expected, why(trail, first, second))

    return judge


def done(expected: Told, why: Callable[[Trail], Why] = why_missing, but: Iterable[str] = ()) -> Judge:
    """Every order was done by somebody, `but` these."""

    def judge(record: Record, story: Jobs) -> Problem | None:
        missing = [name for name in story.unfinished if name not in but]
        if not missing:
            return None
        trail = Trail(record, story, missing[0])
        return problem(_calls_of(trail), [not_done(trail)], expected, why(trail))

    return judge


def _calls_of(trail: Trail) -> list[Call]:
    return trail.receive_calls()[-MOST_CALLS:] or own_calls(trail.record)


def not_done(trail: Trail) -> Told:
    """Where an order is that nobody has done."""
    if trail.last is None:
        return told(words.NOT_DONE, body=trail.body)
    return told(words.NOT_DONE_BUT, body=trail.body, state=trail.last.after, queue=trail.last.queue)


def deleted(expected: Told) -> Judge:
    """Nothing that was done is in the queue still; what was finished in the last second may yet be deleted."""

    def judge(record: Record, story: Jobs) -> Problem | None:
        for job in story.finished:
            trail = Trail(record, story, job.name)
            is_old = (job.finished or 0) + SECOND < record.events[-1].at
            if is_old and trail.left is not None:
                return problem(_calls_of(trail), [told(words.LEFT, body=job.name)], expected, why_left(trail))
        return None

    return judge


def singly(kind: str, expected: Told, why: Callable[[Trail, Outside, Outside], Why] = why_keys) -> Judge:
    """No order had an effect twice."""

    def judge(record: Record, story: Jobs) -> Problem | None:
        for trail in trails(record, story):
            found = story.effects_of(kind, trail.body)
            if len(found) > 1:
                lines = [_happened(record, one) for one in found[:2]]
                return problem(trail.receive_calls(found[1].at), lines, expected, why(trail, *found[:2]))
        return None

    return judge


def paired(
    one: str, other: str, expected: Told, without_other: Enum, without_one: Enum, but: Iterable[str] = ()
) -> Judge:
    """Where one effect happened the other did too: neither without the other, `but` for these orders."""

    def judge(record: Record, story: Jobs) -> Problem | None:
        for trail in trails(record, story):
            had = {kind: bool(story.effects_of(kind, trail.body)) for kind in (one, other)}
            if trail.body not in but and had[one] != had[other]:
                lacking, mistake = (other, without_other) if had[one] else (one, without_one)
                asked = any(each.kind == lacking and each.name == trail.body for each in story.attempts)
                lines = [_happened(record, each) for each in story.attempts if each.name == trail.body]
                why = Mistake.KEY_SHARED if asked else mistake
                return broken(_calls_of(trail), lines, expected, why, belief=False, body=trail.body, kind=lacking)
        return None

    return judge


def _happened(record: Record, effect: Outside) -> Told:
    sentence = words.HAPPENED_UNDER if effect.key else words.HAPPENED
    at = record.seconds(effect.at)
    return told(sentence, at=at, by=effect.by, kind=effect.kind, body=effect.name, key=effect.key[:12])


def within(budget: int, expected: Told) -> Judge:
    """At most so many calls."""
    return lambda record, story: _over(record, budget, expected)


def calm(budget: int, expected: Told) -> Judge:
    """The run was not stopped because so much happened; what it shows until then is no reason for anything else."""

    def judge(record: Record, story: Jobs) -> Problem | None:
        if not story.was_stopped:
            return None
        lines = [told(words.STOPPED, calls=count_calls(record).total(), at=record.seconds(record.events[-1].at))]
        return _over(record, budget, expected) or broken(
            own_calls(record), lines, expected, Mistake.ENDLESS, belief=False
        )

    return judge


def _over(record: Record, budget: int, expected: Told) -> Problem | None:
    calls = count_calls(record)
    if calls.total() <= budget:
        return None
    parts = ", ".join(f"{number} {operation}" for operation, number in calls.most_common())
    at = record.seconds(record.events[-1].at)
    lines = [told(words.COUNTED_UNTIL, calls=calls.total(), parts=parts, at=at)]
    mistake, numbers = _why_so_many(record, calls.most_common(1)[0][0])
    return broken(own_calls(record), lines, expected, mistake, belief=False, **numbers)


def _why_so_many(record: Record, operation: str) -> Why:
    """What to do about the operation that was called most: polls that bring nothing are told by how long they wait."""
    if operation in MANY:
        return MANY[operation], {}
    polls = worker_calls(record, RECEIVE)
    empty = [call.at - call.began for call in polls if not call.messages]
    if operation != RECEIVE or 2 * len(empty) < len(polls):
        single = operation == RECEIVE and all(call.parameters.get("MaxNumberOfMessages", 1) == 1 for call in polls)
        brought = Counter(message for call in polls for message in call.messages)
        again = operation == RECEIVE and brought.total() > 2 * len(brought)
        several = Mistake.BROUGHT_AGAIN if again else Mistake.MANY_CALLS
        return (Mistake.ONE_AT_A_TIME if single else several), {"operation": operation}
    wait = round(median(empty) / SECOND)
    return (Mistake.SHORT_WAIT, {"wait": wait, "polls": 3600 // wait}) if wait else (Mistake.NO_WAIT, {})


def count_calls(record: Record) -> Counter[str]:
    """Count the machines' calls by operation."""
    return Counter(call.operation for call in worker_calls(record))


def in_time(seconds: float, expected: Told, why: Callable[[Trail, Job | None], Why]) -> Judge:
    """Every order was begun so soon after it came, by a machine that lived on."""

    def judge(record: Record, story: Jobs) -> Problem | None:
        for name in story.names:
            limit = story.came[name] + round(seconds * SECOND)
            if record.events[-1].at <= limit:
                return None
            job = next((job for job in story.jobs if job.name == name and job.died is None), None)
            if job is None or job.began > limit:
                trail = Trail(record, story, name)
                lines = _what_came(story, trail, job)
                calls = trail.receive_calls()[:2] or own_calls(record)
                return problem(calls, lines, expected, why(trail, job))
        return None

    return judge


def _what_came(story: Jobs, trail: Trail, job: Job | None) -> list[Told]:
    """When the order came, what else happened, and when somebody began it."""
    at, came = trail.record.seconds, story.came[trail.body]
    happened = [(came, told(words.CAME, at=at(came), body=trail.body)), *story.notes]
    if job is None:
        return [*(line for _, line in sorted(happened, key=itemgetter(0))), told(words.NOBODY_BEGAN, body=trail.body)]
    begun = (job.began, told(words.BEGAN, at=at(job.began), by=job.by, body=trail.body))
    return [line for _, line in sorted([*happened, begun], key=itemgetter(0))]


def slowest(story: Jobs) -> float:
    """The longest that an order waited until it was begun, in seconds."""
    begun: dict[str, int] = {}
    for job in story.jobs:
        begun.setdefault(job.name, job.began)
    return max(began - story.came[name] for name, began in begun.items()) / SECOND
