"""Whole numbers as attributes carry them: texts of digits."""

from __future__ import annotations

import re
from typing import Any


def in_range(value: Any, low: int, high: int) -> bool:
    """Whether a value is a whole number from `low` to `high`."""
    return re.fullmatch(r"-?\d+", str(value)) is not None and low <= int(value) <= high
