"""SQS as other services of moto reach it, and the doors of moto's own message store, which are shut."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from moto.core.exceptions import ServiceException

from labkit.aws.current import current_lab

from . import data_plane
from .errors import refusing

STORES = ("_messages", "_pending_messages", "deleted_messages")
UNUSED = ("send_message_batch", "receive_message", "delete_message", "delete_message_batch",
          "change_message_visibility", "change_message_visibility_batch", "purge_queue")  # fmt: skip


def noting(method: Callable[..., Any]) -> Callable[..., Any]:
    """Keep an error that is no answer of AWS: moto's services call inside bare excepts and would swallow it."""

    @wraps(method)
    def note(*args: Any, **kwargs: Any) -> Any:
        try:
            return method(*args, **kwargs)
        except ServiceException:
            raise
        except Exception as failure:
            current_lab().note_error(failure)
            raise

    return note


@noting
@refusing
def send_message(
    backend: Any, queue_name: str, message_body: str, message_attributes: Any = None,
    delay_seconds: int | None = None, deduplication_id: str | None = None, group_id: str | None = None,
    system_attributes: Any = None, validate_group_id: bool = True,
) -> Any:  # fmt: skip
    """SendMessage as SNS, S3 and EventBridge call it inside moto."""
    entry = {
        "MessageBody": message_body,
        "MessageAttributes": message_attributes,
        "DelaySeconds": delay_seconds,
        "MessageDeduplicationId": deduplication_id,
        "MessageGroupId": group_id,
        "MessageSystemAttributes": system_attributes,
    }
    return data_plane.send(current_lab(), backend.get_queue(queue_name), entry)


def _unused(name: str) -> Callable[..., Any]:
    @noting
    def unused(*_: Any, **__: Any) -> Any:
        raise RuntimeError(f"moto's {name} was reached, but the rules keep the messages")

    return unused


def no_store(name: str) -> property:
    """Return a property in the place of moto's own message store that fails loudly when a path was missed."""

    @noting
    def get(queue: Any) -> Any:
        raise RuntimeError(f"moto's {name} was reached, but the rules keep the messages")

    @noting
    def set_empty(queue: Any, value: Any) -> None:
        if value:
            raise RuntimeError(f"moto's {name} was filled, but the rules keep the messages")

    return property(get, set_empty)


# By their names in moto's `SQSBackend`.
METHODS: dict[str, Callable[..., Any]] = {"send_message": send_message, **{name: _unused(name) for name in UNUSED}}
