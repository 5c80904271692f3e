"""What a myth carries beside its one wrong rule."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from importlib import import_module
from pkgutil import iter_modules
from typing import NamedTuple

from labkit.rules.queue import StandardQueue

_known: dict[str, Myth] = {}


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


def believed(
    id: str, belief: str, truth: str, claims: tuple[str, ...]
) -> Callable[[type[StandardQueue]], type[StandardQueue]]:
    """Register the decorated rules as a myth."""

    def register(rules: type[StandardQueue]) -> type[StandardQueue]:
        _known[id] = Myth(id, belief, truth, claims, rules)
        return rules

    return register


def myths() -> dict[str, Myth]:
    """Return every myth by its id."""
    package = import_module("labkit.rules.myths")
    for module in iter_modules(package.__path__, f"{package.__name__}."):
        import_module(module.name)
    return dict(_known)


def myth(id: str) -> Myth:
    """Return the myth with this id. Raises LookupError, with close matches, when there is none."""
    known = myths()
    if id not in known:
        near = difflib.get_close_matches(id, known, 3)
        raise LookupError(
            f"There is no myth {id!r}; {'did you mean' if near else 'there are'} {', '.join(near or known)}."
        )
    return known[id]
