"""The misconceptions that run: an entry of the ledger together with the rules in whose world it is true."""

from __future__ import annotations

import difflib
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import NamedTuple

from labkit.ledger import misconceptions
from labkit.rules.queue import StandardQueue


class Myth(NamedTuple):
    """A belief in one sentence, the truth in one sentence, the ledger's claims that contradict it, and its rules."""

    id: str
    belief: str
    truth: str
    claims: tuple[str, ...]
    rules: type[StandardQueue]

    @property
    def overridden(self) -> str:
        """The name of the one method in which these rules differ from AWS's."""
        (name,) = (name for name in vars(self.rules) if not name.startswith("__"))
        return name


@cache
def myths() -> dict[str, Myth]:
    """Return every misconception that runs, by its id."""
    rules = believed_rules()
    return {
        one.id: Myth(one.id, one.belief, one.truth, one.claims, rules[one.runs])
        for one in misconceptions()
        if one.runs is not None
    }


def myth(id: str) -> Myth:
    """Return the myth with this id. Raises LookupError, with close matches, when there is none."""
    known = myths()
    if id not in known:
        near = difflib.get_close_matches(id, known, 3)
        raise LookupError(
            f"There is no myth {id!r}; {'did you mean' if near else 'there are'} {', '.join(near or known)}."
        )
    return known[id]


def believed_rules() -> dict[str, type[StandardQueue]]:
    """Return the rules that the modules of this folder define, by the name of their class."""
    package = import_module("labkit.rules.myths")
    modules = [import_module(found.name) for found in iter_modules(package.__path__, f"{package.__name__}.")]
    return {
        name: value
        for module in modules
        for name, value in vars(module).items()
        if isinstance(value, type) and issubclass(value, StandardQueue) and value.__module__ == module.__name__
    }
