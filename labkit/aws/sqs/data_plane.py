"""The data-plane actions of SQS on the rules, at the lab's present instant, recorded in its history."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from labkit.aws.records import Records
from labkit.causes import DEAD_LETTERED, Effect
from labkit.rules import SECOND, Answered, Change, FifoQueue, Message, Receipt, Refused, StandardQueue, limits
from labkit.rules.deduplication import INTERVAL
from labkit.rules.message_attributes import check_attributes, check_system

from . import encryption, handles, move_tasks
from .stores import all_queues, dead_letter_queue_of, receipt_of, rules_of

Parameters = dict[str, Any]


def send(lab: Records, queue: Any, entry: Parameters, problem: str = "are invalid") -> Message:
    """Store one message given by SendMessage's parameters. Raises `Refused` as AWS would."""
    body = entry["MessageBody"]
    attributes, system = entry.get("MessageAttributes") or {}, entry.get("MessageSystemAttributes") or {}
    delay = entry.get("DelaySeconds")
    limits.check_body(body)
    check_attributes(attributes)
    check_system(system)
    limits.check_size(body, attributes, queue.maximum_message_size, problem)
    limits.check_group(entry.get("MessageGroupId"))
    limits.check_deduplication(entry.get("MessageDeduplicationId"), bool(queue.fifo_queue))
    if delay is not None:
        limits.check_delay(int(delay))
    encryption.check_key(queue)
    rules = _settled(lab, queue)
    given: Parameters = {"delay": None if delay is None else int(delay), "group": entry.get("MessageGroupId")}
    if isinstance(rules, FifoQueue):
        given |= {"deduplication": entry.get("MessageDeduplicationId"), "attributes": attributes}
    sent = rules.send(body, lab.scheduler.now, by=lab.who(), **given)
    if sent.effect is not None:
        lab.note_effect(sent.effect, seconds=INTERVAL // SECOND)
        return sent.message
    sent.message.attributes = dict(attributes)
    sent.message.system = dict(system)
    lab.record(sent.changes)
    lab.scheduler.notify(queue)
    return sent.message


def check_required(lab: Records, queue: Any, entries: list[Parameters]) -> None:
    """Raise `Refused` for a batch to a FIFO queue in which an entry lacks its group or deduplication id."""
    rules = rules_of(queue, lab)
    if isinstance(rules, FifoQueue):
        for entry in entries:
            try:
                rules.check(entry["MessageBody"], entry.get("MessageGroupId"), entry.get("MessageDeduplicationId"))
            except Refused as refused:
                raise Refused("InvalidParameterValue", refused.message) from None


def admit(lab: Records, queue: Any, action: str, entries: list[Parameters]) -> None:
    """Count a call against a FIFO queue's throughput. Raises `Refused` (ThrottlingException)."""
    rules = rules_of(queue, lab)
    if isinstance(rules, FifoQueue) and has_rate(lab):
        rules.admit(action, _groups(rules, entries), lab.scheduler.now)


def has_rate(lab: Records) -> bool:
    """Whether calls come at a rate: those from a cell or from a service take no lab time, so there is none."""
    return lab.scheduler.current() is not None and lab.who() == lab.caller


def _groups(rules: FifoQueue, entries: list[Parameters]) -> Iterator[str]:
    """The message groups that the entries of a call name, in themselves or by receipt handle."""
    for entry in entries:
        group = entry.get("MessageGroupId")
        if group is None and (receipt := handles.receipt(rules.owner, entry.get("ReceiptHandle") or "")) is not None:
            group = rules.group_of(receipt)
        if group is not None:
            yield group


def receive(
    lab: Records, queue: Any, limit: int, timeout: int | None, long_poll: bool, attempt: str | None
) -> list[Message]:
    """Hand out up to `limit` messages and hide them for `timeout` seconds (None: the queue's)."""
    encryption.check_key(queue)
    rules = _settled(lab, queue)
    given: Parameters = {"attempt": attempt} if isinstance(rules, FifoQueue) else {}
    got = rules.receive(lab.scheduler.now, limit, timeout, by=lab.who(), long_poll=long_poll, **given)
    lab.record(got.changes)
    for message in got.messages:
        lab.received[rules.owner, message.number] = message.id
    if timeout == 0 and got.messages:
        lab.scheduler.notify(queue)
    _after_moves(lab, queue, got.changes)
    return got.messages


def delete(lab: Records, queue: Any, handle: str) -> Answered:
    """Delete by receipt handle. Raises `Refused` as AWS would."""
    now = lab.scheduler.now
    answered = _on_receipt(lab, queue, handle, lambda rules, receipt: rules.delete(receipt, now))
    if queue.fifo_queue:
        lab.scheduler.notify(queue)
    return answered


def change_visibility(lab: Records, queue: Any, handle: str, timeout: int) -> Answered:
    """Change a delivery's visibility timeout, counted from now. Raises `Refused` as AWS would."""
    limits.check_between(timeout, "VisibilityTimeout", 0, limits.LONGEST_HIDDEN)
    now = lab.scheduler.now
    answered = _on_receipt(lab, queue, handle, lambda rules, receipt: rules.change_visibility(receipt, timeout, now))
    lab.scheduler.notify(queue)
    return answered


def purge(lab: Records, queue: Any) -> None:
    """Remove all messages. Raises `Refused` within 60 seconds of the last time."""
    lab.record(_settled(lab, queue).purge(lab.scheduler.now))


def settle(lab: Records, queue: Any) -> None:
    """Record what fell due under the present settings, so that changed ones act from now on."""
    move_tasks.settle(lab)
    lab.record(rules_of(queue, lab).settle(lab.scheduler.now), by="time")


def next_visible(lab: Records, queue: Any, attempt: str | None = None) -> int | None:
    """Tell when the queue will have a message to hand out; what is exhausted moves to the dead-letter queue now."""
    rules, now = _settled(lab, queue), lab.scheduler.now
    if queue.redrive_policy is not None:
        moves = rules.move_exhausted(now)
        lab.record(moves)
        _after_moves(lab, queue, moves)
    visible = rules.next_visible(now, attempt) if isinstance(rules, FifoQueue) else rules.next_visible(now)
    instants = visible, move_tasks.next_arrival(lab, queue.queue_arn)
    return min((instant for instant in instants if instant is not None), default=None)


def crash(lab: Records, consumer: str) -> None:
    """Let a consumer's machine die now. AWS does not notice; only a myth's rules give something back."""
    move_tasks.settle(lab)
    for queue in all_queues():
        lab.record(rules_of(queue, lab).crash(consumer, lab.scheduler.now))
        lab.scheduler.notify(queue)


def counts(lab: Records, queue: Any) -> dict[str, int]:
    """Count the queue's messages by state."""
    return _settled(lab, queue).counts(lab.scheduler.now)[0]


def _settled(lab: Records, queue: Any) -> StandardQueue:
    """The queue's rules, after everything that fell due by now is recorded as time's doing, whatever the call does."""
    move_tasks.settle(lab)
    rules = rules_of(queue, lab)
    for one in (rules, rules.settings.dead_letter_queue):
        if one is not None:
            lab.record(one.settle(lab.scheduler.now), by="time")
    return rules


def _on_receipt(
    lab: Records, queue: Any, handle: str, action: Callable[[StandardQueue, Receipt], Answered]
) -> Answered:
    rules = _settled(lab, queue)
    receipt = receipt_of(queue, rules, handle)
    about = lab.received.get((rules.owner, receipt.number))
    try:
        answered = action(rules, receipt)
    except Refused as refused:
        lab.note_effect(Effect.REFUSED, about)
        raise Refused(refused.code, refused.message.replace("{handle}", handle)) from None
    lab.note_effect(answered.effect, about)
    lab.record(answered.changes)
    return answered


def _after_moves(lab: Records, queue: Any, changes: list[Change]) -> None:
    """Tell moved messages where they come from, and wake who waits at the dead-letter queue."""
    moved = [change.message for change in changes if change.after == DEAD_LETTERED]
    for message in moved:
        message.system = {**message.system, "DeadLetterQueueSourceArn": queue.queue_arn}
    if moved:
        lab.scheduler.notify(dead_letter_queue_of(queue))
