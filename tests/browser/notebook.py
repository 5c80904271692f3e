"""One notebook in JupyterLab, driven as a learner does it: by clicking and typing."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page

from tests.patience import FAR

IDLE = r"#jp-main-statusbar >> text=/\| Idle/"
PANEL = ".jp-NotebookPanel:not(.lm-mod-hidden)"
NUMBER = r"el => Number((el.querySelector('.jp-InputPrompt').textContent.match(/\[(\d+)\]/) || [0, 0])[1])"
ALL_RAN = r"""panel => {
    const cells = [...document.querySelectorAll(`${panel} .jp-CodeCell`)];
    return cells.length && cells.every((cell) => /\[\d+\]/.test(cell.querySelector('.jp-InputPrompt').textContent));
}"""

NONE_RAN = """panel => [...document.querySelectorAll(`${panel} .jp-CodeCell .jp-InputPrompt`)]
    .every((prompt) => !/[\\d*]/.test(prompt.textContent))"""
LAST_WAITS = """panel => [...document.querySelectorAll(`${panel} .jp-CodeCell .jp-InputPrompt`)].at(-1).textContent
    .includes('*')"""


class Notebook:
    """The notebook shown in a page, and its file."""

    def __init__(self, page: Page, path: Path) -> None:
        self.page = page
        self.path = path
        # Anything earlier, and a dialog that asks for a kernel swallows what is clicked.
        page.wait_for_selector(IDLE)

    def cell(self, at: int) -> Locator:
        """The cell at this place, counted from 0 over text and code."""
        return self.page.locator(f"{PANEL} .jp-Cell").nth(at)

    def find(self, source: str) -> int:
        """The place of the one cell whose source begins so."""
        places = [at for at, cell in enumerate(self.stored()["cells"]) if "".join(cell["source"]).startswith(source)]
        assert len(places) == 1, (source, places)
        return places[0]

    def stored(self) -> dict[str, Any]:
        """The notebook as its file has it now."""
        return json.loads(self.path.read_text("utf-8"))

    def menu(self, name: str, item: str) -> None:
        """Choose an item of the menu bar."""
        self.page.locator(".lm-MenuBar-item", has_text=name).first.click()
        self.page.locator(".lm-Menu-item", has_text=item).first.click()

    def run_all(self) -> None:
        """Run > Run All Cells, until every code cell has its number."""
        self.menu("Run", "Run All Cells")
        self.wait_until_all_ran()

    def restart(self, then: str) -> None:
        """Kernel > Restart Kernel and ..., confirmed."""
        self.menu("Kernel", f"Restart Kernel and {then}")
        self.page.locator(".jp-Dialog button.jp-mod-accept").click()

    def restart_and_run_all(self) -> None:
        """A fresh kernel runs every cell again."""
        self.restart("Run All Cells")
        self.page.wait_for_function(LAST_WAITS, arg=PANEL)
        self.wait_until_all_ran()

    def restart_and_clear(self) -> None:
        """A fresh kernel, and no output left of the old one; JupyterLab clears when the new one is there."""
        self.restart("Clear Outputs of All Cells")
        self.page.wait_for_function(NONE_RAN, arg=PANEL)
        self.page.wait_for_selector(IDLE)

    def wait_until_all_ran(self) -> None:
        """Every code cell has a number, and the kernel is idle."""
        self.page.wait_for_function(ALL_RAN, arg=PANEL)
        self.page.wait_for_selector(IDLE)

    def run(self, at: int) -> Locator:
        """Run one cell, wait for its end, and return its outputs."""
        cell = self.cell(at)
        before = cell.evaluate(NUMBER)
        cell.locator(".jp-InputPrompt").click()
        self.page.keyboard.press("Control+Enter")
        self.wait(lambda: cell.evaluate(NUMBER) > before, f"cell {at} to run")
        return cell.locator(".jp-OutputArea")

    def write(self, at: int, source: str) -> None:
        """Replace a cell's text by typing."""
        self.cell(at).locator(".cm-content").click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(source)

    def save(self) -> dict[str, Any]:
        """File > Save Notebook, and what the file then holds."""
        with self.page.expect_response(
            lambda answer: answer.request.method == "PUT" and "/api/contents/" in answer.url
        ):
            self.menu("File", "Save Notebook")
        return self.stored()

    def wait(self, condition: Callable[[], bool], what: str) -> None:
        """Look again at each picture that the browser draws until the condition holds."""
        end = time.monotonic() + FAR
        while not condition():
            assert time.monotonic() < end, f"waited {FAR} s for {what}"
            self.page.evaluate("() => new Promise(requestAnimationFrame)")


def texts(notebook: dict[str, Any]) -> list[list[str]]:
    """What each code cell stored, as text; without predictions, which remember what was answered."""
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    kept = [cell for cell in cells if not "".join(cell["source"]).startswith("predict")]
    return [[_text(output) for output in cell["outputs"]] for cell in kept]


def _text(output: dict[str, Any]) -> str:
    shown = output.get("text") or output.get("data", {}).get("text/plain") or output.get("evalue", "")
    return "".join(shown)


def in_view(locator: Locator) -> bool:
    """Whether what is found can be seen without scrolling."""
    return locator.evaluate(
        """el => {
            const panel = el.closest('.jp-WindowedPanel-outer');
            const [box, frame] = [el.getBoundingClientRect(), panel.getBoundingClientRect()];
            return box.top < frame.bottom && box.bottom > frame.top;
        }"""
    )
