"""The course open in JupyterLab, and Chromium in front of it, once for all browser tests."""

import json
import os
import shutil
import signal
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.notebook import Notebook
from tests.browser.watch import Watch
from tests.opened import read_address, start
from tests.patience import FAR

ROOT = Path(__file__).parents[2]
DESKTOP = {"width": 1440, "height": 900}
# Chromium looks for updates and accounts by itself; here only what the pages ask for counts.
QUIET = "no-sandbox disable-gpu disable-quic no-first-run disable-sync".split()
QUIET += ["disable-background-networking", "disable-component-update"]
SCRATCH = [
    """from datetime import datetime
from labkit import Lab
lab = Lab(seed=1)
sqs = lab.client("sqs")
url = sqs.create_queue(QueueName="orders")["QueueUrl"]""",
    """def hurries():
    print("the loop is on", flush=True)
    while True:
        sqs.receive_message(QueueUrl=url)
        sum(range(100_000))

lab.start(hurries)
lab.run()""",
    "datetime.now().year",
    "lab.close()\ndatetime.now().year",
]


@pytest.fixture(scope="session")
def course(tmp_path_factory):
    """A copy of the whole course, with two notebooks more: a scratch pad, and a lesson that nobody trusts."""
    root = tmp_path_factory.mktemp("course")
    shutil.copy(ROOT / "lab.py", root)
    for name in ("notebooks", "exercises"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    mine = root / "my_course"
    mine.mkdir()
    (mine / "scratch.ipynb").write_text(json.dumps(notebook_of(SCRATCH)))
    clone = json.loads((root / "notebooks" / "03_visibility_timeout.ipynb").read_text())
    clone["cells"][0]["source"] = ["# Cloned and changed"]
    (mine / "clone.ipynb").write_text(json.dumps(clone))
    return root


def notebook_of(sources):
    """A notebook with these code cells."""
    cells = [
        {
            "cell_type": "code",
            "id": f"cell-{at}",
            "metadata": {},
            "source": source,
            "outputs": [],
            "execution_count": None,
        }
        for at, source in enumerate(sources)
    ]
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


@pytest.fixture(scope="session")
def address(course, tmp_path_factory):
    """Where `labkit open` says that the course is open."""
    process = start(course, tmp_path_factory.mktemp("home"))
    try:
        yield read_address(process)[0]
        process.send_signal(signal.SIGINT)
        process.wait(FAR)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.fixture(scope="session")
def watch(address):
    """What every page asked for, and whatever went wrong in one."""
    return Watch(urlsplit(address).netloc)


@pytest.fixture(scope="session")
def chromium_window(chromium, watch):
    """Headless Chromium of the size of a desktop; each of its pages is watched."""
    with sync_playwright() as playwright:
        flags = [f"--{flag}" for flag in QUIET]
        browser = playwright.chromium.launch(executable_path=chromium, headless=True, args=flags)
        window = browser.new_context(viewport=DESKTOP)
        window.set_default_timeout(FAR * 1000)
        window.on("page", watch.follow)
        yield window
        browser.close()


@pytest.fixture(scope="session")
def open_notebook(chromium_window, address, course):
    """Opens a notebook of the learner's folder in a page of its own and waits for its kernel."""
    opened = urlsplit(address)

    def open_notebook(name: str) -> Notebook:
        page = chromium_window.new_page()
        page.goto(f"http://{opened.netloc}/lab/tree/{name}?reset&{opened.query}")
        return Notebook(page, course / "my_course" / name)

    return open_notebook


@pytest.fixture(scope="session")
def screenshots():
    """The folder that LABKIT_SCREENSHOTS names, to look at by eye; None: no pictures are taken."""
    if not (named := os.environ.get("LABKIT_SCREENSHOTS")):
        return None
    folder = Path(named)
    folder.mkdir(parents=True, exist_ok=True)
    return folder
