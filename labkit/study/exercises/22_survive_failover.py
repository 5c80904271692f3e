"""Exercise 22-survive-failover: a producer and a consumer that lose nothing and repeat nothing while brokers die."""

from __future__ import annotations

from labkit.study.exercise import Exercise, Run
from labkit.study.failover import judging, playing, telling
from labkit.study.performing import in_real_time
from labkit.words import say
from labkit.words import survive_failover as words

EXERCISE = Exercise(
    id="22-survive-failover",
    title=words.TITLE,
    signatures=[playing.PRODUCE, playing.CONSUME],
    runs=[
        Run(
            say(words.ORDINARY, orders=len(playing.ORDERS)),
            playing.day(playing.NOTHING_YET),
            judging.books,
            telling.day(words.TOLD_ORDINARY),
            perform=in_real_time,
        ),
        Run(
            words.OUTAGES,
            playing.day(playing.OUTAGES),
            judging.books,
            telling.day(words.TOLD_OUTAGES),
            perform=in_real_time,
        ),
    ],
    right=words.RIGHT,
    hints=words.HINTS,
    claims=["mq-3", "mq-two-endpoints", "mq-reboot"],
    myths=[],
    source="solutions/22_amazon_mq_migration.py",
)
