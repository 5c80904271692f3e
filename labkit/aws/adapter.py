"""One service's thin layer between boto3, moto and the rules."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any, NamedTuple
from unittest.mock import patch

from labkit.aws.asked import Answering
from labkit.aws.records import Records
from labkit.causes import Result

# The class or module of moto's, the name in it, and what stands there while labs are open.
Replacement = tuple[Any, str, Any]


class Origin(NamedTuple):
    """Where a call comes from, and so whose resources it means."""

    account: str
    region: str


class Adapter:
    """What a service needs beside moto's request handling. Nothing waits and nothing happens by itself, unless it says.

    One whose mock takes long to import names in `needed_by` the services whose first client installs it; with none
    it is installed when the first lab opens. With `says_checksum` its answers carry a checksum of their body.
    """

    needed_by: frozenset[str] = frozenset()
    says_checksum: bool = False

    @property
    def answers(self) -> Mapping[str, Answering]:
        """The answer functions by operation, for calls that come through either door; all others moto answers."""
        return {}

    def replacements(self) -> list[Replacement]:
        """All that is replaced in moto for as long as labs are open."""
        raise NotImplementedError

    def install(self, patches: ExitStack) -> None:
        """Put the replacements in their places."""
        for kind, name, replacement in self.replacements():
            patches.enter_context(patch.object(kind, name, replacement, create=not hasattr(kind, name)))

    def before_call(self, lab: Records, origin: Origin, operation: str, parameters: dict[str, Any]) -> None:
        """Wait, outside moto, for what the call waits for."""

    def settle(self, lab: Records) -> None:
        """Apply everything that has fallen due by now and record it."""

    def next_event(self, lab: Records) -> int | None:
        """The next instant at which something happens by itself, or None."""
        return None

    def describe(
        self, operation: str, parameters: dict[str, Any], answer: dict[str, Any]
    ) -> tuple[str, Result | None, list[str]]:
        """Return the resource, what came back and the message ids of a call, for the history."""
        raise NotImplementedError
