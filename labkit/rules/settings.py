"""The settings of a queue, as the rules read them at each call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from labkit.ledger import quota

if TYPE_CHECKING:
    from labkit.rules.queue import StandardQueue


class QueueSettings(Protocol):
    """What a queue asks of its configuration; it keeps no copy, so a change acts on the next call."""

    @property
    def visibility_timeout(self) -> int: ...
    @property
    def delay_seconds(self) -> int: ...
    @property
    def message_retention_period(self) -> int: ...
    @property
    def max_receive_count(self) -> int | None: ...
    @property
    def dead_letter_queue(self) -> StandardQueue | None: ...
    @property
    def content_based_deduplication(self) -> bool: ...
    @property
    def deduplication_scope(self) -> str: ...
    @property
    def fifo_throughput_limit(self) -> str: ...
    @property
    def region(self) -> str: ...


@dataclass
class Settings:
    """Settings in plain fields, for queues driven without boto3. Seconds; defaults are AWS's. [std-6] [vis-2]"""

    visibility_timeout: int = quota("sqs.visibility_timeout.default")
    delay_seconds: int = quota("sqs.delay.default")
    message_retention_period: int = quota("sqs.retention.default")
    max_receive_count: int | None = None
    dead_letter_queue: StandardQueue | None = None
    content_based_deduplication: bool = False
    deduplication_scope: str = "queue"
    fifo_throughput_limit: str = "perQueue"
    region: str = "us-east-1"
