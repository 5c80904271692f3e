"""In which code cell something is shown first, in which AWS is called first, and what stands under AWS documents."""

from types import SimpleNamespace

import nbformat
import pytest

from labkit.builder.cards import not_documented
from labkit.builder.first import first_call, first_output
from labkit.builder.norms import beyond, measure, show

OPEN = """
def open_shop():
    sqs = lab.client("sqs")
    return sqs.create_queue(QueueName="orders")
"""
INNER = """
def first_order():
    return open_shop()
"""


def code(*sources):
    return [nbformat.v4.new_code_cell(source) for source in sources]


@pytest.mark.parametrize(
    ("cells", "number"),
    [
        (['sqs = lab.client("sqs")', "sqs.list_queues()"], 2),
        ([OPEN, "open_shop()"], 2),
        ([OPEN, INNER, "orders = 3", "first_order()"], 4),
        ([OPEN, "lab.start(open_shop)"], 2),
        ([OPEN, "worker.send_message_later()"], None),
        (["client.send_message()"], None),
        (['mq = lab.client("mq")', "mq.send_message()", "mq.list_brokers()"], 3),
    ],
)
def test_the_first_call_is_found_through_the_functions_of_the_notebook(cells, number):
    """Defining a function calls nothing; an operation counts where its service has a client."""
    assert first_call(code(*cells)) == number


def test_the_first_output_is_the_first_cell_that_shows_anything():
    """A cell without an output shows nothing."""
    cells = code("a = 1", "a", "a + 1")
    assert first_output(cells) is None
    cells[1].outputs = [nbformat.v4.new_output("stream", text="1")]
    assert first_output(cells) == 2


def test_what_is_beyond_the_norms_is_told():
    """Too many cells, and nothing shown or called; no figure at all is no fault."""
    measured = measure(nbformat.v4.new_notebook(cells=code(*["a = 1"] * 61)))
    assert beyond(measured) == ["cells 61", "first output in code cell none", "first call in code cell none"]
    assert "first call in code cell none (<= 4)" in show(measured)


def test_what_stands_under_aws_documents_was_read_there():
    """That column alone, in each of its rows; another table's first column is free."""
    evidence = {"vis-1": "documented", "vis-2": "recorded", "vis-3": "recorded", "vis-4": "recorded"}
    card = "| runs here | AWS documents |\n|---|---|\n| {vis-3} | {vis-1} |\n| none | {=vis-2} and {vis-2} |\n"
    other = "\n| model | service |\n|---|---|\n| {vis-4} | Amazon SQS |"
    cells = [nbformat.v4.new_markdown_cell("## On the real service\n\n" + card + other)]
    assert not_documented(cells, lambda name: SimpleNamespace(evidence=evidence[name])) == ["vis-2"]
