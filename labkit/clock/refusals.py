"""What would stop lab time inside an actor, refused in one sentence each."""

from __future__ import annotations

import asyncio
import asyncio.base_events
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack
from functools import wraps
from types import FrameType
from typing import Any
from unittest.mock import patch

from labkit.clock.guard import guard
from labkit.words import error, told
from labkit.words import time as words

# What waits for something that only another actor or lab time could bring. One actor runs at a time, so it would
# wait for ever, and all others with it.
REFUSED = (
    (threading.Event, "wait", "Event.wait", words.INSTEAD_SLEEP),
    (threading.Condition, "wait", "waiting for another thread", words.INSTEAD_SLEEP),
    (threading.Thread, "join", "Thread.join", words.INSTEAD_THREAD),
    (asyncio, "run", "asyncio", words.INSTEAD_PLAIN),
    (asyncio.runners, "run", "asyncio", words.INSTEAD_PLAIN),
    (asyncio.base_events.BaseEventLoop, "run_until_complete", "asyncio", words.INSTEAD_PLAIN),
    (asyncio.base_events.BaseEventLoop, "run_forever", "asyncio", words.INSTEAD_PLAIN),
    (socket.socket, "connect", "a socket", words.INSTEAD_SOCKET),
)


WAITING = {"labkit", "threading", "queue", "asyncio", "concurrent", "socket"}
# What a worker prints or displays is handed to a thread of Jupyter's, which answers at once.
JUPYTER = {"ipykernel", "IPython", "zmq"}


class Refusals:
    """Patches the blocking methods while labs are open; `actor_name` tells who calls, None for you."""

    def __init__(self, actor_name: Callable[[], str | None]) -> None:
        self._actor_name = actor_name
        self._patches = ExitStack()

    def install(self) -> None:
        """Patch every method of `REFUSED`, and the start of threads."""
        for owner, name, what, instead in REFUSED:
            refusing = self._refusing(getattr(owner, name), what, instead)
            self._patches.enter_context(patch.object(owner, name, refusing))
        self._patches.enter_context(patch.object(threading.Thread, "start", self._start(threading.Thread.start)))

    def remove(self) -> None:
        """Take all patches back."""
        self._patches.close()

    def _refusing(self, original: Callable[..., Any], what: str, instead: str) -> Callable[..., Any]:
        @wraps(original)
        def method(*args: Any, **kwargs: Any) -> Any:
            if not _only_looks(args, kwargs):
                self._refuse_in_actor(what, instead, args)
            return original(*args, **kwargs)

        return method

    def _start(self, original: Callable[..., None]) -> Callable[..., None]:
        @wraps(original)
        def start(thread: threading.Thread) -> None:
            self._refuse_in_actor("starting a thread", words.INSTEAD_THREAD)
            inherited = getattr(threading.current_thread(), "started_by_service", False)
            if inherited or self._actor_name() is not None:
                # Started while labkit works, it is moto's own (a state machine's, for example) and may wait as it
                # likes.
                mark = "started_by_service" if guard.held or inherited else "started_in_lab"
                setattr(thread, mark, True)
            original(thread)

        return start

    def _refuse_in_actor(self, what: str, instead: str, args: tuple[Any, ...] = ()) -> None:
        name = None if guard.held else self._actor_name()
        if name is not None and name != YOU and _asked_by() not in JUPYTER:
            for coroutine in filter(asyncio.iscoroutine, args):
                coroutine.close()
            raise error(words.IN_ACTOR, what=what, name=name, instead=told(instead))


def _only_looks(args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    """Whether a wait's time-out is zero, so that it waits for nothing."""
    timeout = kwargs.get("timeout", args[1] if len(args) > 1 else None)
    return isinstance(timeout, (int, float)) and timeout <= 0


def _asked_by() -> str:
    """The package whose code wants to wait, behind the standard library's."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        package = str(frame.f_globals.get("__name__", "")).partition(".")[0]
        if package not in WAITING:
            return package
        frame = frame.f_back
    return ""


YOU = "you"
