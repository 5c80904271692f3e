"""Colours that colour-blind readers tell apart (Okabe and Ito, 2008), each with a second sign: pattern, dash or symbol.

Source of the colours: https://jfly.uni-koeln.de/color/ (read 2026-11-23).
"""

from __future__ import annotations

from typing import NamedTuple

ORANGE = "#E69F00"
SKY_BLUE = "#56B4E9"
GREEN = "#009E73"
YELLOW = "#F0E442"
BLUE = "#0072B2"
VERMILLION = "#D55E00"
PURPLE = "#CC79A7"
INK = "#222222"
QUIET = "#666666"
GRID = "#DDDDDD"
PAPER = "#FFFFFF"

# Black text is legible on each of these.
_CONSUMERS = (ORANGE, SKY_BLUE, GREEN, YELLOW, VERMILLION, PURPLE)
# Names that plotly knows; the SVG draws the same.
_PATTERNS = ("", "/", ".", "\\", "|", "-", "x")


class Fill(NamedTuple):
    """How the bars of one consumer look."""

    colour: str
    pattern: str


class Stroke(NamedTuple):
    """How the line of one state looks; `dash` is plotly's name, `array` SVG's stroke-dasharray."""

    colour: str
    dash: str
    array: str
    width: float


WAITING = Stroke(QUIET, "solid", "", 2)
DELAYED = Stroke(BLUE, "dash", "6 4", 2)
DEPTHS = {
    "visible": Stroke(BLUE, "solid", "", 2),
    "in flight": Stroke(VERMILLION, "dash", "8 4", 2),
    "delayed": Stroke(GREEN, "dot", "2 4", 2.5),
}
# What a lesson counts by itself: the first kind is the good one.
OUTCOMES = (
    Stroke(BLUE, "solid", "", 2),
    Stroke(VERMILLION, "dash", "8 4", 2),
    Stroke(GREEN, "dot", "2 4", 2.5),
    Stroke(PURPLE, "dashdot", "8 3 2 3", 2),
)
# The instances of a group: those it has, and those of them in service.
FLEET = (Stroke(QUIET, "dot", "2 4", 2), Stroke(VERMILLION, "solid", "", 2))
LIMIT = Stroke(INK, "longdash", "14 5", 1)
# The ends of a message's life: the symbols' names are plotly's.
ENDS = {
    "deleted": "x-thin",
    "expired": "diamond-open",
    "purged": "square-open",
    "dead-lettered": "triangle-down",
    "redriven": "triangle-up",
}
OTHER_END = "star-open"


def fills(consumers: list[str]) -> dict[str, Fill]:
    """Return a fill for each consumer; 42 of them differ."""
    return {
        name: Fill(_CONSUMERS[place % len(_CONSUMERS)], _PATTERNS[place % len(_PATTERNS)])
        for place, name in enumerate(consumers)
    }
