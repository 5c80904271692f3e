"""What a lab is to its adapters and to the calls on their way: its time, chance and history, who calls, what happened.

They see this and never the `Lab` that a learner holds, which is made of them.
"""

from __future__ import annotations

from collections import Counter
from contextlib import AbstractContextManager, nullcontext
from typing import Any, TypeVar
from weakref import WeakSet

from labkit.aws.attempts import CallName
from labkit.causes import DELAYED, IN_FLIGHT, Done, Effect
from labkit.clock.protocol import Time
from labkit.clock.switch import switch
from labkit.history import History, StateChange
from labkit.rules import Change, Faults
from labkit.words import error
from labkit.words import lab as words

Part = TypeVar("Part")
CellRun = tuple[str, int]


class Records:
    """One lab's history, and the notes that calls leave while they are made."""

    # Whether its clients' calls may be answered without HTTP; not where they come from other programs.
    answers_in_process = True
    region = account = ""
    # Where other programs reach this lab over HTTP, such as http://127.0.0.1:4566; None where none can.
    address: str | None = None
    latency = 0

    def __init__(self, scheduler: Time, history: History, seed: int, faults: Faults, rules: dict[str, type]) -> None:
        self.scheduler = scheduler
        self.history = history
        self.seed = seed
        self.faults = faults
        self.rules = rules
        self.is_open = True
        self.opened_in: CellRun | None = None
        self.caller = "time"
        self.calls_now: dict[Any, CallName] = {}
        self.received: dict[tuple[object, int], str] = {}
        self._calls: Counter[tuple[str, ...]] = Counter()
        self._clients: WeakSet[Any] = WeakSet()
        self._parts: dict[type, Any] = {}
        self._effects: list[Done] = []
        self._errors: list[Exception] = []

    def acting(self) -> AbstractContextManager[None]:
        """Within the `with` nobody else acts in this lab; in virtual time that is always so."""
        return nullcontext()

    def settle(self) -> None:
        """Record everything that has happened by itself up to now; nothing that was to happen changes."""
        raise NotImplementedError

    def close(self) -> None:
        """End all actors, bring back what was there before, refuse this lab's clients; the second time does nothing."""
        raise NotImplementedError

    def part(self, kind: type[Part]) -> Part:
        """Return what an adapter keeps of this lab between calls: the one `kind(lab)`, made at its first use."""
        found: Part | None = self._parts.get(kind)
        if found is None:
            found = self._parts[kind] = kind(self)  # type: ignore[call-arg]
        return found

    # Who calls

    def who(self) -> str:
        """Who calls now; a service's own thread runs beside the lab's, whose caller is somebody else."""
        return "a service" if switch.in_service_thread() else self.caller

    def nth_call(self, *name: str) -> int:
        """Count the calls by caller, service and operation."""
        self._calls[name] += 1
        return self._calls[name]

    def call_now(self) -> CallName | None:
        """The call on its way in the lab's own thread, of the actor that runs now."""
        return self.calls_now.get(self.scheduler.current()) if switch.in_lab_thread() else None

    def loses_response(self, call: CallName) -> bool:
        """Whether the answer to this attempt at a call gets lost on its way."""
        return call.loses_response(self.faults.lost_response)

    # Clients

    def own(self, client: Any) -> None:
        """Note that a client belongs to this lab."""
        client._labkit_lab = self
        self._clients.add(client)

    def check_client(self, client: Any) -> None:
        """Raise `LabError` for a client of another lab or of none."""
        owner = getattr(client, "_labkit_lab", None)
        if owner is not self:
            sentence = words.EARLIER_CLIENT if owner is None else words.OUTER_CLIENT
            raise error(sentence, service=client.meta.service_model.service_name)

    def client_options(self, account: str | None) -> dict[str, Any]:
        """What every client of this lab is made with; `account` issued the keys that it was given, if any did."""
        raise NotImplementedError

    def reaches(self, url: str) -> bool:
        """Whether a request may leave this machine."""
        return False

    # What happened

    @property
    def effects(self) -> list[Done]:
        """What the present call with receipt handles did, and to which messages."""
        return self._effects

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
