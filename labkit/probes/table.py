"""The table of a lesson's claims, shown by its last cell after their probes have run again."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import groupby
from textwrap import fill

from labkit.ledger import Claim, Source, claims_of_lesson
from labkit.probes.states import ClaimState, check, states, summary
from labkit.words import probes as words
from labkit.words import say

WIDTH = 110
INDENT = "    "
PLACE = "text-align: left; vertical-align: top"
LEFT = f'style="{PLACE}"'
# Fixed, so that no column leaves a small screen.
TABLE = 'style="width: 100%; table-layout: fixed; overflow-wrap: anywhere"'
SHARES = (15, 26, 9, 28, 22)


class ClaimsTable:
    """A lesson's claims with state, evidence and source; its rows carry the ids that claim marks link to."""

    def __init__(self, lesson: str, rows: list[ClaimState]) -> None:
        self.lesson = lesson
        self.rows = rows

    @property
    def summary(self) -> str:
        """How many claims are shown, cited and open."""
        return summary(self.rows)

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": self._html()}

    def __repr__(self) -> str:
        parts = [text for section, rows in self._sections() for text in (section, *map(_lines, rows))]
        return "\n".join([*parts, self.summary])

    def _html(self) -> str:
        heads = (words.CLAIM, words.STATEMENT, words.STATE, words.EVIDENCE_HEAD, words.SOURCE)
        columns = zip(SHARES, heads, strict=True)
        head = "".join(f'<th style="{PLACE}; width: {share}%">{escape(say(text))}</th>' for share, text in columns)
        parts = [text for section, rows in self._sections() for text in (_heading(section), *map(_row, rows))]
        body = f"<table {TABLE}><thead><tr>{head}</tr></thead><tbody>{''.join(parts)}</tbody></table>"
        return f"{body}<p>{escape(self.summary)}</p>"

    def _sections(self) -> Iterator[tuple[str, Iterator[ClaimState]]]:
        return groupby(self.rows, key=lambda row: row.claim.section)


def claims_of(lesson: str) -> ClaimsTable:
    """Run the probes of a lesson's claims now and return their table, for the last cell: `claims_of("03")`.

    Raises `LabError` naming the claim whose probe failed, and `LedgerError` for a lesson without claims.
    """
    rows = states(claims_of_lesson(lesson))
    check(rows)
    return ClaimsTable(lesson, rows)


def _said(claim: Claim) -> str:
    """What the source notes said, where that does not hold."""
    return "" if claim.verdict == "holds" else say(words.NOTES_SAID, claim=claim.claim, verdict=claim.verdict)


def _statement(claim: Claim) -> str:
    return claim.claim if claim.verdict == "holds" else claim.truth


def _lines(row: ClaimState) -> str:
    claim = row.claim
    first = f"{claim.id} · {row.state} · {_statement(claim)}"
    seen = f"{say(words.SEEN)} {row.seen}" if row.seen else ""
    rest = [part for part in (_said(claim), seen, _source_text(claim.sources[0])) if part]
    return "\n".join([fill(first, WIDTH, subsequent_indent=INDENT), *map(_indented, rest)])


def _indented(text: str) -> str:
    return fill(text, WIDTH, initial_indent=INDENT, subsequent_indent=INDENT, break_long_words=False)


def _source_text(source: Source) -> str:
    return say(words.SOURCE_TEXT, title=source.title, url=source.url, read=source.read)


def _heading(section: str) -> str:
    return f'<tr><th colspan="5" {LEFT}>{escape(section)}</th></tr>'


def _row(row: ClaimState) -> str:
    claim = row.claim
    said = f"<br><small>{escape(_said(claim))}</small>" if _said(claim) else ""
    statement = escape(_statement(claim)) + said
    cells = (f"<code>{claim.id}</code>", statement, row.state, escape(row.seen), _links(claim.sources))
    return f'<tr id="{claim.id}">' + "".join(f"<td {LEFT}>{cell}</td>" for cell in cells) + "</tr>"


def _links(sources: tuple[Source, ...]) -> str:
    """The first source by its title with the day it was read, the others by number."""
    first, *others = sources
    link = f'<a href="{escape(first.url)}">{escape(first.title)}</a> ({first.read})'
    numbered = (
        f'<a href="{escape(one.url)}" title="{escape(one.title)} ({one.read})">{number}</a>'
        for number, one in enumerate(others, start=2)
    )
    return " · ".join([link, *numbered])
