"""A chart of numbers that change in steps over lab time, one panel a subject, and its image."""

from __future__ import annotations

from dataclasses import dataclass

from labkit.pictures import svg
from labkit.pictures.axis import Axis
from labkit.pictures.palette import GRID, QUIET, STATES, Stroke

LEFT, TOP, BOTTOM, PANEL, GAP = 56, 44, 40, 130, 40
# At the right each line has a sample and its name: at least so much, and what the longest needs.
LEAST_RIGHT, SAMPLE = 120, 32


@dataclass(frozen=True)
class StepLine:
    """A number over time: `points` are (instant, value from then on), instants since the lab's start."""

    name: str
    points: list[tuple[int, int]]
    own_look: Stroke | None = None

    @property
    def look(self) -> Stroke:
        """How the line looks: its own way, or that of the message state it is named after."""
        return self.own_look or STATES[self.name]

    @property
    def most(self) -> int:
        """The highest value."""
        return max(value for _, value in self.points)

    @property
    def last(self) -> int:
        """The value at the end."""
        return self.points[-1][1]

    def at(self, instant: int) -> int:
        """The value that holds at an instant."""
        return next((value for at, value in reversed(self.points) if at <= instant), 0)


@dataclass(frozen=True)
class Panel:
    """One subject with its numbers over time."""

    title: str
    series: list[StepLine]

    @property
    def most(self) -> int:
        """The highest value of all."""
        return max(1, *(steps.most for steps in self.series))


@dataclass(frozen=True)
class StepChart:
    """Panels one above the other on one time axis."""

    title: str
    guide: str
    axis: Axis
    panels: list[Panel]

    def draw(self) -> str:
        """Return the SVG."""
        height = TOP + len(self.panels) * (PANEL + GAP) - GAP + BOTTOM
        parts = [svg.text(8, 18, self.title, size=13, font_weight="bold")]
        for place, panel in enumerate(self.panels):
            parts += self._panel(panel, TOP + place * (PANEL + GAP))
        middle = (LEFT + self.right) / 2
        parts.append(svg.text(middle, height - 8, self.axis.title, anchor="middle", fill=QUIET))
        return svg.document(height, "".join(parts))

    @property
    def right(self) -> float:
        """Where the axis ends."""
        names = [svg.letters(_named(steps)) for panel in self.panels for steps in panel.series]
        return svg.WIDTH - max(LEAST_RIGHT, SAMPLE + max(names) + 4)

    def _panel(self, panel: Panel, top: float) -> list[str]:
        parts = [svg.text(LEFT, top - 6, panel.title, fill=QUIET)] if panel.title else []
        for tick in self.axis.ticks:
            x = self._x(tick)
            parts.append(svg.line(x, top, x, top + PANEL + 4))
            parts.append(svg.text(x, top + PANEL + 16, self.axis.label(tick), anchor="middle"))
        for value in count_ticks(panel.most):
            y = _y(value, panel, top)
            parts.append(svg.line(LEFT, y, self.right, y, GRID, 0.5))
            parts.append(svg.text(LEFT - 6, y + 4, f"{value:,}", anchor="end"))
        parts += [self._path(steps, panel, top) for steps in panel.series]
        return [*parts, *self._ends(panel, top)]

    def _path(self, steps: StepLine, panel: Panel, top: float) -> str:
        look = steps.look
        first_at, first = steps.points[0]
        path = f"M{self._x(first_at):.1f},{_y(first, panel, top):.1f}"
        for at, value in thinned(steps.points, self.axis, int(self.right) - LEFT):
            path += f"H{self._x(at):.1f}V{_y(value, panel, top):.1f}"
        path += f"H{self.right:g}"
        dash = {"stroke_dasharray": look.array} if look.array else {}
        return svg.element("path", d=path, fill="none", stroke=look.colour, stroke_width=look.width, **dash)

    def _ends(self, panel: Panel, top: float) -> list[str]:
        """Each line's own sample, name and last number at its right end, moved apart where they meet."""
        ordered = sorted(panel.series, key=lambda steps: steps.last)
        heights: list[float] = []
        for steps in ordered:
            # From below upwards, each at least a line's height above the one before.
            heights.append(min([_y(steps.last, panel, top), *(height - 14 for height in heights[-1:])]))
        down = max(0.0, top - heights[-1])
        parts = []
        for steps, height in zip(ordered, heights, strict=True):
            look, x, y = steps.look, self.right + 6, height + down
            parts.append(svg.line(x, y, x + 22, y, look.colour, look.width, look.array))
            parts.append(svg.text(x + 26, y + 4, _named(steps)))
        return parts

    def _x(self, at: int) -> float:
        return LEFT + self.axis.share(at) * (self.right - LEFT)


def _named(steps: StepLine) -> str:
    return f"{steps.name} {steps.last:,}"


def _y(value: int, panel: Panel, top: float) -> float:
    return top + PANEL * (1 - value / panel.most)


def count_ticks(most: int) -> list[int]:
    """Return at most six whole numbers from 0 up to `most`, evenly apart."""
    step = next(s * 10**power for power in range(20) for s in (1, 2, 5) if most / (s * 10**power) <= 5)
    return list(range(0, most + 1, step))


def thinned(points: list[tuple[int, int]], axis: Axis, columns: int) -> list[tuple[int, int]]:
    """Return the points, of each of the columns only its lowest, highest and last; what is drawn stays the same."""
    if len(points) <= columns:
        return points
    # M4 (Jugel and others, VLDB 2014) keeps the first, last, lowest and highest of each column of pixels. A step line
    # enters a column at the height at which it left the one before, so its first point adds nothing.
    kept: dict[int, list[tuple[int, int]]] = {}
    for point in points:
        kept.setdefault(int(axis.share(point[0]) * columns), []).append(point)
    thin = []
    for column in kept.values():
        low, high = min(column, key=lambda point: point[1]), max(column, key=lambda point: point[1])
        thin += sorted({low, high, column[-1]}, key=column.index)
    return thin
