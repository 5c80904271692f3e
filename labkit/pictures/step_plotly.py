"""A step chart as plotly's JSON."""

from __future__ import annotations

from typing import Any

from labkit.pictures.axis import Axis
from labkit.pictures.live import CONFIG, base_layout, time_axis
from labkit.pictures.palette import GRID
from labkit.pictures.step_chart import Panel, StepChart, Steps, count_ticks, thinned


def step_plotly(chart: StepChart, what: str) -> dict[str, Any]:
    """Return the live form of a step chart; `what` names what the numbers count."""
    data = [
        _trace(steps, place, chart.axis, named=steps.name not in _names(chart.panels[:place]))
        for place, panel in enumerate(chart.panels)
        for steps in panel.series
    ]
    count = len(chart.panels)
    layout = base_layout(chart.title, 120 + 190 * count, 60, 20, sorted(_names(chart.panels)))
    layout["hovermode"] = "x unified"
    layout["xaxis"] = {**time_axis(chart.axis), "anchor": _axis_name("y", count - 1)}
    for place, panel in enumerate(chart.panels):
        low = (count - 1 - place) / count
        name = _axis_name("yaxis", place)
        title = panel.title or what
        domain = [round(low, 4), round(low + 1 / count - (0.06 if count > 1 else 0), 4)]
        layout[name] = {"title": {"text": title}, "domain": domain, "range": [0, panel.most * 1.08], "gridcolor": GRID}
        layout[name]["tickvals"] = count_ticks(panel.most)
    return {"data": data, "layout": layout, "config": CONFIG}


def _names(panels: list[Panel]) -> set[str]:
    return {steps.name for panel in panels for steps in panel.series}


def _axis_name(letter: str, place: int) -> str:
    return letter + (str(place + 1) if place else "")


def _trace(steps: Steps, place: int, over: Axis, named: bool) -> dict[str, Any]:
    points = thinned(steps.points, over, 700)
    look = steps.look
    return {
        "type": "scatter",
        "mode": "lines",
        "name": steps.name,
        "legendgroup": steps.name,
        "showlegend": named,
        "x": [*(over.value(at) for at, _ in points), over.value(over.end)],
        "y": [*(value for _, value in points), steps.last],
        "yaxis": _axis_name("y", place),
        "line": {"color": look.colour, "dash": look.dash, "width": look.width, "shape": "hv"},
    }
