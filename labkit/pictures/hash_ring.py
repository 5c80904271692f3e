"""The hash ring of a stream: its open shards as arcs, and the partition keys of its records where their hashes are."""

from __future__ import annotations

from itertools import pairwise
from math import cos, pi, sin
from typing import Any, NamedTuple, Protocol

from labkit.history.ring import KEYS, Arc, Key, Ring
from labkit.pictures import svg
from labkit.pictures.live import CONFIG, HOVER, base_layout
from labkit.pictures.palette import GREEN, INK, ORANGE, PAPER, QUIET, SKY_BLUE
from labkit.pictures.picture import Picture
from labkit.words import error, say
from labkit.words import pictures as all_words
from labkit.words import streams as words

HEIGHT, MIDDLE, TOP, RADIUS = 380, 400.0, 212.0, 120.0
OUT, LABEL, PITCH = RADIUS + 15, RADIUS + 62, 17
MOST_KEYS, MOST_NAMED = 20, 12  # more keys are told in words; more shards have no room for their names
# Neighbours differ in both; with an odd number of shards the last has the third look.
LOOKS = ((SKY_BLUE, 22), (ORANGE, 14), (GREEN, 18))


class WithRings(Protocol):
    """What the picture needs of a lab."""

    def ring(self, stream: str) -> Ring:
        """Return a stream's hash keys."""


class Label(NamedTuple):
    """Where a key's dot is and where its name stands, which is where no other does."""

    key: Key
    x: float
    y: float
    left: bool
    level: float


def hash_ring(lab: WithRings, stream: str) -> Picture:
    """Draw which hash keys belong to which open shard of a stream, and where the keys of its records are.

    The first 20 keys are drawn, the others told. Raises `LabError` for anything but a lab, and for an unknown stream.
    """
    ring_of = getattr(lab, "ring", None)
    if ring_of is None:
        raise error(all_words.NOT_A_LAB, picture="hash_ring", given=lab)
    ring: Ring = ring_of(stream)
    title = say(
        words.RING,
        stream=ring.stream,
        shards=_counted(len(ring.arcs), words.SHARD, words.SHARDS),
        keys=_counted(len(ring.keys), words.KEY, words.KEYS),
    )
    told = [f"{title}.", *(f"{_arc(arc)}." for arc in ring.arcs), *(f"{_key(key)}." for key in ring.keys[:MOST_KEYS])]
    if len(ring.keys) > MOST_KEYS:
        told.append(say(words.KEYS_LEFT_OUT, number=len(ring.keys) - MOST_KEYS))
    if ring.explicit:
        told.append(say(words.EXPLICIT, records=_records(ring.explicit)))
    labels = _labels(ring.keys[:MOST_KEYS])
    return Picture(
        title, say(words.RING_GUIDE), "\n".join(told), _svg(title, ring, labels), _plotly(title, ring, labels)
    )


def _counted(number: int, one: str, several: str) -> str:
    return say(one if number == 1 else several, number=f"{number:,}")


def _records(number: int) -> str:
    return _counted(number, words.RECORD, words.RECORDS)


def _share(arc: Arc) -> float:
    return (arc.end - arc.start + 1) / KEYS


def _arc(arc: Arc) -> str:
    given = {"share": _share(arc), "start": arc.start / KEYS, "end": (arc.end + 1) / KEYS}
    return say(words.ARC, shard=arc.shard, records=_records(arc.records), **given)


def _key(key: Key) -> str:
    return say(words.AT, key=key.name, records=_records(key.records), at=key.hash / KEYS, shard=key.shard)


def _short(arc: Arc) -> str:
    """A shard's id without the zeros in it."""
    head, _, number = arc.shard.rpartition("-")
    return f"{head}-…{number.lstrip('0') or '0'}"


def _name(arc: Arc) -> str:
    """What stands inside the ring."""
    return say(words.ARC_LABEL, shard=_short(arc), share=_share(arc), records=_records(arc.records))


def _point(share: float, radius: float) -> tuple[float, float]:
    """A place on the ring, from its top clockwise."""
    turn = 2 * pi * share
    return MIDDLE + radius * sin(turn), TOP - radius * cos(turn)


def _looks(ring: Ring) -> list[tuple[str, int]]:
    count = len(ring.arcs)
    looks = [LOOKS[place % 2] for place in range(count)]
    return [*looks[:-1], LOOKS[2]] if count % 2 and count > 1 else looks


def _labels(keys: list[Key]) -> list[Label]:
    """The names at the right from the top down, at the left from the bottom up, each with room of its own."""
    found = []
    for left in (False, True):
        half = [key for key in keys if (key.hash * 2 >= KEYS) == left]
        places = sorted(((*_point(key.hash / KEYS, OUT), key) for key in half), key=lambda one: one[1])
        levels = [y for _, y, _ in places]
        for before, place in pairwise(range(len(levels))):
            levels[place] = max(levels[place], levels[before] + PITCH)
        over = max(0.0, levels[-1] - (HEIGHT - 14)) if levels else 0.0
        found += [Label(key, x, y, left, level - over) for (x, y, key), level in zip(places, levels, strict=True)]
    return found


def _label(key: Key) -> str:
    return say(words.KEY_LABEL, key=key.name, number=key.records)


# The image


def _svg(title: str, ring: Ring, labels: list[Label]) -> str:
    parts = [svg.text(8, 18, title, size=13, font_weight="bold"), *_legend()]
    parts += [_drawn(arc, look) for arc, look in zip(ring.arcs, _looks(ring), strict=True)]
    parts.append(svg.line(MIDDLE, TOP - RADIUS - 14, MIDDLE, TOP - RADIUS + 14, INK, 1.5))
    parts.append(svg.text(MIDDLE, TOP - RADIUS - 20, "0", anchor="middle", fill=QUIET))
    for place, arc in enumerate(ring.arcs[:MOST_NAMED]):
        share = (arc.start + arc.end + 1) / 2 / KEYS
        y = TOP + 4 + (place - (min(len(ring.arcs), MOST_NAMED) - 1) / 2) * PITCH if len(ring.arcs) > 2 else TOP + 4
        x = MIDDLE if len(ring.arcs) != 2 else MIDDLE + (52 if share < 0.5 else -52)
        parts.append(_inside(arc, x, y, len(ring.arcs)))
    parts += [_marked(label) for label in labels]
    return svg.document(HEIGHT, "".join(parts))


def _legend() -> list[str]:
    bar = svg.line(12, 38, 40, 38, SKY_BLUE, 12) + svg.line(44, 38, 72, 38, ORANGE, 8)
    return [
        bar,
        svg.text(80, 42, say(words.ARC_KEY)),
        svg.symbol("circle", 190, 38),
        svg.text(202, 42, say(words.DOT_KEY)),
    ]


def _drawn(arc: Arc, look: tuple[str, int]) -> str:
    colour, width = look
    start, end = arc.start / KEYS, (arc.end + 1) / KEYS
    points = [_point(start + (end - start) * step / 64, RADIUS) for step in range(65)]
    curve = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    cut = [_point(start, RADIUS - 14), _point(start, RADIUS + 14)]
    line = svg.line(*cut[0], *cut[1], INK, 1.5)
    return svg.element("polyline", points=curve, fill="none", stroke=colour, stroke_width=width) + line


def _inside(arc: Arc, x: float, y: float, shards: int) -> str:
    """A shard's name; where there are two, in its own half; of more, with its number beside the arc."""
    name = _name(arc)
    if shards != 2:
        at = _point((arc.start + arc.end + 1) / 2 / KEYS, RADIUS - 24)
        number = svg.text(at[0], at[1] + 4, name[: name.index(":")].partition("…")[2], anchor="middle", size=10)
        return svg.text(x, y, name, anchor="middle", size=10) + (number if shards > 1 else "")
    head, _, rest = name.partition(": ")
    share, _, records = rest.partition(", ")
    lines = enumerate((head, share, records))
    return "".join(svg.text(x, y + (place - 1) * 15, line, anchor="middle", size=10) for place, line in lines)


def _marked(label: Label) -> str:
    side = -1 if label.left else 1
    x = MIDDLE + side * LABEL
    line = svg.line(label.x, label.y, x, label.level, QUIET, 0.8)
    name = svg.fitting(_label(label.key), MIDDLE - LABEL - 12)
    anchor = "end" if label.left else "start"
    return (
        line
        + svg.symbol("circle", label.x, label.y, 0.8)
        + svg.text(x + side * 6, label.level + 4, name, anchor=anchor)
    )


# The live form


def _plotly(title: str, ring: Ring, labels: list[Label]) -> dict[str, Any]:
    layout = base_layout(title, 480, 10, 10, [*(_short(arc) for arc in ring.arcs[:MOST_NAMED]), say(words.DOT_KEY)])
    layout["showlegend"] = True
    hidden = {"visible": False, "fixedrange": True}
    layout["xaxis"] = {**hidden, "range": [MIDDLE - 330, MIDDLE + 330]}
    layout["yaxis"] = {**hidden, "range": [TOP + 170, TOP - 170], "scaleanchor": "x"}
    layout["annotations"] = [
        {"x": MIDDLE, "y": TOP, "showarrow": False, "bgcolor": PAPER, "font": {"size": 10},
         "text": "<br>".join(_name(arc) for arc in ring.arcs[:MOST_NAMED])},
        {"x": MIDDLE, "y": TOP - RADIUS - 16, "showarrow": False, "text": "0"},
    ]  # fmt: skip
    data = [
        _live_arc(arc, look, place < MOST_NAMED)
        for place, (arc, look) in enumerate(zip(ring.arcs, _looks(ring), strict=True))
    ]
    return {"data": [*data, _live_keys(labels)], "layout": layout, "config": CONFIG}


def _live_arc(arc: Arc, look: tuple[str, int], named: bool) -> dict[str, Any]:
    start, end = arc.start / KEYS, (arc.end + 1) / KEYS
    points = [_point(start + (end - start) * step / 64, RADIUS) for step in range(65)]
    return {
        "type": "scatter",
        "mode": "lines",
        "name": _short(arc),
        "showlegend": named,
        "x": [round(x, 1) for x, _ in points],
        "y": [round(y, 1) for _, y in points],
        "customdata": [_arc(arc)] * len(points),
        "hovertemplate": HOVER,
        "line": {"color": look[0], "width": look[1], "simplify": False},
    }


def _live_keys(labels: list[Label]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers+text",
        "name": say(words.DOT_KEY),
        "x": [round(one.x, 1) for one in labels],
        "y": [round(one.y, 1) for one in labels],
        "text": [f"  {_label(one.key)}  " for one in labels],
        "textposition": ["middle left" if one.left else "middle right" for one in labels],
        "customdata": [_key(one.key) for one in labels],
        "hovertemplate": HOVER,
        "cliponaxis": False,
        "marker": {"color": INK, "size": 9, "symbol": "circle"},
    }
