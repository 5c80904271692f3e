"""An actor that notes the lab's time again and again."""

import time
from datetime import UTC, datetime

START = datetime(2026, 1, 1, tzinfo=UTC)


def elapsed(lab) -> float:
    """Seconds of lab time since the lab's start."""
    return (lab.clock.now() - START).total_seconds()


def ticking(lab, log, every=1.0):
    """A function to start: it appends the elapsed seconds to `log`, every so many of them, without end."""

    def worker():
        while True:
            time.sleep(every)
            log.append(elapsed(lab))

    return worker
