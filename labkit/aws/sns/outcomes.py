"""How one try to deliver ended: it arrived, or something stood in its way."""

from __future__ import annotations

from dataclasses import dataclass

from labkit.causes import Obstacle


@dataclass(frozen=True, slots=True)
class Arrived:
    """The endpoint took it; `copy` is the id of the message that it became in a queue, if it did."""

    copy: str | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """The endpoint did not take it; `detail` is what `obstacle` names."""

    obstacle: Obstacle
    detail: str | None = None


Outcome = Arrived | Failed
