"""What changes in the process while labs are open: everything is put in with the first and taken out with the last."""

from __future__ import annotations

import os
from contextlib import ExitStack
from functools import cache
from unittest.mock import patch

import botocore.client
import botocore.httpsession
import botocore.session
import moto.core.responses
from moto.core.config import default_user_config
from moto.core.models import botocore_stubber
from moto.core.utils import method_names_from_class

from labkit.aws import calls, clients, gate, seeding
from labkit.aws.adapters import adapters
from labkit.aws.current import open_labs
from labkit.aws.records import CellRun, Records
from labkit.clock.switch import switch
from labkit.jupyter import current_cell_id, off_cell, on_cell

PREFIXES = ("AWS_", "MOTO_")


class Process:
    """The stack of open labs, innermost last, and the patches that make boto3 use the innermost."""

    def __init__(self) -> None:
        self.labs = open_labs
        self._patches = ExitStack()
        self._installed: set[str] = set()
        self._used: set[str] = set()
        self._cells_begun = 0

    @property
    def lab(self) -> Records | None:
        """The innermost open lab, or None."""
        return self.labs[-1] if self.labs else None

    def above(self, lab: Records) -> Records | None:
        """The lab that was opened next after this one and parked it, or None."""
        return next(iter(self.labs[self.labs.index(lab) + 1 :]), None)

    def push(self, lab: Records) -> None:
        """Make this lab the one that boto3 and time belong to."""
        if not self.labs:
            self._install()
        self.labs.append(lab)
        switch.open(lab.scheduler)
        switch.on()

    def remove(self, lab: Records) -> None:
        """Take this lab out; with the last one the process is as it was before the first."""
        self.labs.remove(lab)
        switch.close(lab.scheduler)
        if not self.labs:
            off_cell(self._cell_begins, self._cell_ends)
            self._patches.close()

    def _install(self) -> None:
        with ExitStack() as patches:
            enter = patches.enter_context
            _hide_surroundings(patches)
            enter(patch.object(botocore_stubber, "enabled", False))
            enter(patch.dict(default_user_config["stepfunctions"], execute_state_machine=True))
            creating = clients.creating(self.uses)
            enter(patch.object(botocore.session.Session, "create_client", creating))
            enter(patch.multiple(botocore.session.Session, **clients.without_files()))
            enter(patch.object(botocore.client.BaseClient, "_make_api_call", calls.make_api_call))
            enter(patch.object(botocore.httpsession.URLLib3Session, "send", gate.send))
            enter(patch.object(moto.core.responses, "method_names_from_class", cache(method_names_from_class)))
            seeding.install(patches)
            self._installed.clear()
            self._install_adapters(patches)
            self._patches = patches.pop_all()
        on_cell(self._cell_begins, self._cell_ends)

    def _install_adapters(self, patches: ExitStack) -> None:
        for service, adapter in adapters().items():
            if service not in self._installed and (not adapter.needed_by or adapter.needed_by & self._used):
                self._installed.add(service)
                adapter.install(patches)

    def uses(self, service: str) -> None:
        """Install the adapters that wait for the first client of a service."""
        if service not in self._used:
            self._used.add(service)
            self._install_adapters(self._patches)

    # Cells

    def running_cell(self) -> CellRun | None:
        """Which cell runs now, and which of the runs since the first open lab this is; None outside cells."""
        cell = current_cell_id()
        return None if cell is None else (cell, self._cells_begun)

    def close_earlier_runs(self, run: CellRun | None) -> None:
        """Close the labs that earlier runs of the same cell have opened."""
        for lab in reversed(self.labs):
            if run is not None and lab.opened_in is not None and lab.opened_in[0] == run[0] and lab.opened_in != run:
                lab.close()

    def _cell_begins(self) -> None:
        self._cells_begun += 1
        switch.on()

    def _cell_ends(self, failure: BaseException | None) -> None:
        switch.off()
        if isinstance(failure, KeyboardInterrupt):
            for lab in self.labs:
                lab.scheduler.end()
        if failure is None and self.lab is not None:
            self.lab.raise_swallowed("the cell")


def _hide_surroundings(patches: ExitStack) -> None:
    """Set AWS's and moto's environment variables aside; all others stay the learner's."""
    before = _take_out()
    os.environ.update(clients.ENVIRONMENT)
    patches.callback(os.environ.update, before)
    patches.callback(_take_out)


def _take_out() -> dict[str, str]:
    return {name: os.environ.pop(name) for name in list(os.environ) if name.startswith(PREFIXES)}


process = Process()
