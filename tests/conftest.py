"""What every test may use, and one rule: in CI a skipped test is a failed one, for what never runs proves nothing."""

import sys

import pytest

from labkit.builder.in_ci import in_ci, not_run
from labkit.doctor import OPTIONAL_PROGRAMS
from labkit.words import say

PROGRAMS = {program.name: program for program in OPTIONAL_PROGRAMS}


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where Chromium is; a test that asks for it is skipped where there is none."""
    return program_or_skip("Chromium")


def program_or_skip(name: str) -> str:
    """The path of an optional program, or a skip that says how to get it."""
    return PROGRAMS[name].path() or pytest.skip(say(PROGRAMS[name].advice))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """A test that traces its own code must not end the coverage of all that come after it."""
    measuring = sys.gettrace()
    try:
        return (yield)
    finally:
        sys.settrace(measuring)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.skipped and in_ci() and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome, report.longrepr = "failed", not_run(reason)
    return report
