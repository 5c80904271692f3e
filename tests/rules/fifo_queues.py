"""A FIFO queue at given settings, and sends and receives in few words."""

from labkit.rules import Faults, FifoQueue, Settings
from tests.rules.queues import at, bodies


def fifo(*, name="orders.fifo", kind=FifoQueue, seed=7, in_flight_limit=120_000, look_ahead=120_000, **settings):
    """A FifoQueue with these settings; the others are AWS's defaults, but bodies tell duplicates."""
    return kind(
        name, Settings(**({"content_based_deduplication": True} | settings)), seed=seed, faults=Faults.none(),
        in_flight_limit=in_flight_limit, look_ahead=look_ahead,
    )  # fmt: skip


def send(orders, *texts, seconds=0):
    """Send messages whose group is their first letter: "a1" belongs to group a."""
    return [orders.send(text, at(seconds), group=text[0]).message for text in texts]


def receive(orders, seconds=0, limit=10, timeout=None, **more):
    """The bodies that a receive at this second hands out."""
    return bodies(orders.receive(at(seconds), limit, timeout, **more))


def take(orders, seconds=0, limit=10, timeout=None):
    """The messages that a receive at this second hands out, by body."""
    return {message.body: message for message in orders.receive(at(seconds), limit, timeout).messages}
