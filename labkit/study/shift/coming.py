"""Work that comes to a server at its time, and that whichever machine is free begins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from labkit.study.shift.jobs import SECOND, Jobs

if TYPE_CHECKING:
    from labkit.aws.lab import Lab


class Coming(Jobs):
    """Jobs by the second at which each is due; `late` seconds nothing comes."""

    def __init__(self, lab: Lab, due: Mapping[str, float], late: float = 0) -> None:
        super().__init__(lab, sorted(due, key=lambda name: due[name]))
        self._start = lab.scheduler.now
        self._due = {name: self._start + round((second + late) * SECOND) for name, second in due.items()}

    def next(self) -> str:
        """Wait for the next job that is due and that nobody has done and no living machine does."""
        while True:
            taken = {job.name for job in self.jobs if job.died is None}
            for name in self.names:
                if name not in taken and self._due[name] <= self.lab.scheduler.now:
                    return name
            self.lab.scheduler.sleep(SECOND)

    def wait_until(self, instant: int) -> None:
        """Let the caller wait until an instant, in microseconds since 1970."""
        self.lab.scheduler.sleep(max(0, instant - self.lab.scheduler.now))

    def is_over(self) -> bool:
        """Whether all that came is done, and nobody is at work."""
        return not self.unfinished and not any(job.finished is None and job.died is None for job in self.jobs)
