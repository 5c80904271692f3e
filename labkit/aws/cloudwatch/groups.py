"""The metrics of Auto Scaling groups whose collection is enabled: how many instances are in which state."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import Any

from labkit.aws.records import Records
from labkit.rules.metric import MINUTE, Sample, Statistics

UNITS = "None"
BY_STATE = {
    "GroupInServiceInstances": "InService",
    "GroupPendingInstances": "Pending",
    "GroupStandbyInstances": "Standby",
    "GroupTerminatingInstances": "Terminating",
}
METRICS = (*BY_STATE, "GroupTotalInstances", "GroupDesiredCapacity", "GroupMinSize", "GroupMaxSize")
Key = tuple[str, str, str]


class WatchedGroups:
    """What each group looked like since its metrics were enabled; `look` notes every change."""

    def __init__(self, lab: Records) -> None:
        self._lab = lab
        self._seen: dict[Key, list[tuple[int, dict[str, int]]]] = {}

    def look(self, group: Any) -> None:
        """Note what a group looks like now, if its metrics are enabled and it has changed."""
        enabled = {name: number for name, number in _numbers(group).items() if name in getattr(group, "metrics", ())}
        seen = self._seen.setdefault((group.account_id, group.region, group.name), [])
        if enabled if not seen else seen[-1][1] != enabled:
            if seen and seen[-1][0] == self._lab.scheduler.now:
                seen.pop()
            seen.append((self._lab.scheduler.now, enabled))

    def forget(self, group: Any) -> None:
        """Note that a group is gone."""
        self._seen.get((group.account_id, group.region, group.name), []).append((self._lab.scheduler.now, {}))

    def samples(self, backend: Any, group: str, metric: str, start: int, end: int) -> Iterator[Sample]:
        """The data points stamped from `start` on whose minute is over at `end`."""
        seen = self._seen.get((backend.account_id, backend.region_name, group))
        if not seen:
            return
        times = [at for at, _ in seen]
        for minute in range(max(start, times[0]) // MINUTE * MINUTE, end - MINUTE + 1, MINUTE):
            place = bisect_left(times, minute + MINUTE) - 1
            number = seen[place][1].get(metric) if place >= 0 else None
            if number is not None:
                yield minute, Statistics.of(number)

    def published(self, backend: Any, end: int) -> list[tuple[str, str]]:
        """The groups and metrics that have had a data point by `end`."""
        mine = [name for account, region, name in self._seen if (account, region) == _home(backend)]
        return [
            (group, metric)
            for group in mine
            for metric in METRICS
            if next(self.samples(backend, group, metric, 0, end), None) is not None
        ]


def _home(backend: Any) -> tuple[str, str]:
    return backend.account_id, backend.region_name


def _numbers(group: Any) -> dict[str, int]:
    states = [state.lifecycle_state for state in group.instance_states]
    return {name: states.count(state) for name, state in BY_STATE.items()} | {
        "GroupTotalInstances": len(states),
        "GroupDesiredCapacity": group.desired_capacity,
        "GroupMinSize": group.min_size,
        "GroupMaxSize": group.max_size,
    }
