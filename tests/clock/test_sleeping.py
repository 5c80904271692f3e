"""`time.sleep` exchanged inside the built-in function object, or by name where that is not possible."""

import gc
import sys
import time

import pytest

from labkit.clock import sleeping
from labkit.clock.sleeping import Sleep, _BuiltIn, _Names


@pytest.fixture
def asked() -> list:
    return []


@pytest.fixture(params=[_BuiltIn, _Names])
def sleep(request, asked, monkeypatch):
    """Both ways of exchanging."""
    monkeypatch.setattr(sleeping, "_is_as_cpython_builds_it", lambda: request.param is _BuiltIn)
    sleep = Sleep(lambda micros: asked.append(micros) or True)
    assert isinstance(sleep._switch, request.param)
    sleep.install()
    yield sleep
    sleep.remove()


def test_an_installed_sleep_asks_the_lab(sleep, asked):
    """In microseconds."""
    time.sleep(1.5)
    assert asked == [1_500_000]


def test_a_removed_sleep_really_sleeps(sleep, asked):
    """And can be installed again."""
    sleep.remove()
    began = time.perf_counter()
    time.sleep(0.01)
    assert time.perf_counter() - began >= 0.01
    sleep.install()
    time.sleep(7)
    assert asked == [7_000_000]


def test_where_the_lab_says_no_it_really_sleeps(monkeypatch):
    """As in other threads."""
    sleep = Sleep(lambda micros: False)
    sleep.install()
    began = time.perf_counter()
    time.sleep(0.01)
    sleep.remove()
    assert time.perf_counter() - began >= 0.01


def test_cpython_is_recognised_here_and_everything_else_is_not(monkeypatch):
    """A Python that builds the function otherwise gets the exchange by name."""
    assert sleeping._is_as_cpython_builds_it()
    for other in (lambda seconds: None, len, time.time):
        monkeypatch.setattr(sleeping, "_slept", other)
        assert not sleeping._is_as_cpython_builds_it()
    monkeypatch.setattr(sleeping, "_slept", time.sleep)
    monkeypatch.setattr(sys.implementation, "name", "pypy")
    assert not sleeping._is_as_cpython_builds_it()


def test_a_thousand_exchanges_leave_all_counts_as_they_were():
    """The object owns what it is bound to at every moment, so nothing leaks and nothing is freed too early."""
    sleep = Sleep(lambda micros: True)
    sleep.install()
    sleep.remove()
    gc.collect()
    before = sys.getrefcount(time), sys.getrefcount(sleep._replacement)
    for _ in range(1000):
        sleep.install()
        gc.collect(0)
        time.sleep(1)
        sleep.remove()
    after = sys.getrefcount(time), sys.getrefcount(sleep._replacement)
    assert [abs(now - then) < 10 for now, then in zip(after, before, strict=True)] == [True, True]
    assert time.sleep.__self__ is time
