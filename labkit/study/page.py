"""What study shows: one content in two still forms, HTML for a notebook and plain text for everything else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

# JupyterLab pushes the texts of a table to the right.
LEFT = 'style="text-align: left"'
WIDGET = "application/vnd.jupyter.widget-view+json"


@dataclass(frozen=True)
class Title:
    """A heading of a page."""

    text: str


@dataclass(frozen=True)
class Items:
    """A list of sentences, numbered if their order counts."""

    texts: Sequence[str]
    numbered: bool = False


@dataclass(frozen=True)
class Code:
    """Lines that are shown as they are."""

    text: str


@dataclass(frozen=True)
class Rows:
    """A table: the column names and the rows."""

    heads: Sequence[str]
    rows: Sequence[Sequence[object]]


Part = str | Title | Items | Code | Rows


class Page:
    """Parts from top to bottom; text may quote `code` between backticks. Jupyter shows it as the cell's result."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts = list(parts)

    def plain(self) -> str:
        """Return the page as text, for a terminal, a screen reader and nbval."""
        return "\n".join(_plain(part) for part in self.parts)

    def html(self) -> str:
        """Return the page as HTML that also shows in an untrusted notebook: no script, no style sheet."""
        return "\n".join(_html(part) for part in self.parts)

    def live(self) -> dict[str, Any]:
        """Return what a running notebook shows instead; nothing on most pages."""
        return {}

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return {"text/plain": self.plain(), "text/html": self.html(), **self.live()}

    def __repr__(self) -> str:
        return self.plain()


def _plain(part: Part) -> str:
    if isinstance(part, Title):
        return part.text
    if isinstance(part, Items):
        marks = [f"{n}." for n in range(1, len(part.texts) + 1)] if part.numbered else ["-"] * len(part.texts)
        return "\n".join(f"  {mark} {text}" for mark, text in zip(marks, part.texts, strict=True))
    if isinstance(part, Code):
        return "\n".join(f"    {line}" for line in part.text.splitlines())
    if isinstance(part, Rows):
        return _columns([part.heads, *part.rows])
    return part


def _columns(rows: Sequence[Sequence[object]]) -> str:
    texts = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in texts)
    return "\n".join(f"  {line}".rstrip() for line in lines)


def _html(part: Part) -> str:
    if isinstance(part, Title):
        # No <h4>: JupyterLab would list it in the lesson's table of contents.
        return f'<p role="heading" aria-level="4"><strong>{_inline(part.text)}</strong></p>'
    if isinstance(part, Items):
        kind = "ol" if part.numbered else "ul"
        return f"<{kind}>{''.join(f'<li>{_inline(text)}</li>' for text in part.texts)}</{kind}>"
    if isinstance(part, Code):
        return f"<pre><code>{escape(part.text)}</code></pre>"
    if isinstance(part, Rows):
        heads = "".join(f'<th scope="col" {LEFT}>{_inline(head)}</th>' for head in part.heads)
        rows = ("".join(f"<td {LEFT}>{_inline(str(cell))}</td>" for cell in row) for row in part.rows)
        body = "".join(f"<tr>{row}</tr>" for row in rows)
        return f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
    return f"<p>{_inline(part)}</p>"


def _inline(text: str) -> str:
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text)).replace("\n", "<br>")
