"""Instances as actors: an ordinary function stands for the program in the AMI and runs on every instance in service."""

from __future__ import annotations

from collections.abc import Callable
from inspect import Parameter, signature
from typing import Any

from labkit.aws.records import Records
from labkit.clock.actor import Actor
from labkit.clock.length import length

# AWS promises no time from the launch of an instance to its service; a minute is ours, to be told otherwise.
BOOT = length("1 min")
Worker = Callable[..., Any]


class Workers:
    """Which function the instances of each group run, how long they take to boot, and the actors that run now."""

    def __init__(self, lab: Records) -> None:
        self._lab = lab
        self._workers: dict[str, Worker] = {}
        self._boot: dict[str, int] = {}
        self._actors: dict[str, Actor] = {}

    def boot(self, group: str) -> int:
        """How long after its launch an instance of a group is in service, in microseconds."""
        return self._boot.get(group, BOOT)

    def run(self, group: str, worker: Worker, boot: int) -> None:
        """Run `worker` on the instances of a group that come into service from now on."""
        self._workers[group], self._boot[group] = worker, boot

    def begin(self, group: str, instance: str) -> None:
        """An instance is in service: its program starts."""
        worker = self._workers.get(group)
        if worker is not None and instance not in self._actors:
            self._actors[instance] = self._lab.scheduler.start(worker, arguments(worker, instance), instance)

    def end(self, instance: str) -> None:
        """An instance is terminated: its program ends, wherever it is."""
        actor = self._actors.pop(instance, None)
        if actor is not None:
            self._lab.scheduler.stop(actor)


def arguments(worker: Worker, instance: str) -> tuple[str, ...]:
    """What a worker is called with: the instance's id, if it takes an argument."""
    kinds = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    takes = [one for one in signature(worker).parameters.values() if one.kind in kinds and one.default is one.empty]
    return (instance,) if takes else ()
