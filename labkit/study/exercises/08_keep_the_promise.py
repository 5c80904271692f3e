"""Exercise 08-keep-the-promise: the scaling policy that keeps a promise to customers with few instance-minutes."""

from __future__ import annotations

from labkit.rules import Faults
from labkit.study.depot import judging, playing, telling
from labkit.study.depot.playing import Day
from labkit.study.exercise import Exercise, Run
from labkit.words import promise_kept as words
from labkit.words import say

BUDGET = 320
ORDINARY = Day(seconds=20, promise=600, rush=180, gap=120, minutes=120)
GIFTS = Day(seconds=240, promise=600, rush=15, gap=480, minutes=120)

EXERCISE = Exercise(
    id="08-keep-the-promise",
    title=words.TITLE,
    signatures=["scale(autoscaling, cloudwatch, group, queue, seconds, promise)"],
    runs=[
        Run(words.ORDINARY, playing.play(ORDINARY), judging.day(BUDGET), telling.day(words.TOLD_ORDINARY, BUDGET)),
        Run(words.GIFTS, playing.play(GIFTS), judging.day(BUDGET), telling.day(words.TOLD_GIFTS, BUDGET)),
        Run(
            words.FAULTS,
            playing.play(ORDINARY),
            judging.day(),
            telling.day(words.TOLD_FAULTS),
            faults=Faults.documented(),
            seed=4,
        ),
    ],
    right=words.RIGHT,
    hints=words.HINTS,
    claims=["asg-2", "scaling-length", "metric-math", "scaling-target-alarms", "scaling-warmup", "alarm-missing"],
    myths=[],
    source="solutions/08_scaling_consumers.py",
)
