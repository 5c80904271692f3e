"""Opening the course: the right notebook, our own Jupyter settings, one address on this machine only."""

import json
import os
import signal
import socket
import urllib.error
import urllib.request
from types import SimpleNamespace

import nbformat
import pytest
from nbformat.sign import NotebookNotary

from labkit.study.course import open_course
from labkit.words import LabError
from tests.opened import read_address, start
from tests.patience import FAR


@pytest.fixture
def own_environment(monkeypatch):
    """Undoes what `use_own_settings` sets for the process."""
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "JUPYTER_PATH"):
        monkeypatch.setenv(name, "/the learner's own")


def test_the_start_page_opens_and_a_lesson_when_it_is_named(course):
    assert open_course.find_notebook(course, []) == "00_start_here.ipynb"
    assert open_course.find_notebook(course, ["03"]) == "03_visibility_timeout.ipynb"


def test_without_a_start_page_the_first_lesson_opens_and_without_lessons_the_folder(course):
    (course.root / "notebooks" / "00_start_here.ipynb").unlink()
    assert open_course.find_notebook(course, []) == "03_visibility_timeout.ipynb"
    for path in course.root.rglob("*.ipynb"):
        path.unlink()
    assert open_course.find_notebook(course, []) == ""
    assert open_course.address_of(8888, "secret", "") == "http://127.0.0.1:8888/lab?token=secret"


@pytest.mark.parametrize("arguments", [["03", "00"], ["--browser"]])
def test_open_called_wrongly_says_how(arguments):
    with pytest.raises(LabError, match="labkit open 03"):
        open_course.command(arguments)


def test_jupyter_is_pointed_at_the_courses_own_settings(course, own_environment):
    folder = course.folder / ".labkit" / "jupyter"
    open_course.use_own_settings(folder)
    assert "JUPYTER_PATH" not in os.environ
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
        assert os.environ[name].startswith(str(folder))
    overrides = json.loads((folder / "config" / "labconfig" / "default_setting_overrides.json").read_text())
    assert overrides["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"


def test_shipped_notebooks_are_trusted_and_changed_ones_are_not(course, own_environment):
    open_course.use_own_settings(course.folder / ".labkit" / "jupyter")
    open_course.trust(course)
    notary = NotebookNotary(data_dir=os.environ["JUPYTER_DATA_DIR"])
    shipped = nbformat.reads(next(course.shipped()).content.decode(), as_version=4)
    assert notary.check_signature(shipped)
    shipped.cells[0].source = "something else"
    assert not notary.check_signature(shipped)


def test_a_damaged_notebook_is_named_and_the_others_are_trusted(course, own_environment, capsys):
    (course.root / "notebooks" / "00_start_here.ipynb").write_text("<<<<<<< half a merge")
    open_course.use_own_settings(course.folder / ".labkit" / "jupyter")
    open_course.trust(course)
    assert capsys.readouterr().out.startswith("00_start_here.ipynb of the course is damaged")
    notary = NotebookNotary(data_dir=os.environ["JUPYTER_DATA_DIR"])
    lesson = nbformat.read(course.root / "notebooks" / "03_visibility_timeout.ipynb", as_version=4)
    assert notary.check_signature(lesson)


def test_a_browser_opens_only_where_there_is_a_screen(monkeypatch):
    opened = []
    monkeypatch.setattr(
        open_course.threading, "Thread", lambda target, args: SimpleNamespace(start=lambda: target(*args))
    )
    monkeypatch.setattr(open_course.webbrowser, "open", opened.append)
    monkeypatch.setattr(open_course.sys, "platform", "linux")
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    open_course.show("address")
    assert opened == []
    monkeypatch.setenv("DISPLAY", ":0")
    open_course.show("address")
    assert opened == ["address"]


def test_a_running_jupyterlab_of_this_course_is_found_and_others_are_not(course, own_environment, monkeypatch):
    monkeypatch.setattr(open_course, "answers", lambda port, token: port == 8890)
    runtime = course.folder / ".labkit" / "jupyter" / "runtime"
    open_course.use_own_settings(runtime.parent)
    server = {"pid": os.getpid(), "port": 8890, "token": "secret", "root_dir": "/another course"}
    (runtime / "jpserver-1.json").write_text(json.dumps(server))
    assert open_course.running_address(course, "00.ipynb") is None
    (runtime / "jpserver-1.json").write_text(json.dumps(server | {"root_dir": str(course.folder)}))
    expected = "http://127.0.0.1:8890/lab/tree/00.ipynb?token=secret"
    assert open_course.running_address(course, "00.ipynb") == expected
    monkeypatch.setattr(open_course, "answers", lambda port, token: False)
    assert open_course.running_address(course, "00.ipynb") is None, "its file outlived a kill"


def test_nobody_answers_on_a_port_that_is_closed_or_another_programs():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        assert not open_course.answers(other.getsockname()[1], "secret")


def status(address):
    try:
        with urllib.request.urlopen(address, timeout=FAR) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refusal:
        return refusal.code, b""


@pytest.mark.live
def test_jupyterlab_opens_behind_a_taken_port_with_its_token_and_leaves_the_home_folder_alone(course, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    with socket.socket() as taken:
        # A port of its own: whether another program has Jupyter's 8888 now, and until when, nobody knows.
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        first = taken.getsockname()[1]
        process = start(course.root, home, JUPYTER_PORT=str(first))
        try:
            address, port = read_address(process)
            base, token = f"http://127.0.0.1:{port}", address.partition("token=")[2]
            assert 0 < abs(port - first) <= 100, "Jupyter looks for one in the neighbourhood"
            assert "/lab/tree/00_start_here.ipynb" in address
            assert status(address)[0] == 200
            assert status(f"{base}/api/contents")[0] == 403, "without the token nothing is shown"
            settings = status(f"{base}/lab/api/settings/@jupyterlab/apputils-extension:notification?token={token}")[1]
            assert json.loads(settings)["schema"]["properties"]["fetchNews"]["default"] == "false"
            with start(course.root, home) as again:
                assert read_address(again)[1] == port, "a second start shows the first one's address"
                assert again.wait(FAR) == 0
            process.send_signal(signal.SIGINT)
            assert process.wait(FAR) == 0
        finally:
            process.kill()
            process.wait()
            process.stdout.close()
    assert list(home.iterdir()) == []
