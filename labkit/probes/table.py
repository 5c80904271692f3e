"""The table of a lesson's claims, shown by its last cell after their probes have run again."""

from __future__ import annotations

from html import escape
from textwrap import fill

from labkit.ledger import Claim, Source, claims_of_lesson
from labkit.probes.states import ClaimState, check, states, summary
from labkit.words import probes as words
from labkit.words import say

WIDTH = 110
INDENT = "    "


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
        return "\n".join([*(_lines(row) for row in self.rows), self.summary])

    def _html(self) -> str:
        heads = (words.CLAIM, words.STATEMENT, words.STATE, words.EVIDENCE_HEAD, words.SOURCE)
        head = "".join(f'<th style="text-align: left">{escape(say(text))}</th>' for text in heads)
        rows = "".join(_row(row) for row in self.rows)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table><p>{escape(self.summary)}</p>"


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


def _row(row: ClaimState) -> str:
    claim = row.claim
    said = f"<br><small>{escape(_said(claim))}</small>" if _said(claim) else ""
    links = "<br>".join(f'<a href="{escape(one.url)}">{escape(one.title)}</a> ({one.read})' for one in claim.sources)
    cells = (f"<code>{claim.id}</code>", escape(_statement(claim)) + said, row.state, escape(row.seen), links)
    return f'<tr id="{claim.id}">' + "".join(f'<td style="text-align: left">{cell}</td>' for cell in cells) + "</tr>"
