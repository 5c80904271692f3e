"""In CI nothing may be skipped, for what never runs proves nothing."""

import os


def in_ci() -> bool:
    """Whether nothing may be skipped: CI=true, as CI services set it."""
    return os.environ.get("CI", "").lower() in ("1", "true")


def not_run(reason: str) -> str:
    """What is said of a test that was skipped there."""
    return f"not run, and in CI nothing may be skipped: {reason}"
