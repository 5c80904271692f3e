"""The fan-out of one published message: its topic, the subscriptions, and what became of the copy of each."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from labkit.causes import Step
from labkit.history.fan_out import FanOut
from labkit.history.times import since_start
from labkit.pictures import svg
from labkit.pictures.live import CONFIG, HOVER, base_layout
from labkit.pictures.palette import BLUE, GREEN, INK, ORANGE, PAPER, PURPLE, QUIET, Stroke
from labkit.pictures.picture import Picture
from labkit.words import error, say
from labkit.words import fan_out as words
from labkit.words import pictures as all_words

if TYPE_CHECKING:
    from labkit.history import Delivery

TOP, PITCH, BOTTOM = 62, 30, 14
# Where the topic's box ends, where the lines do, and where the copies' texts begin.
BOX, MARK, COPY = 190.0, 400.0, 600.0
MOST_ROWS = 20
# None of the colours that messages in queues have: a lesson may draw both.
LOOKS = {
    Step.DELIVERED: (Stroke(INK, "solid", "", 2), "circle"),
    Step.REPLAYED: (Stroke(BLUE, "dashdot", "10 3 2 3", 2), "triangle-up"),
    Step.PAUSED: (Stroke(QUIET, "dash", "3 3", 1), "diamond-open"),
    Step.FILTERED: (Stroke(QUIET, "dot", "2 4", 2), "square-open"),
    Step.RETRIED: (Stroke(ORANGE, "dash", "8 4", 2), "circle-open"),
    Step.DEAD_LETTERED: (Stroke(GREEN, "longdash", "14 5", 2), "triangle-down"),
    Step.DISCARDED: (Stroke(PURPLE, "solid", "", 1), "x-thin"),
}


class WithPassports(Protocol):
    """What the picture needs of a lab."""

    def passport(self, message_id: str) -> object:
        """Return one message's life, of a published one its `FanOut`."""


class Row(NamedTuple):
    """One subscription: how it is called, what became of its copy, the sentence of it, and where the copy is now."""

    endpoint: str
    step: Step
    told: str
    copy: str


class Chart(NamedTuple):
    """What both forms draw."""

    title: str
    topic: str
    name: str
    rows: list[Row]


def fan_out(lab: WithPassports, message_id: str) -> Picture:
    """Draw what became of a published message at each subscriber; the first 20, the others in words.

    Raises `LabError` for anything but a lab, and for an id that Publish of this lab did not answer.
    """
    return published_picture(published_by(lab, message_id, "fan_out"))


def published_by(lab: WithPassports, message_id: str, picture: str) -> FanOut:
    """A message that was published. Raises `LabError`, which names the picture, where there is none."""
    passport = getattr(lab, "passport", None)
    if passport is None:
        raise error(all_words.NOT_A_LAB, picture=picture, given=lab)
    if not isinstance(message_id, str):
        raise error(words.NOT_AN_ID, picture=picture, given=message_id)
    published = passport(message_id)
    if not isinstance(published, FanOut):
        raise error(words.NO_FAN_OUT, given=message_id)
    return published


def published_picture(published: FanOut) -> Picture:
    """Draw a published message."""
    rows = [_row(published, end) for end in published.ends()]
    first = published.steps[0]
    title = say(words.TITLE, name=published.name, topic=first.topic)
    source = say(words.TOPIC, topic=first.topic)
    if published.is_direct:
        title = say(words.TITLE_DIRECT, name=published.name, protocol=first.protocol, endpoint=first.endpoint)
        source = say(words.NO_TOPIC)
    told = [f"{title}.", _counted(rows), *(f"{row.told}." for row in rows)]
    if not rows:
        told = [f"{title}: {say(words.NOBODY)}."]
    chart = Chart(title, source, published.name, rows[:MOST_ROWS])
    return Picture(title, _guide(rows), "\n".join(told), _svg(chart), _plotly(chart))


def _guide(rows: list[Row]) -> str:
    """How to read it; of archives only where one has a part in it."""
    has_replay = any(row.step in (Step.REPLAYED, Step.PAUSED) for row in rows)
    return say(words.GUIDE) + (f" {say(words.GUIDE_REPLAY)}" if has_replay else "")


def _row(published: FanOut, end: Delivery) -> Row:
    endpoint, what = f"{end.protocol} {end.endpoint}", say(words.ENDS[end.step])
    sentence = words.ROW_TRIES if end.attempt > 1 else words.ROW
    told = say(sentence, endpoint=endpoint, what=what, at=since_start(end.at - published.start), tries=end.attempt)
    if end.reason:
        told = say(words.BECAUSE, row=told, reason=end.reason)
    copy = published.copy(end)
    return Row(endpoint, end.step, say(words.COPY_NOW, row=told, copy=copy) if copy else told, copy)


def _counted(rows: list[Row]) -> str:
    counts = Counter(row.step for row in rows)
    parts = ", ".join(
        say(words.PART, number=counts[step], what=say(words.ENDS[step])) for step in LOOKS if counts[step]
    )
    return say(words.COUNT if len(rows) == 1 else words.COUNTS, number=len(rows), parts=parts)


def _steps(rows: list[Row]) -> list[Step]:
    """What became of any copy, in the legend's order."""
    return [step for step in LOOKS if any(row.step is step for row in rows)]


# The image


def _svg(chart: Chart) -> str:
    title, topic, name, rows = chart
    height = TOP + PITCH * max(len(rows), 2) + BOTTOM
    middle = (TOP + height - BOTTOM) / 2
    parts = [svg.text(8, 18, title, size=13, font_weight="bold"), *_legend(rows)]
    parts += [_from_topic(place, row, middle) for place, row in enumerate(rows)]
    parts.append(svg.element("rect", x=16.0, y=middle - 24, width=BOX - 16, height=48, rx=6, fill=PAPER, stroke=INK))
    parts.append(
        svg.text((16 + BOX) / 2, middle - 4, svg.fitting(topic, BOX - 28), anchor="middle", font_weight="bold")
    )
    parts.append(svg.text((16 + BOX) / 2, middle + 13, svg.fitting(name, BOX - 28), anchor="middle"))
    if not rows:
        parts.append(svg.text(BOX + 20, middle + 4, say(words.NOBODY), fill=QUIET))
    return svg.document(height, "".join(parts))


def _from_topic(place: int, row: Row, middle: float) -> str:
    (look, mark), y = LOOKS[row.step], TOP + PITCH * (place + 0.5)
    drawn = svg.line(BOX, middle, MARK - 8, y, look.colour, look.width, look.array)
    drawn += svg.symbol(mark, MARK, y) + svg.text(MARK + 14, y + 4, svg.fitting(row.endpoint, COPY - MARK - 24))
    return drawn + svg.text(COPY, y + 4, svg.fitting(row.copy or say(words.ENDS[row.step]), svg.WIDTH - COPY - 6))


def _legend(rows: list[Row]) -> list[str]:
    parts, x = [], 12.0
    for step in _steps(rows):
        (look, mark), name = LOOKS[step], say(words.ENDS[step])
        parts += [svg.line(x, 36, x + 24, 36, look.colour, look.width, look.array), svg.symbol(mark, x + 32, 36)]
        parts.append(svg.text(x + 43, 40, name))
        x += 59 + svg.letters(name)
    return parts


# The live form


def _plotly(chart: Chart) -> dict[str, Any]:
    title, topic, name, rows = chart
    middle, steps = (max(len(rows), 1) - 1) / 2, _steps(rows)
    layout = base_layout(title, 150 + PITCH * max(len(rows), 2), 20, 20, [say(words.ENDS[step]) for step in steps])
    layout["showlegend"] = True  # also where there is one kind of end
    hidden = {"visible": False, "fixedrange": True}
    layout["xaxis"] = {**hidden, "range": [0, 1]}
    layout["yaxis"] = {**hidden, "range": [max(len(rows), 2) - 0.4, -0.6]}
    box = {"showarrow": False, "bordercolor": INK, "borderwidth": 1, "borderpad": 6, "bgcolor": PAPER}
    layout["annotations"] = [{**box, "x": 0, "y": middle, "xanchor": "left", "text": f"<b>{topic}</b><br>{name}"}]
    data = [
        _trace(step, [(place, row) for place, row in enumerate(rows) if row.step is step], middle) for step in steps
    ]
    return {"data": data, "layout": layout, "config": CONFIG}


def _trace(step: Step, rows: list[tuple[int, Row]], middle: float) -> dict[str, Any]:
    look, mark = LOOKS[step]
    return {
        "type": "scatter",
        "mode": "lines+markers+text",
        "name": say(words.ENDS[step]),
        "x": [x for _ in rows for x in (0.05, 0.5, None)],
        "y": [y for place, _ in rows for y in (middle, place, None)],
        "text": [text for _, row in rows for text in ("", _label(row), "")],
        "textposition": "middle right",
        "customdata": [text for _, row in rows for text in (row.told, row.told, "")],
        "hovertemplate": HOVER,
        "line": {"color": look.colour, "dash": look.dash, "width": look.width},
        "marker": {
            "symbol": mark,
            "size": [size for _ in rows for size in (0, 11, 0)],
            "color": INK,
            "line": {"color": INK, "width": 2},
            "opacity": 1,
        },
    }


def _label(row: Row) -> str:
    return f"  {row.endpoint}: {row.copy or say(words.ENDS[row.step])}"
