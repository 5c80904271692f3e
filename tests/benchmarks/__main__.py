"""`python -m tests.benchmarks [--full]`: one JSON line a figure, each a ratio measured in one run."""

from __future__ import annotations

import json
import sys
import time

from tests.benchmarks import course, depth, mock, rules


def main(arguments: list[str]) -> int:
    """Print every figure; exit 1 if one misses its goal by more than half, so that a bad day of the machine passes."""
    full = "--full" in arguments
    began = time.perf_counter()
    missed = 0
    for module in (rules, depth, mock, course):
        for figure in module.figures(full):
            print(json.dumps(figure), flush=True)
            missed += figure.get("misses_by", 0) > 0.5
    print(json.dumps({"figure": "all benchmarks", "value": round(time.perf_counter() - began, 1), "unit": "s"}))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
