"""The answers about dead-letter queues, in AWS's shape: moto has no message move tasks and cannot page sources."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlparse

from moto.core.responses import PaginatedResult

from labkit.aws.asked import Answering, Asked, Given
from labkit.aws.over_http import Answer
from labkit.aws.records import Records
from labkit.ledger import quota
from labkit.rules import Refused
from labkit.rules.move_task import FAILED, RUNNING

from . import move_tasks
from .errors import as_service_error
from .stores import sources_of

MOST_TASKS = quota("sqs.move_task.listed")
MOST_SOURCES = quota("sqs.list_queues.maximum_results")


def start_message_move_task(lab: Records, account: str, given: Given) -> Given:
    """StartMessageMoveTask."""
    rate = given.get("MaxNumberOfMessagesPerSecond")
    move = move_tasks.start(
        lab, account, given["SourceArn"], given.get("DestinationArn"), None if rate is None else int(rate)
    )
    return {"TaskHandle": move.handle}


def list_message_move_tasks(lab: Records, account: str, given: Given) -> Given:
    """ListMessageMoveTasks."""
    limit = int(given.get("MaxResults") or 1)
    if not 1 <= limit <= MOST_TASKS:
        reason = f"You must enter a number that's between 1 and {MOST_TASKS}."
        raise Refused("InvalidParameterValue", f"Value for parameter MaxResults is invalid. Reason: {reason}")
    moves = move_tasks.tasks(lab, account, given["SourceArn"], limit)
    return {"Results": [_told(move) for move in moves]} if moves else {}


def cancel_message_move_task(lab: Records, account: str, given: Given) -> Given:
    """CancelMessageMoveTask."""
    return {"ApproximateNumberOfMessagesMoved": move_tasks.cancel(lab, account, given["TaskHandle"])}


def _told(move: move_tasks.Move) -> dict[str, Any]:
    task = move.task
    told = {
        "TaskHandle": move.handle if task.status == RUNNING else None,
        "Status": task.status,
        "SourceArn": move.source,
        "DestinationArn": move.destination,
        "MaxNumberOfMessagesPerSecond": move.rate,
        "ApproximateNumberOfMessagesMoved": task.moved,
        "ApproximateNumberOfMessagesToMove": task.to_move,
        "FailureReason": task.reason if task.status == FAILED else None,
        "StartedTimestamp": task.started // 1_000,
    }
    return {name: value for name, value in told.items() if value is not None}


def _for_account(action: Callable[[Records, str, Given], Given]) -> Answering:
    @wraps(action)
    def answer(lab: Records, asked: Asked) -> Given:
        try:
            move_tasks.settle(lab)
            return action(lab, asked.account, asked.given)
        except Refused as refused:
            raise as_service_error(refused) from None

    return answer


ANSWERS: dict[str, Answering] = {
    "StartMessageMoveTask": _for_account(start_message_move_task),
    "ListMessageMoveTasks": _for_account(list_message_move_tasks),
    "CancelMessageMoveTask": _for_account(cancel_message_move_task),
}


def list_dead_letter_source_queues(response: Any) -> Any:
    """ListDeadLetterSourceQueues: in pages where MaxResults says so."""
    queue = response.sqs_backend.get_queue(response._get_queue_name())
    limit = response._get_param("MaxResults")
    if limit is not None and not 1 <= int(limit) <= MOST_SOURCES:
        reason = f"Value range is 1 to {MOST_SOURCES}."
        refused = Refused("InvalidParameterValue", f"Value for parameter MaxResults is invalid. Reason: {reason}")
        raise as_service_error(refused)
    address = urlparse(response.uri)
    urls = [source.url(address) for source in sources_of(queue)]
    return Answer({"queueUrls": urls[:MOST_SOURCES]}) if limit is None else PaginatedResult({"queueUrls": urls})
