"""The passport of one message: its whole life as sentences, as a table and, where pictures are wired in, as a lane."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from html import escape
from typing import ClassVar

from labkit.causes import DELAYED, IN_FLIGHT, VISIBLE
from labkit.history.life import Life, Stay, is_receive, lives
from labkit.history.log import Call, Delivery, Event, StateChange
from labkit.history.table import Table, aligned, html_table
from labkit.history.times import since_start, span
from labkit.words import history as words
from labkit.words import say


class Passport:
    """One message's life. `events` are what happened to it; `start` and `now` the lab's, in microseconds since 1970.

    It shows itself; `str(passport)` gives the sentences, `.table()` its calls and changes.
    """

    drawn_by: ClassVar[Callable[[Passport], str] | None] = None
    """Returns the picture of a passport as HTML; labkit sets it, because history knows no pictures."""

    def __init__(
        self, message_id: str, events: Sequence[Event], start: int | None = None, now: int | None = None
    ) -> None:
        self.message = message_id
        self.events = list(events)
        self.start = events[0].at if start is None else start
        self.now = max(events[-1].at, now or 0)
        self.life: Life = lives(event for event in events if isinstance(event, StateChange))[0]

    @property
    def age(self) -> timedelta:
        """How long the message has lived: from its sending to its end, or to now."""
        ended = self.now if self.life.end is None else self.life.end.at
        return timedelta(microseconds=ended - self.life.changes[0].at)

    def table(self) -> Table:
        """Return the calls that named the message and its changes of state."""
        return Table(self.events, self.start)

    def sentences(self) -> list[str]:
        """Return the life in sentences, each with its lab time, and last what holds now."""
        told = [
            f"{since_start(event.at - self.start)}  {sentence}"
            for event in self.events
            if (sentence := self._tell(event))
        ]
        return [*told, self._present(), self._spent(), self._received()]

    def rows(self) -> list[tuple[str, ...]]:
        """Return one row of texts a state: from, to, length, state, queue, with or by whom, which receive.

        A receive that did not hide the message has a row of its own, in which no time passes.
        """
        rows = [(stay.began, self._row(stay)) for stay in self.life.stays]
        rows += [
            (one.at, self._moment(one, say(words.NOT_HIDDEN))) for one in self.life.receives() if _stays_visible(one)
        ]
        rows.sort(key=lambda row: row[0])
        end = self.life.end
        return [row for _, row in rows] + ([self._moment(end, end.after)] if end is not None else [])

    def _moment(self, change: StateChange, what: str) -> tuple[str, ...]:
        receive = str(change.receives) if is_receive(change) else ""
        return (since_start(change.at - self.start), "", "", what, change.queue, change.by, receive)

    def _row(self, stay: Stay) -> tuple[str, ...]:
        ended = self.now if stay.ended is None else stay.ended
        to = say(words.NOW) if stay.ended is None else since_start(ended - self.start)
        with_whom = stay.by if stay.state == IN_FLIGHT or stay is self.life.stays[0] else ""
        receive = str(stay.receive) if stay.state == IN_FLIGHT else ""
        length = span(ended - stay.began)
        return (since_start(stay.began - self.start), to, length, stay.state, stay.queue, with_whom, receive)

    # The sentences

    def _tell(self, event: Event) -> str:
        if isinstance(event, Call):
            return self._tell_call(event)
        if isinstance(event, Delivery):
            return say(words.COPY_OF, topic=event.topic, message=event.message)
        until = since_start((event.until or event.at) - self.start)
        sentence = self._sentence(event)
        values = {"before": event.before, "after": event.after, "by": _who(event.by), "queue": event.queue}
        length = span(event.at - stay.began) if (stay := self._stay_before(event)) else ""
        return say(
            sentence, **values, number=event.receives, until=until, why=event.why, length=length, id=event.message
        )

    def _sentence(self, change: StateChange) -> str:
        if change.earlier is not None:
            return words.REDRIVEN_IN_DELAYED if change.after == DELAYED else words.REDRIVEN_IN
        if change.before is None:
            return words.SENT_DELAYED if change.after == DELAYED else words.SENT
        if is_receive(change):
            return words.RECEIVED_VISIBLE if _stays_visible(change) else words.RECEIVED
        if change.after == "expired" and not self.life.receives():
            return words.EXPIRED_UNSEEN
        if (change.before, change.after) == (IN_FLIGHT, VISIBLE):
            stay = self._stay_before(change)
            return words.RETURNED if stay is not None and stay.until == change.at else words.RETURNED_BY
        return _SENTENCES.get((change.before, change.after)) or _SENTENCES.get((None, change.after)) or words.OTHER

    def _tell_call(self, call: Call) -> str:
        """A call is told only when no change of state tells of it."""
        alone = not any(isinstance(e, StateChange) and e.at == call.at and e.by == call.by for e in self.events)
        if not alone:
            return ""
        return say(words.CALLED, by=_who(call.by), operation=call.operation, answer=call.error or call.answer)

    def _stay_before(self, change: StateChange) -> Stay | None:
        """The stay that a change ended."""
        before = [stay for stay in self.life.stays if stay.ended == change.at and stay.state == change.before]
        return before[-1] if before else None

    def _present(self) -> str:
        now, end = since_start(self.now - self.start), self.life.end
        if end is not None:
            return say(words.GONE, now=now, state=end.after, length=span(end.at - self.life.changes[0].at))
        stay = self.life.stays[-1]
        until = None if stay.until is None else since_start(stay.until - self.start)
        sentence = words.STILL if until is None else words.STILL_UNTIL
        length = span(self.now - stay.began)
        return say(sentence, now=now, state=stay.state, queue=stay.queue, length=length, until=until)

    def _spent(self) -> str:
        spent: Counter[tuple[str, str]] = Counter()
        for stay in self.life.stays:
            ended = self.now if stay.ended is None else stay.ended
            spent[stay.state, stay.queue] += ended - stay.began
        parts = [
            say(words.SPENT_PART, state=state, queue=queue, length=span(length))
            for (state, queue), length in spent.items()
        ]
        return say(words.SPENT, parts=", ".join(parts))

    def _received(self) -> str:
        number = len(self.life.receives())
        sentences = {0: words.NEVER_RECEIVED, 1: words.RECEIVED_ONCE}
        return say(sentences.get(number, words.RECEIVES), number=number)

    # How it shows itself

    @property
    def _title(self) -> str:
        body = self.life.body if len(self.life.body) <= 60 else self.life.body[:57] + "..."
        return say(words.TITLE, message=self.message, body=body)

    def __repr__(self) -> str:
        table = aligned(_columns(), self.rows())
        return "\n".join([self._title, *self.sentences(), "", *table])

    def _repr_html_(self) -> str:
        draw = type(self).drawn_by
        picture = "" if draw is None else draw(self)
        items = "".join(f"<li>{escape(sentence)}</li>" for sentence in self.sentences())
        caption = say(words.PASSPORT_CAPTION, name=self.life.name)
        table = html_table(caption, _columns(), self.rows())
        return f"<p><b>{escape(self._title)}</b></p>{picture}<ul>{items}</ul>{table}"


_SENTENCES = {
    (IN_FLIGHT, IN_FLIGHT): words.TIMEOUT_CHANGED,
    (DELAYED, VISIBLE): words.DELAY_ENDED,
    ("dead-lettered", VISIBLE): words.MOVED,
    (None, "deleted"): words.DELETED,
    (None, "expired"): words.EXPIRED,
    (None, "purged"): words.PURGED,
    (None, "dead-lettered"): words.DEAD_LETTERED,
    (None, "redriven"): words.REDRIVEN,
}


def _who(by: str) -> str:
    return by[:1].upper() + by[1:] if by in ("you", "time") else by


def _stays_visible(change: StateChange) -> bool:
    return change.after == VISIBLE


def _columns() -> list[str]:
    return [say(column) for column in words.PASSPORT_COLUMNS]
