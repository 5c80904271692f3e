"""What a scaling policy asks for: AWS's own examples, warm-up, limits, cooldown."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from labkit.ledger import quota
from labkit.rules.message import SECOND
from labkit.rules.scaling import (
    EXACT,
    PERCENT,
    SCALE_IN_PERIODS,
    SCALE_OUT_PERIODS,
    Group,
    SimpleScaling,
    Step,
    StepScaling,
    TargetTracking,
    adjusted,
)

HUNDRED = TargetTracking(target=100)


def group(desired, *, minimum=1, maximum=50, in_service=None, warming=0):
    """A group of this desired capacity, all of it in service and warm unless said otherwise."""
    return Group(minimum, maximum, desired, desired if in_service is None else in_service, warming)


def tracked(value, of, periods=SCALE_OUT_PERIODS):
    """What target tracking at 100 messages per instance asks for after so many periods of this value."""
    return HUNDRED.desired([value] * periods, of)


def test_the_example_of_aws_150_messages_per_instance_at_a_target_of_100_adds_5_to_10():
    """1,500 messages, 10 instances, 0.1 s each, 10 s are acceptable: the target is 100, so 15 instances are needed."""
    assert tracked(1_500 / 10, group(10)) == 15


def test_target_tracking_waits_for_as_many_values_as_its_alarms_want():
    assert tracked(150, group(10), periods=SCALE_OUT_PERIODS - 1) == 10
    assert HUNDRED.desired([None, 150, 150], group(10)) == 10
    assert HUNDRED.desired([150, None, 150, 150], group(10)) == 15
    assert HUNDRED.desired([150, 150, 150, None], group(10)) == 15
    assert tracked(50, group(10), periods=SCALE_IN_PERIODS - 1) == 10
    assert tracked(50, group(10), periods=SCALE_IN_PERIODS) == 5


def test_target_tracking_leaves_a_metric_just_below_its_target_alone():
    assert tracked(91, group(10), SCALE_IN_PERIODS) == 10
    assert tracked(89, group(100, maximum=200), SCALE_IN_PERIODS) == 89
    assert TargetTracking(100, scale_in=False).desired([0] * 60, group(10)) == 10


def test_the_limits_of_the_group_hold():
    assert tracked(5_000, group(10)) == 50
    assert tracked(0, group(10, minimum=2), SCALE_IN_PERIODS) == 2


def test_instances_that_warm_up_are_not_asked_for_twice_and_block_scaling_in():
    assert tracked(150, group(15, in_service=10, warming=5)) == 15
    assert tracked(180, group(15, in_service=10, warming=5)) == 18
    assert tracked(10, group(15, warming=1), SCALE_IN_PERIODS) == 15


@pytest.mark.parametrize(
    ("value", "desired"), [(49, 10), (50, 10), (59.9, 10), (60, 11), (69, 11), (70, 13), (900, 13)]
)
def test_a_step_is_chosen_by_the_size_of_the_breach(value, desired):
    """AWS's example: above a threshold of 50, nothing below 60, 10 percent from 60, 30 percent from 70."""
    steps = (Step(0, 0, 10), Step(10, 10, 20), Step(30, 20, None))
    assert StepScaling(50, steps, kind=PERCENT).desired(value, group(10)) == desired


def test_steps_below_the_threshold_hold_their_upper_bound():
    policy = StepScaling(40, (Step(-1, -10, 0), Step(-3, None, -10)), above=False)
    assert [policy.desired(value, group(10)) for value in (41, 40, 31, 30, 0)] == [10, 9, 9, 7, 7]


def test_several_breaches_of_one_step_are_one_activity():
    policy = StepScaling(50, (Step(2, 0, 10), Step(5, 10, None)))
    assert policy.desired(55, group(10)) == 12
    assert policy.desired(55, group(12, in_service=10, warming=2)) == 12
    assert policy.desired(65, group(12, in_service=10, warming=2)) == 15


@pytest.mark.parametrize(
    ("amount", "kind", "magnitude", "after"),
    [
        (3, EXACT, 0, 3),
        (25, PERCENT, 2, 6),
        (10, PERCENT, 0, 5),
        (-10, PERCENT, 0, 3),
        (190, PERCENT, 0, 11),
        (0, PERCENT, 0, 4),
    ],
)
def test_adjustments_of_four_instances(amount, kind, magnitude, after):
    """25 percent of 4 is 1, and a MinAdjustmentMagnitude of 2 makes it 2; other percentages round towards zero."""
    assert adjusted(4, amount, kind, magnitude) == after


def test_simple_scaling_waits_for_its_cooldown():
    policy, cooldown = SimpleScaling(2), quota("autoscaling.cooldown.default")
    assert policy.desired(group(4), 0, None) == 6
    assert policy.desired(group(6), cooldown * SECOND - 1, 0) == 6
    assert policy.desired(group(6), cooldown * SECOND, 0) == 8
    assert SimpleScaling(-9).desired(group(4, minimum=2), 0, None) == 2


@given(
    backlog=some.integers(0, 10**7),
    in_service=some.integers(1, 300),
    target=some.integers(1, 10_000),
    warming=some.integers(0, 20),
)
def test_what_target_tracking_asks_for_brings_the_metric_to_its_target(backlog, in_service, target, warming):
    """With the new capacity the backlog per instance is at most the target, unless the maximum is in the way."""
    before = Group(1, 10**8, in_service + warming, in_service, warming)
    after = TargetTracking(target).desired([backlog / in_service] * SCALE_OUT_PERIODS, before)
    assert after >= before.desired
    assert backlog <= after * target or backlog / in_service <= target
    assert after == before.desired or backlog > (after - 1) * target
