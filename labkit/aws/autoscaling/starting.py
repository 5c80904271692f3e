"""`Lab.start_on`: which function the instances of a group run, those that are there already included."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from moto.autoscaling.models import autoscaling_backends

from labkit.aws.options import check_function
from labkit.aws.records import Records
from labkit.clock.length import length
from labkit.clock.switch import switch
from labkit.words import error
from labkit.words import lab as words

from .capacity import IN_SERVICE, PENDING, expect
from .workers import Workers, arguments


def start_on(lab: Records, name: str, worker: Callable[..., Any], boot: str | float | timedelta) -> None:
    """Run `worker` on the instances of a group. Raises `LabError` for a group or a function that there is not."""
    switch.check_innermost(lab.scheduler)
    boots = length(boot)
    group = _group(name)
    if group is None:
        raise error(words.UNKNOWN_GROUP, given=name)
    check_function(worker, arguments(worker, "i-0") if callable(worker) else (), None)
    workers = lab.part(Workers)
    workers.run(group.name, worker, boots)
    for state in group.instance_states:
        if state.lifecycle_state == PENDING:
            expect(lab, group, state)
        elif state.lifecycle_state == IN_SERVICE:
            workers.begin(group.name, state.instance_id)


def _group(name: object) -> Any:
    groups = (backend.autoscaling_groups for _, _, backend in autoscaling_backends.iter_backends())
    return next((found[name] for found in groups if name in found), None)
