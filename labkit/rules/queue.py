"""The promises of an SQS standard queue as a state machine."""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heappush

from labkit.causes import DEAD_LETTERED, DELAYED, DELETED, IN_FLIGHT, PURGED, REDRIVEN, VISIBLE, Cause, Effect
from labkit.ledger import quota
from labkit.rules.change import Change
from labkit.rules.fairness import Fairness
from labkit.rules.faults import Faults
from labkit.rules.limits import LONGEST_HIDDEN
from labkit.rules.message import SECOND, Message, Receipt
from labkit.rules.promises import LONGEST
from labkit.rules.refused import Refused
from labkit.rules.settings import QueueSettings

IN_FLIGHT_LIMIT = quota("sqs.in_flight.standard")
PURGE_INTERVAL = quota("sqs.purge.interval")

INVALID = "InvalidParameterValue"
SOURCE = "DeadLetterQueueSourceArn"
EXPIRED_HANDLE = "The receipt handle has expired."
GONE = "Message does not exist or is not available for visibility timeout change."
OVER_LIMIT = (
    "Too many messages have been received without being deleted. "
    "Please delete your received messages or let them timeout before receiving more."
)
# Looking up an enum's member takes 65 ns in Python 3.11: what each message needs is looked up once.
SENT, RECEIVED, DELETE, DID_DELETE = Cause.SENT, Cause.RECEIVED, Cause.DELETED, Effect.DELETED


@dataclass(slots=True)
class Sent:
    """The message that a send stored, and all changes that had come due; `effect`: why it stored none, if so."""

    message: Message
    changes: list[Change]
    effect: Effect | None = None


@dataclass(slots=True)
class Received:
    """The messages handed out, each with its new `receipt`, and all changes that had come due."""

    messages: list[Message]
    changes: list[Change]


@dataclass(slots=True)
class Answered:
    """What a call on one receipt did: the message if it is still known, and the changes."""

    effect: Effect
    message: Message | None
    changes: list[Change]


class StandardQueue(Fairness):
    """An SQS standard queue. Every `now` is microseconds since 1970 and never goes back; timeouts are seconds.

    Each method first applies what fell due, stamped with its own time, and costs O(log n) in stored messages.
    Raises `Refused` with AWS's code and wording. [vis-1] [vis-4] [std-6] [std-10] [std-11]
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
    ) -> Received:
        """Hand out up to `limit` visible messages and hide each for `timeout` seconds (default: the queue's).

        A long poll asks all servers and is never refused; a short poll asks a sample where `Faults` say so.
        Raises `Refused` (OverLimit) when a short poll meets the in-flight limit. [vis-1] [consume-3]
        """
        changes = self.settle(now)
        self._polled(now)
        if self._in_flight >= self.in_flight_limit and not long_poll:
            raise Refused("OverLimit", OVER_LIMIT)
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
        return Received(handed, changes)

    def move_exhausted(self, now: int) -> list[Change]:
        """Move what a receive would meet first and no longer hand out to the dead-letter queue, as a long poll does."""
        changes = self.settle(now)
        while (message := self._first_of(self._lines)) is not None:
            if not self._is_exhausted(message):
                self._enqueue(message)
                break
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
            raise Refused(INVALID, "Value {handle} for parameter ReceiptHandle is invalid. Reason: " + EXPIRED_HANDLE)
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
            raise Refused(INVALID, "Value {handle} for parameter ReceiptHandle is invalid. Reason: " + GONE)
        if message.state != IN_FLIGHT:
            return Answered(Effect.TIMEOUT_HAD_ENDED, message, changes)
        if now + timeout * SECOND > self._latest_end(message, now):
            reason = f"Total VisibilityTimeout for the message is beyond the limit [{LONGEST_HIDDEN} seconds]."
            raise Refused(INVALID, f"Value {timeout} for parameter VisibilityTimeout is invalid. Reason: {reason}")
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
        if self._purged_at is not None and now < self._purged_at + PURGE_INTERVAL * SECOND:
            raise Refused(
                "AWS.SimpleQueueService.PurgeQueueInProgress",
                f"Only one PurgeQueue operation on {self.name} is allowed every {PURGE_INTERVAL} seconds.",
            )
        self._purged_at = now
        for message in self.stored():
            changes.append(self._remove(message, now, PURGED, Cause.PURGED))
        self._forget_all()
        return changes

    def accept(self, message: Message, now: int, source: str) -> list[Change]:
        """Take a message moved here from `source`; id, enqueue time and receive count stay. [produce-3]"""
        changes = self.settle(now)
        self._take_in(message)
        before, message.state = message.state, VISIBLE
        message.version += 1
        self._joins(message, VISIBLE, now)
        self._enqueue(message)
        receives = message.receives
        changes.append(Change(now, self.name, message, before, VISIBLE, Cause.MOVED_IN, receives, None, source))
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

    # How a message moves

    def _send_again(self, old: Message, now: int, by: str) -> Sent:
        return self.send(old.body, now, by=by, group=old.group)

    def _delay(self, message: Message, now: int, seconds: int) -> None:
        message.place = self._place(message.number)
        message.state = DELAYED
        self._delayed += 1
        self._time(message, now + seconds * SECOND)

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
