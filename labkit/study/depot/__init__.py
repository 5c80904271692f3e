"""The parcel depot of exercise 08-keep-the-promise: how its days are played, and how they are judged."""

from labkit.study.depot import judging, playing, telling

__all__ = ["judging", "playing", "telling"]
