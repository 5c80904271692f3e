"""A fleet does every order, tells what it did, and refuses bad options in a sentence."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from labkit import Faults, Fleet, LabError
from labkit.fleet import Options
from labkit.rules.scaling import TargetTracking
from tests.fleet.actors import fleet_of


@settings(deadline=None, max_examples=25, derandomize=True)
@given(
    orders=some.integers(1, 500),
    minimum=some.integers(1, 4),
    work=some.sampled_from(["10 ms", "1 s", "7 s"]),
    boot=some.sampled_from([0, 45, 400]),
    faults=some.sampled_from([Faults.none(), Faults(duplicate=0.2, undelete=0.1, sample=0.4, reorder=0.4)]),
)
def test_every_order_is_sent_and_done(orders, minimum, work, boot, faults):
    """Whatever the options: nothing is lost, and the number of instances stays within its limits."""
    fleet = fleet_of(orders=orders, minimum=minimum, work=work, boot=boot, faults=faults, visibility_timeout=120).run()
    assert fleet.queue.totals["sent"] == fleet.queue.totals["deleted"] == orders
    assert fleet.queue.stored() == []
    assert sum(fleet.waits.values()) == orders
    assert all(minimum <= one.desired <= 8 for one in fleet.minutes)
    assert all(one.in_service <= 8 for one in fleet.minutes)


def test_the_arrivals_are_all_orders_with_the_peak_in_the_middle():
    arrivals = Options(orders=72_000, over="2 h").arrivals()
    assert (len(arrivals), sum(arrivals)) == (7_200, 72_000)
    assert sum(arrivals[3_300:3_900]) > 3 * sum(arrivals[:600])
    assert abs(sum(arrivals[:3_600]) - 36_000) <= 1


def test_the_default_target_is_the_acceptable_wait_over_the_work_of_one_order():
    """The example of AWS: 10 s are acceptable, 0.1 s each, so 100 messages per instance."""
    assert Options(acceptable=10, work=0.1).scaling == TargetTracking(100)


def test_the_same_options_give_the_same_run_and_again_gives_one_that_has_not_run():
    one, other = fleet_of().run(), fleet_of().run()
    assert (one.minutes, one.waits, repr(one)) == (other.minutes, other.waits, repr(other))
    assert repr(one.again(orders=5)) == "<Fleet 5 orders, not run yet>"
    assert repr(one.run()) == repr(other)


def test_a_run_is_told_in_words():
    told = str(fleet_of().run()).splitlines()
    assert told[0] == (
        "400 orders in 10 min, 2 s of work each; 1 to 8 instances, target tracking at 30 messages per instance."
    )
    assert told[1].startswith("Done: 400 of 400 orders after ")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"orders": 0}, "orders=0: give a whole number from 1 on"),
        ({"orders": 1.5}, "orders=1.5"),
        ({"minimum": 0}, "1 <= minimum <= maximum"),
        ({"minimum": 3, "maximum": 2}, "1 <= minimum <= maximum"),
        ({"work": 0}, "work=0: give a length of more than zero"),
        ({"over": "soon"}, "cannot read 'soon' as a length of time"),
        ({"faults": "none"}, "Faults.none"),
        ({"faults": Faults.documented()}, "lost_response=0"),
        ({"policy": "twice"}, "TargetTracking"),
        ({"seed": "x"}, "seed='x'"),
        ({"order": 5}, "no option 'order'; it has orders, over"),
    ],
)
def test_a_bad_option_is_refused_in_a_sentence(options, sentence):
    with pytest.raises(LabError, match="(?s)" + sentence.replace("(", r"\(")):
        Fleet(**options)


def test_facts_of_a_fleet_that_has_not_run_say_what_to_do():
    with pytest.raises(LabError, match="has not run yet"):
        Fleet().facts()
