"""The tries of one published message: when each delivery was tried, failed and tried again, and how it ended."""

from __future__ import annotations

from itertools import pairwise
from math import log10
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from labkit.causes import Step
from labkit.history import Delivery
from labkit.history.fan_out import FanOut
from labkit.history.times import SECOND, since_start, span
from labkit.pictures import svg
from labkit.pictures.fan_out import LOOKS, WithPassports, published_by
from labkit.pictures.live import CONFIG, HOVER, base_layout
from labkit.pictures.palette import GRID, INK, ORANGE
from labkit.pictures.picture import Picture
from labkit.words import fan_out as ends
from labkit.words import retries as words
from labkit.words import say

LEFT, RIGHT, TOP, PITCH, BOTTOM = 190.0, 545.0, 56, 34, 44
STROKE = 9.0
MOST_ROWS = 20
NEVER_TRIED = (Step.FILTERED, Step.PAUSED)
# Microseconds; the first tick stands for the first try, as a logarithm has no zero.
TICKS = tuple(seconds * SECOND for seconds in (1, 10, 60, 600, 3_600, 21_600, 86_400, 604_800, 1_987_200))
SHORTEST = TICKS[2]


class Row(NamedTuple):
    """One subscription: its name, when it was tried in vain, and the end; instants count from the first try."""

    endpoint: str
    failed: list[int]
    end: Step
    at: int
    told: str
    label: str


class Chart(NamedTuple):
    """What both forms draw; `latest` is the end of the axis."""

    title: str
    rows: list[Row]
    latest: int

    def share(self, at: int) -> float:
        """How far along the axis an instant is, from 0 to 1."""
        return log10(max(at, TICKS[0]) / TICKS[0]) / log10(self.latest / TICKS[0])

    @property
    def ticks(self) -> list[tuple[int, str]]:
        """Instants and what they are called."""
        return [(at, span(at) if at > TICKS[0] else say(words.AT_ONCE)) for at in TICKS if at <= self.latest]

    @property
    def ends(self) -> list[Step]:
        """The ends that there are, in the legend's order."""
        return [step for step in LOOKS if any(row.end is step for row in self.rows)]


def retries(lab: WithPassports, message_id: str) -> Picture:
    """Draw when a published message was tried at each subscriber, on a time axis that grows tenfold from tick to tick.

    What a filter policy kept back was never tried, and has no row. Raises `LabError` for anything but a lab, and for
    an id that Publish of this lab did not answer.
    """
    published = published_by(lab, message_id, "retries")
    rows = [_row(published, end) for end in published.ends() if end.step not in NEVER_TRIED]
    title = say(words.TITLE, name=published.name)
    if not rows:
        return Picture("", "", say(words.NOBODY, name=published.name))
    latest = max(SHORTEST, *(round(row.at * 1.25) for row in rows))
    chart = Chart(title, rows[:MOST_ROWS], latest)
    told = [f"{title}.", *(f"{row.told}." for row in rows)]
    return Picture(title, say(words.GUIDE), "\n".join(told), _svg(chart), _plotly(chart))


def _row(published: FanOut, end: Delivery) -> Row:
    place = (end.protocol, end.endpoint)
    steps = [one for one in published.steps if (one.protocol, one.endpoint) == place and one.attempt]
    first, failed = steps[0].at, [one.at - steps[0].at for one in steps if one.step is Step.RETRIED]
    if end.step in (Step.DISCARDED, Step.DEAD_LETTERED):
        failed.append(end.at - first)
    at = (end.until or end.at) - first
    name, what = _called(end), _what(end.step)
    return Row(name, failed, end.step, at, _told(name, what, end, failed, at), _label(what, end, at))


def _called(end: Delivery) -> str:
    """A subscription's name; of a web server the host and path, which fit in front of a row."""
    parts = urlsplit(end.endpoint or "")
    return f"{end.protocol} {f'{parts.hostname}{parts.path}' if parts.netloc else end.endpoint}"


def _what(step: Step) -> str:
    return say(words.TO_COME if step is Step.RETRIED else ends.ENDS[step])


def _told(name: str, what: str, end: Delivery, failed: list[int], at: int) -> str:
    """The sentence of a row, with the reason where a try has failed."""
    pauses = [later - earlier for earlier, later in pairwise([*failed, at]) if later > earlier]
    if end.step is Step.RETRIED:
        told = say(words.ROW_NEXT, endpoint=name, tries=_tries(end), after=_near(at))
    elif end.attempt == 1:
        told = say(words.ROW_ONCE, endpoint=name, what=what, at=since_start(at))
    else:
        bounds = {"shortest": _near(min(pauses)), "longest": _near(max(pauses))}
        told = say(words.ROW, endpoint=name, tries=end.attempt, what=what, after=_near(at), **bounds)
    return say(ends.BECAUSE, row=told, reason=end.reason) if end.reason else told


def _label(what: str, end: Delivery, at: int) -> str:
    if end.attempt == 1 and end.step is not Step.RETRIED:
        return say(words.END_ONCE, what=what, tries=_tries(end))
    return say(words.END, what=what, tries=_tries(end), after=_near(at))


def _tries(end: Delivery) -> str:
    return say(words.ONE_TRY) if end.attempt == 1 else say(words.TRIES, number=end.attempt)


def _near(micros: int) -> str:
    """A length to the second, and from ten minutes on to the minute."""
    grain = 60 * SECOND if micros >= TICKS[3] else SECOND
    return span(round(micros / grain) * grain)


# The image


def _x(chart: Chart, at: int) -> float:
    return LEFT + (RIGHT - LEFT) * chart.share(at)


def _svg(chart: Chart) -> str:
    height = TOP + PITCH * len(chart.rows) + BOTTOM
    floor = height - BOTTOM
    parts = [svg.text(8, 18, chart.title, size=13, font_weight="bold"), *_legend(chart)]
    for at, name in chart.ticks:
        x = _x(chart, at)
        parts += [svg.line(x, TOP, x, floor), svg.text(x, floor + 14, name, anchor="middle")]
    parts.append(svg.text((LEFT + RIGHT) / 2, floor + 31, say(words.AXIS), anchor="middle"))
    parts += [_drawn(chart, place, row) for place, row in enumerate(chart.rows)]
    return svg.document(height, "".join(parts))


def _drawn(chart: Chart, place: int, row: Row) -> str:
    y = TOP + PITCH * (place + 0.5)
    parts = [svg.text(8, y + 4, svg.fitting(row.endpoint, LEFT - 24))]
    for at in row.failed:
        x = _x(chart, at)
        parts.append(svg.line(x, y - STROKE, x, y + STROKE, ORANGE, 2))
    # A sign of its own place where a failed try is the end, so that both are seen.
    x = _x(chart, row.at) + (13 if row.at in row.failed else 0)
    parts.append(svg.symbol(LOOKS[row.end][1], x, y))
    parts.append(svg.text(RIGHT + 26, y + 4, svg.fitting(row.label, svg.WIDTH - RIGHT - 30)))
    return "".join(parts)


def _legend(chart: Chart) -> list[str]:
    parts = [svg.line(18, 28, 18, 44, ORANGE, 2), svg.text(28, 40, say(words.TRY))]
    x = 28 + svg.letters(say(words.TRY)) + 24
    for step in chart.ends:
        parts += [svg.symbol(LOOKS[step][1], x, 36), svg.text(x + 12, 40, _what(step))]
        x += 36 + svg.letters(_what(step))
    return parts


# The live form


def _plotly(chart: Chart) -> dict[str, Any]:
    names = [say(words.TRY), *(_what(step) for step in chart.ends)]
    layout = base_layout(chart.title, 150 + PITCH * len(chart.rows), 20, 190, names)
    layout["showlegend"] = True
    layout["xaxis"] = {
        "title": {"text": say(words.AXIS)},
        "range": [-0.02, 1.0],
        "tickvals": [round(chart.share(at), 6) for at, _ in chart.ticks],
        "ticktext": [name for _, name in chart.ticks],
        "gridcolor": GRID,
        "zeroline": False,
    }
    rows = range(len(chart.rows))
    layout["yaxis"] = {
        "tickvals": list(rows),
        "ticktext": [row.endpoint for row in chart.rows],
        "range": [len(chart.rows) - 0.4, -0.6],
        "automargin": True,
        "showgrid": False,
        "zeroline": False,
    }
    beside = {"xref": "paper", "x": 1.02, "xanchor": "left", "showarrow": False}
    layout["annotations"] = [{**beside, "y": place, "text": chart.rows[place].label} for place in rows]
    data = [_failed(chart), *(_ended(chart, step) for step in chart.ends)]
    return {"data": data, "layout": layout, "config": CONFIG}


def _failed(chart: Chart) -> dict[str, Any]:
    tries = [(place, row, at) for place, row in enumerate(chart.rows) for at in row.failed]
    return _marks(chart, say(words.TRY), "line-ns", ORANGE, 16, tries)


def _ended(chart: Chart, step: Step) -> dict[str, Any]:
    some = [(place, row, row.at) for place, row in enumerate(chart.rows) if row.end is step]
    return _marks(chart, _what(step), LOOKS[step][1], INK, 11, some)


def _marks(
    chart: Chart, name: str, sign: str, colour: str, size: int, some: list[tuple[int, Row, int]]
) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": [round(chart.share(at), 6) for _, _, at in some],
        "y": [place for place, _, _ in some],
        "customdata": [row.told for _, row, _ in some],
        "hovertemplate": HOVER,
        "cliponaxis": False,
        "marker": {"symbol": sign, "size": size, "color": colour, "line": {"color": colour, "width": 2}, "opacity": 1},
    }
