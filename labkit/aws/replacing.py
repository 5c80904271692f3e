"""The common part of adapters: methods of moto that ours replace while labs are open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from labkit.aws.asked import Answering

if TYPE_CHECKING:
    from labkit.aws.adapters import Origin
    from labkit.aws.lab import Lab

Present = Callable[[], "Lab"]
Replacement = tuple[type, str, Any]


class ReplacingAdapter:
    """An `Adapter` whose calls wait for nothing and in whose service nothing happens by itself, unless it says so."""

    needed_by: frozenset[str] = frozenset()
    says_checksum: bool = False

    @property
    def answers(self) -> Mapping[str, Answering]:
        """No operation is answered but by moto."""
        return {}

    def replacements(self, lab: Present) -> list[Replacement]:
        """All that is replaced in moto: the class, the name in it, and what stands there while labs are open."""
        raise NotImplementedError

    def install(self, patches: ExitStack, lab: Callable[[], Lab | None]) -> None:
        """Put the replacements in their places for as long as labs are open."""

        def present() -> Lab:
            current = lab()
            assert current is not None
            return current

        for kind, name, replacement in self.replacements(present):
            patches.enter_context(patch.object(kind, name, replacement, create=not hasattr(kind, name)))

    def before_call(self, lab: Lab, origin: Origin, operation: str, parameters: dict[str, Any]) -> None:
        """Wait for nothing."""

    def settle(self, lab: Lab) -> None:
        """Nothing falls due."""

    def next_event(self, lab: Lab) -> int | None:
        """Nothing happens by itself."""
        return None
