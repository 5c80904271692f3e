"""A fleet over time: the orders that wait, and the instances that work on them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from labkit.history.times import span
from labkit.pictures.axis import axis
from labkit.pictures.palette import ORANGE, PURPLE, Line
from labkit.pictures.picture import Picture
from labkit.pictures.step_chart import Panel, StepChart, Steps
from labkit.pictures.step_plotly import step_plotly
from labkit.words import error, say
from labkit.words import pictures as words

IN_SERVICE = Line(PURPLE, "solid", "", 2)
DESIRED = Line(ORANGE, "dot", "2 4", 2.5)


class Minute(Protocol):
    """How a fleet stands at one minute of its run, in microseconds since its start."""

    @property
    def at(self) -> int: ...
    @property
    def visible(self) -> int: ...
    @property
    def in_flight(self) -> int: ...
    @property
    def desired(self) -> int: ...
    @property
    def in_service(self) -> int: ...


class Fleet(Protocol):
    """What the picture needs of a fleet that has run."""

    @property
    def minutes(self) -> Sequence[Minute]: ...


def fleet_over_time(fleet: Fleet, *, until: int | None = None) -> Picture:
    """Draw a fleet's run: orders that wait and that are worked on, instances wanted and in service, minute by minute.

    `until` stretches the time axis to so many microseconds after the start. Raises `LabError` for anything but a fleet
    that has run.
    """
    minutes = getattr(fleet, "minutes", None)
    if not minutes:
        raise error(words.NOT_A_FLEET, given=fleet)
    over = axis(0, max(minutes[-1].at, until or 0))
    orders = [
        Steps(say(words.VISIBLE), [(one.at, one.visible) for one in minutes]),
        Steps(say(words.IN_FLIGHT), [(one.at, one.in_flight) for one in minutes]),
    ]
    instances = [
        Steps(say(words.IN_SERVICE), [(one.at, one.in_service) for one in minutes], IN_SERVICE),
        Steps(say(words.DESIRED), [(one.at, one.desired) for one in minutes], DESIRED),
    ]
    panels = [Panel(say(words.FLEET_ORDERS), orders), Panel(say(words.FLEET_INSTANCES), instances)]
    chart = StepChart(say(words.FLEET), say(words.FLEET_GUIDE), over, panels)
    told = [f"{chart.title}.", say(words.FROM_TO, start=span(0), end=span(minutes[-1].at))]
    told += [line for panel in panels for line in _told(panel)]
    return Picture(chart.title, chart.guide, "\n".join(told), chart.draw(), step_plotly(chart, ""), over.end)


def _told(panel: Panel) -> list[str]:
    lines = [f"{panel.title}:"]
    for steps in panel.series:
        most = steps.most
        at = next(at for at, value in steps.points if value == most)
        lines.append(say(words.FLEET_LINE, name=steps.name, most=f"{most:,}", at=span(at), last=f"{steps.last:,}"))
    return lines
