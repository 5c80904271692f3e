"""The order office of exercise 07-orders-in-order: how its days are played, judged and told."""

from labkit.study.office import judging, playing, telling

__all__ = ["judging", "playing", "telling"]
