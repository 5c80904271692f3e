"""Exercise 06-dead-letters: one bad order among good ones, set aside by receives and brought back by a redrive."""

from __future__ import annotations

from labkit.rules import Faults
from labkit.study.bookshop import judging, playing, telling
from labkit.study.exercise import Exercise, Run
from labkit.words import dead_letters as words
from labkit.words import say

OUTAGE = 45

EXERCISE = Exercise(
    id="06-dead-letters",
    title=words.TITLE,
    story=words.STORY,
    budget=say(words.BUDGET),
    signatures=["worker(sqs, queue_url, pay, send)"],
    runs=[
        Run(words.DAY, playing.day(playing.REPAIRED), judging.day(), telling.day),
        Run(words.REPAIRED, playing.repaired(), judging.repaired(), telling.repaired),
        Run(words.OUTAGE, playing.day(playing.REPAIRED, OUTAGE), judging.day(), telling.outage),
        Run(words.FAULTS, playing.night(600), judging.night(), telling.night, faults=Faults.documented(), seed=3),
    ],
    right=words.RIGHT,
    hints=words.HINTS,
    claims=["redrive-counts-receives", "redrive-number", "redrive-next-receive", "redrive-new-message",
            "redrive-unknown-source", "vis-4"],  # fmt: skip
    myths=[
        "receive-removes",
        "crash-returns-message",
        "hidden-until-deleted",
        "looking-is-no-receive",
        "redrive-keeps-id",
    ],
    source="solutions/06_dead_letters.py",
)
