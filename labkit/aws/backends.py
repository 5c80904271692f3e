"""moto's memory of all resources, set aside for one lab and brought back for another."""

from __future__ import annotations

from typing import Any

from moto.core.base_backend import BackendDict

Memory = list[tuple[Any, dict[str, Any]]]


def set_aside() -> Memory:
    """Take everything out of moto's memory and return it, so that an empty AWS is left."""
    memory = [(backend, dict(backend)) for backend in BackendDict._instances]
    for backend in list(BackendDict._instances):
        backend.clear()
    BackendDict._instances.clear()
    return memory


def forget() -> None:
    """Reset and drop everything that moto keeps now."""
    BackendDict.reset()


def bring_back(memory: Memory) -> None:
    """Put back what `set_aside` returned; what is there now must have been forgotten or set aside before."""
    for backend, accounts in memory:
        BackendDict._instances.append(backend)
        for account, content in accounts.items():
            dict.__setitem__(backend, account, content)
