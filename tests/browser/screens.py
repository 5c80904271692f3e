"""Pictures of a whole notebook at two sizes, for a person to look at."""

from pathlib import Path

from tests.browser.notebook import PANEL, Notebook

SIZES = ((1440, 900), (1024, 768))


def photograph(notebook: Notebook, folder: Path | None) -> None:
    """Scroll through the notebook at each size and keep every screen; nothing without a folder."""
    if folder is None:
        return
    page = notebook.page
    name = f"{notebook.path.parent.name}-{notebook.path.stem}"
    before = page.viewport_size
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        frame = page.locator(f"{PANEL} .jp-WindowedPanel-outer")
        last = -1
        for number in range(200):
            wanted = frame.evaluate(SCROLL, number)
            if wanted == last:
                break
            last = wanted
            page.screenshot(path=folder / f"{name}-{width}-{number:03d}.png")
    page.set_viewport_size(before)


SCROLL = """(frame, number) => new Promise((done) => {
    frame.scrollTop = number * (frame.clientHeight - 40);
    requestAnimationFrame(() => requestAnimationFrame(() => done(frame.scrollTop)));
})"""
