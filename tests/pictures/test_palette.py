"""A thing keeps its colour, whatever stands beside it and in whatever order it comes."""

from itertools import permutations

import pytest

from labkit.pictures.palette import fills, outcomes

PEOPLE = ["Ann", "Bob", "Cem", "you"]


@pytest.mark.parametrize("names", list(permutations(PEOPLE)))
def test_order_changes_no_colour(names):
    for few in (names[:2], names[:3], names):
        assert {name: fills(PEOPLE)[name] for name in few} == fills(list(few))


def test_names_that_no_lesson_uses_are_told_apart_and_stay_themselves():
    names = [f"worker-{number}" for number in range(42)]
    looks = fills(names)
    assert len(set(looks.values())) == len(names)
    assert fills(names[::-1]) == looks
    assert fills(["Ann", "worker-7"])["worker-7"] == fills(["worker-7"])["worker-7"] != fills(["Ann"])["Ann"]


def test_good_and_bad_outcomes_never_look_alike():
    for kinds in permutations(["served", "failed", "visitor left"]):
        assert outcomes(list(kinds)) == outcomes(["served", "failed", "visitor left"])
    assert outcomes(["stored"])["stored"] == outcomes(["refused", "stored"])["stored"]
    assert outcomes(["refused"])["refused"] != outcomes(["stored"])["stored"]
    assert len(set(outcomes(["a", "b", "c", "served"]).values())) == 4
