"""Message move tasks at the seam: which queues they move between, and when their steps happen in lab time."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from binascii import Error
from typing import Any

from labkit.aws.records import Records
from labkit.ledger import quota
from labkit.rules import Change, Message, MoveTask, Refused, StandardQueue, identifier
from labkit.rules.move_task import FASTEST

from .stores import NO_QUEUE, queue_of_arn, rules_of, sources_of

INVALID = "InvalidParameterValue"
MISSING = "ResourceNotFoundException"
SOURCE = "DeadLetterQueueSourceArn"
ACTIVE_TASKS = quota("sqs.move_task.active_per_account")
FORM = "arn:<partition>:<service>:<region>:<account-id>:<resource-id>"


class Move:
    """One task with its names: the ARNs that StartMessageMoveTask was given, and its id."""

    def __init__(self, lab: Records, source: str, destination: str | None, rate: int | None, number: int) -> None:
        self.lab = lab
        self.source = source
        self.destination = destination
        self.rate = rate
        self.id = identifier(lab.seed, "move task", source, number)
        self.task = MoveTask(self._rules_of_source, self._route, lab.scheduler.now, rate)

    @property
    def handle(self) -> str:
        """The TaskHandle: the task's id and its source, in AWS's own form."""
        return b64encode(json.dumps({"taskId": self.id, "sourceArn": self.source}).encode()).decode()

    @property
    def account(self) -> str:
        """The account whose task this is."""
        return self.source.split(":")[4]

    def settle(self, now: int) -> None:
        """Do and record what fell due, and wake who waits where messages arrived."""
        changes = self.task.settle(now)
        self.lab.record(changes, by="time")
        for arn in _arrivals(changes, self.destination):
            self.lab.scheduler.notify(queue_of_arn(arn))

    def _rules_of_source(self) -> StandardQueue:
        return self._rules(self.source)

    def _route(self, message: Message) -> StandardQueue:
        arn = self.destination or message.system.get(SOURCE)
        if arn is None:
            raise Refused("CouldNotDetermineMessageSource", "")
        return self._rules(arn)

    def _rules(self, arn: str) -> StandardQueue:
        queue = queue_of_arn(arn)
        if queue is None:
            raise Refused(NO_QUEUE, "")
        return rules_of(queue, self.lab)


def _arrivals(changes: list[Change], destination: str | None) -> set[str]:
    """The ARNs of the queues that messages were moved to."""
    moved = [change.message for change in changes if change.after == "redriven"]
    return {destination or message.system[SOURCE] for message in moved}


class Moves:
    """The tasks of a lab, by the ARN of the queue that they empty, the latest last."""

    def __init__(self, lab: Records) -> None:
        self._by_source: dict[str, list[Move]] = {}

    def of(self, source: str) -> list[Move]:
        """The tasks of one queue."""
        return self._by_source.get(source, [])

    def add(self, move: Move) -> None:
        """Keep a task that has just started."""
        self._by_source.setdefault(move.source, []).append(move)

    def active(self) -> list[Move]:
        """The tasks that have something to do; a queue has at most one."""
        return [moves[-1] for moves in self._by_source.values() if moves[-1].task.is_active]

    def next(self) -> Move | None:
        """The task whose step is due first."""
        if not self._by_source:  # asked at each call
            return None
        return min(self.active(), key=lambda move: (move.task.due, move.source), default=None)


def settle(lab: Records) -> None:
    """Bring every task up to the present, step by step in order of time."""
    moves, now = lab.part(Moves), lab.scheduler.now
    while (move := moves.next()) is not None and (due := move.task.due) is not None and due <= now:
        move.settle(due)


def next_event(lab: Records) -> int | None:
    """When the next task does its next step; None when no task is active."""
    move = lab.part(Moves).next()
    return None if move is None else move.task.due


def next_arrival(lab: Records, arn: str) -> int | None:
    """When a task may bring a message to the queue of this ARN; None when none will."""
    dues = [move.task.due for move in lab.part(Moves).active() if move.destination in (None, arn)]
    return min((due for due in dues if due is not None), default=None)


# The three actions


def start(lab: Records, account: str, source: str, destination: str | None, rate: int | None) -> Move:
    """StartMessageMoveTask. Raises `Refused` as AWS would. [redrive-needs-source] [redrive-one-task]"""
    queue = _own(account, source)
    if not sources_of(queue):
        raise Refused(INVALID, "Source queue must be configured as a Dead Letter Queue.")
    if destination is not None:
        _check_destination(queue, destination)
    if rate is not None and not 1 <= rate <= FASTEST:
        reason = f"You must enter a number that's between 1 and {FASTEST}."
        raise Refused(INVALID, f"Value for parameter MaxNumberOfMessagesPerSecond is invalid. Reason: {reason}")
    earlier = lab.part(Moves).of(source)
    _check_active(lab, earlier, queue.account_id)
    move = Move(lab, source, destination, rate, len(earlier))
    lab.part(Moves).add(move)
    waiting = sources_of(queue) if destination is None else [queue_of_arn(destination)]
    for target in waiting:
        lab.scheduler.notify(target)
    return move


def tasks(lab: Records, account: str, source: str, limit: int) -> list[Move]:
    """ListMessageMoveTasks: the tasks of a queue, the latest first."""
    _own(account, source)
    return lab.part(Moves).of(source)[: -limit - 1 : -1]


def cancel(lab: Records, account: str, handle: str) -> int:
    """CancelMessageMoveTask: how many messages have moved. Raises `Refused` as AWS would. [redrive-task-cancel]"""
    identity, source = _read(handle)
    _own(account, source)
    for move in lab.part(Moves).of(source):
        if move.id == identity:
            return move.task.cancel()
    raise Refused(MISSING, "Task does not exist.")


def _read(handle: str) -> tuple[str, str]:
    try:
        content = json.loads(b64decode(handle, validate=True))
        return content["taskId"], str(content["sourceArn"])
    except (Error, ValueError, TypeError, KeyError):
        raise Refused(INVALID, "Value for parameter TaskHandle is invalid.") from None


def _own(account: str, source: str) -> Any:
    """The source queue, which must be the caller's: cross-account permissions do not apply to move tasks."""
    queue = _existing(source, "SourceArn")
    if queue.account_id != account:
        raise Refused(MISSING, "The resource that you specified for the SourceArn parameter doesn't exist.")
    return queue


def _existing(arn: str, name: str) -> Any:
    if len(arn.split(":")) != 6:
        raise Refused(INVALID, f"You must use this format to specify the {name}: {FORM}")
    queue = queue_of_arn(arn)
    if queue is None:
        raise Refused(MISSING, f"The resource that you specified for the {name} parameter doesn't exist.")
    return queue


def _check_destination(source: Any, destination: str) -> None:
    if destination == source.queue_arn:
        raise Refused(INVALID, "Source queue arn and destination queue arn cannot be the same.")
    queue = _existing(destination, "DestinationArn")
    if bool(queue.fifo_queue) != bool(source.fifo_queue):
        raise Refused(INVALID, "The source queue and destination queue must be of the same queue type.")


def _check_active(lab: Records, earlier: list[Move], account: str) -> None:
    if earlier and earlier[-1].task.is_active:
        only = "Only one active task is allowed for a source queue arn at a given time."
        raise Refused(INVALID, f"There is already a task running. {only}")
    if sum(move.account == account for move in lab.part(Moves).active()) >= ACTIVE_TASKS:
        raise Refused("RequestThrottled", f"An account can have {ACTIVE_TASKS} active message move tasks.")
