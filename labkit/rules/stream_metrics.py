"""The metrics that Kinesis publishes about a stream each minute, free of charge."""

from __future__ import annotations

from labkit.rules.counted import Counted

BYTES, RECORDS = "IncomingBytes", "IncomingRecords"
PUT, PUT_BYTES, WRITE_EXCEEDED = "PutRecord.Success", "PutRecord.Bytes", "WriteProvisionedThroughputExceeded"
BATCHES, BATCH_BYTES = "PutRecords.Success", "PutRecords.Bytes"
TOTAL, DONE, THROTTLED = "PutRecords.TotalRecords", "PutRecords.SuccessfulRecords", "PutRecords.ThrottledRecords"
GOT, GOT_BYTES, GOT_RECORDS = "GetRecords.Success", "GetRecords.Bytes", "GetRecords.Records"
AGE, READ_EXCEEDED = "GetRecords.IteratorAgeMilliseconds", "ReadProvisionedThroughputExceeded"
COUNTS = (RECORDS, PUT, WRITE_EXCEEDED, BATCHES, TOTAL, DONE, THROTTLED, GOT, GOT_RECORDS, READ_EXCEEDED)
UNITS = dict.fromkeys(COUNTS, "Count") | dict.fromkeys((BYTES, PUT_BYTES, BATCH_BYTES, GOT_BYTES), "Bytes")
UNITS[AGE] = "Milliseconds"


class StreamMetrics(Counted):
    """What Kinesis publishes of one stream; each operation is a value. [stream-metrics]"""

    def __init__(self) -> None:
        super().__init__(UNITS, sizes=UNITS)

    def put(self, sizes: list[int], throttled: int, now: int, is_batch: bool) -> None:
        """A put of records that were taken, with these sizes in bytes, and of others that were not."""
        counted: dict[str, int] = {WRITE_EXCEEDED: throttled}
        if sizes:
            counted |= {BYTES: sum(sizes), RECORDS: len(sizes)}
        if is_batch:
            counted |= {BATCHES: int(bool(sizes)), BATCH_BYTES: sum(sizes), TOTAL: len(sizes) + throttled}
            counted |= {DONE: len(sizes), THROTTLED: throttled}
        else:
            counted |= {PUT: int(bool(sizes)), PUT_BYTES: sum(sizes)}
        self._count_all(counted, now)

    def got(self, sizes: list[int], age: int, now: int) -> None:
        """A GetRecords that was answered; `age` of its last record in milliseconds, 0 when the reader has caught up."""
        self._count_all({GOT: 1, GOT_BYTES: sum(sizes), GOT_RECORDS: len(sizes), AGE: age, READ_EXCEEDED: 0}, now)

    def refused(self, now: int) -> None:
        """A GetRecords that was one too many."""
        self._count_all({GOT: 0, READ_EXCEEDED: 1}, now)

    def _count_all(self, values: dict[str, int], now: int) -> None:
        for metric, value in values.items():
            self.count(metric, now, value)
