"""The only package that touches Jupyter's, IPython's or nbval's inside; each patch says what it was made for."""

from labkit.jupyter.cells import current_cell_id, in_cell, off_cell, on_cell
from labkit.jupyter.instead import instead_of_cells
from labkit.jupyter.shell import running_shell
from labkit.jupyter.tracebacks import full_traceback, is_own, own_frames, show_own_frames_only
from labkit.jupyter.unknown_names import prepare_kernel

__all__ = [
    "current_cell_id",
    "full_traceback",
    "in_cell",
    "instead_of_cells",
    "is_own",
    "off_cell",
    "on_cell",
    "own_frames",
    "prepare_kernel",
    "running_shell",
    "show_own_frames_only",
]
