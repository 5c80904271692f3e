"""Faster nbval: made for nbval 0.11.0, jupyter_client 8.10.0, ipykernel 7.4.0 and debugpy 1.8 on 2026-11-23.

A kernel that no debugger will ever join starts in half the CPU time; nbval formats each of a kernel's messages for
a debug log that is off, and may wait a second for a channel that connects in milliseconds.
"""

import os
import sys
from queue import Empty

import nbval.kernel
from ipykernel.kernelspec import get_kernel_dict
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager, KernelManager
from traitlets import default

from labkit.jupyter.forked_kernels import ForkedKernels, Nursery

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

    @default("transport_encryption")
    def _encrypted(self) -> str:
        return "auto"


class QuickKernel(nbval.kernel.RunningKernel):
    """nbval's kernel, ready as soon as it has answered on both channels, and killed without a poll.

    With a nursery it is forked there.
    """

    def __init__(self, folder: str, nursery: Nursery | None = None) -> None:
        how = {"kernel_spec_manager": NoDebuggerSpecs(), "transport_encryption": "auto"}
        self.km = KernelManager(**how) if nursery is None else ForkedKernels(nursery, **how)
        with open(os.devnull, "w") as nothing:
            self.km.start_kernel(stderr=nothing, cwd=folder)
        self.kc = self.km.client()
        self.kc.start_channels()
        self._ensure_iopub_up()

    def _ensure_iopub_up(self) -> None:
        """Ask until an answer came on both channels: what a kernel publishes before one listens is lost."""
        for _ in range(300):
            question = self.kc.kernel_info()
            self.await_reply(question, timeout=60)
            try:
                return self.await_idle(question, timeout=0.05)
            except Empty:
                continue
        raise RuntimeError("The kernel answers but publishes nothing: run the notebook in JupyterLab to see why.")

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
