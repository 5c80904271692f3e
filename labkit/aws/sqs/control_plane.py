"""The methods of moto's backend that keep queues: AWS's checks in front, the rules brought up to date around them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from moto.sqs.exceptions import InvalidAttributeName
from moto.sqs.models import SQSBackend

from labkit.aws.asked import Answering, Asked, Given
from labkit.aws.current import current_lab
from labkit.aws.records import Records

from . import access, configuration, data_plane, encryption, late_settings
from .errors import refusing
from .same_queue import check_same
from .tags import check as check_tags

ALLOW = "RedriveAllowPolicy"
_create, _change, _remove = SQSBackend.create_queue, SQSBackend.set_queue_attributes, SQSBackend.delete_queue
_attributes, _tag = SQSBackend.get_queue_attributes, SQSBackend.tag_queue


@refusing
def create_queue(backend: Any, name: str, tags: Any = None, **attributes: Any) -> Any:
    """CreateQueue, for programs and CloudFormation; a queue that is asked for again is returned as it is."""
    if attributes.pop("region", None) is not None:
        attributes.pop("QueueName", None)  # CloudFormation hands over all properties of its resource
    configuration.check_new(current_lab(), backend, name, attributes)
    check_tags(name, tags or {})
    if name in backend.queues:
        found = backend.queues[name]
        check_same(get_queue_attributes(backend, name, ["All"]), found.tags, attributes, tags)
        return found
    return _create(backend, name, tags, **attributes)


@refusing
def set_queue_attributes(backend: Any, queue_name: str, attributes: dict[str, Any]) -> Any:
    """SetQueueAttributes: what fell due by now did so under the settings before."""
    queue = backend.get_queue(queue_name)
    configuration.check_change(queue, attributes)
    changes = encryption.one_type(queue, attributes)
    given = _with_the_policy(queue, changes)
    late_settings.change(current_lab(), queue, changes, lambda: _change(backend, queue_name, given))
    return queue


def delete_queue(backend: Any, queue_name: str) -> None:
    """DeleteQueue; its name is taken for a minute more."""
    data_plane.settle(current_lab(), backend.get_queue(queue_name))
    _remove(backend, queue_name)
    backend.__dict__.setdefault("deleted_queues", {})[queue_name] = current_lab().scheduler.now


def _with_the_policy(queue: Any, attributes: dict[str, Any]) -> dict[str, Any]:
    """moto forgets a queue's policy when a change does not name it; AWS keeps it."""
    return attributes if "Policy" in attributes or not queue.policy else attributes | {"Policy": queue.policy}


def get_queue_attributes(backend: Any, queue_name: str, attribute_names: list[str]) -> dict[str, Any]:
    """GetQueueAttributes, with the RedriveAllowPolicy that moto stores and cannot read."""
    queue = backend.get_queue(queue_name)
    names = [name for name in attribute_names if name != ALLOW]
    found: dict[str, Any] = _attributes(backend, queue_name, names) if names else {}
    allowed = getattr(queue, "redrive_allow_policy", None)
    if allowed and (ALLOW in attribute_names or "All" in attribute_names):
        found = found | {ALLOW: allowed}
    if queue.kms_master_key_id and "SqsManagedSseEnabled" in found:
        found = found | {"SqsManagedSseEnabled": "false"}
    return found


def get_queue_url(lab: Records, asked: Asked) -> Given:
    """GetQueueUrl: the address that was called, with the queue's account and name."""
    found = access.queue(asked)
    return {"QueueUrl": found.url(urlsplit(asked.address))}


def answer_attributes(lab: Records, asked: Asked) -> Given:
    """GetQueueAttributes, without a key for attributes when there are none."""
    names = asked.given.get("AttributeNames") or []
    if "" in names:
        raise InvalidAttributeName("")
    found = get_queue_attributes(access.backend(asked), access.queue(asked).name, names)
    told = {name: str(value) for name, value in found.items() if value is not None}
    return {"Attributes": told} if told else {}


ANSWERS: dict[str, Answering] = {"GetQueueUrl": get_queue_url, "GetQueueAttributes": answer_attributes}


@refusing
def tag_queue(backend: Any, queue_name: str, tags: dict[str, str]) -> None:
    """TagQueue."""
    check_tags(queue_name, tags)
    _tag(backend, queue_name, tags)


def list_queues(backend: Any, queue_name_prefix: str | None) -> list[Any]:
    """ListQueues: those whose name begins with the prefix, letter by letter."""
    return [queue for name, queue in backend.queues.items() if name.startswith(queue_name_prefix or "")]


# By their names in moto's `SQSBackend`.
METHODS: dict[str, Callable[..., Any]] = {
    "create_queue": create_queue,
    "set_queue_attributes": set_queue_attributes,
    "delete_queue": delete_queue,
    "get_queue_attributes": get_queue_attributes,
    "list_queues": list_queues,
    "tag_queue": tag_queue,
}
