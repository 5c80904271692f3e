"""The bookshop of exercise 06-dead-letters: how its days are played, and how they are judged."""

from labkit.study.bookshop import judging, playing, telling

__all__ = ["judging", "playing", "telling"]
