"""Lab: one private AWS with its own account, region, clock and history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Any

import boto3

from labkit.aws import backends, clients
from labkit.aws.adapters import adapters
from labkit.aws.options import Until, check_account, check_function, check_options, read_until
from labkit.aws.process import process
from labkit.clock.actor import Actor
from labkit.clock.guard import guard
from labkit.clock.length import instant, length, moment
from labkit.clock.scheduler import Scheduler
from labkit.clock.switch import switch
from labkit.history import History, StateChange
from labkit.jupyter import current_cell_id, in_cell, on_cell
from labkit.rules import Change, Faults, draw
from labkit.rules.change import DELAYED, IN_FLIGHT
from labkit.words import LabError, error
from labkit.words import lab as words

if TYPE_CHECKING:
    from labkit.history.passport import Passport
    from labkit.history.table import Table

START = datetime(2026, 1, 1, tzinfo=UTC)
ACCOUNT = "123456789012"
REGION = "us-east-1"


class Clock:
    """A lab's time: read it or move it."""

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler

    def now(self) -> datetime:
        """Return lab time as an aware datetime in UTC."""
        return moment(self._scheduler.now)

    def advance(self, by: str | float | timedelta) -> datetime:
        """Let time pass ("31 s", 31 or a timedelta) while the actors run; returns the new time."""
        self._scheduler.sleep(length(by))
        return self.now()

    def __repr__(self) -> str:
        return f"<Clock {self.now():%Y-%m-%d %H:%M:%S}>"


class Lab:
    """A private AWS in virtual time, open until `close` or the end of a `with`.

    `seed` names all chance; `start` is the first instant; `latency` is the lab time of an actor's call; `faults` say
    what AWS leaves to chance. Raises `LabError` for an option it cannot use.
    """

    def __init__(
        self,
        seed: int = 7,
        *,
        start: datetime = START,
        latency: str | float | timedelta = "10 ms",
        faults: Faults | None = None,
        rules: dict[str, type] | None = None,
    ) -> None:
        check_options(seed, start, faults)
        self.seed = seed
        self.region = REGION
        self.account = ACCOUNT
        self.latency = length(latency)
        self.faults = faults or Faults.none()
        self.rules = rules or {}
        self.scheduler = Scheduler(instant(start))
        self.clock = Clock(self.scheduler)
        self.history = History(self.scheduler.now)
        self.caller = "time"
        self.is_open = True
        self._clients: list[Any] = []
        self._calls: defaultdict[tuple[str, str, str], int] = defaultdict(int)
        self._responses = 0
        self._errors: list[Exception] = []
        self._parked: backends.Memory = []
        self._opened_in = current_cell_id()
        self._open()

    def _open(self) -> None:
        was = guard.hold()
        try:
            if self._opened_in is not None:
                for earlier in [lab for lab in process.labs if lab._opened_in == self._opened_in]:
                    earlier.close()
            if process.lab is not None:
                process.lab.settle()
            self._set_aside = backends.set_aside()
            self._session, boto3.DEFAULT_SESSION = boto3.DEFAULT_SESSION, None
            process.push(self)
            self._shows_time = not switch.is_on
            on_cell(switch.on, _cell_ends)
            switch.on()
        finally:
            guard.restore(was)

    # Using it

    def client(self, service: str, *, account: str | None = None, region: str | None = None) -> Any:
        """Return a plain boto3 client of this lab, of another account or region if named.

        Raises `LabError` for a service that boto3 does not know.
        """
        self._check_open()
        if not isinstance(service, str):
            raise clients.unknown_service(service, [])
        check_account(account)
        client = boto3.client(service, region_name=region)
        if account is not None:
            clients.use_account(client, account)
        return client

    def start(self, function: Callable[..., Any], *args: Any, name: str | None = None) -> Actor:
        """Start an ordinary function as an actor; it runs during `run`, `advance`, `time.sleep` and long polls."""
        self._check_open()
        check_function(function)
        names = {actor.name for actor in self.scheduler.actors}
        chosen = base = name or getattr(function, "__name__", "actor")
        number = 2
        while chosen in names:
            chosen, number = f"{base} {number}", number + 1
        return self.scheduler.start(function, args, chosen)

    def run(self, until: Until = None) -> None:
        """Run the actors: for a length ("5 min"), up to a datetime, until a function says so, or until all are done."""
        self._check_open()
        end, done = read_until(until, self.scheduler.now)
        self.scheduler.run(end, done)

    def table(self) -> Table:
        """Return the history as a table that shows itself; `.frame()` gives pandas."""
        from labkit.history.table import Table

        self.settle()
        return Table(self.history.in_order(), self.history.start)

    def passport(self, message_id: str) -> Passport:
        """Return one message's life. Raises `LabError` for an id that no message of this lab has."""
        from labkit.history.passport import Passport

        self.settle()
        events = self.history.of_message(message_id)
        if not events:
            raise error(words.UNKNOWN_MESSAGE, given=message_id)
        return Passport(message_id, events, self.history.start, self.scheduler.now)

    def settle(self) -> None:
        """Record everything that has happened by itself up to now; nothing that was to happen changes."""
        if self.is_open and process.lab is self:
            for adapter in adapters().values():
                adapter.settle(self)

    def close(self) -> None:
        """End all actors, bring back what was there before, refuse this lab's clients; the second time does nothing."""
        if not self.is_open:
            return
        was = guard.hold()
        try:
            self._close()
        finally:
            guard.restore(was)
        self._raise_swallowed("close")

    def _close(self) -> None:
        innermost = process.lab is self
        if innermost:
            self.settle()
        self.scheduler.end()
        self.is_open = False
        for client in self._clients:
            client._make_api_call = _refuse_closed(client)
        if innermost:
            backends.forget()
            backends.bring_back(self._set_aside)
            boto3.DEFAULT_SESSION = self._session
        else:
            above = process.labs[process.labs.index(self) + 1]
            above._set_aside, above._session = self._set_aside, self._session
        process.remove(self)
        if self._shows_time and not in_cell():
            switch.off()
        self._clients.clear()

    def __enter__(self) -> Lab:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # For the adapters and the call path

    def own(self, client: Any) -> None:
        """Note that a client belongs to this lab."""
        client._labkit_lab = self
        self._clients.append(client)

    def check_client(self, client: Any) -> None:
        """Raise `LabError` for a client of another lab or of none."""
        owner = getattr(client, "_labkit_lab", None)
        if owner is not self:
            sentence = words.EARLIER_CLIENT if owner is None else words.OUTER_CLIENT
            raise error(sentence, service=client.meta.service_model.service_name)

    def nth_call(self, *name: str) -> int:
        """Count the calls by caller, service and operation."""
        self._calls[name] += 1  # type: ignore[index]
        return self._calls[name]  # type: ignore[index]

    def loses_response(self) -> bool:
        """Whether chance, where `Faults` allow it, lets this answer get lost on its way."""
        if not self.faults.lost_response:
            return False
        self._responses += 1
        return draw(self.seed, "lost response", self._responses) < self.faults.lost_response

    def record(self, changes: list[Change]) -> None:
        """Write changes of the rules into the history."""
        history = self.history
        for at, queue, message, before, after, why in changes:
            who = self.caller if at == self.scheduler.now else "time"
            order = history.next_order()
            until = message.due if after in (IN_FLIGHT, DELAYED) else None
            history.events.append(
                StateChange(
                    at, order, who, queue, message.id, before, after, why, message.body, message.receives, until
                )
            )
        self.scheduler.changed += len(changes)

    def note_error(self, failure: Exception) -> None:
        """Keep an error that moto may swallow; it is raised when the cell ends."""
        self._errors.append(failure)

    def surfaced(self, failure: Exception) -> None:
        """Forget a kept error that has reached the caller."""
        self._errors = [kept for kept in self._errors if kept is not failure]

    def _raise_swallowed(self, operation: str) -> None:
        if self._errors:
            failure = self._errors.pop(0)
            self._errors.clear()
            raise error(
                words.SWALLOWED, operation=operation, reason=f"{type(failure).__name__}: {failure}"
            ) from failure

    def _check_open(self) -> None:
        if not self.is_open:
            raise error(words.CLOSED)

    def __repr__(self) -> str:
        state = f"at {self.clock.now():%Y-%m-%d %H:%M:%S}" if self.is_open else "closed"
        return f"<Lab seed={self.seed} {state}>"


def _refuse_closed(client: Any) -> Callable[..., Any]:
    service = client.meta.service_model.service_name

    def refuse(*_: Any, **__: Any) -> Any:
        raise error(words.CLOSED_CLIENT, service=service)

    return refuse


def _cell_ends(failure: BaseException | None) -> None:
    switch.off()
    for lab in process.labs:
        if isinstance(failure, KeyboardInterrupt):
            lab.scheduler.end()
    if failure is None and process.lab is not None:
        process.lab._raise_swallowed("the cell")


__all__ = ["Clock", "Lab", "LabError"]
