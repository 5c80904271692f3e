"""A million messages through the rules alone, against the same data structures without any meaning."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from heapq import heappop, heappush

from labkit.causes import DELETED, IN_FLIGHT, VISIBLE, Cause
from labkit.rules import Change, Message, StandardQueue
from tests.benchmarks.measure import Figure, at_most, processor_time

NUMBER = 1_000_000
STEP = 1_000
SENT, RECEIVED, GONE = Cause.SENT, Cause.RECEIVED, Cause.DELETED


def figures(full: bool) -> Iterator[Figure]:
    """The cost of a million messages, filled and then drained by tens."""
    plain = processor_time(without_meaning)
    objects = processor_time(with_the_same_objects)
    ruled = processor_time(with_rules)
    yield at_most(
        "1,000,000 messages through the rules, against a deque, a heap and a dict",
        ruled / plain,
        3.0,
        microseconds_a_message=round(ruled / NUMBER * 1e6, 2),
        plain_microseconds_a_message=round(plain / NUMBER * 1e6, 2),
    )
    yield at_most("the same, against the same messages and changes without any rule", ruled / objects, 3.0)


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


class Unruled:
    """A queue that makes the same messages and changes as the rules do, and knows nothing else."""

    def __init__(self) -> None:
        self.stored: dict[int, Message] = {}
        self.visible: deque[Message] = deque()
        self.timers: list[tuple[int, int]] = []

    def send(self, body: str, now: int) -> list[Change]:
        """Store a message."""
        number = len(self.stored)
        message = Message((0, "orders"), "you", number, number, body, now)
        self.stored[number] = message
        self.visible.append(message)
        return [Change(now, "orders", message, None, VISIBLE, SENT, 0)]

    def receive(self, now: int, limit: int) -> tuple[list[Message], list[Change]]:
        """Take messages out and note when they would be due."""
        taken = [self.visible.popleft() for _ in range(limit)]
        for message in taken:
            heappush(self.timers, (now + 30, message.number))
        return taken, [Change(now, "orders", message, VISIBLE, IN_FLIGHT, RECEIVED, 1) for message in taken]

    def delete(self, number: int, now: int) -> list[Change]:
        """Remove a message."""
        return [Change(now, "orders", self.stored.pop(number), IN_FLIGHT, DELETED, GONE, 1)]


def with_the_same_objects() -> None:
    """The same through a queue without rules."""
    queue = Unruled()
    for now in range(NUMBER):
        queue.send("order", now * STEP)
    for now in range(NUMBER, NUMBER + NUMBER // 10):
        for message in queue.receive(now * STEP, 10)[0]:
            queue.delete(message.number, now * STEP)
