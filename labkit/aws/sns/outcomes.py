"""How one try to deliver ended: it arrived, or something stood in its way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from labkit.causes import Obstacle


@dataclass(frozen=True, slots=True)
class Arrived:
    """The endpoint took it; `copy` is the id of the message that it became in a queue, if it did."""

    copy: str | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """The endpoint did not take it; `detail` is what `obstacle` names, `took` how long it kept SNS waiting."""

    obstacle: Obstacle
    detail: str | None = None
    took: int = 0


@dataclass(frozen=True, slots=True)
class Underway:
    """The endpoint's answer is still to come: `wait` waits for it, beside all else that happens in real time."""

    wait: Callable[[], Outcome]


Outcome = Arrived | Failed
