"""moto's memory of all resources, set aside for one lab and brought back for another."""

from __future__ import annotations

from typing import Any, NamedTuple

from moto.core.base_backend import BackendDict
from moto.core.model_instances import model_data, reset_model_data


class Memory(NamedTuple):
    """The backends with their accounts and registers, and the list of its instances that each model class keeps."""

    backends: list[tuple[Any, dict[str, Any], dict[str, dict[Any, Any]]]]
    instances: list[tuple[Any, list[Any]]]


def set_aside() -> Memory:
    """Take everything out of moto's memory and return it, so that an empty AWS is left."""
    backends = [(backend, dict(backend), _registers(backend)) for backend in BackendDict._instances]
    memory = Memory(backends, _instances())
    _empty()
    return memory


def forget() -> None:
    """Reset and drop everything that moto keeps now."""
    used = list(BackendDict._instances)
    BackendDict.reset()
    _empty(used)


def bring_back(memory: Memory) -> None:
    """Put back what `set_aside` returned; what is there now must have been forgotten or set aside before."""
    for backend, accounts, registers in memory.backends:
        BackendDict._instances.append(backend)
        vars(backend).update(registers)
        for account, content in accounts.items():
            dict.__setitem__(backend, account, content)
    for model, instances in memory.instances:
        model.instances_tracked = instances


def _empty(used: list[Any] | None = None) -> None:
    for backend in list(BackendDict._instances) if used is None else used:
        backend.clear()
        vars(backend).update({name: {} for name in _registers(backend)})
    BackendDict._instances.clear()
    reset_model_data()


def _registers(backend: Any) -> dict[str, dict[Any, Any]]:
    """What a service keeps beside its accounts, such as S3's list of who owns which bucket name."""
    return {name: value for name, value in vars(backend).items() if isinstance(value, dict)}


def _instances() -> list[tuple[Any, list[Any]]]:
    return [(model, model.instances_tracked) for models in model_data.values() for model in models.values()]
