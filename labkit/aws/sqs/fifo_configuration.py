"""The attributes of FIFO queues as AWS accepts them."""

from __future__ import annotations

from typing import Any

from labkit.rules import Refused

INVALID = "InvalidAttributeValue"
VALUES = {
    "FifoQueue": ("true", "false"),
    "ContentBasedDeduplication": ("true", "false"),
    "DeduplicationScope": ("messageGroup", "queue"),
    "FifoThroughputLimit": ("perQueue", "perMessageGroupId"),
}


def check_fifo(attributes: dict[str, Any], queue: Any = None) -> None:
    """Raise `Refused` for a value that a FIFO queue does not take, alone or with what `queue` has set already.

    That perMessageGroupId needs the scope messageGroup is documented; the wording of the refusal is ours.
    """
    for name, values in VALUES.items():
        if name in attributes and not _is_one_of(attributes[name], values):
            raise Refused(INVALID, f"Invalid value for the parameter {name}.")
    if queue is not None and str(attributes.get("FifoQueue", "true")).lower() != "true":
        reason = "Modifying queue type is not supported."
        raise Refused(INVALID, f"Invalid value for the parameter FifoQueue. Reason: {reason}")
    scope = attributes.get("DeduplicationScope", getattr(queue, "deduplication_scope", "queue"))
    limit = attributes.get("FifoThroughputLimit", getattr(queue, "fifo_throughput_limit", "perQueue"))
    if limit == "perMessageGroupId" and scope != "messageGroup":
        needed = "The perMessageGroupId value is allowed only when the value for DeduplicationScope is messageGroup."
        raise Refused(INVALID, f"Invalid value for the parameter FifoThroughputLimit. Reason: {needed}")


def _is_one_of(value: Any, values: tuple[str, ...]) -> bool:
    return str(value) in values or (str(value).lower() in values and "true" in values)
