"""How figures are measured and written."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from statistics import median
from typing import Any

Figure = dict[str, Any]


def at_most(figure: str, value: float, goal: float, **more: object) -> Figure:
    """A figure that should not exceed its goal; `misses_by` is the share by which it does."""
    return _figure(figure, value, f"<= {goal}", max(0.0, value / goal - 1), more)


def at_least(figure: str, value: float, goal: float, **more: object) -> Figure:
    """A figure that should reach its goal; `misses_by` is the share that is wanting."""
    return _figure(figure, value, f">= {goal}", max(0.0, goal / value - 1), more)


def _figure(figure: str, value: float, goal: str, misses_by: float, more: dict[str, object]) -> Figure:
    return {
        "figure": figure,
        "value": round(value, 4),
        "goal": goal,
        "met": misses_by == 0,
        "misses_by": misses_by,
        **more,
    }


def processor_time(action: Callable[[], object]) -> float:
    """Return the processor seconds that one run of `action` takes, without garbage collection."""
    gc.collect()
    gc.disable()
    try:
        began = time.process_time()
        action()
        return time.process_time() - began
    finally:
        gc.enable()


def side_by_side(rounds: int, *actions: Callable[[], object]) -> list[float]:
    """Return the median processor seconds of each action, run in turns so that a slow moment hits all alike."""
    times: list[list[float]] = [[] for _ in actions]
    for _ in range(rounds):
        for taken, action in zip(times, actions, strict=True):
            taken.append(processor_time(action))
    return [median(taken) for taken in times]
