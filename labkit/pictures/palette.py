"""Colours that colour-blind readers tell apart (Okabe and Ito, 2008), each with a second sign: pattern, dash or symbol.

Source of the colours: https://jfly.uni-koeln.de/color/ (read 2026-11-23).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple
from zlib import crc32

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
_USUAL_CONSUMERS = {"Ann": 0, "Bob": 1, "Cem": 2, "you": 3, "Dan": 4, "Ada": 0, "Ben": 1, "worker": 0, "A": 0, "A2": 1}
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


# The states of messages, as a number of them over time and as the life of one.
STATES = {
    "visible": Stroke(BLUE, "solid", "", 2),
    "in flight": Stroke(VERMILLION, "dash", "8 4", 2),
    "delayed": Stroke(GREEN, "dot", "2 4", 2.5),
}
# What a lesson counts by itself, in other colours than the states': a lesson draws both.
_OUTCOMES = (
    Stroke(GREEN, "solid", "", 2),
    Stroke(PURPLE, "dash", "8 4", 2.5),
    Stroke(QUIET, "dot", "2 4", 2.5),
    Stroke(ORANGE, "dashdot", "8 3 2 3", 2.5),
)
# The usual words have a look that no other word takes from them.
_USUAL_OUTCOMES = {"served": 0, "stored": 0, "failed": 1, "refused": 1, "visitor left": 2}
# Confirmations one after the other, and where none came.
FLOWING, PAUSED = Fill(BLUE, ""), Fill(VERMILLION, "/")
# The instances of a group: those it has, and those of them in service.
FLEET = (Stroke(QUIET, "dot", "2 4", 2), Stroke(VERMILLION, "solid", "", 2))
LIMIT = Stroke(INK, "longdash", "14 5", 1)


def fills(consumers: list[str]) -> dict[str, Fill]:
    """Return a fill for each consumer, by its name: it is the same in every picture; 42 of them differ."""
    places = _by_name(consumers, _USUAL_CONSUMERS, len(_CONSUMERS), len(_CONSUMERS) * len(_PATTERNS))
    return {
        name: Fill(_CONSUMERS[places[name] % len(_CONSUMERS)], _PATTERNS[places[name] % len(_PATTERNS)])
        for name in consumers
    }


def outcomes(kinds: list[str]) -> dict[str, Stroke]:
    """Return how the line of each outcome looks, by its name: it is the same in every picture; 4 of them differ."""
    places = _by_name(kinds, _USUAL_OUTCOMES, len(_OUTCOMES), len(_OUTCOMES))
    return {kind: _OUTCOMES[places[kind] % len(_OUTCOMES)] for kind in kinds}


def _by_name(names: Iterable[str], usual: dict[str, int], best: int, most: int) -> dict[str, int]:
    """A place for each name, whatever the order: its own, or the next free one where two names have the same.

    Own is what `usual` says, else one of the `best` places by the name's checksum (`hash` differs from run to run).
    """
    places: dict[str, int] = {}
    for name in sorted(set(names), key=lambda name: (name not in usual, usual.get(name, 0), name)):
        own = usual.get(name, crc32(name.encode()) % best)
        wanted = [*((own + more) % best for more in range(best)), *range(best, most)]
        places[name] = next((place for place in wanted if place not in places.values()), own)
    return places
