"""Looking never changes what happened, and one change elsewhere changes nothing else."""

import dataclasses

from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.rules import Faults, Refused
from tests.rules.queues import at, queue

TURBULENT = Faults(duplicate=0.2, undelete=0.2, reorder=0.3, sample=0.3)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["send", "send late", "receive", "receive briefly", "delete", "extend", "give back", "purge"]),
        st.integers(0, 60),
        st.integers(0, 5),
    ),
    max_size=40,
)
LOOKS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 60)), max_size=10)


def story(steps, looks=(), faults=TURBULENT, **more):
    """Act the steps; `looks` are calls that only look, each some seconds after a step. Returns what happened."""
    dead = queue(name="dead-orders", seed=7, message_retention_period=300)
    orders = queue(faults=faults, message_retention_period=120, max_receive_count=4, dead_letter_queue=dead, **more)
    changes, receipts, second = [], [], 0
    for place, (step, seconds, choice) in enumerate(steps):
        for _, wait in sorted(look for look in looks if look[0] == place):
            changes += look_at(orders, dead, at(second + min(wait, seconds)))
        second += seconds
        changes += act(orders, step, choice, at(second), receipts)
    return happened(changes + orders.settle(at(10_000)) + dead.settle(at(10_000)))


def look_at(orders, dead, now):
    changes = []
    for one in (orders, dead):
        changes += one.counts(now)[1]
        one.next_event(now)
        one.next_visible(now)
        one.stored()
    return changes


def act(orders, step, choice, now, receipts):
    if step.startswith("send"):
        return orders.send("order", now, delay=20 if step == "send late" else None).changes
    if step.startswith("receive"):
        got = orders.receive(now, 3, 10 if step == "receive briefly" else None, long_poll=choice > 2)
        receipts += [message.receipt for message in got.messages]
        return got.changes
    try:
        if step == "purge":
            return orders.purge(now)
        receipt = receipts[choice % len(receipts)]
        if step == "delete":
            return orders.delete(receipt, now).changes
        return orders.change_visibility(receipt, 0 if step == "give back" else 40, now).changes
    except (Refused, ZeroDivisionError):
        return []


def happened(changes):
    """What each queue recorded, in order."""
    told = {}
    for one in changes:
        told.setdefault(one.queue, []).append(
            (one.at, one.message.id, one.before, one.after, one.cause, one.seconds, one.other, one.receives)
        )
    return told


@settings(derandomize=True, max_examples=60, deadline=None)
@given(steps=STEPS, looks=LOOKS)
def test_looking_in_between_changes_nothing_of_what_happened(steps, looks):
    assert story(steps, looks) == story(steps)


def plain(**settings):
    """Send, receive, let lapse and delete fifty orders; returns the ids and what chance did to each."""
    orders = queue(**({"faults": TURBULENT} | settings))
    ids = [orders.send(f"order-{one}", at(0)).message.id for one in range(50)]
    return orders, ids


def throws(orders):
    return [orders.receive(at(0), 10, long_poll=True).messages for _ in range(5)]


def test_a_read_only_call_more_changes_no_id_and_no_throw():
    quiet, ids = plain()
    looked_at, same_ids = plain()
    for _ in range(20):
        looked_at.counts(at(0))
        looked_at.next_event(at(0))
        looked_at.stored()
    assert ids == same_ids
    assert [[m.id for m in batch] for batch in throws(quiet)] == [[m.id for m in batch] for batch in throws(looked_at)]


def test_a_changed_visibility_timeout_changes_no_id_and_no_throw():
    slow, ids = plain(visibility_timeout=600)
    fast, same_ids = plain(visibility_timeout=5)
    assert ids == same_ids
    assert [[m.id for m in batch] for batch in throws(slow)] == [[m.id for m in batch] for batch in throws(fast)]


def test_one_fault_more_does_not_touch_the_throws_of_another():
    def duplicated(faults):
        orders, _ = plain(faults=faults)
        changes = [change for _ in range(5) for change in orders.receive(at(0), 10, long_poll=True).changes]
        first = [change for change in changes if change.receives == 1]
        return {change.message.id for change in first if change.after == "visible"}

    alone = Faults(duplicate=0.3)
    assert duplicated(alone)
    assert duplicated(alone) == duplicated(dataclasses.replace(alone, undelete=0.3, lost_response=0.3))


def test_a_call_of_one_sender_changes_no_id_of_another():
    alone, crowded = queue(), queue()
    ids = [alone.send("order", at(0), by="web shop").message.id for _ in range(3)]
    same = []
    for _ in range(3):
        crowded.send("order", at(0), by="phone")
        same.append(crowded.send("order", at(0), by="web shop").message.id)
    assert ids == same


def test_ids_differ_by_queue_sender_seed_and_number():
    made = {
        queue(name=name, seed=seed).send("order", at(0), by=by).message.id
        for name in ("orders", "payments")
        for seed in (1, 2)
        for by in ("web shop", "phone")
    }
    assert len(made) == 8
