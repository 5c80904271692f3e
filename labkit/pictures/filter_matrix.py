"""The filter matrix: each message of a topic by each subscription, delivered or held back, and by which key."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from labkit.causes import Step
from labkit.history import History
from labkit.history.log import Delivery
from labkit.pictures import svg
from labkit.pictures.live import CONFIG, HOVER, base_layout
from labkit.pictures.palette import INK, ORANGE, PAPER, QUIET, SKY_BLUE, Fill
from labkit.pictures.picture import Picture
from labkit.pictures.seen import WithHistory, see
from labkit.words import error, say
from labkit.words import pictures as words
from labkit.words.filters import why_not

MOST_ROWS, LONGEST_NAME = 20, 26
LEFT, TOP, TALL, GAP = 190, 66, 30, 4
PASSED, HELD, FAILED = Step.DELIVERED, Step.FILTERED, Step.DISCARDED
FILLS = {PASSED: Fill(SKY_BLUE, ""), HELD: Fill(PAPER, "/"), FAILED: Fill(ORANGE, "x")}
NAMES = {PASSED: words.DELIVERED, HELD: words.HELD_BACK, FAILED: words.NOT_DELIVERED}
WIDE = 0.92  # of a column and of a row, in the live form


@dataclass(frozen=True)
class Row:
    """One published message: what it is called, and what became of it at each subscription."""

    name: str
    cells: dict[str, Delivery]


def filter_matrix(lab: WithHistory | History, topic: str | None = None) -> Picture:
    """Draw which messages of a topic reached which subscriptions; the first 20, the others in words.

    A message is called by the beginning of its body, a subscription by the queue or address behind it. Without a name
    the topic is that of the first message. Raises `LabError` for anything but a lab or a history, and for a topic to
    which nothing was published.
    """
    see(lab, "filter_matrix")
    history = lab if isinstance(lab, History) else lab.history
    steps = [event for event in history.in_order() if isinstance(event, Delivery)]
    if not steps:
        return Picture("", "", say(words.NOTHING_PUBLISHED))
    chosen = topic or steps[0].topic
    steps = [one for one in steps if one.topic == chosen]
    if not steps:
        raise error(words.UNKNOWN_TOPIC, topic=topic)
    rows = list(_rows(steps).values())
    columns = list(dict.fromkeys(name for row in rows for name in row.cells))
    title = _title(len(rows), len(columns))
    told = [f"{title}.", *(_told(row, columns) for row in rows[:MOST_ROWS]), _totals(rows, columns)]
    if len(rows) > MOST_ROWS:
        told.append(say(words.MATRIX_LEFT_OUT, shown=MOST_ROWS, total=len(rows)))
    shown = rows[:MOST_ROWS]
    guide = say(words.MATRIX_GUIDE) + (say(words.MATRIX_GUIDE_FAILED) if FAILED in _kinds(shown) else "")
    return Picture(title, guide, "\n".join(told), _drawn(title, shown, columns), _live(title, shown, columns))


def _title(messages: int, subscriptions: int) -> str:
    published = say(words.MATRIX_MESSAGES if messages != 1 else words.MATRIX_MESSAGE, number=messages)
    sentence = words.MATRIX_SUBSCRIPTIONS if subscriptions != 1 else words.MATRIX_SUBSCRIPTION
    return say(words.MATRIX, messages=published, subscriptions=say(sentence, number=subscriptions))


def _rows(steps: list[Delivery]) -> dict[str, Row]:
    """The messages in the order of publishing; of several steps at one subscription the last one counts."""
    found: dict[str, Row] = {}
    for one in steps:
        row = found.setdefault(one.message, Row(_name(one.body), {}))
        if one.endpoint is not None:
            row.cells[one.endpoint] = one
    return found


def _name(body: str) -> str:
    return body if len(body) <= LONGEST_NAME else f"{body[: LONGEST_NAME - 1]}…"


def _kind(cell: Delivery) -> Step:
    return cell.step if cell.step in (PASSED, HELD) else FAILED


def _why(cell: Delivery) -> str:
    """Why a message was held back, or what else became of it."""
    if cell.mismatch is None:
        return cell.why
    return why_not(cell.mismatch, cell.detail or "", cell.found)


def _told(row: Row, columns: list[str]) -> str:
    passed = [name for name in columns if name in row.cells and _kind(row.cells[name]) is PASSED]
    others = [(name, row.cells[name]) for name in columns if name in row.cells and name not in passed]
    told = [say(words.MATRIX_TO, names=", ".join(passed) if passed else say(words.NOBODY))]
    told += [
        say(words.MATRIX_HELD, name=name, why=_why(cell)) if _kind(cell) is HELD else _why(cell)
        for name, cell in others
    ]
    return f"{row.name}: {'; '.join(told)}"


def _totals(rows: list[Row], columns: list[str]) -> str:
    counted = Counter(name for row in rows for name, cell in row.cells.items() if _kind(cell) is PASSED)
    return say(words.MATRIX_TOTALS, numbers=", ".join(f"{name} {counted[name]}" for name in columns))


# The image


def _drawn(title: str, rows: list[Row], columns: list[str]) -> str:
    kinds = _kinds(rows)
    definitions, patterns = svg.pattern_definitions([FILLS[kind] for kind in kinds])
    width = (svg.WIDTH - LEFT - 10) / max(1, len(columns))
    parts = [definitions, svg.text(8, 18, title, size=13, font_weight="bold"), *_legend(kinds, patterns)]
    for place, name in enumerate(columns):
        parts.append(
            svg.text(
                LEFT + (place + 0.5) * width, TOP - 8, svg.fitting(name, width), anchor="middle", font_weight="bold"
            )
        )
    for number, row in enumerate(rows):
        y = TOP + number * (TALL + GAP)
        parts.append(svg.text(LEFT - 8, y + TALL / 2 + 4, row.name, anchor="end"))
        for place, name in enumerate(columns):
            if name in row.cells:
                parts.append(_cell(row.cells[name], LEFT + place * width + GAP / 2, y, width - GAP, patterns))
    return svg.document(TOP + len(rows) * (TALL + GAP) + 10, "".join(parts))


def _kinds(rows: list[Row]) -> list[Step]:
    found = {_kind(cell) for row in rows for cell in row.cells.values()}
    return [kind for kind in FILLS if kind in found]


def _legend(kinds: list[Step], patterns: dict[Fill, str]) -> list[str]:
    parts, x = [], float(LEFT)
    for kind in kinds:
        name = say(NAMES[kind])
        parts += [svg.bar(x, 30, 18, 12, FILLS[kind], patterns), svg.text(x + 24, 40, name, fill=QUIET)]
        x += 44 + svg.letters(name)
    return parts


def _cell(cell: Delivery, x: float, y: float, width: float, patterns: dict[Fill, str]) -> str:
    middle, first, *more = x + width / 2, *(svg.fitting(line, width - 8) for line in _lines(cell))
    box = svg.bar(x, y, width, TALL, FILLS[_kind(cell)], patterns)
    if not more:
        return box + svg.text(middle, y + TALL / 2 + 4, first, anchor="middle")
    # Words stand on a plate: hatching would strike them through.
    wide = max(svg.letters(first), svg.letters(more[0], 10)) + 8
    plate = svg.element("rect", x=round(middle - wide / 2, 1), y=y + 3, width=round(wide, 1), height=24, fill=PAPER)
    over = svg.text(middle, y + 13, first, anchor="middle", font_weight="bold")
    return box + plate + over + svg.text(middle, y + 25, more[0], anchor="middle", size=10)


# The live form


def _live(title: str, rows: list[Row], columns: list[str]) -> dict[str, Any]:
    kinds = _kinds(rows)
    names = [say(NAMES[kind]) for kind in kinds]
    height = 130 + len(rows) * 36
    layout = base_layout(title, height, 190, 20, names)
    layout["barmode"] = "overlay"
    layout["xaxis"] = {
        "tickvals": [*range(len(columns))],
        "ticktext": columns,
        "range": [-0.5, len(columns) - 0.5],
        "zeroline": False,
        "showgrid": False,
        "side": "bottom",
    }
    layout["yaxis"] = {
        "tickvals": [*range(len(rows))],
        "ticktext": [row.name for row in rows],
        "range": [len(rows) - 0.5, -0.5],
        "zeroline": False,
        "showgrid": False,
    }
    return {"data": [_marks(kind, rows, columns) for kind in kinds], "layout": layout, "config": CONFIG}


def _marks(kind: Step, rows: list[Row], columns: list[str]) -> dict[str, Any]:
    own = [
        (columns.index(name), number, cell)
        for number, row in enumerate(rows)
        for name, cell in row.cells.items()
        if _kind(cell) is kind
    ]
    return {
        "type": "bar",
        "orientation": "h",
        "name": say(NAMES[kind]),
        "base": [round(x - WIDE / 2, 3) for x, _, _ in own],
        "x": [WIDE for _ in own],
        "y": [y for _, y, _ in own],
        "width": WIDE,
        "text": ["<br>".join(_lines(cell)) for _, _, cell in own],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "insidetextfont": {"color": "#000000", "size": 10},
        "customdata": [_why(cell) for _, _, cell in own],
        "hovertemplate": HOVER,
        "marker": {
            "color": FILLS[kind].colour,
            "line": {"color": INK, "width": 0.8},
            "pattern": {"shape": FILLS[kind].pattern, "fgcolor": INK, "fgopacity": 0.25, "size": 8},
        },
    }


def _lines(cell: Delivery) -> list[str]:
    """What stands in a box: the key that failed and why in short, or what became of the message."""
    if cell.mismatch is None:
        return [say(NAMES[_kind(cell)])]
    return [cell.detail or "", say(words.BRIEFLY[cell.mismatch])]
