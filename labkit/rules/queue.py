"""The promises of an SQS standard queue as a state machine."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from functools import partial
from heapq import heappush

from labkit.causes import DEAD_LETTERED, DELAYED, DELETED, IN_FLIGHT, PURGED, REDRIVEN, VISIBLE, Cause, Effect
from labkit.ledger import quota
from labkit.rules import answers
from labkit.rules.answers import Answered, HandedOut, Sent
from labkit.rules.change import Change
from labkit.rules.faults import Faults
from labkit.rules.limits import LONGEST_HIDDEN
from labkit.rules.line import Line, sampled
from labkit.rules.message import SECOND, Message, Receipt
from labkit.rules.settings import QueueSettings
from labkit.rules.storage import Storage
from labkit.rules.tenants import QUIET_AFTER, Tenant, Tenants

IN_FLIGHT_LIMIT = quota("sqs.in_flight.standard")
BACK_OF_QUEUE_RECEIVES = quota("sqs.redrive.move_to_back_receives")
LONGEST = LONGEST_HIDDEN * SECOND
SOURCE = "DeadLetterQueueSourceArn"
# Looking up an enum's member takes 65 ns in Python 3.11: what each message needs is looked up once.
SENT, RECEIVED, DELETE, DID_DELETE = Cause.SENT, Cause.RECEIVED, Cause.DELETED, Effect.DELETED


class StandardQueue(Storage):
    """An SQS standard queue. Every `now` is microseconds since 1970 and never goes back; timeouts are seconds.

    Each method first applies what fell due, stamped with its own time, and costs O(log n) in stored messages.
    Raises `Refused` with AWS's code and wording. A myth overrides exactly one of the promises. [vis-1] [vis-4] [std-6]
    [std-10] [std-11]
    """

    def __init__(
        self,
        name: str,
        settings: QueueSettings | None = None,
        *,
        seed: int = 0,
        faults: Faults | None = None,
        in_flight_limit: int = IN_FLIGHT_LIMIT,
    ) -> None:
        super().__init__(name, settings, seed, faults or Faults.none())
        self.in_flight_limit = in_flight_limit
        self._purged_at: int | None = None
        self._polls: defaultdict[str, int] = defaultdict(int)

    # The data plane

    def send(self, body: str, now: int, *, by: str = "you", delay: int | None = None, group: str | None = None) -> Sent:
        """Store a message, visible after `delay` seconds (default: the queue's)."""
        changes = self.settle(now)
        number = self._arrivals
        self._arrivals = number + 1
        nth = self._sends.get(by, 0)
        self._sends[by] = nth + 1
        message = Message(self._origin, by, nth, number, body, now)
        self._messages[number] = message
        if now < self._oldest:
            self._oldest = now
        if delay is None:
            delay = self.settings.delay_seconds
        if group is not None:
            message.group = group
            self._joins(message, DELAYED if delay else VISIBLE, now)
        if delay:
            self._delay(message, now, delay)
        elif self._keeps_order:
            self._lines[0].append(message)
        else:
            message.place = self._place(number)
            self._enqueue(message)
        changes.append(Change(now, self.name, message, None, message.state, SENT, 0))
        return Sent(message, changes)

    def receive(
        self, now: int, limit: int = 1, timeout: int | None = None, *, by: str = "you", long_poll: bool = False
    ) -> HandedOut:
        """Hand out up to `limit` visible messages and hide each for `timeout` seconds (default: the queue's).

        A long poll asks all servers and is never refused; a short poll asks a sample where `Faults` say so.
        Raises `Refused` (OverLimit) when a short poll meets the in-flight limit. [vis-1] [consume-3]
        """
        changes = self.settle(now)
        self._polled(now)
        if self._in_flight >= self.in_flight_limit and not long_poll:
            raise answers.over_limit()
        if timeout is None:
            timeout = self.settings.visibility_timeout
        redrives = self.settings.max_receive_count is not None
        take = self._taking(by, long_poll)
        handed: list[Message] = []
        most = min(limit, self.in_flight_limit - self._in_flight)
        while len(handed) < most:
            message = take()
            if message is None:
                break
            if redrives and self._is_exhausted(message):
                changes += self._dead_letter(message, now)
                continue
            handed.append(message)
        self._hand_out(handed, now, timeout, by, changes)
        return HandedOut(handed, changes)

    def move_exhausted(self, now: int) -> list[Change]:
        """Move what a receive would meet first and no longer hand out to the dead-letter queue, as a long poll does."""
        changes = self.settle(now)
        while (line := self._first_line(self._lines)) and (message := line.head()) and self._is_exhausted(message):
            changes += self._dead_letter(message, now)
        return changes

    def delete(self, receipt: Receipt, now: int) -> Answered:
        """Delete the message of the latest receipt. An older receipt succeeds and deletes nothing. [consume-5]

        Raises `Refused` (InvalidParameterValue) for a receipt more than 12 hours old.
        """
        changes = self.settle(now)
        message = self._messages.get(receipt.number)
        if message is None:
            return Answered(Effect.NOTHING_TO_DELETE, None, changes)
        if not self._is_current(message, receipt):
            return Answered(Effect.OLD_RECEIPT, message, changes)
        if now > message.received + LONGEST:
            raise answers.expired_handle()
        if self.faults.undelete and self._comes_back(message):
            return Answered(Effect.COPY_KEPT, message, changes)
        changes.append(self._remove(message, now, DELETED, DELETE))
        return Answered(DID_DELETE, message, changes)

    def change_visibility(self, receipt: Receipt, timeout: int, now: int) -> Answered:
        """Hide a message in flight for `timeout` seconds from now; 0 shows it at once. [vis-6]

        A message whose timeout has ended stays visible. Raises `Refused` (InvalidParameterValue) when the message is
        gone, or when the new end is more than 12 hours after its receive.
        """
        changes = self.settle(now)
        message = self._messages.get(receipt.number)
        if message is None:
            raise answers.gone()
        if message.state != IN_FLIGHT:
            return Answered(Effect.TIMEOUT_HAD_ENDED, message, changes)
        if now + timeout * SECOND > self._latest_end(message, now):
            raise answers.too_long(timeout)
        changes.append(self._rehide(message, now, timeout))
        return Answered(Effect.TIMEOUT_CHANGED, message, changes)

    def crash(self, consumer: str, now: int) -> list[Change]:
        """Let a consumer die at this instant: SQS does not notice, so only what fell due changes. [vis-7]"""
        changes = self.settle(now)
        held = self._held_by(consumer)
        return changes + [self._return(message, now, Cause.CONSUMER_CRASHED, consumer) for message in held]

    def purge(self, now: int) -> list[Change]:
        """Remove every message, in flight or not; once per 60 seconds. Raises `Refused` (PurgeQueueInProgress)."""
        changes = self.settle(now)
        if self._purged_at is not None and now < self._purged_at + answers.PURGE_INTERVAL * SECOND:
            raise answers.purging(self.name)
        self._purged_at = now
        for message in self.stored():
            changes.append(self._remove(message, now, PURGED, Cause.PURGED))
        self._forget_all()
        return changes

    def accept(self, message: Message, now: int, source: str) -> list[Change]:
        """Take a message moved here from `source`; id, enqueue time and receive count stay. [produce-3]"""
        changes = self.settle(now)
        changes.append(self._take_in(message, now, source))
        return changes

    def redrive(self, message: Message, target: StandardQueue, now: int) -> list[Change]:
        """Send a visible message on to `target`, where it is a new one. [redrive-new-message]"""
        changes = self.settle(now)
        removed = self._remove(message, now, REDRIVEN, Cause.REDRIVEN_OUT, target.name)
        return [*changes, removed, *target.take_redriven(message, now, self.name)]

    def take_redriven(self, old: Message, now: int, source: str) -> list[Change]:
        """Take in what a move task sends: a new id, send time and receive count. [redrive-new-message]"""
        sent = self._send_again(old, now, f"the move task of {source}")
        self._redriven += 1
        message = sent.message
        message.attributes, message.earlier = old.attributes, old.id
        message.system = {name: value for name, value in old.system.items() if name != SOURCE}
        sent.changes[-1].cause, sent.changes[-1].other = Cause.REDRIVEN_IN, source
        return sent.changes

    # The promises, and the chance that AWS leaves

    def _hidden_until(self, message: Message, now: int, timeout: int) -> int:
        """The visibility timeout counts from the receive, and a changed one is not remembered. [vis-2] [vis-6]"""
        return now + timeout * SECOND

    def _polled(self, now: int) -> None:
        """A poll does nothing to the messages in flight. [vis-2]"""

    def _extended_until(self, message: Message, now: int, timeout: int) -> int:
        """A changed visibility timeout counts from the call; it does not add up. [vis-6]"""
        return now + timeout * SECOND

    def _latest_end(self, message: Message, now: int) -> int:
        """All extensions together end 12 hours after the receive. [vis-6]"""
        return message.received + LONGEST

    def _is_current(self, message: Message, receipt: Receipt) -> bool:
        """Only the handle of the latest receive counts. [consume-5]"""
        return receipt.receive == message.receives

    def _is_exhausted(self, message: Message) -> bool:
        """A message received `maxReceiveCount` times moves to the dead-letter queue at the next receive."""
        limit = self.settings.max_receive_count
        return limit is not None and message.receives >= limit and self.settings.dead_letter_queue is not None

    def _held_by(self, consumer: str) -> list[Message]:
        """SQS does not know its consumers, so when one crashes nothing is given back. [vis-7]"""
        return []

    def _comes_back(self, message: Message) -> bool:
        """A deleted message may come back, where a server with a copy was away. [std-10]"""
        return self._chance("undelete", message) < self.faults.undelete

    def _goes_to_back(self, message: Message) -> bool:
        """Received 3 times and maxReceiveCount above 3: AWS moves it to the back of the queue. [std-11]"""
        limit = self.settings.max_receive_count
        return limit is not None and limit > BACK_OF_QUEUE_RECEIVES and message.receives >= BACK_OF_QUEUE_RECEIVES

    def _noisy_tenants(self, tenants: Tenants, now: int) -> dict[str, Tenant]:
        """Above a threshold, with a backlog, and heard of in the last five minutes. [fair-1] [fair-4]"""
        exceeding = tenants.exceeding(self._in_flight, now)
        return {name: one for name, one in exceeding.items() if one.visible and now < one.sent + QUIET_AFTER}

    def _held_groups(self, tenants: Tenants) -> frozenset[str]:
        """A group on a standard queue holds nothing back while a message of it is in flight. [missing-fair-queues]"""
        return frozenset()

    def _asked(self, by: str, long_poll: bool) -> list[Line]:
        """A long poll asks all servers, a short poll a sample of them. [longpoll-2]"""
        if long_poll:
            return self._lines
        nth = self._polls[by]
        self._polls[by] = nth + 1
        return sampled(self._lines, self.faults.sample, nth, self.seed, self.name, "sample", by, nth)

    # How a message moves

    def _send_again(self, old: Message, now: int, by: str) -> Sent:
        return self.send(old.body, now, by=by, group=old.group)

    def _hand_out(self, messages: list[Message], now: int, timeout: int, by: str, changes: list[Change]) -> None:
        """Receiving hides a message; it stays stored until it is deleted. [vis-1] [consume-5]"""
        queue, timers, may_duplicate = self.name, self._timers, self.faults.duplicate > 0
        tenants = self._tenants
        for message in messages:
            message.receives = receives = message.receives + 1
            message.received = now
            message.holder = by
            if receives == 1:
                message.first_received = now
            cause, after = RECEIVED, IN_FLIGHT
            if timeout == 0 or (may_duplicate and self._chance("duplicate", message) < self.faults.duplicate):
                self._enqueue(message)
                cause, after = Cause.RECEIVED_NOT_HIDDEN, VISIBLE
            else:
                self._in_flight += 1
                message.state = after
                message.version = version = message.version + 1
                message.due = due = self._hidden_until(message, now, timeout)
                heappush(timers, (due, message.number, version, message))
                if tenants is not None:
                    self._moved(message, VISIBLE, after, now)
            changes.append(Change(now, queue, message, VISIBLE, after, cause, receives))
        self._tidy_timers()

    def _rehide(self, message: Message, now: int, timeout: int) -> Change:
        if timeout == 0:
            return self._return(message, now, Cause.GIVEN_BACK)
        self._become(message, IN_FLIGHT)
        self._time(message, self._extended_until(message, now, timeout))
        message.extension = timeout
        before = after = IN_FLIGHT
        return Change(now, self.name, message, before, after, Cause.TIMEOUT_CHANGED, message.receives, timeout)

    def _dead_letter(self, message: Message, now: int) -> list[Change]:
        target = self.settings.dead_letter_queue
        assert target is not None
        removed = self._remove(message, now, DEAD_LETTERED, Cause.EXHAUSTED, target.name)
        return [removed, *target.accept(message, now, self.name)]

    def _taking(self, by: str, long_poll: bool) -> Callable[[], Message | None]:
        """The function that takes out the next message of the servers that a receive asks."""
        if self._tenants is not None:
            self._tenants.noisy = self._noisy_tenants(self._tenants, self._settled)
            self._tenants.held = self._held_groups(self._tenants)
        return self._lines[0].pop if len(self._lines) == 1 else partial(self._first_of, self._asked(by, long_poll))
