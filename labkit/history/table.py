"""The history of a lab as a light table that shows itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from html import escape
from typing import Any

from labkit.history.life import short_name
from labkit.history.log import Call, Delivery, Event
from labkit.history.times import moment, since_start
from labkit.words import error, say
from labkit.words import history as words

SHOWN = 30
_MICROSECOND = timedelta(microseconds=1)
_CELL = "text-align:left;padding:2px 10px 2px 0;vertical-align:top"


@dataclass(frozen=True, slots=True)
class Row:
    """One call or one change of a message's state: `at` in UTC, `since` the lab's start; `messages` are their ids."""

    at: datetime
    since: timedelta
    by: str
    kind: str
    what: str
    queue: str
    message: str
    why: str
    messages: tuple[str, ...]

    @property
    def cells(self) -> tuple[str, ...]:
        """The row's texts, one a column of the shown table."""
        return (since_start(self.since // _MICROSECOND), self.by, self.what, self.queue, self.message, self.why)


class Table(Sequence[Row]):
    """Calls and state changes by lab time: slice it, filter it with `where`, or take `.frame()` to pandas.

    `start` is the lab's first instant in microseconds since 1970 (default: that of the first event). It shows the
    first 30 rows; `.all()` shows every row.
    """

    def __init__(self, events: Sequence[Event], start: int | None = None) -> None:
        first = events[0].at if events else 0
        self._start = first if start is None else start
        told = [event for event in events if not isinstance(event, Call)]
        names = {one.message: short_name(one.message, one.body) for one in told}
        self._rows = [_row(event, self._start, names) for event in events]
        self._called = {one.message: {one.message, one.body, names[one.message]} for one in told}
        self._most = SHOWN
        self._empty = say(words.NO_ROWS)

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows)

    def __getitem__(self, place: Any) -> Any:
        return self._with(self._rows[place]) if isinstance(place, slice) else self._rows[place]

    def rows(self) -> list[Row]:
        """Return the rows as a list; a row has `at`, `since`, `by`, `kind`, `what`, `queue`, `message`, `why`."""
        return list(self._rows)

    def where(
        self,
        *,
        queue: str | None = None,
        by: str | None = None,
        message: str | None = None,
        operation: str | None = None,
        what: str | None = None,
    ) -> Table:
        """Return the rows that fit all conditions: `message` is an id or body, `what` "call", "change" or its text."""
        given = {"queue": queue, "by": by, "message": message, "operation": operation, "what": what}
        wanted = {name: value for name, value in given.items() if value is not None}
        table = self._with([row for row in self._rows if all(self._fits(row, *one) for one in wanted.items())])
        table._empty = self._explain(wanted)
        return table

    def _fits(self, row: Row, name: str, value: str) -> bool:
        if name == "message":
            return any(value in self._called.get(one, (one,)) for one in row.messages)
        if name == "what":
            return value in (row.kind, row.what)
        if name == "operation":
            return row.kind == words.CALL and row.what == value
        return bool(getattr(row, name) == value)

    def all(self) -> Table:
        """Return the same table, showing every row."""
        table = self._with(self._rows)
        table._most = max(len(self._rows), 1)
        return table

    def frame(self) -> Any:
        """Return a pandas DataFrame with a row's fields as columns: at, since, by, kind, what, queue and so on."""
        try:
            import pandas
        except ImportError:
            raise error(words.NO_FRAME) from None
        columns = list(Row.__dataclass_fields__)
        return pandas.DataFrame([asdict(row) for row in self._rows], columns=columns)

    def _with(self, rows: list[Row]) -> Table:
        table = Table((), self._start)
        table._rows, table._called, table._empty, table._most = rows, self._called, self._empty, self._most
        return table

    def _explain(self, conditions: dict[str, str]) -> str:
        if not self._rows:
            return self._empty
        return say(
            words.NO_ROW_FITS,
            conditions=", ".join(f"{name}={value!r}" for name, value in conditions.items()),
            queues=_list(row.queue for row in self._rows),
            actors=_list(row.by for row in self._rows),
            operations=_list(row.what for row in self._rows if row.kind == words.CALL),
        )

    # How it shows itself

    @property
    def _shown(self) -> list[Row]:
        return self._rows[: self._most]

    @property
    def _more(self) -> str:
        hidden = len(self._rows) - len(self._shown)
        return say(words.MORE_ROWS, shown=len(self._shown), total=len(self._rows)) if hidden > 0 else ""

    @property
    def _caption(self) -> str:
        return say(words.CAPTION, start=f"{moment(self._start):%Y-%m-%d %H:%M:%S}")

    def __repr__(self) -> str:
        if not self._rows:
            return self._empty
        return "\n".join(filter(None, [self._caption, *aligned(_columns(), self._shown_cells), self._more]))

    def _repr_html_(self) -> str:
        if not self._rows:
            return f"<p>{escape(self._empty)}</p>"
        more = f"<p>{escape(self._more)}</p>" if self._more else ""
        return html_table(self._caption, _columns(), self._shown_cells) + more

    @property
    def _shown_cells(self) -> list[tuple[str, ...]]:
        return [row.cells for row in self._shown]


def _row(event: Event, start: int, names: dict[str, str]) -> Row:
    when = (moment(event.at), timedelta(microseconds=event.at - start), event.by)
    if isinstance(event, Call):
        about = event.messages
        return Row(*when, words.CALL, event.operation, event.resource, _named(about, names), event.answer, about)
    if isinstance(event, Delivery):
        about = (event.message,) if event.copy is None else (event.message, event.copy)
        name = names[event.message]
        return Row(*when, words.DELIVERY, say(words.STEPS[event.step]), event.topic, name, event.why, about)
    sentence = words.SENT_AS if event.before is None else words.BECAME
    what = say(sentence, before=event.before, after=event.after)
    return Row(*when, words.CHANGE, what, event.queue, names[event.message], event.why, (event.message,))


def _named(messages: tuple[str, ...], names: dict[str, str]) -> str:
    if len(messages) > 3:
        return say(words.MESSAGES, number=len(messages))
    return ", ".join(names.get(message, message[:8]) for message in messages)


def _list(names: Iterator[str]) -> str:
    return ", ".join(dict.fromkeys(name for name in names if name)) or say(words.NONE)


def _columns() -> list[str]:
    return [say(column) for column in words.COLUMNS]


def aligned(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of a text table, columns two spaces apart."""
    lines = [columns, *rows]
    widths = [max(len(line[place]) for line in lines) for place in range(len(columns))]
    return ["  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip() for line in lines]


def html_table(caption: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return an HTML table with a caption and headers that a screen reader announces with each cell."""
    head = "".join(f'<th scope="col" style="{_CELL}">{escape(column)}</th>' for column in columns)
    body = "".join(
        f'<tr><th scope="row" style="{_CELL};font-weight:normal">{escape(row[0])}</th>'
        + "".join(f'<td style="{_CELL}">{escape(text)}</td>' for text in row[1:])
        + "</tr>"
        for row in rows
    )
    top = f'<caption style="text-align:left">{escape(caption)}</caption>'
    return f"<table>{top}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
