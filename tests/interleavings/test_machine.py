"""No run of an answer finds what another run left behind."""

from labkit.interleavings.machine import separate

SEEN: list[str] = []
NOT_COPIED = [(number for number in range(3))]


def remember(order, *, twice=False):
    SEEN.extend([order] * (2 if twice else 1))
    return len(SEEN)


def worker(order="order-1"):
    return (lambda: remember(order, twice=True))()


def test_each_separate_answer_begins_with_the_memory_of_the_first():
    assert [separate(worker)() for _ in range(3)] == [2, 2, 2]
    assert SEEN == []


def test_within_a_run_the_memory_stays():
    once = separate(worker)
    assert [once(), once("order-2")] == [2, 4]


def test_what_cannot_be_copied_is_shared():
    assert separate(lambda: NOT_COPIED)() is NOT_COPIED


def test_what_is_no_plain_function_stays_as_it_is():
    assert separate(len) is len
