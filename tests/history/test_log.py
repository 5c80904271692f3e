"""The event log of a lab."""

from labkit import Lab
from tests.history.events import SECOND, START, Written


def test_reading_sorts_by_time_and_keeps_the_order_within_an_instant():
    """What was written late stands where it belongs."""
    written = Written().sent(5, "id-1").call(2, "you", "SendMessage", "id-2").sent(2, "id-2")
    assert [event.order for event in written.history.in_order()] == [2, 3, 1]
    assert [event.order for event in written.history.of_message("id-2")] == [2, 3]


def test_a_state_that_ends_by_itself_says_when():
    """Delays and visibility timeouts do; a visible message waits for somebody."""
    with Lab(seed=7) as lab:
        sqs = lab.client("sqs")
        url = sqs.create_queue(QueueName="orders")["QueueUrl"]
        sqs.send_message(QueueUrl=url, MessageBody="order-1", DelaySeconds=4)
        lab.clock.advance("5 s")
        sqs.receive_message(QueueUrl=url, VisibilityTimeout=20)
        until = [change.until and (change.until - START) / SECOND for change in lab.history.changes()]
    assert until == [4, None, 25]
