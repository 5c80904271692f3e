"""The video studio of exercise 03-heartbeat: how its evenings are played, and how they are judged."""

from labkit.study.studio import judging, playing, telling

__all__ = ["judging", "playing", "telling"]
