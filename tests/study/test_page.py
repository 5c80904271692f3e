"""A page in two still forms, and the live ones where a kernel is."""

import json
import re

import pytest

from labkit import hint, predict
from labkit.study import form
from labkit.study.course.journal import journal
from labkit.study.form.widget import HERE, Form, Steps
from labkit.study.page import WIDGET, Code, Items, Page, Rows, Title

EVERY_PART = Page(
    [Title("A `title`"), "Text & <b>.", Items(["one", "two"]), Items(["one"], True), Code("a < b"), Rows(["id"], [[1]])]
)


def test_plain_text_reads_from_top_to_bottom():
    assert EVERY_PART.plain() == "A `title`\nText & <b>.\n  - one\n  - two\n  1. one\n    a < b\n  id\n  1"
    assert repr(EVERY_PART) == EVERY_PART.plain()


def test_html_has_real_headings_lists_and_table_heads_and_escapes_text():
    html = EVERY_PART.html()
    for part in (
        '<p role="heading" aria-level="4"><strong>A <code>title</code></strong></p>',
        "<p>Text &amp; &lt;b&gt;.</p>",
        "<ul><li>one</li><li>two</li></ul>",
        "<ol><li>one</li></ol>",
        "<pre><code>a &lt; b</code></pre>",
        '<th scope="col" style="text-align: left">id</th>',
        '<td style="text-align: left">1</td>',
    ):
        assert part in html
    assert "<script" not in html
    assert set(re.findall("style=.*?[>]", html)) == {'style="text-align: left">'}


@pytest.fixture
def kernel(monkeypatch):
    """As in a kernel: widgets are made, and listed."""
    made = []
    monkeypatch.setattr(form, "has_kernel", lambda: True)
    for kind in (Form, Steps):
        monkeypatch.setattr(kind, "open", noting(kind.open, made))
    return made


def noting(opened, made):
    """A widget's `open` that also lists the widget."""

    def open_and_note(widget):
        made.append(widget)
        opened(widget)

    return open_and_note


def test_a_prediction_is_a_form_whose_commit_is_stored(kernel):
    bundle = predict("03-a", "How long?", [30, 60])._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html", WIDGET}
    (widget,) = kernel
    assert (widget.options, widget.committed, widget.locked) == (["30", "60"], [], False)
    widget._handle_custom_msg({"option": 2, "sure": 3}, [])
    assert widget.status == "Committed: 60, certain. You can change it until you have seen what happens."
    assert journal().entries()[-1]["answer"] == "60"


def test_a_revealed_prediction_is_a_locked_form(kernel):
    asked = predict("03-a", "How long?", [30, 60])
    predict.answer("03-a", 2)
    predict.reveal("03-a", 30)
    asked._repr_mimebundle_()
    assert kernel[0].locked
    assert kernel[0].committed == [2, 2]
    assert "what happened: 30" in kernel[0].status


def test_hints_have_buttons_whose_steps_are_stored(kernel):
    assert WIDGET in hint("03-heartbeat")._repr_mimebundle_()
    (widget,) = kernel
    assert (widget.step, len(widget.texts)) == (1, 4)
    widget._handle_custom_msg({"step": 2}, [])
    assert hint("03-heartbeat").step == 3


def test_without_a_kernel_there_is_no_widget():
    assert not form.has_kernel()
    assert json.dumps(predict("03-a", "How long?", [30, 60])._repr_mimebundle_())


@pytest.mark.parametrize("name", ["form.js", "steps.js"])
def test_the_live_forms_use_native_controls_and_keep_jupyter_s_keys_away(name):
    code = (HERE / name).read_text()
    assert '"data-lm-suppress-shortcuts", "true"' in code
    assert '"role", "status"' in code
    assert "http" not in code
