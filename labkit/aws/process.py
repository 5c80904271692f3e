"""What changes in the process while labs are open: everything is put in with the first and taken out with the last."""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING
from unittest.mock import patch

import boto3
import botocore.client
import botocore.httpsession
import botocore.session

from labkit.aws import calls, clients, gate, names
from labkit.aws.adapters import adapters
from labkit.clock.switch import switch

if TYPE_CHECKING:
    from labkit.aws.lab import Lab


class Process:
    """The stack of open labs, innermost last, and the patches that make boto3 use the innermost."""

    def __init__(self) -> None:
        self.labs: list[Lab] = []
        self._patches = ExitStack()

    @property
    def lab(self) -> Lab | None:
        """The innermost open lab, or None."""
        return self.labs[-1] if self.labs else None

    def push(self, lab: Lab) -> None:
        """Make this lab the one that boto3 and time belong to."""
        switch.open(lab.scheduler)
        if not self.labs:
            self._install()
        self.labs.append(lab)

    def remove(self, lab: Lab) -> None:
        """Take this lab out; with the last one the process is as it was before the first."""
        self.labs.remove(lab)
        switch.close(lab.scheduler)
        if not self.labs:
            self._patches.close()

    def _install(self) -> None:
        enter = self._patches.enter_context
        environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        enter(patch.dict(os.environ, environment | clients.ENVIRONMENT, clear=True))
        enter(patch.object(boto3, "DEFAULT_SESSION", None))
        enter(patch.object(botocore.session.Session, "create_client", clients.creating(lambda: self.lab)))
        enter(patch.object(botocore.client.BaseClient, "_make_api_call", calls.calling(lambda: self.lab)))
        enter(patch.object(botocore.httpsession.URLLib3Session, "send", gate.sending(lambda: self.lab)))
        names.install(self._patches, lambda: self.lab)
        for adapter in adapters().values():
            adapter.install(self._patches, lambda: self.lab)


process = Process()
