"""The usual calls of experiments with Amazon MQ's brokers."""

from __future__ import annotations

from typing import Any
from urllib.parse import SplitResult, urlsplit

from labkit.probes.bench import Bench


def instances(bench: Bench, properties: dict[str, Any]) -> list[list[SplitResult]]:
    """Create a broker and return the addresses of each instance that DescribeBroker lists."""
    mq = bench.client("mq")
    made = mq.create_broker(**properties)
    described = mq.describe_broker(BrokerId=made["BrokerId"])["BrokerInstances"]
    return [[urlsplit(endpoint) for endpoint in instance["Endpoints"]] for instance in described]
