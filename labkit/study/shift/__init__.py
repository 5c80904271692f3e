"""A shift of workers, for any exercise that starts an answer as workers: how it is played, and judged by its jobs."""

from labkit.study.shift.jobs import SECOND, Job, Jobs
from labkit.study.shift.playing import arrive, let_pass, start_workers

__all__ = ["SECOND", "Job", "Jobs", "arrive", "let_pass", "start_workers"]
