"""Group lanes: one lane a message group of a FIFO queue, and who holds what of it when."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from labkit.causes import IN_FLIGHT, VISIBLE
from labkit.history import History
from labkit.history.life import Life, lives
from labkit.history.times import span
from labkit.pictures.axis import axis
from labkit.pictures.beside import Beside, lanes_by_id
from labkit.pictures.lane_chart import LaneChart, Sign, Stretch
from labkit.pictures.lane_svg import LaneSvg
from labkit.pictures.live import lane_plotly
from labkit.pictures.marks import ENDS, in_words
from labkit.pictures.palette import fills
from labkit.pictures.picture import Picture
from labkit.pictures.seen import Seen, WithHistory, check_queue, see
from labkit.pictures.swimlanes import merged_in_words, sign_legend
from labkit.words import error, say
from labkit.words import pictures as words

MOST_LANES = 20
DELETED = "deleted"


@dataclass
class TakenTogether:
    """What one consumer received of a group at one instant (microseconds since 1970), and when all of it had left."""

    by: str
    began: int
    ended: int
    names: list[str]

    @property
    def label(self) -> str:
        """The message's name, or the first and the last one's."""
        return self.names[0] if len(self.names) == 1 else f"{self.names[0]} … {self.names[-1]}"


def group_lanes(lab: WithHistory | History, queue: str | None = None, *, until: int | None = None) -> Picture:
    """Draw when messages of each group were in flight, and with whom; the first 20 groups, the others in words.

    `until` stretches the time axis to so many microseconds after the lab's start. Raises `LabError` for anything but
    a lab or history, for an unknown queue, and when no message has a group.
    """
    seen = see(lab, "group_lanes")
    check_queue(seen, queue)
    names = {change.message: change.group for change in seen.changes if change.group is not None}
    found: dict[str, list[Life]] = defaultdict(list)
    for one in lives(seen.changes, queue):
        if one.message in names:
            found[names[one.message]].append(one)
    if not found:
        raise error(words.NO_GROUPS)
    return _draw(found, seen, Beside(lanes_by_id(list(found.values())[:MOST_LANES]), seen, queue), until)


def _draw(found: dict[str, list[Life]], seen: Seen, beside: Beside, until: int | None) -> Picture:
    groups = list(found)[:MOST_LANES]
    ends = [(seen.now if one.end is None else one.end.at) - seen.start for all in found.values() for one in all]
    title = say(words.GROUPS if len(found) > 1 else words.GROUP, number=len(found))
    chart = LaneChart(title, say(words.GROUPS_GUIDE), axis(0, max(until or 0, beside.last, *ends)), groups)
    told = [title + ".", say(words.FROM_TO, start=span(chart.axis.start), end=span(chart.axis.end))]
    for lane, group in enumerate(groups):
        _fill_lane(chart, lane, found[group], seen)
        told.append(f"{group}: {'; '.join(_told(found[group], seen, beside))}")
    chart.works, chart.signs = beside.strips(), chart.signs + beside.signs()
    consumers = list(dict.fromkeys(bar.key for bar in sorted(chart.bars, key=lambda bar: bar.began)))
    chart.fills = fills(consumers)
    chart.legend = [(VISIBLE, say(words.GROUP_WAITING))]
    chart.legend += [(by, say(words.IN_FLIGHT_WITH, by=by)) for by in consumers] + sign_legend(chart)
    if len(found) > MOST_LANES:
        told.append(say(words.GROUPS_LEFT_OUT, shown=MOST_LANES, total=len(found)))
    told += [*merged_in_words(chart), in_words(chart.explained)]
    return Picture(title, chart.guide, "\n".join(told), LaneSvg(chart).draw(), lane_plotly(chart), chart.axis.end)


def _fill_lane(chart: LaneChart, lane: int, found: list[Life], seen: Seen) -> None:
    for began, ended in _waiting(found, seen):
        chart.lines.append(Stretch(lane, began - seen.start, ended - seen.start, VISIBLE, "", chart.lanes[lane], 1))
    for batch in batches(found, seen.now):
        hover = say(words.GROUP_STAY, **_parts(batch, seen))
        chart.bars.append(
            Stretch(lane, batch.began - seen.start, batch.ended - seen.start, batch.by, batch.label, hover)
        )
    chart.signs += [sign for one in found if (sign := _end_of(one, lane, seen)) is not None]


def _end_of(one: Life, lane: int, seen: Seen) -> Sign | None:
    """The sign at which a message left; a delete has no word beside it, which would cover the next bar."""
    kind = ENDS.get(one.end.after) if one.end is not None else None
    if one.end is None or kind is None:
        return None
    hover = f"{one.name}: " + say(words.ENDED, how=one.end.after, at=span(one.end.at - seen.start))
    return Sign(lane, one.end.at - seen.start, kind, "" if one.end.after == DELETED else one.end.after, hover)


def batches(found: list[Life], now: int) -> list[TakenTogether]:
    """Return what was received of a group, together what one consumer received at one instant, by time."""
    together: dict[tuple[int, str], TakenTogether] = {}
    for one in found:
        for stay in one.stays:
            if stay.state == IN_FLIGHT and stay.ended != stay.began:
                batch = together.setdefault((stay.began, stay.by), TakenTogether(stay.by, stay.began, stay.began, []))
                batch.names.append(one.name)
                batch.ended = max(batch.ended, now if stay.ended is None else stay.ended)
    return sorted(together.values(), key=lambda batch: batch.began)


def _waiting(found: list[Life], seen: Seen) -> list[tuple[int, int]]:
    """When at least one message of the group was visible, as stretches without overlap."""
    stays = [(stay.began, seen.now if stay.ended is None else stay.ended)
             for one in found for stay in one.stays if stay.state == VISIBLE]  # fmt: skip
    joined: list[tuple[int, int]] = []
    for began, ended in sorted(stays):
        if joined and began <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(ended, joined[-1][1]))
        else:
            joined.append((began, ended))
    return [stretch for stretch in joined if stretch[0] < stretch[1]]


def _told(found: list[Life], seen: Seen, beside: Beside) -> list[str]:
    told = [say(words.GROUP_STAY, **_parts(batch, seen)) for batch in batches(found, seen.now)]
    also = sorted((at, one.name, told) for one in found for at, told in beside.of(one))
    told += [say(words.GROUP_WORKED, name=name, told=sentence) for _, name, sentence in also]
    return told or [say(words.GROUP_UNTOUCHED, number=len(found))]


def _parts(batch: TakenTogether, seen: Seen) -> dict[str, str]:
    began, ended = span(batch.began - seen.start), span(batch.ended - seen.start)
    return {"names": ", ".join(batch.names), "began": began, "ended": ended, "by": batch.by}
