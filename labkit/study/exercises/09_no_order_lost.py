"""Exercise 09-no-order-lost: the worker between a queue and a database that lets one transaction write at a time."""

from __future__ import annotations

from labkit.rules import Faults
from labkit.study.exercise import Exercise, Run
from labkit.study.sale import judging, playing, telling
from labkit.study.sale.till import AFTER, BEFORE
from labkit.words import no_order_lost as words
from labkit.words import say

COMMITS = 15
REFUSALS = 60
OUTAGE_REFUSALS = 400
HALF_AN_HOUR = 1800
WAITING = {f"order-{number}": 0.0 for number in range(1, 13)}
OUTAGE = WAITING | {f"late-{number}": 900.0 * number for number in range(1, 4)}
NIGHT = {f"order-{number}": 7.0 * number for number in range(1, 31)}

EXERCISE = Exercise(
    id="09-no-order-lost",
    title=words.TITLE,
    signatures=["worker(sqs, queue_url, database)"],
    runs=[
        Run(
            words.RUSH,
            playing.rush(60, twice=["order-7", "order-31"]),
            judging.rush(COMMITS, REFUSALS),
            telling.rush(COMMITS, REFUSALS),
        ),
        Run(words.DIES_BEFORE, playing.death(20, BEFORE), judging.death(), telling.death(BEFORE)),
        Run(words.DIES_AFTER, playing.death(20, AFTER), judging.death(), telling.death(AFTER)),
        Run(
            words.OUTAGE,
            playing.outage(OUTAGE, HALF_AN_HOUR),
            judging.outage(OUTAGE_REFUSALS),
            telling.outage(OUTAGE_REFUSALS),
        ),
        Run(words.FAULTS, playing.night(NIGHT), judging.night(), telling.night(), faults=Faults.documented(), seed=14),
    ],
    right=words.RIGHT,
    hints=words.HINTS,
    claims=["dbfront-after-commit", "dbfront-order-key", "dbfront-batch", "dbfront-outage-hold", "std-10", "vis-6"],
    myths=["receive-removes", "crash-returns-message"],
    source="solutions/09_database_buffer.py",
)
