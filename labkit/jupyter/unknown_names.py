"""A name that no cell has made yet: after a restart a section needs its set-up cell, and the error says so.

Made for IPython 9.18.1 on 2026-11-23: one method of the shell's `InteractiveTB` is replaced on that one object.
"""

from types import TracebackType
from typing import Any

from labkit.jupyter.shell import running_shell
from labkit.jupyter.tracebacks import show_own_frames_only
from labkit.words import jupyter as words
from labkit.words import say


def prepare_kernel() -> bool:
    """What `labkit open` has each of the learner's kernels do at its start; False when there is no IPython shell.

    Errors show the learner's own lines only, and an unknown name says which cells to run.
    """
    if not show_own_frames_only():
        return False
    shell = running_shell()
    formatter = shell.InteractiveTB
    if not hasattr(formatter, "_labkit_explains_"):
        formatter._labkit_explains_ = True
        formatter.structured_traceback = _explaining(formatter.structured_traceback, shell)
    return True


def _explaining(original: Any, shell: Any) -> Any:
    def structured_traceback(kind: Any, error: Any = None, *rest: Any, **more: Any) -> list[str]:
        shown: list[str] = original(kind, error, *rest, **more)
        if isinstance(error, NameError) and _is_missing(error, shell.user_ns):
            return [*shown, "", say(words.UNKNOWN_NAME, name=error.name)]
        return shown

    return structured_traceback


def _is_missing(error: NameError, learners: dict[str, Any]) -> bool:
    """Whether the learner's own line looked for a name among the learner's, and it is still not there."""
    last = _innermost(error.__traceback__)
    if last is None or not error.name or isinstance(error, UnboundLocalError):
        return False
    return last.tb_frame.f_globals is learners and error.name not in learners


def _innermost(traceback: TracebackType | None) -> TracebackType | None:
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    return traceback
