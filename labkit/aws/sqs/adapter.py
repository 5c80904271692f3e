"""The SQS adapter: which of moto's methods the rules replace, and how a long poll waits outside moto."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from functools import wraps
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from moto.sqs.exceptions import QueueDoesNotExist
from moto.sqs.models import Queue, SQSBackend, sqs_backends
from moto.sqs.responses import SQSResponse

from labkit.aws.clients import ACCOUNT
from labkit.ledger import quota
from labkit.rules import SECOND, Refused

from . import configuration, data_plane, responses
from .describe import describe
from .stores import all_queues, rules_of

if TYPE_CHECKING:
    from labkit.aws.lab import Lab

Current = Callable[[], "Lab | None"]
LONGEST_WAIT = quota("sqs.wait_time.maximum")
COUNTS = {
    "approximate_number_of_messages": "visible",
    "approximate_number_of_messages_not_visible": "in flight",
    "approximate_number_of_messages_delayed": "delayed",
}


class SqsAdapter:
    """Puts the rules of standard queues behind moto's SQS; see `Adapter` for the methods."""

    def install(self, patches: ExitStack, lab: Current) -> None:
        """Replace moto's message store, data plane and validation."""
        for name, method in responses.answering(lab).items():
            patches.enter_context(patch.object(SQSResponse, name, method))
        for name, method in _backend_methods(lab).items():
            patches.enter_context(patch.object(SQSBackend, name, method))
        for name in ("_messages", "_pending_messages", "deleted_messages"):
            patches.enter_context(patch.object(Queue, name, _no_store(name), create=True))
        for name, state in COUNTS.items():
            patches.enter_context(patch.object(Queue, name, _counting(state, lab)))
        patches.enter_context(patch.object(Queue, "created_timestamp", _WholeSeconds(), create=True))
        patches.enter_context(patch.object(Queue, "last_modified_timestamp", _WholeSeconds(), create=True))

    def before_call(self, lab: Lab, client: Any, operation: str, parameters: dict[str, Any]) -> None:
        """Let time pass until a long poll's queue has a visible message or its wait is over."""
        if operation != "ReceiveMessage":
            return
        queue = _queue_of(client, parameters)
        wait = parameters.get("WaitTimeSeconds", queue and queue.receive_message_wait_time_seconds)
        if queue is None or not isinstance(wait, int) or not 0 < wait <= LONGEST_WAIT:
            return
        scheduler = lab.scheduler
        deadline = scheduler.now + wait * SECOND
        while scheduler.now < deadline and lab.is_open:
            lab.record(rules_of(queue, lab).settle(scheduler.now))
            visible = rules_of(queue, lab).next_visible(scheduler.now)
            if visible is not None and visible <= scheduler.now:
                return
            scheduler.wait(queue, deadline if visible is None else min(visible, deadline))

    def settle(self, lab: Lab) -> None:
        """Bring every queue up to the present."""
        for queue in all_queues():
            lab.record(rules_of(queue, lab).settle(lab.scheduler.now))

    describe = staticmethod(describe)


def _queue_of(client: Any, parameters: dict[str, Any]) -> Any:
    url = parameters.get("QueueUrl")
    if not isinstance(url, str):
        return None
    account = getattr(client, "_labkit_account", ACCOUNT)
    return sqs_backends[account][client.meta.region_name].queues.get(url.rstrip("/").split("/")[-1])


def _backend_methods(lab: Current) -> dict[str, Any]:
    create, change, remove = SQSBackend.create_queue, SQSBackend.set_queue_attributes, SQSBackend.delete_queue

    @_refusing
    def create_queue(backend: Any, name: str, tags: Any = None, **attributes: Any) -> Any:
        attributes.pop("region", None)
        configuration.check_new(_now(lab), backend, name, attributes)
        if name in backend.queues:
            return backend.queues[name]
        return create(backend, name, tags, **attributes)

    @_refusing
    def set_queue_attributes(backend: Any, queue_name: str, attributes: dict[str, Any]) -> Any:
        queue = backend.get_queue(queue_name)
        configuration.check_change(backend, queue, attributes)
        configuration.settle_before_change(_now(lab), queue)
        changed = change(backend, queue_name, attributes)
        configuration.settle_before_change(_now(lab), queue)
        _now(lab).scheduler.notify(queue)
        return changed

    def delete_queue(backend: Any, queue_name: str) -> None:
        remove(backend, queue_name)
        backend.__dict__.setdefault("deleted_queues", {})[queue_name] = _now(lab).scheduler.now

    return {
        "create_queue": create_queue,
        "set_queue_attributes": set_queue_attributes,
        "delete_queue": delete_queue,
        "send_message": _send_from_service(lab),
        **{name: _unused(name) for name in UNUSED},
    }


UNUSED = ("send_message_batch", "receive_message", "delete_message", "delete_message_batch",
          "change_message_visibility", "change_message_visibility_batch", "purge_queue")  # fmt: skip


def _send_from_service(lab: Current) -> Callable[..., Any]:
    """SendMessage as other services of moto call it: SNS, S3, EventBridge."""

    @_refusing
    def send_message(
        backend: Any, queue_name: str, message_body: str, message_attributes: Any = None,
        delay_seconds: int | None = None, deduplication_id: str | None = None, group_id: str | None = None,
        system_attributes: Any = None, validate_group_id: bool = True,
    ) -> Any:  # fmt: skip
        entry = {
            "MessageBody": message_body,
            "MessageAttributes": message_attributes,
            "DelaySeconds": delay_seconds,
            "MessageDeduplicationId": deduplication_id,
            "MessageGroupId": group_id,
            "MessageSystemAttributes": system_attributes,
        }
        return data_plane.send(_now(lab), backend.get_queue(queue_name), entry)

    return send_message


def _refusing(method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def refusing(backend: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return method(backend, *args, **kwargs)
        except Refused as refused:
            raise responses.as_service_error(refused) from None

    return refusing


def _unused(name: str) -> Callable[..., Any]:
    def unused(*_: Any, **__: Any) -> Any:
        raise RuntimeError(f"moto's {name} was reached, but the rules keep the messages")

    return unused


def _no_store(name: str) -> property:
    def get(queue: Any) -> Any:
        raise RuntimeError(f"moto's {name} was reached, but the rules keep the messages")

    def set_empty(queue: Any, value: Any) -> None:
        if value:
            raise RuntimeError(f"moto's {name} was filled, but the rules keep the messages")

    return property(get, set_empty)


def _counting(state: str, lab: Current) -> property:
    return property(lambda queue: data_plane.counts(_now(lab), queue)[state])


class _WholeSeconds:
    """A timestamp attribute in whole seconds, as AWS answers it."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, queue: Any, owner: type | None = None) -> int:
        return int(queue.__dict__[self._key()])

    def __set__(self, queue: Any, value: float) -> None:
        queue.__dict__[self._key()] = int(value)

    def _key(self) -> str:
        return f"whole {id(self)}"


def _now(lab: Current) -> Lab:
    current = lab()
    assert current is not None
    return current


__all__ = ["QueueDoesNotExist", "SqsAdapter"]
