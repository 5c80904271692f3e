"""An SQS FIFO queue: all of a standard queue's capabilities, order in a group, no duplicate sends."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

from labkit.causes import DELAYED, IN_FLIGHT, Cause, Effect
from labkit.ledger import quota
from labkit.rules.answers import Answered, HandedOut, Sent, expired_handle, gone
from labkit.rules.attempts import Attempts
from labkit.rules.chance import draw
from labkit.rules.change import Change
from labkit.rules.deduplication import INTERVAL, AcceptedSend, Deduplication, content_id
from labkit.rules.faults import Faults
from labkit.rules.groups import Groups
from labkit.rules.limits import INVALID
from labkit.rules.message import SECOND, Message, Receipt
from labkit.rules.queue import StandardQueue
from labkit.rules.refused import Refused
from labkit.rules.settings import QueueSettings
from labkit.rules.throughput import CALLS, Throughput, high_throughput

IN_FLIGHT_LIMIT = quota("sqs.in_flight.fifo")
LOOK_AHEAD = quota("sqs.fifo.group_lookup")
FIRST_SEQUENCE = 18_850_000_000_000_000_000
SEQUENCE_STEP = 256
AT_ONCE = quota("sqs.receive.maximum_messages")
PROPAGATION = quota("sqs.attributes.propagation") * SECOND
PER_GROUP = "perMessageGroupId"
NO_ID = "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly"
NO_GROUP = "The request must contain the parameter MessageGroupId."
NO_DELAY = "Value {} for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid"


class FifoQueue(StandardQueue):
    """An SQS FIFO queue. Every `now` is microseconds since 1970 and never goes back; timeouts are seconds.

    Faults of standard queues do not occur. Which group comes first among several AWS leaves open: here the one whose
    first message waits longest, and a message that was handed out lines up anew. [fifo-2] [fifo-6] [fifo-7] [sqsord-2]
    """

    calls_a_second = CALLS

    def __init__(
        self,
        name: str,
        settings: QueueSettings | None = None,
        *,
        seed: int = 0,
        faults: Faults | None = None,
        in_flight_limit: int = IN_FLIGHT_LIMIT,
        look_ahead: int = LOOK_AHEAD,
    ) -> None:
        super().__init__(name, settings, seed=seed, faults=Faults.none(), in_flight_limit=in_flight_limit)
        self.look_ahead = look_ahead
        self._keeps_order = False
        self._groups = Groups(self._messages, self._looks_at(), self._blocks)
        self._lines = [self._groups]
        self._scopes = [(0, self.settings.deduplication_scope)]
        self._deduplication = Deduplication()
        self._throughput = Throughput()
        self._attempts = Attempts()
        self._sequences = 0
        self._known_delay = self.settings.delay_seconds

    # The data plane

    def check(self, body: str, group: str | None, deduplication: str | None, attributes: object = None) -> str:
        """Return the deduplication id that a send would have. Raises `Refused` when it lacks it or its group."""
        self._group_of(group)
        if deduplication is None:
            if not self.settings.content_based_deduplication:
                raise Refused(INVALID, NO_ID)
            return self._content_id(body, attributes)
        return deduplication

    def send(
        self,
        body: str,
        now: int,
        *,
        by: str = "you",
        delay: int | None = None,
        group: str | None = None,
        deduplication: str | None = None,
        attributes: object = None,
    ) -> Sent:
        """Store a message at the end of its group, or answer with the one that this one repeats. [fifo-6]

        AWS does not say what it answers to a duplicate; here it is the first message's id and sequence number.
        """
        changes = self.settle(now)
        delay = self._delay_of(delay)
        id, group = self.check(body, group, deduplication, attributes), self._group_of(group)
        known = self._deduplication.known(id, group, self._scope(now))
        if known is not None and self._is_remembered(known, now):
            return Sent(known.message, changes, Effect.DUPLICATE)
        sent = super().send(body, now, by=by, delay=delay, group=group)
        sent.changes[:0] = changes
        message = sent.message
        message.deduplication = id
        message.sequence = self._next_sequence()
        self._deduplication.note(id, group, message, now)
        return sent

    def receive(
        self,
        now: int,
        limit: int = 1,
        timeout: int | None = None,
        *,
        by: str = "you",
        long_poll: bool = False,
        attempt: str | None = None,
    ) -> HandedOut:
        """Hand out up to `limit` messages in the order of their groups; never refused, empty at the in-flight limit.

        `attempt`, a ReceiveRequestAttemptId, brings the same messages and receipts again for 5 minutes, hidden anew,
        unless one of them was deleted, changed or became visible.
        """
        changes = self.settle(now)
        repeated = self._attempts.repeated(attempt, now)
        if repeated is None:
            received = super().receive(now, limit, timeout, by=by, long_poll=True)
            received.changes[:0] = changes
        else:
            timeout = self.settings.visibility_timeout if timeout is None else timeout
            changes += [self._rehide(message, now, timeout) for message in repeated.messages]
            received = HandedOut(repeated.messages, changes)
        self._attempts.note(attempt, received.messages, now if repeated is None else repeated.at)
        return received

    def delete(self, receipt: Receipt, now: int) -> Answered:
        """Delete the message of a receipt. Raises `Refused` (InvalidParameterValue) once its timeout has ended."""
        changes = self.settle(now)
        self._check_held(receipt, expired_handle)
        answered = super().delete(receipt, now)
        answered.changes[:0] = changes
        return answered

    def change_visibility(self, receipt: Receipt, timeout: int, now: int) -> Answered:
        """Hide a message in flight for `timeout` seconds from now. Raises `Refused` once its timeout has ended."""
        changes = self.settle(now)
        self._check_held(receipt, gone)
        answered = super().change_visibility(receipt, timeout, now)
        answered.changes[:0] = changes
        return answered

    def purge(self, now: int) -> list[Change]:
        """Remove every message, and forget the deduplication ids. Raises `Refused` (PurgeQueueInProgress)."""
        purged = super().purge(now)
        self._deduplication.forget_all()
        return purged

    def accept(self, message: Message, now: int, source: str) -> list[Change]:
        """Take a message moved here from `source`; its retention begins anew, its id is its deduplication id."""
        message.sent = now
        message.deduplication = message.id
        return super().accept(message, now, source)

    def admit(self, action: str, groups: Iterable[str], now: int) -> None:
        """Count a call of an action, batched or not, that touches these groups. Raises `Refused` (ThrottlingException).

        300 calls a second, batches among them; with high throughput the Region's quota, and 300 for each group, which
        lies in one partition. Here no second ever holds more; AWS does not say how it measures. [fifo-4] [fifo-5]
        """
        limits: list[tuple[object, int]] = [(action, self.calls_a_second)]
        if self.settings.fifo_throughput_limit == PER_GROUP:
            limits = [(action, high_throughput(self.settings.region))]
            limits += [((action, group), self.calls_a_second) for group in sorted(set(groups))]
        self._throughput.admit(limits, now)

    def group_of(self, receipt: Receipt) -> str | None:
        """Return the group of the message of a receipt, None when it is gone."""
        message = self._messages.get(receipt.number)
        return None if message is None else message.group

    # Time

    def settle(self, now: int) -> list[Change]:
        """Apply what fell due; a changed delay of the queue acts on the messages that are delayed already."""
        if self._known_delay != self.settings.delay_seconds:
            self._known_delay = self.settings.delay_seconds
            for message in self.stored() if self._delayed else ():
                if message.state == DELAYED:
                    message.version += 1
                    self._time(message, message.sent + self._known_delay * SECOND)
        self._scope(now)
        # The calls of this class settle before they check and again in the standard queue's method: once is enough.
        if now > self._settled:
            self._deduplication.forget_unless(lambda accepted: self._is_remembered(accepted, now))
        return super().settle(now)

    def next_visible(self, now: int, attempt: str | None = None) -> int | None:
        """Tell when a message may be handed out (`now` if one can be, or again); None when none will without a call."""
        if self._in_flight < self.in_flight_limit and self._groups.head() is not None:
            return now
        if self._attempts.repeated(attempt, now) is not None:
            return now
        return self.next_event(now)

    # The promises, of which a myth overrides one

    def _group_of(self, group: str | None) -> str:
        """Every message names its group. [sqsord-3]"""
        if group is None:
            raise Refused("MissingParameter", NO_GROUP)
        return group

    def _content_id(self, body: str, attributes: object) -> str:
        """Content-based deduplication looks at the body alone. [fifo-6]"""
        return content_id(body)

    def _is_remembered(self, accepted: AcceptedSend, now: int) -> bool:
        """An id is remembered for 5 minutes from its accepted send, whatever became of the message. [fifo-6]"""
        return now < accepted.at + INTERVAL

    def _scope(self, now: int) -> str:
        """Deduplication counts in the queue or in a group; a changed setting acts after up to 60 seconds. [fifo-4]"""
        if self._scopes[-1][1] != self.settings.deduplication_scope:
            self._scopes.append((now + PROPAGATION, self.settings.deduplication_scope))
        while len(self._scopes) > 1 and self._scopes[1][0] <= now:
            del self._scopes[0]
        return self._scopes[0][1]

    def _delay_of(self, given: int | None) -> int | None:
        """Only the queue sets a delay: a message's own is refused, and 0 means the queue's. [fifo-message-delay]"""
        if given:
            raise Refused(INVALID, NO_DELAY.format(given) + " for this queue type.")
        return None

    def _blocks(self, message: Message) -> bool:
        """A message that is not visible holds back all that follow it in its group. [fifo-7]"""
        return True

    def _at_once(self) -> int:
        """One receive hands out up to 10 messages of one group, then of further groups. [fifo-7]"""
        return AT_ONCE

    def _looks_at(self) -> int:
        """Only the first 120,000 messages are searched for open groups. [fifo-look-ahead]"""
        return self.look_ahead

    def _is_held(self, message: Message, receipt: Receipt) -> bool:
        """A receipt handle is good until the visibility timeout ends, and no longer. [fifo-late-delete]"""
        return message.state == IN_FLIGHT and receipt.receive == message.receives

    def _goes_to_back(self, message: Message) -> bool:
        """A message keeps its place in its group, however often it was received. [fifo-7]"""
        return False

    # How a message moves

    def _send_again(self, old: Message, now: int, by: str) -> Sent:
        return self.send(old.body, now, by=by, group=old.group, deduplication=old.id)

    def _taking(self, by: str, long_poll: bool) -> Callable[[], Message | None]:
        taken: deque[Message] = deque()

        def take() -> Message | None:
            if not taken:
                taken.extend(self._groups.take(self._at_once()))
            if not taken:
                return None
            message = taken.popleft()
            message.place = self._arrivals
            self._arrivals += 1
            return message

        return take

    def _hand_out(self, messages: list[Message], now: int, timeout: int, by: str, changes: list[Change]) -> None:
        super()._hand_out(messages, now, timeout, by, changes)
        for message in {message.group: message for message in messages}.values():
            self._groups.offer(message)

    def _delay(self, message: Message, now: int, seconds: int) -> None:
        self._groups.add(message)
        super()._delay(message, now, seconds)

    def _remove(self, message: Message, at: int, after: str, cause: Cause, other: str | None = None) -> Change:
        removed = super()._remove(message, at, after, cause, other)
        self._groups.remove(message.number, message)
        return removed

    def _joins(self, message: Message, after: str, now: int) -> None:
        """A message group is no tenant here: it orders its messages."""

    def _next_sequence(self) -> int:
        """Sequence numbers grow, and are not consecutive."""
        nth = self._sequences
        self._sequences = nth + 1
        return FIRST_SEQUENCE + nth * SEQUENCE_STEP + int(draw(self.seed, self.name, "sequence", nth) * SEQUENCE_STEP)

    def _check_held(self, receipt: Receipt, refusal: Callable[[], Refused]) -> None:
        message = self._messages.get(receipt.number)
        if message is not None and not self._is_held(message, receipt):
            raise refusal()
