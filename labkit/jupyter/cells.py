"""Callbacks around every cell: `begin()` before the learner's code, `end(error)` always afterwards.

IPython's public events `pre_execute` and `post_execute` tell when; widgets' messages and completion trigger neither.
Made for IPython 9.18.1 and ipykernel 7.4.0 on 2026-11-23, which lead every way out of a cell (an error, a SyntaxError,
sys.exit, a cancelled `await`) to `post_execute`, and Ctrl-C too once InterruptGuard watches the last few frames.
"""

import hashlib
import threading
from collections.abc import Callable
from typing import Any

from labkit.jupyter.interrupts import InterruptGuard, last_frames_of_a_cell, runs_inside
from labkit.jupyter.shell import running_shell
from labkit.jupyter.tracebacks import show_own_frames_only

Begin = Callable[[], None]
End = Callable[[BaseException | None], None]


def on_cell(begin: Begin, end: End) -> bool:
    """Run `begin()` before and `end(error)` after each cell from now on; False when there is no IPython shell.

    Called inside a cell it calls `begin()` at once, so that every `begin` gets its `end`. The same pair counts once.
    Cells run by a cell (`%%capture`, run_cell) belong to it. What either callback raises becomes the cell's error;
    every `end` is still called, the last registered first.
    """
    shell = running_shell()
    if shell is None:
        return False
    _hook_of(shell).add(begin, end)
    show_own_frames_only()
    return True


def off_cell(begin: Begin, end: End) -> None:
    """Forget a pair given to `on_cell`, now, without calling `end`; unknown pairs are fine."""
    shell = running_shell()
    if shell is not None and shell in _hooks:
        _hooks[shell].discard(begin, end)


def in_cell() -> bool:
    """Whether the code that asks runs in a cell (False in a widget's callback between cells, and outside IPython)."""
    shell = running_shell()
    return shell is not None and runs_inside(type(shell).run_code.__code__)


def current_cell_id() -> str | None:
    """What tells the running cell from others: JupyterLab's cell id, else a hash of its source; None between cells."""
    shell = running_shell()
    if shell is None:
        return None
    if not hasattr(shell, "get_parent"):
        return _hash(shell.user_ns.get("In", [""])[-1]) if in_cell() else None
    request = shell.get_parent() or {}
    if request.get("msg_type") != "execute_request":
        return None
    return request.get("metadata", {}).get("cellId") or _hash(request["content"]["code"])


class _CellHook:
    """The pairs registered with one shell, and whether one of its cells is open."""

    def __init__(self, shell: Any) -> None:
        self.shell = shell
        self.pairs: list[tuple[Begin, End]] = []
        self.begun: list[End] = []
        self.open_in: int | None = None
        self.begin_error: BaseException | None = None
        self.result_before: Any = None
        self.guard = InterruptGuard(last_frames_of_a_cell(shell) | {_CellHook.close.__code__})
        shell.events.register("pre_execute", self.open)
        shell.events.register("post_execute", self.close)

    def add(self, begin: Begin, end: End) -> None:
        if (begin, end) in self.pairs:
            return
        self.pairs.append((begin, end))
        if self.open_in == threading.get_ident():
            self._begin(begin, end)
        elif in_cell():
            self.open()

    def discard(self, begin: Begin, end: End) -> None:
        self.pairs = [pair for pair in self.pairs if pair != (begin, end)]
        self.begun = [other for other in self.begun if other != end]

    def open(self) -> None:
        """A cell begins (or is found running when the first pair is registered in it)."""
        if self.open_in is not None or not self.pairs:
            return
        self.open_in, self.begin_error = threading.get_ident(), None
        self.result_before = getattr(self.shell, "last_execution_result", None)
        self.guard.install()
        for begin, end in list(self.pairs):
            self._begin(begin, end)
        self.guard.holding = False

    def _begin(self, begin: Begin, end: End) -> None:
        self.begun.append(end)
        try:
            begin()
        except BaseException as error:
            self.begin_error = self.begin_error or error

    def close(self) -> None:
        """The cell is over: call each `end`, then fail the cell with the first error that the callbacks raised."""
        self.guard.holding = True
        if self.open_in != threading.get_ident() or runs_inside(type(self.shell).run_code.__code__):
            self.guard.holding = False
            return
        result, errors = self._result(), [self.begin_error]
        while self.begun:
            errors.append(_call(self.begun.pop(), _error_of(result)))
        self.open_in = None
        errors.append(KeyboardInterrupt() if self.guard.remove() else None)
        for error in [error for error in errors if error is not None]:
            self._fail(result, error)

    def _result(self) -> Any:
        result = getattr(self.shell, "last_execution_result", None)
        return None if result is self.result_before else result

    def _fail(self, result: Any, error: BaseException) -> None:
        self.shell.showtraceback((type(error), error, error.__traceback__))
        if result is not None and result.success:
            result.error_in_exec = error


_hooks: dict[Any, _CellHook] = {}


def _hook_of(shell: Any) -> _CellHook:
    if shell not in _hooks:
        _hooks[shell] = _CellHook(shell)
    return _hooks[shell]


def _error_of(result: Any) -> BaseException | None:
    """What the cell raised; without a result of its own, IPython itself was interrupted around the learner's code."""
    return KeyboardInterrupt() if result is None else (result.error_before_exec or result.error_in_exec)


def _call(end: End, error: BaseException | None) -> BaseException | None:
    try:
        end(error)
    except BaseException as raised:
        return raised
    return None


def _hash(source: str) -> str:
    return hashlib.sha256(source.encode()).hexdigest()[:16]
