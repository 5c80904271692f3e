"""Deletes queues at an endpoint, with clients that no lab watches."""

from __future__ import annotations

from functools import cache
from typing import Any

import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.session import Session

from labkit.aws.door import make_call
from labkit.aws.endpoint.address import Endpoint
from labkit.aws.endpoint.naming import SERVICE

GONE = ("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist")
_create_client = Session.create_client


def delete_queues(endpoint: Endpoint, names: list[str]) -> int:
    """Delete these queues, the last made first, and return how many there were. Raises botocore's errors."""
    config = Config(ignore_configured_endpoint_urls=True, proxies={} if endpoint.on_this_machine else None)
    client = _create_client(
        _session(), SERVICE, endpoint.region, endpoint_url=endpoint.url, config=config, **endpoint.credentials
    )
    return sum(_delete(client, name) for name in reversed(list(dict.fromkeys(names))))


@cache
def _session() -> Session:
    return botocore.session.get_session()


def _delete(client: Any, name: str) -> bool:
    try:
        url = make_call(client, "GetQueueUrl", {"QueueName": name})["QueueUrl"]
        make_call(client, "DeleteQueue", {"QueueUrl": url})
    except ClientError as problem:
        if problem.response.get("Error", {}).get("Code") in GONE:
            return False
        raise
    return True
