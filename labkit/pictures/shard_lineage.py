"""The lineage of a reshard: shards as bars over time, and the lines that lead from parents to children."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, Protocol

from labkit.history.lineage import Lineage, ShardLife
from labkit.history.times import since_start
from labkit.pictures import svg
from labkit.pictures.axis import Axis, axis
from labkit.pictures.live import CONFIG, HOVER, base_layout, time_axis
from labkit.pictures.palette import INK, ORANGE, PAPER, QUIET, SKY_BLUE, Fill
from labkit.pictures.picture import Picture
from labkit.words import error, say
from labkit.words import pictures as all_words
from labkit.words import shard_lineage as words

TOP, PITCH, BOTTOM, LEFT, RIGHT = 58, 34, 44, 168.0, 14.0
BAR, MOST_SHARDS, DASHES = 20.0, 20, "4 3"
FILLS = {True: Fill(SKY_BLUE, ""), False: Fill(ORANGE, "/")}


class WithLineages(Protocol):
    """What the picture needs of a lab."""

    def lineage(self, stream: str) -> Lineage:
        """Return a stream's shards."""


class Chart(NamedTuple):
    """What both forms draw."""

    title: str
    shards: list[ShardLife]
    axis: Axis

    def ends(self, shard: ShardLife) -> tuple[int, int]:
        """When a shard's bar begins and ends."""
        return shard.opened, self.axis.end if shard.closed is None else shard.closed

    def links(self) -> Iterator[tuple[int, int, int]]:
        """The rows of each parent and child that are drawn, and the instant at which the one became the other."""
        rows = {shard.number: row for row, shard in enumerate(self.shards)}
        for row, shard in enumerate(self.shards):
            for parent in shard.parents:
                if parent in rows:
                    yield rows[parent], row, shard.opened

    def kinds(self) -> list[bool]:
        """Whether there are closed shards, and open ones, in the legend's order."""
        return [kind for kind in (False, True) if any((one.closed is None) is kind for one in self.shards)]


def shard_lineage(lab: WithLineages, stream: str) -> Picture:
    """Draw which shards of a stream came from which; the first 20, of the others the number.

    Raises `LabError` for anything but a lab, and for an unknown stream.
    """
    lineage_of = getattr(lab, "lineage", None)
    if lineage_of is None:
        raise error(all_words.NOT_A_LAB, picture="shard_lineage", given=lab)
    found: Lineage = lineage_of(stream)
    open_now = sum(one.closed is None for one in found.shards)
    title = say(words.TITLE, stream=found.stream, number=len(found.shards), open=open_now)
    told = [f"{title}.", *(f"{_told(one)}." for one in found.shards[:MOST_SHARDS])]
    if len(found.shards) > MOST_SHARDS:
        told.append(say(words.LEFT_OUT, number=len(found.shards) - MOST_SHARDS))
    drawn = found.shards[:MOST_SHARDS]
    begin = min((one.opened for one in drawn), default=0)
    chart = Chart(title, drawn, axis(begin, found.now))
    return Picture(title, say(words.GUIDE), "\n".join(told), _svg(chart), _plotly(chart), found.now)


def _told(shard: ShardLife) -> str:
    parts = {"name": _name(shard.number), "range": _range(shard), "records": _records(shard)}
    parts["began"] = since_start(shard.opened)
    if shard.closed is None:
        told = say(words.SINCE, **parts)
    else:
        told = say(words.FROM_TO, **parts, ended=since_start(shard.closed))
    if not shard.parents:
        return told
    return say(words.CHILD, told=told, parents=say(words.AND).join(map(_name, shard.parents)))


def _name(number: int) -> str:
    return say(words.NAME, number=number)


def _range(shard: ShardLife) -> str:
    return say(words.RANGE, first=f"{shard.start >> 120:02x}", last=f"{shard.end >> 120:02x}")


def _records(shard: ShardLife) -> str:
    return say(words.RECORD) if shard.records == 1 else say(words.RECORDS, number=shard.records)


# The image


def _svg(chart: Chart) -> str:
    bottom = TOP + PITCH * len(chart.shards)
    definitions, patterns = svg.pattern_definitions(list(FILLS.values()))
    parts = [definitions, svg.text(8, 18, chart.title, size=13, font_weight="bold"), *_legend(chart, patterns)]
    for tick in chart.axis.ticks:
        x = _x(chart, tick)
        parts += [svg.line(x, TOP, x, bottom), svg.text(x, bottom + 16, chart.axis.label(tick), anchor="middle")]
    parts.append(svg.text((LEFT + svg.WIDTH) / 2, bottom + 34, chart.axis.title, anchor="middle", fill=QUIET))
    parts += [_row(chart, row, shard, patterns) for row, shard in enumerate(chart.shards)]
    for parent, child, at in chart.links():
        parts.append(
            svg.line(_x(chart, at), _y(parent) + BAR / 2, _x(chart, at), _y(child) - BAR / 2, INK, 1.5, DASHES)
        )
    return svg.document(bottom + BOTTOM, "".join(parts))


def _x(chart: Chart, at: int) -> float:
    return LEFT + chart.axis.share(at) * (svg.WIDTH - LEFT - RIGHT)


def _y(row: int) -> float:
    return TOP + PITCH * (row + 0.5)


def _row(chart: Chart, row: int, shard: ShardLife, patterns: dict[Fill, str]) -> str:
    y, (began, ended) = _y(row), (_x(chart, at) for at in chart.ends(shard))
    drawn = svg.bar(began, y - BAR / 2, max(ended - began, 2), BAR, FILLS[shard.closed is None], patterns)
    drawn += svg.text(8, y - 2, _name(shard.number), font_weight="bold") + svg.text(8, y + 12, _range(shard))
    label = _records(shard)
    if (wide := svg.letters(label) + 8) < ended - began:
        # Words stand on a plate: hatching would strike them through.
        middle = (began + ended) / 2
        drawn += svg.element(
            "rect", x=round(middle - wide / 2, 1), y=y - 7, width=round(wide, 1), height=14, fill=PAPER
        )
        drawn += svg.text(middle, y + 4, label, anchor="middle")
    return drawn


def _legend(chart: Chart, patterns: dict[Fill, str]) -> list[str]:
    parts, x = [], 12.0
    for kind in chart.kinds():
        name = say(words.OPEN if kind else words.CLOSED)
        parts += [svg.bar(x, 30, 24, 12, FILLS[kind], patterns), svg.text(x + 32, 40, name)]
        x += 54 + svg.letters(name)
    if next(chart.links(), None):
        parts += [svg.line(x, 36, x + 24, 36, INK, 1.5, DASHES), svg.text(x + 32, 40, say(words.TO_CHILD))]
    return parts


# The live form


def _plotly(chart: Chart) -> dict[str, Any]:
    kinds, links = chart.kinds(), list(chart.links())
    names = [say(words.OPEN if kind else words.CLOSED) for kind in kinds] + ([say(words.TO_CHILD)] if links else [])
    layout = base_layout(chart.title, 140 + PITCH * len(chart.shards), 150, 20, names)
    layout |= {"showlegend": True, "xaxis": time_axis(chart.axis), "barmode": "overlay"}
    labels = [f"{_name(one.number)}<br>{_range(one)}" for one in chart.shards]
    rows = list(range(len(chart.shards)))
    layout["yaxis"] = {"tickvals": rows, "ticktext": labels, "range": [len(rows) - 0.4, -0.6], "fixedrange": True}
    data = [_bars(chart, kind, name) for kind, name in zip(kinds, names, strict=False)]
    return {"data": data + ([_lines(chart, links, names[-1])] if links else []), "layout": layout, "config": CONFIG}


def _bars(chart: Chart, kind: bool, name: str) -> dict[str, Any]:
    rows = [(row, one) for row, one in enumerate(chart.shards) if (one.closed is None) is kind]
    ends = [tuple(map(chart.axis.value, chart.ends(one))) for _, one in rows]
    fill = FILLS[kind]
    return {
        "type": "bar",
        "orientation": "h",
        "name": name,
        "base": [began for began, _ in ends],
        "x": [round(ended - began, 9) for began, ended in ends],
        "y": [row for row, _ in rows],
        "width": 0.6,
        "text": [_records(one) for _, one in rows],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "insidetextfont": {"color": INK},
        "customdata": [_told(one) for _, one in rows],
        "hovertemplate": HOVER,
        "marker": {
            "color": fill.colour,
            "line": {"color": INK, "width": 0.8},
            "pattern": {"shape": fill.pattern, "fillmode": "overlay", "fgcolor": INK, "fgopacity": 0.4, "size": 8},
        },
    }


def _lines(chart: Chart, links: list[tuple[int, int, int]], name: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": [x for _, _, at in links for x in (chart.axis.value(at), chart.axis.value(at), None)],
        "y": [y for parent, child, _ in links for y in (parent + 0.3, child - 0.3, None)],
        "hoverinfo": "skip",
        "line": {"color": INK, "dash": "dash", "width": 1.5},
    }
