"""Folders in the system's temporary one that carry the number of their process, so that a later one can remove them."""

from __future__ import annotations

import os
import shutil
import tempfile
from functools import cache
from pathlib import Path


def own_folder(prefix: str) -> Path:
    """A new folder of this process, readable by nobody else; what killed processes left under `prefix` goes first."""
    remove_left_over(prefix)
    return Path(tempfile.mkdtemp(prefix=f"{prefix}{os.getpid()}-"))


@cache
def remove_left_over(prefix: str) -> None:
    """Remove the folders of processes that were killed, which could not do so themselves; once a process."""
    for folder in Path(tempfile.gettempdir()).glob(f"{prefix}*-*"):
        owner = folder.name.removeprefix(prefix).partition("-")[0]
        if owner.isdigit() and not _is_running(int(owner)):
            shutil.rmtree(folder, ignore_errors=True)


def _is_running(process: int) -> bool:
    if os.name == "nt":  # there the signal 0 is not harmless
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
