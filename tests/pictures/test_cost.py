"""What pictures of a thousand messages cost a notebook; their time is a benchmark."""

import pytest

from labkit import calls_over_time, queue_depth, swimlanes
from tests.history.events import Written


@pytest.fixture(scope="module")
def busy():
    """A thousand messages, each sent, received twice and deleted: eight thousand events."""
    written = Written()
    for number in range(1_000):
        message = f"id-{number}"
        written.call(number, "you", "SendMessage", message).sent(number, message)
        written.call(number + 1, "Ann", "ReceiveMessage", message).received(number + 1, message, "Ann", 1, number + 31)
        written.back(number + 31, message, 1)
        written.call(number + 40, "Bob", "ReceiveMessage", message)
        written.received(number + 40, message, "Bob", 2, number + 70).deleted(number + 50, message, "Bob", 2)
    return written.history


@pytest.mark.parametrize("draw", [swimlanes, queue_depth, calls_over_time])
def test_a_picture_of_a_thousand_messages_stays_small(busy, draw):
    """A notebook keeps all three forms: less than 300 kB together."""
    assert sum(len(str(form)) for form in draw(busy)._repr_mimebundle_().values()) < 300_000
