"""The live form of every picture: plotly's JSON written by hand, as importing plotly costs more than the picture."""

from __future__ import annotations

from math import ceil
from typing import Any

from labkit.pictures.axis import Axis
from labkit.pictures.lane_chart import LaneChart, Sign, Stretch
from labkit.pictures.lane_svg import LINES
from labkit.pictures.palette import ENDS, GRID, INK, PAPER
from labkit.pictures.step_chart import Panel, StepChart, StepLine, count_ticks, thinned
from labkit.pictures.svg import FONT, letters

# Not responsive: JupyterLab resizes the picture itself, and plotly would forget its height then.
CONFIG = {"displaylogo": False}
LEGEND_ROW = 19
HOVER = "%{customdata}<extra></extra>"
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


def lane_plotly(chart: LaneChart) -> dict[str, Any]:
    """Return the figure with its data, layout and config."""
    names = dict(chart.legend)
    data = [_lines(chart, key, names.get(key, key)) for key in LINES if any(one.key == key for one in chart.lines)]
    data += [_bars(chart, key, names.get(key, key)) for key in chart.fills]
    signs = chart.merged_signs()
    data += [_signs(chart, kind, names.get(kind), signs) for kind in dict.fromkeys(sign.kind for sign in signs)]
    return {"data": data, "layout": _layout(chart), "config": CONFIG}


def _lines(chart: LaneChart, key: str, name: str) -> dict[str, Any]:
    stretches = [one for one in chart.lines if one.key == key]
    look = LINES[key]
    return {
        "type": "scatter",
        "mode": "lines+text",
        "name": name,
        "text": [text for one in stretches for text in ("", one.label, "")],
        "textposition": "top left",
        "textfont": {"size": 10},
        "x": [x for one in stretches for x in (*_ends(chart, one), None)],
        "y": [y for one in stretches for y in (one.lane, one.lane, None)],
        "customdata": [text for one in stretches for text in (one.hover, one.hover, "")],
        "hovertemplate": HOVER,
        "line": {"color": look.colour, "dash": look.dash, "width": look.width},
    }


def _bars(chart: LaneChart, key: str, name: str) -> dict[str, Any]:
    stretches = [one for one in chart.bars if one.key == key]
    ends = [_ends(chart, one) for one in stretches]
    fill = chart.fills[key]
    return {
        "type": "bar",
        "orientation": "h",
        "name": name,
        "base": [began for began, _ in ends],
        "x": [round(ended - began, 9) for began, ended in ends],
        "y": [one.lane for one in stretches],
        "width": 0.6,
        "text": [one.label for one in stretches],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "insidetextfont": {"color": "#000000"},
        "customdata": [one.hover for one in stretches],
        "hovertemplate": HOVER,
        "marker": {
            "color": fill.colour,
            "line": {"color": INK, "width": 0.8},
            "pattern": {"shape": fill.pattern, "fillmode": "overlay", "fgcolor": INK, "fgopacity": 0.4, "size": 8},
        },
    }


def _signs(chart: LaneChart, kind: str, name: str | None, signs: list[Sign]) -> dict[str, Any]:
    own = [sign for sign in signs if sign.kind == kind]
    number = kind == "number"
    line = {"color": INK, "width": 1 if number else 2}
    sizes = [16 if number else 14 if sign.many else 10 for sign in own]
    size = sizes if len(set(sizes)) > 1 else sizes[0]
    marker = {"color": PAPER if number else INK, "size": size, "opacity": 1, "line": line}
    return {
        "type": "scatter",
        "mode": "markers+text",
        "name": name or kind,
        "showlegend": name is not None,
        "x": [chart.axis.value(sign.at) for sign in own],
        "y": [sign.lane for sign in own],
        "text": [sign.text for sign in own],
        "textposition": "middle center" if number else "top right" if kind == ENDS["dead-lettered"] else "middle right",
        "textfont": {"size": 10 if number else 11, "color": INK},
        "cliponaxis": False,
        "marker": {**marker, "symbol": "circle" if number else kind},
        "customdata": [sign.hover for sign in own],
        "hovertemplate": HOVER,
    }


def _ends(chart: LaneChart, stretch: Stretch) -> tuple[float, float]:
    return chart.axis.value(stretch.began), chart.axis.value(stretch.ended)


def _layout(chart: LaneChart) -> dict[str, Any]:
    count = len(chart.lanes)
    lanes = {
        "tickvals": list(range(count)),
        "ticktext": chart.lanes,
        "range": [count - 0.4, -0.6],
        "automargin": True,
        "ticklabelstandoff": 12,
        "showgrid": False,
        "zeroline": False,
    }
    pitch = 28 if count <= 15 else 20
    beside = {"xref": "paper", "x": 1.01, "xanchor": "left", "showarrow": False}
    return {
        **base_layout(chart.title, 150 + pitch * count, 20, 120, [name for _, name in chart.legend]),
        "barmode": "overlay",
        "uniformtext": {"mode": "hide", "minsize": 9},
        "xaxis": time_axis(chart.axis),
        "yaxis": lanes,
        "annotations": [{**beside, "y": lane, "text": note} for lane, note in enumerate(chart.notes)],
    }


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


def _trace(steps: StepLine, place: int, over: Axis, named: bool) -> dict[str, Any]:
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
