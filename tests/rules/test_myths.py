"""Every myth is one wrong rule: it differs from AWS's in a story, and from every other myth."""

from itertools import combinations

import pytest

from labkit.causes import Effect
from labkit.ledger import claims
from labkit.rules import Faults, FifoQueue, Refused, Settings, StandardQueue
from labkit.rules.myths import myth, myths
from tests.rules import dead_letter_stories
from tests.rules.queues import HOUR, at, bodies

MYTHS = sorted(myths().values())
STANDARD = [one for one in MYTHS if not issubclass(one.rules, FifoQueue)]
UNDELETE = Faults(undelete=1.0)
SAMPLED = Faults(sample=0.9)


def orders_of(kind, faults=None):
    return kind("orders", Settings(), seed=7, faults=faults or Faults.none())


def received(orders, seconds, **more):
    return bodies(orders.receive(at(seconds), 10, **more))


def left_alone(kind):
    """Received at 0 s and never deleted: who gets it at 20, 40 and 80 s?"""
    orders = orders_of(kind)
    orders.send("order-1", at(0))
    return [received(orders, seconds) for seconds in (0, 20, 40, 80)]


def extended(kind):
    """At 20 s set to 15 s: who gets it at 40 s and, received then, at 60 s?"""
    orders = orders_of(kind)
    orders.send("order-1", at(0))
    (message,) = orders.receive(at(0)).messages
    try:
        orders.change_visibility(message.receipt, 15, at(20))
    except Refused as refused:
        return refused.code
    return [received(orders, seconds) for seconds in (40, 60)]


def extended_all_day(kind):
    """Extended by 6 hours every 5 hours: at which hour does SQS refuse?"""
    orders = orders_of(kind)
    orders.send("order-1", at(0))
    (message,) = orders.receive(at(0), timeout=6 * HOUR).messages
    for hour in range(5, 50, 5):
        try:
            orders.change_visibility(message.receipt, 6 * HOUR, at(hour * HOUR))
        except Refused:
            return hour
    return None


def deleted_late(kind, first, seconds):
    """Two receives at 0 and 31 s; deleted with the first or second handle at this second: is it gone?"""
    orders = orders_of(kind)
    orders.send("order-1", at(0))
    (message,) = orders.receive(at(0)).messages
    old = message.receipt
    newer = [message.receipt for message in orders.receive(at(31)).messages]
    receipt = old if first or not newer else newer[0]
    return orders.delete(receipt, at(seconds)).effect, received(orders, seconds + 100)


def crashed(kind):
    """The consumer dies at 5 s: who gets the message at 6 s?"""
    orders = orders_of(kind)
    orders.send("order-1", at(0))
    orders.receive(at(0), by="worker A")
    orders.crash("worker A", at(5))
    return received(orders, 6)


def deleted_with_a_server_away(kind):
    orders = orders_of(kind, UNDELETE)
    orders.send("order-1", at(0))
    (message,) = orders.receive(at(0)).messages
    orders.delete(message.receipt, at(1))
    return received(orders, 40)


def asked_a_sample(kind):
    orders = orders_of(kind, SAMPLED)
    for number in range(8):
        orders.send(f"order-{number}", at(0))
    return len(received(orders, 1))


def two_tenants(kind):
    """Three messages of tenant A before two of tenant B, received one by one and not deleted."""
    orders = orders_of(kind)
    for group in "AAABB":
        orders.send(group, at(0), group=group)
    return [bodies(orders.receive(at(0))) for _ in range(4)]


def waited_for(kind):
    """When does a long poll that begins at 2 s find something: beside one message, and beside ten?"""
    orders = orders_of(kind)
    orders.send("order-1", at(1))
    one = orders.next_visible(at(2))
    for number in range(2, 11):
        orders.send(f"order-{number}", at(2))
    return one, orders.next_visible(at(2))


STORIES = {
    "two tenants": two_tenants,
    "left alone": left_alone,
    "extended": extended,
    "extended all day": extended_all_day,
    "an old handle while another holds it": lambda kind: deleted_late(kind, True, 32),
    "an old handle while nobody holds it": lambda kind: deleted_late(kind, True, 62),
    "the latest handle after its timeout": lambda kind: deleted_late(kind, False, 62),
    "crashed": crashed,
    "deleted with a server away": deleted_with_a_server_away,
    "asked a sample": asked_a_sample,
    **dead_letter_stories.STORIES,
    "waited for": waited_for,
}


def outcomes(kind):
    return {name: story(kind) for name, story in STORIES.items()}


@pytest.fixture(scope="module")
def worlds():
    """What happens in every story, by myth; "AWS" is the truth."""
    return {"AWS": outcomes(StandardQueue), **{one.id: outcomes(one.rules) for one in STANDARD}}


@pytest.mark.parametrize("one", MYTHS, ids=lambda one: one.id)
def test_a_myth_overrides_exactly_one_promise(one):
    methods = [name for name, value in vars(one.rules).items() if callable(value)]
    assert methods == [one.overridden]
    usual = FifoQueue if issubclass(one.rules, FifoQueue) else StandardQueue
    assert hasattr(usual, one.overridden)


@pytest.mark.parametrize("one", MYTHS, ids=lambda one: one.id)
def test_a_myth_is_told_in_a_sentence_and_contradicts_claims_of_the_ledger(one):
    assert one.belief.endswith(".")
    assert one.truth.endswith(".")
    assert one.claims
    assert set(one.claims) <= {claim.id for claim in claims()}


@pytest.mark.parametrize("one", STANDARD, ids=lambda one: one.id)
def test_a_myth_differs_from_aws_in_a_story(one, worlds):
    assert worlds[one.id] != worlds["AWS"]


@pytest.mark.parametrize(("one", "other"), list(combinations([one.id for one in STANDARD], 2)))
def test_two_myths_differ_in_a_story(one, other, worlds):
    assert worlds[one] != worlds[other]


def test_the_stories_end_on_aws_as_the_ledger_says(worlds):
    """A changed rule must not let the myths be compared with something else than the truth."""
    truth = worlds["AWS"]
    assert truth["left alone"] == [["order-1"], [], ["order-1"], ["order-1"]]
    assert truth["extended"] == [["order-1"], []]
    assert truth["extended all day"] == 10
    assert truth["an old handle while another holds it"][1] == ["order-1"]
    assert truth["the latest handle after its timeout"] == (Effect.DELETED, [])
    assert truth["crashed"] == []
    assert truth["looked at"] == ([1, 1, 0, 0], ["order-1"])
    assert truth["failed again and again"] == 2
    assert truth["failed and left alone"] == (["order-1"], [])
    assert truth["moved after a while"] == ([("order-1", 2)], [])
    assert truth["redriven"] == ([(False, at(3_600.002), 1)], [])
    assert truth["two tenants"] == [["A"], ["A"], ["A"], ["B"]]
    assert truth["waited for"] == (at(2), at(2))


def test_an_unknown_myth_is_answered_with_the_nearest():
    with pytest.raises(LookupError, match="did you mean receive-removes"):
        myth("receive-remove")
