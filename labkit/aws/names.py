"""Identifiers and jitter that moto and botocore draw, as functions of names instead of chance."""

from __future__ import annotations

import random
import time
import uuid
from contextlib import ExitStack
from typing import Any
from unittest.mock import patch

import botocore.endpoint
import botocore.handlers
import botocore.retries.standard
import botocore.retryhandler
from botocore.exceptions import CapacityNotAvailableError
from botocore.retries.bucket import TokenBucket
from moto.moto_api._internal import mock_random

from labkit.rules.chance import digest


class NamedRandom(random.Random):
    """Random numbers and UUIDs that start anew with each API call, from the call's name."""

    def name(self, *names: object) -> None:
        """Begin the sequence that belongs to these names."""
        self.seed(int.from_bytes(digest(*names), "big"))

    def uuid4(self) -> uuid.UUID:
        """Return the next version 4 UUID of the sequence."""
        return uuid.UUID(int=self.getrandbits(128), version=4)


sdk_random = NamedRandom(0)


def begin_attempt(seed: int, *name: object) -> None:
    """Name the random numbers that follow inside moto and botocore, after a call and the SDK's attempt at it."""
    mock_random.seed(int.from_bytes(digest(seed, "mock", *name), "big"))
    sdk_random.name(seed, "sdk", *name)


def install(patches: ExitStack) -> None:
    """Give botocore's retries and tokens the named random numbers; `random` and `uuid` themselves stay as they are."""
    for module in (botocore.handlers, botocore.endpoint):
        patches.enter_context(patch.object(module, "uuid", sdk_random))
    patches.enter_context(patch.object(botocore.retryhandler, "random", sdk_random))
    backoff = botocore.retries.standard.ExponentialBackoff
    defaults = tuple(sdk_random.random if value == random.random else value for value in backoff.__init__.__defaults__)
    patches.enter_context(patch.object(backoff.__init__, "__defaults__", defaults))
    patches.enter_context(patch.object(TokenBucket, "acquire", _acquire))
    patches.callback(mock_random.setstate, mock_random.getstate())


def _acquire(bucket: Any, amount: int = 1, block: bool = True) -> bool:
    """TokenBucket.acquire for one thread: in adaptive mode botocore waits on a lock, which lab time cannot pass."""
    while True:
        try:
            acquired: bool = bucket._acquire(amount=amount, block=False)
            return acquired
        except CapacityNotAvailableError:
            if not block:
                raise
            time.sleep(bucket._sleep_amount(amount))
