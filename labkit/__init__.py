"""Labkit: a private AWS in virtual time, for a course in which every statement is executed.

Everything a learner uses is imported from here; nothing is loaded before its first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from labkit import _skip_slow_grammars as _skip_slow_grammars

if TYPE_CHECKING:
    from labkit.aws.lab import Lab as Lab
    from labkit.probes import claims_of as claims_of
    from labkit.rules import Faults as Faults
    from labkit.words import LabError as LabError

_HOMES = {
    "Faults": "labkit.rules",
    "Lab": "labkit.aws.lab",
    "LabError": "labkit.words",
    "claims_of": "labkit.probes",
}
__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"labkit has no {name!r}; it has {', '.join(__all__)}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
