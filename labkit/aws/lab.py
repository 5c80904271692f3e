"""Lab: one private AWS with its own account, region, clock and history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

import boto3

from labkit.aws import backends, clients
from labkit.aws.adapters import adapters
from labkit.aws.options import (
    Until,
    check_account,
    check_function,
    check_in_cell,
    check_options,
    check_region,
    read_until,
)
from labkit.aws.process import process
from labkit.aws.records import Records
from labkit.clock.actor import Actor
from labkit.clock.guard import guard
from labkit.clock.lab_clock import Clock
from labkit.clock.length import instant, length, moment
from labkit.clock.protocol import Time
from labkit.clock.scheduler import Scheduler
from labkit.clock.switch import switch
from labkit.history import Delivery, History
from labkit.jupyter import in_cell
from labkit.rules import Faults
from labkit.words import LabError, error
from labkit.words import lab as words

if TYPE_CHECKING:
    from labkit.aws.sns.outbox import Outbox
    from labkit.history.fan_out import FanOut
    from labkit.history.lineage import Lineage
    from labkit.history.passport import Passport
    from labkit.history.ring import Ring
    from labkit.history.table import Table

Part = TypeVar("Part")
START = datetime(2026, 1, 1, tzinfo=UTC)


LATENCY = "10 ms"


class Lab(Records):
    """A private AWS in virtual time, open until `close` or the end of a `with`.

    `seed` names all chance; `start` is the first instant; `latency` is the lab time of an actor's call; `faults` say
    what AWS leaves to chance. With `endpoint` the same code runs in real time against what answers there, and `access`
    is the boto3.Session for one that is not this machine. Raises `LabError` for an option it cannot use.
    """

    def __new__(cls, *_: Any, endpoint: str | None = None, **__: Any) -> Self:
        """Make the kind of lab that the endpoint asks for."""
        if cls is Lab and endpoint is not None:
            from labkit.aws.endpoint.lab import EndpointLab

            return cast(Self, object.__new__(EndpointLab))
        return object.__new__(cls)

    def __init__(
        self,
        seed: int = 7,
        *,
        start: datetime = START,
        latency: str | float | timedelta = LATENCY,
        faults: Faults | None = None,
        rules: dict[str, type] | None = None,
        endpoint: str | None = None,
        access: boto3.Session | None = None,
    ) -> None:
        if access is not None and endpoint is None:
            raise error(words.ACCESS)
        check_options(seed, start, faults, rules)
        check_in_cell("Lab(...)")
        self.region = clients.REGION
        self.account = clients.ACCOUNT
        self.latency = length(latency)
        scheduler = self._begin_time(instant(start))
        history = self._begin_history(scheduler.now)
        super().__init__(scheduler, history, seed, faults or Faults.none(), rules or {})
        self.scheduler.is_due = self._is_due
        self.scheduler.sleeping = history.sleeping
        self.clock = Clock(self.scheduler)
        self._at_close: list[Callable[[], Any]] = []
        self._set_aside = backends.Memory([], [])
        self._session: Any = None
        self.shows_time = False
        try:
            with guard.working():
                self._open()
        except KeyboardInterrupt:
            self._close_quietly()
            raise

    def _begin_time(self, start: int) -> Time:
        return Scheduler(start)

    def _begin_history(self, start: int) -> History:
        return History(start)

    def _open(self) -> None:
        process.close_earlier_runs(process.running_cell())
        if process.lab is not None:
            process.lab.settle()
        self.shows_time = not switch.is_on
        process.push(self)
        self.opened_in = process.running_cell()
        self._set_aside = backends.set_aside()
        self._session, boto3.DEFAULT_SESSION = boto3.DEFAULT_SESSION, None

    # Using it

    def again(self, **changes: Any) -> Lab:
        """Open a fresh lab with this one's options, of which `changes` replace some; this one waits until it closes."""
        options: dict[str, Any] = {
            "seed": self.seed,
            "start": moment(self.history.start),
            "latency": timedelta(microseconds=self.latency),
            "faults": self.faults,
            "rules": self.rules,
        }
        return type(self)(**(options | changes))

    def client(self, service: str, *, account: str | None = None, region: str | None = None) -> Any:
        """Return a plain boto3 client of this lab, of another account or region if named.

        Raises `LabError` for a service that boto3 does not know.
        """
        switch.check_innermost(self.scheduler)
        if not isinstance(service, str):
            raise clients.unknown_service(service, [])
        check_account(account)
        check_region(region)
        client = clients.session().client(service, region_name=region)
        if account is not None:
            clients.use_account(client, account)
        return client

    def start(self, function: Callable[..., Any], *args: Any, name: str | None = None) -> Actor:
        """Start an ordinary function as an actor; it runs during `run`, `advance`, `time.sleep` and long polls."""
        switch.check_innermost(self.scheduler)
        check_function(function, args, name)
        names = {actor.name for actor in self.scheduler.actors}
        chosen = base = name or str(getattr(function, "__name__", "actor"))
        number = 2
        while chosen in names:
            chosen, number = f"{base} {number}", number + 1
        return self.scheduler.start(function, args, chosen)

    def start_on(self, group: str, function: Callable[..., Any], *, boot: str | float | timedelta = "1 min") -> None:
        """Start a function as an actor on every instance of an Auto Scaling group, `boot` after the instance's launch.

        It is named by the instance's id, called with it if it takes an argument, and ends with the instance.
        """
        from labkit.aws.autoscaling.starting import start_on

        start_on(self, group, function, boot)

    def function(self, name: str, handler: Callable[[Any, Any], Any]) -> str:
        """Make a Lambda function of a Python function of an event and a context; returns its ARN, to subscribe it.

        Each invocation runs as an actor, after the time of who caused it went on; Lambda tries a failed one twice more.
        """
        from labkit.aws.sns.to_function import Functions

        switch.check_innermost(self.scheduler)
        check_function(handler, ({}, None), None)
        return self.part(Functions).add(name, handler)

    def run(self, until: Until = None) -> None:
        """Run the actors: for a length ("5 min"), up to a datetime, until a function says so, or until all are done."""
        switch.check_innermost(self.scheduler)
        end, done = read_until(until, self.scheduler.now)
        with switch.shown():
            self.scheduler.run(end, done)

    def table(self) -> Table:
        """Return the history as a table that shows itself; `.frame()` gives pandas."""
        from labkit.history.table import Table

        self.settle()
        return Table(self.history.in_order(), self.history.start)

    @property
    def outbox(self) -> Outbox:
        """What SNS has sent to people; it shows itself, and says how the people behind the addresses behave."""
        from labkit.aws.sns.outbox import Outbox

        return self.part(Outbox)

    def passport(self, message_id: str) -> Passport | FanOut:
        """Return one message's life, of a published one what became of it at each subscriber.

        Raises `LabError` for an id that no message of this lab has.
        """
        from labkit.history.fan_out import FanOut
        from labkit.history.passport import Passport

        self.settle()
        events = self.history.of_message(message_id) if isinstance(message_id, str) else []
        if not events:
            raise error(words.UNKNOWN_MESSAGE, given=message_id)
        is_published = any(isinstance(one, Delivery) and one.message == message_id for one in events)
        kind = FanOut if is_published else Passport
        return kind(message_id, events, self.history.start, self.scheduler.now)

    def ring(self, stream: str) -> Ring:
        """Return a stream's open shards and where its records' keys are. Raises `LabError` for a name that none has."""
        from labkit.aws.kinesis.ring import ring_of

        return ring_of(self, self.account, self.region, stream)

    def lineage(self, stream: str) -> Lineage:
        """Return the shards of a stream of this lab's account. Raises `LabError` for a name that none has."""
        from labkit.aws.kinesis.lineage import lineage_of

        return lineage_of(self, self.account, self.region, stream, self.history.start)

    def settle(self) -> None:
        """Record everything that has happened by itself up to now; nothing that was to happen changes."""
        if self.is_open and process.lab is self:
            with switch.shown():
                for adapter in adapters().values():
                    adapter.settle(self)

    def _is_due(self) -> bool:
        self.settle()
        return any(adapter.next_event(self) is not None for adapter in adapters().values())

    def close(self) -> None:
        """End all actors, bring back what was there before, refuse this lab's clients; the second time does nothing."""
        self._close_quietly()
        self.raise_swallowed("close")

    def _close_quietly(self) -> None:
        if not self.is_open:
            return
        switch.check_thread()
        check_in_cell("lab.close()")
        with guard.working(), switch.shown():
            self.settle()
            self.scheduler.end()
            for end in self._at_close:
                end()
            self.is_open = False
            for client in self._clients:
                client._make_api_call = clients.refusing(client)
            above = cast("Lab | None", process.above(self))
            if above is None:
                backends.forget()
                backends.bring_back(self._set_aside)
                boto3.DEFAULT_SESSION = self._session
            else:
                above._set_aside, above._session = self._set_aside, self._session
                above.shows_time |= self.shows_time
            process.remove(self)
            if above is None and self.shows_time and not in_cell():
                switch.off()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._close_quietly()
        except KeyboardInterrupt:  # also one that came before the first step of closing
            self._close_quietly()
            raise
        if value is None:
            self.raise_swallowed("close")

    # For the adapters, the call path and what lives as long as a lab

    def at_close(self, end: Callable[[], Any]) -> None:
        """Call a function when the lab closes, after its actors have ended."""
        self._at_close.append(end)

    def client_options(self, account: str | None) -> dict[str, Any]:
        """What every client of this lab is made with; `account` issued the keys that it was given, if any did."""
        return {} if account is not None else clients.MADE_UP_KEYS

    def __repr__(self) -> str:
        state = f"at {self.clock.now():%Y-%m-%d %H:%M:%S}" if self.is_open else "closed"
        return f"<Lab seed={self.seed} {state}>"


__all__ = ["Clock", "Lab", "LabError"]
