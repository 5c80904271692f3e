"""A consumer under every order of events up to a bound: deliveries, duplicates, crashes, timeouts, lost answers."""

from labkit.interleavings.bounds import Bounds
from labkit.interleavings.every_order import Checked, every_order
from labkit.interleavings.story import End, Story, Verdict, Wrong

__all__ = ["Bounds", "Checked", "End", "Story", "Verdict", "Wrong", "every_order"]
