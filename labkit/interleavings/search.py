"""Every schedule once: depth first, run again from the start each time, without two that differ in nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from labkit.interleavings.footprint import Footprint
from labkit.interleavings.operations import DUPLICATE, LOST
from labkit.interleavings.stage import CRASH, FREE, TIMEOUT, Choice, Stage
from labkit.interleavings.story import Wrong
from labkit.words import error
from labkit.words import interleavings as words

AFTER_THE_FIRST = 2_000
COMMON = (CRASH, TIMEOUT, LOST, DUPLICATE)


class Failure(NamedTuple):
    """A schedule that ends wrong, and how."""

    moves: tuple[Choice, ...]
    wrong: Wrong

    def length(self) -> tuple[int, ...]:
        """What makes a schedule longer to tell: faults, rare ones above all, then changes between consumers, steps."""
        faults = [move.what for move in self.moves if move.what not in FREE]
        rarity = sum(COMMON.index(fault) if fault in COMMON else len(COMMON) for fault in faults)
        turns = sum(one.who != two.who for one, two in zip(self.moves, self.moves[1:], strict=False))
        return len(faults), rarity, turns, len(self.moves)


@dataclass
class Found:
    """What a search found: how many schedules ran to their end, how many stopped as known, and the shortest failure."""

    schedules: int = 0
    pruned: int = 0
    failure: Failure | None = None
    ends: set[str] = field(default_factory=set)


@dataclass
class _Node:
    """One point of the schedule on its way: what can happen, what each touches, and what need not be tried (again)."""

    moves: list[Choice]
    footprints: dict[Choice, Footprint]
    asleep: set[Choice]
    chosen: Choice
    signatures: dict[Choice, str]

    def next_asleep(self) -> set[Choice]:
        """What was tried before the chosen move, or before this point, and does not mind whether it comes first."""
        mine = self.footprints[self.chosen]
        return {move for move in self.asleep if not mine.conflicts(self.footprints[move])}

    def choose_next(self) -> bool:
        """Put the chosen move to sleep and take the next one; False when there is none."""
        self.asleep.add(self.chosen)
        rest = [move for move in self.moves if move not in self.asleep]
        if rest:
            self.chosen = rest[0]
        return bool(rest)


def schedule(stage: Stage) -> tuple[Choice, ...]:
    """Return the moves that a stage has made since it began; a consumer that ended by itself made none for that."""
    return tuple(event.move for event in stage.events if event.failure is None)


class Search:
    """A depth-first search through all schedules of a stage; sleep sets leave out those equivalent to another."""

    def __init__(self, stage: Stage, judge: Callable[[Stage], Wrong | None], prunes: bool = True) -> None:
        self._stage = stage
        self._judge = judge
        self._prunes = prunes
        self._path: list[_Node] = []
        self.found = Found()

    def run(self, keep_ends: bool = False) -> Found:
        """Search to the end, or 2,000 schedules beyond the first that fails."""
        left = AFTER_THE_FIRST
        while left:
            self._once(keep_ends)
            left -= self.found.failure is not None
            if not self._backtrack():
                break
        self._stage.close()
        return self.found

    def _once(self, keep_ends: bool) -> None:
        """Run one schedule: the path again, then whatever is first."""
        stage = self._stage
        stage.begin()
        for node in self._path:
            self._repeat(node)
        asleep: set[Choice] = self._asleep()
        while moves := stage.moves():
            awake = [move for move in moves if move not in asleep]
            if not awake:
                self.found.pruned += 1
                return
            node = self._node(moves, asleep, awake[0])
            self._path.append(node)
            stage.do(node.chosen)
            asleep = node.next_asleep() if self._prunes else set()
        self._finish(keep_ends)

    def _asleep(self) -> set[Choice]:
        return self._path[-1].next_asleep() if self._path and self._prunes else set()

    def _node(self, moves: list[Choice], asleep: set[Choice], chosen: Choice) -> _Node:
        stage = self._stage
        footprints = {move: stage.footprint(move) for move in {*moves, *asleep}} if self._prunes else {}
        signatures = {move: stage.signature(move) for move in moves}
        return _Node(moves, footprints, set(asleep), chosen, signatures)

    def _repeat(self, node: _Node) -> None:
        if self._stage.signature(node.chosen) != node.signatures[node.chosen]:
            raise error(words.NOT_THE_SAME)
        self._stage.do(node.chosen)

    def _finish(self, keep_ends: bool) -> None:
        stage = self._stage
        self.found.schedules += 1
        if keep_ends:
            end = stage.end()
            self.found.ends.add(str((dict(end.calls), dict(end.rows), sorted(end.left))))
        wrong = self._judge(stage)
        if wrong is None:
            return
        failure = Failure(schedule(stage), wrong)
        best = self.found.failure
        if best is None or failure.length() < best.length():
            self.found.failure = failure

    def _backtrack(self) -> bool:
        while self._path:
            if self._path[-1].choose_next():
                return True
            self._path.pop()
        return False
