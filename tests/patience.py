"""How tests wait for what happens in real time: for a condition, with a deadline that only a defect can meet.

A busy machine makes everything late, and nothing wrong.
"""

from collections.abc import Callable
from threading import Thread

from labkit.brokers import kept

FAR = 120


def wait_until(condition: Callable[[], object], what: str) -> None:
    """Come back as soon as the condition holds."""
    kept.wait_until(condition, what, FAR)


def ended(thread: Thread) -> bool:
    """Whether a thread ends."""
    thread.join(FAR)
    return not thread.is_alive()
