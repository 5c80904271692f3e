"""Stories about a queue and its dead-letter queue, in which myths differ from AWS."""

from labkit.rules import MoveTask, Settings
from tests.rules.queues import at


def pair(kind, receives=2, **dead_settings):
    """Orders with this many receives allowed, and their dead-letter queue."""
    dead = kind("dead-orders", Settings(**dead_settings), seed=7)
    return kind("orders", Settings(max_receive_count=receives, dead_letter_queue=dead), seed=7), dead


def stored(queue):
    return [message.body for message in queue.stored()]


def looked_at(kind):
    """Looked at twice with a timeout of 0: which receive finds the order, and how often was it received then?"""
    orders, dead = pair(kind)
    orders.send("order-1", at(0))
    got = [len(orders.receive(at(second), 1, 0).messages) for second in range(4)]
    return got, stored(dead)


def failed_again_and_again(kind):
    """Received every 40 s and never deleted: how often is it handed out?"""
    orders, _ = pair(kind)
    orders.send("order-1", at(0))
    return sum(len(orders.receive(at(40 * nth)).messages) for nth in range(5))


def failed_and_left_alone(kind):
    """Received twice, and then nobody polls: where is it an hour later?"""
    orders, dead = pair(kind)
    orders.send("order-1", at(0))
    orders.receive(at(0))
    orders.receive(at(40))
    orders.settle(at(3_600))
    return stored(orders), stored(dead)


def moved_after_a_while(kind):
    """Moved 90 s after its send to a queue that keeps messages for 100 s: what is there at 110 s, and its count?"""
    orders, dead = pair(kind, 1, message_retention_period=100)
    orders.send("order-1", at(0))
    orders.receive(at(0))
    orders.receive(at(90))
    first = [(one.body, one.receives) for one in dead.receive(at(91), timeout=0).messages]
    dead.settle(at(110))
    return first, stored(dead)


def redriven(kind):
    """Brought back after an hour: is it handed out again, and is it the same message?"""
    orders, dead = pair(kind, 1)
    sent = orders.send("order-1", at(0)).message.id
    orders.receive(at(0))
    orders.receive(at(40))
    MoveTask(lambda: dead, lambda message: orders, at(3_600)).settle(at(3_601))
    return [(one.id == sent, one.sent, one.receives) for one in orders.receive(at(3_602)).messages], stored(dead)


STORIES = {
    "looked at": looked_at,
    "failed again and again": failed_again_and_again,
    "failed and left alone": failed_and_left_alone,
    "moved after a while": moved_after_a_while,
    "redriven": redriven,
}
