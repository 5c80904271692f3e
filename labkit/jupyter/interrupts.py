"""Ctrl-C that can't fall between a cell and its end.

Python raises KeyboardInterrupt at any bytecode, also in the lines of IPython that lead to the end of a cell. Made for
IPython 9.18.1 and ipykernel 7.4.0 on 2026-11-23: the names of the frames in which an interrupt must wait.
"""

import signal
import sys
import threading
from types import CodeType, FrameType
from typing import Any


class InterruptGuard:
    """A SIGINT handler that keeps an interrupt while `holding`, or while one of IPython's last frames is running.

    Only Python's own handler is replaced: whoever set another one (ipykernel does for cells with `await`) keeps it.
    """

    def __init__(self, waiting_frames: set[CodeType]) -> None:
        self.waiting_frames = waiting_frames
        self.holding = True
        self.kept = False

    def __call__(self, signal_number: int, frame: FrameType | None) -> None:
        """Raise KeyboardInterrupt, or keep it for the end of the cell."""
        if self.holding or (frame is not None and frame.f_code in self.waiting_frames):
            self.kept = True
        else:
            raise KeyboardInterrupt

    def install(self) -> None:
        """Take over from Python's own handler; does nothing outside the main thread."""
        self.holding, self.kept = True, False
        if _in_main_thread() and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, self)

    def remove(self) -> bool:
        """Give back Python's own handler; True when an interrupt was kept."""
        if _in_main_thread() and signal.getsignal(signal.SIGINT) is self:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        self.holding, kept, self.kept = True, self.kept, False
        return kept


def last_frames_of_a_cell(shell: Any) -> set[CodeType]:
    """The code of the IPython functions that run between the learner's code and the `post_execute` event."""
    methods = [vars(kind).get("run_cell") for kind in type(shell).__mro__] + [type(shell.events).trigger]
    return {method.__code__ for method in methods if method is not None}


def runs_inside(code: CodeType) -> bool:
    """Whether a frame of this code is somewhere on the current stack."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if frame.f_code is code:
            return True
        frame = frame.f_back
    return False


def _in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()
