"""One IPython shell for the tests, and one real ipykernel process that takes signals."""

import os
import signal
from collections.abc import Iterator
from queue import Empty

import pytest
from IPython.core.interactiveshell import InteractiveShell
from jupyter_client.manager import KernelManager, start_new_kernel

from tests.patience import FAR


@pytest.fixture(scope="session")
def shell() -> InteractiveShell:
    """A terminal-like IPython shell inside this process."""
    return InteractiveShell.instance(colors="nocolor")


class Kernel:
    """A kernel process: run code as JupyterLab would, interrupt it at will."""

    def __init__(self, manager: KernelManager, client) -> None:
        self.manager, self.client = manager, client

    def send(self, code: str, cell_id: str | None = None, silent: bool = False) -> str:
        self.client.session.metadata = {"cellId": cell_id} if cell_id else {}
        return self.client.execute(code, silent=silent, store_history=not silent, stop_on_error=False)

    def outputs(self, message_id: str, patience: float = FAR) -> list[dict]:
        """Everything published for one request, until the kernel is idle again."""
        published = []
        while True:
            message = self.client.get_iopub_msg(timeout=patience)
            if message["parent_header"].get("msg_id") != message_id:
                continue
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                return published
            published.append({"type": message["msg_type"], **message["content"]})

    def reply(self, message_id: str, patience: float = FAR) -> dict:
        while True:
            message = self.client.get_shell_msg(timeout=patience)
            if message["parent_header"].get("msg_id") == message_id:
                return message["content"]

    def run(self, code: str, patience: float = FAR, **how) -> tuple[dict, str, list[dict]]:
        """(reply, printed text, errors) of one cell."""
        message_id = self.send(code, **how)
        published, reply = self.outputs(message_id, patience), self.reply(message_id, patience)
        text = "".join(one["text"] for one in published if one["type"] == "stream")
        return reply, text, [one for one in published if one["type"] == "error"]

    def interrupt(self) -> None:
        os.kill(self.manager.provisioner.process.pid, signal.SIGINT)

    def answers(self) -> bool:
        """Whether a cell still runs; False when ipykernel lost a reply to an interrupt between two cells."""
        try:
            return self.run("1", patience=20)[0]["status"] == "ok"
        except Empty:
            return False

    def restart(self) -> None:
        self.manager.restart_kernel(now=True)
        self.client.wait_for_ready(timeout=FAR)


@pytest.fixture(scope="session")
def kernel() -> Iterator[Kernel]:
    manager, client = start_new_kernel(env={**os.environ, "PYTHONPATH": os.getcwd()})
    yield Kernel(manager, client)
    client.stop_channels()
    manager.shutdown_kernel(now=True)
