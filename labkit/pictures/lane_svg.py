"""A lane chart as a small SVG."""

from __future__ import annotations

from labkit.pictures import marks, svg
from labkit.pictures.lane_chart import LaneChart, Sign, Stretch
from labkit.pictures.palette import GRID, INK, PAPER, QUIET, STATES, Fill
from labkit.words import pictures as words
from labkit.words import say

RIGHT, TOP, BOTTOM = 112, 62, 40
NARROWEST, WIDEST = 60, 180
# Signs at both ends of a bar's free part.
SIGNS, LARGER = 18, 1.4
# Between the first and the last of several names.
DOTS = " … "
# Room for the word beside the sign with which a stretch begins.
BESIDE = 100
LINES = {state: STATES[state] for state in marks.LINES}
# Strips of work below the bars: from the lane's middle to the first one's, and from one to the next, in pixels.
TO_STRIP, STRIP = 12.5, 6.0
# From the middle of the bars to a line above them.
ABOVE = 10.5


def pitch(chart: LaneChart) -> float:
    """How high a lane is, in pixels; strips of work have room of their own."""
    return (28 if len(chart.lanes) <= 15 else 20) + STRIP * chart.rows


def level(chart: LaneChart, stretch: Stretch) -> float:
    """The middle of a strip of work, in lanes from the top one's; lines, bars and signs lie above it."""
    return middle(chart, stretch.lane) + (TO_STRIP + STRIP * stretch.row) / pitch(chart)


def line_level(chart: LaneChart, stretch: Stretch) -> float:
    """The height of a line, in lanes from the top one's: that of the bars, or above them."""
    return middle(chart, stretch.lane) - ABOVE * stretch.row / pitch(chart)


def middle(chart: LaneChart, lane: int) -> float:
    """The middle of a lane's bars, in lanes from the top one's."""
    return lane - STRIP * chart.rows / 2 / pitch(chart)


class LaneSvg:
    """Places the parts of one chart and writes them down."""

    def __init__(self, chart: LaneChart) -> None:
        self.chart = chart
        widest = max(svg.letters(name) for name in chart.lanes)
        self.left = min(max(widest + 26, NARROWEST), WIDEST)
        self.top = TOP + 18 * (len(_legend_lines(chart)) - 1)
        self.pitch = pitch(chart)
        self.height = self.top + self.pitch * len(chart.lanes) + BOTTOM
        self.right = svg.WIDTH - max(RIGHT, 12 + max(map(svg.letters, chart.notes), default=0))
        self.definitions, self.patterns = svg.pattern_definitions(list(chart.fills.values()))

    def draw(self) -> str:
        """Return the SVG."""
        chart = self.chart
        parts = [self.definitions, svg.text(8, 18, chart.title, size=13, font_weight="bold"), *self._legend()]
        parts += [*self._grid(), *self._names()]
        parts += [self._line(stretch) for stretch in chart.lines]
        parts += [self._bar(stretch) for stretch in chart.bars]
        parts += [self._strip(stretch) for stretch in chart.works]
        parts += [self._sign(sign) for sign in chart.merged_signs]
        parts += [self._label(stretch) for stretch in chart.bars]
        return svg.document(self.height, "".join(parts))

    @property
    def wide(self) -> float:
        """How wide the axis is drawn."""
        return self.right - self.left

    def _x(self, lane: int, at: int, kind: str = "") -> float:
        return self.left + self.chart.places.share(lane, at, kind) * self.wide

    def _y(self, lane: int) -> float:
        return self.top + self.pitch * (middle(self.chart, lane) + 0.5)

    def _grid(self) -> list[str]:
        axis, bottom = self.chart.axis, self.height - BOTTOM
        parts = []
        for tick in axis.ticks:
            x = self.left + axis.share(tick) * self.wide
            parts.append(svg.line(x, self.top, x, bottom + 4))
            parts.append(svg.text(x, bottom + 16, axis.label(tick), anchor="middle"))
        middle = (self.left + self.right) / 2
        return [*parts, svg.text(middle, bottom + 32, axis.title, anchor="middle", fill=QUIET)]

    def _names(self) -> list[str]:
        parts = []
        for lane, name in enumerate(self.chart.lanes):
            y, below = self._y(lane), self.top + self.pitch * (lane + 1)
            parts.append(svg.line(self.left, below, self.right, below, GRID, 0.5))
            parts.append(svg.text(self.left - 14, y + 4, svg.fitting(name, self.left - 18), anchor="end"))
        for lane, note in enumerate(self.chart.notes):
            up = 2 if lane in self.chart.unreadable else -4
            parts.append(svg.text(self.right + 8, self._y(lane) - up, note))
        for lane, (_, drawn) in self.chart.unreadable.items():
            place = self.right + 8, self._y(lane) + 10
            parts.append(svg.text(*place, drawn_as(drawn), size=10, fill=QUIET))
        return parts

    def _line(self, stretch: Stretch) -> str:
        look, y = LINES[stretch.key], self.top + self.pitch * (line_level(self.chart, stretch) + 0.5)
        began, ended = self._ends(stretch)
        drawn = svg.line(began, y, ended, y, look.colour, look.width, look.array)
        if stretch.label and svg.letters(stretch.label) < ended - began - BESIDE:
            drawn += svg.text(ended - 12, y - 4, stretch.label, anchor="end", size=10, fill=QUIET, halo=PAPER)
        return drawn

    def _ends(self, stretch: Stretch) -> tuple[float, float]:
        return self._x(stretch.lane, stretch.began), self._x(stretch.lane, stretch.ended)

    def _bar(self, stretch: Stretch) -> str:
        began, ended = self._ends(stretch)
        y, fill = self._y(stretch.lane), self.chart.fills[stretch.key]
        drawn = svg.bar(began, y - 8, ended - began, 16, fill, self.patterns)
        return drawn + (svg.symbol(marks.WIDENED, (began + ended) / 2, y) if self.chart.is_widened(stretch) else "")

    def _label(self, stretch: Stretch) -> str:
        """A bar's name on a plate of the bar's colour: its pattern would strike the name through."""
        place, room = self.chart.label_place(stretch)
        label = next((one for one in names(stretch.label) if svg.letters(one) + 6 <= room * self.wide - SIGNS), "")
        if not label:
            return ""
        x, y, wide = self.left + place * self.wide, self._y(stretch.lane), svg.letters(label) + 6
        plate = {"x": x - wide / 2, "y": y - 6.5, "width": wide, "height": 13, "rx": 3}
        under = svg.element("rect", **plate, fill=self.chart.fills[stretch.key].colour)
        return under + svg.text(x, y + 4, label, anchor="middle")

    def _strip(self, stretch: Stretch) -> str:
        began, ended = (self.left + self.chart.axis.share(at) * self.wide for at in (stretch.began, stretch.ended))
        y = self.top + self.pitch * (level(self.chart, stretch) + 0.5)
        return svg.bar(began, y - 2.5, ended - began, 5, self.chart.fills[stretch.key], self.patterns)

    def _sign(self, sign: Sign) -> str:
        x, y = self._x(sign.lane, sign.at, sign.kind), self._y(sign.lane)
        if sign.kind == marks.NUMBER:
            half = max(7.0, svg.letters(sign.text, 10) / 2 + 3)
            box = {"x": x - 7, "y": y - 7.0, "width": 2 * half, "height": 14, "rx": 7}
            around = svg.element("rect", **box, fill=PAPER, stroke=INK)
            return around + svg.text(x - 7 + half, y + 3.5, sign.text, anchor="middle", size=10)
        drawn = svg.symbol(sign.kind, x, y, LARGER if sign.many > 1 else 1)
        return drawn + (svg.text(x + 9, y + 4, sign.text, halo=PAPER) if sign.text else "")

    # The legend

    def _legend(self) -> list[str]:
        parts = []
        for row, entries in enumerate(_legend_lines(self.chart)):
            x = 12.0
            for key, name in entries:
                parts += [self._key(key, x, 36.0 + 18 * row), svg.text(x + 30, 40.0 + 18 * row, name)]
                x += 46 + svg.letters(name)
        return parts

    def _key(self, key: str, x: float, y: float) -> str:
        if key in LINES:
            look = LINES[key]
            return svg.line(x, y, x + 24, y, look.colour, look.width, look.array)
        if key in self.chart.fills:
            return svg.bar(x, y - 6, 24, 12, self.chart.fills[key], self.patterns)
        if key == marks.WORK:
            return svg.bar(x, y - 2.5, 24, 5, Fill(PAPER, ""), self.patterns)
        if key == marks.SEVERAL:
            kind = next(sign.kind for sign in self.chart.merged_signs if sign.many > 1)
            return svg.symbol(kind, x + 12, y, LARGER)
        if key == marks.NUMBER:
            return svg.element("circle", cx=x + 12, cy=y, r=7, fill=PAPER, stroke=INK) + svg.text(
                x + 12, y + 3.5, "n", anchor="middle", size=10
            )
        return svg.symbol(key, x + 12, y)


def names(label: str) -> list[str]:
    """What a bar may be called, the longest first: of several messages the first one's name, if both have no room."""
    first, dots, _ = label.partition(DOTS)
    return [label, first + DOTS.rstrip()] if dots else [label]


def drawn_as(number: int) -> str:
    """As how many marks the signs of a lane are drawn."""
    return say(words.DRAWN_AS_ONE if number == 1 else words.DRAWN_AS, marks=number)


def _legend_lines(chart: LaneChart) -> list[list[tuple[str, str]]]:
    lines: list[list[tuple[str, str]]] = [[]]
    used = 12.0
    for key, name in chart.explained:
        width = 46 + svg.letters(name)
        if lines[-1] and used + width > svg.WIDTH - 8:
            lines.append([])
            used = 12.0
        lines[-1].append((key, name))
        used += width
    return lines
