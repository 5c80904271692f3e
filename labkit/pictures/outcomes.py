"""Outcomes over time: what became of requests that a lesson has counted itself."""

from __future__ import annotations

from collections.abc import Sequence

from labkit.history.times import SECOND, span
from labkit.pictures.axis import axis
from labkit.pictures.live import step_plotly
from labkit.pictures.palette import LIMIT, Stroke
from labkit.pictures.palette import outcomes as looks_of
from labkit.pictures.picture import Picture
from labkit.pictures.step_chart import Panel, StepChart, StepLine
from labkit.words import error, say
from labkit.words import pictures as words

Outcome = tuple[float, str]


def outcomes_over_time(outcomes: Sequence[Outcome], step: float = 10, *, limit: int | None = None) -> Picture:
    """Draw how many requests ended how, in slices of `step` seconds; one panel for each word before a colon.

    `outcomes` are pairs of seconds since the start and words like "pay: served"; `limit` is a number of requests a
    slice to compare with. Raises `LabError` for anything else.
    """
    for given in outcomes:
        if not (isinstance(given, tuple) and len(given) == 2 and isinstance(given[1], str)):
            raise error(words.NOT_OUTCOMES, given=given)
    if not isinstance(step, (int, float)) or step <= 0:
        raise error(words.STEP, given=step)
    if limit is not None and (not isinstance(limit, int) or limit <= 0):
        raise error(words.LIMIT_OF_A_SLICE, given=limit)
    if not outcomes:
        return Picture("", "", say(words.NO_OUTCOMES))
    slices = int(max(at for at, _ in outcomes) // step) + 1
    subjects = sorted({_subject(name) for _, name in outcomes})
    kinds = dict.fromkeys(name.removeprefix(f"{_subject(name)}: ") for _, name in outcomes)
    looks = looks_of(list(kinds))
    drawn = [StepLine(say(words.LIMIT), [(0, limit)], LIMIT)] if limit else []
    panels = [_panel(subject, outcomes, step, slices, looks, drawn) for subject in subjects]
    over = axis(0, round(slices * step * SECOND))
    title = say(words.OUTCOME if len(outcomes) == 1 else words.OUTCOMES, number=f"{len(outcomes):,}")
    length = span(round(step * SECOND))
    chart = StepChart(title, say(words.OUTCOMES_GUIDE, length=length), over, panels)
    told = [f"{title}.", *(line for panel in panels for line in _told(panel))]
    live = step_plotly(chart, say(words.OUTCOMES_AXIS, length=length))
    return Picture(title, chart.guide, "\n".join(told), chart.draw(), live)


def _subject(name: str) -> str:
    return name.partition(": ")[0] if ": " in name else ""


def _panel(
    subject: str,
    outcomes: Sequence[Outcome],
    step: float,
    slices: int,
    looks: dict[str, Stroke],
    drawn: list[StepLine],
) -> Panel:
    mine = [(at, name.removeprefix(f"{subject}: ")) for at, name in outcomes if _subject(name) == subject]
    names = sorted({name for _, name in mine}, key=lambda name: (name != mine[0][1], name))
    series = []
    for name in names:
        counts = [0] * slices
        for at, found in mine:
            counts[int(at // step)] += found == name
        points = [(round(number * step * SECOND), count) for number, count in enumerate(counts)]
        series.append(StepLine(name, points, looks[name]))
    return Panel(subject, [*series, *drawn])


def _told(panel: Panel) -> list[str]:
    told = [f"{panel.title}:"] if panel.title else []
    for steps in panel.series:
        if steps.look is LIMIT:
            told.append(say(words.LIMIT_LINE, number=f"{steps.last:,}"))
            continue
        numbers = ", ".join(str(count) for _, count in steps.points)
        total = f"{sum(count for _, count in steps.points):,}"
        told.append(say(words.OUTCOMES_LINE, outcome=steps.name, total=total, numbers=numbers))
    return told
