"""Exercise 15-read-on: a reader of a stream that goes on where the one before it stopped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from moto.kinesis.models import kinesis_backends

from labkit.aws.kinesis.stores import rules_of
from labkit.history import Call
from labkit.rules import Faults
from labkit.study.exercise import Exercise, Function, Problem, Run, broken
from labkit.study.record import Record
from labkit.study.shift import promises as shared
from labkit.study.shift.jobs import SECOND, Job, Jobs, given_as
from labkit.study.shift.shift import DAY, DIES, NEWCOMER, Moment, Shift, die
from labkit.study.shift.standing import Standing, standing
from labkit.study.shift.trail import worker_calls
from labkit.words import error, say, told
from labkit.words import read_on as words
from labkit.words.read_on import Mistake

if TYPE_CHECKING:
    from labkit.aws.lab import Lab

STREAM, LONG = "clicks", "film"
# By text: the visitor, and the second at which it is written; two are there before. Dan's go to the second shard.
CLICKS = {
    "click-1": ("Ada", 0), "click-2": ("Dan", 0), "click-3": ("Ben", 8), "film-1": ("Ada", 20), "click-4": ("Dan", 60),
    "click-5": ("Cleo", 90), "click-6": ("Dan", 120), "click-7": ("Ben", 150), "click-8": ("Ada", 200),
    "click-9": ("Ben", 240), "click-10": ("Cleo", 270), "click-11": ("Ada", 300), "click-12": ("Dan", 430),
    "click-13": ("Ada", 445),
}  # fmt: skip
WORK, LONG_WORK, SAVING, QUIET = 1, 360, SECOND // 10, 15
MOST_CALLS, MOST_EVENTS, HALF_AN_HOUR, WEEK = 300, 6_000, 1_800, 168
ITERATOR, GET = "GetShardIterator", "GetRecords"


def open_stream(lab: Lab) -> None:
    """Make the stream, and wait for it."""
    kinesis = lab.client("kinesis")
    kinesis.create_stream(StreamName=STREAM, ShardCount=2)
    kinesis.get_waiter("stream_exists").wait(StreamName=STREAM)
    kinesis.increase_stream_retention_period(StreamName=STREAM, RetentionPeriodHours=WEEK)


class Clicks(Jobs):
    """A stream of two shards, the clicks that come, and the checkpoints, which outlive every machine."""

    def __init__(self, lab: Lab, late: float = 0) -> None:
        super().__init__(lab, list(CLICKS))
        self._stream = kinesis_backends[lab.account][lab.region].streams[STREAM]
        self.where: dict[str, tuple[str, int]] = {}  # a click's shard and number
        self.saved: dict[str, int] = {}
        self.saves: list[tuple[int, str, int]] = []
        self.returned: list[str] = []
        self._late, self._start = late, lab.scheduler.now
        self.given = (lab.client("kinesis"), STREAM, *given_as(self.load, self.save, self.handle))
        lab.start(self._write, name="web page")

    def _write(self) -> None:
        """Put the clicks, without calls: an answer that got lost would make one click two records."""
        for click, (visitor, second) in CLICKS.items():
            self.lab.scheduler.sleep(
                max(0, self._start + round((second + self._late) * SECOND) - self.lab.scheduler.now)
            )
            kept, now = rules_of(self._stream, self.lab), self.lab.scheduler.now
            shard, record = kept.put(visitor, click.encode(), None, now, False)
            self.lab.scheduler.changed += 1
            self.where[click], self.came[click] = (shard.id, record.number), now

    def load(self, shard_id: str) -> str | None:
        """The checkpoint of a shard."""
        return str(self.saved[shard_id]) if shard_id in self.saved else None

    def save(self, shard_id: str, sequence_number: str) -> None:
        """Store a checkpoint, which is there when this returns."""
        shards = {shard for shard, _ in self.where.values()}
        if shard_id not in shards or not isinstance(sequence_number, str) or not sequence_number.isdecimal():
            raise error(words.NO_CHECKPOINT, shard=repr(shard_id)[:40], number=repr(sequence_number)[:40])
        self.lab.scheduler.sleep(SAVING)
        self.saved[shard_id] = int(sequence_number)
        self.saves.append((self.lab.scheduler.now, shard_id, int(sequence_number)))

    def handle(self, click: str) -> None:
        """Work on a click."""
        if not isinstance(click, str) or click not in self.names:
            raise error(words.NO_CLICK, given=repr(click)[:40])
        self.do(click, LONG_WORK if click.startswith(LONG) else WORK)

    def is_dismissed(self) -> bool:
        """Note that the caller has returned; it is started again."""
        self.returned.append(self.by)
        return False

    def is_over(self) -> bool:
        """Whether all was handled, and for a while nobody has begun anything."""
        last = max((job.finished or 0 for job in self.jobs), default=0)
        at_work = any(job.finished is None and job.died is None for job in self.jobs)
        return not self.unfinished and not at_work and self.lab.scheduler.now > last + QUIET * SECOND

    def was_saved(self, click: str, before: int) -> bool:
        """Whether a checkpoint at or after a click was stored before an instant."""
        shard, number = self.where[click]
        return any(at <= before and one == shard and noted >= number for at, one, noted in self.saves)


@dataclass(frozen=True)
class OneReader(Shift):
    """A shift in which one machine reads at a time, from a stream that was there before."""

    def __call__(self, lab: Lab, function: Function, moment: Moment | None = None) -> Any:
        """Play it; a moment counts from the lab's start, and the stream took its time."""
        open_stream(lab)
        passed = (lab.scheduler.now - lab.history.start) / SECOND
        return super().__call__(lab, function, moment and moment._replace(seconds=moment.seconds - passed))

    def happens(self, story: Any, function: Function, moment: Moment) -> None:
        """Let the machine die, and another one read: at once, or a day later."""
        die(story, self.machines)
        if moment.what != DIES:
            story.lab.scheduler.run(story.lab.scheduler.now + DAY * SECOND)
        self.start(story, function, [NEWCOMER])


def day(**more: Any) -> OneReader:
    """Half an hour, or until all is handled."""
    return OneReader(lambda lab: Clicks(lab, **more), HALF_AN_HOUR, MOST_EVENTS, ["worker A"], repeats=True)


# What is promised


def reads(record: Record, story: Clicks) -> Problem | None:
    """Something is read."""
    if story.jobs:
        return None
    mistake = Mistake.NOT_HANDLED if worker_calls(record, GET) else Mistake.NOT_READ
    return broken(shared.own_calls(record), [told(words.NOTHING)], told(words.ALL), mistake, belief=False)


def once(record: Record, story: Clicks) -> Problem | None:
    """What was handled is handled again after a death alone, one click at most, and not where it was saved."""
    again: list[tuple[Job, Job]] = []
    for job in story.finished:
        second = next((one for one in story.jobs if one.name == job.name and one.began > job.began), None)
        again += [(job, second)] if second is not None else []
    for first, second in again:
        died = any((first.finished or 0) <= at <= second.began for at in story.lost.values())
        if len(again) > 1 or not died or story.was_saved(first.name, second.began - 1):
            lines = [
                told(sentence, at=record.seconds(one.began), by=one.by, click=one.name)
                for sentence, one in ((words.BEGAN, first), (words.BEGAN_AGAIN, second))
            ]
            calls = _iterators(record, story, first.name, second.began)[-2:]
            mistake = _why_again(story, first, second, calls)
            return broken(calls, lines, told(words.ONCE), mistake, belief=False, click=first.name)
    return None


def _iterators(record: Record, story: Clicks, click: str, until: int) -> list[Call]:
    """The machines' calls for an iterator of a click's shard."""
    calls = [call for call in worker_calls(record, ITERATOR) if call.at <= until]
    return [call for call in calls if call.parameters.get("ShardId") == story.where[click][0]]


def _kind(call: Call) -> str:
    return str(call.parameters.get("ShardIteratorType"))


def _why_again(story: Clicks, first: Job, second: Job, calls: list[Call]) -> Mistake:
    """Why a click was handled again: by where its shard was read from, and what was saved."""
    shard, number = story.where[first.name]
    saved = [noted for at, one, noted in story.saves if one == shard and at < second.began]
    if not story.saves:
        return Mistake.NOT_SAVED
    kind = _kind(calls[-1]) if calls else ""
    if kind == "AT_SEQUENCE_NUMBER" and saved and saved[-1] == number:
        return Mistake.AT_IT
    if story.was_saved(first.name, second.began - 1):
        return Mistake.FROM_START
    return Mistake.SAVED_LATE


def paced(record: Record, story: Clicks) -> Problem | None:
    """No more calls than a day may take."""
    calls = shared.count_calls(record)
    if calls.total() <= MOST_CALLS and not story.was_stopped:
        return None
    parts = ", ".join(f"{number} {operation}" for operation, number in calls.most_common())
    lines = [told(words.COUNTED, calls=calls.total(), parts=parts, at=record.seconds(record.events[-1].at))]
    few = calls[GET] < 2 * calls[ITERATOR]
    mistake = Mistake.NEW_ITERATORS if few else Mistake.NO_PAUSE
    return broken(shared.own_calls(record), lines, CALLS, mistake, belief=False)


def not_stopped(record: Record, story: Clicks) -> Problem | None:
    """The run was not ended because so much happened."""
    return paced(record, story) if story.was_stopped else None


def everything(record: Record, story: Clicks) -> Problem | None:
    """Each click is handled."""
    if not story.unfinished:
        return None
    click = story.unfinished[0]
    calls = _iterators(record, story, click, record.events[-1].at)
    mistake = _why_missing(record, story, click, calls)
    shard = story.where[click][0]
    lines = [told(words.MISSING, click=click, shard=shard, at=record.seconds(story.came[click]))]
    return broken(
        calls[-2:] or worker_calls(record, ITERATOR)[:2],
        lines,
        told(words.ALL),
        mistake,
        belief=False,
        click=click,
        shard=shard,
    )


def _why_missing(record: Record, story: Clicks, click: str, calls: list[Call]) -> Mistake:
    """Why a click was not handled: its shard, where that was read from, and what was saved."""
    if not calls:
        return Mistake.ONE_SHARD
    if story.where[click] in [(shard, number) for _, shard, number in story.saves]:
        return Mistake.SAVED_FIRST
    if any(_kind(call) == "LATEST" for call in calls):
        return Mistake.LATEST
    if any(_kind(call) == "AT_TIMESTAMP" for call in calls):
        return Mistake.BY_TIME
    if story.was_saved(click, record.events[-1].at):
        return Mistake.SAVED_FIRST
    late = record.events[-1].at - 60 * SECOND
    if not any(call.at > late for call in worker_calls(record, GET)):
        return Mistake.STOPPED
    return Mistake.NOT_HANDLED


def stays(record: Record, story: Clicks) -> Problem | None:
    """The function does not return."""
    if not story.returned:
        return None
    calls = shared.own_calls(record)
    return broken(calls, [told(words.RETURNED)], told(words.STAYS), Mistake.RETURNED, belief=False)


CALLS = told(words.WITHIN, budget=MOST_CALLS)
ALWAYS = shared.first_of(reads, once, not_stopped, everything, stays, paced)


def _told(record: Record, story: Clicks) -> str:
    return say(words.TOLD, clicks=len(story.names), calls=shared.count_calls(record).total())


EXERCISE = Exercise(
    id="15-read-on",
    title=words.TITLE,
    signatures=["read(kinesis, stream, load, save, handle)"],
    runs=[
        Run(words.DAY, day(), ALWAYS, _told),
        Run(words.FAULTS, day(), ALWAYS, lambda *_: say(words.TOLD_FAULTS), Faults.documented(), seed=3),
        *standing(
            day,
            ALWAYS,
            fails={},
            without={
                Standing.FAILING: "what a record that can't be handled does to its shard is lesson 17's",
                Standing.TOGETHER: "a stream neither repeats records by itself nor mixes them up in a shard",
            },
            deaths=15,
            late=20.0,
        ),
    ],
    right=words.RIGHT,
    hints=words.HINTS,
    claims=["stream-checkpoint", "stream-checkpoint-crash", "stream-iterator-expires", "stream-next", "stream-polls"],
    myths=[],
    source="solutions/15_data_streams.py",
    limits=["6 min", "300"],
)
