"""Exercise 04-quiet-worker: few calls, no delay, and nothing left behind when the worker is told to stop."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from labkit.aws.sqs import data_plane
from labkit.history import Call
from labkit.rules import Faults
from labkit.study.exercise import Exercise, Function, Problem, Run, broken
from labkit.study.record import Record
from labkit.study.shift import promises as shared
from labkit.study.shift.jobs import SECOND, Job, Jobs, given_as
from labkit.study.shift.playing import arrive, let_pass
from labkit.study.shift.shift import STOPS, Moment, Shift, die
from labkit.study.shift.standing import Standing, standing, stops
from labkit.study.shift.trail import RECEIVE, Trail
from labkit.study.shift.why import Why
from labkit.words import error, say, told
from labkit.words import quiet_worker as words
from labkit.words.quiet_worker import Mistake
from labkit.words.shift import Mistake as Shared
from labkit.words.shift import Rests

if TYPE_CHECKING:
    from labkit.aws.lab import Lab

BUDGET, MOST_EVENTS = 300, 400
MAKING, GRACE, VISIBILITY, SOON, AFTER_STOP = 5, 30, 300, 2, 60
OLD, NEW = "worker A", "worker B"
QUIET = {"order-1": 7.3, "order-2": 31.9, "order-3": 610.2, "order-4": 1205.7, "order-5": 1811.1, "order-6": 2400.0}
QUIET["order-7"] = 3333.3
BUSY = {f"order-{number}": 0.0 for number in range(1, 11)}
IDLE = {"order-1": 1.0, "order-2": 14.0, "order-3": 26.0}
NIGHT = {f"order-{number}": 13.0 * number for number in range(1, 13)}
FEW = {"order-1": 1.0, "order-2": 1.0, "order-3": 31.0}


class Shop(Jobs):
    """Makes orders, 5 s each; the old worker may be told to stop."""

    def __init__(self, lab: Lab, orders: Mapping[str, float], late: float = 0) -> None:
        super().__init__(lab, list(orders))
        self.came = {order: lab.scheduler.now + round((second + late) * SECOND) for order, second in orders.items()}
        self.told_at: int | None = None
        self.gone_at: int | None = None
        self.switched_off_at: int | None = None
        self.was_asked = False
        sqs = lab.client("sqs")
        url = sqs.create_queue(QueueName="orders", Attributes={"VisibilityTimeout": str(VISIBILITY)})["QueueUrl"]
        arrive(lab, url, {order: second + late for order, second in orders.items()})
        self.given = (sqs, url, *given_as(self.handle, self.told_to_stop))

    def handle(self, order: str) -> None:
        """Make one order."""
        if not isinstance(order, str) or order not in self.came:
            raise error(words.NO_ORDER, given=repr(order)[:30])
        self.do(order, MAKING)

    def told_to_stop(self) -> bool:
        """Whether the calling worker has been told to stop."""
        self.was_asked = True
        return self.by == OLD and self.told_at is not None

    def is_dismissed(self) -> bool:
        """Note the first time that a worker has returned after it was told; whether it has."""
        dismissed = self.by == OLD and self.told_at is not None
        if dismissed and self.gone_at is None:
            self.gone_at = self.lab.scheduler.now
            data_plane.crash(self.lab, OLD)
        return dismissed

    def tell(self) -> None:
        """Tell the old worker to stop."""
        self.told_at = self.lab.scheduler.now
        self.notes.append((self.told_at, told(words.TOLD, at=(self.told_at - self.lab.history.start) / SECOND, by=OLD)))

    def switch_off(self) -> None:
        """Switch off the old worker's machine, if it is still there."""
        if self.gone_at is None:
            self.switched_off_at = self.lab.scheduler.now
            die(self, [OLD])


class Stopping(Shift):
    """A shift whose old worker is told to stop, when a new one begins; 30 s later its machine is switched off."""

    def happens(self, story: Shop, function: Function, moment: Moment) -> None:
        """Tell it to stop, or let happen what happens to every answer."""
        if moment.what != STOPS:
            super().happens(story, function, moment)
            return
        story.tell()
        self.start(story, function, [NEW])
        let_pass(story, GRACE, self.most_events)
        story.switch_off()


def shift(orders: Mapping[str, float] = FEW, seconds: float = 600, **more: Any) -> Stopping:
    """One worker and orders at these seconds."""
    late = more.pop("late", 0.0)
    return Stopping(lambda lab: Shop(lab, orders, late), seconds, MOST_EVENTS, [OLD], **more)


def told_at(orders: Mapping[str, float], second: float) -> partial[Shop]:
    """Such a shift whose worker is told to stop at a second."""
    return partial(shift(orders), moment=Moment(second, OLD, STOPS))


def few(**more: Any) -> Stopping:
    """A small day, in which AWS's answers may stop a worker and an order may be made again."""
    return shift(forgiving=True, repeats=True, **more)


# What is promised


def begun(record: Record, shop: Shop) -> Problem | None:
    """Some order was begun."""
    problem = shared.begun(ALL)(record, shop)
    if problem is None or problem.mistake is not Shared.NOT_RECEIVED or shop.was_asked:
        return problem
    return broken(problem.called, problem.came_back, ALL, Mistake.NO_BRACKETS, belief=False)


def gone(record: Record, shop: Shop) -> Problem | None:
    """The old worker has returned within 30 s of being told."""
    if shop.switched_off_at is None:
        return None
    lines = [
        *(line for _, line in shop.notes),
        told(words.STILL_THERE, at=record.seconds(shop.switched_off_at), by=OLD),
    ]
    calls, (mistake, numbers) = _why_staying(record, shop.told_at or 0)
    return broken(calls, lines, told(words.GONE, seconds=GRACE), mistake, belief=False, **numbers)


def _why_staying(record: Record, told: int) -> tuple[list[Call], Why]:
    own = [call for call in record.calls if call.by == OLD]
    polls = [call for call in own if call.operation == RECEIVE]
    later = [call for call in polls if call.began >= told]
    batch = polls[-1] if polls else None
    if batch is not None and len(batch.messages) * MAKING > GRACE and batch.at <= told:
        return [batch], (Mistake.WHOLE_BATCH, {"count": len(batch.messages)})
    return (later[:4], (Mistake.NOT_ASKED, {"polls": len(later)})) if later else (own[-3:], (Mistake.STUCK, {}))


def _why_late(trail: Trail, job: Job | None) -> Why:
    """Why an order was begun late or not at all: somebody held it, or nobody asked."""
    held = next(iter(trail.receive_calls()), None)
    if held is None or (job is not None and held.at >= job.began - SECOND):
        return _why_nobody_asked(trail)
    numbers = {"body": trail.body, "by": held.by, "at": trail.record.seconds(held.at)}
    if job is not None and len(trail.receive_calls(job.began)) == 1:
        busy = _was_busy(trail, held.by, held.at, job.began)
        numbers |= {
            "wait": (job.began - held.at) / SECOND,
            "since": numbers["at"],
            "until": trail.record.seconds(job.began),
        }
        return (Mistake.BUSY if busy else Mistake.KEPT), numbers
    if trail.was_sent_again:
        return Shared.SENT_AGAIN, numbers
    if trail.newest[-1].after == "deleted" and job is None:
        return Shared.DELETED_UNDONE, numbers
    if held.by != OLD or trail.story.told_at is None:
        return Shared.NOBODY, numbers
    return (Mistake.DROPPED if trail.story.gone_at is not None else Mistake.SWITCHED_OFF), numbers


def _why_nobody_asked(trail: Trail) -> Why:
    record, came = trail.record, trail.story.came[trail.body]
    after = next((call for call in record.calls if call.operation == RECEIVE and call.began >= came), None)
    if after is None:
        return Shared.NOT_ASKING, {"body": trail.body}
    before = [call.at for call in record.calls if call.by == after.by and call.at < came]
    since = before[-1] if before else record.start
    busy = _was_busy(trail, after.by, came, after.began)
    numbers = {"since": record.seconds(since), "until": record.seconds(after.began), "by": after.by}
    return (Mistake.BUSY if busy else Mistake.ASLEEP), numbers


def _was_busy(trail: Trail, by: str, since: int, until: int) -> bool:
    """Whether a machine was at work on something else for a while."""
    jobs = (job for job in trail.story.jobs if job.by == by and job.name != trail.body)
    return any(job.began < until and (job.finished or 0) > since for job in jobs)


ALL = told(words.ALL)
CALLS = told(words.WITHIN, budget=BUDGET)
FINISHED = shared.first_of(shared.done(ALL), shared.deleted(ALL))


def in_time(seconds: int) -> shared.Judge:
    """Every order is begun so soon after it came."""
    return shared.in_time(seconds, told(words.SOON, seconds=seconds), _why_late)


BEGUN = shared.first_of(begun, shared.calm(BUDGET, CALLS))
QUIET_HOUR = shared.first_of(BEGUN, shared.once(ALL), in_time(SOON), FINISHED, shared.within(BUDGET, CALLS))
AT_A_STOP = shared.first_of(BEGUN, gone, shared.once(ALL), in_time(AFTER_STOP), FINISHED)
AT_LEAST_ONCE = shared.first_of(BEGUN, FINISHED)

# What is told


def _told_quiet(record: Record, shop: Shop) -> str:
    calls = sum(shared.count_calls(record).values())
    return say(words.TOLD_QUIET, orders=len(shop.names), slowest=shared.slowest(shop), calls=calls, budget=BUDGET)


def _told_stop(sentence: str, record: Record, shop: Shop) -> str:
    seconds = ((shop.gone_at or 0) - (shop.told_at or 0)) / SECOND
    return say(sentence, seconds=seconds, slowest=shared.slowest(shop))


def _told_night(record: Record, shop: Shop) -> str:
    again = len(shop.jobs) - len({job.name for job in shop.jobs})
    return say(words.TOLD_FAULTS, again=again, jobs=len(shop.names))


EXERCISE = Exercise(
    id="04-quiet-worker",
    title=words.TITLE,
    signatures=["worker(sqs, queue_url, handle, told_to_stop)"],
    runs=[
        Run(words.QUIET, shift(QUIET, 3600), QUIET_HOUR, _told_quiet),
        Run(words.BUSY_STOP, told_at(BUSY, 12), AT_A_STOP, partial(_told_stop, words.TOLD_BUSY)),
        Run(words.IDLE_STOP, told_at(IDLE, 12), AT_A_STOP, partial(_told_stop, words.TOLD_IDLE)),
        stops(shift(), AT_A_STOP),
        Run(
            words.FAULTS,
            shift(NIGHT, 3600, forgiving=True, repeats=True),
            AT_LEAST_ONCE,
            _told_night,
            faults=Faults.documented(),
            seed=2,
        ),
        *standing(
            few,
            AT_LEAST_ONCE,
            fails={},
            without={Standing.FAILING: "In this story `handle` does not fail."},
            rests={Standing.DEATH: Rests.ONE_PROCESS},
        ),
    ],
    right=words.RIGHT,
    hints=words.HINTS,
    claims=["longpoll-1", "longpoll-2", "longpoll-3", "receive-wait-ends-early", "receive-short-poll", "vis-7"],
    myths=["receive-removes", "crash-returns-message", "hidden-until-deleted", "short-poll-asks-all"],
    source="solutions/04_long_polling.py",
    limits=["5 min", "300", "2 s", "30 s", "60 s"],
)
