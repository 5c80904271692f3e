"""Other threads: they see real time, and what they may do with a lab."""

import threading
import time

import pytest

from labkit import Lab, LabError


def in_thread(work):
    raised = []

    def run():
        try:
            work()
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return raised[0] if raised else None


def test_other_threads_see_real_time(lab):
    """Jupyter's own threads write today's date."""
    seen = []
    assert in_thread(lambda: seen.append(time.time())) is None
    assert seen[0] - time.time() > 86_400


def test_a_thread_may_not_use_a_labs_client_or_sleep(sqs, lab):
    """One sentence each says what to do."""
    for work, what in ((sqs.list_queues, "A lab's client"), (lambda: time.sleep(1), "time.sleep")):
        refused = in_thread(work)
        assert isinstance(refused, LabError)
        assert str(refused) == (
            f"{what} was used in another thread, where lab time does not reach: "
            "write lab.start(worker) instead of a thread."
        )


@pytest.mark.parametrize(
    "use", [Lab, lambda: Lab.current.close(), lambda: Lab.current.run(), lambda: Lab.current.clock.advance(1)]
)
def test_a_thread_may_not_open_close_or_run_a_lab(lab, use, monkeypatch):
    """Labs belong to the thread that opened the first."""
    monkeypatch.setattr(Lab, "current", lab, raising=False)
    refused = in_thread(use)
    assert isinstance(refused, LabError)
    assert "was used in another thread" in str(refused)


def test_a_thread_that_was_there_before_the_lab_really_sleeps(monkeypatch):
    """Lab time is for the thread that opened the lab."""
    go, slept = threading.Event(), []

    def nap():
        go.wait()
        began = time.perf_counter()
        time.sleep(0.02)
        slept.append(time.perf_counter() - began)

    thread = threading.Thread(target=nap)
    thread.start()
    with Lab() as lab:
        go.set()
        thread.join()
        assert lab.clock.now().second == 0
    assert slept[0] >= 0.02


def test_a_lab_may_be_opened_in_another_thread_when_none_is_open():
    """Then that thread sees its time and runs its actors."""

    def story():
        with Lab() as lab:
            lab.start(lambda: time.sleep(60))
            lab.run()
            assert lab.clock.now().minute == 1

    assert in_thread(story) is None
