"""Leaving out schedules that differ in nothing loses no end, and the same function gets the same verdict."""

import time
from dataclasses import replace

import pytest

from labkit.interleavings import Bounds, every_order
from labkit.interleavings.machine import machines
from labkit.interleavings.search import Search
from labkit.interleavings.stage import Stage
from labkit.interleavings.world import StoryLab
from labkit.rules.myths import myth
from tests.interleavings.stories import (
    AT_LEAST,
    CHARGE,
    IN_GROUPS,
    PAY,
    conditional,
    delete,
    delete_first,
    naive,
    never_deletes,
    receive,
)

pytestmark = pytest.mark.verdicts
known = set()


def with_a_memory(sqs, url, charge):
    while True:
        for message in receive(sqs, url):
            if message["Body"] not in known:
                charge(message["Body"])
                known.add(message["Body"])
            delete(sqs, url, message)


def by_tens(sqs, url, charge):
    while True:
        batch = receive(sqs, url, MaxNumberOfMessages=10)
        for message in batch:
            charge(message["Body"])
        if batch:
            entries = [{"Id": str(n), "ReceiptHandle": one["ReceiptHandle"]} for n, one in enumerate(batch)]
            sqs.delete_message_batch(QueueUrl=url, Entries=entries)


def with_a_heartbeat(sqs, url, charge):
    while True:
        for message in receive(sqs, url):
            time.sleep(20)
            handle = message["ReceiptHandle"]
            try:
                sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=30)
            except sqs.exceptions.ClientError:
                continue
            charge(message["Body"])
            delete(sqs, url, message)


def gives_back(sqs, url, charge):
    for message in receive(sqs, url, VisibilityTimeout=0):
        charge(message["Body"])
        delete(sqs, url, message)


def ends(consumer, story, bounds, prunes):
    """The ends that a search reaches, and how many schedules it ran."""
    world = StoryLab(story)
    with world.lab, world.at_work():
        stage = Stage(world, machines(consumer), bounds, alike=prunes)
        return Search(stage, lambda stage: None, prunes).run(keep_ends=True)


CASES = [
    (naive, AT_LEAST, Bounds(1, 2, 1)),
    (naive, AT_LEAST, Bounds(2, 2, 0)),
    (naive, AT_LEAST, Bounds(2, 1, 1)),
    (delete_first, AT_LEAST, Bounds(1, 2, 1)),
    (with_a_memory, AT_LEAST, Bounds(1, 2, 1)),
    (by_tens, AT_LEAST, Bounds(2, 1, 1)),
    (with_a_heartbeat, AT_LEAST, Bounds(1, 2, 1)),
    (gives_back, AT_LEAST, Bounds(1, 2, 0)),
    (never_deletes, AT_LEAST, Bounds(1, 2, 0)),
    (conditional, PAY, Bounds(1, 2, 0)),
]


@pytest.mark.parametrize(("consumer", "story", "bounds"), CASES, ids=lambda part: getattr(part, "__name__", ""))
def test_pruning_loses_no_end(consumer, story, bounds):
    pruned, all_of_them = (ends(consumer, story, bounds, prunes) for prunes in (True, False))
    assert pruned.ends == all_of_them.ends
    assert pruned.schedules <= all_of_them.schedules


@pytest.mark.slow
@pytest.mark.parametrize("consumer", [naive, delete_first, with_a_memory, by_tens])
def test_pruning_loses_no_end_of_two_messages_and_two_consumers_with_a_fault(consumer):
    pruned, all_of_them = (ends(consumer, AT_LEAST, Bounds(2, 2, 1), prunes) for prunes in (True, False))
    assert pruned.ends == all_of_them.ends
    assert pruned.schedules * 3 < all_of_them.schedules


def test_the_same_function_gets_the_same_verdict_and_the_same_schedule():
    first, second = (every_order(with_a_memory, CHARGE) for _ in range(2))
    assert str(first) == str(second)
    assert first.moves == second.moves
    assert known == set()


def test_a_consumer_that_is_right_is_right_within_the_bound():
    checked = every_order(conditional, PAY, Bounds(2, 2, 1))
    assert checked.right
    assert checked.schedules > 50


def test_a_myth_can_stand_behind_the_schedules():
    """If a crash gave messages back at once and receiving removed them, other ends would be reached."""
    assert every_order(never_deletes, CHARGE, Bounds(1, 1, 0)).right is False
    assert every_order(never_deletes, CHARGE, Bounds(1, 1, 0), rules=myth("receive-removes").rules).right is True


def in_order(end):
    """The orders of each customer were charged in the order in which they came, whatever was charged again."""
    for who in ("Ann", "Bob"):
        numbers = [order for (order,) in end.calls["charge"] if order.startswith(who)]
        if list(dict.fromkeys(numbers)) != sorted(set(numbers)):
            return f"{who}'s orders were charged as {', '.join(numbers)}"
    return None


def test_a_fifo_queue_keeps_the_order_of_each_group_under_every_schedule():
    """Groups may overtake each other, messages of one group may not; a standard queue does not promise it."""
    three = Bounds(3, 2, 1)
    assert every_order(naive, replace(IN_GROUPS, wrong=in_order), three).right
    plain = [{"MessageBody": entry["MessageBody"]} for entry in IN_GROUPS.messages]
    assert not every_order(naive, replace(IN_GROUPS, messages=plain, queue="orders", wrong=in_order), three).right


def test_pruning_loses_no_end_of_a_fifo_queue():
    pruned, all_of_them = (ends(naive, IN_GROUPS, Bounds(3, 1, 1), prunes) for prunes in (True, False))
    assert pruned.ends == all_of_them.ends
    assert len(pruned.ends) > 2
