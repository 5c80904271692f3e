"""Runs a notebook as JupyterLab would and keeps of the outputs what is the same at every run."""

import re
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from labkit.jupyter.nbval_speed import NoDebuggerKernels

DROPPED_MIMES = {"application/vnd.jupyter.widget-view+json"}
SECONDS_A_CELL = 60
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def execute(notebook: Any, folder: Path) -> None:
    """Run all cells in a fresh kernel in `folder`; outputs and execution counts 1..n are put into `notebook`.

    It stops after a cell with an error that its tags don't announce: what follows would fail for that reason.
    The kernel learns each cell's id as from JupyterLab. A cell that runs for 60 s stops the build.
    """
    client = NotebookClient(
        notebook,
        timeout=SECONDS_A_CELL,
        kernel_manager_class=NoDebuggerKernels,
        store_widget_state=False,
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(folder)}},
    )
    client.on_cell_execute = partial(_tell_cell_id, client)
    with suppress(CellExecutionError):
        client.execute()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [kept for kept in map(_kept, cell.outputs) if kept is not None]


def _tell_cell_id(client: NotebookClient, cell: Any, cell_index: int) -> None:
    if client.kc is not None:
        client.kc.session.metadata = {"cellId": cell.id}


def _kept(output: Any) -> Any:
    if output.output_type == "error":
        output.traceback = [_COLOUR.sub("", _shown_error(output))]
    for mime in DROPPED_MIMES & set(output.get("data", {})):
        del output.data[mime]
    return None if output.get("data", True) == {} else output


def _shown_error(error: Any) -> str:
    """The sentence that is all a plain error shows, else the error's name and value."""
    if len(error.traceback) == 1 and "\n" not in error.traceback[0].strip():
        return error.traceback[0].strip()
    return f"{error.ename}: {error.evalue}"
