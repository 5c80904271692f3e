"""`begin` and `end` come in pairs around every cell, in a plain IPython shell."""

import gc
import signal
import sys
from collections.abc import Callable, Iterator
from types import CodeType

import pytest

from labkit.jupyter import cells, current_cell_id, in_cell, interrupts, off_cell, on_cell
from labkit.jupyter.cells import _hooks
from labkit.jupyter.interrupts import last_frames_of_a_cell

# IPython warns of sys.exit, and forgets a coroutine when it is interrupted before it awaits it.
pytestmark = pytest.mark.filterwarnings(
    "ignore:To exit", "ignore:coroutine", "ignore::pytest.PytestUnraisableExceptionWarning"
)


class Recorder:
    """A pair of callbacks that notes what it was called with."""

    def __init__(self) -> None:
        self.calls: list = []
        self.raise_at_end: BaseException | None = None
        self.raise_at_begin: BaseException | None = None

    def begin(self) -> None:
        self.calls.append("begin")
        if self.raise_at_begin:
            raise self.raise_at_begin

    def end(self, error: BaseException | None) -> None:
        self.calls.append(error if error is None else type(error).__name__)
        if self.raise_at_end:
            raise self.raise_at_end

    def took(self) -> list:
        calls, self.calls = self.calls, []
        return calls


@pytest.fixture
def recorder(shell) -> Iterator[Recorder]:
    recorder = Recorder()
    shell.user_ns.update(recorder=recorder, on_cell=on_cell, in_cell=in_cell, current_cell_id=current_cell_id)
    assert on_cell(recorder.begin, recorder.end)
    recorder.took()
    yield recorder
    off_cell(recorder.begin, recorder.end)


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("1 + 1", None),
        ("1 / 0", "ZeroDivisionError"),
        ("1 +", "SyntaxError"),
        ("  x\n y", "IndentationError"),
        ("%no_such_magic", "UsageError"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("import sys; sys.exit(3)", "SystemExit"),
        ("raise GeneratorExit", "GeneratorExit"),
        ("return 1", "SyntaxError"),
        ("import asyncio; await asyncio.sleep(0)", None),
        ("import asyncio; await asyncio.sleep(0); 1/0", "ZeroDivisionError"),
        ("get_ipython().run_cell('1/0'); get_ipython().run_cell(''); get_ipython().run_cell('2')", None),
        ("%%capture\nprint(1)", None),
        ("%reset -f", None),
    ],
)
def test_each_way_out_of_a_cell_ends_it_once(shell, recorder, source, error, capsys):
    """Success, errors, sys.exit, await, nested cells and magics: one begin, one end with the cell's error."""
    shell.run_cell(source)
    assert recorder.took() == ["begin", error]


def test_an_empty_cell_and_code_between_cells_are_outside(shell, recorder):
    """Nothing is called for an empty cell, and code that no cell runs is not in a cell."""
    shell.run_cell("  ")
    assert recorder.took() == []
    assert not in_cell()
    assert current_cell_id() is None


def test_a_nested_cell_does_not_end_the_outer_one(shell, recorder):
    """What the outer cell does after run_cell('') and run_cell('1') is still inside it."""
    shell.run_cell("get_ipython().run_cell(''); get_ipython().run_cell('1'); seen = list(recorder.calls), in_cell()")
    assert shell.user_ns["seen"] == (["begin"], True)


def test_the_cell_that_registers_is_begun_and_ended_too(shell):
    """The very cell that calls on_cell gets its begin at once and its end at its end, also with a nested cell."""
    late = Recorder()
    shell.user_ns.update(late=late, on_cell=on_cell)
    shell.run_cell("on_cell(late.begin, late.end); get_ipython().run_cell(''); 1/0")
    assert late.took() == ["begin", "ZeroDivisionError"]
    shell.run_cell("on_cell(late.begin, late.end)")
    assert late.took() == ["begin", None], "registering twice counts once"
    off_cell(late.begin, late.end)
    shell.run_cell("1")
    assert late.took() == []


def test_removed_inside_a_cell_it_is_not_ended(shell, recorder):
    """off_cell forgets at once; whoever removes itself cleans up itself."""
    shell.user_ns.update(off_cell=off_cell)
    shell.run_cell("off_cell(recorder.begin, recorder.end)")
    assert recorder.took() == ["begin"]


def test_what_end_raises_fails_the_cell(shell, recorder, capsys):
    """An error that surfaces at the end is shown and is the result's error; the cell's own error comes first."""
    recorder.raise_at_end = RuntimeError("an actor failed")
    result = shell.run_cell("1 + 1")
    assert not result.success
    assert str(result.error_in_exec) == "an actor failed"
    assert "RuntimeError: an actor failed" in capsys.readouterr().out
    result = shell.run_cell("1 / 0")
    assert isinstance(result.error_in_exec, ZeroDivisionError)
    assert "RuntimeError: an actor failed" in capsys.readouterr().out


def test_what_begin_raises_fails_the_cell(shell, recorder, capsys):
    """A begin that fails is still followed by its end, and the cell fails."""
    recorder.raise_at_begin = RuntimeError("no clock")
    assert str(shell.run_cell("1").error_in_exec) == "no clock"
    assert recorder.took() == ["begin", None]


def test_every_end_runs_although_one_raises(shell, recorder, capsys):
    """The last registered ends first, and its error doesn't keep the first from ending."""
    second = Recorder()
    second.raise_at_end = RuntimeError("second")
    on_cell(second.begin, second.end)
    try:
        assert not shell.run_cell("1").success
    finally:
        off_cell(second.begin, second.end)
    assert recorder.took() == ["begin", None]


def test_a_cell_is_known_by_its_source_when_the_frontend_names_none(shell, recorder):
    """The same source gives the same id, another source another."""
    for name in ("first", "again", "other"):
        extra = "; 1" if name == "other" else ""
        shell.run_cell("note = current_cell_id()" + extra, store_history=True)
        shell.user_ns[name] = shell.user_ns["note"]
    assert shell.user_ns["first"] == shell.user_ns["again"] != shell.user_ns["other"]


def test_without_a_shell_nothing_is_hooked(monkeypatch):
    """In a plain Python program on_cell says False and calls nothing."""
    monkeypatch.setitem(sys.modules, "IPython", None)
    recorder = Recorder()
    assert on_cell(recorder.begin, recorder.end) is False
    assert recorder.calls == []
    assert current_cell_id() is None
    off_cell(recorder.begin, recorder.end)


@pytest.mark.parametrize("step", [101, pytest.param(3, marks=pytest.mark.slow)])
def test_an_interrupt_at_any_bytecode_of_ipython_ends_the_cell(shell, recorder, capsys, step):
    """SIGINT's handler is run at the cell's bytecodes in IPython in turn: each cell that began also ended, once."""
    files = {code.co_filename for code in last_frames_of_a_cell(shell)} | {cells.__file__, interrupts.__file__}
    outcomes = list(_interrupt_everywhere(shell, recorder, step, lambda code: code.co_filename in files))
    assert [calls for calls, _ in outcomes if len(calls) % 2] == []
    assert sum(failed for _, failed in outcomes) > len(outcomes) / 2 > 4


def test_the_interrupt_guard_is_needed(shell, recorder, capsys, monkeypatch):
    """Without the guard's list of frames some instant in these frames leaves a cell without its end."""
    last_frames = last_frames_of_a_cell(shell)
    monkeypatch.setattr(_hooks[shell].guard, "waiting_frames", set())
    outcomes = _interrupt_everywhere(shell, recorder, 1, lambda code: code in last_frames)
    assert any(calls == ["begin"] for calls, _ in outcomes)
    _hooks[shell].guard.remove()


def _interrupt_everywhere(shell, recorder, step: int, watches) -> Iterator[tuple[list[str], bool]]:
    """(what the hook called, whether the cell failed), a cell for each step-th bytecode until there are no more."""
    try:
        for instant in range(0, 4000, step):
            tracer, _ = _Tracer(watches, instant), recorder.took()
            failed = tracer.interrupts(shell)
            _hooks[shell].open_in = None
            yield recorder.took(), failed
            if tracer.seen <= instant:
                return
    finally:
        gc.collect()  # Python tells here of what was never awaited, and not in the middle of another test


class _Tracer:
    """Runs SIGINT's handler, as the interpreter does on a signal, before the n-th bytecode of the watched code."""

    def __init__(self, watches: Callable[[CodeType], bool], instant: int) -> None:
        self.watches, self.instant, self.seen = watches, instant, 0

    def __call__(self, frame, event, argument):
        if not self.watches(frame.f_code):
            return None
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        if event == "opcode":
            self.seen += 1
            if self.seen - 1 == self.instant:
                signal.getsignal(signal.SIGINT)(signal.SIGINT, frame)
        return self

    def interrupts(self, shell) -> bool:
        """Whether the cell failed."""
        sys.settrace(self)
        try:
            return not shell.run_cell("1 + 1").success
        except KeyboardInterrupt:
            return True
        finally:
            sys.settrace(None)
