"""Opens the course in JupyterLab: the learner's folder, its own Jupyter settings, one address to click."""

import json
import logging
import os
import secrets
import sys
import threading
import urllib.request
import webbrowser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from labkit.study.course.my_course import MyCourse
from labkit.words import course as words
from labkit.words import error, say

START = "00_start_here"
OVERRIDES = {
    # Both would ask a server on the network when JupyterLab opens.
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/docmanager-extension:plugin": {"autosave": True, "autosaveInterval": 60},
    "@jupyterlab/notebook-extension:tracker": {
        # On a laptop's screen the ends of long lines, among them the questions of predictions, would be cut off.
        "codeCellConfig": {"lineNumbers": False, "lineWrap": True},
        # Every other mode guesses the height of cells not seen yet, and a link to a row of the claims lands beside it.
        "windowingMode": "none",
    },
}
KERNEL_START = """import labkit.jupyter
labkit.jupyter.prepare_kernel()
del labkit
"""


def command(arguments: list[str]) -> int:
    """`labkit open [LESSON]`: runs JupyterLab until it is stopped with Ctrl-C; returns the exit code."""
    if len(arguments) > 1 or (arguments[:1] and arguments[0].startswith("-")):
        raise error(words.OPEN_USAGE)
    course = MyCourse.here()
    start = find_notebook(course, arguments)
    for sentence in course.bring_up_to_date():
        print(sentence)
    os.environ["LABKIT_COURSE"] = str(course.root)  # tells each kernel where the learner's progress is kept
    use_own_settings(course.folder / ".labkit" / "jupyter")
    trust(course)
    if address := running_address(course, start):
        print(say(words.ALREADY_OPEN, address=address))
        show(address)
        return 0
    return serve(course, start)


def find_notebook(course: MyCourse, arguments: list[str]) -> str:
    """The file to open: the lesson asked for, else the start page, else the first lesson, else none ("")."""
    if arguments:
        return course.named(arguments[0])[0].name
    names = [notebook.name for notebook in course.shipped()]
    start = f"{START}.ipynb"
    return start if start in names else next(iter(names), "")


def use_own_settings(folder: Path) -> None:
    """Points Jupyter and IPython of this process at `folder`: the learner's own set-up is neither used nor changed."""
    for variable in ("JUPYTER_PATH", "JUPYTER_CONFIG_PATH", "JUPYTER_PREFER_ENV_PATH", "JUPYTERLAB_DIR"):
        os.environ.pop(variable, None)
    for name in ("config", "data", "runtime"):
        os.environ[f"JUPYTER_{name.upper()}_DIR"] = str(folder / name)
        (folder / name).mkdir(parents=True, exist_ok=True, mode=0o700)
    os.environ["IPYTHONDIR"] = str(folder / "ipython")
    startup = folder / "ipython" / "profile_default" / "startup" / "00-labkit.py"
    startup.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    startup.write_text(KERNEL_START, "utf-8")
    overrides = folder / "config" / "labconfig" / "default_setting_overrides.json"
    overrides.parent.mkdir(exist_ok=True)
    overrides.write_text(json.dumps(OVERRIDES, indent=1), "utf-8")


def trust(course: MyCourse) -> None:
    """Signs the notebooks as the course ships them, so that their pictures show before anything was run."""
    import nbformat
    from nbformat.sign import NotebookNotary

    notary = NotebookNotary(data_dir=os.environ["JUPYTER_DATA_DIR"])
    for shipped in (each for each in course.shipped() if each.name.endswith(".ipynb")):
        try:
            notebook = nbformat.reads(shipped.content.decode(), as_version=4)
        except ValueError:
            print(say(words.NOT_A_NOTEBOOK, name=shipped.name))
            continue
        if not notary.check_signature(notebook):
            notary.sign(notebook)


def running_address(course: MyCourse, start: str) -> str | None:
    """The address of a JupyterLab that already runs on this course's folder, so that two never save over each other."""
    from jupyter_server.serverapp import list_running_servers

    for server in list_running_servers(os.environ["JUPYTER_RUNTIME_DIR"]):
        if server["root_dir"] == str(course.folder) and answers(server["port"], server["token"]):
            return address_of(server["port"], server["token"], start)
    return None


def answers(port: int, token: str) -> bool:
    """Whether the server with this token listens there: after a kill its file stays, and its process id is reused."""
    without_proxy = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with without_proxy.open(f"http://127.0.0.1:{port}/api/status?token={token}", timeout=5):
            return True
    except OSError:
        return False


def address_of(port: int, token: str, start: str) -> str:
    """Where a browser finds the notebook `start` on this machine."""
    return f"http://127.0.0.1:{port}/lab{'/tree/' + start if start else ''}?token={token}"


def serve(course: MyCourse, start: str) -> int:
    """Runs JupyterLab in this process, bound to this machine only, until Ctrl-C."""
    from jupyterlab.labapp import LabApp

    token = secrets.token_hex(24)
    server = LabApp.initialize_server(argv=list(options(course, token)))
    # Runs right after the server's own first step, which is to bind its port: before that the address is a guess.
    server.io_loop.add_callback(lambda: announce(course, address_of(server.port, token, start)))
    server.start()
    return 0


def announce(course: MyCourse, address: str) -> None:
    """Says where the course is open, and shows it."""
    print("\n" + say(words.OPEN_AT, address=address))
    print(say(words.HOW_TO_CLOSE, folder=course.folder), flush=True)
    show(address)


def options(course: MyCourse, token: str) -> Iterator[str]:
    """JupyterLab's settings for a course, as its command line takes them."""
    chosen: dict[str, Any] = {
        "ServerApp.root_dir": course.folder,
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port_retries": 200,
        "ServerApp.open_browser": False,
        "ServerApp.allow_root": True,
        "ServerApp.answer_yes": True,
        "ServerApp.log_level": logging.ERROR,
        "LabApp.log_level": logging.ERROR,
        "LabApp.extension_manager": "readonly",  # the other kind asks PyPI
        "IdentityProvider.token": token,
        "LanguageServerManager.autodetect": False,  # runs npm to look for language servers
        "KernelManager.transport_encryption": "auto",  # else each kernel warns that it is not encrypted
    }
    for name, value in chosen.items():
        yield f"--{name}={value}"


def show(address: str) -> None:
    """Opens the learner's browser where there is a screen; elsewhere the printed address has to do."""
    if sys.platform in ("win32", "darwin") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        # Some browsers come back only when they are closed; the server must not wait for that.
        threading.Thread(target=webbrowser.open, args=[address]).start()
