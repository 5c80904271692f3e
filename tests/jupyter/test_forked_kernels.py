"""Forked kernels: each as empty as a fresh one, and gone whoever is killed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from labkit.brokers.kept import wait_until
from labkit.jupyter.forked_kernels import Nursery, can_fork
from labkit.jupyter.nbval_speed import QuickKernel

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.live, pytest.mark.skipif(not can_fork, reason="this system cannot fork a process")]


@pytest.fixture(scope="module")
def nursery():
    """One for the tests of this file; `this` is imported by nothing else."""
    nursery = Nursery("tests.jupyter.prepared_here")
    yield nursery
    nursery.close()


@pytest.fixture
def start(nursery, tmp_path):
    """Starts kernels, and stops those that are left."""
    started = []

    def start():
        started.append(QuickKernel(str(tmp_path), nursery))
        return started[-1]

    yield start
    for kernel in started:
        if hasattr(kernel, "km"):
            kernel.stop()


def shown(kernel, code):
    """What a cell prints, or its error."""
    question = kernel.execute_cell_input(code, allow_stdin=False)
    text = ""
    while True:
        message = kernel.get_message("iopub", timeout=60)
        if message["parent_header"].get("msg_id") != question:
            continue
        if message["content"].get("execution_state") == "idle":
            return text
        text += message["content"].get("text", message["content"].get("ename", ""))


def pid_of(kernel):
    return int(shown(kernel, "import os; print(os.getpid())"))


def is_there(process):
    """Whether a process runs; one that is dead and that nobody has asked about is listed as a zombie."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until_gone(*processes):
    wait_until(lambda: not any(map(is_there, processes)), f"the end of {processes}")


def test_what_was_imported_is_there_and_nothing_else(start, tmp_path):
    """It works in its folder, with the prepared modules loaded, no debugger, and none of them among its names."""
    kernel = start()
    assert shown(kernel, "import sys; print('tests.jupyter.prepared_here' in sys.modules)") == "True\n"
    assert shown(kernel, "print(sys.modules['debugpy'], sys.path[0] == '', __name__)") == "None False __main__\n"
    assert shown(kernel, "import os; print(os.getcwd())") == f"{tmp_path}\n"
    assert shown(kernel, "json") == "NameError"


def test_what_one_does_no_other_sees_and_chance_differs(start):
    """A module that one kernel changes is unchanged in the next; both draw numbers of their own."""
    first, second = start(), start()
    change = "from tests.jupyter import prepared_here; prepared_here.ORDERS.append('order-1'); import random"
    shown(first, change)
    assert (
        shown(second, "from tests.jupyter import prepared_here; print(prepared_here.ORDERS); import random") == "[]\n"
    )
    assert shown(first, "print(random.random())") != shown(second, "print(random.random())")


def test_an_interrupt_reaches_the_cell_alone(start):
    """The kernel goes on, and so does the nursery."""
    kernel = start()
    question = kernel.execute_cell_input("print('on', flush=True)\nwhile True: pass", allow_stdin=False)
    while kernel.get_message("iopub", timeout=60)["content"].get("text") != "on\n":
        pass
    kernel.interrupt()
    kernel.await_reply(question, timeout=60)
    assert shown(kernel, "print(1)") == "1\n"
    assert shown(start(), "print(1)") == "1\n"


def test_a_stopped_kernel_is_gone_at_once_and_one_that_ends_by_itself_is_noticed(start):
    """stop() returns when the process has ended and been collected: nothing of it is listed, not even as a zombie."""
    kernel = start()
    process = pid_of(kernel)
    kernel.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
    kernel = start()
    kernel.execute_cell_input("import os; os._exit(3)", allow_stdin=False)
    wait_until(lambda: not kernel.is_alive(), "the kernel's end")
    assert kernel.km.provisioner.process.returncode == 3


ASKS = """
import sys
from labkit.jupyter.forked_kernels import Nursery
from labkit.jupyter.nbval_speed import QuickKernel
nursery = Nursery("json")
kernels = [QuickKernel("/", nursery) for _ in range(2)]
kernels[1].execute_cell_input("while True: pass", allow_stdin=False)
print(nursery._process.pid, *(kernel.km.provisioner.pid for kernel in kernels), flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("killed", ["who asked", "the nursery", "who asked politely"])
def test_no_kernel_outlives_who_asked_for_it_or_its_nursery(killed):
    """kill -9 of either ends all kernels, idle or busy; so does an end in good order."""
    command = [sys.executable, "-c", ASKS]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, text=True) as asking:
        nursery, *kernels = map(int, asking.stdout.readline().split())
        assert all(map(is_there, (nursery, *kernels))), "what the next lines wait for must be seen while it is there"
        if killed == "who asked politely":
            asking.stdin.close()
        else:
            os.kill(asking.pid if killed == "who asked" else nursery, signal.SIGKILL)
        wait_until_gone(nursery, *kernels)
        asking.kill()


def test_a_nursery_that_ended_is_told(tmp_path):
    """Instead of waiting for ever."""
    nursery = Nursery("json")
    os.kill(nursery._process.pid, signal.SIGKILL)
    with pytest.raises(RuntimeError, match="ended with code -9"):
        QuickKernel(str(tmp_path), nursery)
    nursery.close()
