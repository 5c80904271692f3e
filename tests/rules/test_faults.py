"""What AWS leaves to chance, each fault alone."""

import pytest

from labkit.rules import SECOND, Faults
from labkit.rules.faults import lateness
from tests.rules.queues import at, queue, receive

MANY = 400


def filled(faults, seed=7, number=MANY):
    orders = queue(faults=faults, seed=seed)
    for one in range(number):
        orders.send(f"order-{one}", at(0))
    return orders


def drained(orders, **more):
    got = []
    while batch := receive(orders, 0, long_poll=True, **more):
        got += batch
    return got


def test_without_faults_every_message_comes_once_and_in_order():
    assert drained(filled(Faults.none())) == [f"order-{one}" for one in range(MANY)]


def test_duplicate_hands_a_message_out_without_hiding_it_at_about_its_rate():
    orders = filled(Faults(duplicate=0.25))
    got = drained(orders)
    twice = len(got) - len(set(got))
    assert set(got) == {f"order-{one}" for one in range(MANY)}
    assert 0.2 < twice / len(got) < 0.3


def test_undelete_lets_a_deleted_message_come_back_at_about_its_rate():
    orders = filled(Faults(undelete=0.25))
    for message in [m for _ in range(MANY // 10) for m in orders.receive(at(0), 10).messages]:
        orders.delete(message.receipt, at(1))
    assert 0.2 < len(orders.stored()) / MANY < 0.3
    assert len(receive(orders, 31)) == 10


def test_an_undeleted_message_can_be_deleted_in_the_end():
    orders = filled(Faults(undelete=0.5), number=20)
    for second in range(0, 3_100, 31):
        for message in orders.receive(at(second), 10).messages:
            orders.delete(message.receipt, at(second))
    assert orders.stored() == []
    assert orders.totals["deleted"] == 20


def test_reorder_changes_the_order_and_loses_nothing():
    got = drained(filled(Faults(reorder=0.2)))
    assert got != sorted(got, key=lambda body: int(body[6:]))
    assert sorted(got) == sorted(f"order-{one}" for one in range(MANY))


def test_reorder_also_moves_messages_that_were_delayed():
    orders = queue(faults=Faults(reorder=0.5))
    for one in range(MANY):
        orders.send(f"order-{one}", at(0), delay=5)
    orders.settle(at(5))
    got = [body for _ in range(MANY // 10) for body in receive(orders, 5)]
    assert got != [f"order-{one}" for one in range(MANY)]


def test_a_short_poll_of_a_sample_may_miss_messages_and_a_long_poll_finds_all():
    orders = filled(Faults(sample=0.5), number=4)
    short = [len(receive(orders, 40 * turn)) for turn in range(10)]
    assert min(short) < 4
    assert len(receive(orders, 400, long_poll=True)) == 4


def test_repeated_short_polls_find_every_message():
    orders = filled(Faults(sample=0.9), number=20)
    got = []
    for _ in range(200):
        got += receive(orders, 0)
    assert sorted(got) == sorted(f"order-{one}" for one in range(20))


def test_another_seed_meets_other_faults():
    faults = Faults(duplicate=0.3, reorder=0.3)
    assert drained(filled(faults, seed=1)) == drained(filled(faults, seed=1))
    assert drained(filled(faults, seed=1)) != drained(filled(faults, seed=2))


def test_the_documented_faults_of_messages_and_calls_are_all_on():
    assert [name for name, rate in vars(Faults.documented()).items() if rate <= 0] == ["late_settings"]
    assert not any(vars(Faults.none()).values())


@pytest.mark.parametrize("rate", [-0.1, 1.1, "often", None])
def test_a_rate_outside_0_to_1_is_refused_in_one_sentence(rate):
    with pytest.raises(ValueError, match="give a rate from 0"):
        Faults(duplicate=rate)


def test_settings_are_late_at_about_their_rate_and_within_the_time_that_aws_gives_itself():
    for setting, longest in (("VisibilityTimeout", 60), ("MessageRetentionPeriod", 900)):
        found = [lateness(Faults(late_settings=0.25), setting, 7, "orders", nth) for nth in range(4 * MANY)]
        late = [one for one in found if one]
        assert 0.2 < len(late) / len(found) < 0.3
        assert longest * 0.9 * SECOND < max(late) <= longest * SECOND
        assert 0.4 < sum(late) / len(late) / (longest * SECOND) < 0.6


def test_everything_that_is_documented_about_messages_and_calls_leaves_settings_alone():
    assert lateness(Faults.documented(), "VisibilityTimeout", 7, "orders", 1) == 0
