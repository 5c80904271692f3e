"""Causes, effects and results told: one sentence each, with its numbers."""

import copy
import pickle

import pytest

from labkit.causes import Accepted, Batch, Cause, Done, Effect, Instances, Received, StateUpdated
from labkit.history import StateChange
from labkit.words import causes as words

CHANGE = StateChange(1, 1, "you", "orders", "id-1", "visible", "in flight", Cause.RECEIVED, "order-1", 2)


def test_every_cause_and_effect_has_its_sentence():
    assert set(words.WHY) == set(Cause)
    assert set(words.DID) == set(Effect) - {Effect.REFUSED}, "a refused call answers with its error code"


@pytest.mark.parametrize(
    ("cause", "numbers", "told"),
    [
        (Cause.RECEIVED, (2, None, None), "received, time 2"),
        (Cause.RECEIVED_NOT_HIDDEN, (1, None, None), "received, time 1, and not hidden"),
        (Cause.TIMEOUT_CHANGED, (1, 60, None), "visibility timeout set to 60 s"),
        (Cause.GIVEN_BACK, (1, None, None), "visibility timeout set to 0 s"),
        (Cause.CONSUMER_CRASHED, (1, None, "worker A"), "worker A crashed"),
        (Cause.EXHAUSTED, (1, None, "failed"), "received 1 time, so the next receive moves it to failed"),
        (Cause.EXHAUSTED, (3, None, "failed"), "received 3 times, so the next receive moves it to failed"),
        (Cause.REDRIVEN_IN, (0, None, "failed"), "redriven from failed"),
    ],
)
def test_a_cause_is_told_with_its_numbers(cause, numbers, told):
    assert words.why(cause, *numbers) == told


@pytest.mark.parametrize(
    ("result", "effects", "told"),
    [
        (None, [], ""),
        (Accepted(), [], "ok"),
        (Accepted(), [Done(Effect.OLD_RECEIPT)], "ok, nothing deleted: the receipt handle is not the latest"),
        (Received(1), [], "1 message"),
        (Received(0), [], "0 messages"),
        (Batch(2, 1), [Done(Effect.DELETED)] * 3, "2 done, 1 failed"),
        (Batch(0, 1), [Done(Effect.REFUSED)], "0 done, 1 failed"),
        (Instances(("i-1", "i-2")), [], "i-1, i-2"),
        (StateUpdated("OK", "ALARM"), [], "OK -> ALARM"),
    ],
)
def test_an_answer_is_told_with_its_numbers(result, effects, told):
    assert words.answer(result, effects) == told


def test_a_change_is_copied_and_compared_by_its_cause():
    assert CHANGE.why == "received, time 2"
    assert pickle.loads(pickle.dumps(CHANGE)) == copy.deepcopy(CHANGE) == CHANGE
    hidden = StateChange(1, 1, "you", "orders", "id-1", "visible", "visible", Cause.RECEIVED_NOT_HIDDEN, "order-1", 2)
    assert hidden != CHANGE
