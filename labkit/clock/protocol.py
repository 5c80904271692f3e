"""What every clock of a lab offers, virtual or real."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, Protocol

from labkit.clock.timers import Timers


class Time(Protocol):
    """A lab's time and who waits in it: `now` is microseconds since 1970, `changed` counts what happened so far."""

    changed: int
    timers: Timers
    is_due: Callable[[], bool]

    @property
    def now(self) -> int:
        """The present instant; it never goes back."""

    @property
    def actors(self) -> Sequence[Any]:
        """What was started and is not done."""

    @property
    def is_real(self) -> bool:
        """Whether time passes by itself and every thread sees it."""

    @property
    def is_over(self) -> bool:
        """Whether nobody waits any more, because the lab is closing."""

    def is_seen_here(self) -> bool:
        """Whether the calling thread sees this time, apart from the thread that opened the lab."""

    def current(self) -> Any:
        """The actor that calls, or None for you."""

    def start(self, function: Callable[..., Any], args: tuple[Any, ...], name: str) -> Any:
        """Make an actor of a function; it runs with the next run."""

    def sleep(self, micros: int) -> None:
        """Let time pass for the caller."""

    def wait(self, topic: Hashable, until: int) -> None:
        """Let time pass for the caller until `until` or until somebody notifies the topic."""

    def notify(self, topic: Hashable) -> None:
        """Wake all who wait for the topic."""

    def run(self, until: int | None, done: Callable[[], bool] | None = None) -> None:
        """Run the actors up to `until`, or until `done()`, or until none has anything left to do."""

    def count_call(self, actor: Any) -> None:
        """Count an API call of an actor."""

    def check_alive(self) -> None:
        """End the calling actor here if its lab is closing."""

    def stop(self, actor: Any) -> None:
        """End one actor at once if it waits, else at its next call or wait."""

    def end(self) -> None:
        """End all actors and everybody's waiting."""
