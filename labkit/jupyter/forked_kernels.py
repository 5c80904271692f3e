"""Kernels that are forked from a process which has imported everything: 0.05 s instead of a second each.

Made for ipykernel 7.4.0 and jupyter_client 8.10.0 on 2026-11-30. The nursery is a process with one thread; it forks on
request and collects who ended. What jupyter_client signals is the kernel itself, not a wrapper around it, so that its
SIGKILL ends the kernel; the nursery's input closes with the process that asked, however that ends, and then all go.
"""

import gc
import json
import os
import runpy
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from importlib import import_module
from typing import Any, cast

from jupyter_client.manager import KernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

_SERVE = "import sys; sys.modules['debugpy'] = None; from labkit.jupyter.forked_kernels import serve; serve({!r})"
can_fork = hasattr(os, "fork")


class Nursery:
    """The process that forks kernels; `prepared` is the module that it imports first, for all of them."""

    def __init__(self, prepared: str) -> None:
        # A session of its own: a Ctrl-C in the terminal is meant for who asked, and its end is told by the pipe.
        self._process = subprocess.Popen(
            [sys.executable, "-c", _SERVE.format(prepared)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def ask(self, what: str, value: Any) -> Any:
        """One request, one answer. Raises `RuntimeError` when the nursery is gone."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with suppress(BrokenPipeError):
            print(json.dumps([what, value]), file=self._process.stdin, flush=True)
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError(f"The process that forks kernels ended with code {self._process.wait()}.")
        return json.loads(answer)

    def close(self) -> None:
        """End it and every kernel that it forked."""
        self._process.communicate()


class ForkedKernels(KernelManager):
    """Starts kernels in a nursery; everything else is as with a process of one's own."""

    def __init__(self, nursery: Nursery, **how: Any) -> None:
        super().__init__(**how)
        self.provisioner = _Forking(nursery, kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self)


class _Forking(LocalProvisioner):
    def __init__(self, nursery: Nursery, **how: Any) -> None:
        super().__init__(**how)
        self._nursery = nursery

    async def launch_kernel(self, cmd: list[str], **how: Any) -> Any:
        """`cmd` ends with the kernel's own arguments, as `-f FILE`."""
        wanted = {"arguments": cmd[cmd.index("-f") :], "folder": how["cwd"], "environment": how["env"]}
        kernel = _Kernel(self._nursery, self._nursery.ask("fork", wanted))
        self.process = cast(Any, kernel)
        self.pid = self.pgid = kernel.pid
        self.cwd = how["cwd"]
        return self.connection_info


class _Kernel:
    """What jupyter_client wants to know and do of a process; only its parent, the nursery, can tell that it ended."""

    stdin = stdout = stderr = None

    def __init__(self, nursery: Nursery, pid: int) -> None:
        self._nursery = nursery
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        return self._look("look")

    def wait(self) -> int | None:
        return self._look("wait")

    def _look(self, how: str) -> int | None:
        if self.returncode is None:
            self.returncode = self._nursery.ask(how, self.pid)
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)


# --- in the nursery --------------------------------------------------------------------------------------


def serve(prepared: str) -> None:
    """Fork kernels until the input closes, then end those that are left. Returns in no process."""
    for name in ("ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.zmqshell", "IPython.core.completer", prepared):
        import_module(name)
    assert threading.active_count() == 1, "a fork would copy this thread alone, and what others hold for ever"
    # What is never collected is never written to: its memory stays shared.
    gc.collect()
    gc.freeze()
    wanted = _until_this_is_a_kernel()
    if wanted is not None:
        _become(wanted)


def _until_this_is_a_kernel() -> dict[str, Any] | None:
    """In a forked child what it shall be; None in the nursery, at its end."""
    alive: set[int] = set()
    for line in sys.stdin:
        what, value = json.loads(line)
        if what == "fork":
            pid = os.fork()
            if pid == 0:
                return value
            # Here and in the child, so that whoever is first: a signal to the group never reaches the nursery.
            with suppress(PermissionError):
                os.setpgid(pid, pid)
            alive.add(pid)
            answer: int | None = pid
        else:
            answer = _ended(value, os.WNOHANG if what == "look" else 0) if value in alive else -signal.SIGKILL
            if answer is not None:
                alive.discard(value)
        print(json.dumps(answer), flush=True)
    for pid in alive:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    return None


def _ended(pid: int, options: int) -> int | None:
    found, status = os.waitpid(pid, options)
    return os.waitstatus_to_exitcode(status) if found else None


def _become(wanted: dict[str, Any]) -> None:
    os.setpgid(0, 0)
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    os.environ.clear()
    os.environ.update(wanted["environment"])
    os.chdir(wanted["folder"])
    # A kernel whose parent ended without a word ends by itself within a second.
    sys.argv = ["ipykernel_launcher", *wanted["arguments"], f"--IPKernelApp.parent_handle={os.getppid()}"]
    runpy.run_module("ipykernel_launcher", run_name="__main__")
