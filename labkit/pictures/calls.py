"""API calls over lab time: one lane an operation or an actor, empty receives told apart."""

from __future__ import annotations

from collections import Counter
from typing import Literal

from labkit.history import Call, History
from labkit.history.times import span
from labkit.pictures.axis import axis
from labkit.pictures.lane_chart import LaneChart, Sign
from labkit.pictures.lane_svg import LaneSvg, drawn_as
from labkit.pictures.live import lane_plotly
from labkit.pictures.marks import in_words
from labkit.pictures.picture import Picture
from labkit.pictures.seen import WithHistory, see
from labkit.words import error, say
from labkit.words import pictures as words

MOST_LANES = 24
ANSWERED, EMPTY, REFUSED = "circle", "circle-open", "x-thin"
_KINDS = {ANSWERED: words.OK_CALL, EMPTY: words.EMPTY_CALL, REFUSED: words.REFUSED_CALL}


def calls_over_time(
    lab: WithHistory | History, by: Literal["operation", "actor"] = "operation", *, until: int | None = None
) -> Picture:
    """Draw every API call at the instant at which the service acted, one lane an operation or an actor.

    `until` stretches the time axis to so many microseconds after the lab's start. Raises `LabError` for another `by`.
    """
    if by not in ("operation", "actor"):
        raise error(words.BY_WHAT, given=by)
    seen = see(lab, "calls_over_time", inside=False)
    if not seen.calls:
        return Picture("", "", say(words.NO_CALLS))
    first, end = seen.calls[0].at - seen.start, max(seen.now - seen.start, until or 0)
    over = axis(first if first > 0.75 * end else 0, end)
    lanes: dict[str, list[Call]] = {}
    for call in seen.calls:
        lanes.setdefault(call.operation if by == "operation" else call.by, []).append(call)
    shown = dict(list(lanes.items())[:MOST_LANES])
    title = say(words.CALLS_BY, number=f"{len(seen.calls):,}", by=by)
    chart = LaneChart(title, say(words.CALLS_GUIDE), over, list(shown))
    chart.signs = [
        Sign(lane, call.at - seen.start, _kind(call), "", _hover(call, seen.start))
        for lane, calls in enumerate(shown.values())
        for call in calls
    ]
    kinds = {sign.kind for sign in chart.signs}
    chart.legend = [(kind, say(name)) for kind, name in _KINDS.items() if kind in kinds]
    chart.notes = [_note(calls) for calls in shown.values()]
    told = "\n".join([*_told(chart, lanes, seen.start), in_words(chart.explained)])
    return Picture(title, chart.guide, told, LaneSvg(chart).draw(), lane_plotly(chart), over.end)


def is_empty(call: Call) -> bool:
    """Whether the call is a receive that came back without a message."""
    return call.operation == "ReceiveMessage" and call.error is None and not call.messages


def _kind(call: Call) -> str:
    return REFUSED if call.error else EMPTY if is_empty(call) else ANSWERED


def _hover(call: Call, start: int) -> str:
    queue = say(words.IN_NAMED_QUEUE, queue=call.resource) if call.resource else ""
    return f"{span(call.at - start)}: {call.by} {call.operation}{queue}: {call.answer}"


def _note(calls: list[Call]) -> str:
    kinds = Counter(map(_kind, calls))
    return f"{len(calls):,}" + (say(words.OF_THEM_EMPTY, number=f"{kinds[EMPTY]:,}") if kinds[EMPTY] else "")


def _told(chart: LaneChart, lanes: dict[str, list[Call]], start: int) -> list[str]:
    told = [chart.title + ".", say(words.FROM_TO, start=span(chart.axis.start), end=span(chart.axis.end))]
    shown = list(lanes.items())[:MOST_LANES]
    told += [f"{name}: {_lane(calls, lane, chart, start)}" for lane, (name, calls) in enumerate(shown)]
    left = list(lanes.values())[MOST_LANES:]
    if left:
        told.append(say(words.CALLS_LEFT_OUT, left=len(left), calls=f"{sum(map(len, left)):,}"))
    return told


def _lane(calls: list[Call], lane: int, chart: LaneChart, start: int) -> str:
    kinds = Counter(map(_kind, calls))
    parts = [say(words.CALLS_LANE_ONE if len(calls) == 1 else words.CALLS_LANE, number=f"{len(calls):,}")]
    if kinds[EMPTY]:
        sentence = words.CALLS_EMPTY_ONE if kinds[EMPTY] == 1 else words.CALLS_EMPTY
        parts.append(say(sentence, number=f"{kinds[EMPTY]:,}"))
    if kinds[REFUSED]:
        parts.append(say(words.CALLS_REFUSED, number=f"{kinds[REFUSED]:,}"))
    if lane in chart.unreadable:
        parts.append(drawn_as(chart.unreadable[lane][1]))
    when = say(words.CALLS_WHEN, first=span(calls[0].at - start), last=span(calls[-1].at - start))
    return f"{', '.join(parts)}; {when}; {_slices(calls, chart, start)}"


def _slices(calls: list[Call], chart: LaneChart, start: int) -> str:
    """How many calls there were between one tick of the axis and the next."""
    ticks = chart.axis.ticks
    step = ticks[1] - ticks[0] if len(ticks) > 1 else chart.axis.end
    first = min(ticks[0], chart.axis.start) if ticks else chart.axis.start
    numbers = Counter((call.at - start - first) // step for call in calls)
    last = (chart.axis.end - first - 1) // step
    row = ", ".join(f"{numbers[place]:,}" for place in range(max(last, *numbers) + 1))
    return say(words.CALLS_PER_SLICE, length=span(step), numbers=row)
