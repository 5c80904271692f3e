"""What every test may use, and one rule: in CI a skipped test is a failed one, for what never runs proves nothing."""

import signal
import sys

import pytest

from labkit.builder.in_ci import in_ci, not_run
from labkit.doctor import OPTIONAL_PROGRAMS
from labkit.words import say

# They repeat, count or measure what other tests do once: watched line by line they take three times as long, and the
# lines that they run are covered without them.
UNWATCHED = (
    "tests/aws/test_close.py::test_a_closed_lab_is_freed",
    "tests/aws/test_costs.py",
    "tests/aws/test_same_bytes.py::test_one_more_read_only_call_changes_nothing_else",
    "tests/aws/test_same_bytes.py::test_two_processes_on_different_days_give_the_same_bytes",
    "tests/aws/autoscaling/test_groups.py::test_images_are_found_by_id_and_as_a_whole",
    "tests/aws/door/test_fuzzed.py",
    "tests/fleet/test_same_history.py",
    "tests/fleet/test_turns.py",
    "tests/interleavings/test_search.py::test_a_fifo_queue_keeps_the_order_of_each_group_under_every_schedule",
    "tests/interleavings/test_search.py::test_pruning_loses_no_end",
    "tests/probes/test_experiments.py::test_a_lesson_takes_little_time",
    "tests/probes/test_experiments.py::test_moto_alone_is_no_broken_world",
    "tests/probes/test_experiments.py::test_the_same_probe_sees_the_same_twice",
    "tests/probes/test_table.py::test_the_same_table_twice",
    "tests/rules/test_conservation.py",
    "tests/rules/test_cost.py",
    "tests/rules/test_fifo_conservation.py",
    "tests/rules/test_fifo_cost.py",
    "tests/rules/test_in_flight_limit.py",
)
PROGRAMS = {program.name: program for program in OPTIONAL_PROGRAMS}


def pytest_configure():
    """What a shell starts in its background ignores Ctrl-C, and so does all that it starts; tests press it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items):
    for item in items:
        if item.nodeid.startswith(UNWATCHED):
            item.add_marker("no_cover")


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
    if item.get_closest_marker("no_cover"):
        # pytest-cov begins to measure anew after it, with another function: the one of before would measure nothing.
        return (yield)
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
