"""An actor: an ordinary blocking function that runs in virtual time, one at a time with the others."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from greenlet import greenlet

from labkit.clock.guard import guard

if TYPE_CHECKING:
    from labkit.clock.scheduler import Scheduler


class ActorEnded(BaseException):
    """Thrown into an actor when its lab is closed or interrupted; it ends at once."""


class Actor:
    """One started function: `state` is "ready", "waiting", "done", "failed" or "ended"."""

    def __init__(self, scheduler: Scheduler, function: Callable[..., Any], args: tuple[Any, ...], name: str) -> None:
        self.name = name
        self.state = "ready"
        self.result: Any = None
        self.error: BaseException | None = None
        self.calls = 0
        self.calls_at = 0
        self.made = 0
        self.ticket = 0
        self.ending = False
        self._function = function
        self._args = args
        self.greenlet = greenlet(self._run)
        self.scheduler = scheduler

    @property
    def alive(self) -> bool:
        """Whether the actor has something left to do."""
        return self.state in ("ready", "waiting")

    def _run(self) -> None:
        try:
            guard.restore(False)
            self.result = self._function(*self._args)
            self.state = "done"
        except ActorEnded:
            self.state = "ended"
        except BaseException as error:
            self.state = "failed"
            self.error = error
        finally:
            guard.hold()

    def __repr__(self) -> str:
        return f"<Actor {self.name!r} {self.state}>"
