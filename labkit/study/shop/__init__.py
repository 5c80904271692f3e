"""The flower shop of exercise 04-quiet-worker: how its hours are played, and how they are judged."""

from labkit.study.shop import judging, playing, telling

__all__ = ["judging", "playing", "telling"]
