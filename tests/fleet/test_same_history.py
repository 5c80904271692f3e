"""The same seed, the same history: a fleet on the rules and a lab in which actors do the same with boto3."""

import pytest

from labkit import Faults
from labkit.rules.scaling import Step, StepScaling
from tests.fleet.actors import fleet_of, history_of_a_fleet, history_of_a_lab

BAD_LUCK = Faults(duplicate=0.1, undelete=0.05, reorder=0.3, sample=0.3)
SHORT = {
    "target tracking": {"orders": 60, "over": "2 min", "work": "8 s", "visibility_timeout": 90, "boot": "10 s"},
    "idle instances that listen together": {"orders": 30, "over": "3 min", "minimum": 6, "wait": "7 s", "latency": 1},
    "no latency": {"orders": 40, "over": "1 min", "latency": 0, "minimum": 3},
    "short polls": {"orders": 30, "over": "30 s", "wait": 0, "minimum": 2, "latency": "500 ms"},
    "work longer than the visibility timeout": {"orders": 60, "over": "1 min", "work": "4 s", "visibility_timeout": 20},
    "faults": {"orders": 40, "over": "1 min", "faults": BAD_LUCK, "minimum": 2},
}
LONG = {
    "target tracking": {"orders": 1_500, "over": "30 min"},
    "another seed": {"seed": 8},
    "steps": {"policy": StepScaling(20, (Step(1, 0, 40), Step(3, 40, None))), "boot": 0, "warmup": "2 min"},
    "constant": {"policy": "none", "minimum": 3},
    "two shops": {"orders": 8_000, "over": "10 s", "work": "10 ms", "minimum": 5, "latency": "5 ms"},
    "many who listen": {
        "orders": 300,
        "over": "20 min",
        "minimum": 25,
        "maximum": 40,
        "wait": "3 s",
        "latency": "500 ms",
    },
    "faults": {"faults": BAD_LUCK, "minimum": 2},
}


def compare(**options):
    fleet = fleet_of(**options)
    on_the_rules, with_boto3 = history_of_a_fleet(fleet), history_of_a_lab(fleet)
    assert len(on_the_rules) >= 3 * fleet.options.orders
    for mine, theirs in zip(on_the_rules, with_boto3, strict=False):
        assert mine == theirs
    assert len(on_the_rules) == len(with_boto3)


@pytest.mark.parametrize("story", SHORT)
def test_a_fleet_and_a_lab_with_actors_have_the_same_history(story):
    compare(**SHORT[story])


@pytest.mark.slow
@pytest.mark.parametrize("story", LONG)
def test_the_histories_are_the_same_over_thousands_of_changes(story):
    compare(**LONG[story])


def test_another_seed_or_one_millisecond_more_is_another_history():
    """The comparison can fail."""
    story = SHORT["target tracking"]
    before = history_of_a_fleet(fleet_of(**story))
    assert history_of_a_fleet(fleet_of(**story)) == before
    assert history_of_a_fleet(fleet_of(**story, seed=8)) != before
    assert history_of_a_fleet(fleet_of(**story, latency="11 ms")) != before
