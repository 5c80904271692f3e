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
import moto.core.responses
from botocore.exceptions import CapacityNotAvailableError
from botocore.retries.bucket import TokenBucket
from moto.moto_api._internal import mock_random
from moto.moto_api._internal.moto_random import MotoRandom

from labkit.rules.chance import digest


class _Attempt:
    """Whose random numbers come next, and how many RequestIds were given out since."""

    def __init__(self) -> None:
        self.name: tuple[object, ...] = (0,)
        self.requests = 0


_attempt = _Attempt()


class NamedRandom(random.Random):
    """Random numbers and UUIDs that start anew with each attempt at an API call, from the attempt's name and `kind`.

    Seeding costs more than many a call, and most calls draw nothing: it happens at the first draw.
    """

    kind = "sdk"
    _begun: object = None

    def random(self) -> float:
        """Return the next number of the sequence in [0, 1)."""
        self._begin()
        return super().random()

    def getrandbits(self, bits: int, /) -> int:
        """Return the next `bits` bits of the sequence."""
        self._begin()
        return super().getrandbits(bits)

    def seed(self, *args: Any, **kwargs: Any) -> None:
        """Begin another sequence, until the next attempt."""
        self._begun = _attempt.name
        super().seed(*args, **kwargs)

    def _begin(self) -> None:
        if self._begun is not _attempt.name:
            seed, *name = _attempt.name
            self.seed(int.from_bytes(digest(seed, self.kind, *name), "big"))

    def uuid4(self) -> uuid.UUID:
        """Return the next version 4 UUID of the sequence."""
        return uuid.UUID(int=self.getrandbits(128), version=4)


class _NamedMockRandom(NamedRandom, MotoRandom):
    """moto's own random numbers, with names."""

    kind = "mock"


sdk_random = NamedRandom(0)


def begin_attempt(seed: int, *name: object) -> None:
    """Name the random numbers that follow inside moto and botocore, after a call and the SDK's attempt at it."""
    _attempt.name, _attempt.requests = (seed, *name), 0


def request_id(headers: dict[str, Any] | None = None) -> str:
    """Return the RequestId of the attempt on its way, 52 letters and digits as moto's, and put it among `headers`."""
    _attempt.requests += 1
    identity = digest(*_attempt.name, "request", _attempt.requests, size=26).hex().upper()
    if headers is not None:
        headers["x-amzn-requestid"] = identity
    return identity


def install(patches: ExitStack) -> None:
    """Give botocore's retries and tokens the named random numbers; `random` and `uuid` themselves stay as they are."""
    for module in (botocore.handlers, botocore.endpoint):
        patches.enter_context(patch.object(module, "uuid", sdk_random))
    patches.enter_context(patch.object(botocore.retryhandler, "random", sdk_random))
    backoff = botocore.retries.standard.ExponentialBackoff
    defaults = tuple(sdk_random.random if value == random.random else value for value in backoff.__init__.__defaults__)
    patches.enter_context(patch.object(backoff.__init__, "__defaults__", defaults))
    patches.enter_context(patch.object(TokenBucket, "acquire", _acquire))
    patches.enter_context(patch.object(moto.core.responses, "gen_amzn_requestid_long", request_id))
    patches.callback(_give_back, mock_random.getstate())
    mock_random.__class__ = _NamedMockRandom


def _give_back(state: tuple[Any, ...]) -> None:
    vars(mock_random).pop("_begun", None)
    mock_random.__class__ = MotoRandom
    mock_random.setstate(state)


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
