"""The metrics of a lab's streams, by account, Region and name; counted as calls are answered."""

from __future__ import annotations

from labkit.aws.records import Records
from labkit.rules.stream_metrics import StreamMetrics

Home = tuple[str, str, str]


class Streams:
    """The metrics of every stream that was written to or read."""

    def __init__(self, lab: Records) -> None:
        self._metrics: dict[Home, StreamMetrics] = {}

    def of(self, account: str, region: str, name: str) -> StreamMetrics:
        """The metrics of a stream."""
        return self._metrics.setdefault((account, region, name), StreamMetrics())

    def known(self, account: str, region: str) -> list[tuple[str, StreamMetrics]]:
        """The streams of an account that have metrics."""
        return [(name, found) for (*home, name), found in self._metrics.items() if home == [account, region]]
