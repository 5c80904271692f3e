"""What SNS has sent to people: letters that a learner can read, and how the people behind the addresses behave."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from html import escape
from typing import Any

from labkit.aws.records import Records
from labkit.clock.length import length
from labkit.history.table import aligned, html_table
from labkit.history.times import moment, since_start
from labkit.rules import Refused
from labkit.rules.topics.publication import check_phone
from labkit.words import error, say
from labkit.words import outbox as words

WIDEST = 60


@dataclass(frozen=True, slots=True)
class Letter:
    """One e-mail, text message or push notification, sent `at` (microseconds since 1970); `message` is its MessageId.

    `link` is the address that confirms a subscription, in a letter that asks for it.
    """

    at: int
    to: str
    protocol: str
    subject: str | None
    text: str
    message: str
    link: str | None = None


class Outbox(Sequence[Letter]):
    """The letters of a lab in the order in which they were sent; it shows itself. `to(address)` are those of one."""

    def __init__(self, lab: Records) -> None:
        self._lab = lab
        self._letters: list[Letter] = []
        self._refusing: dict[str, int] = {}
        self._invalid: set[str] = set()
        self._opted_out: dict[tuple[str, str], list[str]] = {}

    def __len__(self) -> int:
        return len(self._letters)

    def __iter__(self) -> Iterator[Letter]:
        return iter(self._letters)

    def __getitem__(self, place: Any) -> Any:
        return self._letters[place]

    def to(self, address: str) -> list[Letter]:
        """Return what was sent to one address, telephone number or token."""
        return [one for one in self._letters if one.to == address]

    # How people behave

    def refuse(self, address: str, during: str | float | timedelta = "1 h") -> None:
        """From now on and for so long nothing arrives at an address; SNS tries again as its retries say."""
        _check_text(address, "refuse")
        self._refusing[address] = self._lab.scheduler.now + length(during)

    def opt_out(self, number: str) -> None:
        """The owner of a telephone number answers STOP: it gets no more text messages from the lab's account."""
        try:
            check_phone(number)
        except (Refused, TypeError):
            raise error(words.NUMBER, given=number) from None
        opted_out = self.opted_out(self._lab.account, self._lab.region)
        if number not in opted_out:
            opted_out.append(number)

    def disable(self, token: str) -> None:
        """An app is gone from its device: the platform tells SNS with the next push that the token is invalid."""
        _check_text(token, "disable")
        self._invalid.add(token)

    # For SNS

    def is_refusing(self, address: str) -> bool:
        """Whether nothing arrives there now."""
        return self._lab.scheduler.now < self._refusing.get(address, 0)

    def is_invalid(self, token: str) -> bool:
        """Whether a platform no longer knows a token."""
        return token in self._invalid

    def opted_out(self, account: str, region: str) -> list[str]:
        """The telephone numbers that want no text messages from an account; moto's own begins with made-up ones."""
        return self._opted_out.setdefault((account, region), [])

    def put(
        self, to: str, protocol: str, subject: str | None, text: str, message: str, link: str | None = None
    ) -> None:
        """Send one letter."""
        self._letters.append(Letter(self._lab.scheduler.now, to, protocol, subject, text, message, link))

    # How it shows itself

    def rows(self) -> list[tuple[str, ...]]:
        """Return one row of texts a letter: when, by what, to whom, its subject and the beginning of its text."""
        start = self._lab.history.start
        return [
            (since_start(one.at - start), one.protocol, one.to, one.subject or "", _beginning(one.text))
            for one in self._letters
        ]

    @property
    def _caption(self) -> str:
        return say(words.CAPTION, start=f"{moment(self._lab.history.start):%Y-%m-%d %H:%M:%S}")

    def __repr__(self) -> str:
        return "\n".join([self._caption, *aligned(_columns(), self.rows())]) if self._letters else say(words.NOTHING)

    def _repr_html_(self) -> str:
        if not self._letters:
            return f"<p>{escape(say(words.NOTHING))}</p>"
        return html_table(self._caption, _columns(), self.rows())


def _check_text(address: object, call: str) -> None:
    if not isinstance(address, str) or not address:
        raise error(words.ADDRESS, call=call, given=address)


def _beginning(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= WIDEST else f"{line[: WIDEST - 1]}…"


def _columns() -> list[str]:
    return [say(column) for column in words.COLUMNS]
