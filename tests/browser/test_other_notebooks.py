"""Other notebooks: one whose work is interrupted, a clone that nobody trusts, and one that cites another."""

import math
import time
from datetime import datetime

import pytest

from tests.browser.notebook import PANEL, in_view

pytestmark = pytest.mark.browser
PRESSED_AGAIN = 20  # seconds


def test_the_stop_button_ends_a_long_loop_inside_an_actor_and_time_is_real_afterwards(open_notebook):
    """The loop would go on for 100,000 calls, which is minutes. Other notebooks are open, each with its kernel."""
    scratch = open_notebook("scratch.ipynb")
    scratch.run(0)
    cell = scratch.cell(1)
    cell.locator(".jp-InputPrompt").click()
    scratch.page.keyboard.press("Control+Enter")
    scratch.wait(lambda: "the loop is on" in cell.inner_text(), "the actor to begin")
    stop = scratch.page.locator(f"{PANEL} [data-jp-item-name=interrupt]")
    pressed = -math.inf

    def is_stopped():
        """Pressed as a learner does it: again when nothing happens, for Python ignores a signal inside a finalizer."""
        nonlocal pressed
        is_over = "KeyboardInterrupt" in cell.inner_text()
        if not is_over and time.monotonic() > pressed + PRESSED_AGAIN:
            stop.click()
            pressed = time.monotonic()
        return is_over

    scratch.wait(is_stopped, "the interrupt")
    assert "labkit/" not in cell.inner_text()
    assert scratch.run(2).inner_text().strip().endswith("2026")
    assert scratch.run(3).inner_text().strip().endswith(str(datetime.now().year))


def test_a_clone_that_nobody_trusts_shows_its_pictures_before_it_is_run(open_notebook):
    """Passports and the slider's pictures are images inside HTML, and no widget complains that it has no model."""
    clone = open_notebook("clone.ipynb")
    images = clone.page.locator(f"{PANEL} img[src^='data:image/svg+xml']")
    clone.wait(lambda: images.count() >= 4, "the images")
    for image in images.all():
        image.scroll_into_view_if_needed()
        clone.wait(lambda image=image: image.evaluate("el => el.naturalWidth") > 100, "an image to be drawn")
        assert image.get_attribute("alt")
    assert clone.page.locator(f"{PANEL} .js-plotly-plot").count() == 2
    assert "model not found" not in clone.page.locator(PANEL).inner_text()


def test_a_mark_of_another_lesson_leads_to_its_row_there(open_notebook):
    """The first click opens that lesson, whose pictures may shift the row while they come; the second jumps to it."""
    lesson = open_notebook("04_long_polling.ipynb")
    link = lesson.page.locator(f"{PANEL} a[href$='#receive-short-poll']").first
    row = lesson.page.locator(f"{PANEL} tr#receive-short-poll")
    link.click()
    row.wait_for()
    lesson.page.locator(".lm-TabBar-tab", has_text="04_long").click()
    link.click()
    lesson.wait(lambda: row.is_visible() and in_view(row), "the row to come into view")
