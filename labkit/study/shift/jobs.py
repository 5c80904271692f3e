"""The work of a shift: every job that a worker begins, every effect outside, and whether all of it is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from inspect import signature
from typing import TYPE_CHECKING, Any, ClassVar

from labkit.aws.sqs.stores import all_queues, rules_of

if TYPE_CHECKING:
    from labkit.aws.lab import Lab
    from labkit.words import Told

SECOND = 1_000_000
WORKERS = ("worker A", "worker B")
ANSWER = "your function"  # of a story in which the answer is no worker


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


@dataclass(frozen=True)
class Outside:
    """Something that happened outside and stays, such as a charge: of a kind, for a body, under a key."""

    kind: str
    name: str
    key: str
    by: str
    at: int


def given_as(*methods: Callable[..., Any]) -> tuple[Callable[..., Any], ...]:
    """Return plain functions named as an answer knows them, from which the story cannot be reached by mistake."""
    return tuple(map(_plain, methods))


def _plain(method: Callable[..., Any]) -> Callable[..., Any]:
    called = signature(method)

    def call(*given: Any, **named: Any) -> Any:
        try:
            called.bind(*given, **named)
        except TypeError as wrong:
            parameters = ", ".join(called.parameters)
            raise TypeError(f"{wrong}: call {method.__name__}({parameters})") from None
        return method(*given, **named)

    call.__name__ = call.__qualname__ = method.__name__
    return call


class Jobs:
    """What is to be done in a lab (`names`), every job that somebody has begun, and every effect.

    A story is a class of this kind: it sets up its queue and keeps in `given` what an answer is called with.
    `failures` are what its work raises, and which a supervisor survives; `notes` what else happened, and when.
    """

    failures: ClassVar[tuple[type[Exception], ...]] = ()
    given: tuple[Any, ...] = ()

    def __init__(self, lab: Lab, names: Sequence[str], fails_once: Mapping[str, type[Exception]] | None = None) -> None:
        self.lab = lab
        self.names = list(names)
        self.jobs: list[Job] = []
        self._open: dict[str, list[Job]] = {}  # by machine, because a night can have thousands
        self.effects: list[Outside] = []
        self.attempts: list[Outside] = []
        self.came: dict[str, int] = {}
        self.lost: dict[str, int] = {}  # when each machine died that did
        self.was_stopped = False  # because so much happened that the run would never have ended
        self.notes: list[tuple[int, Told]] = []
        self._fails_once = fails_once or {}
        self.ends: list[tuple[int, str, Exception]] = []  # when which machine's worker was ended, and by what
        self._failed: set[tuple[str, str]] = set()

    @property
    def by(self) -> str:
        """Who calls."""
        actor = self.lab.scheduler.current()
        return actor.name if actor else "you"

    def begin(self, name: str) -> Job:
        """Note that the caller begins a job now."""
        job = Job(name, self.by, self.lab.scheduler.now)
        self.jobs.append(job)
        self._open.setdefault(self.by, []).append(job)
        return job

    def open_of(self, by: str) -> list[Job]:
        """What a machine has begun and not finished, while it lives."""
        found = [job for job in self._open.get(by, ()) if job.finished is None and job.died is None]
        self._open[by] = found
        return list(found)

    def do(self, name: str, seconds: float) -> Job:
        """Do a whole job, which takes so many seconds of lab time."""
        job = self.begin(name)
        self.lab.scheduler.sleep(round(seconds * SECOND))
        job.finished = self.lab.scheduler.now
        return job

    def take_effect(self, kind: str, name: str, key: str = "") -> None:
        """Let an effect happen, unless a key is given under which one of this kind has happened."""
        effect = Outside(kind, name, key, self.by, self.lab.scheduler.now)
        if not key or not any(one.kind == kind and one.key == key for one in self.effects):
            self.effects.append(effect)
        self.attempts.append(effect)

    def effects_of(self, kind: str, name: str) -> list[Outside]:
        """Return the effects of a kind for one body."""
        return [one for one in self.effects if one.kind == kind and one.name == name]

    def may_fail(self, kind: str) -> None:
        """Fail, where this run says so, at this machine's first call of this kind; a newcomer's succeed."""
        if kind in self._fails_once and self.by in WORKERS and (kind, self.by) not in self._failed:
            self._failed.add((kind, self.by))
            raise self._fails_once[kind]

    def lose(self, by: str) -> None:
        """Note that a machine is gone: what it had begun nobody finishes."""
        self.lost[by] = self.lab.scheduler.now
        for job in self.open_of(by):
            job.died = self.lab.scheduler.now

    @property
    def finished(self) -> list[Job]:
        """The jobs that somebody has finished."""
        return [job for job in self.jobs if job.finished is not None]

    @property
    def unfinished(self) -> list[str]:
        """What nobody has finished yet, in order."""
        finished = {job.name for job in self.finished}
        return [name for name in self.names if name not in finished]

    def is_over(self) -> bool:
        """Whether everything was finished and every message deleted, with nobody at work any more."""
        if self.unfinished or any(job.finished is None and job.died is None for job in self.jobs):
            return False
        return not self.has_messages()

    def has_messages(self) -> bool:
        """Whether a queue holds any message."""
        return any(rules_of(queue, self.lab).stored() for queue in all_queues())

    def is_dismissed(self) -> bool:
        """Whether the calling worker, which has just returned, is not to be started again."""
        return False

    def ended_by(self, failure: Exception) -> None:
        """Note what has ended the calling worker, which its supervisor starts again."""
        self.ends.append((self.lab.scheduler.now, self.by, failure))

    def close(self) -> None:
        """Note, at the end of a run, what is to be judged and can't be seen any more when the lab is closed."""

    def has_repeat(self) -> bool:
        """Whether a job was done twice although no machine died."""
        living = [job.name for job in self.jobs if job.died is None]
        return len(set(living)) < len(living)
