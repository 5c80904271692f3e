"""The work of a shift: every job that a worker begins, and whether all of it is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from labkit.aws.sqs.stores import all_queues, rules_of

if TYPE_CHECKING:
    from labkit.aws.lab import Lab

SECOND = 1_000_000


@dataclass
class Job:
    """One piece of work by one worker, named after what it is about; instants are microseconds since 1970.

    `done` counts its finished steps, for work that has steps.
    """

    name: str
    by: str
    began: int
    finished: int | None = None
    died: int | None = None
    done: int = 0


class Jobs:
    """What is to be done in a lab (`names`), and every job that somebody has begun."""

    def __init__(self, lab: Lab, names: Sequence[str]) -> None:
        self.lab = lab
        self.names = list(names)
        self.jobs: list[Job] = []

    def begin(self, name: str) -> Job:
        """Note that the caller begins a job now."""
        actor = self.lab.scheduler.current()
        job = Job(name, actor.name if actor else "you", self.lab.scheduler.now)
        self.jobs.append(job)
        return job

    def do(self, name: str, seconds: float) -> Job:
        """Do a whole job, which takes so many seconds of lab time."""
        job = self.begin(name)
        self.lab.scheduler.sleep(round(seconds * SECOND))
        job.finished = self.lab.scheduler.now
        return job

    @property
    def unfinished(self) -> list[str]:
        """What nobody has finished yet, in order."""
        finished = {job.name for job in self.jobs if job.finished is not None}
        return [name for name in self.names if name not in finished]

    def is_over(self) -> bool:
        """Whether everything was finished and every message deleted, with nobody at work any more."""
        if self.unfinished or any(job.finished is None and job.died is None for job in self.jobs):
            return False
        return not any(rules_of(queue, self.lab).stored() for queue in all_queues())

    def has_repeat(self) -> bool:
        """Whether a job was done twice although no machine died."""
        living = [job.name for job in self.jobs if job.died is None]
        return len(set(living)) < len(living)
