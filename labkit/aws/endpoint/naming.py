"""Every queue of a lab on another endpoint carries the lab's prefix, and it touches no other."""

from __future__ import annotations

import re
from typing import Any

from labkit.words import endpoint as words
from labkit.words import error

Parameters = dict[str, Any]
SERVICE = "sqs"
CREATES = "CreateQueue"
NAMES = {"CreateQueue": "QueueName", "GetQueueUrl": "QueueName", "ListQueues": "QueueNamePrefix"}
ADDRESSES = ("QueueUrl", "SourceArn", "DestinationArn")
TASK = "CancelMessageMoveTask"
LOOKS = re.compile("Get|List|Describe|Head")


def named(prefix: str, service: str, operation: str, parameters: Parameters) -> Parameters:
    """Return the parameters with the lab's prefix before every queue name that they give.

    Raises `LabError` for a call that would change what is not this lab's, or create what it could not delete again.
    """
    if service != SERVICE:
        if LOOKS.match(operation):
            return parameters
        raise error(words.NOT_DELETABLE, service=service, operation=operation)
    renamed = dict(parameters)
    name = NAMES.get(operation)
    if name is not None and isinstance(renamed.get(name, ""), str):
        renamed[name] = _with_prefix(prefix, renamed.get(name, ""))
    for place in ADDRESSES:
        if isinstance(renamed.get(place), str):
            renamed[place] = _own(prefix, renamed[place])
    return renamed


def _with_prefix(prefix: str, name: str) -> str:
    return name if name.startswith(prefix) else prefix + name


def _own(prefix: str, address: str) -> str:
    """The URL or ARN of one of this lab's queues; a bare name is one of its names."""
    if "/" not in address and ":" not in address:
        return _with_prefix(prefix, address)
    if not re.split("[/:]", address.rstrip("/"))[-1].startswith(prefix):
        raise error(words.NOT_OURS, address=address, prefix=prefix)
    return address
