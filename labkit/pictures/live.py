"""What all live pictures share: plotly's JSON written by hand, because importing plotly costs more than the picture."""

from __future__ import annotations

from math import ceil
from typing import Any

from labkit.pictures.axis import Axis
from labkit.pictures.palette import GRID, INK, PAPER
from labkit.pictures.svg import FONT, letters

# Not responsive: JupyterLab resizes the picture itself, and plotly would forget its height then.
CONFIG = {"displaylogo": False}
LEGEND_ROW = 19
# The plot on a laptop's screen of 1024 pixels beside the list of files; plotly gives all entries the widest's room.
NARROW, KEY = 340, 45


def time_axis(over: Axis) -> dict[str, Any]:
    """Return plotly's form of a time axis, with the ticks of ours."""
    return {
        "title": {"text": over.title},
        "range": [over.value(over.start), over.value(over.end)],
        "tickvals": [over.value(tick) for tick in over.ticks],
        "ticktext": [over.label(tick) for tick in over.ticks],
        "gridcolor": GRID,
        "zeroline": False,
    }


def base_layout(title: str, height: int, left: int, right: int, legend: list[str]) -> dict[str, Any]:
    """Return what all live pictures share: white paper, one font, and a legend above that never touches the title."""
    more = LEGEND_ROW * (legend_rows(legend) - 1)
    return {
        "title": {"text": title, "x": 0.01, "font": {"size": 15}},
        "height": height + more,
        "margin": {"l": left, "r": right, "t": 80 + more, "b": 50},
        "paper_bgcolor": PAPER,
        "plot_bgcolor": PAPER,
        "font": {"family": FONT, "size": 12, "color": INK},
        "hovermode": "closest",
        "legend": {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "traceorder": "normal"},
    }


def legend_rows(names: list[str]) -> int:
    """Return how many rows a legend of these names takes where the page is narrow."""
    widest = KEY + max((letters(name, 12) for name in names), default=0)
    return max(1, ceil(len(names) / max(1, NARROW // widest)))
