"""Judges a shift by what happened: the parts that exercises share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from labkit.study.evidence import first_calls
from labkit.study.exercise import Problem
from labkit.study.record import Record
from labkit.study.shift.jobs import Job
from labkit.words import say
from labkit.words import shift as words

Judge = Callable[[Record, Any], Problem | None]


def first_of(*judges: Judge) -> Judge:
    """Return the judge that finds the first problem which any of these finds, in their order."""

    def judge(record: Record, played: Any) -> Problem | None:
        return next((problem for one in judges if (problem := one(record, played)) is not None), None)

    return judge


def repeated(jobs: list[Job]) -> tuple[Job, Job] | None:
    """Return the first job that was done a second time, with its second time; None when there is none."""
    first: dict[str, Job] = {}
    for job in jobs:
        if job.name in first:
            return first[job.name], job
        first[job.name] = job
    return None


def over_budget(record: Record, budget: int, expected: str, why: Callable[[str], str]) -> Problem | None:
    """Find more calls than `budget`; `why(operation)` says what to do about the operation that was called most."""
    calls = count_calls(record)
    if sum(calls.values()) <= budget:
        return None
    most = calls.most_common(1)[0][0]
    parts = ", ".join(f"{number} {operation}" for operation, number in calls.most_common())
    counted = say(words.COUNTED, calls=sum(calls.values()), parts=parts)
    return Problem(first_calls(record), [counted], expected, why(most), belief=False)


def count_calls(record: Record) -> Counter[str]:
    """Count the workers' calls by operation; customers send."""
    return Counter(call.operation for call in record.calls if call.by not in ("you", "customers"))
