"""What every picture is: a live form, an image and words, in one output."""

from __future__ import annotations

from html import escape
from typing import Any

from labkit.pictures.svg import address

PLOTLY = "application/vnd.plotly.v1+json"


class Picture:
    """A picture that shows itself: live in JupyterLab, as an image where nothing runs, as words in a terminal.

    `str(picture)` gives the words, `.svg` the image, `.plotly` what the live form is made of. A picture of nothing
    has no image and says so. `end`: how far the time axis goes, in microseconds since the lab's start.
    """

    def __init__(
        self, title: str, guide: str, words: str, svg: str = "", plotly: dict[str, Any] | None = None, end: int = 0
    ) -> None:
        self.title = title
        self.guide = guide
        self.words = words
        self.svg = svg
        self.plotly = plotly
        self.end = end

    def __repr__(self) -> str:
        return self.words

    def image(self, guided: bool = True) -> str:
        """Return the image as HTML, with the words as its alternative text and, `guided`, how to read it below."""
        if not self.svg:
            return f"<p>{escape(self.words)}</p>"
        alternative = escape(self.words, quote=True).replace("\n", "&#10;")
        below = f'<p style="max-width:800px;font-size:90%">{escape(self.guide)}</p>' if guided else ""
        style = "max-width:100%;background:#ffffff"
        return f'<div><img src="{address(self.svg)}" alt="{alternative}" style="{style}">{below}</div>'

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        forms: dict[str, Any] = {"text/html": self.image(), "text/plain": self.words}
        if self.plotly is not None:
            forms[PLOTLY] = self.plotly
        return forms
