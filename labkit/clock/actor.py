"""An actor: an ordinary blocking function that runs in virtual time, one at a time with the others."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from greenlet import greenlet

from labkit.causes import ActorState
from labkit.clock.guard import guard

if TYPE_CHECKING:
    from labkit.clock.scheduler import Scheduler


class ActorEnded(BaseException):
    """Thrown into an actor when its lab is closed or interrupted; it ends at once."""


class Actor:
    """One started function; `state` is how it stands, or why it ended."""

    def __init__(self, scheduler: Scheduler, function: Callable[..., Any], args: tuple[Any, ...], name: str) -> None:
        self.name = name
        self.state = ActorState.READY
        self.result: Any = None
        self.error: BaseException | None = None
        # `calls` at the instant `calls_at`, to notice a loop that stands still in time; `made` in all.
        self.calls = 0
        self.calls_at = 0
        self.made = 0
        # Which of its entries in the event queue counts: the one with its latest ticket.
        self.ticket = 0
        self.ending = False
        self._function = function
        self._args = args
        # A greenlet, not a thread: one runs at a time, and it is exactly known where it gives the turn away, so that
        # the same seed gives the same bytes. Not a coroutine either: learners' code blocks, as it would on AWS.
        self.greenlet = greenlet(self._run)
        self.scheduler = scheduler

    @property
    def alive(self) -> bool:
        """Whether the actor has something left to do."""
        return self.state in (ActorState.READY, ActorState.WAITING)

    def _run(self) -> None:
        try:
            # The learner's code begins, which Ctrl-C may strike; labkit's own around it is held.
            guard.restore(False)
            self.result = self._function(*self._args)
            self.state = ActorState.DONE
        except ActorEnded:
            self.state = ActorState.ENDED
        except BaseException as error:
            # Kept for the loop to raise: left alone it would surface in whoever is the greenlet's parent, past the
            # loop's books.
            self.state = ActorState.FAILED
            self.error = error
        finally:
            guard.hold()

    def __repr__(self) -> str:
        return f"<Actor {self.name!r} {self.state}>"
