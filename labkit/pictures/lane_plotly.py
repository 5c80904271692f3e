"""A lane chart as plotly's JSON, written by hand: importing plotly costs more than the picture."""

from __future__ import annotations

from typing import Any

from labkit.pictures.lane_chart import LaneChart, Sign, Stretch
from labkit.pictures.lane_svg import LINES
from labkit.pictures.live import CONFIG, base_layout, time_axis
from labkit.pictures.palette import ENDS, INK, PAPER

HOVER = "%{customdata}<extra></extra>"


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
