"""A standard queue at given settings, and its changes as short texts."""

from labkit.rules import SECOND, Change, Faults, Settings, StandardQueue

HOUR = 3_600
DAY = 24 * HOUR


def queue(*, name="orders", seed=7, faults=None, in_flight_limit=120_000, **settings):
    """A StandardQueue with these settings; the others are AWS's defaults."""
    limits = {"in_flight_limit": in_flight_limit}
    return StandardQueue(name, Settings(**settings), seed=seed, faults=faults or Faults.none(), **limits)


def at(seconds):
    """Seconds as the rules' microseconds."""
    return round(seconds * SECOND)


def bodies(received):
    """The bodies of received messages."""
    return [message.body for message in received.messages]


def receive(orders, seconds, limit=10, timeout=None, **more):
    """The bodies that a receive at this second hands out."""
    return bodies(orders.receive(at(seconds), limit, timeout, **more))


def told(changes: list[Change]):
    """Changes as (second, body, before, after)."""
    return [(change.at / SECOND, change.message.body, change.before, change.after) for change in changes]
