"""Fair queues: who is noisy, who is served first, and what the tenants' accounts cost."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule

from labkit.ledger import quota
from labkit.rules import Faults
from tests.rules.queues import at, queue, receive

LEAST = quota("sqs.fair.noisy_in_flight")
QUIET_AFTER = quota("sqs.fair.quiet_after")


def send(orders, seconds, *groups):
    """One message for each of these tenants, named after its tenant (None: without a group)."""
    for group in groups:
        orders.send(str(group), at(seconds), group=group)


def crowd(in_flight, waiting=5, seconds=0, **more):
    """A queue whose tenant A has so many messages in flight and some that wait, so far alone."""
    orders = queue(**more)
    send(orders, seconds, *["A"] * (in_flight + waiting))
    for _ in range(in_flight):
        orders.receive(at(seconds))
    return orders


def noisy_at(orders, seconds):
    """The noisy tenants of a queue at this second."""
    orders.settle(at(seconds))
    return list(orders._noisy_tenants(orders._tenants, at(seconds)).values())


def test_a_queue_with_groups_keeps_the_order_of_arrival_while_nobody_is_noisy():
    orders = queue()
    send(orders, 0, "A", "A", None, "B", "A", "C")
    assert receive(orders, 1) == ["A", "A", "None", "B", "A", "C"]


@pytest.mark.parametrize(("in_flight", "first"), [(LEAST - 1, "A"), (LEAST, "B")])
def test_thirty_in_flight_and_more_than_a_tenth_make_a_tenant_noisy(in_flight, first):
    orders = crowd(in_flight)
    send(orders, 1, "B", "B")
    assert receive(orders, 1, limit=2)[0] == first


@pytest.mark.parametrize(("others", "noisy"), [(9 * LEAST, 0), (9 * LEAST - 1, 1)])
def test_a_tenth_of_all_in_flight_is_not_more_than_a_tenth(others, noisy):
    """Of 300 in flight 30 are a tenth; of 299 they are more. Messages without a group count among all."""
    orders = crowd(LEAST)
    send(orders, 0, *(None if number % 2 else f"tenant {number}" for number in range(others)))
    for _ in range(others):
        assert receive(orders, 0, limit=1) != ["A"]
    assert len(noisy_at(orders, 0)) == noisy


def test_quiet_messages_come_first_and_the_noisy_ones_as_usual_after_them():
    orders = crowd(40, waiting=3)
    send(orders, 1, "B", None, "C", "A", "B")
    assert receive(orders, 1, limit=10) == ["B", "None", "C", "B", "A", "A", "A", "A"]


def test_of_several_noisy_tenants_the_one_with_the_fewest_in_flight_comes_first():
    orders = queue()
    send(orders, 0, *["A"] * 60, *["B"] * 60)
    taken = [receive(orders, 0, limit=1)[0] for _ in range(80)]
    assert taken[:LEAST] == ["A"] * LEAST
    assert taken[LEAST : 2 * LEAST] == ["B"] * LEAST
    assert (taken.count("A"), taken.count("B")) == (40, 40)
    assert receive(orders, 0, limit=4) == ["A"] * 4
    assert receive(orders, 0, limit=6) == ["B"] * 6


def test_the_share_of_the_processing_time_makes_a_tenant_noisy_with_few_in_flight():
    """A's messages take 60 s each, those of the others 1 s: A is noisy with one message in flight at a time."""
    orders = queue(visibility_timeout=600)
    send(orders, 0, "A", "B", "C")
    slow, *fast = orders.receive(at(0), 3).messages
    for message in fast:
        orders.delete(message.receipt, at(1))
    orders.delete(slow.receipt, at(60))
    send(orders, 60, "A", "B")
    assert [(one.name, one.visible, one.in_flight) for one in noisy_at(orders, 60)] == [("A", 1, 0)]
    assert receive(orders, 60) == ["B", "A"]


def test_old_processing_time_counts_less_and_less():
    orders = queue(visibility_timeout=600)
    send(orders, 0, "A")
    orders.delete(orders.receive(at(0)).messages[0].receipt, at(60))
    for second in range(60, 3_600, 60):
        send(orders, second, *(f"tenant {number}" for number in range(20)))
        for message in orders.receive(at(second), 20).messages:
            orders.delete(message.receipt, at(second + 2))
    send(orders, 3_600, "A", "B")
    assert receive(orders, 3_600) == ["A", "B"]


def test_a_tenant_that_sends_nothing_for_five_minutes_is_quiet_again():
    orders = crowd(40, visibility_timeout=43_200)
    send(orders, 1, "B")
    assert len(noisy_at(orders, QUIET_AFTER - 1)) == 1
    assert noisy_at(orders, QUIET_AFTER) == []
    assert receive(orders, QUIET_AFTER, limit=6) == ["A"] * 5 + ["B"]


def test_a_tenant_without_a_backlog_is_quiet():
    orders = crowd(40, waiting=1)
    assert len(noisy_at(orders, 0)) == 1
    orders.receive(at(0))
    assert noisy_at(orders, 0) == []


def test_a_noisy_tenant_has_an_account_of_its_own():
    orders = crowd(40, waiting=5)
    send(orders, 0, "B", None)
    orders.send("later", at(0), group="A", delay=60)
    orders.send("later", at(0), group="B", delay=60)
    (noisy,) = noisy_at(orders, 0)
    assert (noisy.name, noisy.visible, noisy.in_flight, noisy.delayed) == ("A", 5, 40, 1)
    assert orders.counts(at(0))[0] == {"visible": 7, "in flight": 40, "delayed": 2}


def test_messages_that_come_back_keep_their_tenant_and_its_account():
    orders = crowd(40, waiting=0)
    send(orders, 31, "B")
    assert orders.counts(at(31))[0] == {"visible": 41, "in flight": 0, "delayed": 0}
    tenants = orders._tenants.all()
    assert (tenants["A"].visible, tenants["A"].in_flight) == (40, 0)
    assert receive(orders, 31) == ["B"] + ["A"] * 9


def test_a_dead_letter_queue_is_fair_too_and_groups_stay():
    dead = queue(name="dead-orders")
    orders = queue(max_receive_count=1, dead_letter_queue=dead, visibility_timeout=1)
    send(orders, 0, "A", "B")
    receive(orders, 0)
    receive(orders, 2)
    assert [message.group for message in dead.stored()] == ["A", "B"]
    assert set(dead._tenants.all()) == {"A", "B"}


def test_a_purge_forgets_the_tenants():
    orders = crowd(40)
    orders.purge(at(1))
    send(orders, 2, "A", "B")
    assert receive(orders, 2) == ["A", "B"]


@pytest.mark.parametrize("faults", [Faults(sample=0.5), Faults(reorder=0.5), Faults.documented()])
def test_quiet_tenants_come_first_on_every_server(faults):
    """A long poll asks all servers: with a noisy tenant among eight servers the quiet ones still come first."""
    orders = queue(faults=Faults(sample=faults.sample, reorder=faults.reorder))
    send(orders, 0, *["A"] * 60)
    for _ in range(50):
        orders.receive(at(0), long_poll=True)
    send(orders, 1, "B", "C", "D")
    assert sorted(receive(orders, 1, limit=4, long_poll=True)) == ["A", "B", "C", "D"]


def longest_waits(arrivals, room, groups):
    """How long quiet messages wait, in seconds, beside a tenant that keeps a backlog of hundreds for its own.

    Consumers hold a message for ten seconds; there is `room` for so many messages at a time.
    """
    orders, held, waits = queue(visibility_timeout=600), [], []
    for second in range(300):
        send(orders, second, *["noisy" if groups else None] * 10)
        for _ in range(arrivals.count(second)):
            orders.send("quiet", at(second), group=f"quiet {second}" if groups else None)
        for _, message in [one for one in held if one[0] + 10 <= second]:
            orders.delete(message.receipt, at(second))
        held = [one for one in held if one[0] + 10 > second]
        got = orders.receive(at(second), room - len(held)).messages if len(held) < room else []
        held += [(second, message) for message in got]
        waits += [second - message.sent // at(1) for message in got if message.body == "quiet"]
    return waits


@settings(derandomize=True, deadline=None, max_examples=20)
@given(arrivals=some.lists(some.integers(40, 250), min_size=1, max_size=30), room=some.integers(35, 60))
def test_a_backlog_of_any_length_delays_a_quiet_message_by_less_than_one_round(arrivals, room):
    """All that others may cost a quiet tenant is the ten seconds that the messages before its own are worked on."""
    waits = longest_waits(arrivals, room, groups=True)
    assert len(waits) == len(arrivals)
    assert max(waits) <= 10


def test_without_groups_the_same_message_waits_behind_the_backlog():
    """The bound above can fail: the same load, no groups, and the quiet message is not received at all."""
    assert max(longest_waits([200], 40, groups=True)) <= 10
    assert longest_waits([200], 40, groups=False) == [], "not even received after 100 seconds"


class ManyTenants(RuleBasedStateMachine):
    """Random calls on a queue of a few tenants: nothing is lost, accounts are right, quiet tenants are never passed."""

    receipts = Bundle("receipts")

    def __init__(self):
        super().__init__()
        self.now = 0
        self.orders = queue(visibility_timeout=60, message_retention_period=900)

    @rule(seconds=some.integers(0, 200))
    def wait(self, seconds):
        self.now += at(seconds)

    @rule(
        group=some.sampled_from([None, "A", "B", "C"]), number=some.integers(1, 40), delay=some.sampled_from([0, 0, 30])
    )
    def send(self, group, number, delay):
        for _ in range(number):
            self.orders.send("order", self.now, group=group, delay=delay)

    @rule(target=receipts, limit=some.integers(1, 40), timeout=some.sampled_from([None, 0, 5, 300]))
    def receive(self, limit, timeout):
        self.orders.settle(self.now)
        noisy = noisy_by_definition(self.orders, self.now)
        waiting = [one for one in self.orders.stored() if one.state == "visible"]
        quiet = sorted((one.place, one.number) for one in waiting if one.group not in noisy)
        got = self.orders.receive(self.now, limit, timeout).messages
        assert len(got) == min(limit, len(waiting))
        if timeout != 0:
            assert [(one.place, one.number) for one in got][: len(quiet)] == quiet[:limit]
        return multiple(*(message.receipt for message in got))

    @rule(receipt=receipts)
    def delete(self, receipt):
        self.orders.delete(receipt, self.now)

    @rule()
    def purge(self):
        if self.now > at(3_000):
            self.orders.purge(self.now)
            self.now += at(60)

    @invariant()
    def accounts_are_those_of_the_stored_messages(self):
        self.orders.settle(self.now)
        stored = self.orders.stored()
        tenants = {} if self.orders._tenants is None else self.orders._tenants.all()
        for name, tenant in tenants.items():
            states = [message.state for message in stored if message.group == name]
            counted = {"visible": tenant.visible, "in flight": tenant.in_flight, "delayed": tenant.delayed}
            assert counted == {state: states.count(state) for state in counted}
        assert {message.group for message in stored} - {None} <= set(tenants)


def noisy_by_definition(orders, now):
    """The noisy tenants, counted out over all messages; the time's shares are the queue's own."""
    if orders._tenants is None:
        return set()
    tenants, in_flight = orders._tenants, [one for one in orders.stored() if one.state == "in flight"]
    found = set()
    for name, one in tenants.all().items():
        own = sum(message.group == name for message in in_flight)
        crowds = own >= LEAST and own * 10 > len(in_flight)
        slow = one.time.value(now) * 10 > tenants._time.value(now)
        waits = any(message.group == name and message.state == "visible" for message in orders.stored())
        if (crowds or slow) and waits and now < one.sent + at(QUIET_AFTER):
            found.add(name)
    return found


ManyTenants.TestCase.settings = settings(derandomize=True, max_examples=60, stateful_step_count=30, deadline=None)
test_any_calls = ManyTenants.TestCase
