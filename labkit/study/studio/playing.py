"""A studio's queue, its machines and its renderer, in virtual time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError, HTTPClientError

from labkit.aws.sqs import data_plane
from labkit.aws.sqs.stores import all_queues, rules_of
from labkit.study.exercise import Function
from labkit.words import error
from labkit.words import heartbeat as words

if TYPE_CHECKING:
    from labkit.aws.lab import Lab

SECOND = 1_000_000
SCENE = 5
MOST_EVENTS = 500
WORKERS = ("worker A", "worker B")


@dataclass
class Take:
    """One rendering of a video by one worker; instants are microseconds since 1970."""

    video: str
    by: str
    began: int
    scenes: int
    done: int = 0
    finished: int | None = None
    died: int | None = None


class Studio:
    """Renders videos (seconds by name) for whoever asks, and keeps every take; one machine may die on the way."""

    def __init__(self, lab: Lab, lengths: dict[str, int], dies_at: int | None = None) -> None:
        self.lengths = lengths
        self.takes: list[Take] = []
        self.asked: list[str] = []
        self._lab = lab
        self._dies_at = dies_at

    def render(self, name: str) -> Iterator[int]:
        """Render a video scene by scene: yields each scene's number when it is done, 5 s after the one before."""
        if not isinstance(name, str) or name not in self.lengths:
            raise error(words.NO_VIDEO, given=repr(name)[:30])
        self.asked.append(name)
        return self._scenes(name)

    def is_over(self) -> bool:
        """Whether every video was finished and every message deleted, with nobody at work any more."""
        if len({take.video for take in self.takes if take.finished}) < len(self.lengths):
            return False
        at_work = any(take.finished is None and take.died is None for take in self.takes)
        return not at_work and not any(rules_of(queue, self._lab).stored() for queue in all_queues())

    def has_repeat(self) -> bool:
        """Whether a video was rendered twice although no machine died."""
        living = [take.video for take in self.takes if take.died is None]
        return len(set(living)) < len(living)

    def _scenes(self, name: str) -> Iterator[int]:
        scheduler = self._lab.scheduler
        actor = scheduler.current()
        scenes = self.lengths[name] // SCENE
        take = Take(name, actor.name if actor else "you", scheduler.now, scenes)
        self.takes.append(take)
        for number in range(1, scenes + 1):
            self._work(take)
            take.done = number
            take.finished = scheduler.now if number == scenes else None
            yield number

    def _work(self, take: Take) -> None:
        scheduler = self._lab.scheduler
        dies_at = self._dies_at
        if dies_at is None or scheduler.now + SCENE * SECOND < take.began + dies_at * SECOND:
            scheduler.sleep(SCENE * SECOND)
            return
        self._dies_at = None
        scheduler.sleep(take.began + dies_at * SECOND - scheduler.now)
        take.died = scheduler.now
        data_plane.crash(self._lab, take.by)
        while True:  # a dead machine never comes back, whatever time it becomes
            scheduler.sleep(10**6 * SECOND)


def evening(lengths: dict[str, int]) -> Callable[[Lab, Function], Studio]:
    """Play at most ten minutes with two workers and nothing wrong."""
    return lambda lab, function: _play(lab, function, Studio(lab, lengths), 600)


def death(video: str, seconds: int, at: int) -> Callable[[Lab, Function], Studio]:
    """Play one video whose first machine dies `at` seconds into it."""
    return lambda lab, function: _play(lab, function, Studio(lab, {video: seconds}, dies_at=at), 600)


def night(lengths: dict[str, int]) -> Callable[[Lab, Function], Studio]:
    """Play at most an hour in which a supervisor starts a worker again that AWS's answer has stopped."""
    return lambda lab, function: _play(lab, function, Studio(lab, lengths), 3600, forgiving=True)


def _play(lab: Lab, function: Function, studio: Studio, seconds: int, forgiving: bool = False) -> Studio:
    sqs = lab.client("sqs")
    url = sqs.create_queue(QueueName="uploads")["QueueUrl"]
    for video in studio.lengths:
        sqs.send_message(QueueUrl=url, MessageBody=video)
    for name in WORKERS:
        lab.start(_supervised, lab, function, (sqs, url, lambda video: studio.render(video)), forgiving, name=name)
    end = lab.scheduler.now + seconds * SECOND
    most = MOST_EVENTS if not forgiving else 4 * MOST_EVENTS
    # Under a myth's rules only right or not counts, and a video rendered twice is not.
    decided = studio.has_repeat if lab.rules and not forgiving else lambda: False
    lab.scheduler.run(end, lambda: studio.is_over() or len(lab.history.events) > most or decided())
    return studio


def _supervised(lab: Lab, function: Function, given: tuple[Any, ...], forgiving: bool) -> None:
    while True:
        try:
            function(*given)
        except (ClientError, HTTPClientError):
            if not forgiving:
                raise
        lab.scheduler.sleep(SECOND)
