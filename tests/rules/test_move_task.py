"""A message move task: rate, order, statuses, and what a redriven message keeps."""

import pytest

from labkit.rules import Faults, FifoQueue, MoveTask, Refused, Settings, move_task
from tests.rules.queues import HOUR, at, queue, told

GONE = "AWS.SimpleQueueService.NonExistentQueue"


def dead_letters(number, **settings):
    """A dead-letter queue with this many messages, and the queue that they came from."""
    dead = queue(name="dead-orders", **settings)
    for each in range(number):
        dead.send(f"order-{each}", at(0))
    return dead, queue()


def started(dead, orders, seconds=0, rate=None):
    return MoveTask(lambda: dead, lambda message: orders, at(seconds), rate)


def stored(one):
    return [message.body for message in one.stored()]


def test_a_message_moves_every_part_of_a_second_that_the_rate_allows_oldest_first():
    dead, orders = dead_letters(4)
    task = started(dead, orders, rate=2)
    moves = [(change.at, change.message.body) for change in task.settle(at(60)) if change.before is None]
    assert moves == [(at(0.5), "order-0"), (at(1), "order-1"), (at(1.5), "order-2"), (at(2), "order-3")]
    assert (task.status, task.moved, task.to_move) == ("COMPLETED", 4, 4)


def test_without_a_rate_500_messages_move_in_a_second():
    dead, orders = dead_letters(501)
    task = started(dead, orders)
    task.settle(at(1))
    assert (task.moved, task.status, task.due) == (500, "RUNNING", at(1) + 2_000)


@pytest.mark.parametrize("steps", [(7,), (1, 2, 3, 4, 5, 6, 7), (0.1, 0.9, 6.5, 7)])
def test_looking_more_often_changes_nothing(steps):
    dead, orders = dead_letters(5)
    task = started(dead, orders, rate=1)
    changes = [change for seconds in steps for change in task.settle(at(seconds))]
    assert told(changes) == [
        entry
        for second in range(1, 6)
        for entry in ((second, f"order-{second - 1}", "visible", "redriven"),
                      (second, f"order-{second - 1}", None, "visible"))
    ]  # fmt: skip


def test_a_redriven_message_is_a_new_one_with_the_same_content():
    dead, orders = dead_letters(0)
    old = dead.send("order-1", at(0), group="customer-7").message
    old.attributes = {"kind": {"DataType": "String", "StringValue": "book"}}
    old.system = {"DeadLetterQueueSourceArn": "arn", "AWSTraceHeader": {"StringValue": "Root=1"}}
    dead.change_visibility(dead.receive(at(1)).messages[0].receipt, 0, at(1))
    started(dead, orders, 5).settle(at(6))
    (new,) = orders.receive(at(7)).messages
    assert new.id != old.id
    assert (new.earlier, new.sent, new.receives) == (old.id, at(5.002), 1)
    assert (new.body, new.group, new.attributes) == ("order-1", "customer-7", old.attributes)
    assert new.system == {"AWSTraceHeader": {"StringValue": "Root=1"}}


def test_its_retention_starts_anew():
    dead, orders = dead_letters(1)
    started(dead, orders, 3 * HOUR).settle(at(4 * HOUR))
    assert orders.next_event(at(4 * HOUR)) == at(3 * HOUR + 0.002 + 96 * HOUR)


def test_it_waits_for_the_delay_of_the_queue_that_it_comes_to():
    dead, _ = dead_letters(1)
    orders = queue(delay_seconds=20)
    started(dead, orders).settle(at(1))
    assert orders.receive(at(20)).messages == []
    assert len(orders.receive(at(20.002)).messages) == 1


def test_what_is_in_flight_stays_and_so_does_what_arrives_later():
    dead, orders = dead_letters(3)
    dead.receive(at(0), 1)
    task = started(dead, orders, rate=1)
    dead.send("later", at(0.5))
    task.settle(at(60))
    assert stored(orders) == ["order-1", "order-2"]
    assert stored(dead) == ["order-0", "later"]
    assert (task.status, task.moved) == ("COMPLETED", 2)


def test_a_message_that_is_received_meanwhile_is_left_out():
    dead, orders = dead_letters(2)
    task = started(dead, orders, rate=1)
    dead.receive(at(0.5), 2, HOUR)
    task.settle(at(60))
    assert (task.status, task.moved, stored(orders)) == ("COMPLETED", 0, [])


def test_a_task_on_an_empty_queue_is_soon_complete():
    dead, orders = dead_letters(0)
    task = started(dead, orders)
    assert task.status == "RUNNING"
    task.settle(at(1))
    assert (task.status, task.due) == ("COMPLETED", None)


def test_a_cancelled_task_stops_at_its_next_step_and_what_moved_stays_moved():
    dead, orders = dead_letters(5)
    task = started(dead, orders, rate=1)
    task.settle(at(2))
    assert task.cancel() == 2
    assert (task.status, task.is_active) == ("CANCELLING", True)
    task.settle(at(60))
    assert (task.status, task.is_active) == ("CANCELLED", False)
    assert (len(stored(orders)), len(stored(dead))) == (2, 3)
    with pytest.raises(Refused, match="InvalidParameterValue: The task is CANCELLED"):
        task.cancel()


def test_a_task_whose_destination_goes_away_fails_and_leaves_the_rest():
    dead, orders = dead_letters(5)

    def route(message):
        if message.body == "order-3":
            raise Refused(GONE, "")
        return orders

    task = MoveTask(lambda: dead, route, at(0), 1)
    task.settle(at(60))
    assert (task.status, task.reason, task.moved) == ("FAILED", GONE, 3)
    assert stored(dead) == ["order-3", "order-4"]
    assert len(dead.receive(at(61)).messages) == 1


def test_a_task_ends_when_its_longest_time_is_over(monkeypatch):
    assert at(36 * HOUR) == move_task.LONGEST
    monkeypatch.setattr(move_task, "LONGEST", at(1.5))
    dead, orders = dead_letters(3)
    task = started(dead, orders, rate=1)
    task.settle(at(60))
    assert (task.status, task.reason, task.moved, stored(dead)) == ("FAILED", None, 1, ["order-1", "order-2"])


def test_expired_messages_do_not_move():
    dead, orders = dead_letters(2, message_retention_period=60)
    task = started(dead, orders, 59, rate=2)
    changes = task.settle(at(70))
    assert [(change.message.body, change.after) for change in changes if change.queue == "dead-orders"] == [
        ("order-0", "redriven"), ("order-1", "expired")]  # fmt: skip
    assert task.moved == 1


def test_a_dead_letter_queue_on_many_servers_gives_its_oldest_first():
    dead, orders = dead_letters(30, faults=Faults(sample=0.9))
    started(dead, orders).settle(at(60))
    assert stored(orders) == [f"order-{number}" for number in range(30)]


def fifo_pair():
    """A FIFO queue and its dead-letter queue."""
    return FifoQueue("dead-orders.fifo", Settings()), FifoQueue("orders.fifo", Settings())


def test_a_fifo_queue_gets_each_message_into_its_group_in_order():
    dead, orders = fifo_pair()
    for number in range(4):
        dead.send(f"order-{number}", at(0), group=f"customer-{number % 2}", deduplication=f"id-{number}")
    task = started(dead, orders, rate=1)
    task.settle(at(60))
    groups = [(one.body, one.group[-1]) for one in orders.stored()]
    assert groups == [("order-0", "0"), ("order-1", "1"), ("order-2", "0"), ("order-3", "1")]
    assert (task.status, orders.stored()[0].sent) == ("COMPLETED", at(1))


def test_a_group_that_is_in_flight_in_a_fifo_dead_letter_queue_stays():
    dead, orders = fifo_pair()
    for number in range(4):
        dead.send(f"order-{number}", at(0), group=f"customer-{number % 2}", deduplication=f"id-{number}")
    dead.receive(at(0), 1, HOUR)
    started(dead, orders, rate=1).settle(at(60))
    assert stored(orders) == ["order-1", "order-3"]


def test_what_comes_back_to_a_fifo_queue_is_no_duplicate_of_what_was_sent_first():
    """Its deduplication id is the id that it had, so the five minutes of the first send do not swallow it."""
    dead, orders = fifo_pair()
    orders.settings = Settings(max_receive_count=1, dead_letter_queue=dead)
    orders.send("order-1", at(0), group="customer-1", deduplication="id-1")
    orders.receive(at(0), timeout=1)
    orders.receive(at(2))
    (moved,) = dead.stored()
    assert moved.deduplication == moved.id
    started(dead, orders, 3).settle(at(4))
    assert stored(orders) == ["order-1"]
