"""A program of an answer as the check sees it: a process that asks before each step, and can be killed."""

from __future__ import annotations

import base64
import json
import linecache
import os
import sys
from collections.abc import Sequence
from types import FunctionType
from typing import Any

from labkit.brokers.amazon_mq import AmazonMQ
from labkit.brokers.kept import Kept
from labkit.brokers.places import new_folder
from labkit.study.exercise import Function
from labkit.words import brokers as words
from labkit.words import error

SCHEME = "stomp+ssl"
MAIN = "from labkit.study.programs.inside import main; main()"


class Program:
    """One function in a process of its own, with no memory of any other; it ends with this process at the latest."""

    def __init__(self, function: Function, signature: str, pair: AmazonMQ, orders: Sequence[Any] | None = None) -> None:
        settings = {
            "function": base64.b64encode(_pickled(function)).decode(),
            "signature": signature,
            "sources": _sources(function),
            "leads": pair.leads(),
            "broker": [pair.urls(SCHEME), *pair.settings[1:]],
            "orders": orders,
        }
        path = os.pathsep.join(place or os.getcwd() for place in sys.path)
        self._kept = Kept(
            [sys.executable, "-P", "-c", MAIN],
            new_folder("program") / "log",
            first_line=json.dumps(settings),
            environment={**os.environ, "PYTHONPATH": path},
        )

    def next(self, seconds: float) -> dict[str, Any] | None:
        """Return what it is about to do, as soon as it says so; None when it says nothing for so long."""
        said: dict[str, Any] | None = self._kept.hear(seconds)
        return said

    def answer(self, answer: Any = None) -> None:
        """Let it go on."""
        self._kept.tell({"answer": answer})

    @property
    def is_running(self) -> bool:
        """Whether its process can still say something."""
        return not self._kept.is_silent()

    def kill(self) -> None:
        """As when its machine loses power."""
        self._kept.kill()


def _pickled(function: Function) -> bytes:
    """A function with all that it uses. Raises `LabError` when something of that belongs to this process alone."""
    import cloudpickle

    try:
        pickled: bytes = cloudpickle.dumps(function)
    except Exception as problem:
        raise error(words.NOT_PORTABLE, name=getattr(function, "__name__", function), reason=problem) from None
    return pickled


def _sources(function: Function) -> dict[str, list[str]]:
    """The lines of the files in which a function and what stands beside it were written, for its error messages."""
    beside = getattr(function, "__globals__", {}).values()
    own = [
        one for one in (function, *beside) if isinstance(one, FunctionType) and one.__module__ == function.__module__
    ]
    return {file: linecache.getlines(file) for file in {one.__code__.co_filename for one in own}}
