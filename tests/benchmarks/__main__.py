"""`python -m tests.benchmarks [--full]`: one JSON line a figure, each a ratio measured in one run."""

from __future__ import annotations

import json
import sys
import time

from tests.benchmarks import (
    course,
    depth,
    fifo,
    filters,
    fleet,
    interleavings,
    mock,
    policies,
    rules,
    server,
    streams,
    topics,
)


def main(arguments: list[str]) -> int:
    """Print every figure with its goal and whether it is met; a missed goal is a figure, not a failure."""
    full = "--full" in arguments
    began = time.perf_counter()
    for module in (rules, policies, depth, fifo, filters, topics, streams, fleet, mock, server, interleavings, course):
        for figure in module.figures(full):
            print(json.dumps(figure), flush=True)
    print(json.dumps({"figure": "all benchmarks", "value": round(time.perf_counter() - began, 1), "unit": "s"}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
