"""Exercise 04-quiet-worker: few calls, no delay, and nothing left behind when the worker is told to stop."""

from __future__ import annotations

from labkit.rules import Faults
from labkit.study.exercise import Exercise, Run
from labkit.study.shift.telling import night
from labkit.study.shop import judging, playing, telling
from labkit.words import quiet_worker as words
from labkit.words import say

BUDGET = 300
QUIET = {"order-1": 7.3, "order-2": 31.9, "order-3": 610.2, "order-4": 1205.7, "order-5": 1811.1, "order-6": 2400.0}
QUIET["order-7"] = 3333.3
BUSY = {f"order-{number}": 0.0 for number in range(1, 11)}
IDLE = {"order-1": 1.0, "order-2": 14.0, "order-3": 26.0}
NIGHT = {f"order-{number}": 13.0 * number for number in range(1, 13)}

EXERCISE = Exercise(
    id="04-quiet-worker",
    title=words.TITLE,
    story=words.STORY,
    budget=say(words.BUDGET, calls=BUDGET),
    signatures=["worker(sqs, queue_url, handle, told_to_stop)"],
    runs=[
        Run(words.QUIET, playing.quiet_hour(QUIET), judging.quiet_hour(BUDGET), telling.quiet_hour(BUDGET)),
        Run(words.BUSY_STOP, playing.stop(BUSY, at=12), judging.stop(), telling.stop(words.TOLD_BUSY)),
        Run(words.IDLE_STOP, playing.stop(IDLE, at=12), judging.stop(), telling.stop(words.TOLD_IDLE)),
        Run(words.FAULTS, playing.night(NIGHT), judging.night(), night(words.TOLD_FAULTS), faults=Faults.documented(), seed=2),
    ],
    right=words.RIGHT,
    hints=words.HINTS,
    claims=["longpoll-1", "longpoll-2", "longpoll-3", "receive-wait-ends-early", "receive-short-poll", "vis-7"],
    myths=["receive-removes", "crash-returns-message", "hidden-until-deleted", "short-poll-asks-all"],
    source="solutions/04_long_polling.py",
)
