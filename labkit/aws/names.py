"""Identifiers and jitter that moto and botocore draw, as functions of names instead of chance."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING
from unittest.mock import patch

import botocore.endpoint
import botocore.handlers
import botocore.retries.standard
import botocore.retryhandler
from moto.moto_api._internal import mock_random

from labkit.rules.chance import digest

if TYPE_CHECKING:
    from labkit.aws.lab import Lab

Current = Callable[[], "Lab | None"]


class NamedRandom(random.Random):
    """Random numbers and UUIDs that start anew with each API call, from the call's name."""

    def name(self, *names: object) -> None:
        """Begin the sequence that belongs to these names."""
        self.seed(int.from_bytes(digest(*names), "big"))

    def uuid4(self) -> uuid.UUID:
        """Return the next version 4 UUID of the sequence."""
        return uuid.UUID(int=self.getrandbits(128), version=4)


sdk_random = NamedRandom(0)


def begin_call(seed: int, by: str, service: str, operation: str, nth: int) -> None:
    """Name the random numbers that follow after one call, inside moto and inside botocore."""
    mock_random.seed(int.from_bytes(digest(seed, "mock", by, service, operation, nth), "big"))
    sdk_random.name(seed, "sdk", by, service, operation, nth)


def install(patches: ExitStack, lab: Current) -> None:
    """Give botocore's retries and tokens the named random numbers; `random` and `uuid` themselves stay as they are."""
    for module in (botocore.handlers, botocore.endpoint):
        patches.enter_context(patch.object(module, "uuid", sdk_random))
    patches.enter_context(patch.object(botocore.retryhandler, "random", sdk_random))
    backoff = botocore.retries.standard.ExponentialBackoff
    defaults = tuple(sdk_random.random if value == random.random else value for value in backoff.__init__.__defaults__)
    patches.enter_context(patch.object(backoff.__init__, "__defaults__", defaults))
