"""The lab that runs lesson code against another endpoint, in real time."""

from __future__ import annotations

import atexit
import secrets
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from labkit.aws.calls import record
from labkit.aws.door import make_call
from labkit.aws.endpoint.address import Endpoint, reach
from labkit.aws.endpoint.deleting import delete_queues
from labkit.aws.endpoint.journal import EndpointJournal
from labkit.aws.endpoint.naming import CREATES, SERVICE, named
from labkit.aws.lab import LATENCY, START, Lab
from labkit.aws.options import check_in_cell
from labkit.clock.lab_clock import Clock
from labkit.clock.length import instant, length
from labkit.clock.real_scheduler import RealScheduler
from labkit.clock.real_time import RealTime
from labkit.clock.switch import switch
from labkit.history import History, StateChange
from labkit.history.log import Event
from labkit.rules import Faults
from labkit.words import endpoint as words
from labkit.words import error, say

WAITS = "ReceiveMessage"


class EndpointLab(Lab):
    """A lab whose clients call another endpoint. Every queue that it makes carries its `prefix` and goes with it.

    `seed` has no effect there. Raises `LabError` for an endpoint that does not answer or may not be used.
    """

    def __init__(
        self,
        seed: int = 7,
        *,
        endpoint: str | None = None,
        access: boto3.Session | None = None,
        start: datetime = START,
        latency: str | float | timedelta = LATENCY,
        faults: Faults | None = None,
        rules: dict[str, type] | None = None,
    ) -> None:
        _refuse_options(start, latency, faults, rules)
        self.endpoint: Endpoint = reach(endpoint, access)
        self.prefix = f"labkit-{secrets.token_hex(4)}-"
        self._journal: EndpointJournal | None = None
        self._made: list[str] = []
        super().__init__(seed, latency=0)
        self.region = self.endpoint.region
        self.clock = RealClock(self._real)
        atexit.register(self._at_exit)

    def _begin_time(self, start: int) -> RealScheduler:
        begin = self.endpoint.start
        self._real = RealScheduler(instant(datetime.now(UTC)) if begin is None else begin, self.endpoint.speed)
        return self._real

    def _begin_history(self, start: int) -> History:
        return OwnCalls(start)

    def __setattr__(self, name: str, value: object) -> None:
        """Refuse faults that are asked for later, too."""
        if name == "faults" and value != Faults.none():
            raise error(words.OPTION, name=name, reason=say(words.FAULTS))
        super().__setattr__(name, value)

    def reaches(self, url: str) -> bool:
        """Whether a request goes to this lab's endpoint."""
        return urlsplit(url)[:2] == urlsplit(self.endpoint.url)[:2]

    def client_options(self, account: str | None) -> dict[str, Any]:
        """The endpoint, and the credentials that belong to it."""
        return {"endpoint_url": self.endpoint.url, **self.endpoint.credentials}

    def client(self, service: str, *, account: str | None = None, region: str | None = None) -> Any:
        """Return a plain boto3 client of the endpoint. Raises `LabError` for an account that cannot be chosen."""
        if account is not None and not self.endpoint.forgets:
            raise error(words.ACCOUNT)
        return super().client(service, account=account, region=region or self.endpoint.region)

    def again(self, **changes: Any) -> Lab:
        """Refuse: real time has passed."""
        raise error(words.AGAIN)

    def passport(self, message_id: str) -> Any:
        """Refuse: what happened to a message inside its queue is not known here."""
        raise error(words.INSIDE)

    @property
    def outbox(self) -> Any:
        """Refuse: what people there have got is not known here."""
        raise error(words.NOT_THERE, what="lab.outbox")

    def function(self, name: str, handler: Any) -> str:
        """Refuse: functions there run there."""
        raise error(words.NOT_THERE, what="lab.function(...)")

    # One call

    def call(self, client: Any, operation: str, parameters: dict[str, Any]) -> Any:
        """Make one call of a client with this lab's names, noted before it creates anything, and record it."""
        actor = self._real.current()
        if actor is None:
            switch.check_innermost(self._real)
        self._real.check_alive()
        service = client.meta.service_model.service_name
        began = self._real.now
        renamed = named(self.prefix, service, operation, parameters)
        if operation == CREATES and service == SERVICE:
            self._note(str(renamed.get("QueueName")))
        answer: dict[str, Any] = {}
        code = None
        others_run = actor is None and operation == WAITS
        try:
            with self._real.running() if others_run else nullcontext():
                answer = make_call(client, operation, renamed)
        except ClientError as failure:
            code = failure.response.get("Error", {}).get("Code", "Unknown")
            raise
        except BotoCoreError as failure:
            code = type(failure).__name__
            raise
        finally:
            by = "you" if actor is None else actor.name
            when_and_who = (self._real.now, self.history.next_order(), by, began)
            record(self, service, operation, parameters, answer, code, when_and_who)
        return answer

    def _note(self, queue: str) -> None:
        if self._journal is None:
            where = self.endpoint
            self._journal = EndpointJournal(self.prefix, where.url, where.region, where.forgets)
        self._journal.about_to_create(queue)
        self._made.append(queue)

    # The end

    def _close_quietly(self) -> None:
        if self.is_open:
            switch.check_thread()
            check_in_cell("lab.close()")
            self._real.end()
            self._delete_all()
            atexit.unregister(self._at_exit)
        super()._close_quietly()

    def _at_exit(self) -> None:
        """Delete what nobody closed; a kernel that ends has a few seconds, too few to wait for its actors."""
        RealTime.end(self._real)
        self._delete_all()

    def _delete_all(self) -> None:
        if self._journal is None:
            return
        try:
            delete_queues(self.endpoint, self._made)
        except (BotoCoreError, ClientError) as problem:
            self._journal.leave()
            print(say(words.CLOSING, queues=", ".join(self._made), reason=problem))
        else:
            self._journal.done()


class RealClock(Clock):
    """The clock of real time: to advance it is to wait, and it says how long."""

    def advance(self, by: str | float | timedelta) -> datetime:
        """Wait ("31 s", 31 or a timedelta) while the actors run; returns the new time."""
        micros = length(by)
        assert isinstance(self._scheduler, RealScheduler)
        shown = by if isinstance(by, str) else timedelta(microseconds=micros)
        print(say(words.WAITS, length=shown, seconds=round(self._scheduler.real_seconds(micros), 3)), flush=True)
        return super().advance(timedelta(microseconds=micros))


class OwnCalls(History):
    """The history of a lab that sees its own calls only."""

    def changes(self) -> list[StateChange]:
        """Refuse: they happen where this lab cannot see them."""
        raise error(words.INSIDE)

    def of_message(self, message: str) -> list[Event]:
        """Refuse: a message's life is more than this lab's calls."""
        raise error(words.INSIDE)


def _refuse_options(start: object, latency: object, faults: object, rules: object) -> None:
    given = {"start": start is not START, "latency": latency is not LATENCY, "faults": faults, "rules": rules}
    reasons = {"start": words.START, "latency": words.LATENCY, "faults": words.FAULTS, "rules": words.RULES}
    for name, value in given.items():
        if value:
            raise error(words.OPTION, name=name, reason=say(reasons[name]))
