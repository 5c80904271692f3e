"""A text of a policy as pieces: letters, the wildcards * and ?, and variables that a request fills in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

Value = str | bytes
# The keys of a request, in small letters, each with its values.
Context = Mapping[str, tuple[Value, ...]]
Matcher = Callable[[str], bool]
# What stands between ${ and } for a letter that would mean something else.
LETTERS = ("*", "?", "$")
PIECE = re.compile(r"\$\{(?P<name>[^{}]*)\}|(?P<wild>[*?])|[^$*?]+|\$")
VARIABLE = re.compile(r"\s*([^',]+?)\s*(?:,\s*'([^']*)')?\s*")


class Wild(Enum):
    """What stands for other letters: any number of them, or one."""

    MANY = "*"
    ONE = "?"


class Variable(NamedTuple):
    """A key whose value the request brings, and what stands in where it doesn't."""

    key: str
    default: str | None


Plain = str | Wild
Piece = str | Wild | Variable


def pieces(text: str, wild: bool = True, variables: bool = False) -> tuple[Piece, ...]:
    """Read a text of a policy. Without `wild` a * is a letter, without `variables` so is all of ${...}."""
    found: list[Piece] = []
    for part in PIECE.finditer(text):
        if part["name"] is not None and variables:
            found.append(_named(part["name"]))
        elif part["name"] is not None:  # letters, among which may be wildcards
            found += ["${", *pieces(part["name"], wild), "}"]
        elif wild and part["wild"]:
            found.append(Wild(part["wild"]))
        else:
            found.append(part[0])
    return tuple(_joined(found))


def _named(name: str) -> Piece:
    if name in LETTERS:
        return name
    form = VARIABLE.fullmatch(name)
    return Variable(name.lower(), None) if form is None else Variable(form[1].lower(), form[2])


def _joined(found: Iterable[Piece]) -> list[Piece]:
    """The same with neighbouring letters as one text, so that a text without signs is one piece."""
    joined: list[Piece] = []
    for piece in found:
        if isinstance(piece, str) and joined and isinstance(joined[-1], str):
            joined[-1] += piece
        elif piece != "":
            joined.append(piece)
    return joined


def resolve(given: tuple[Piece, ...], context: Context) -> tuple[Plain, ...] | None:
    """Fill in the variables; None where the request has no single text for one. What is filled in is never wild."""
    filled: list[Piece] = []
    for piece in given:
        if isinstance(piece, Variable):
            values = context.get(piece.key, () if piece.default is None else (piece.default,))
            if len(values) != 1 or not isinstance(values[0], str):
                return None
            filled.append(values[0])
        else:
            filled.append(piece)
    return tuple(piece for piece in _joined(filled) if not isinstance(piece, Variable))


def has_variable(given: tuple[Piece, ...]) -> bool:
    """Whether a request must fill something in."""
    return any(isinstance(piece, Variable) for piece in given)


@lru_cache(maxsize=4_000)
def matcher(given: tuple[Plain, ...]) -> Matcher:
    """Return what says whether a whole text matches, in time that grows with its length and never explodes."""
    if is_plain(given):
        return "".join(str(piece) for piece in given).__eq__
    if given == (Wild.MANY,):
        return lambda text: True
    first, *others = _between_stars(given)
    form = first
    if others:
        # A part between two stars has one length, so the first place that fits it is as good as any: never looked
        # for again (the atomic group), which is what keeps "*a*a*a*" from trying every combination.
        form += "".join(f"(?>.*?{part})" for part in others[:-1]) + f".*{others[-1]}"
    fullmatch = re.compile(form, re.DOTALL).fullmatch
    return lambda text: fullmatch(text) is not None


def is_plain(given: tuple[Piece, ...]) -> bool:
    """Whether these are letters alone."""
    return all(isinstance(piece, str) for piece in given)


class OneOf:
    """Several forms of a text, of which one is enough; those without wildcards cost together as much as one."""

    def __init__(self, given: Iterable[tuple[Plain, ...]], of: Callable[[tuple[Plain, ...]], Matcher]) -> None:
        forms = list(given)
        self._texts = {"".join(str(piece) for piece in one) for one in forms if is_plain(one)}
        self._matchers = [of(one) for one in forms if not is_plain(one)]

    def __contains__(self, text: str) -> bool:
        return text in self._texts or any(fits(text) for fits in self._matchers)


def actions(texts: Iterable[str]) -> OneOf:
    """What an Action element means, of actions that are written in small letters."""
    return OneOf([resolve(pieces(text.lower()), {}) or () for text in texts], matcher)


def _between_stars(given: tuple[Plain, ...]) -> list[str]:
    parts = [""]
    for piece in given:
        if piece is Wild.MANY:
            parts.append("")
        else:
            parts[-1] += "." if isinstance(piece, Wild) else re.escape(piece)
    return parts
