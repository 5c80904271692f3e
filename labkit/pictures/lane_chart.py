"""A chart of lanes over lab time - lines, bars, strips of work and signs - for both of its drawings."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby, pairwise
from math import inf

from labkit.pictures import marks
from labkit.pictures.axis import Axis
from labkit.pictures.lane_places import Places
from labkit.pictures.palette import Fill
from labkit.pictures.svg import letters

# How much of the axis a sign takes: nearer ones would cover each other.
NEAR = 0.018
# The axis is drawn at least so wide, in pixels: for what a text takes of it.
NARROWEST_AXIS = 500
MOST_ROWS = 3


@dataclass(frozen=True)
class Stretch:
    """A line, bar or strip in a lane from `began` to `ended`; `key` names its look, `hover` is read under the mouse.

    `row`: strips that last at the same time lie one below the other; a line of row 1 lies above the bars.
    """

    lane: int
    began: int
    ended: int
    key: str
    label: str
    hover: str
    row: int = 0


@dataclass(frozen=True)
class Sign:
    """A sign in a lane; `kind` is "number" for a circle with its text in it, or plotly's name of a symbol.

    `many`: it stands for so many of its kind, and is drawn larger.
    """

    lane: int
    at: int
    kind: str
    text: str
    hover: str
    many: int = 1


@dataclass
class LaneChart:
    """Lanes from top to bottom with what is in them; `notes` stand at the right end of lanes.

    It is filled first and drawn then; `legend` explains lines, bars and kinds of signs, `explained` all there is.
    """

    title: str
    guide: str
    axis: Axis
    lanes: list[str]
    lines: list[Stretch] = field(default_factory=list)
    bars: list[Stretch] = field(default_factory=list)
    works: list[Stretch] = field(default_factory=list)
    signs: list[Sign] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    fills: dict[str, Fill] = field(default_factory=dict)
    legend: list[tuple[str, str]] = field(default_factory=list)

    @cached_property
    def explained(self) -> list[tuple[str, str]]:
        """Every mark that is drawn, with what it means."""
        more = [(marks.WORK, bool(self.works)), (marks.WIDENED, any(map(self.is_widened, self.bars)))]
        more.append((marks.SEVERAL, any(sign.many > 1 for sign in self.merged_signs)))
        return self.legend + [(mark, marks.meaning(mark)) for mark, drawn in more if drawn]

    @property
    def rows(self) -> int:
        """How many strips of work lie below each other at most."""
        return max((work.row + 1 for work in self.works), default=0)

    # Where things are drawn

    @cached_property
    def places(self) -> Places:
        """The place of each instant of lines, bars and signs; work has a place of its own and is where it was."""
        stretches = [*self.lines, *self.bars]
        signs = [(sign.lane, sign.at) for sign in self.signs]
        bars = [(bar.lane, bar.began, bar.ended) for bar in self.bars]
        ends = [(one.lane, at) for one in stretches for at in (one.began, one.ended)]
        first = Places(self.axis, [*ends, *signs], bars)
        # Signs are merged where the wider bars leave them, and what is left of them is moved apart then.
        apart = [(one.lane, one.at, one.kind, _longer(one)) for one in self._merged(first)] if stretches else []
        return Places(self.axis, [*ends, *signs], bars, apart)

    def is_widened(self, bar: Stretch) -> bool:
        """Whether a bar is drawn wider than it lasts."""
        return self.places.is_short(bar.began, bar.ended)

    def label_place(self, bar: Stretch) -> tuple[float, float]:
        """The middle of the longest part of a bar that no sign covers, and its length; both as shares of the axis."""
        if self.is_widened(bar):
            return 0.0, 0.0
        began, ended = (self.places.share(bar.lane, at) for at in (bar.began, bar.ended))
        signs = sorted(
            place
            for sign in self.merged_signs
            if sign.lane == bar.lane and began <= (place := self.places.share(sign.lane, sign.at, sign.kind)) <= ended
        )
        before, after = max(pairwise([began, *signs, ended]), key=lambda gap: gap[1] - gap[0])
        return (before + after) / 2, after - before

    # Signs that would cover each other

    @cached_property
    def merged_signs(self) -> list[Sign]:
        """The signs, of which those of one kind that would cover each other in a lane are one, with their number."""
        return self._legible(self._merged(self.places))

    @cached_property
    def unreadable(self) -> dict[int, tuple[int, int]]:
        """Lane -> how many signs it has and as how many marks they are drawn, where a mark's own number has no room."""
        signs, drawn = Counter(sign.lane for sign in self.signs), Counter(sign.lane for sign in self.merged_signs)
        hidden = sorted({sign.lane for sign in self.merged_signs if sign.many > 1 and not sign.text})
        return {lane: (signs[lane], drawn[lane]) for lane in hidden}

    def _merged(self, places: Places) -> list[Sign]:
        merged: list[Sign] = []
        by_lane_and_kind = sorted(self.signs, key=lambda sign: (sign.lane, sign.kind, sign.at))
        for _, signs in groupby(by_lane_and_kind, key=lambda sign: (sign.lane, sign.kind)):
            bunch: list[Sign] = []
            for sign in signs:
                # Measured from the bunch's first: a long row of near ones must not become a single sign.
                if bunch and places.share(sign.lane, sign.at) - places.share(sign.lane, bunch[0].at) > NEAR:
                    merged.append(_one(bunch))
                    bunch = []
                bunch.append(sign)
            merged.append(_one(bunch))
        return merged

    def _legible(self, signs: list[Sign]) -> list[Sign]:
        """The same signs, without the text beside one where something else in the lane or its note would cover it."""
        told = [replace(sign, text="") if self._is_covered(sign, signs) else sign for sign in signs]
        # Later ones are drawn over earlier ones, and a small sign must not vanish under a large one.
        return sorted(told, key=lambda sign: sign.many <= 1)

    def _is_covered(self, sign: Sign, signs: list[Sign]) -> bool:
        if sign.kind == "number" or not sign.text:
            return False
        at = self.places.share(sign.lane, sign.at, sign.kind)
        stretches = [one for one in (*self.lines, *self.bars) if one.lane == sign.lane]
        if any(one.began <= sign.at < one.ended for one in stretches):
            return True
        others = [
            self.places.share(one.lane, one.at, one.kind) for one in signs if one.lane == sign.lane and one != sign
        ]
        others += [self.places.share(one.lane, one.began) for one in stretches if one.began > sign.at]
        end = min([place for place in others if place >= at], default=1.0 if self.notes else inf)
        return end - at < (letters(sign.text) + 20) / NARROWEST_AXIS


def _one(bunch: list[Sign]) -> Sign:
    first = bunch[0]
    if len(bunch) == 1:
        return first
    numbers = all(sign.text.isdigit() for sign in bunch) and first.kind == "number"
    text = f"{first.text}–{bunch[-1].text}" if numbers else f"×{len(bunch)}"
    hovers = [text, *(sign.hover for sign in bunch[:5])] + (["…"] if len(bunch) > 5 else [])
    return Sign(first.lane, first.at, first.kind, text, "<br>".join(hovers), many=1 if numbers else len(bunch))


def _longer(sign: Sign) -> float:
    """How much longer than one with a single digit a number's circle is, as a share of the axis."""
    return max(0.0, letters(sign.text, 10) - 8) / NARROWEST_AXIS if sign.kind == marks.NUMBER else 0.0


def in_rows(stretches: list[Stretch]) -> list[Stretch]:
    """Return the stretches by their beginning, each in the first row of its lane that is free then."""
    free: dict[tuple[int, int], int] = {}
    placed = []
    for one in sorted(stretches, key=lambda stretch: stretch.began):
        rows = range(MOST_ROWS)
        row = next((row for row in rows if free.get((one.lane, row), one.began) <= one.began), MOST_ROWS - 1)
        free[one.lane, row] = one.ended
        placed.append(replace(one, row=row))
    return placed
