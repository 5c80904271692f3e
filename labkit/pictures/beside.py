"""What lanes show that is no state of a message: work on it, and calls about it that changed nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from labkit.causes import Effect
from labkit.history import Call
from labkit.history.life import Life
from labkit.history.times import span
from labkit.history.work import Work, works
from labkit.pictures.lane_chart import Sign, Stretch, in_rows
from labkit.pictures.marks import IDLE
from labkit.pictures.seen import Seen
from labkit.words import pictures as words
from labkit.words import say


@dataclass(frozen=True)
class IdleCall:
    """A call about the message of a lane that was refused, or accepted without changing anything."""

    lane: int
    message: str
    call: Call
    effect: Effect


class Beside:
    """Work and idle calls of the messages that are drawn, which stand in `lanes` by their ids."""

    def __init__(self, lanes: dict[str, int], seen: Seen, queue: str | None) -> None:
        self.lanes, self._start = lanes, seen.start
        self.works = [
            work
            for work in works(seen.calls, seen.sleeps, seen.now)
            if work.message in lanes and queue in (None, work.queue)
        ]
        self.idle = [
            IdleCall(lanes[done.message], done.message, call, done.effect)
            for call in seen.calls
            if queue in (None, call.resource)
            for done in call.effects
            if done.message in lanes and done.effect in IDLE
        ]

    @property
    def last(self) -> int:
        """The last instant of all (microseconds since the lab's start)."""
        ends = [work.ended for work in self.works] + [one.call.at for one in self.idle]
        return max(ends, default=self._start) - self._start

    def strips(self) -> list[Stretch]:
        """The work as strips below the bars."""
        return in_rows(
            [
                Stretch(self.lanes[work.message], *self._span(work), work.by, "", self.tell_work(work))
                for work in self.works
            ]
        )

    def signs(self) -> list[Sign]:
        """The idle calls as signs without words beside them, which would cover what goes on in the lane."""
        return [
            Sign(one.lane, one.call.at - self._start, IDLE[one.effect], "", self.tell_call(one)) for one in self.idle
        ]

    def of(self, life: Life) -> list[tuple[int, str]]:
        """What is told of one message: instants, and sentences."""
        ids = ids_of(life)
        told = [(work.began, self.tell_work(work)) for work in self.works if work.message in ids]
        return told + [(one.call.at, self.tell_call(one)) for one in self.idle if one.message in ids]

    def tell_work(self, work: Work) -> str:
        """Who worked from when to when."""
        began, ended = map(span, self._span(work))
        return say(words.WORKED, by=work.by, began=began, ended=ended)

    def tell_call(self, one: IdleCall) -> str:
        """Who called for nothing, and why it was for nothing."""
        call = one.call
        told = {"by": call.by, "at": span(call.at - self._start), "operation": call.operation, "error": call.error}
        return say(words.IDLE_CALLS[one.effect], **told)

    def _span(self, work: Work) -> tuple[int, int]:
        return work.began - self._start, work.ended - self._start


def ids_of(life: Life) -> set[str]:
    """The ids that a message had: a redrive gives it another."""
    return {change.message for change in life.changes}


def lanes_by_id(lanes: Iterable[Iterable[Life]]) -> dict[str, int]:
    """The lane of each message, by each of its ids."""
    return {id: lane for lane, found in enumerate(lanes) for life in found for id in ids_of(life)}
