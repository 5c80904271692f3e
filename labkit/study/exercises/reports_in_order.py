"""Exercise 16-reports-in-order: reports of trucks put into a stream in few calls, each truck's in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from moto.kinesis.models import kinesis_backends

from labkit.aws.kinesis.stores import rules_of
from labkit.causes import Batch
from labkit.history import Call
from labkit.rules import Faults
from labkit.study.exercise import Exercise, Problem, Run, broken
from labkit.study.record import Record
from labkit.study.shift import promises as shared
from labkit.study.shift.jobs import Jobs
from labkit.study.shift.shift import Shift
from labkit.study.shift.standing import Standing, standing
from labkit.study.shift.trail import worker_calls
from labkit.words import Told, say, told
from labkit.words import reports_in_order as words
from labkit.words.reports_in_order import Mistake

if TYPE_CHECKING:
    from labkit.aws.lab import Lab

STREAM, SHARDS = "trucks", 2
# Three of them in each shard.
TRUCKS = ("black", "blue", "brown", "red", "white", "green")
EACH, WITH_PHOTO, PHOTO = 8, (2, 5), 450_000
MOST_CALLS, MOST_EVENTS, SECONDS, MOST_SHOWN = 30, 1_500, 120, 4
PUT = ("PutRecord", "PutRecords")


class Stored(NamedTuple):
    """A record that the stream has at the end."""

    shard: str
    key: str
    data: bytes


def report(truck: str, number: int) -> bytes:
    """A truck's report, of which some have a photo."""
    text = f"{truck} {number}".encode()
    return text + b" photo " + bytes(PHOTO) if number in WITH_PHOTO else text


class Gateway(Jobs):
    """A stream of two shards, and a gateway that has collected the reports of six trucks."""

    def __init__(self, lab: Lab, late: float = 0) -> None:
        self.reports = [(truck, report(truck, number)) for number in range(1, EACH + 1) for truck in TRUCKS]
        self.by_data = {data: name_of(data) for _, data in self.reports}
        super().__init__(lab, list(self.by_data.values()))
        kinesis = lab.client("kinesis")
        kinesis.create_stream(StreamName=STREAM, ShardCount=SHARDS)
        kinesis.get_waiter("stream_exists").wait(StreamName=STREAM)
        self.given = (kinesis, STREAM, list(self.reports))
        self.has_returned = False
        self.stored: list[Stored] = []

    def is_dismissed(self) -> bool:
        """Note that the answer came back; it is called once."""
        self.has_returned = True
        return True

    def is_over(self) -> bool:
        """Whether the answer came back."""
        return self.has_returned

    def close(self) -> None:
        """Look into the stream."""
        kept = rules_of(kinesis_backends[self.lab.account][self.lab.region].streams[STREAM], self.lab)
        self.stored = [Stored(shard.id, one.key, one.data) for shard in kept.listed() for one in shard.kept()]

    def of(self, shard: str) -> list[str]:
        """The names of the reports in a shard, in order."""
        return [self.by_data[one.data] for one in self.stored if one.shard == shard]


def name_of(data: bytes) -> str:
    """A report without its photo."""
    return data[:20].partition(b" photo")[0].decode()


def day(**more: Any) -> Shift:
    """Two minutes, or until the answer comes back."""
    return Shift(lambda lab: Gateway(lab, **more), SECONDS, MOST_EVENTS, ["worker A"], repeats=True)


# What is promised


def put_at_all(record: Record, gateway: Gateway) -> Problem | None:
    """Something is put, and nothing but reports, under their trucks."""
    if not worker_calls(record, *PUT):
        return broken(shared.own_calls(record), [_missing(gateway)], told(words.ALL), Mistake.NOTHING_PUT, belief=False)
    strange = next((one for one in gateway.stored if one.data not in gateway.by_data), None)
    if strange is not None:
        return _wrong(record, told(words.STRANGE, data=strange.data[:20]), words.ALL, Mistake.OTHER_DATA)
    other = next((one for one in gateway.stored if one.key != gateway.by_data[one.data].split()[0]), None)
    if other is not None:
        line = told(words.UNDER, report=gateway.by_data[other.data], key=other.key[:20])
        return _wrong(record, line, words.ALL, Mistake.OTHER_KEY)
    return None


def _missing(gateway: Gateway) -> Told:
    return told(words.MISSING, report=_lacking(gateway)[0])


def _lacking(gateway: Gateway) -> list[str]:
    there = {gateway.by_data.get(one.data) for one in gateway.stored}
    return [name for name in gateway.names if name not in there]


def _wrong(record: Record, line: Told, expected: str | Told, mistake: Mistake, *names: str, **numbers: Any) -> Problem:
    """A broken promise with the calls that had reports of these names, or the first ones."""
    calls = [call for call in worker_calls(record, *PUT) if not names or set(names) & set(_names(call))]
    lines = [_called(record, call) for call in calls[:MOST_SHOWN]]
    return broken(
        lines, [line], told(expected) if isinstance(expected, str) else expected, mistake, belief=False, **numbers
    )


def _entries(call: Call) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = call.parameters.get("Records", [call.parameters])
    return entries


def _names(call: Call) -> list[str]:
    """The reports in a call, in order."""
    data = [one["Data"] for one in _entries(call)]
    return [name_of(one if isinstance(one, bytes) else str(one).encode()) for one in data]


def _called(record: Record, call: Call) -> Told:
    failed = call.result.failed if isinstance(call.result, Batch) else 0
    parts = {"operation": call.operation, "number": len(_entries(call)), "failed": failed}
    return told(words.CALLED, at=record.seconds(call.at), **parts)


def in_order(record: Record, gateway: Gateway) -> Problem | None:
    """No report stands behind a later one of its truck; the same one again, next to itself, is no harm."""
    for shard in dict.fromkeys(one.shard for one in gateway.stored):
        latest: dict[str, str] = {}
        for name in gateway.of(shard):
            later = latest.setdefault(name.split()[0], name)
            if gateway.names.index(name) < gateway.names.index(later):
                line = told(words.BACKWARDS, shard=shard, report=name, later=later)
                mistake = _why(record, name, later)
                return _wrong(record, line, words.IN_ORDER, mistake, name, later, report=name, later=later)
            latest[name.split()[0]] = name
    return None


def _why(record: Record, name: str, later: str) -> Mistake:
    """Whether a report and a later one were put together, or the later one went ahead by itself."""
    together = any({name, later} <= set(_names(call)) for call in worker_calls(record, *PUT))
    return Mistake.SAME_CALL if together else Mistake.WENT_AHEAD


def everything(record: Record, gateway: Gateway) -> Problem | None:
    """Every report is there when the answer comes back."""
    lacking = _lacking(gateway)
    if not lacking and gateway.has_returned:
        return None
    if not gateway.has_returned:
        line = told(words.STILL_THERE, seconds=SECONDS)
        return _wrong(record, line, words.ALL, Mistake.STILL_AT_IT)
    was_sent = any(lacking[0] in _names(call) for call in worker_calls(record, *PUT))
    mistake = Mistake.DROPPED if was_sent else Mistake.NOT_SENT
    return _wrong(record, _missing(gateway), words.ALL, mistake, *lacking[:1], report=lacking[0])


def few_calls(record: Record, gateway: Gateway) -> Problem | None:
    """No call for each report, and none for each blink while a shard has had enough."""
    calls = worker_calls(record)
    if len(calls) <= MOST_CALLS:
        return None
    line = told(words.COUNTED, calls=len(calls), at=record.seconds(calls[-1].at))
    failing = sum(isinstance(call.result, Batch) and call.result.failed > 0 for call in calls)
    return _wrong(record, line, CALLS, Mistake.AT_ONCE if 2 * failing > len(calls) else Mistake.FEW_IN_EACH)


CALLS = told(words.WITHIN, budget=MOST_CALLS)
ALWAYS = shared.first_of(put_at_all, in_order, shared.calm(MOST_CALLS, CALLS), everything)
ON_A_DAY = shared.first_of(put_at_all, in_order, few_calls, ALWAYS)


def _told(record: Record, gateway: Gateway) -> str:
    return say(words.TOLD, reports=len(gateway.names), calls=shared.count_calls(record).total())


EXERCISE = Exercise(
    id="16-reports-in-order",
    title=words.TITLE,
    signatures=["put_in_order(kinesis, stream, reports)"],
    runs=[
        Run(words.DAY, day(), ON_A_DAY, _told),
        Run(words.FAULTS, day(), ALWAYS, _told, Faults.documented(), seed=3),
        *standing(
            day,
            ALWAYS,
            fails={},
            without={
                Standing.FAILING: "the answer is given nothing but AWS",
                Standing.DEATH: "what a gateway has in its memory is gone with it",
                Standing.NEXT_DAY: "what a gateway has in its memory is gone with it",
                Standing.TOGETHER: "nobody receives messages in this story",
                Standing.IDLE: "all reports are there from the beginning",
            },
        ),
    ],
    right=words.RIGHT,
    hints=words.HINTS,
    claims=["kds-4", "shard-put-records", "shard-hot-key"],
    myths=[],
    source="solutions/16_ordering_in_shards.py",
    limits=["30"],
)
