"""A lane chart as a small SVG."""

from __future__ import annotations

from labkit.pictures import svg
from labkit.pictures.lane_chart import LaneChart, Sign, Stretch
from labkit.pictures.palette import DELAYED, GRID, INK, PAPER, QUIET, WAITING

RIGHT, TOP, BOTTOM = 112, 62, 40
NARROWEST, WIDEST = 60, 180
# Room for the word beside the sign with which a stretch begins.
BESIDE = 100
LINES = {"visible": WAITING, "delayed": DELAYED}


class LaneSvg:
    """Places the parts of one chart and writes them down."""

    def __init__(self, chart: LaneChart) -> None:
        self.chart = chart
        widest = max(svg.letters(name) for name in chart.lanes)
        self.left = min(max(widest + 26, NARROWEST), WIDEST)
        self.top = TOP + 18 * (len(_legend_lines(chart)) - 1)
        self.pitch = 28 if len(chart.lanes) <= 15 else 20
        self.height = self.top + self.pitch * len(chart.lanes) + BOTTOM
        self.definitions, self.patterns = svg.pattern_definitions(list(chart.fills.values()))

    def draw(self) -> str:
        """Return the SVG."""
        chart = self.chart
        parts = [self.definitions, svg.text(8, 18, chart.title, size=13, font_weight="bold"), *self._legend()]
        parts += [*self._grid(), *self._names()]
        parts += [self._line(stretch) for stretch in chart.lines]
        parts += [self._bar(stretch) for stretch in chart.bars]
        parts += [self._sign(sign) for sign in chart.merged_signs()]
        return svg.document(self.height, "".join(parts))

    def _x(self, at: int) -> float:
        return self.left + self.chart.axis.share(at) * (svg.WIDTH - self.left - RIGHT)

    def _y(self, lane: int) -> float:
        return self.top + self.pitch * (lane + 0.5)

    def _grid(self) -> list[str]:
        axis, bottom = self.chart.axis, self.height - BOTTOM
        parts = []
        for tick in axis.ticks:
            x = self._x(tick)
            parts.append(svg.line(x, self.top, x, bottom + 4))
            parts.append(svg.text(x, bottom + 16, axis.label(tick), anchor="middle"))
        middle = (self.left + svg.WIDTH - RIGHT) / 2
        return [*parts, svg.text(middle, bottom + 32, axis.title, anchor="middle", fill=QUIET)]

    def _names(self) -> list[str]:
        parts = []
        for lane, name in enumerate(self.chart.lanes):
            y = self._y(lane)
            parts.append(svg.line(self.left, y + self.pitch / 2, svg.WIDTH - RIGHT, y + self.pitch / 2, GRID, 0.5))
            parts.append(svg.text(self.left - 14, y + 4, svg.fitting(name, self.left - 18), anchor="end"))
        for lane, note in enumerate(self.chart.notes):
            parts.append(svg.text(svg.WIDTH - RIGHT + 8, self._y(lane) + 4, svg.fitting(note, RIGHT - 10)))
        return parts

    def _line(self, stretch: Stretch) -> str:
        look, y = LINES[stretch.key], self._y(stretch.lane)
        began, ended = self._x(stretch.began), self._x(stretch.ended)
        drawn = svg.line(began, y, ended, y, look.colour, look.width, look.array)
        if stretch.label and svg.letters(stretch.label) < ended - began - BESIDE:
            drawn += svg.text(ended - 4, y - 4, stretch.label, anchor="end", size=10, fill=QUIET)
        return drawn

    def _bar(self, stretch: Stretch) -> str:
        began, ended = self._x(stretch.began), self._x(stretch.ended)
        height = min(16, self.pitch - 4)
        y = self._y(stretch.lane)
        fill = self.chart.fills[stretch.key]
        drawn = svg.bar(began, y - height / 2, ended - began, height, fill, self.patterns)
        # Both ends may carry a receive's number.
        if svg.letters(stretch.label) < ended - began - 34:
            drawn += svg.text((began + ended) / 2 + 4, y + 4, stretch.label, anchor="middle", halo=fill.colour)
        return drawn

    def _sign(self, sign: Sign) -> str:
        x, y = self._x(sign.at), self._y(sign.lane)
        if sign.kind == "number":
            half = max(7.0, svg.letters(sign.text, 10) / 2 + 3)
            box = {"x": x - 7, "y": y - 7.0, "width": 2 * half, "height": 14, "rx": 7}
            around = svg.element("rect", **box, fill=PAPER, stroke=INK)
            return around + svg.text(x - 7 + half, y + 3.5, sign.text, anchor="middle", size=10)
        return svg.symbol(sign.kind, x, y, 1.4 if sign.many else 1) + svg.text(x + 9, y + 4, sign.text, halo=PAPER)

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
        if key == "number":
            return svg.element("circle", cx=x + 12, cy=y, r=7, fill=PAPER, stroke=INK) + svg.text(
                x + 12, y + 3.5, "n", anchor="middle", size=10
            )
        return svg.symbol(key, x + 12, y)


def _legend_lines(chart: LaneChart) -> list[list[tuple[str, str]]]:
    lines: list[list[tuple[str, str]]] = [[]]
    used = 12.0
    for key, name in chart.legend:
        width = 46 + svg.letters(name)
        if lines[-1] and used + width > svg.WIDTH - 8:
            lines.append([])
            used = 12.0
        lines[-1].append((key, name))
        used += width
    return lines
