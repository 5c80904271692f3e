"""The SQS adapter: which of moto's methods the rules replace, and how a long poll waits outside moto."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any
from unittest.mock import patch

from moto.core.errors import COMMON_ERROR_CODES
from moto.sqs.models import Queue, SQSBackend
from moto.sqs.responses import SQSResponse

from labkit.aws import over_http
from labkit.aws.adapter import Adapter, Origin, Replacement
from labkit.aws.asked import Answering
from labkit.aws.current import current_lab
from labkit.aws.records import Records
from labkit.ledger import quota
from labkit.rules import SECOND

from . import (
    access,
    answers,
    control_plane,
    data_plane,
    errors,
    from_services,
    move_tasks,
    permissions,
    redrive_answers,
)
from .describe import describe
from .stores import all_queues, backend_of, rules_of

LONGEST_WAIT = quota("sqs.wait_time.maximum")
COUNTS = {
    "approximate_number_of_messages": "visible",
    "approximate_number_of_messages_not_visible": "in flight",
    "approximate_number_of_messages_delayed": "delayed",
}


class SqsAdapter(Adapter):
    """Puts the rules of queues behind moto's SQS; see `Adapter` for the methods."""

    @property
    def answers(self) -> Mapping[str, Answering]:
        """The data plane, and what programs ask for on their way to it."""
        return answers.ANSWERS

    def install(self, patches: ExitStack) -> None:
        """Replace moto's message store, data plane and validation."""
        known = [*COMMON_ERROR_CODES, *errors.UNMODELLED]  # moto warns of any other error code that is in no model
        patches.enter_context(patch("moto.core.errors.COMMON_ERROR_CODES", known))
        super().install(patches)

    def replacements(self) -> list[Replacement]:
        """The message store, the data plane and the validation."""
        methods = over_http.methods(answers.ANSWERS)
        methods["list_dead_letter_source_queues"] = redrive_answers.list_dead_letter_source_queues
        backend = control_plane.METHODS | permissions.METHODS | from_services.METHODS
        return [
            *((SQSResponse, name, method) for name, method in methods.items()),
            (SQSResponse, "serialized", errors.serialized),
            *((SQSBackend, name, method) for name, method in backend.items()),
            *access.REPLACED,
            *((Queue, name, from_services.no_store(name)) for name in from_services.STORES),
            *((Queue, name, _counting(state)) for name, state in COUNTS.items()),
            *((Queue, name, _WholeSeconds()) for name in ("created_timestamp", "last_modified_timestamp")),
        ]

    def before_call(self, lab: Records, origin: Origin, operation: str, parameters: dict[str, Any]) -> None:
        """Let time pass until a long poll's queue has a message to hand out or its wait is over."""
        if operation != "ReceiveMessage":
            return
        queue = _queue_of(origin, parameters)
        wait = parameters.get("WaitTimeSeconds", queue and queue.receive_message_wait_time_seconds)
        if queue is None or not isinstance(wait, int) or not 0 < wait <= LONGEST_WAIT:
            return
        scheduler = lab.scheduler
        deadline = scheduler.now + wait * SECOND
        attempt = parameters.get("ReceiveRequestAttemptId")
        while scheduler.now < deadline and lab.is_open and not scheduler.is_over:
            visible = data_plane.next_visible(lab, queue, attempt)
            if visible is not None and visible <= scheduler.now:
                return
            scheduler.wait(queue, deadline if visible is None else min(visible, deadline))

    def settle(self, lab: Records) -> None:
        """Bring every queue up to the present."""
        for queue in all_queues():
            data_plane.settle(lab, queue)

    def next_event(self, lab: Records) -> int | None:
        """The next instant at which a message's state changes by itself, in whichever queue."""
        now = lab.scheduler.now
        events = [event for queue in all_queues() if (event := rules_of(queue, lab).next_event(now)) is not None]
        step = move_tasks.next_event(lab)
        return min(events if step is None else [*events, step], default=None)

    describe = staticmethod(describe)


def _queue_of(origin: Origin, parameters: dict[str, Any]) -> Any:
    url = parameters.get("QueueUrl")
    if not isinstance(url, str):
        return None
    owner, _ = access.owner_and_name(url, origin.account)
    return backend_of(owner, origin.region).queues.get(url.rstrip("/").split("/")[-1])


def _counting(state: str) -> property:
    return property(lambda queue: data_plane.counts(current_lab(), queue)[state])


class _WholeSeconds:
    """A timestamp attribute in whole seconds, as AWS answers it."""

    def __get__(self, queue: Any, owner: type | None = None) -> int:
        return int(queue.__dict__[self._key()])

    def __set__(self, queue: Any, value: float) -> None:
        queue.__dict__[self._key()] = int(value)

    def _key(self) -> str:
        return f"whole {id(self)}"
