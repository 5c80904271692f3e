"""Where in its lane an instant is drawn: where the axis says, unless a bar would be too short to be seen there."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable

from labkit.pictures.axis import Axis

# Shares of the axis: under three pixels a bar is not seen; wide enough for the signs at both ends and one between.
SHORT, WIDENED = 0.005, 0.056
# From the middle of one sign to that of one of another kind.
APART = 0.026
# All that is moved takes at most this much of a lane.
MOST_MOVED = 0.5

Instant = tuple[int, str]


class Places:
    """The place of each instant of each lane, as a share of the axis.

    In a lane everything keeps its order: what a widened bar or a sign pushes aside goes to the right, or to the left
    where the axis ends, no farther than it must. `signs` are given with how much longer than others each is.
    """

    def __init__(
        self,
        axis: Axis,
        instants: Iterable[tuple[int, int]],
        bars: Iterable[tuple[int, int, int]],
        signs: Iterable[tuple[int, int, str, float]] = (),
    ) -> None:
        self._axis = axis
        keys: dict[int, set[Instant]] = defaultdict(set)
        gaps: dict[int, list[tuple[Instant, Instant, float]]] = defaultdict(list)
        for lane, at in instants:
            keys[lane].add((at, ""))
        for lane, began, ended in bars:
            if self.is_short(began, ended):
                gaps[lane].append(((began, ""), (ended, ""), WIDENED))
        last: dict[int, tuple[Instant, float]] = {}
        # The first sign of an instant stands at the instant itself, another one of the same instant after it.
        for lane, at, kind, longer in sorted(signs):
            before, room = last.get(lane, ((-1, ""), 0.0))
            key = (at, kind) if before[0] == at else (at, "")
            keys[lane].add(key)
            if lane in last:  # also where there is room as yet: what stands before may push the earlier one here
                gaps[lane].append((before, key, room))
            last[lane] = key, APART + longer
        self._keys = {lane: sorted(found) for lane, found in keys.items()}
        self._shares = {lane: self._placed(found, gaps[lane]) for lane, found in self._keys.items()}

    def is_short(self, began: int, ended: int) -> bool:
        """Whether a bar from one instant to another would hardly be seen."""
        return began < ended and self._axis.share(ended) - self._axis.share(began) < SHORT

    def share(self, lane: int, at: int, kind: str = "") -> float:
        """How far along the axis an instant of a lane is drawn, from 0 to 1; `kind` for a sign that stands there."""
        keys, shares = self._keys.get(lane, []), self._shares.get(lane, [])
        place = bisect_right(keys, (at, kind)) - 1
        # A sign that is the first of its instant stands at the instant itself.
        if place >= 0 and keys[place][0] == at:
            return shares[place]
        return self._axis.share(at)

    def at(self, lane: int, at: int, kind: str = "") -> int:
        """The instant of the axis at which an instant of a lane is drawn."""
        share = self.share(lane, at, kind)
        # Nothing was moved in most lanes: there the instant is the lane's own, to the microsecond.
        if share == self._axis.share(at):
            return min(max(at, self._axis.start), self._axis.end)
        return round(self._axis.start + share * (self._axis.end - self._axis.start))

    def _distance(self, before: Instant, after: Instant) -> float:
        return self._axis.share(after[0]) - self._axis.share(before[0])

    def _placed(self, keys: list[Instant], gaps: list[tuple[Instant, Instant, float]]) -> list[float]:
        numbers = {key: number for number, key in enumerate(keys)}
        shares = [self._axis.share(at) for at, _ in keys]
        moved = sum(gap for before, after, gap in gaps if self._distance(before, after) < gap)
        shrink = min(1.0, MOST_MOVED / (moved or 1.0))
        found = sorted((numbers[after], numbers[before], gap * shrink) for before, after, gap in gaps)
        for number in range(1, len(keys)):
            wanted = [shares[before] + gap for after, before, gap in found if after == number]
            shares[number] = max([shares[number], shares[number - 1], *wanted])
        for number in reversed(range(len(keys))):
            wanted = [shares[after] - gap for after, before, gap in found if before == number]
            shares[number] = min([shares[number], 1.0, *shares[number + 1 : number + 2], *wanted])
        # What nothing has moved stands where it was, to the last digit.
        natural = [self._axis.share(at) for at, _ in keys]
        return [own if abs(own - share) < 1e-12 else share for own, share in zip(natural, shares, strict=True)]
