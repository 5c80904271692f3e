"""What pictures and tables of a thousand messages cost: CPU time, so that a busy machine does not matter."""

from time import process_time

import pytest

from labkit import calls_over_time, queue_depth, swimlanes
from labkit.history.passport import Passport
from labkit.history.table import Table
from tests.history.events import START, Written

BUDGET = 0.2


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


SHOWN = {
    "swimlanes": lambda history: swimlanes(history)._repr_mimebundle_(),
    "queue_depth": lambda history: queue_depth(history)._repr_mimebundle_(),
    "calls_over_time": lambda history: calls_over_time(history)._repr_mimebundle_(),
    "table": lambda history: Table(history.in_order(), START)._repr_html_(),
    "passport": lambda history: Passport("id-500", history.of_message("id-500"), START)._repr_html_(),
}


@pytest.mark.parametrize("show", SHOWN.values(), ids=SHOWN)
def test_a_thousand_messages_are_shown_within_the_budget(busy, show):
    """Each form of each picture in less than 200 ms."""
    began = process_time()
    show(busy)
    assert process_time() - began < BUDGET


@pytest.mark.parametrize("draw", [swimlanes, queue_depth, calls_over_time])
def test_a_picture_of_a_thousand_messages_stays_small(busy, draw):
    """A notebook keeps all three forms: less than 300 kB together."""
    assert sum(len(str(form)) for form in draw(busy)._repr_mimebundle_().values()) < 300_000
