"""A fleet of consumers on the rules: what an order costs while there are more and more, in the queue and in all."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from labkit import Fleet
from labkit.rules import StandardQueue
from tests.benchmarks.measure import Figure, at_most, processor_time, side_by_side

SIZES = (1_000, 10_000, 100_000)
MILLION = 1_000_000
A_SECOND = 140
INSTANCES = 60
TENANTS = (10, 1_000, 100_000)
NOISY = 100_000


def figures(full: bool) -> Iterator[Figure]:
    """Time an order from a thousand orders to a million, and a message of a fair queue from 10 tenants to 100,000."""
    times = side_by_side(5, *map(_constant, SIZES))
    costs = {size: time / size for size, time in zip(SIZES, times, strict=True)}
    costs[MILLION] = processor_time(_constant(MILLION)) / MILLION
    yield at_most(
        "an order of 1,000,000 through a fleet of constant size, against one of 1,000",
        costs[MILLION] / costs[SIZES[0]],
        1.5,
        microseconds_an_order={size: round(cost * 1e6, 2) for size, cost in costs.items()},
    )
    scaled = processor_time(lambda: Fleet(orders=MILLION).run())
    alone = processor_time(_filled_and_drained)
    yield at_most(
        "1,000,000 orders through a fleet that scales, against the rules alone",
        scaled / alone,
        5.0,
        seconds=round(scaled, 1),
    )
    few, *_, many = tenants = side_by_side(3, *map(_fair, TENANTS))
    yield at_most(
        "a message of a fair queue with a noisy tenant and 100,000 quiet ones, against 10",
        many / few,
        2.5,
        microseconds_a_message={n: round(t / NOISY / 2 * 1e6, 2) for n, t in zip(TENANTS, tenants, strict=True)},
    )


def _constant(orders: int) -> Callable[[], object]:
    """Orders at one rate, for as long as it takes, through as many instances as are needed."""
    options = {"policy": "none", "minimum": INSTANCES, "maximum": INSTANCES, "work": "0.4 s", "latency": 0}
    return lambda: Fleet(orders=orders, over=orders / A_SECOND, **options).run()


def _filled_and_drained() -> None:
    queue = StandardQueue("orders")
    for now in range(MILLION):
        queue.send("order", now)
    for now in range(MILLION, MILLION + MILLION // 10):
        for message in queue.receive(now, 10).messages:
            queue.delete(message.receipt, now)


def _fair(tenants: int) -> Callable[[], object]:
    """A backlog of one noisy tenant; the messages of the others pass it."""

    def run() -> None:
        queue = StandardQueue("orders")
        for _ in range(NOISY):
            queue.send("order", 0, group="noisy")
        for _ in range(6):
            queue.receive(0, 10)
        for number in range(NOISY):
            queue.send("order", number, group=f"tenant {number % tenants}")
        for now in range(NOISY, NOISY + NOISY // 10):
            for message in queue.receive(now, 10).messages:
                queue.delete(message.receipt, now)

    return run
