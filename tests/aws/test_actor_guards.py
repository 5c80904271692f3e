"""What is no actor, what an actor may not do, and how one that stops the clock is stopped."""

import asyncio
import queue
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from labkit import Lab, LabError
from labkit.clock.watch import Watch
from tests.aws.ticking import ticking

START = datetime(2026, 1, 1, tzinfo=UTC)


def test_100_000_calls_without_the_clock_moving_are_stopped(monkeypatch):
    """One sentence names the actor; the number is lowered here, the real one is asserted."""
    from labkit.clock import scheduler

    assert scheduler.MOST_CALLS_AT_ONE_INSTANT == 100_000
    monkeypatch.setattr(scheduler, "MOST_CALLS_AT_ONE_INSTANT", 50)
    with Lab(latency=0) as lab:
        sqs = lab.client("sqs")

        def busy():
            while True:
                sqs.list_queues()

        lab.start(busy, name="worker A")
        with pytest.raises(
            LabError, match=r"'worker A' made 50 calls while the lab clock stood still at 2026-01-01 00:00:00.000"
        ):
            lab.run(until="1 s")


def test_five_real_seconds_without_the_clock_moving_are_stopped(lab, monkeypatch):
    """One sentence names the actor; the limit is lowered here, the real one is asserted."""
    assert Watch.limit == 5
    monkeypatch.setattr(Watch, "limit", 0.05)

    def busy():
        while True:
            pass

    lab.start(busy, name="worker A")
    with pytest.raises(LabError, match=r"Actor 'worker A' computed for .* real seconds without the lab clock moving"):
        lab.run(until="1 s")


def test_a_busy_actor_that_swallows_everything_is_left_where_it_is(lab, log, monkeypatch):
    """Even `except BaseException: pass` cannot hold the lab; the others go on."""
    monkeypatch.setattr(Watch, "limit", 0.05)

    def stubborn():
        while True:
            try:
                while True:
                    pass
            except BaseException as swallowed:
                log.append(type(swallowed).__name__)

    lab.start(stubborn, name="worker A")
    lab.start(ticking(lab, log), name="steady")
    with pytest.raises(LabError, match="worker A"):
        lab.run(until="1 s")
    assert log == ["LabError"]
    lab.run(until="2 s")
    assert log == ["LabError", 1, 2]


CLOSED_LOOP = asyncio.new_event_loop()
CLOSED_LOOP.close()


def connect():
    with socket.socket() as one:
        one.connect(("127.0.0.1", 9))


REFUSED = {
    "starting a thread": (lambda: threading.Thread(target=print).start(), "lab.start"),
    "ThreadPoolExecutor": (lambda: ThreadPoolExecutor().submit(print), "lab.start"),
    "asyncio.run": (lambda: asyncio.run(nothing()), "plain function"),
    "run_until_complete": (lambda: CLOSED_LOOP.run_until_complete(nothing()), "plain function"),
    "Event.wait": (lambda: threading.Event().wait(), "time.sleep"),
    "Event.wait with a time-out": (lambda: threading.Event().wait(1), "time.sleep"),
    "queue.Queue.get": (lambda: queue.Queue().get(), "time.sleep"),
    "Thread.join": (lambda: threading.main_thread().join(), "lab.start"),
    "a socket": (connect, "boto3"),
}


async def nothing():
    """A coroutine that would do nothing."""


@pytest.mark.parametrize("what", REFUSED)
def test_what_would_stop_lab_time_is_refused_inside_an_actor(lab, what):
    """One sentence names the actor and says what to do instead."""
    work, instead = REFUSED[what]
    lab.start(work, name="worker A")
    with pytest.raises(
        LabError, match=f"does not work inside actor 'worker A', because lab time would stop: .*{instead}"
    ):
        lab.run(until="1 s")


def test_the_same_is_allowed_to_you_and_after_the_lab(lab):
    """Only actors are refused."""
    thread = threading.Thread(target=lambda: None)
    thread.start()
    thread.join()
    assert not threading.Event().wait(0)
    assert asyncio.run(nothing()) is None


async def async_worker():
    """No ordinary function."""


def generator_worker():
    yield 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (None, "lab.start needs a function to run, not None: write lab.start\\(worker\\)"),
        ("worker", "lab.start needs a function"),
        (async_worker, "async_worker is not an ordinary function"),
        (generator_worker, "generator_worker is not an ordinary function"),
    ],
)
def test_only_an_ordinary_function_can_be_an_actor(lab, wrong, sentence):
    """Generators and coroutines are told apart from functions."""
    with pytest.raises(LabError, match=sentence):
        lab.start(wrong)


class Shop:
    """Callable objects, bound methods and partials of generators are seen through."""

    def worker(self):
        yield 1

    async def __call__(self):
        """A coroutine again."""


@pytest.mark.parametrize("wrong", [Shop().worker, Shop(), __import__("functools").partial(generator_worker)])
def test_a_disguised_generator_or_coroutine_is_refused_too(lab, wrong):
    """Whatever wraps it."""
    with pytest.raises(LabError, match="is not an ordinary function"):
        lab.start(wrong)


def test_starting_with_wrong_arguments_says_so_at_once(lab):
    """Not minutes later, at the next run."""
    with pytest.raises(LabError, match="cannot be called with 1 argument"):
        lab.start(lambda: None, "order-1")
    with pytest.raises(LabError, match="cannot be called with 0 arguments"):
        lab.start(lambda order: None)


@pytest.mark.parametrize("name", ["", 5, ["worker"]])
def test_a_name_is_text(lab, name):
    """A name that is no text is refused."""
    with pytest.raises(LabError, match="give a name as text"):
        lab.start(print, name=name)
