"""A million messages through the rules alone, against the same data structures without any meaning."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from heapq import heappop, heappush

from labkit.rules import StandardQueue
from tests.benchmarks.measure import Figure, at_most, processor_time

NUMBER = 1_000_000
STEP = 1_000


def figures(full: bool) -> Iterator[Figure]:
    """The cost of a million messages, filled and then drained by tens."""
    plain = processor_time(without_meaning)
    ruled = processor_time(with_rules)
    yield at_most(
        "1,000,000 messages through the rules, against a deque, a heap and a dict",
        ruled / plain,
        3.0,
        microseconds_a_message=round(ruled / NUMBER * 1e6, 2),
        plain_microseconds_a_message=round(plain / NUMBER * 1e6, 2),
    )


def without_meaning() -> None:
    """Store, hand out with a due time, remove: no states, no receipts, no history."""
    stored: dict[int, tuple[int, str]] = {}
    visible: deque[int] = deque()
    timers: list[tuple[int, int]] = []
    for number in range(NUMBER):
        stored[number] = (number, "order")
        visible.append(number)
    for now in range(0, NUMBER, 10):
        taken = [visible.popleft() for _ in range(10)]
        for number in taken:
            heappush(timers, (now + 30, number))
        for number in taken:
            del stored[number]
            heappop(timers)


def with_rules() -> None:
    """The same through a standard queue."""
    queue = StandardQueue("orders")
    for now in range(NUMBER):
        queue.send("order", now * STEP)
    for now in range(NUMBER, NUMBER + NUMBER // 10):
        for message in queue.receive(now * STEP, 10).messages:
            queue.delete(message.receipt, now * STEP)
