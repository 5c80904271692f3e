"""After a restart a cell in the middle says which cells to run first."""

import os

import pytest
from jupyter_client.manager import start_new_kernel

from labkit.jupyter import prepare_kernel, show_own_frames_only
from labkit.study.course import open_course
from tests.jupyter.conftest import Kernel

SENTENCE = "No cell that you ran has made `{}` yet: run the notebook's first code cell"


@pytest.fixture
def prepared(shell):
    """The shell as a learner's kernel starts, without names that other tests' cells have made; afterwards as it was."""
    made = {name: one for name, one in shell.user_ns.items() if name not in shell.user_ns_hidden}
    for name in made:
        del shell.user_ns[name]
    assert show_own_frames_only()
    formatter = shell.InteractiveTB
    before = formatter.structured_traceback
    assert prepare_kernel()
    yield shell
    shell.user_ns.update(made)
    formatter.structured_traceback = before
    del formatter._labkit_explains_


def shown(shell, capsys, code: str) -> str:
    shell.run_cell(code)
    return capsys.readouterr().out


@pytest.mark.parametrize("name", ["sqs", "lab", "url", "Lab"])
def test_a_name_that_no_cell_has_made_tells_what_to_run(prepared, capsys, name):
    """The error itself stays, and one sentence follows it."""
    text = shown(prepared, capsys, f"{name}.start")
    assert f"NameError: name '{name}' is not defined" in text
    assert text.rstrip().splitlines()[-1].startswith(SENTENCE.format(name))


def test_a_name_missing_in_the_learners_function_tells_it_too(prepared, capsys):
    assert SENTENCE.format("queue_url") in shown(prepared, capsys, "def worker(): queue_url\nworker()")


@pytest.mark.parametrize(
    "code",
    [
        "1/0",
        "import json; json.nothing",
        "def count():\n    print(number)\n    number = 1\ncount()",
        "namespace = {}; exec('def theirs(): missing', namespace); namespace['theirs']()",
        "raise NameError('mine')",
    ],
)
def test_other_errors_are_left_alone(prepared, capsys, code):
    """Another error, an unset local name, a name missing in somebody else's code, and an error without a name."""
    text = shown(prepared, capsys, code)
    assert "Error" in text
    assert "No cell that you ran" not in text


def test_it_is_said_once_and_only_in_a_learners_kernel(prepared, capsys):
    """Preparing twice changes nothing; a shell that `labkit open` did not start, as nbval's, says nothing."""
    assert prepare_kernel()
    assert shown(prepared, capsys, "sqs").count("No cell") == 1
    explaining = prepared.InteractiveTB.structured_traceback
    prepared.InteractiveTB.structured_traceback = explaining.__closure__[0].cell_contents
    assert "No cell" not in shown(prepared, capsys, "sqs")
    prepared.InteractiveTB.structured_traceback = explaining


@pytest.mark.live
def test_a_kernel_of_the_opened_course_says_it_before_labkit_is_imported(tmp_path, monkeypatch):
    """The first cell that fails in a fresh kernel tells it, and nothing of labkit is among the learner's names."""
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "JUPYTER_PATH"):
        monkeypatch.setenv(name, "/the learner's own")
    open_course.use_own_settings(tmp_path)
    manager, client = start_new_kernel(env={**os.environ, "PYTHONPATH": os.getcwd()})
    try:
        kernel = Kernel(manager, client)
        _, _, [error] = kernel.run("lab.start(worker)")
        assert error["evalue"] == "name 'lab' is not defined"
        assert error["traceback"][-1].startswith(SENTENCE.format("lab"))
        assert kernel.run("print('labkit' in globals())")[1] == "False\n"
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
