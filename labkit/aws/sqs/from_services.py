"""SQS as other services of moto reach it, and the doors of moto's own message store, which are shut."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from moto.core.exceptions import ServiceException

from . import data_plane
from .errors import refusing

if TYPE_CHECKING:
    from labkit.aws.lab import Lab

STORES = ("_messages", "_pending_messages", "deleted_messages")
UNUSED = ("send_message_batch", "receive_message", "delete_message", "delete_message_batch",
          "change_message_visibility", "change_message_visibility_batch", "purge_queue")  # fmt: skip


def methods(lab: Callable[[], Lab]) -> dict[str, Callable[..., Any]]:
    """Return the replacing methods by their names in moto's `SQSBackend`."""
    return {"send_message": _send_message(lab), **{name: _unused(name, lab) for name in UNUSED}}


def _send_message(lab: Callable[[], Lab]) -> Callable[..., Any]:
    """SendMessage as SNS, S3 and EventBridge call it inside moto."""

    @_noting(lab)
    @refusing
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
        return data_plane.send(lab(), backend.get_queue(queue_name), entry)

    return send_message


def _noting(lab: Callable[[], Lab]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Keep an error that is no answer of AWS: moto's services call inside bare excepts and would swallow it."""

    def around(method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)
        def noting(*args: Any, **kwargs: Any) -> Any:
            try:
                return method(*args, **kwargs)
            except ServiceException:
                raise
            except Exception as failure:
                lab().note_error(failure)
                raise

        return noting

    return around


def _unused(name: str, lab: Callable[[], Lab]) -> Callable[..., Any]:
    @_noting(lab)
    def unused(*_: Any, **__: Any) -> Any:
        raise RuntimeError(f"moto's {name} was reached, but the rules keep the messages")

    return unused


def no_store(name: str, lab: Callable[[], Lab]) -> property:
    """Return a property in the place of moto's own message store that fails loudly when a path was missed."""

    @_noting(lab)
    def get(queue: Any) -> Any:
        raise RuntimeError(f"moto's {name} was reached, but the rules keep the messages")

    @_noting(lab)
    def set_empty(queue: Any, value: Any) -> None:
        if value:
            raise RuntimeError(f"moto's {name} was filled, but the rules keep the messages")

    return property(get, set_empty)
