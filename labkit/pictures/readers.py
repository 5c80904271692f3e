"""Readers of streams over lab time: how many records were written, and how many each reader has read."""

from __future__ import annotations

from labkit.causes import Accepted, Batch, Received
from labkit.history import Call, History
from labkit.history.times import span
from labkit.pictures.axis import axis
from labkit.pictures.live import step_plotly
from labkit.pictures.palette import LIMIT
from labkit.pictures.palette import outcomes as looks_of
from labkit.pictures.picture import Picture
from labkit.pictures.seen import WithHistory, see
from labkit.pictures.step_chart import Panel, StepChart, StepLine
from labkit.words import say
from labkit.words import streams as words

Points = list[tuple[int, int]]


def readers_over_time(lab: WithHistory | History) -> Picture:
    """Draw how many records were put into streams, and how many each reader, known by who called, has got.

    Raises `LabError` for anything but a lab or a history.
    """
    seen = see(lab, "readers_over_time", inside=False)
    written: Points = [(0, 0)]
    readers: dict[str, Points] = {}
    for call in seen.calls:
        if call.service == "kinesis" and call.error is None:
            _count(call, call.at - seen.start, written, readers)
    if not readers and len(written) == 1:
        return Picture("", "", say(words.NOTHING))
    looks = looks_of(list(readers))
    lines = [StepLine(say(words.WRITTEN), written, LIMIT)]
    lines += [StepLine(name, points, looks[name]) for name, points in readers.items()]
    title = say(words.READERS)
    chart = StepChart(title, say(words.READERS_GUIDE), axis(0, seen.now - seen.start), [Panel("", lines)])
    told = "\n".join([f"{title}.", *map(_told, lines)])
    return Picture(title, chart.guide, told, chart.draw(), step_plotly(chart, say(words.READERS_AXIS)))


def _count(call: Call, at: int, written: Points, readers: dict[str, Points]) -> None:
    """Count what one call moved."""
    if isinstance(call.result, Received):
        points = readers.setdefault(call.by, [(0, 0)])
        _add(points, at, call.result.messages)
    elif isinstance(call.result, Batch):
        _add(written, at, call.result.done)
    elif isinstance(call.result, Accepted) and call.operation == "PutRecord":
        _add(written, at, 1)


def _add(points: Points, at: int, number: int) -> None:
    if number:
        points.append((at, points[-1][1] + number))


def _told(line: StepLine) -> str:
    """The last count of each stretch that has no more than eight of them."""
    every = max(1, -(-(len(line.points) - 1) // 8))
    some = line.points[1:][::-1][::every][::-1]
    steps = ", ".join(say(words.READERS_STEP, number=number, at=span(at)) for at, number in some)
    return say(words.READERS_LINE, name=line.name, total=line.last, steps=steps) if some else f"{line.name}: 0"
