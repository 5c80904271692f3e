"""An error shows the learner's lines only, and everything when asked."""

import pytest

from labkit.jupyter import full_traceback, show_own_frames_only

CLIENT = """
import boto3
def send(): boto3.client('sqs', region_name='us-east-1').send_message(QueueUrl=1)
send()
"""


@pytest.fixture(autouse=True)
def cutting(shell):
    assert show_own_frames_only()
    yield
    full_traceback(False)


def shown(shell, capsys, code: str) -> str:
    shell.run_cell(code)
    return capsys.readouterr().out


def test_only_the_learners_lines_are_shown(shell, capsys):
    """botocore's frames are cut: the calling lines, the error's name and its message stay."""
    text = shown(shell, capsys, CLIENT)
    assert "send_message(QueueUrl=1)" in text
    assert "ParamValidationError: Parameter validation failed" in text
    assert "botocore/" not in text


def test_everything_is_shown_on_request(shell, capsys):
    """full_traceback() brings botocore's frames back, full_traceback(False) cuts them again."""
    full_traceback()
    assert "botocore/client.py" in shown(shell, capsys, CLIENT)
    full_traceback(False)
    assert "botocore/client.py" not in shown(shell, capsys, CLIENT)


def test_the_learners_function_called_by_a_library_stays(shell, capsys):
    """A line of the learner's below hidden frames is shown; the standard library's between them is not."""
    code = "import functools, boto3\nfrom botocore.hooks import HierarchicalEmitter\nemitter = HierarchicalEmitter()\n"
    code += "def handler(**how): raise KeyError('order-1')\nemitter.register('a', handler)\nemitter.emit('a')"
    text = shown(shell, capsys, code)
    assert "raise KeyError('order-1')" in text
    assert "emitter.emit('a')" in text
    assert "hooks.py" not in text


def test_a_cause_without_a_line_of_the_learner_is_left_out(shell, capsys):
    """A library's inner error is not shown before the learner's; a cause in the learner's code is."""
    inner = (
        "from botocore.utils import parse_timestamp\ntry:\n    {}\nexcept Exception as e:\n    raise ValueError('mine')"
    )
    assert "During handling" in shown(shell, capsys, inner.format("1/0"))
    chained = shown(shell, capsys, "import botocore.utils as u\nu.parse_timestamp('never')")
    assert "botocore" not in chained.replace("import botocore.utils as u", "")


def test_a_plain_error_is_one_sentence(shell, capsys):
    """A class that says `_labkit_plain_` shows no traceback at all."""
    code = "class Plain(Exception): _labkit_plain_ = True\nraise Plain('Open a lab first: lab = Lab().')"
    assert shown(shell, capsys, code).strip() == "Open a lab first: lab = Lab()."
    full_traceback()
    assert "Traceback" in shown(shell, capsys, code)
