"""What all live pictures share: plotly's JSON written by hand, because importing plotly costs more than the picture."""

from __future__ import annotations

from typing import Any

from labkit.pictures.axis import Axis
from labkit.pictures.palette import GRID, INK, PAPER
from labkit.pictures.svg import FONT

CONFIG = {"displaylogo": False, "responsive": True}


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


def base_layout(title: str, height: int) -> dict[str, Any]:
    """Return what all live pictures share: white paper, one font, a legend above."""
    return {
        "title": {"text": title, "x": 0.01, "font": {"size": 15}},
        "height": height,
        "paper_bgcolor": PAPER,
        "plot_bgcolor": PAPER,
        "font": {"family": FONT, "size": 12, "color": INK},
        "hovermode": "closest",
        "legend": {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "traceorder": "normal"},
    }
