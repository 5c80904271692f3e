"""Swim-lanes: one lane a message, from its sending to its end."""

from __future__ import annotations

from collections import Counter

from labkit.causes import DELAYED, IN_FLIGHT, STORED, VISIBLE
from labkit.history import Call, History, StateChange
from labkit.history.life import Life, Stay, lives
from labkit.history.passport import Passport
from labkit.history.times import span
from labkit.pictures.axis import axis
from labkit.pictures.beside import Beside, lanes_by_id
from labkit.pictures.lane_chart import LaneChart, Sign, Stretch
from labkit.pictures.lane_svg import LaneSvg, drawn_as
from labkit.pictures.live import lane_plotly
from labkit.pictures.marks import ENDS, IDLE, NUMBER, OTHER_END, in_words, meaning
from labkit.pictures.palette import fills
from labkit.pictures.picture import Picture
from labkit.pictures.seen import Seen, WithHistory, check_queue, see
from labkit.words import pictures as words
from labkit.words import say

MOST_LANES = 40
ALL_SIGNS = (NUMBER, *ENDS.values(), OTHER_END, *IDLE.values())


def swimlanes(lab: WithHistory | History, queue: str | None = None, *, until: int | None = None) -> Picture:
    """Draw the life of each message, of one queue if named; the first 40, the others in words.

    `until` stretches the time axis to so many microseconds after the lab's start. Raises `LabError` for anything but
    a lab or history, and for a queue that no message was in.
    """
    seen = see(lab, "swimlanes")
    check_queue(seen, queue)
    return lanes_of(lives(seen.changes, queue), seen, queue, until)


def lanes_of(found: list[Life], seen: Seen, queue: str | None, until: int | None = None) -> Picture:
    """Draw these lives, of which only the stays in `queue` if it is named."""
    if not found:
        where = say(words.IN_QUEUE, queue=queue) if queue else say(words.IN_LAB)
        return Picture("", "", say(words.NOTHING, where=where))
    teller = _Teller(found[:MOST_LANES], seen, queue, until)
    chart = teller.chart(_title(found, queue))
    told = [chart.title + ".", teller.span(), *teller.told(), *_left_out(found, queue)]
    told.append(say(words.TOTALS, receives=sum(len(one.receives()) for one in found), fates=_fates(found, queue)))
    told += [*merged_in_words(chart), in_words(chart.explained)]
    return Picture(chart.title, chart.guide, "\n".join(told), LaneSvg(chart).draw(), lane_plotly(chart), chart.axis.end)


def _title(found: list[Life], queue: str | None) -> str:
    title = say(words.LANE if len(found) == 1 else words.LANES, number=f"{len(found):,}")
    return title + (say(words.OF_QUEUE, queue=queue) if queue else "")


def _left_out(found: list[Life], queue: str | None) -> list[str]:
    others = found[MOST_LANES:]
    if not others:
        return []
    numbers = {"shown": MOST_LANES, "total": f"{len(found):,}", "left": f"{len(others):,}"}
    return [say(words.LEFT_OUT, **numbers, fates=_fates(others, queue))]


def _fates(found: list[Life], queue: str | None) -> str:
    fates = Counter(_fate(one, queue) for one in found)
    return ", ".join(say(words.FATE, number=f"{number:,}", state=state) for state, number in fates.items())


def _fate(one: Life, queue: str | None) -> str:
    last = [change for change in one.changes if queue in (None, change.queue)][-1]
    moved = queue is None and last.after in STORED and last.queue != lane_queue(one)
    return last.after + (say(words.IN_NAMED_QUEUE, queue=last.queue) if moved else "")


class _Teller:
    """Turns lives into the parts of a chart and into sentences; instants become times since the lab's start."""

    def __init__(self, found: list[Life], seen: Seen, queue: str | None, until: int | None) -> None:
        self.found, self.seen, self.queue = found, seen, queue
        self.beside = Beside(lanes_by_id([one] for one in found), seen, queue)
        first = min(one.changes[0].at for one in found) - seen.start
        ends = [self._since(seen.now if one.end is None else one.end.at) for one in found]
        end = max(until or 0, self.beside.last, *ends)
        # An axis from zero tells most, unless that squeezes everything into its last quarter.
        self.axis = axis(first if first > 0.75 * end else 0, end)
        self.several = queue is None and len({stay.queue for one in found for stay in one.stays}) > 1

    def chart(self, title: str) -> LaneChart:
        stays = [(lane, stay) for lane, one in enumerate(self.found) for stay in self._stays(one)]
        consumers = list(dict.fromkeys(stay.by for _, stay in stays if stay.state == IN_FLIGHT))
        chart = LaneChart(title, say(words.LANES_GUIDE), self.axis, [one.name for one in self.found])
        chart.fills = fills(consumers)
        for lane, stay in stays:
            (chart.bars if stay.state == IN_FLIGHT else chart.lines).append(self._stretch(lane, stay))
        for lane, one in enumerate(self.found):
            chart.signs += self._signs(lane, one)
        chart.works, chart.signs = self.beside.strips(), chart.signs + self.beside.signs()
        chart.legend = self._legend(chart, consumers)
        return chart

    def _stays(self, one: Life) -> list[Stay]:
        return [stay for stay in one.stays if self.queue in (None, stay.queue) and stay.ended != stay.began]

    def _stretch(self, lane: int, stay: Stay) -> Stretch:
        flies = stay.state == IN_FLIGHT
        elsewhere = self.several and lane_queue(self.found[lane]) != stay.queue
        label = stay.by if flies else say(words.IN_NAMED_QUEUE, queue=stay.queue).strip() if elsewhere else ""
        ended = self.seen.now if stay.ended is None else stay.ended
        hover = f"{self.found[lane].name}: {self._tell(stay)}"
        key = stay.by if flies else stay.state
        return Stretch(lane, self._since(stay.began), self._since(ended), key, label, hover)

    def _signs(self, lane: int, one: Life) -> list[Sign]:
        signs = []
        for change in one.receives():
            if self.queue in (None, change.queue):
                receive = {"receive": change.receives, "by": change.by, "at": self._at(change.at)}
                hover = say(words.RECEIVED_AT, **receive)
                signs.append(Sign(lane, self._since(change.at), NUMBER, str(change.receives), hover))
        for change in one.changes:
            if change.after not in STORED and self.queue in (None, change.queue):
                hover = say(words.ENDED, how=change.after, at=self._at(change.at))
                kind = ENDS.get(change.after, OTHER_END)
                signs.append(Sign(lane, self._since(change.at), kind, change.after, hover))
        return signs

    def _legend(self, chart: LaneChart, consumers: list[str]) -> list[tuple[str, str]]:
        states = {stretch.key for stretch in chart.lines}
        legend = [(state, state) for state in (DELAYED, VISIBLE) if state in states]
        legend += [(by, say(words.IN_FLIGHT_WITH, by=by)) for by in consumers]
        return legend + sign_legend(chart)

    # In words

    def span(self) -> str:
        return say(words.FROM_TO, start=span(self.axis.start), end=span(self.axis.end))

    def told(self) -> list[str]:
        return [f"{one.name}: {'; '.join(self._life(one))}" for one in self.found]

    def _life(self, one: Life) -> list[str]:
        parts = [(stay.began, self._tell(stay)) for stay in self._stays(one)]
        for change in one.changes:
            if self.queue not in (None, change.queue):
                continue
            if change.before == VISIBLE == change.after:
                told = {"receive": change.receives, "by": change.by, "at": self._at(change.at)}
                parts.append((change.at, say(words.NOT_HIDDEN, **told)))
            if change.after not in STORED:
                parts.append((change.at, say(words.ENDED, how=change.after, at=self._at(change.at))))
        parts += self.beside.of(one)
        return [sentence for _, sentence in sorted(parts, key=lambda part: part[0])]

    def _tell(self, stay: Stay) -> str:
        flies, lasts = stay.state == IN_FLIGHT, stay.ended is None
        sentences = ((words.STAY, words.STAY_NOW), (words.STAY_WITH, words.STAY_WITH_NOW))
        ended = self.seen.now if stay.ended is None else stay.ended
        told = say(
            sentences[flies][lasts],
            state=stay.state,
            began=self._at(stay.began),
            ended=self._at(ended),
            by=stay.by,
            receive=stay.receive,
        )
        return told + (say(words.IN_NAMED_QUEUE, queue=stay.queue) if self.several else "")

    def _since(self, at: int) -> int:
        return at - self.seen.start

    def _at(self, at: int) -> str:
        return span(self._since(at))


def sign_legend(chart: LaneChart) -> list[tuple[str, str]]:
    """The signs that are drawn with what they mean: receives first, then ends, then calls for nothing."""
    drawn = {sign.kind for sign in chart.signs}
    return [(kind, meaning(kind)) for kind in dict.fromkeys(ALL_SIGNS) if kind in drawn]


def merged_in_words(chart: LaneChart) -> list[str]:
    """A sentence for each lane in which a mark stands for several signs and has no room for their number."""
    lanes = [(chart.lanes[lane], signs, drawn) for lane, (signs, drawn) in chart.unreadable.items()]
    return [say(words.LANE_DRAWN_AS, lane=lane, signs=signs, drawn=drawn_as(drawn)) for lane, signs, drawn in lanes]


def lane_queue(one: Life) -> str:
    """The queue into which the message was sent."""
    return one.stays[0].queue


def passport_picture(passport: Passport) -> Picture:
    """Draw one message's life in a lane."""
    changes = [event for event in passport.events if isinstance(event, StateChange)]
    calls = [event for event in passport.events if isinstance(event, Call)]
    return lanes_of([passport.life], Seen(changes, calls, passport.start, passport.now), None)
