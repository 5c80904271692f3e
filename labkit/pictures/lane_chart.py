"""A chart of lanes over lab time - lines, bars and signs - and its two drawings."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise

from labkit.pictures.axis import Axis
from labkit.pictures.palette import Fill

# How much of the axis a sign takes: nearer ones would cover each other.
NEAR = 0.018
# How much of the axis the number beside a sign takes.
BESIDE = 0.06


@dataclass(frozen=True)
class Stretch:
    """A line or bar in a lane from `began` to `ended`; `key` names its look, `hover` is read under the mouse."""

    lane: int
    began: int
    ended: int
    key: str
    label: str
    hover: str


@dataclass(frozen=True)
class Sign:
    """A sign in a lane; `kind` is "number" for a circle with its text in it, or plotly's name of a symbol.

    `many`: it stands for several of its kind, and is drawn larger.
    """

    lane: int
    at: int
    kind: str
    text: str
    hover: str
    many: bool = False


@dataclass
class LaneChart:
    """Lanes from top to bottom with what is in them; `notes` stand at the right end of lanes."""

    title: str
    guide: str
    axis: Axis
    lanes: list[str]
    lines: list[Stretch] = field(default_factory=list)
    bars: list[Stretch] = field(default_factory=list)
    signs: list[Sign] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    fills: dict[str, Fill] = field(default_factory=dict)
    legend: list[tuple[str, str]] = field(default_factory=list)

    def merged_signs(self) -> list[Sign]:
        """The signs, of which those of one kind that would cover each other in a lane are one, with their number."""
        width = NEAR * (self.axis.end - self.axis.start)
        merged: list[Sign] = []
        by_lane_and_kind = sorted(self.signs, key=lambda sign: (sign.lane, sign.kind, sign.at))
        for _, signs in groupby(by_lane_and_kind, key=lambda sign: (sign.lane, sign.kind)):
            bunch: list[Sign] = []
            for sign in signs:
                # Measured from the bunch's first: a long row of near ones must not become a single sign.
                if bunch and sign.at - bunch[0].at > width:
                    merged.append(_one(bunch))
                    bunch = []
                bunch.append(sign)
            merged.append(_one(bunch))
        return self._legible(merged)

    def _legible(self, signs: list[Sign]) -> list[Sign]:
        """The same signs, without a number where the next sign or the lane's note would cover it."""
        room = BESIDE * (self.axis.end - self.axis.start)
        in_order = sorted(signs, key=lambda sign: (sign.lane, sign.at))
        covered = set()
        for sign, after in pairwise([*in_order, None]):
            assert sign is not None
            end = after.at if after and after.lane == sign.lane else self.axis.end
            if end - sign.at < room:
                covered.add(id(sign))
        # Later ones are drawn over earlier ones, and a small sign must not vanish under a large one.
        larger_first = sorted(signs, key=lambda sign: not sign.many)
        return [replace(one, text="") if id(one) in covered and one.text[:1] == "×" else one for one in larger_first]


def _one(bunch: list[Sign]) -> Sign:
    first = bunch[0]
    if len(bunch) == 1:
        return first
    numbers = all(sign.text.isdigit() for sign in bunch) and first.kind == "number"
    text = f"{first.text}–{bunch[-1].text}" if numbers else f"×{len(bunch)}"
    hovers = [text, *(sign.hover for sign in bunch[:5])] + (["…"] if len(bunch) > 5 else [])
    return Sign(first.lane, first.at, first.kind, text, "<br>".join(hovers), many=not numbers)
