"""Steps of a proof, run side by side; what each says comes out in one piece, in the order of the list.

A step that computes keeps both cores busy; one that waits for brokers and browsers leaves them idle half of the time.
So there are two lanes, and in each one step after another; a few come at last, when all others have ended.
"""

import os
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
LOOKS_EVERY = 0.1
COMPUTING, WAITING, AT_LAST = "computing", "waiting", "at last"


class Step(NamedTuple):
    """One command: a program of the project's own environment and its words, its lane, and variables for it alone."""

    name: str
    command: list[str]
    lane: str = COMPUTING
    surroundings: Mapping[str, str] = MappingProxyType({})


class Count(NamedTuple):
    """How many tests of a step passed, failed or were skipped; a step without tests counts as one."""

    passed: int
    failed: int
    skipped: int


class Result(NamedTuple):
    """What a step counted, how long it took, and for how long it kept a processor busy (what it killed not counted)."""

    step: Step
    count: Count
    seconds: float
    processor: float

    def __str__(self) -> str:
        verdict = "FAILED" if self.count.failed else "NOT ALL" if self.count.skipped else "ok"
        return f"{verdict:8}{self.step.name:13}{self.seconds:6.1f} s,{self.processor:6.1f} s of processor time"


class Running:
    """A step that was started: its process, and a folder for what it says and for pytest's report."""

    def __init__(self, step: Step) -> None:
        self.step = step
        self.result: Result | None = None
        self._began = time.perf_counter()
        self._folder = tempfile.TemporaryDirectory()
        self._report = Path(self._folder.name) / "report.xml"
        output = Path(self._folder.name) / "output"
        self._output, self._read = output.open("wb"), output.open("rb")
        program = [str(Path(sys.executable).with_name(step.command[0])), *step.command[1:]]
        if step.command[0] == "pytest":
            program.append(f"--junit-xml={self._report}")
        self._is_told = False
        self._process = subprocess.Popen(
            program, cwd=ROOT, env={**environment(), **step.surroundings}, stdout=self._output, stderr=subprocess.STDOUT
        )

    def look(self) -> bool:
        """Whether it has ended; its result is there then."""
        if self.result is None:
            process, status, used = os.wait4(self._process.pid, os.WNOHANG)
            if process:
                code = self._process.returncode = os.waitstatus_to_exitcode(status)
                took = time.perf_counter() - self._began
                self.result = Result(self.step, self._count(code), took, used.ru_utime + used.ru_stime)
        return self.result is not None

    def _count(self, code: int) -> Count:
        counted = read(self._report) if self._report.exists() else Count(int(code == 0), 0, 0)
        # A failure that is no test's own (coverage too low, nothing collected, a crash) still counts as one.
        return counted if code == 0 else counted._replace(failed=max(counted.failed, 1))

    def tell(self) -> None:
        """Print what it is, then what it has said since the last time."""
        if not self._is_told:
            print(f"\n=== {self.step.name}: {' '.join(self.step.command)}")
            self._is_told = True
        sys.stdout.flush()
        sys.stdout.buffer.write(self._read.read())
        sys.stdout.flush()

    def close(self) -> None:
        """Stop it if it still runs, and forget its folder."""
        self._process.terminate()
        self._process.wait()
        self._output.close()
        self._read.close()
        self._folder.cleanup()


class Lane:
    """Steps that run one after another."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self.waiting = list(steps)
        self.started: list[Running] = []

    def go_on(self) -> bool:
        """Start the next step when the last has ended; False when there is nothing left to wait for."""
        ended = all(one.look() for one in self.started)
        if ended and self.waiting:
            self.started.append(Running(self.waiting.pop(0)))
            return True
        return not ended


def run(steps: Sequence[Step]) -> list[Result]:
    """Run all steps, each lane beside the other, and tell what they say in the order of the list."""
    lanes = {name: Lane([step for step in steps if step.lane == name]) for name in (COMPUTING, WAITING, AT_LAST)}
    try:
        return [_follow(step, lanes) for step in steps]
    finally:
        for one in (one for lane in lanes.values() for one in lane.started):
            one.close()


def _follow(step: Step, lanes: dict[str, Lane]) -> Result:
    """Tell what one step says until it ends, while the others go on."""
    while True:
        going = [lanes[COMPUTING].go_on(), lanes[WAITING].go_on()]
        if not any(going):
            lanes[AT_LAST].go_on()
        for one in lanes[step.lane].started:
            if one.step is step:
                ended = one.look()
                one.tell()
                if ended and one.result is not None:
                    return one.result
        time.sleep(LOOKS_EVERY)


def environment() -> dict[str, str]:
    """Without the learner's course, which a terminal in JupyterLab names: a check must never write their progress."""
    return {name: value for name, value in os.environ.items() if name != "LABKIT_COURSE"}


def read(report: Path) -> Count:
    """The totals of pytest's JUnit report."""
    suite = ElementTree.parse(report).getroot().find("testsuite")
    assert suite is not None
    tests, skipped = int(suite.attrib["tests"]), int(suite.attrib["skipped"])
    failed = int(suite.attrib["failures"]) + int(suite.attrib["errors"])
    return Count(tests - skipped - failed, failed, skipped)
