"""The table of a lesson's claims, shown by its last cell after their probes have run again."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import groupby
from textwrap import fill

from labkit.ledger import Claim, Source, cited, claims_of_lesson
from labkit.probes.states import ClaimState, check, states, summary
from labkit.words import probes as words
from labkit.words import say

WIDTH = 110
INDENT = "    "
PLACE = "text-align: left; vertical-align: top"
LEFT = f'style="{PLACE}"'
# Fixed, so that no column leaves a small screen.
TABLE = 'style="width: 100%; table-layout: fixed; overflow-wrap: anywhere"'
# The state has no column: nearly all are shown, so it is the first word of the evidence.
SHARES = (15, 29, 33, 23)
# Origins of statements that people make; gaps are a mock's, and nobody teaches those.
TOLD_ELSEWHERE = ("notes", "misconception")


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
        told, behind = self._parts()
        folded = [self._behind(behind), *_texts(behind)] if behind else []
        return "\n".join([*_texts(told), *folded, self.summary])

    def _html(self) -> str:
        told, behind = self._parts()
        folded = f"<details><summary>{escape(self._behind(behind))}</summary>{_table(behind)}</details>"
        return f"{_table(told)}{folded if behind else ''}<p>{escape(self.summary)}</p>"

    def _parts(self) -> tuple[list[ClaimState], list[ClaimState]]:
        """What some lesson's text mentions, so that a dagger may lead to it, and what was checked behind it."""
        mentioned = cited()
        told = [row for row in self.rows if row.claim.id in mentioned]
        behind = [row for row in self.rows if row.claim.id not in mentioned]
        return (told, behind) if told else (behind, [])

    def _behind(self, behind: list[ClaimState]) -> str:
        return say(words.BEHIND, number=len(behind))


def claims_of(lesson: str) -> ClaimsTable:
    """Run the probes of a lesson's claims now and return their table, for the last cell: `claims_of("03")`.

    Raises `LabError` naming the claim whose probe failed, and `LedgerError` for a lesson without claims.
    """
    rows = states(claims_of_lesson(lesson))
    check(rows)
    return ClaimsTable(lesson, rows)


def _sections(rows: list[ClaimState]) -> Iterator[tuple[str, Iterator[ClaimState]]]:
    return groupby(rows, key=lambda row: row.claim.section)


def _texts(rows: list[ClaimState]) -> list[str]:
    return [text for section, found in _sections(rows) for text in (section, *map(_lines, found))]


def _table(rows: list[ClaimState]) -> str:
    heads = (words.CLAIM, words.STATEMENT, words.EVIDENCE_HEAD, words.SOURCE)
    columns = zip(SHARES, heads, strict=True)
    head = "".join(f'<th style="{PLACE}; width: {share}%">{escape(say(text))}</th>' for share, text in columns)
    body = "".join(text for section, found in _sections(rows) for text in (_heading(section), *map(_row, found)))
    return f"<table {TABLE}><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _said(claim: Claim) -> str:
    """A statement that is still told and does not hold; what only a mock or nobody says is left out."""
    told = claim.verdict != "holds" and claim.origin.startswith(TOLD_ELSEWHERE)
    return say(words.READ_ELSEWHERE, claim=claim.claim, verdict=claim.verdict) if told else ""


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
    return f'<tr><th colspan="4" {LEFT}>{escape(section)}</th></tr>'


def _row(row: ClaimState) -> str:
    claim = row.claim
    said = f"<br><small>{escape(_said(claim))}</small>" if _said(claim) else ""
    statement = escape(_statement(claim)) + said
    cells = (f"<code>{claim.id}</code>", statement, escape(_evidence(row)), _links(claim.sources))
    # A link of another notebook finds the second name alone (JupyterLab 4.6.6), a link of the same one the first.
    name = f'id="{claim.id}" data-jupyter-id="{claim.id}"'
    return f"<tr {name}>" + "".join(f"<td {LEFT}>{cell}</td>" for cell in cells) + "</tr>"


def _evidence(row: ClaimState) -> str:
    return say(words.EVIDENCE, state=row.state, seen=row.seen) if row.seen else row.state


def _links(sources: tuple[Source, ...]) -> str:
    """The first source by its title with the day it was read, the others by number."""
    first, *others = sources
    link = f'<a href="{escape(first.url)}">{escape(first.title)}</a> ({first.read})'
    numbered = (
        f'<a href="{escape(one.url)}" title="{escape(one.title)} ({one.read})">{number}</a>'
        for number, one in enumerate(others, start=2)
    )
    return " · ".join([link, *numbered])
