"""What services do by themselves, at an instant of lab time: they act under their own name, and history tells it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from labkit.aws import seeding
from labkit.aws.records import Records
from labkit.causes import Result
from labkit.history import Call


@contextmanager
def acting(lab: Records, service: str, *name: object) -> Iterator[None]:
    """Within the `with`, changes are this service's, and moto draws its identifiers from `name` and the instant."""
    with acting_as(lab, service):
        seeding.begin_attempt(lab.seed, service, *name, lab.scheduler.now)
        yield


@contextmanager
def acting_as(lab: Records, service: str) -> Iterator[None]:
    """Within the `with`, what happens is done by a service, also inside the call of somebody else."""
    before, lab.caller = lab.caller, service
    try:
        yield
    finally:
        lab.caller = before


def happened(lab: Records, by: str, service: str, operation: str, resource: str, result: Result) -> None:
    """Write into the history what a service did by itself, in the form of a call."""
    now = lab.scheduler.now
    lab.history.events.append(
        Call(now, lab.history.next_order(), by, service, operation, resource, None, (), {}, now, result)
    )
    lab.scheduler.changed += 1
