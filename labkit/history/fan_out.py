"""The passport of a published message: what became of it at each subscriber, as sentences and as a table."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from labkit.causes import Step
from labkit.history.life import lives, short_name
from labkit.history.log import Delivery, Event, StateChange
from labkit.history.table import Table, aligned, html_table
from labkit.history.times import since_start
from labkit.words import history as words
from labkit.words import say

AT_TOPIC = (Step.PUBLISHED, Step.REPEATED)


class FanOut:
    """One published message and its copies. `events` are what happened to all of them; instants as in `Passport`.

    It shows itself; `str(fan_out)` gives the sentences, `.table()` its calls, deliveries and changes. `.rows()` has
    one row a subscriber.
    """

    def __init__(self, message_id: str, events: Sequence[Event], start: int, now: int) -> None:
        self.message = message_id
        self.events = list(events)
        self.start = start
        self.now = now
        self.steps = [one for one in events if isinstance(one, Delivery) and one.message == message_id]
        self._lives = {
            change.message: life
            for life in lives(event for event in events if isinstance(event, StateChange))
            for change in life.changes
        }

    def table(self) -> Table:
        """Return the calls, deliveries and changes of state of the message and its copies."""
        return Table(self.events, self.start)

    def sentences(self) -> list[str]:
        """Return what happened to the message on its way, each with its lab time."""
        told = [f"{since_start(one.at - self.start)}  {self._tell(one)}" for one in self.steps]
        return told if self._ends() else [*told, say(words.NO_SUBSCRIBER)]

    def rows(self) -> list[tuple[str, ...]]:
        """Return one row of texts a subscriber: who, what became of the message, when, after how many tries, where."""
        return [
            (
                _endpoint(end),
                say(words.STEPS[end.step]),
                since_start(end.at - self.start),
                str(end.attempt or ""),
                self._copy(end),
            )
            for end in self._ends()
        ]

    def _ends(self) -> list[Delivery]:
        """The last step towards each subscriber."""
        last = {(one.protocol, one.endpoint): one for one in self.steps if one.step not in AT_TOPIC}
        return list(last.values())

    def _tell(self, one: Delivery) -> str:
        by = one.by[:1].upper() + one.by[1:]
        if one.step in AT_TOPIC and one.endpoint is not None:
            return say(words.TAKEN_DIRECTLY, by=by, protocol=one.protocol, endpoint=one.endpoint)
        if one.step in AT_TOPIC:
            sentence = words.TAKEN if one.step is Step.PUBLISHED else words.TAKEN_AGAIN
            return say(sentence, by=by, topic=one.topic, why=one.why)
        return say(words.STEP_TOLD, protocol=one.protocol, endpoint=one.endpoint, why=one.why)

    def _copy(self, end: Delivery) -> str:
        life = self._lives.get(end.copy or "")
        if life is None:
            return ""
        where = life.stays[-1]
        state = life.end.after if life.end is not None else where.state
        return say(words.COPY, state=state, queue=where.queue)

    # How it shows itself

    @property
    def _title(self) -> str:
        first = self.steps[0]
        name = short_name(first.message, first.body)
        if first.step in AT_TOPIC and first.endpoint is not None:
            to = {"protocol": first.protocol, "endpoint": first.endpoint}
            return say(words.PUBLISHED_DIRECTLY, name=name, message=self.message, **to)
        return say(words.PUBLISHED, name=name, message=self.message, topic=first.topic)

    def __repr__(self) -> str:
        rows = self.rows()
        table = ["", *aligned(_columns(), rows)] if rows else []
        return "\n".join([self._title, *self.sentences(), *table])

    def _repr_html_(self) -> str:
        items = "".join(f"<li>{escape(sentence)}</li>" for sentence in self.sentences())
        caption = say(words.FAN_OUT_CAPTION, name=short_name(self.message, self.steps[0].body))
        rows = self.rows()
        table = html_table(caption, _columns(), rows) if rows else ""
        return f"<p><b>{escape(self._title)}</b></p><ul>{items}</ul>{table}"


def _endpoint(end: Delivery) -> str:
    return f"{end.protocol} {end.endpoint}"


def _columns() -> list[str]:
    return [say(column) for column in words.FAN_OUT_COLUMNS]
