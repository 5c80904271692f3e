"""The speed patches still bite."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from labkit.jupyter import nbval_speed
from labkit.jupyter.nbval_speed import QuickKernel, format_no_messages
from tests.patience import FAR


def test_the_debug_log_is_not_formatted():
    """nbval.kernel has the name that is replaced, and messages become nothing."""
    import nbval.kernel

    format_no_messages()
    assert nbval.kernel.pformat({"a": 1}) == ""
    assert "pformat" in nbval.kernel.RunningKernel.get_message.__code__.co_names


@pytest.mark.live
def test_the_slow_grammars_are_not_built():
    """After `import labkit`, jsonschema comes without the package that builds grammars; it would come with it."""
    code = "import {}, jsonschema, sys; print(sys.modules['rfc3987_syntax'] is None)"
    answers = [
        subprocess.check_output([sys.executable, "-c", code.format(first)]) for first in ("labkit", "jsonschema")
    ]
    assert answers == [b"True\n", b"False\n"]


@pytest.mark.live
def test_the_quick_kernel_has_no_debugger_and_runs_code(tmp_path):
    """It works in the folder it was given, in this Python, without debugpy, and stop ends its process."""
    kernel = QuickKernel(str(tmp_path))
    code = "import sys, os; assert 'debugpy' not in sys.modules or sys.modules['debugpy'] is None"
    message = kernel.execute_cell_input(code + f"; assert os.getcwd() == {str(tmp_path)!r}", allow_stdin=False)
    assert [reply for reply in [kernel.kc.get_shell_msg(timeout=FAR)] if reply["parent_header"]["msg_id"] == message]
    process = kernel.km.provisioner.process.pid
    kernel.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


@pytest.mark.live
def test_a_kernel_that_ends_before_it_answers_is_not_waited_for(tmp_path, monkeypatch):
    monkeypatch.setattr(nbval_speed, "_LAUNCH", "pass")
    with pytest.raises(RuntimeError, match="ended before it answered"):
        QuickKernel(str(tmp_path))


@pytest.mark.live
def test_kernels_take_no_ports(tmp_path):
    kernel = QuickKernel(str(tmp_path))
    try:
        place = kernel.km.ip
        assert kernel.km.transport == "ipc"
        assert list(Path(place).parent.glob(f"{Path(place).name}-*"))
    finally:
        kernel.stop()
    assert not list(Path(place).parent.glob(f"{Path(place).name}-*"))
