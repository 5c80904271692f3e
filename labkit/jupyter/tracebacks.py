"""Errors show the learner's own lines: no frame of labkit, moto, botocore, boto3, greenlet or IPython.

An exception class with `_labkit_plain_ = True` shows its sentence and nothing else.
Made for IPython 9.18.1 on 2026-11-23: two methods of the shell's `InteractiveTB` are replaced on that one object.
"""

import sysconfig
from types import FrameType, TracebackType
from typing import Any

from labkit.jupyter.shell import running_shell

HIDDEN = {"labkit", "moto", "botocore", "boto3", "greenlet", "time_machine", "IPython", "ipykernel"}
_INSTALLED = tuple({sysconfig.get_paths()[kind] for kind in ("stdlib", "platstdlib", "purelib", "platlib")})
_full = False


def full_traceback(show: bool = True) -> None:
    """Show every frame of errors from now on (`full_traceback(False)`: only the learner's again)."""
    global _full
    _full = show


def show_own_frames_only() -> bool:
    """Cut other people's frames from the errors of the running IPython shell; False when there is none."""
    shell = running_shell()
    if shell is None:
        return False
    formatter = shell.InteractiveTB
    if not hasattr(formatter, "_labkit_cuts_"):
        formatter._labkit_cuts_ = True
        formatter.structured_traceback = _cutting_traceback(formatter.structured_traceback)
        formatter.get_parts_of_chained_exception = _cutting_chain(formatter.get_parts_of_chained_exception)
    return True


def own_frames(traceback: TracebackType | None) -> TracebackType | None:
    """The same traceback without hidden frames, and without what the hidden code called unless it is the learner's."""
    kept, below_hidden = [], False
    while traceback is not None:
        below_hidden = _is_hidden(traceback.tb_frame) or (below_hidden and _is_installed(traceback.tb_frame))
        if not below_hidden:
            kept.append(traceback)
        traceback = traceback.tb_next
    chain: TracebackType | None = None
    for entry in reversed(kept):
        chain = TracebackType(chain, entry.tb_frame, entry.tb_lasti, entry.tb_lineno)
    return chain


def is_own(frame: FrameType) -> bool:
    """Whether a frame runs the learner's own code."""
    return not _is_hidden(frame) and not _is_installed(frame)


def _cutting_traceback(original: Any) -> Any:
    def structured_traceback(
        kind: Any, error: Any = None, traceback: Any = None, tb_offset: int | None = None, context: int = 5
    ) -> list[str]:
        if getattr(kind, "_labkit_plain_", False) and not _full:
            return [str(error)]
        if _full or not isinstance(traceback, TracebackType):
            return original(kind, error, traceback, tb_offset, context)
        return original(kind, error, own_frames(traceback), 0, context)

    return structured_traceback


def _cutting_chain(original: Any) -> Any:
    """A cause in which the learner has no line is left out, and so are its own causes."""

    def get_parts_of_chained_exception(error: Any) -> Any:
        parts = original(error)
        if _full or not parts:
            return parts
        own = own_frames(parts[2])
        return (parts[0], parts[1], own) if own is not None else None

    return get_parts_of_chained_exception


def _is_hidden(frame: FrameType) -> bool:
    return str(frame.f_globals.get("__name__", "")).partition(".")[0] in HIDDEN


def _is_installed(frame: FrameType) -> bool:
    return frame.f_code.co_filename.startswith((*_INSTALLED, "<frozen"))
