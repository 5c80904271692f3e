"""Which instances a scale-in terminates."""

import pytest

from labkit.rules.message import SECOND
from labkit.rules.termination import Candidate, chosen

MINUTE = 60 * SECOND
NOW = 1_000 * MINUTE


def instance(id, minutes_old, **more):
    return Candidate(id, **({"zone": "a", "launched": NOW - minutes_old * MINUTE} | more))


def test_protected_instances_stay():
    there = [instance("i-1", 50, protected=True), instance("i-2", 5)]
    assert chosen(there, 2, NOW) == ["i-2"]


def test_the_zone_with_the_most_instances_comes_first():
    there = [instance("i-1", 50, zone="b"), instance("i-2", 5), instance("i-3", 4)]
    assert chosen(there, 1, NOW) == ["i-2"]


def test_a_zone_of_protected_instances_is_passed_over():
    there = [instance("i-1", 5, zone="b"), *(instance(f"i-{n}", 9, protected=True) for n in (2, 3))]
    assert chosen(there, 1, NOW) == ["i-1"]


@pytest.mark.parametrize(
    ("policy", "order"),
    [
        ("Default", ["i-4", "i-2", "i-3", "i-1"]),
        ("OldestInstance", ["i-1", "i-2", "i-3", "i-4"]),
        ("NewestInstance", ["i-4", "i-3", "i-2", "i-1"]),
        ("ClosestToNextInstanceHour", ["i-2", "i-3", "i-4", "i-1"]),
    ],
)
def test_the_order_is_that_of_the_policy(policy, order):
    there = [
        instance("i-1", 61, template=2),
        instance("i-2", 59, template=2),
        instance("i-3", 30, template=2),
        instance("i-4", 20, template=1),
    ]
    assert chosen(there, 4, NOW, policy) == order


def test_among_equals_chance_has_a_name():
    there = [instance(f"i-{number}", 5) for number in range(8)]
    assert chosen(there, 3, NOW, seed=1) == chosen(list(reversed(there)), 3, NOW, seed=1)
    assert len({tuple(chosen(there, 3, NOW, seed=seed)) for seed in range(5)}) > 1
