"""Queue depth: how many messages are visible, in flight and delayed, over lab time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from labkit.causes import DELAYED, IN_FLIGHT, STORED, VISIBLE
from labkit.history import History, StateChange
from labkit.history.life import queues
from labkit.history.times import span
from labkit.pictures.axis import axis
from labkit.pictures.live import step_plotly
from labkit.pictures.picture import Picture
from labkit.pictures.seen import WithHistory, check_queue, see
from labkit.pictures.step_chart import Panel, StepChart, StepLine
from labkit.words import pictures as words
from labkit.words import say

MOST_QUEUES = 4
STATES = (VISIBLE, IN_FLIGHT, DELAYED)


def queue_depth(lab: WithHistory | History, queue: str | None = None, *, until: int | None = None) -> Picture:
    """Draw how many messages were visible, in flight and delayed, in one queue or one panel a queue (at most 4).

    `until` stretches the time axis to so many microseconds after the lab's start. Raises `LabError` for anything but
    a lab or history, and for a queue that no message was in.
    """
    seen = see(lab, "queue_depth")
    check_queue(seen, queue)
    names = queues(seen.changes) if queue is None else [queue]
    if not seen.changes:
        where = say(words.IN_QUEUE, queue=queue) if queue else say(words.IN_LAB)
        return Picture("", "", say(words.NOTHING, where=where))
    first, end = seen.changes[0].at - seen.start, max(seen.now - seen.start, until or 0)
    over = axis(first if first > 0.75 * end else 0, end)
    panels = [_panel(name, depths(seen.changes, name, seen.start), len(names) > 1) for name in names[:MOST_QUEUES]]
    title = say(words.DEPTH if len(names) == 1 else words.DEPTHS, queue=names[0], number=len(names))
    chart = StepChart(title, say(words.DEPTH_GUIDE), over, panels)
    told = [f"{title}.", say(words.FROM_TO, start=span(over.start), end=span(over.end)), *_told(chart)]
    if len(names) > MOST_QUEUES:
        told.append(say(words.DEPTH_QUEUES_LEFT_OUT, shown=MOST_QUEUES, total=len(names)))
    live = step_plotly(chart, say(words.COUNT_AXIS))
    return Picture(title, chart.guide, "\n".join(told), chart.draw(), live, over.end)


def depths(changes: Iterable[StateChange], queue: str, start: int) -> dict[str, list[tuple[int, int]]]:
    """Return, for each state, (instant since start, how many from then on), one point an instant that changes it."""
    counts: Counter[str] = Counter()
    points: dict[str, list[tuple[int, int]]] = {state: [(0, 0)] for state in STATES}
    for change in changes:
        if change.queue != queue:
            continue
        touched = [state for state in (change.before, change.after) if state in STORED]
        if change.before in STORED:
            counts[change.before] -= 1
        if change.after in STORED:
            counts[change.after] += 1
        for state in touched:
            _note(points[state], change.at - start, counts[state])
    return points


def _note(points: list[tuple[int, int]], at: int, value: int) -> None:
    if points[-1][0] == at:
        points.pop()
    if not points or points[-1][1] != value:
        points.append((at, value))


def _panel(name: str, points: dict[str, list[tuple[int, int]]], titled: bool) -> Panel:
    used = [state for state in STATES if state != DELAYED or any(value for _, value in points[state])]
    return Panel(name if titled else "", [StepLine(state, points[state]) for state in used])


def _told(chart: StepChart) -> list[str]:
    told = []
    for panel in chart.panels:
        told += [f"{panel.title}:"] if panel.title else []
        told += [_line(steps) for steps in panel.series]
        told += [_at(panel, tick) for tick in chart.axis.ticks]
    return told


def _line(steps: StepLine) -> str:
    most = steps.most
    at = next(at for at, value in steps.points if value == most)
    return say(words.DEPTH_LINE, state=steps.name, most=f"{most:,}", at=span(at), last=f"{steps.last:,}")


def _at(panel: Panel, tick: int) -> str:
    counts = ", ".join(say(words.FATE, number=f"{steps.at(tick):,}", state=steps.name) for steps in panel.series)
    return say(words.DEPTH_AT, at=span(tick), counts=counts)
