"""The art shop of exercise 09-no-order-lost: how its nights are played, and how they are judged."""

from labkit.study.sale import judging, playing, telling

__all__ = ["judging", "playing", "telling"]
