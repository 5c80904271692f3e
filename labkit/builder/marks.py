"""Claim marks in prose: {vis-2} cites a claim, {=vis-2} puts AWS's value with its unit; both are linked to its row.

A citation is a quiet dagger: a reader who doesn't doubt reads over it, who does sees the claim's id and its row.

A row is `<tr id="vis-2">` in an output: JupyterLab 4.6.6 jumps to it from `[...](#vis-2)` whether the notebook is
trusted or not (tried in Chromium, 2026-11-23; `<a name=...>` is stripped in an untrusted one, so it isn't used). From
`[...](another.ipynb#vis-2)` it looks for `data-jupyter-id`, which a row therefore has, too (2026-12-01).
"""

import re
from collections.abc import Callable
from typing import Any

from labkit.builder.prose import replace_in_prose

MARK = re.compile(r"\{=?([a-z0-9]+(?:-[a-z0-9]+)+)\}")
# With the gap before it: one space or line break, and of a text that goes on after code the space that it begins with.
_BRACES = re.compile(r"(?:(?<=\S)(?: |\n *)|\A\n? +)?\{[\w .,:=-]*\}")
Lookup = Callable[[str], Any]


class UnknownMark(Exception):
    """Braces in prose that name no claim; the message says which."""


def replace_marks(text: str, lookup: Lookup, address_of: Callable[[Any], str]) -> str:
    """`text` with each mark as a link to where `address_of` says the claim's row is.

    `lookup` gives a claim with `.value` ("30 seconds" or None) and raises for an unknown id. UnknownMark: braces
    outside code and LaTeX that are no known claim's id, or that ask for the value of a claim without one.
    """
    return replace_in_prose(text, _BRACES, lambda braces: _link(braces[0], lookup, address_of))


def _link(braces: str, lookup: Lookup, address_of: Callable[[Any], str]) -> str:
    mark = braces.strip()
    found = MARK.fullmatch(mark)
    if found is None:
        raise UnknownMark(f"{mark} is no claim's mark; a mark looks like {{vis-2}}, and code stands in `backticks`")
    try:
        claim = lookup(found[1])
    except Exception as error:
        raise UnknownMark(f"{mark} names no claim of the ledger: {error}") from error
    address = address_of(claim)
    if not mark.startswith("{="):  # a dagger stands at the word that it belongs to
        return f'<sup>[†]({address} "{found[1]}")</sup>'
    if not claim.value:
        raise UnknownMark(f"{mark} asks for a value that the claim doesn't have; {{{found[1]}}} cites it")
    return f"{braces[: -len(mark)]}[{claim.value}]({address})"


def marks_in(text: str) -> list[str]:
    """The ids marked in the prose of one cell."""
    ids: list[str] = []

    def note(mark: re.Match[str]) -> str:
        ids.append(mark[1])
        return mark[0]

    replace_in_prose(text, MARK, note)
    return ids
