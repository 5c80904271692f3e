"""Changed settings on their way: where `Faults` say so, a queue goes on under the one before until it arrives.

moto's queue holds what is in effect, for the rules, for calls and for GetQueueAttributes alike. (AWS says only that a
change takes time to reach all of SQS, so that a read may show either.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from moto.core.utils import camelcase_to_underscores

from labkit.aws.records import Records
from labkit.rules.faults import lateness

from . import data_plane
from .configuration import KMS, POLICIES
from .ranges import RANGES
from .stores import backend_of

# The modes of FIFO queues are not among them: the rules themselves spread a scope, and the throughput goes with it.
LATE = {*RANGES, *POLICIES, *KMS, "ContentBasedDeduplication"}


def change(lab: Records, queue: Any, settings: Iterable[str], make: Callable[[], object]) -> None:
    """Let `make` change settings of a queue, and hold back those that chance lets act later."""
    held = {name: camelcase_to_underscores(name) if name != "Policy" else "_policy_json" for name in settings}
    before = {name: getattr(queue, held[name], None) for name in held if name in LATE}
    data_plane.settle(lab, queue)
    make()
    nth = queue.__dict__["changes"] = queue.__dict__.get("changes", 0) + 1
    for name, value in before.items():
        # What belongs to encryption arrives together, so that a queue never has two types of it or none.
        arrives = lateness(lab.faults, "encryption" if name in KMS else name, lab.seed, queue.queue_arn, nth)
        arrive = partial(_arrive, queue, held[name], getattr(queue, held[name], None), nth)
        if arrives:
            setattr(queue, held[name], value)
            at = lab.scheduler.now + arrives
            lab.scheduler.timers.add(at, partial(_at_its_time, lab, queue, arrive), recurring=True)
        else:
            arrive()
    data_plane.settle(lab, queue)
    lab.scheduler.notify(queue)


def _arrive(queue: Any, held: str, value: Any, nth: int) -> None:
    """The latest change of a setting wins, also over one that comes in after it."""
    arrived = queue.__dict__.setdefault("arrived", {})
    if arrived.get(held, 0) < nth:
        arrived[held] = nth
        setattr(queue, held, value)


def _at_its_time(lab: Records, queue: Any, arrive: Callable[[], None]) -> None:
    """What fell due by now did so under the setting before; a timer of an instant comes before all calls of it."""
    if backend_of(queue.account_id, queue.region).queues.get(queue.name) is not queue:
        return  # deleted meanwhile
    data_plane.settle(lab, queue)
    arrive()
    data_plane.settle(lab, queue)
    lab.scheduler.notify(queue)
