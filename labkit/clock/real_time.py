"""Real time behind the protocol of lab time: whoever acts sees one instant, whoever waits sleeps on a condition."""

from __future__ import annotations

import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager

from labkit.clock.length import SECOND
from labkit.clock.protocol import Sleeping, Timers, nobody_asks

DAY = 86_400 * SECOND


class RealTime:
    """Time that passes by itself, `speed` seconds of it in one real second; one thread acts at a time.

    Inside `acting` the caller holds the lock and `now` stands still, as in virtual time; `wait` gives the lock away.
    """

    is_real = True

    def __init__(self, start: int, speed: float = 1) -> None:
        self.speed = speed
        self.changed = 0
        self.is_due: Callable[[], bool] = lambda: False
        self.sleeping: Sleeping = nobody_asks
        self.timers: Timers = _Ticking(self)
        self._start = start
        self._began = time.perf_counter_ns()
        # One thread acts at a time, as in virtual time, for the rules know no locks.
        self._lock = threading.RLock()
        self._conditions: dict[Hashable, threading.Condition] = {}
        self._waiting: Counter[Hashable] = Counter()
        self._ended = threading.Event()
        self._seen = threading.local()

    @property
    def now(self) -> int:
        """The instant of what the calling thread does now, else the present one."""
        at: int | None = getattr(self._seen, "at", None)
        return self._present() if at is None else at

    @property
    def is_over(self) -> bool:
        """Whether `end` was called."""
        return self._ended.is_set()

    def _present(self) -> int:
        # Not `time.time`, which may be lab time itself, and which the system may set back.
        return self._start + int((time.perf_counter_ns() - self._began) * self.speed) // 1_000

    @contextmanager
    def acting(self) -> Iterator[None]:
        """Within the `with` nobody else acts, and `now` stands still except for waiting."""
        with self._lock:
            if getattr(self._seen, "at", None) is not None:
                yield
                return
            self._seen.at = self._present()
            try:
                yield
            finally:
                self._seen.at = None

    def sleep(self, micros: int) -> None:
        """Let `micros` microseconds of lab time pass for the caller; cut short by `end`."""
        self._ended.wait(self.real_seconds(micros))

    def real_seconds(self, micros: int) -> float:
        """How many real seconds a length of lab time takes."""
        return max(micros, 0) / SECOND / self.speed

    def wait(self, topic: Hashable, until: int) -> None:
        """Let others act until `until`, until somebody notifies the topic or until `end`."""
        with self.acting():
            if self.is_over:
                return
            condition = self._conditions.setdefault(topic, threading.Condition(self._lock))
            self._waiting[topic] += 1
            try:
                condition.wait(self.real_seconds(until - self._present()))
            finally:
                # Others have acted meanwhile: what follows happens now, not when the wait began.
                self._seen.at = self._present()
                self._waiting[topic] -= 1
                if not self._waiting[topic]:
                    del self._waiting[topic], self._conditions[topic]

    def notify(self, topic: Hashable) -> None:
        """Wake all who wait for the topic."""
        with self._lock:
            if topic in self._conditions:
                self._conditions[topic].notify_all()

    def end(self) -> None:
        """Let everybody who waits or sleeps go on at once, now and from now on."""
        with self._lock:
            self._ended.set()
            for condition in self._conditions.values():
                condition.notify_all()

    def tick(self) -> None:
        """Let each timer happen at its instant, until `end`."""
        while not self.is_over:
            with self.acting():
                due = self.timers.next
                if due is not None and due <= self.now:
                    self._happen(self.timers.pop())
                else:
                    self.wait(self.timers, self.now + DAY if due is None else due)

    def _happen(self, timer: Callable[[], None]) -> None:
        """Let one timer happen; one that fails must not stop those that come after it."""
        try:
            timer()
        except Exception:
            traceback.print_exc()


class _Ticking(Timers):
    """Timers of real time: a thread, started with the first one, waits for the next."""

    def __init__(self, clock: RealTime) -> None:
        super().__init__()
        self._clock = clock
        self._thread: threading.Thread | None = None

    def add(self, at: int, happen: Callable[[], None], *, recurring: bool = False) -> None:
        """Call `happen` when lab time reaches `at` (microseconds since 1970)."""
        with self._clock.acting():
            super().add(at, happen, recurring=recurring)
            self._clock.notify(self)
            if self._thread is None:
                self._thread = threading.Thread(target=self._clock.tick, name="lab timers", daemon=True)
                self._thread.started_by_service = True  # type: ignore[attr-defined]
                self._thread.start()
