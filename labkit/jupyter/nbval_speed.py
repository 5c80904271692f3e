"""Faster nbval: made for nbval 0.11.0, jupyter_client 8.10.0 and ipykernel 7.4.0 on 2026-11-23.

nbval formats each kernel message for a debug log that is off, and waits for quiet channels before the first cell.
"""

import os
import signal

import nbval.kernel
from jupyter_client.manager import KernelManager


class QuickKernel(nbval.kernel.RunningKernel):
    """nbval's kernel, ready as soon as it has answered on both channels, and killed without a poll."""

    def __init__(self, folder: str) -> None:
        self.km = KernelManager(
            kernel_spec_manager=nbval.kernel.NbvalKernelspecManager(),
            kernel_name=nbval.kernel.CURRENT_ENV_KERNEL_NAME,
            transport_encryption="auto",
        )
        with open(os.devnull, "w") as nothing:
            self.km.start_kernel(stderr=nothing, cwd=folder)
        self.kc = self.km.client()
        self.kc.start_channels()
        self._ensure_iopub_up()

    def stop(self) -> None:
        """Kill the process that holds nothing worth keeping, then let jupyter_client clean up."""
        self.kc.stop_channels()
        self.km.provisioner.process.send_signal(signal.SIGKILL)
        self.km.provisioner.process.wait()
        self.km.shutdown_kernel(now=True)
        del self.km


def format_no_messages() -> None:
    """Leave nbval's debug log unformatted (0.3 s a widget)."""
    nbval.kernel.pformat = lambda message: ""
