"""In CI a skipped test is a failed one: what is never run there proves nothing."""

import pytest

from tests.all_checks import in_ci


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.skipped and in_ci() and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome, report.longrepr = "failed", f"not run, and in CI nothing may be skipped: {reason}"
    return report
