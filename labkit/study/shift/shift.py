"""One shift: a story in which an answer works on its machines, and what befalls them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from labkit.aws.sqs import data_plane
from labkit.causes import Received
from labkit.rules import draw
from labkit.study.exercise import Function
from labkit.study.shift.jobs import SECOND, WORKERS, Jobs
from labkit.study.shift.machines import processes
from labkit.study.shift.playing import let_pass, start_workers
from labkit.study.shift.trail import is_worker

if TYPE_CHECKING:
    from labkit.aws.lab import Lab
    from labkit.history import Call
    from labkit.study.record import Record

DAY = 24 * 3600
DIES, STOPS, TAKEN_OVER, JOINS = "dies", "stops", "taken over", "joins"
NEWCOMER = "worker C"


class Moment(NamedTuple):
    """An instant in the middle of a call or a wait of a machine, in seconds since the start, and what happens then."""

    seconds: float
    by: str
    what: str = DIES


@dataclass(frozen=True)
class Shift:
    """How a run is played: `story(lab)` sets up, two machines work, and time passes until its work `is_over()`.

    `then(story)` is a second part of the day. `forgiving` and `repeats` are those of `start_workers` and `let_pass`.
    """

    story: Callable[[Lab], Any]
    seconds: float
    most_events: int
    machines: Iterable[str] = WORKERS
    forgiving: bool = False
    repeats: bool = False
    then: Callable[[Any], None] | None = None
    then_seconds: float = 0

    def __call__(self, lab: Lab, function: Function, moment: Moment | None = None) -> Any:
        """Play it, with what happens at a moment if one is given."""
        story = self.story(lab)
        self.start(story, function, self.machines)
        if moment is not None:
            let_pass(story, moment.seconds, self.most_events, over=story.is_over, repeats=self.repeats)
            self.happens(story, function, moment)
        let_pass(story, self.seconds, self.most_events, over=story.is_over, repeats=self.repeats)
        if self.then is not None:
            self.then(story)
            let_pass(story, self.then_seconds, 2 * self.most_events, over=story.is_over)
        story.close()
        return story

    def start(self, story: Jobs, function: Function, names: Iterable[str]) -> None:
        """Start the answer on machines; each start is a process that knows nothing of the one before."""
        for name in names:
            start = processes(function, name)
            start_workers(
                story.lab,
                lambda *given, start=start: start()(*given),
                story.given,
                [name],
                forgiving=self.forgiving,
                failures=story.failures,
                until=story.is_dismissed,
                ended_by=story.ended_by,
            )

    def happens(self, story: Any, function: Function, moment: Moment) -> None:
        """Let one machine die or join, or all die and others go on a day later."""
        if moment.what != TAKEN_OVER:
            die(story, [moment.by] if moment.what == DIES else [])
            self.start(story, function, [NEWCOMER])
            return
        die(story, self.machines)
        story.lab.scheduler.run(story.lab.scheduler.now + DAY * SECOND)
        self.start(story, function, ["worker D", "worker E"])


@dataclass(frozen=True)
class Starts(Shift):
    """A shift whose machines run `story.page(function)`: a program that calls the answer when it starts."""

    def start(self, story: Any, function: Function, names: Iterable[str]) -> None:
        """Start the program on machines; each start is a process that knows nothing of the one before."""
        for name in names:
            start = processes(function, name)
            start_workers(story.lab, lambda start=start: story.page(start()), (), [name])


def die(story: Jobs, names: Iterable[str]) -> None:
    """Let machines die now, wherever their workers are. SQS does not notice; only a myth's rules give back."""
    scheduler = story.lab.scheduler
    for name in names:
        for actor in scheduler.actors:
            if actor.name == name:
                scheduler.stop(actor)
        story.lose(name)
        data_plane.crash(story.lab, name)


def moments(record: Record, story: Jobs, most: int, what: str = DIES, seed: int = 0) -> list[Moment]:
    """Return at most so many instants of the run: in each call before and after it acts, and in each job.

    The first and the last are always among them. The others are drawn: a third in the middle of jobs, a third just
    before a call that is no poll acts, which is where work is done and not yet deleted; the rest are any others.
    """
    work = {((job.began + job.finished) // 2, job.by) for job in _of_workers(story.jobs) if job.finished}
    own = list(_telling(_of_workers(record.calls)))
    before = {((call.began + call.at) // 2, call.by) for call in own if call.operation != "ReceiveMessage"}
    polls = {((call.began + call.at) // 2, call.by) for call in own} - before
    instants = sorted(work | before | polls | {(call.at + 1_000, call.by) for call in own})
    chosen = {*instants[:1], *instants[-1:][: most - 1]}
    for kind, some in (("work", work), ("calls", before)):
        chosen |= {*_drawn(sorted(some - chosen), min(most // 3, most - len(chosen)), (seed, what, kind))}
    others = [one for one in instants if one not in chosen]
    chosen |= {*_drawn(others, most - len(chosen), (seed, what, "others"))}
    return [Moment(record.seconds(at), by, what) for at, by in sorted(chosen)]


def _of_workers(some: Iterable[Any]) -> list[Any]:
    return [one for one in some if is_worker(one.by)]


def _telling(calls: Iterable[Call]) -> Iterator[Call]:
    """Machines with nothing to do are alike: one poll of each that brings nothing stands for all of them."""
    idle = set()
    for call in calls:
        brought_nothing = isinstance(call.result, Received) and not call.result.messages
        if not (brought_nothing and call.by in idle):
            yield call
        if brought_nothing:
            idle.add(call.by)


def _drawn(instants: list[tuple[int, str]], most: int, names: tuple[object, ...]) -> list[tuple[int, str]]:
    """One of each stretch of equal length."""
    count = min(most, len(instants))
    ends = [number * len(instants) // count for number in range(count + 1)] if count else []
    return [
        instants[begin + int(draw(*names, number) * (end - begin))]
        for number, (begin, end) in enumerate(pairwise(ends))
    ]
