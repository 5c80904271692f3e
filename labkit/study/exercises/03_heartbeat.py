"""Exercise 03-heartbeat: a 90 s job on a 30 s queue, done once, within a budget of calls, and recovered after a crash."""

from __future__ import annotations

from labkit.rules import Faults
from labkit.study.exercise import Exercise, Run
from labkit.study.shift.telling import night
from labkit.study.studio import judging, playing, telling
from labkit.words import heartbeat as words
from labkit.words import say

BUDGET = 40
EVENING = {"wedding.mov": 90, "goal.mov": 25, "concert.mov": 140}
NIGHT = {f"clip-{number}.mov": 20 + 35 * (number % 3) for number in range(1, 13)}

EXERCISE = Exercise(
    id="03-heartbeat",
    title=words.TITLE,
    signatures=["worker(sqs, queue_url, render)"],
    runs=[
        Run(words.EVENING, playing.evening(EVENING), judging.evening(BUDGET), telling.evening(BUDGET)),
        Run(words.DEATH, playing.death("wedding.mov", EVENING["wedding.mov"], at=42), judging.death(), telling.death()),
        Run(words.FAULTS, playing.night(NIGHT), judging.night(), night(words.TOLD_FAULTS), faults=Faults.documented(), seed=14),
    ],
    right=words.RIGHT,
    hints=words.HINTS,
    claims=["vis-2", "vis-3", "vis-5", "vis-6", "vis-7", "consume-5"],
    myths=[
        "receive-removes",
        "poll-restarts-timer",
        "extension-adds-up",
        "extension-remembered",
        "old-handle-deletes",
        "crash-returns-message",
        "hidden-until-deleted",
    ],
    source="solutions/03_visibility_timeout.py",
)
