"""The table of a lab's history."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest

from labkit import Lab
from labkit.history.table import Table
from tests.history.events import START, Written


@pytest.fixture
def table():
    """One order, sent, received by Ann, deleted; one still there."""
    written = Written().call(0, "you", "CreateQueue").call(1, "you", "SendMessage", "id-1").sent(1, "id-1")
    written.call(2, "you", "SendMessage", "id-2").sent(2, "id-2")
    written.call(3, "Ann", "ReceiveMessage", "id-1", received=1).received(3, "id-1", "Ann", 1, 33)
    written.call(9, "Ann", "DeleteMessage").deleted(9, "id-1", "Ann")
    written.call(10, "Ann", "ReceiveMessage", error="OverLimit")
    return Table(written.history.in_order(), START)


def test_the_text_says_when_who_what_where_and_why(table):
    """Aligned columns under one caption."""
    lines = str(table[5:8]).splitlines()
    assert lines[0] == "What happened in this lab. Lab time counts from 2026-01-01 00:00:00 UTC."
    assert lines[1].split() == ["lab", "time", "who", "what", "queue", "message", "why", "or", "answer"]
    assert lines[2] == "00:00:03.000  Ann  ReceiveMessage       orders  order-1  1 message"
    assert lines[3] == "00:00:03.000  Ann  visible → in flight  orders  order-1  received, time 1"


def test_rows_are_values_to_compute_with(table):
    """An instant with its time zone, a length since the start, the ids of the messages."""
    row = table[5]
    assert row.at == datetime(2026, 1, 1, 0, 0, 3, tzinfo=UTC)
    assert row.since == timedelta(seconds=3)
    assert (row.by, row.kind, row.what, row.messages) == ("Ann", "call", "ReceiveMessage", ("id-1",))
    assert table.rows() == list(table)
    assert len(table) == 10


@pytest.mark.parametrize(
    ("conditions", "number"),
    [
        ({"by": "Ann"}, 5),
        ({"queue": "orders"}, 10),
        ({"message": "order-1"}, 5),
        ({"message": "id-1"}, 5),
        ({"operation": "ReceiveMessage"}, 2),
        ({"what": "change"}, 4),
        ({"what": "call", "by": "Ann"}, 3),
        ({"what": "in flight → deleted"}, 1),
        ({"operation": "in flight → deleted"}, 0),
    ],
)
def test_where_keeps_the_rows_that_fit_all_conditions(table, conditions, number):
    """Several conditions narrow further."""
    assert len(table.where(**conditions)) == number


def test_a_condition_that_nothing_fits_says_what_there_is(table):
    """A learner who misspells a queue reads its right name."""
    assert str(table.where(queue="order")) == (
        "No row fits queue='order'. This history has queues: orders; actors: you, Ann; "
        "operations: CreateQueue, SendMessage, ReceiveMessage, DeleteMessage."
    )


def test_an_empty_history_says_so():
    """No table of nothing."""
    assert str(Table([])) == "Nothing has happened in this lab yet: send a message first."
    assert "<table" not in Table([])._repr_html_()


def test_a_long_table_says_how_to_see_the_rest():
    """Thirty rows, then one sentence; all() and a slice show the others."""
    written = Written()
    for number in range(40):
        written.sent(number, f"id-{number}")
    table = Table(written.history.in_order(), START)
    assert str(table).splitlines()[-1].startswith("30 of 40 rows are shown: .all() shows every row")
    assert "order-39" not in str(table)
    assert "order-39" in str(table.all())
    assert "rows are shown" not in str(table.all())
    assert [row.message for row in table[38:]] == ["order-38", "order-39"]


class Headers(HTMLParser):
    """Collects the scopes of header cells and counts captions."""

    def __init__(self, html):
        super().__init__()
        self.scopes, self.captions = [], 0
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.captions += tag == "caption"
        if tag == "th":
            self.scopes.append(dict(attributes)["scope"])


def test_the_html_table_can_be_read_aloud(table):
    """A caption, and header cells that say whether they head a column or a row."""
    read = Headers(table._repr_html_())
    assert read.captions == 1
    assert read.scopes == ["col"] * 6 + ["row"] * len(table)


def test_html_is_escaped():
    """A body with markup in it stays text."""
    table = Table(Written().sent(0, "<b>").history.in_order(), START)
    assert "&lt;b&gt;" in table._repr_html_()
    assert "<b>" not in table._repr_html_()


def test_frame_hands_the_rows_to_pandas(table, monkeypatch):
    """One record a row, one column a field; the real pandas takes seconds to load."""
    frames = SimpleNamespace(DataFrame=lambda records, columns: (records, columns))
    monkeypatch.setitem(sys.modules, "pandas", frames)
    records, columns = table.frame()
    assert columns == ["at", "since", "by", "kind", "what", "queue", "message", "why", "messages"]
    assert [record["since"] for record in records] == [row.since for row in table]


@pytest.mark.slow
def test_frame_is_a_pandas_frame_of_the_rows(table):
    """The same numbers, for those who know pandas."""
    frame = table.frame()
    assert list(frame["by"]) == [row.by for row in table]
    assert frame["since"].max() == timedelta(seconds=10)
    assert list(Table([]).frame().columns) == list(frame.columns)


def test_without_pandas_frame_says_what_to_do(table, monkeypatch):
    """One sentence, not an ImportError."""
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(Exception, match="needs pandas"):
        table.frame()


@pytest.mark.slow
def test_showing_a_table_and_a_picture_loads_neither_pandas_nor_numpy_nor_plotly():
    """They cost half a second, which nobody who only looks should pay."""
    code = (
        "import sys; from labkit import Lab, swimlanes; lab = Lab();"
        "lab.client('sqs').create_queue(QueueName='orders');"
        "repr(lab.table()), lab.table()._repr_html_(), swimlanes(lab)._repr_mimebundle_();"
        "print({'pandas', 'numpy', 'plotly', 'ipywidgets'} & set(sys.modules))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "set()"


def test_a_lab_shows_its_table():
    """The table of real calls: each call stands before the change that it caused, both with the same time."""
    with Lab(seed=7) as lab:
        sqs = lab.client("sqs")
        url = sqs.create_queue(QueueName="orders")["QueueUrl"]
        sqs.send_message(QueueUrl=url, MessageBody="order-1")
        lab.clock.advance("2 s")
        sqs.receive_message(QueueUrl=url)
        shown = [(row.since.total_seconds(), row.what, row.message) for row in lab.table()]
    assert shown == [
        (0, "CreateQueue", ""),
        (0, "SendMessage", "order-1"),
        (0, "sent → visible", "order-1"),
        (2, "ReceiveMessage", "order-1"),
        (2, "visible → in flight", "order-1"),
    ]


def test_the_same_seed_shows_the_same_bytes():
    """Two runs of one story give the same table, to the byte."""

    def shown():
        with Lab(seed=3) as lab:
            sqs = lab.client("sqs")
            url = sqs.create_queue(QueueName="orders")["QueueUrl"]
            sqs.send_message(QueueUrl=url, MessageBody="x" * 30)
            return lab.table()._repr_html_()

    assert shown() == shown()
