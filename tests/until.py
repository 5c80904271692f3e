"""pytest plugin: `-p tests.until --until SECONDS` begins no test after that time and says which it left out.

It is processor time, of the processes too that tests have started: on a busy machine the same tests run, only later.
"""

import os
from collections import Counter
from typing import Any

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--until", type=float, metavar="SECONDS", required=True, help="begin no test after that")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(_Until(config.option.until), "until")


class _Until:
    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.left_out = Counter[str]()
        self.deselected = 0

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
        """True says that the test was taken care of."""
        if sum(os.times()[:4]) < self.seconds:
            return None
        self.left_out[item.nodeid.partition("::")[0]] += 1
        return True

    def pytest_deselected(self, items: list[pytest.Item]) -> None:
        self.deselected += len(items)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Where nothing but slow tests was asked for, nothing went wrong."""
        if session.exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED and self.deselected:
            session.exitstatus = pytest.ExitCode.OK

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        if self.left_out:
            files = ", ".join(f"{file} ({count})" for file, count in self.left_out.items())
            terminalreporter.write_line(f"LEFT OUT for lack of time, {self.left_out.total()}: {files}")
