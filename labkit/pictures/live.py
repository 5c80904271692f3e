"""The live form of every picture: plotly's JSON written by hand, as importing plotly costs more than the picture."""

from __future__ import annotations

from math import ceil
from typing import Any

from labkit.causes import DEAD_LETTERED
from labkit.pictures.axis import Axis
from labkit.pictures.lane_chart import LaneChart, Sign, Stretch
from labkit.pictures.lane_svg import LINES, STRIP, drawn_as, level, line_level, middle, pitch
from labkit.pictures.marks import ENDS, NUMBER, SEVERAL, WIDENED, WORK
from labkit.pictures.palette import GRID, INK, PAPER, Fill
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
    names = dict(chart.explained)
    data = [_lines(chart, key, names.get(key, key)) for key in LINES if any(one.key == key for one in chart.lines)]
    data += [_bars(chart, key, names.get(key, key)) for key in chart.fills]
    strips = [key for key in chart.fills if any(one.key == key for one in chart.works)]
    data += [_strips(chart, key, names[WORK]) for key in strips]
    data += [_key_of_strips(names[WORK])] if strips else []
    data += [_widened(chart, names[WIDENED])] if WIDENED in names else []
    signs = chart.merged_signs
    data += [_signs(chart, kind, names[kind], signs) for kind in dict.fromkeys(sign.kind for sign in signs)]
    data += [_larger(next(sign for sign in signs if sign.many > 1), names[SEVERAL])] if SEVERAL in names else []
    return {"data": data, "layout": _layout(chart), "config": CONFIG}


def _lines(chart: LaneChart, key: str, name: str) -> dict[str, Any]:
    stretches = [one for one in chart.lines if one.key == key]
    look = LINES[key]
    return {
        "type": "scatter",
        "mode": "lines+text",
        "name": name,
        # A wide space, as a sign may stand at the end of the line.
        "text": [text for one in stretches for text in ("", one.label and f"{one.label}\u2003", "")],
        "textposition": "top left",
        "textfont": {"size": 10},
        "x": [x for one in stretches for x in (*_ends(chart, one), None)],
        "y": [y for one in stretches for y in (*[round(line_level(chart, one), 4)] * 2, None)],
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
        "y": [_level(chart, one.lane) for one in stretches],
        "width": 0.6 if not chart.rows else round(16 / pitch(chart), 4),
        "text": [_label(chart, one) for one in stretches],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "insidetextfont": {"color": "#000000", "shadow": ", ".join([f"0 0 3px {fill.colour}"] * 3)},
        "customdata": [one.hover for one in stretches],
        "hovertemplate": HOVER,
        "marker": _filled(fill),
    }


def _filled(fill: Fill) -> dict[str, Any]:
    return {
        "color": fill.colour,
        "line": {"color": INK, "width": 0.8},
        "pattern": {"shape": fill.pattern, "fillmode": "overlay", "fgcolor": INK, "fgopacity": 0.4, "size": 8},
    }


def _label(chart: LaneChart, bar: Stretch) -> str:
    """The bar's name, where the middle of the bar, which is where plotly writes it, is free of signs."""
    began, ended = (chart.places.share(bar.lane, at) for at in (bar.began, bar.ended))
    place, room = chart.label_place(bar)
    return bar.label if abs(place - (began + ended) / 2) < room / 4 else ""


def _strips(chart: LaneChart, key: str, name: str) -> dict[str, Any]:
    """The work of one consumer, below the bars; all consumers' share one entry of the legend, which has no colour."""
    stretches = [one for one in chart.works if one.key == key]
    ends = [(chart.axis.value(one.began), chart.axis.value(one.ended)) for one in stretches]
    return {
        "type": "bar",
        "orientation": "h",
        "name": name,
        "legendgroup": WORK,
        "showlegend": False,
        "base": [began for began, _ in ends],
        "x": [round(ended - began, 9) for began, ended in ends],
        "y": [round(level(chart, one), 4) for one in stretches],
        "width": round((STRIP - 1) / pitch(chart), 4),
        "customdata": [one.hover for one in stretches],
        "hovertemplate": HOVER,
        "marker": _filled(chart.fills[key]),
    }


def _key_of_strips(name: str) -> dict[str, Any]:
    nowhere = {"base": [None], "x": [None], "y": [None]}
    return {"type": "bar", "name": name, "legendgroup": WORK, **nowhere, "marker": _filled(Fill(PAPER, ""))}


def _widened(chart: LaneChart, name: str) -> dict[str, Any]:
    bars = [one for one in chart.bars if chart.is_widened(one)]
    ends = [_ends(chart, one) for one in bars]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": [round((began + ended) / 2, 9) for began, ended in ends],
        "y": [_level(chart, one.lane) for one in bars],
        "cliponaxis": False,
        "marker": {"color": INK, "size": 10, "symbol": WIDENED},
        "customdata": [one.hover for one in bars],
        "hovertemplate": HOVER,
    }


def _larger(sign: Sign, name: str) -> dict[str, Any]:
    """An entry of the legend alone."""
    marker = {"color": INK, "size": 14, "symbol": sign.kind, "line": {"color": INK, "width": 2}}
    return {"type": "scatter", "mode": "markers", "name": name, "x": [None], "y": [None], "marker": marker}


def _signs(chart: LaneChart, kind: str, name: str, signs: list[Sign]) -> dict[str, Any]:
    own = [sign for sign in signs if sign.kind == kind]
    number = kind == NUMBER
    line = {"color": INK, "width": 1 if number else 2}
    sizes = [16 if number else 14 if sign.many > 1 else 10 for sign in own]
    size = sizes if len(set(sizes)) > 1 else sizes[0]
    marker = {"color": PAPER if number else INK, "size": size, "opacity": 1, "line": line}
    return {
        "type": "scatter",
        "mode": "markers+text",
        "name": name,
        "x": [chart.axis.value(chart.places.at(sign.lane, sign.at, kind)) for sign in own],
        "y": [_level(chart, sign.lane) for sign in own],
        "text": [sign.text for sign in own],
        "textposition": "middle center" if number else "top right" if kind == ENDS[DEAD_LETTERED] else "middle right",
        "textfont": {"size": 10 if number else 11, "color": INK},
        "cliponaxis": False,
        "marker": {**marker, "symbol": "circle" if number else kind},
        "customdata": [sign.hover for sign in own],
        "hovertemplate": HOVER,
    }


def _ends(chart: LaneChart, stretch: Stretch) -> tuple[float, float]:
    began, ended = (chart.places.at(stretch.lane, at) for at in (stretch.began, stretch.ended))
    return chart.axis.value(began), chart.axis.value(ended)


def _level(chart: LaneChart, lane: int) -> float:
    return round(middle(chart, lane), 4) if chart.rows else lane


def _layout(chart: LaneChart) -> dict[str, Any]:
    count = len(chart.lanes)
    lanes = {
        "tickvals": [_level(chart, lane) for lane in range(count)],
        "ticktext": chart.lanes,
        "range": [count - 0.4, -0.6],
        "automargin": True,
        "ticklabelstandoff": 12,
        "showgrid": False,
        "zeroline": False,
    }
    beside = {"xref": "paper", "x": 1.01, "xanchor": "left", "align": "left", "showarrow": False}
    right = max(120, round(12 + max((letters(note, 12) for note in chart.notes), default=0)))
    return {
        **base_layout(chart.title, 150 + round(pitch(chart) * count), 20, right, [name for _, name in chart.explained]),
        "barmode": "overlay",
        "uniformtext": {"mode": "hide", "minsize": 9},
        "xaxis": time_axis(chart.axis),
        "yaxis": lanes,
        "annotations": [{**beside, "y": _level(chart, lane), "text": note} for lane, note in _notes(chart) if note],
    }


def _notes(chart: LaneChart) -> list[tuple[int, str]]:
    told = {lane: [note] for lane, note in enumerate(chart.notes)}
    for lane, (_, drawn) in chart.unreadable.items():
        told.setdefault(lane, []).append(f'<span style="font-size:10px">{drawn_as(drawn)}</span>')
    return [(lane, "<br>".join(lines)) for lane, lines in told.items()]


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
