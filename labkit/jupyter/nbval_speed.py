"""Faster nbval: made for nbval 0.11.0, jupyter_client 8.10.0, ipykernel 7.4.0 and debugpy 1.8 on 2026-11-23.

A kernel that no debugger will ever join starts in half the CPU time; nbval formats each of a kernel's messages for
a debug log that is off, and may wait a second for a channel that connects in milliseconds. Channels are files of this
machine, no ports: jupyter_client looks for free ports some time before the kernel takes them, and among many programs
that start kernels another one had taken one by then (a kernel that never answered, once in four busy runs).
"""

import os
import sys
from queue import Empty
from tempfile import TemporaryDirectory
from uuid import uuid4

import nbval.kernel
from ipykernel.kernelspec import get_kernel_dict
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager, KernelManager
from traitlets import default

from labkit.jupyter.forked_kernels import ForkedKernels, Nursery

FAR = 300
_folder: TemporaryDirectory[str] | None = None
_LAUNCH = (
    "import sys, runpy; sys.modules['debugpy'] = None; runpy.run_module('ipykernel_launcher', run_name='__main__')"
)


class NoDebuggerSpecs(KernelSpecManager):
    """This very Python's ipykernel, as `python -m ipykernel_launcher` starts it, with debugpy not found."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """The one kernel, whatever its name."""
        return KernelSpec(**get_kernel_dict() | {"argv": [sys.executable, "-c", _LAUNCH, "-f", "{connection_file}"]})


class NoDebuggerKernels(AsyncKernelManager):
    """Starts such kernels for nbclient."""

    @default("kernel_spec_manager")
    def _no_debugger(self) -> KernelSpecManager:
        return NoDebuggerSpecs()

    @default("transport")
    def _by_files(self) -> str:
        return "ipc"

    @default("ip")
    def _their_place(self) -> str:
        return _place_of_channels()


def _place_of_channels() -> str:
    """The beginning of the names of one kernel's channels, wherever it runs.

    As short as a socket's name must be; jupyter_client takes the files away, and the folder goes with the process.
    """
    global _folder
    if _folder is None:
        _folder = TemporaryDirectory(prefix="kernels-")
    return os.path.join(_folder.name, uuid4().hex)


class QuickKernel(nbval.kernel.RunningKernel):
    """nbval's kernel, ready as soon as it has answered on both channels, and killed without a poll.

    With a nursery it is forked there.
    """

    def __init__(self, folder: str, nursery: Nursery | None = None) -> None:
        how = {"kernel_spec_manager": NoDebuggerSpecs(), "transport": "ipc", "ip": _place_of_channels()}
        self.km = KernelManager(**how) if nursery is None else ForkedKernels(nursery, **how)
        with open(os.devnull, "w") as nothing:
            self.km.start_kernel(stderr=nothing, cwd=folder)
        self.kc = self.km.client()
        self.kc.start_channels()
        try:
            self._ensure_iopub_up()
        except BaseException:
            self.stop()
            raise

    def _ensure_iopub_up(self) -> None:
        """Ask until an answer came on both channels: what a kernel publishes before one listens is lost."""
        for _ in range(300):
            question = self.kc.kernel_info()
            self._await_first_reply(question)
            try:
                return self.await_idle(question, timeout=0.05)
            except Empty:
                continue
        raise RuntimeError("The kernel answers but publishes nothing: run the notebook in JupyterLab to see why.")

    def _await_first_reply(self, question: str) -> None:
        """Wait for it as long as the kernel lives: one that has ended will not answer."""
        for _ in range(FAR):
            try:
                return self.await_reply(question, timeout=1)
            except Empty:
                if not self.km.is_alive():
                    raise RuntimeError("The kernel ended before it answered.") from None
        raise RuntimeError(f"The kernel has not answered for {FAR} seconds.")

    def stop(self) -> None:
        """Kill the process, which holds nothing worth keeping, then let jupyter_client clean up."""
        self.kc.stop_channels()
        process = getattr(self.km.provisioner, "process", None)
        if process is not None:
            process.kill()
            process.wait()
        self.km.shutdown_kernel(now=True)
        del self.km


def format_no_messages() -> None:
    """Leave nbval's debug log unformatted (0.3 s a widget)."""
    nbval.kernel.pformat = lambda message: ""
