"""A studio's queue, its machines and its renderer, in virtual time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from labkit.aws.sqs import data_plane
from labkit.study.exercise import Function
from labkit.study.shift import SECOND, Job, Jobs, let_pass, start_workers
from labkit.words import error
from labkit.words import heartbeat as words

if TYPE_CHECKING:
    from labkit.aws.lab import Lab

SCENE = 5
MOST_EVENTS = 500


class Studio(Jobs):
    """Renders videos (seconds by name) for whoever asks; one machine may die on the way."""

    def __init__(self, lab: Lab, lengths: dict[str, int], dies_at: int | None = None) -> None:
        super().__init__(lab, list(lengths))
        self.lengths = lengths
        self.asked: list[str] = []
        self._dies_at = dies_at

    def render(self, name: str) -> Iterator[int]:
        """Render a video scene by scene: yields each scene's number when it is done, 5 s after the one before."""
        if not isinstance(name, str) or name not in self.lengths:
            raise error(words.NO_VIDEO, given=repr(name)[:30])
        self.asked.append(name)
        return self._scenes(name)

    def _scenes(self, name: str) -> Iterator[int]:
        take = self.begin(name)
        scenes = self.lengths[name] // SCENE
        for number in range(1, scenes + 1):
            self._work(take)
            take.done = number
            take.finished = self.lab.scheduler.now if number == scenes else None
            yield number

    def _work(self, take: Job) -> None:
        scheduler = self.lab.scheduler
        dies_at = self._dies_at
        if dies_at is None or scheduler.now + SCENE * SECOND < take.began + dies_at * SECOND:
            scheduler.sleep(SCENE * SECOND)
            return
        self._dies_at = None
        scheduler.sleep(take.began + dies_at * SECOND - scheduler.now)
        take.died = scheduler.now
        data_plane.crash(self.lab, take.by)
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
    start_workers(lab, function, (sqs, url, lambda video: studio.render(video)), forgiving=forgiving)
    most = MOST_EVENTS if not forgiving else 4 * MOST_EVENTS
    let_pass(studio, seconds, most, over=studio.is_over, repeats=forgiving)
    return studio
