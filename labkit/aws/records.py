"""What a lab keeps for its adapters and its call path: who calls, what happened, what moto swallowed."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

from labkit.causes import DELAYED, IN_FLIGHT, Done, Effect
from labkit.clock.protocol import Time
from labkit.clock.switch import switch
from labkit.history import History, StateChange
from labkit.rules import Change
from labkit.words import error
from labkit.words import lab as words


class Records:
    """One lab's history and the notes that calls leave while they are made."""

    def __init__(self, scheduler: Time, history: History) -> None:
        self.scheduler = scheduler
        self.history = history
        self.caller = "time"
        self.received: dict[tuple[object, int], str] = {}
        self._effects: list[Done] = []
        self._errors: list[Exception] = []

    @property
    def effects(self) -> list[Done]:
        """What the present call with receipt handles did, and to which messages."""
        return self._effects

    def acting(self) -> AbstractContextManager[None]:
        """Within the `with` nobody else acts in this lab; in virtual time that is always so."""
        return nullcontext()

    def who(self) -> str:
        """Who calls now; a service's own thread runs beside the lab's, whose caller is somebody else."""
        return "a service" if switch.in_service_thread() else self.caller

    def record(self, changes: list[Change], by: str | None = None) -> None:
        """Write changes of the rules into the history; the caller's, if nobody else is named."""
        history = self.history
        for change in changes:
            who = (by or self.who()) if change.at == self.scheduler.now else "time"
            message = change.message
            until = message.due if change.after in (IN_FLIGHT, DELAYED) else None
            history.events.append(
                StateChange(
                    change.at, history.next_order(), who, change.queue, message.id,
                    change.before, change.after, change.cause, message.body, change.receives, until,
                    message.earlier if change.before is None else None, message.group,
                    change.seconds, change.other,
                )
            )  # fmt: skip
        self.scheduler.changed += len(changes)

    def note_effect(self, effect: Effect, message: str | None = None, seconds: int | None = None) -> None:
        """Tell the history what the present call did to one message, and to which if that is known."""
        self.effects.append(Done(effect, message, seconds))

    def note_error(self, failure: Exception) -> None:
        """Keep an error that moto may swallow; it is raised when the cell ends."""
        self._errors.append(failure)

    def surfaced(self, failure: Exception) -> None:
        """Forget a kept error that has reached the caller."""
        self._errors = [kept for kept in self._errors if kept is not failure]

    def raise_swallowed(self, operation: str) -> None:
        """Raise the first error that moto swallowed, if there is one, as a `LabError`."""
        if self._errors:
            failure = self._errors.pop(0)
            self._errors.clear()
            raise error(
                words.SWALLOWED, operation=operation, reason=f"{type(failure).__name__}: {failure}"
            ) from failure
