"""Exercise 03-heartbeat: a 90 s job on a 30 s queue, done once, with few calls, and recovered after a crash."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from labkit.history import Call, StateChange
from labkit.rules import Faults
from labkit.study.evidence import cause
from labkit.study.exercise import Exercise, Problem, Run, broken
from labkit.study.record import Record
from labkit.study.shift import promises as shared
from labkit.study.shift.jobs import SECOND, Job, Jobs, given_as
from labkit.study.shift.playing import arrive
from labkit.study.shift.shift import DIES, Shift
from labkit.study.shift.standing import Standing, in_turn, standing
from labkit.study.shift.trail import EXTEND, Trail
from labkit.study.shift.why import Why, why_again, why_missing
from labkit.words import error, say, told
from labkit.words import heartbeat as words
from labkit.words.heartbeat import Mistake
from labkit.words.shift import Mistake as Shared

if TYPE_CHECKING:
    from labkit.aws.lab import Lab

SCENE, RECOVERY, BUDGET, MOST_EVENTS = 5, 60, 40, 500
# A worker that has just returned is started again a second later, and its poll takes a moment.
PAUSE = 2
LONG = 10_000
EVENING = {"wedding.mov": 90, "goal.mov": 25, "concert.mov": 140}
ONE = {"wedding.mov": 90}
FEW = {"goal.mov": 25, "wedding.mov": 90, "party.mov": 45}
CLIPS = {f"clip-{number}.mov": 20 + 35 * (number % 3) for number in range(1, 13)}


class Studio(Jobs):
    """Renders videos, of which each takes so many seconds, scene by scene."""

    def __init__(self, lab: Lab, lengths: Mapping[str, int], late: float = 0) -> None:
        super().__init__(lab, list(lengths))
        self.lengths = lengths
        self.asked: list[str] = []
        sqs = lab.client("sqs")
        url = sqs.create_queue(QueueName="uploads")["QueueUrl"]
        if late:
            arrive(lab, url, dict.fromkeys(lengths, late))
        else:  # all wait already, so that one receive can bring several
            for video in lengths:
                sqs.send_message(QueueUrl=url, MessageBody=video)
        self.given = (sqs, url, *given_as(self.render))

    def render(self, name: str) -> Iterator[int]:
        """Render a video: yields each scene's number when it is done, 5 s after the one before."""
        if not isinstance(name, str) or name not in self.lengths:
            raise error(words.NO_VIDEO, given=repr(name)[:30])
        self.asked.append(name)
        return self._scenes(name)

    def _scenes(self, name: str) -> Iterator[int]:
        job, scenes = self.begin(name), self.lengths[name] // SCENE
        for number in range(1, scenes + 1):
            self.lab.scheduler.sleep(SCENE * SECOND)
            job.done = number
            job.finished = self.lab.scheduler.now if number == scenes else None
            yield number


def evening(lengths: Mapping[str, int], seconds: float = 600, **more: Any) -> Shift:
    """Two workers and these videos."""
    late = more.pop("late", 0.0)
    return Shift(lambda lab: Studio(lab, lengths, late), seconds, **{"most_events": MOST_EVENTS} | more)


def few(**more: Any) -> Shift:
    """A small evening, in which AWS's answers may stop a worker and a video may be rendered again."""
    return evening(FEW, forgiving=True, repeats=True, **more)


DEATH = partial(in_turn, DIES, 14)
NIGHT = evening(CLIPS, 3600, most_events=4 * MOST_EVENTS, forgiving=True, repeats=True)

# What is promised


def begun(record: Record, studio: Studio) -> Problem | None:
    """Some scene was rendered."""
    problem = shared.begun(ALL)(record, studio)
    if problem is None or not studio.asked:
        return problem
    return broken(problem.called, problem.came_back, ALL, Mistake.NOT_LOOPED, belief=False)


def _why_again(trail: Trail, first: Job, second: Job) -> Why:
    """Why a video was rendered again: where a timeout ended too soon, which call hid it last, which came too late."""
    mistake, numbers = why_again(trail, first, second)
    received, again = trail.received_by(first.by, first.began), trail.received_by(second.by, second.began)
    if mistake not in (Shared.TOO_LATE, Shared.EXTENDED_TOO_LITTLE) or received is None or again is None:
        return mistake, numbers
    back = trail.back_between(received.at, again.at)
    assert back is not None
    beats = [one for one in trail.changes if _is_extension(trail, one) and received.at < one.at < back.at]
    late = _late_beat(trail, first, back.at)
    numbers |= {"late": trail.record.seconds(late.at)} if late else {}
    if not beats:
        return (Mistake.FIRST_LATE if late else mistake), numbers
    numbers |= {"at": trail.record.seconds(beats[-1].at), "seconds": (back.at - beats[-1].at) / SECOND}
    return (Mistake.NEXT_LATE if late else Mistake.NO_FURTHER), numbers


def _is_extension(trail: Trail, change: StateChange) -> bool:
    by = cause(trail.record, change)
    return change.after == "in flight" and by is not None and by.operation.startswith(EXTEND)


def _late_beat(trail: Trail, first: Job, back: int) -> Call | None:
    """The first extension by this machine after its message had come back, before it received it anew."""
    return next((call for call in trail.own_calls(EXTEND, first) if call.at >= back), None)


def recovered(record: Record, studio: Studio) -> Problem | None:
    """What a machine had begun when it died was begun again in time by another one."""
    for dead in studio.jobs:
        if dead.died is None:
            continue
        limit = dead.died + (RECOVERY + PAUSE) * SECOND
        rest = studio.jobs[studio.jobs.index(dead) + 1 :]
        again = next((job for job in rest if job.name == dead.name), None)
        if again is None or again.began > limit:
            return _not_recovered(Trail(record, studio, dead.name), dead, again, limit)
    return None


def _not_recovered(trail: Trail, dead: Job, again: Job | None, limit: int) -> Problem:
    seconds, died = trail.record.seconds, dead.died or 0
    lines = [told(words.DIED, at=seconds(died), by=dead.by, body=dead.name), told(words.NOBODY, body=dead.name)]
    if again is not None:
        lines[1] = told(words.BEGAN_AGAIN, at=seconds(again.began), by=again.by, body=again.name)
    held = [change for change in trail.changes if change.at <= died][-1]
    call = cause(trail.record, held)
    mistake, numbers = _why_not_recovered(trail, held, died, limit)
    believed = mistake in (Mistake.HIDDEN_LONG, Shared.DELETED_FIRST)
    return broken([call] if call else [], lines, IN_TIME, mistake, belief=believed, **numbers)


def _why_not_recovered(trail: Trail, held: StateChange, died: int, limit: int) -> Why:
    if held.after == "deleted":
        return why_missing(trail)
    back = next((one for one in trail.changes if one.at > died and one.after == "visible"), None)
    if back is not None and back.at <= limit:
        taken = any(back.at <= one.at <= limit for one in trail.receives)
        return (Shared.NOBODY if taken else Mistake.NOT_POLLED), {"at": trail.record.seconds(back.at)}
    hidden = ((held.until or held.at) - held.at) / SECOND
    numbers = {"at": trail.record.seconds(held.at), "seconds": hidden, "hours": hidden / 3600}
    return (Mistake.SECONDS if hidden >= LONG else Mistake.HIDDEN_LONG), numbers


ALL, ONCE, IN_TIME = told(words.ALL), told(words.ONCE), told(words.IN_TIME, seconds=RECOVERY)
CALLS = told(words.WITHIN, budget=BUDGET)
FINISHED = shared.first_of(shared.done(ALL), shared.deleted(ALL))
BEGUN = shared.first_of(begun, shared.calm(BUDGET, CALLS))
ORDINARY = shared.first_of(BEGUN, shared.once(ONCE, _why_again, begun=True), FINISHED, shared.within(BUDGET, CALLS))
AFTER_DEATH = shared.first_of(BEGUN, recovered, FINISHED)
AT_LEAST_ONCE = shared.first_of(BEGUN, FINISHED)

# What is told


def _told_evening(record: Record, studio: Studio) -> str:
    calls = shared.count_calls(record).total()
    return say(words.TOLD_EVENING, videos=len(studio.names), calls=calls, budget=BUDGET)


def _told_death(record: Record, studio: Studio) -> str:
    return say(words.TOLD_DEATH, seconds=RECOVERY)


def _told_night(record: Record, studio: Studio) -> str:
    again = len(studio.jobs) - len({job.name for job in studio.jobs})
    return say(words.TOLD_FAULTS, again=again, jobs=len(studio.names))


EXERCISE = Exercise(
    id="03-heartbeat",
    title=words.TITLE,
    signatures=["worker(sqs, queue_url, render)"],
    runs=[
        Run(words.EVENING, evening(EVENING), ORDINARY, _told_evening),
        Run(words.DEATH, evening(ONE), AFTER_DEATH, _told_death, perform=DEATH),
        Run(words.FAULTS, NIGHT, AT_LEAST_ONCE, _told_night, faults=Faults.documented(), seed=14),
        *standing(
            few,
            AT_LEAST_ONCE,
            fails={},
            rests={Standing.TOGETHER: None},
            without={
                Standing.FAILING: "In this story `render` does not fail.",
                Standing.DEATH: "The story's own deaths come at each moment, too, and with a time limit.",
            },
        ),
    ],
    right=words.RIGHT,
    hints=words.HINTS,
    claims=["vis-2", "vis-3", "vis-5", "vis-6", "vis-7", "consume-5"],
    myths=[
        "receive-removes",
        "poll-restarts-timer",
        "extension-adds-up",
        "extension-remembered",
        "old-handle-deletes",
        "crash-returns-message",
        "hidden-until-deleted",
    ],
    source="solutions/03_visibility_timeout.py",
    limits=["30 s", "60 s", "10 min", "40"],
)
