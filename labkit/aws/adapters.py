"""The adapters by boto3 service name: what a service needs beside moto's request handling."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from labkit.aws.asked import Answering
from labkit.causes import Result

if TYPE_CHECKING:
    from labkit.aws.lab import Lab


class Origin(NamedTuple):
    """Where a call comes from, and so whose resources it means."""

    account: str
    region: str


class Adapter(Protocol):
    """One service's thin layer between boto3, moto and the rules.

    One whose mock takes long to import names in `needed_by` the services whose first client installs it; with none
    it is installed when the first lab opens. With `says_checksum` its answers carry
    a checksum of their body.
    """

    needed_by: frozenset[str]
    says_checksum: bool

    @property
    def answers(self) -> Mapping[str, Answering]:
        """The answer functions by operation, for calls that come through either door."""

    def install(self, patches: ExitStack, lab: Callable[[], Lab | None]) -> None:
        """Replace moto's data-plane methods for as long as labs are open."""

    def before_call(self, lab: Lab, origin: Origin, operation: str, parameters: dict[str, Any]) -> None:
        """Wait, outside moto, for what the call waits for."""

    def settle(self, lab: Lab) -> None:
        """Apply everything that has fallen due by now and record it."""

    def next_event(self, lab: Lab) -> int | None:
        """The next instant at which something happens by itself, or None."""

    def describe(
        self, operation: str, parameters: dict[str, Any], answer: dict[str, Any]
    ) -> tuple[str, Result | None, list[str]]:
        """Return the resource, what came back and the message ids of a call, for the history."""


@cache
def adapters() -> dict[str, Adapter]:
    """All adapters by service name."""
    from labkit.aws.autoscaling import AutoScalingAdapter
    from labkit.aws.cloudwatch import CloudWatchAdapter
    from labkit.aws.dynamodb import DynamoDBAdapter
    from labkit.aws.mq import MqAdapter
    from labkit.aws.sqs import SqsAdapter

    return {
        "sqs": SqsAdapter(),
        "cloudwatch": CloudWatchAdapter(),
        "autoscaling": AutoScalingAdapter(),
        "mq": MqAdapter(),
        "dynamodb": DynamoDBAdapter(),
    }
