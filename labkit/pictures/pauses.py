"""Pauses between confirmations: where in a stream of orders nobody answered for a while."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from labkit.pictures import svg
from labkit.pictures.palette import FLOWING, PAUSED, QUIET
from labkit.pictures.picture import Picture
from labkit.words import error, say
from labkit.words import pictures as words

LEFT, RIGHT, TOP, TALL = 24, 24, 52, 26
GAP = 0.7  # of the width of a block: a pause is drawn, its length is not


def pauses(times: Sequence[float], block: int = 50, longer_than: float = 1) -> Picture:
    """Draw confirmations in blocks of `block`, each broken by a gap where one took more than `longer_than` seconds.

    `times` are the seconds of each confirmation on any clock. Real seconds differ from run to run, so no length is
    drawn. Raises `LabError` for fewer than two confirmations.
    """
    if len(times) < 2 or block < 1:
        raise error(words.NOT_TIMES, given=list(times)[:3])
    gaps = [0.0, *(after - before for before, after in pairwise(times))]
    paused = [max(gaps[start : start + block]) > longer_than for start in range(0, len(gaps), block)]
    ends = [min(start + block, len(gaps)) for start in range(0, len(gaps), block)]
    title = say(words.PAUSES, number=f"{len(times):,}", pauses=sum(gap > longer_than for gap in gaps))
    told = [f"{title}."]
    for number, (end, long) in enumerate(zip(ends, paused, strict=True)):
        sentence = words.PAUSE_IN if long else words.FLOWING_IN
        told.append(say(sentence, first=number * block + 1, last=end, seconds=f"{longer_than:g}"))
    guide = say(words.PAUSES_GUIDE, block=block, seconds=f"{longer_than:g}")
    return Picture(title, guide, "\n".join(told), _drawn(title, ends, paused))


def _drawn(title: str, ends: list[int], paused: list[bool]) -> str:
    definitions, patterns = svg.pattern_definitions([FLOWING, PAUSED])
    width = (svg.WIDTH - LEFT - RIGHT) / (len(ends) + GAP * sum(paused))
    bottom, x = TOP + TALL, float(LEFT)
    parts = [definitions, svg.text(8, 18, title, size=13, font_weight="bold")]
    for end, long in zip(ends, paused, strict=True):
        broken = [(width / 2, FLOWING), (width * GAP, PAUSED), (width / 2, FLOWING)]
        for wide, fill in broken if long else [(width, FLOWING)]:
            parts.append(svg.bar(x + 1, TOP, wide - 2, TALL, fill, patterns))
            if fill is PAUSED:
                parts.append(svg.text(x + wide / 2, TOP - 8, say(words.PAUSE), anchor="middle"))
            x += wide
        parts.append(svg.text(x - 2, bottom + 16, f"{end}", anchor="end"))
    axis = svg.text(svg.WIDTH / 2, bottom + 34, say(words.PAUSES_AXIS), anchor="middle", fill=QUIET)
    return svg.document(bottom + 44, "".join([*parts, axis]))
