"""Which experiment belongs to which claim, and the wrong world in which it has to come out different."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from labkit.ledger import claim
from labkit.probes.worlds import World

Experiment = Callable[..., None]


@dataclass(frozen=True)
class Probe:
    """One experiment: the claim it shows, what it tells, the wrong world that refutes it, and its lab's options."""

    claim: str
    told: str
    experiment: Experiment
    wrong: World
    options: dict[str, Any] = field(default_factory=dict)


_probes: dict[str, Probe] = {}


def probe(claim_id: str, told: str, *, wrong: World, **options: Any) -> Callable[[Experiment], Experiment]:
    """Register a function of a `Bench` as the experiment of a claim; `options` are those of its `Lab`.

    `told` is the sentence that tells what was seen: its `{names}` are those that the experiment gives to `see`.
    Raises `LedgerError` for a claim that the ledger does not hold.
    """
    claim(claim_id)

    def register(experiment: Experiment) -> Experiment:
        assert claim_id not in _probes, f"{claim_id} has two probes"
        _probes[claim_id] = Probe(claim_id, told, experiment, wrong, options)
        return experiment

    return register


@cache
def probes() -> dict[str, Probe]:
    """All probes by claim id."""
    from labkit.probes import experiments

    for module in iter_modules(experiments.__path__, f"{experiments.__name__}."):
        import_module(module.name)
    return _probes
