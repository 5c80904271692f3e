"""Labs in cells: lab time in every cell while a lab is open, real time between cells, and a cell that is run again."""

import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from labkit import Lab
from labkit.aws.process import process
from labkit.clock.switch import switch
from tests.jupyter.conftest import kernel as kernel
from tests.jupyter.conftest import shell as shell
from tests.patience import FAR, wait_until

REAL = 1_767_225_600 + 86_400  # a day after the lab's start: no cell here stays in the lab that long


def is_real() -> bool:
    return not switch.is_on and time.time() > REAL and datetime.now(UTC).timestamp() > REAL


@pytest.fixture
def run(shell) -> Iterator:
    """Runs a cell and returns its result; afterwards time must be real, whatever the cell did."""
    shell.user_ns.update(Lab=Lab, time=time, datetime=datetime, UTC=UTC, seen=[])

    def run(source: str):
        result = shell.run_cell(source, store_history=True)
        assert is_real(), f"lab time after the cell {source!r}"
        return result.error_before_exec or result.error_in_exec or result.result

    yield run
    for lab in reversed(list(process.labs)):
        lab.close()


def test_lab_time_in_every_cell_and_real_time_between(run):
    """While the lab is open; a cell before the lab sees real time."""
    assert run("time.time()") > REAL
    run("lab = Lab()")
    assert run("time.sleep(31); datetime.now(UTC).isoformat()") == "2026-01-01T00:00:31+00:00"
    assert run("time.time() == lab.clock.now().timestamp()") is True
    run("lab.close()")
    assert run("time.time()") > REAL


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("1/0", ZeroDivisionError),
        ("1 +", SyntaxError),
        ("raise KeyboardInterrupt", KeyboardInterrupt),
        ("import signal; signal.raise_signal(signal.SIGINT)", KeyboardInterrupt),
        ("raise GeneratorExit", GeneratorExit),
        ("lab.start(lambda: 1/0); lab.run()", ZeroDivisionError),
        ("lab.run(until='soon')", Exception),
        ("lab.close(); 1/0", ZeroDivisionError),
    ],
)
def test_time_is_real_after_each_way_out_of_a_cell(run, source, error):
    """Restored on error, SyntaxError, Ctrl-C and close; the next cell sees lab time again if the lab is open."""
    run("lab = Lab()")
    assert isinstance(run(source), error)
    if process.lab:
        assert run("time.sleep(1); lab.clock.now().year") == 2026


def test_the_cell_that_opens_a_lab_already_sees_its_time(run):
    """From the line after Lab() to the end of the cell; close ends it within the cell."""
    run("seen.append(time.time()); lab = Lab(); seen.append(time.time()); lab.close(); seen.append(time.time())")
    before, within, after = run("seen")
    assert within < REAL < before <= after


def test_a_cell_run_again_closes_the_lab_that_it_had_opened(run):
    """Its clients are refused; other cells' labs only wait."""
    opening = "lab = Lab(); sqs = lab.client('sqs')"
    run(opening)
    run("first, first_sqs = lab, sqs")
    run(opening)
    assert run("first.is_open, lab.is_open") == (False, True)
    assert len(process.labs) == 1
    assert "belongs to a lab that is closed" in str(run("first_sqs.list_queues()"))
    run("other = Lab()")
    assert run("lab.is_open, other.is_open") == (True, True)


def test_two_labs_in_one_run_of_a_cell_nest(run):
    """Only an earlier run of the cell is closed, never the same one."""
    cell = "a = Lab(); b = Lab(); seen.append((a.is_open, b.is_open))"
    run(cell)
    run(cell)
    assert run("seen") == [(True, True)] * 2
    assert len(process.labs) == 2
    run("with Lab() as c, Lab() as d: seen.append(c.is_open and d.is_open)")
    assert run("seen[-1]") is True


def test_cells_out_of_order_and_a_missing_set_up_cell(run):
    """A cell without its set-up is a NameError that opens nothing; after the set-up it works."""
    use = "orders = sqs.create_queue(QueueName='orders'); time.sleep(5); str(lab.clock.now())"
    run("del_names = [globals().pop(name, None) for name in ('lab', 'sqs')]")
    assert isinstance(run(use), NameError)
    assert process.lab is None
    run("lab = Lab()\nsqs = lab.client('sqs')")
    assert run(use) == "2026-01-01 00:00:05+00:00"
    run("lab = Lab()\nsqs = lab.client('sqs')")
    assert run(use) == "2026-01-01 00:00:05+00:00"


def test_a_callback_between_cells_sees_real_time(run, shell):
    """A button's function, called by Jupyter while no cell runs."""
    run("lab = Lab()\ndef clicked(): return time.time()")
    assert shell.user_ns["clicked"]() > REAL


def test_a_lab_inside_a_callback_sees_lab_time_and_real_time_afterwards(run, shell):
    """The notebook's own lab is parked meanwhile and goes on as before."""
    run("lab = Lab()\nsqs = lab.client('sqs')\ntime.sleep(7)")
    run("def clicked():\n    with Lab() as inner:\n        time.sleep(60)\n        return time.time()")
    assert shell.user_ns["clicked"]() == 1_767_225_660
    assert is_real()
    assert run("str(lab.clock.now()), time.time(), len(sqs.list_queues())") == (
        "2026-01-01 00:00:07+00:00",
        1_767_225_607,
        1,
    )


def test_a_callback_that_uses_the_notebooks_lab_acts_at_lab_time(run, shell):
    """Calls, run and advance are the lab's even when time is real around them; a queue is never created "today"."""
    run("lab = Lab()\nsqs = lab.client('sqs')")
    run(
        "def clicked():\n"
        "    lab.clock.advance('1 min')\n"
        "    lab.start(lambda: time.sleep(60))\n"
        "    lab.run()\n"
        "    url = sqs.create_queue(QueueName='orders')['QueueUrl']\n"
        "    got = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=['All'])\n"
        "    return got['Attributes']['CreatedTimestamp'], time.time()"
    )
    created, around = shell.user_ns["clicked"]()
    assert created == "1767225720"
    assert around > REAL
    assert is_real()


def test_ctrl_c_in_a_cell_ends_the_actors_at_once(run):
    """None survives into a later cell; their finally blocks ran in start order."""
    run("lab = Lab()\nended = []")
    run(
        "def worker(name):\n    try:\n        time.sleep(60)\n    finally:\n        ended.append(name)\n"
        "a, b = lab.start(worker, 'A'), lab.start(worker, 'B')\nlab.run(until='1 s')"
    )
    run("raise KeyboardInterrupt")
    assert run("ended, a.state, b.state, lab.scheduler.actors") == (["A", "B"], "ended", "ended", [])


def test_unfinished_actors_go_on_in_a_later_cell(run):
    """An error in the cell leaves them suspended."""
    run("lab = Lab()\nactor = lab.start(lambda: time.sleep(60) or 'done')\nlab.run(until='1 s')")
    run("1/0")
    assert run("lab.run()\nactor.result") == "done"


def test_an_error_that_the_mock_swallowed_fails_the_cell(run):
    """Recorded where it happened, raised at the end of the cell."""
    run("lab = Lab()")
    error = run("lab.note_error(ValueError('order-1 was lost'))")
    assert "order-1 was lost" in str(error)
    assert run("1 + 1") == 2


def test_timeit_measures_real_time_in_a_lab(run):
    """%timeit uses perf_counter."""
    run("lab = Lab()")
    measured = run("get_ipython().run_line_magic('timeit', '-o -q -n 10 -r 1 sum(range(1000))')")
    assert 0 < measured.best < 1


def test_closing_takes_the_cells_callbacks_away(run, shell):
    """After the last lab nothing of labkit runs around cells, until the next lab."""
    from labkit.jupyter.cells import _hooks

    run("lab = Lab()")
    assert process._cell_begins in [pair[0] for pair in _hooks[shell].pairs]
    run("lab.close()")
    assert process._cell_begins not in [pair[0] for pair in _hooks[shell].pairs]
    run("lab = Lab()")
    assert run("time.time()") < REAL


# A real kernel

OPENING = "from labkit import Lab\nimport time\nlab = Lab()\nsqs = lab.client('sqs')"


def clean(kernel) -> None:
    kernel.run("from labkit.aws.process import process\nfor lab in reversed(list(process.labs)): lab.close()")


def test_a_notebook_in_a_real_kernel(kernel):
    """Lab time in cells; the dates of Jupyter's messages between cells are real; the same cell closes its lab."""
    clean(kernel)
    reply, _, errors = kernel.run(OPENING, cell_id="opening")
    assert (reply["status"], errors) == ("ok", [])
    assert kernel.run("time.sleep(31); print(lab.clock.now(), time.time())")[1] == (
        "2026-01-01 00:00:31+00:00 1767225631.0\n"
    )
    request = kernel.send("1")
    kernel.outputs(request)
    while (message := kernel.client.get_shell_msg(timeout=FAR))["parent_header"]["msg_id"] != request:
        pass
    assert abs((message["header"]["date"] - datetime.now(UTC)).total_seconds()) < 60
    kernel.run("first = lab")
    kernel.run(OPENING, cell_id="opening")
    assert kernel.run("print(first.is_open, lab.is_open)")[1] == "False True\n"
    clean(kernel)


def test_a_callback_and_a_background_task_in_a_real_kernel_see_real_time(kernel):
    """The event loop runs them between two cells, as it does a widget's messages."""
    clean(kernel)
    kernel.run(OPENING)
    kernel.run(
        "import asyncio\nseen = []\n"
        "def clicked():\n    seen.append(time.time())\n"
        "    with Lab(): seen.append(time.time())\n    seen.append(time.time())\n"
        "_ = asyncio.get_running_loop().call_later(0.01, clicked)"
    )
    wait_until(lambda: kernel.run("print(seen)")[1] != "[]\n", "the callback between two cells")
    before, within, after = eval(kernel.run("print(seen)")[1])
    assert before > REAL
    assert within < REAL
    assert after > REAL
    assert kernel.run("print(lab.is_open, time.time())")[1] == "True 1767225600.0\n"
    clean(kernel)


def test_an_interrupted_kernel_shows_real_time_and_ends_the_actors(kernel):
    """The interrupt button while an actor computes."""
    clean(kernel)
    kernel.run(OPENING)
    busy = kernel.send(
        "def busy():\n    print('busy', flush=True)\n    while True: pass\nlab.start(busy)\nlab.run(until='1 s')"
    )
    while "busy" not in kernel.client.get_iopub_msg(timeout=FAR)["content"].get("text", ""):
        pass
    kernel.interrupt()
    assert kernel.reply(busy)["ename"] == "KeyboardInterrupt"
    _, text, errors = kernel.run("print(lab.scheduler.actors, sqs.list_queues()['ResponseMetadata']['HTTPStatusCode'])")
    assert (text, errors) == ("[] 200\n", [])
    kernel.run("lab.close()")
    assert float(kernel.run("print(time.time())")[1]) > REAL
    clean(kernel)


def test_an_actor_may_print_display_and_log_in_a_real_kernel(kernel):
    """Jupyter's streams wait for a thread of their own when they are flushed; that is no waiting of the actor's."""
    clean(kernel)
    kernel.run(OPENING)
    kernel.run("import logging, queue, sys")
    talk = "def talk():\n    print('order-1', flush=True)\n    display('order-2')\n    logging.warning('order-3')"
    reply, text, errors = kernel.run(talk + "\nlab.start(talk)\nlab.run()")
    assert (reply["status"], errors) == ("ok", [])
    assert "order-1" in text
    assert "order-3" in text
    assert "does not work inside actor" in kernel.run("lab.start(queue.Queue().get)\nlab.run()")[2][0]["evalue"]
    clean(kernel)


@pytest.mark.slow
def test_a_restarted_kernel_starts_over(kernel):
    """Nothing of the lab is left after a restart; the section's cells give the same bytes as before."""
    section = (
        "url = sqs.create_queue(QueueName='orders')['QueueUrl']\n"
        "print(sqs.send_message(QueueUrl=url, MessageBody='order-1'))"
    )
    clean(kernel)
    kernel.run(OPENING, cell_id="opening")
    first = kernel.run(section)[1]
    kernel.manager.restart_kernel(now=True)
    kernel.client.wait_for_ready(timeout=FAR)
    assert kernel.run(section)[2][0]["ename"] == "NameError"
    kernel.run(OPENING, cell_id="opening")
    assert kernel.run(section)[1] == first
    assert sys.version_info >= (3, 11)
