"""A filter policy typed in a real browser: the table follows, a refusal stands in its place, and nothing is saved."""

import pytest

from tests.browser.screens import photograph

pytestmark = pytest.mark.browser


def test_what_is_typed_is_answered_at_once_and_the_file_keeps_no_widget(open_notebook, screenshots):
    """Another policy, another scope, a broken one; Enter and arrows stay in the field."""
    notebook = open_notebook("exercises/12_message_filtering.ipynb")
    notebook.run_all()
    output = notebook.cell(notebook.find("try_policy(")).locator(".jp-OutputArea")
    output.scroll_into_view_if_needed()
    field, status = output.locator("textarea"), output.get_by_role("status")
    notebook.wait(lambda: status.inner_text() == "1 of 3 messages pass.", "the first policy")
    assert output.locator("tbody tr").nth(1).inner_text().endswith('kind: the policy does not list "Order"')

    field.fill("")
    field.press_sequentially('{"shop": ["web",')
    field.press("Enter")
    field.press_sequentially(' "till"]}')
    notebook.wait(lambda: status.inner_text() == "2 of 3 messages pass.", "the second policy")
    photograph(notebook, screenshots)

    output.get_by_label("MessageBody").check()
    notebook.wait(lambda: status.inner_text() == "0 of 3 messages pass.", "the other scope")
    assert output.locator("tbody tr").first.inner_text().endswith("shop: the message has none")

    field.fill('{"shop": [{"begins": "w"}]}')
    notebook.wait(lambda: "Unrecognized match type begins" in status.inner_text(), "the refusal")
    assert "held back" not in output.locator("tbody").inner_text()
    assert "application/vnd.jupyter.widget-state+json" not in notebook.save()["metadata"].get("widgets", {})
