"""The print shop of exercise 22-survive-failover: its brokers are killed while it sells."""

from labkit.study.failover import judging, playing, telling

__all__ = ["judging", "playing", "telling"]
