"""Folders that carry the number of their process, so that a later one can remove them."""

from __future__ import annotations

import os
import shutil
import tempfile
from functools import cache
from pathlib import Path


def own_folder(prefix: str, within: Path | None = None) -> Path:
    """A new folder of this process, readable by nobody else; what killed processes left under `prefix` goes first.

    It lies in the system's folder for temporary files if nothing else is said.
    """
    remove_left_over(prefix, within)
    return Path(tempfile.mkdtemp(prefix=f"{prefix}{os.getpid()}-", dir=within))


@cache
def remove_left_over(prefix: str, within: Path | None = None) -> None:
    """Remove the folders of processes that were killed, which could not do so themselves; once a process."""
    place = within or Path(tempfile.gettempdir())
    for folder in place.glob(f"{prefix}*-*"):
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
