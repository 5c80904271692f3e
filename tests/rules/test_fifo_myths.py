"""Every myth about FIFO queues is one wrong rule: it differs from AWS's in a story, and from every other such myth."""

from itertools import combinations

import pytest

from labkit.rules import FifoQueue, Refused
from labkit.rules.myths import myths
from tests.rules.fifo_queues import fifo, receive, send, take
from tests.rules.queues import at

MYTHS = sorted(one for one in myths().values() if issubclass(one.rules, FifoQueue))


def too_slow(kind):
    """Received at 0 s and not deleted in 30 s: who gets it at 40 s, and can the first consumer delete it at 70 s?"""
    orders = fifo(kind=kind)
    send(orders, "a1")
    held = take(orders)["a1"].receipt
    again = receive(orders, 40)
    try:
        return again, orders.delete(held, at(70)).effect
    except Refused as refused:
        return again, refused.code


def deleted_after_its_timeout(kind):
    """Received at 0 s, nobody else came, deleted at 40 s."""
    orders = fifo(kind=kind)
    send(orders, "a1")
    try:
        return orders.delete(take(orders)["a1"].receipt, at(40)).effect
    except Refused as refused:
        return refused.code


def sent_again(kind):
    """Sent and deleted at 0 s, sent again after one and after six minutes: what comes?"""
    orders = fifo(kind=kind)
    send(orders, "a1")
    orders.delete(take(orders)["a1"].receipt, at(0))
    return [receive(orders, seconds) for seconds in (60, 360) if send(orders, "a1", seconds=seconds)]


def two_kinds(kind):
    """The same body with two attributes."""
    orders = fifo(kind=kind)
    for value in ("book", "film"):
        orders.send("a1", at(0), group="a", attributes={"kind": value})
    return receive(orders)


def one_id_in_two_groups(kind):
    orders = fifo(kind=kind, deduplication_scope="messageGroup")
    for group in "ab":
        orders.send("order-1", at(0), group=group)
    return receive(orders)


def two_consumers(kind):
    """Four messages of one group and one of another, for one consumer after the other."""
    orders = fifo(kind=kind)
    send(orders, "a1", "a2", "a3", "a4", "b1")
    return [receive(orders, limit=2) for _ in range(3)]


def a_stuck_group(kind):
    orders = fifo(kind=kind, look_ahead=5)
    send(orders, *(f"a{number}" for number in range(6)), "b1")
    receive(orders, limit=1)
    return receive(orders)


def without_a_group(kind):
    orders = fifo(kind=kind)
    try:
        orders.send("order-1", at(0))
    except Refused as refused:
        return refused.code
    return receive(orders)


def delayed(kind):
    orders = fifo(kind=kind)
    try:
        orders.send("a1", at(0), group="a", delay=5)
    except Refused as refused:
        return refused.code
    return receive(orders)


STORIES = (too_slow, deleted_after_its_timeout, sent_again, two_kinds, one_id_in_two_groups, two_consumers,
           a_stuck_group, without_a_group, delayed)  # fmt: skip


def outcomes(kind):
    return {story.__name__: story(kind) for story in STORIES}


@pytest.fixture(scope="module")
def worlds():
    """What happens in every story, by myth; "AWS" is the truth."""
    return {"AWS": outcomes(FifoQueue), **{one.id: outcomes(one.rules) for one in MYTHS}}


@pytest.mark.parametrize("one", MYTHS, ids=lambda one: one.id)
def test_a_myth_differs_from_aws_in_a_story(one, worlds):
    assert worlds[one.id] != worlds["AWS"]


@pytest.mark.parametrize(("one", "other"), list(combinations([one.id for one in MYTHS], 2)))
def test_two_myths_differ_in_a_story(one, other, worlds):
    assert worlds[one] != worlds[other]


def test_the_stories_end_on_aws_as_the_ledger_says(worlds):
    """A changed rule must not let the myths be compared with something else than the truth."""
    assert worlds["AWS"] == {
        "too_slow": (["a1"], "InvalidParameterValue"),
        "deleted_after_its_timeout": "InvalidParameterValue",
        "sent_again": [[], ["a1"]],
        "two_kinds": ["a1"],
        "one_id_in_two_groups": ["order-1", "order-1"],
        "two_consumers": [["a1", "a2"], ["b1"], []],
        "a_stuck_group": [],
        "without_a_group": "MissingParameter",
        "delayed": "InvalidParameterValue",
    }
