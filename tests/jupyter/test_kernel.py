"""The hook, the cell ids and the cut tracebacks in a real ipykernel process."""

import random
import time

import pytest

pytestmark = pytest.mark.live

REGISTER = """
import time, asyncio, sys
from labkit.jupyter import on_cell, in_cell, current_cell_id, full_traceback
calls = []
def begin(): calls.append("begin")
def end(error): calls.append(type(error).__name__)
print(on_cell(begin, end), on_cell(begin, end), in_cell(), calls)
"""


@pytest.fixture
def hooked(kernel):
    kernel.run("%reset -f")
    reply, text, _ = kernel.run(REGISTER)
    assert (reply["status"], text) == ("ok", "True True True ['begin']\n")
    yield kernel
    kernel.run("from labkit.jupyter import off_cell; off_cell(begin, end)")


def calls_of(kernel, code: str, **how) -> list[str]:
    """What the hook did for this cell: the calls seen between two cells that look."""
    kernel.run("calls.clear()")
    kernel.run(code, **how)
    return eval(kernel.run("print(calls[1:-1])")[1])


@pytest.mark.parametrize(
    ("code", "ended"),
    [
        ("1", "NoneType"),
        ("1/0", "ZeroDivisionError"),
        ("1 +", "SyntaxError"),
        ("sys.exit(1)", "SystemExit"),
        ("await asyncio.sleep(0)", "NoneType"),
        ("await asyncio.sleep(0); 1/0", "ZeroDivisionError"),
    ],
)
def test_each_cell_of_a_kernel_is_begun_and_ended(hooked, code, ended):
    """Also on ipykernel's own path for cells with await, and for silent requests."""
    assert calls_of(hooked, code) == ["begin", ended]
    assert calls_of(hooked, code, silent=True) == ["begin", ended]


def test_the_registering_cell_is_ended_by_ipykernel(hooked):
    """The cell that called on_cell got its end."""
    assert eval(hooked.run("print(calls)")[1])[:2] == ["begin", "NoneType"]


def test_a_message_that_is_no_cell_is_outside(hooked):
    """Completion runs the learner's properties, yet no begin is called for it."""
    hooked.run(
        "class Orders:\n    @property\n    def count(self): calls.append(in_cell()); return 1\norders = Orders()"
    )
    hooked.run("calls.clear()")
    hooked.client.complete("orders.count.", 13)
    assert "'begin', 'begin'" not in hooked.run("print(calls)")[1]


def test_what_end_raises_is_the_reply_and_the_shown_error(hooked):
    """The front end gets the error both as output and as the reply's status."""
    hooked.run("def failing(error): raise RuntimeError('worker A failed')\non_cell(begin, failing)")
    reply, text, errors = hooked.run("print(1)")
    hooked.run("from labkit.jupyter import off_cell; off_cell(begin, failing)")
    assert (reply["status"], reply["ename"], reply["evalue"]) == ("error", "RuntimeError", "worker A failed")
    assert (text, [error["evalue"] for error in errors]) == ("1\n", ["worker A failed"])


def test_the_cell_id_is_jupyterlabs_or_the_hash_of_the_source(hooked):
    """metadata.cellId names the cell; without it the same source has the same name."""
    assert hooked.run("print(current_cell_id())", cell_id="03-07")[1] == "03-07\n"
    first, again = hooked.run("print(current_cell_id())")[1], hooked.run("print(current_cell_id())")[1]
    other = hooked.run("print(current_cell_id());")[1]
    assert first == again != other


def calls_around_an_interrupt(kernel, code: str, delay: float) -> list[str] | None:
    """What the hook did when SIGINT came so long after sending; None when ipykernel itself no longer answers.

    ipykernel 7.4.0 sets Python's handler a few bytecodes before and after its own `try`: an interrupt there ends its
    dispatching for good, with or without labkit. Such a kernel is started again.
    """
    kernel.run("calls.clear()")
    kernel.send(code)
    time.sleep(delay)
    kernel.interrupt()
    if kernel.answers():
        return eval(kernel.run("print(calls)")[1])[1:-3]
    kernel.restart()
    kernel.run(REGISTER)
    return None


@pytest.mark.slow
@pytest.mark.parametrize(
    "code", ["sum(range(40000))", "for _ in range(60): time.sleep(0.0001)", "await asyncio.sleep(0.006)"]
)
def test_ctrl_c_at_fifty_instants_never_skips_the_end(hooked, code):
    """SIGINT during the few milliseconds around a cell, at seeded instants: each begin has its end.

    How long those milliseconds are is asked of the machine each time; on a busy one it goes on until a cell was hit.
    """
    chance, seen, ended = random.Random(7), [], set()
    while len(seen) < 50 or len(ended) < 2:
        seen.append(calls_around_an_interrupt(hooked, code, chance.uniform(0, 1.5 * seconds_of(hooked, code))))
        ended |= {calls[1] for calls in seen if calls}
        assert len(seen) < 500, "no interrupt hit a cell"
    judged = [calls for calls in seen if calls is not None]
    assert all(calls == [] or (len(calls) == 2 and calls[0] == "begin") for calls in judged)
    assert ended <= {"NoneType", "KeyboardInterrupt", "CancelledError"}
    assert len(judged) >= 0.8 * len(seen)


def seconds_of(kernel, code: str) -> float:
    """How long a cell takes now, from sending it to its reply."""
    began = time.perf_counter()
    kernel.run(code)
    return time.perf_counter() - began
