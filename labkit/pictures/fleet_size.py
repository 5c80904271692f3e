"""Fleet size: instances of each Auto Scaling group, under the queues that they work on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from labkit.causes import VISIBLE, Instances
from labkit.history import Call, History
from labkit.history.life import queues
from labkit.history.times import span
from labkit.pictures.axis import axis
from labkit.pictures.live import step_plotly
from labkit.pictures.palette import FLEET
from labkit.pictures.picture import Picture
from labkit.pictures.queue_depth import depths
from labkit.pictures.seen import Seen, WithHistory, see
from labkit.pictures.step_chart import Panel, StepChart, StepLine
from labkit.words import error, say
from labkit.words import pictures as words

MOST_PANELS = 4
BY = "Auto Scaling"
Points = list[tuple[int, int]]


class WithQueueAndGroup(Protocol):
    """How a fleet stands at an instant of its run, in microseconds since its start."""

    @property
    def at(self) -> int: ...
    @property
    def visible(self) -> int: ...
    @property
    def desired(self) -> int: ...
    @property
    def in_service(self) -> int: ...


class WithMinutes(Protocol):
    """A fleet on the rules alone, that notes each minute how it stands."""

    @property
    def minutes(self) -> Sequence[WithQueueAndGroup]: ...


def fleet_size(lab: WithHistory | History | WithMinutes, *, until: int | None = None) -> Picture:
    """Draw the visible messages of each queue and the instances of each Auto Scaling group, at most 4 panels.

    `until` stretches the time axis to so many microseconds after the start. Raises `LabError` for anything but a lab,
    a history or a fleet that has run.
    """
    minutes = getattr(lab, "minutes", None)
    panels, end = _in_a_history(see(lab, "fleet_size")) if minutes is None else _in_a_fleet(minutes)  # type: ignore[arg-type]
    if not panels:
        return Picture("", "", say(words.NO_GROUP))
    over = axis(0, max(end, until or 0))
    chart = StepChart(say(words.FLEET), say(words.FLEET_GUIDE), over, panels)
    told = [f"{chart.title}.", say(words.FROM_TO, start=span(over.start), end=span(over.end)), *_told(chart)]
    live = step_plotly(chart, say(words.COUNT_AXIS))
    return Picture(chart.title, chart.guide, "\n".join(told), chart.draw(), live, over.end)


def _in_a_history(seen: Seen) -> tuple[list[Panel], int]:
    groups, names = sizes(seen.calls, seen.start), queues(seen.changes)
    waiting = [Panel(name, [StepLine(VISIBLE, depths(seen.changes, name, seen.start)[VISIBLE])]) for name in names]
    fleets = [Panel(name, _steps(launched, working)) for name, (launched, working) in groups.items()]
    panels = [*waiting[: max(MOST_PANELS - len(fleets), 0)], *fleets][:MOST_PANELS]
    return panels if groups else [], seen.now - seen.start


def _in_a_fleet(minutes: Sequence[WithQueueAndGroup]) -> tuple[list[Panel], int]:
    if not minutes:
        raise error(words.NOT_RUN_YET)
    waiting = StepLine(VISIBLE, [(one.at, one.visible) for one in minutes])
    launched, working = [(one.at, one.desired) for one in minutes], [(one.at, one.in_service) for one in minutes]
    panels = [Panel(say(words.COUNT_AXIS), [waiting]), Panel(say(words.INSTANCES), _steps(launched, working))]
    return panels, minutes[-1].at


def sizes(calls: Iterable[Call], start: int) -> dict[str, tuple[Points, Points]]:
    """Return for each group the instances launched and those in service, as (instant since start, how many)."""
    found: dict[str, tuple[Points, Points]] = {}
    serving: set[str] = set()
    for call in calls:
        if call.by != BY or not isinstance(call.result, Instances):
            continue
        launched, working = found.setdefault(call.resource, ([(0, 0)], [(0, 0)]))
        ids = call.result.ids
        if call.operation == "RunInstances":
            _add(launched, call.at - start, len(ids))
        elif call.operation == "InService":
            serving.update(ids)
            _add(working, call.at - start, len(ids))
        else:
            _add(launched, call.at - start, -len(ids))
            _add(working, call.at - start, -len(serving.intersection(ids)))
    return found


def _add(points: Points, at: int, number: int) -> None:
    value = points[-1][1] + number
    if points[-1][0] == at:
        points.pop()
    if not points or points[-1][1] != value:
        points.append((at, value))


def _steps(launched: Points, working: Points) -> list[StepLine]:
    return [StepLine(say(words.LAUNCHED), launched, FLEET[0]), StepLine(say(words.IN_SERVICE), working, FLEET[1])]


def _told(chart: StepChart) -> list[str]:
    told = []
    for panel in chart.panels:
        told.append(f"{panel.title}:")
        for steps in panel.series:
            at = next(at for at, value in steps.points if value == steps.most)
            line = {"state": steps.name, "most": f"{steps.most:,}", "at": span(at), "last": f"{steps.last:,}"}
            told.append(say(words.DEPTH_LINE, **line))
            ticks = ", ".join(f"{span(tick)} {steps.at(tick):,}" for tick in chart.axis.ticks)
            told.append(say(words.FLEET_AT, numbers=ticks))
    return told
