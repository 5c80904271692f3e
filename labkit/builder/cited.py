"""Which claims a lesson's text links to, kept beside the claims: a table of claims folds those that no text mentions.

A kernel doesn't see the text around its cells, so the builder writes down what the text cites before it runs them.
A row that some dagger leads to is never folded: JupyterLab 4.6.6 scrolls to a row, but does not open what it is
folded in (tried in Chromium, 2026-11-30).
"""

from pathlib import Path

from labkit.builder.marks import marks_in
from labkit.builder.source import LessonSource, read_cells


def cited_file(source: LessonSource) -> Path:
    """Where the ledger keeps what a lesson cites."""
    return source.path.parent.parent / "labkit" / "ledger" / "data" / "cited" / f"{source.number}.yaml"


def write_cited(source: LessonSource) -> None:
    """Write down the claims that a lesson's text links to."""
    file = cited_file(source)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(_cited(source), encoding="utf-8")


def cited_differs(source: LessonSource) -> bool:
    """Whether the text links to other claims than those written down."""
    file = cited_file(source)
    return _cited(source) != (file.read_text("utf-8") if file.exists() else "")


def _cited(source: LessonSource) -> str:
    texts = (cell.source for cell in read_cells(source) if cell.cell_type == "markdown")
    marked = sorted({mark for text in texts for mark in marks_in(text)})
    lines = "".join(f"- {mark}\n" for mark in marked) or "[]\n"
    return f"# Written by labkit build: the claims that lesson {source.number} cites.\n{lines}"
